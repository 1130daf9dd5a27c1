//! RFC 6121 §2, the contact list: get, set, remove, pushes and versions (§2.6).
//!
//! Names and groups are limited in length, the number of contacts by the configuration.

use crate::contacts::{self, state::State};
use magpie_core::{
    Account, Answer, Claim, Ctx, Effects, Feature, Flow, Iq, IqResult, Session, Spec, To,
    feature::BoxFuture, session::Wish,
};
use magpie_store::{
    Error as StoreError,
    roster::{Item, Subscription},
};
use magpie_xmpp::{Element, Jid, Stanza, StanzaError, ns, stanza::IqType};
use std::{collections::HashSet, sync::Arc};

/// Bytes the name of a contact or of a group may have: as many as a part of an address.
const LONGEST_NAME: usize = 1023;
/// Groups one contact may be in.
const MOST_GROUPS: usize = 100;

/// See the file.
pub struct Roster;

impl Feature for Roster {
    fn spec(&self) -> Spec {
        const QUERY: Claim = Claim {
            ns: ns::ROSTER,
            name: "query",
            get: true,
            set: true,
            to: &[To::Own],
        };
        Spec {
            claims: &[QUERY],
            ..Spec::default()
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            if iq.set {
                set(cx, &iq).await
            } else {
                get(cx, &iq).await
            }
        })
    }

    /// Nobody reads or changes another's roster, and no client gets a push that is not the server's. The answer does not
    /// depend on whether the other exists (RFC 6121 §2.3.3).
    fn iq_out(&self, _cx: &Ctx, _from: &Arc<Session>, iq: &mut Stanza, _fx: &mut Effects) -> Flow {
        let request = matches!(iq.iq_type(), Some(IqType::Get | IqType::Set));
        if request && iq.has("query", ns::ROSTER) {
            return Flow::Reject(StanzaError::forbidden());
        }
        Flow::Go
    }

    fn stream_features(&self, _cx: &Ctx, authenticated: bool, out: &mut Vec<Element>) {
        if authenticated {
            out.push(Element::new(ns::ROSTERVER, "ver"));
        }
    }
}

async fn get(cx: &Ctx, iq: &Iq<'_>) -> IqResult {
    let account = &iq.session.account;
    let mut answer = Answer::empty();
    answer.effects.hold([account.turn().await]);
    iq.session.set_wish(Wish::Roster, true);
    let version = account.roster(|r| r.version());
    let known = iq.payload.get("ver").and_then(|v| v.parse().ok());
    match known {
        Some(known) if (1..=version).contains(&known) => {
            answer.then = changes(cx, iq.session, known, version).await?;
        }
        _ => answer.payload = Some(whole(account)),
    }
    Ok(answer)
}

fn whole(account: &Account) -> Element {
    let (mut items, version) = account.roster(|r| {
        let contacts = r.items().filter(|i| i.name.is_some());
        (contacts.cloned().collect::<Vec<Item>>(), r.version())
    });
    items.sort_unstable_by(|a, b| a.jid.cmp(&b.jid));
    Element::new(ns::ROSTER, "query")
        .attr("ver", version.to_string())
        .children_from(items.iter().map(contacts::to_element))
}

/// What changed after the version that the client knows, as pushes behind the empty result (RFC 6121 §2.6.3).
async fn changes(
    cx: &Ctx,
    session: &Session,
    known: i64,
    version: i64,
) -> Result<Vec<Stanza>, StanzaError> {
    if known == version {
        return Ok(Vec::new());
    }
    // Nobody changes the roster while its turn is ours, and what was changed before is in the store after this.
    cx.drain().await;
    let mut items = cx
        .store
        .roster_since(session.account.id, known)
        .await
        .map_err(unread)?;
    items.retain(|i| i.name.is_some() || i.subscription == Subscription::Remove);
    let to = |item| contacts::push(item).with_to(session.jid.clone());
    Ok(items.iter().map(to).collect())
}

fn unread(error: StoreError) -> StanzaError {
    tracing::warn!(%error, "could not read a roster");
    StanzaError::internal_server_error().with_text("the contacts cannot be read; try again later")
}

async fn set(cx: &Ctx, iq: &Iq<'_>) -> IqResult {
    let mut items = iq.payload.children().filter(|c| c.is("item", ns::ROSTER));
    let (Some(asked), None) = (items.next(), items.next()) else {
        return Err(StanzaError::bad_request().with_text("exactly one item is set at a time"));
    };
    let account = &iq.session.account;
    let jid = contact(account, asked)?;
    if asked.get("subscription") == Some("remove") {
        return remove(cx, account, &jid).await;
    }
    let (name, groups) = (name(asked)?, groups(asked)?);
    let mut fx = Effects::new();
    fx.hold([account.turn().await]);
    let mut item = contacts::item(account, &jid);
    if item.name.is_none() && contacts::is_full(cx, account) {
        return Err(StanzaError::resource_constraint().with_text("there are too many contacts"));
    }
    (item.name, item.groups) = (Some(name), groups);
    contacts::set(account, item, &mut fx);
    Ok(Answer::after(fx))
}

/// The address of the item a client sets.
fn contact(account: &Account, item: &Element) -> Result<Jid, StanzaError> {
    let text = item
        .get("jid")
        .ok_or_else(|| StanzaError::bad_request().with_text("the item has no jid"))?;
    let jid = Jid::new(text)
        .map_err(|_| StanzaError::jid_malformed())?
        .bare();
    if jid == account.jid {
        return Err(StanzaError::not_allowed().with_text("nobody is a contact of his own"));
    }
    Ok(jid)
}

fn name(item: &Element) -> Result<String, StanzaError> {
    let name = item.get("name").unwrap_or("");
    if name.len() > LONGEST_NAME {
        return Err(StanzaError::not_acceptable().with_text("the name is too long"));
    }
    Ok(name.to_owned())
}

fn groups(item: &Element) -> Result<Vec<String>, StanzaError> {
    let groups = item.children().filter(|c| c.is("group", ns::ROSTER));
    let groups: Vec<String> = groups.map(Element::text_content).collect();
    let mut seen = HashSet::new();
    if !groups.iter().all(|g| seen.insert(g)) {
        return Err(StanzaError::bad_request().with_text("a group is named twice"));
    }
    if groups
        .iter()
        .any(|g| g.is_empty() || g.len() > LONGEST_NAME)
    {
        return Err(StanzaError::not_acceptable().with_text("a group has no name, or one too long"));
    }
    if groups.len() > MOST_GROUPS {
        return Err(StanzaError::not_acceptable().with_text("there are too many groups"));
    }
    Ok(groups)
}

/// RFC 6121 §2.5: the subscriptions both ways end, and the contact learns it.
async fn remove(cx: &Ctx, account: &Arc<Account>, jid: &Jid) -> IqResult {
    let contact = match cx.is_local(jid) {
        true => cx.accounts.get(jid).await.map_err(unread)?,
        false => None,
    };
    let mut fx = Effects::new();
    fx.hold(Account::turns(account, contact.as_ref().unwrap_or(account)).await);
    if account.roster(|r| r.contact(jid).is_none()) {
        return Err(StanzaError::item_not_found());
    }
    if let (Some(old), Some(contact)) = (contacts::take(account, jid, &mut fx), &contact) {
        contacts::part(cx, account, contact, State::of(&old), &mut fx);
    }
    Ok(Answer::after(fx))
}

#[cfg(test)]
mod tests;
