//! XEP-0191 Blocking Command 1.3: whom an account does not want to hear from, nor write to.
//!
//! Blocking is polite: subscriptions stand, and to the blocked the account looks offline, or as if it did not exist. What a
//! blocked contact takes back (`unsubscribe`, `unsubscribed`) still changes the list, unheard.

use magpie_core::{
    Account, Answer, Claim, Ctx, Effect, Effects, Feature, Flow, Iq, IqResult, Reach, Session,
    Spec, Target, To, Xep, account::blocked_by, effect::Otherwise, feature::BoxFuture,
    roster::Roster, router, session::Wish,
};
use magpie_store::blocks;
use magpie_xmpp::{Element, Jid, Stanza, StanzaError, error::ErrorKind, ns, stanza::PresenceType};
use std::sync::Arc;

/// See the file.
pub struct Blocking;

impl Feature for Blocking {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 191,
            name: "Blocking Command",
            version: "1.3",
            left_out: "",
        };
        const fn claim(name: &'static str, set: bool) -> Claim {
            Claim {
                ns: ns::BLOCKING,
                name,
                get: !set,
                set,
                to: &[To::Own],
            }
        }
        const CLAIMS: &[Claim] = &[
            claim("blocklist", false),
            claim("block", true),
            claim("unblock", true),
        ];
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::BLOCKING],
            claims: CLAIMS,
            ..Spec::default()
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            let account = &iq.session.account;
            let mut fx = Effects::new();
            fx.hold([account.turn().await]);
            let mut payload = None;
            match iq.payload.name() {
                "blocklist" => {
                    iq.session.set_wish(Wish::BlockList, true);
                    payload = Some(element("blocklist", &account.block_list()));
                }
                "block" => block(cx, account, &rules(account, iq.payload)?, &mut fx)?,
                _ => unblock(cx, account, &rules(account, iq.payload)?, &mut fx),
            }
            Ok(Answer {
                payload,
                effects: fx,
                ..Answer::default()
            })
        })
    }

    fn message_out(&self, _: &Ctx, from: &Arc<Session>, m: &mut Stanza, _: &mut Effects) -> Flow {
        outbound(from, m)
    }

    fn presence_out(&self, _: &Ctx, from: &Arc<Session>, p: &mut Stanza, _: &mut Effects) -> Flow {
        outbound(from, p)
    }

    fn iq_out(&self, _: &Ctx, from: &Arc<Session>, iq: &mut Stanza, _: &mut Effects) -> Flow {
        outbound(from, iq)
    }

    fn message_in(&self, _: &Ctx, to: &Arc<Account>, m: &mut Stanza, _: &mut Effects) -> Flow {
        if hears(to, m) {
            Flow::Go
        } else {
            router::unheard(m)
        }
    }

    fn presence_in(&self, _: &Ctx, to: &Arc<Account>, p: &mut Stanza, _: &mut Effects) -> Flow {
        let takes_back = matches!(
            p.presence_type(),
            Ok(PresenceType::Unsubscribe | PresenceType::Unsubscribed)
        );
        if takes_back || hears(to, p) {
            Flow::Go
        } else {
            Flow::Stop
        }
    }

    fn iq_in(&self, _: &Ctx, to: &Arc<Account>, iq: &mut Stanza, _: &mut Effects) -> Flow {
        if hears(to, iq) {
            return Flow::Go;
        }
        Flow::Reject(StanzaError::service_unavailable())
    }
}

fn hears(account: &Account, stanza: &Stanza) -> bool {
    !stanza
        .from
        .as_ref()
        .is_some_and(|from| account.blocks(from))
}

/// Nothing goes to whom the sender blocks.
fn outbound(from: &Session, stanza: &Stanza) -> Flow {
    if !stanza.to.as_ref().is_some_and(|to| from.account.blocks(to)) {
        return Flow::Go;
    }
    let blocked = Element::new(ns::BLOCKING_ERRORS, "blocked");
    let error = StanzaError::not_acceptable().with_kind(ErrorKind::Cancel);
    Flow::Reject(error.with_extra(blocked))
}

