//! XEP-0012 Last Activity 2.0: how long the server runs, and since when a contact is gone. What a device itself answers is
//! routed to it.
//!
//! Only who sees the account's presence is answered. Whoever does not gets `forbidden`, by his own contact list, so that the
//! answer is the same whether the account exists or not. An account is gone when its presence ends.

use magpie_core::{
    Account, Answer, Claim, Ctx, Effects, Entry, Feature, Flow, Iq, IqResult, Session, Spec, To,
    Xep, clock::now_ms, feature::BoxFuture,
};
use magpie_store::{Error as StoreError, accounts};
use magpie_xmpp::{
    Element, Stanza, StanzaError, ns,
    stanza::{IqType, PresenceType},
};
use std::sync::Arc;

/// Characters of a status that are kept.
const LONGEST_STATUS: usize = 500;

/// See the file. It acts before `presence`, which notes that a device is gone.
pub struct LastActivity;

impl Feature for LastActivity {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 12,
            name: "Last Activity",
            version: "2.0",
            left_out: "",
        };
        const QUERY: Claim = Claim {
            ns: ns::LAST,
            name: "query",
            get: true,
            set: false,
            to: &[To::Server, To::Own, To::Other],
        };
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::LAST],
            account_disco: &[ns::LAST],
            claims: &[QUERY],
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            let answer = match (iq.to, iq.account) {
                (To::Server, _) | (_, None) => query(cx.started.elapsed().as_secs()),
                (To::Own, Some(_)) => query(0),
                (To::Other, Some(account)) if account.roster(|r| r.shares_with(iq.from)) => {
                    let absence = absence(cx, account).await.map_err(unread)?;
                    absence.ok_or_else(StanzaError::forbidden)?
                }
                (To::Other, Some(_)) => return Err(StanzaError::forbidden()),
            };
            Ok(Answer::with(answer))
        })
    }

    fn iq_out(&self, _cx: &Ctx, from: &Arc<Session>, iq: &mut Stanza, _fx: &mut Effects) -> Flow {
        let asks = iq.iq_type() == Some(IqType::Get) && iq.has("query", ns::LAST);
        let may = |to| from.account.roster(|r| r.sees(to));
        match &iq.to {
            Some(to) if asks && to.bare_str() != from.account.jid.as_str() && !may(to) => {
                Flow::Reject(StanzaError::forbidden())
            }
            _ => Flow::Go,
        }
    }

    fn presence_out(&self, cx: &Ctx, from: &Arc<Session>, p: &mut Stanza, _: &mut Effects) -> Flow {
        if p.presence_type() == Ok(PresenceType::Unavailable) && p.to.is_none() {
            note(cx, from, p.text("status"));
        }
        Flow::Go
    }

    fn session_down(&self, cx: &Ctx, session: &Arc<Session>, _fx: &mut Effects) {
        note(cx, session, None);
    }
}

/// Notes that a device that was available is not any more. An entry of its own: who is gone is gone, also if this cannot be
/// stored.
fn note(cx: &Ctx, session: &Session, status: Option<String>) {
    if !session.is_announced() {
        return;
    }
    let status: Option<String> = status.map(|s| s.chars().take(LONGEST_STATUS).collect());
    let mut fx = Effects::new();
    fx.store(accounts::set_last(
        session.account.id,
        now_ms(),
        status.as_deref(),
    ));
    cx.submit(Entry::new(fx));
}

/// How long nobody of the account was there; no time at all if somebody is. `None`: its owner does not tell.
async fn absence(cx: &Ctx, account: &Account) -> Result<Option<Element>, StoreError> {
    if account.sessions().iter().any(|s| s.priority().is_some()) {
        return Ok(Some(query(0)));
    }
    if !account.privacy().last_seen {
        return Ok(None);
    }
    let row = cx
        .store
        .account(&account.jid)
        .await?
        .ok_or(StoreError::NotFound)?;
    let since = row.last_seen_ms.unwrap_or(row.created_ms);
    let seconds = now_ms().saturating_sub(since).max(0) as u64 / 1000;
    Ok(Some(
        query(seconds).text(row.last_status.unwrap_or_default()),
    ))
}

fn query(seconds: u64) -> Element {
    Element::new(ns::LAST, "query").attr("seconds", seconds.to_string())
}

fn unread(error: StoreError) -> StanzaError {
    tracing::warn!(%error, "could not read when an account was last here");
    StanzaError::internal_server_error()
}

#[cfg(test)]
mod tests;
