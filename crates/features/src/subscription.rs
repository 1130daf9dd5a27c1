//! RFC 6121 §3, presence subscriptions: asking, approving, ending and denying them, and the pre-approval of §3.4.
//!
//! The rules are in `contacts::state`. A request waits with its contact until it is answered; `presence` hands it over at
//! each login. What is said to an account that does not exist changes the sender's list as if nobody answered.

use crate::contacts::{
    self,
    state::{State, Verb},
};
use magpie_core::{Account, Ctx, Effects, Feature, Flow, Session, Spec, feature::BoxFuture};
use magpie_store::Error as StoreError;
use magpie_xmpp::{Element, Jid, Stanza, StanzaError, ns};
use std::sync::Arc;

/// Bytes a request may have: it is kept in memory and in the store until it is answered.
const LONGEST_REQUEST: usize = 16 << 10;

/// See the file.
pub struct Subscription;

impl Feature for Subscription {
    fn spec(&self) -> Spec {
        Spec::default()
    }

    fn presence_out(
        &self,
        cx: &Ctx,
        from: &Arc<Session>,
        p: &mut Stanza,
        fx: &mut Effects,
    ) -> Flow {
        let Some(verb) = verb(p) else { return Flow::Go };
        let Some(contact) = p.to.as_ref().map(Jid::bare) else {
            return Flow::Reject(
                StanzaError::bad_request().with_text("a subscription is to somebody"),
            );
        };
        // Subscriptions are between accounts, whatever device was named (RFC 6121 §3.1.2).
        p.from = Some(from.account.jid.clone());
        p.to = Some(contact.clone());
        match send(cx, &from.account, &contact, verb, p, fx) {
            Ok(true) => Flow::Go,
            Ok(false) => Flow::Stop,
            Err(error) => Flow::Reject(error),
        }
    }

    fn presence_in(&self, cx: &Ctx, to: &Arc<Account>, p: &mut Stanza, fx: &mut Effects) -> Flow {
        let Some(verb) = verb(p) else { return Flow::Go };
        contacts::receive(cx, to, verb, p, fx);
        Flow::Stop
    }

    fn account_deleted<'a>(
        &'a self,
        cx: &'a Ctx,
        account: &'a Arc<Account>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(part_from_all(cx, account))
    }

    fn stream_features(&self, _cx: &Ctx, authenticated: bool, out: &mut Vec<Element>) {
        if authenticated {
            out.push(Element::new(ns::SUB_PREAPPROVAL, "sub"));
        }
    }
}

fn verb(p: &Stanza) -> Option<Verb> {
    p.presence_type().ok().and_then(Verb::of)
}

/// Carries out at `account` what it sends to `contact`; whether the contact is told.
fn send(
    cx: &Ctx,
    account: &Arc<Account>,
    contact: &Jid,
    verb: Verb,
    p: &Stanza,
    fx: &mut Effects,
) -> Result<bool, StanzaError> {
    if *contact == account.jid {
        return Err(StanzaError::not_allowed().with_text("everybody sees his own devices"));
    }
    if p.inner().len() > LONGEST_REQUEST {
        return Err(StanzaError::policy_violation().with_text("this is too long for a request"));
    }
    let mut item = contacts::item(account, contact);
    let before = State::of(&item);
    let (after, told) = before.send(verb);
    if after.is_relation() && item.name.is_none() && contacts::is_full(cx, account) {
        return Err(StanzaError::resource_constraint().with_text("there are too many contacts"));
    }
    if after != before {
        after.apply(&mut item);
        contacts::save(account, item, fx);
    }
    Ok(told)
}

/// One contact after the other, so that nobody waits for a long list. The account forgets whom it told: what its devices
/// say when they go is not for them any more.
async fn part_from_all(cx: &Ctx, account: &Arc<Account>) -> Result<(), StoreError> {
    let known: Vec<Jid> = account.roster(|r| r.items().map(|i| i.jid.clone()).collect());
    for jid in known.iter().filter(|j| cx.is_local(j)) {
        let Some(contact) = cx.accounts.get(jid).await? else {
            continue;
        };
        let mut fx = Effects::new();
        fx.hold(Account::turns(account, &contact).await);
        let state = State::of(&contacts::item(account, jid));
        contacts::part(cx, account, &contact, state, &mut fx);
        account.roster(|r| r.remove(jid));
        cx.commit(fx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