/// The addresses of a command.
fn rules(account: &Account, command: &Element) -> Result<Vec<Jid>, StanzaError> {
    let items = command.children().filter(|c| c.is("item", ns::BLOCKING));
    let mut rules = Vec::new();
    for item in items {
        let text = item
            .get("jid")
            .ok_or_else(|| StanzaError::bad_request().with_text("an item has no jid"))?;
        let rule = Jid::new(text).map_err(|_| StanzaError::jid_malformed())?;
        if rule.bare_str() == account.jid.as_str() {
            return Err(StanzaError::not_allowed().with_text("nobody blocks his own devices"));
        }
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    Ok(rules)
}

fn element(name: &'static str, rules: &[Jid]) -> Element {
    let item = |jid: &Jid| Element::new(ns::BLOCKING, "item").attr("jid", jid.as_str());
    Element::new(ns::BLOCKING, name).children_from(rules.iter().map(item))
}

fn push(account: &Arc<Account>, command: Element, fx: &mut Effects) {
    let push = Stanza::iq("set").with_id("block-list").with_child(command);
    fx.deliver(Target::Account(account.clone(), Reach::BlockList), push);
}

fn block(
    cx: &Ctx,
    account: &Arc<Account>,
    rules: &[Jid],
    fx: &mut Effects,
) -> Result<(), StanzaError> {
    if rules.is_empty() {
        return Err(StanzaError::bad_request().with_text("whom?"));
    }
    let mut list = account.block_list();
    let new: Vec<&Jid> = rules.iter().filter(|r| !list.contains(r)).collect();
    if list.len() + new.len() > cx.config.blocked_addresses {
        return Err(StanzaError::resource_constraint().with_text("the block list is full"));
    }
    for (to, address) in readers(cx, account, rules, Roster::shares_with) {
        if !account.blocks(&address) {
            fx.push(Effect::Withdraw {
                account: account.clone(),
                to,
                address,
            });
        }
    }
    take_back_directed(cx, account, rules, fx);
    for rule in new {
        fx.store(blocks::add(account.id, rule));
        list.push(rule.clone());
    }
    account.change_blocks(|l| *l = list);
    fx.changed(account);
    push(account, element("block", rules), fx);
    Ok(())
}

/// Whoever had a device's directed presence and is blocked now sees it go.
fn take_back_directed(cx: &Ctx, account: &Account, rules: &[Jid], fx: &mut Effects) {
    account.each_session(|session| {
        for jid in session.take_directed(|j| rules.iter().any(|r| blocked_by(r, j))) {
            let gone = Stanza::presence().with_type("unavailable");
            if let Some(target) = target(cx, &jid) {
                fx.deliver(target, gone.with_from(session.jid.clone()).with_to(jid));
            }
        }
    });
}

/// No rules: all go.
fn unblock(cx: &Ctx, account: &Arc<Account>, rules: &[Jid], fx: &mut Effects) {
    let all = account.block_list();
    let goes = |r: &Jid| rules.is_empty() || rules.contains(r);
    let (gone, kept): (Vec<Jid>, Vec<Jid>) = all.into_iter().partition(goes);
    account.change_blocks(|l| *l = kept);
    fx.changed(account);
    match rules {
        [] => fx.store(blocks::clear(account.id)),
        _ => gone
            .iter()
            .for_each(|rule| fx.store(blocks::remove(account.id, rule))),
    }
    push(account, element("unblock", rules), fx);
    for (to, address) in readers(cx, account, &gone, Roster::shares_with) {
        // Who is blocked by another rule still is: the probe looks.
        fx.push(Effect::Probe {
            contact: account.clone(),
            to,
            address,
        });
    }
    for (_, address) in readers(cx, account, &gone, Roster::sees) {
        if let Some(contact) = cx.accounts.cached(&address).filter(|_| address.is_bare()) {
            let to = Target::Account(account.clone(), Reach::Available);
            fx.push(Effect::Probe {
                contact,
                to,
                address: account.jid.clone(),
            });
        }
    }
}

/// The contacts that `rules` cover and of whom `which` says so: where presence to them goes, and its address. A rule with a
/// resource covers one device.
fn readers(
    cx: &Ctx,
    account: &Account,
    rules: &[Jid],
    which: fn(&Roster, &Jid) -> bool,
) -> Vec<(Target, Jid)> {
    let mut addresses: Vec<Jid> = account.roster(|r| {
        let covered = |jid: &Jid| {
            let rule = rules.iter().find(|rule| blocked_by(rule, jid));
            let device = rules.iter().find(|rule| rule.bare() == *jid);
            rule.map(|_| jid.clone()).or_else(|| device.cloned())
        };
        let contacts = r.items().map(|i| &i.jid).filter(|j| which(r, j));
        contacts.filter_map(covered).collect()
    });
    addresses.sort_unstable();
    let target = |jid: Jid| Some((target(cx, &jid)?, jid));
    addresses.into_iter().filter_map(target).collect()
}

/// Where presence to `jid` goes, if anybody there has a device.
fn target(cx: &Ctx, jid: &Jid) -> Option<Target> {
    let account = cx.accounts.cached(jid)?;
    Some(match jid.resource() {
        None => Target::Account(account, Reach::Available),
        Some(resource) => Target::Resource {
            account,
            resource: resource.into(),
            otherwise: Otherwise::Drop,
        },
    })
}

#[cfg(test)]
mod tests;
