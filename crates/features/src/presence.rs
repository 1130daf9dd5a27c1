//! RFC 6121 §4, presence: who is told that a device is available, who is asked, and who learns that it is gone.
//!
//! A device that becomes available also gets the requests that wait for an answer (§3.1.3). Blocked addresses are left out
//! (XEP-0191).

use magpie_core::{
    Account, Ctx, Effect, Effects, Feature, Flow, Reach, Session, Spec, Target, effect::Otherwise,
    router,
};
use magpie_xmpp::{Jid, Stanza, StanzaError, ns, stanza::PresenceType};
use std::sync::Arc;

/// Addresses one device may direct its presence to: as many rooms may it be in.
const MOST_DIRECTED: usize = 1000;

/// See the file.
pub struct Presence;

impl Feature for Presence {
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
        let kind = p.presence_type();
        if kind == Ok(PresenceType::Available) && !has_good_priority(p) {
            let text = "a priority is one whole number from -128 to 127";
            return Flow::Reject(StanzaError::bad_request().with_text(text));
        }
        match (kind, &p.to) {
            (Ok(PresenceType::Available), None) => available(cx, from, p, fx),
            (Ok(PresenceType::Unavailable), None) => unavailable(cx, from, p, fx),
            (Ok(PresenceType::Available | PresenceType::Unavailable), Some(to)) => {
                return direct(from, to, p.type_.is_none());
            }
            (Ok(PresenceType::Error), None) => return Flow::Stop,
            (_, None) => {
                return Flow::Reject(StanzaError::bad_request().with_text("whom does this ask?"));
            }
            (_, Some(_)) => {}
        }
        Flow::Go
    }

    fn presence_in(&self, cx: &Ctx, to: &Arc<Account>, p: &mut Stanza, fx: &mut Effects) -> Flow {
        if p.presence_type() != Ok(PresenceType::Probe) {
            return Flow::Go;
        }
        if let Some(asker) = p.from.clone()
            && let Some(target) = resource(cx, &asker)
        {
            if to.jid.as_str() == asker.bare_str() || to.roster(|r| r.shares_with(&asker)) {
                fx.push(Effect::Probe {
                    contact: to.clone(),
                    to: target,
                    address: asker,
                });
            } else {
                fx.deliver(target, router::no_presence(p));
            }
        }
        Flow::Stop
    }

    fn session_down(&self, cx: &Ctx, session: &Arc<Session>, fx: &mut Effects) {
        let was_available = session.retire();
        let gone = Stanza::presence()
            .with_type("unavailable")
            .with_from(session.jid.clone());
        fx.push(Effect::Presence {
            session: session.clone(),
            presence: None,
        });
        if was_available {
            broadcast(cx, session, &gone, fx);
        }
        take_back(cx, session, &gone, was_available, fx);
    }
}

/// RFC 6121 §4.7.2.3: at most one, an integer from -128 to 127.
fn has_good_priority(p: &Stanza) -> bool {
    let mut priorities = p.elements().filter(|e| e.is("priority", ns::CLIENT));
    let good = |text: String| text.trim().parse::<i8>().is_ok();
    priorities.next().is_none_or(|e| good(e.text_content())) && priorities.next().is_none()
}

/// Initial or subsequent presence (RFC 6121 §4.2, §4.4).
fn available(cx: &Ctx, session: &Arc<Session>, p: &Stanza, fx: &mut Effects) {
    let initial = !session.announce(true);
    if initial {
        // Before the device itself is available, so that it is not shown to itself twice.
        probe(&session.account, session, fx);
    }
    fx.push(Effect::Presence {
        session: session.clone(),
        presence: Some(p.clone()),
    });
    broadcast(cx, session, p, fx);
    if initial {
        probe_contacts(cx, session, fx);
        hand_over_requests(session, fx);
    }
}

/// A device that is available says something else from now on: its account's picture changed.
pub(crate) fn renew(cx: &Ctx, session: &Arc<Session>, p: &Stanza, fx: &mut Effects) {
    fx.push(Effect::Presence {
        session: session.clone(),
        presence: Some(p.clone()),
    });
    broadcast(cx, session, p, fx);
}

/// RFC 6121 §4.5: those who had broadcast or directed presence learn it, the device itself included.
fn unavailable(cx: &Ctx, session: &Arc<Session>, p: &Stanza, fx: &mut Effects) {
    let was_available = session.announce(false);
    if was_available {
        broadcast(cx, session, p, fx);
    }
    fx.push(Effect::Presence {
        session: session.clone(),
        presence: None,
    });
    take_back(cx, session, p, was_available, fx);
}

/// RFC 6121 §4.6: whom a device told on its own that it is available learns when it is not. Contacts learn it anyway.
fn direct(session: &Session, to: &Jid, available: bool) -> Flow {
    let shared = session.is_announced() && session.account.roster(|r| r.shares_with(to));
    if session.direct(to, available && !shared, MOST_DIRECTED) {
        return Flow::Go;
    }
    Flow::Reject(StanzaError::resource_constraint().with_text("this device is seen by too many"))
}

/// Hands `p` to the account's own devices and to those of everybody who receives its presence.
fn broadcast(cx: &Ctx, session: &Session, p: &Stanza, fx: &mut Effects) {
    let account = &session.account;
    tell(account, &account.jid, p, fx);
    for jid in contacts(account, |r, jid| r.shares_with(jid)) {
        // Who is not in memory has no device.
        if let Some(contact) = cx.accounts.cached(&jid)
            && !contact.blocks(&session.jid)
        {
            tell(&contact, &jid, p, fx);
        }
    }
}

fn tell(account: &Arc<Account>, jid: &Jid, p: &Stanza, fx: &mut Effects) {
    let target = Target::Account(account.clone(), Reach::Available);
    fx.deliver(target, p.clone().with_to(jid.clone()));
}

/// The contacts of whom `which` says so and who are not blocked. The roster is free again when they are looked at.
fn contacts(account: &Account, which: fn(&magpie_core::roster::Roster, &Jid) -> bool) -> Vec<Jid> {
    let mut list: Vec<Jid> = account.roster(|r| {
        let jids = r.items().map(|i| &i.jid);
        jids.filter(|j| which(r, j)).cloned().collect()
    });
    list.retain(|j| !account.blocks(j));
    list
}

/// RFC 6121 §4.3: the device asks whom it may see. The accounts are here, so their presence comes at once.
fn probe_contacts(cx: &Ctx, session: &Arc<Session>, fx: &mut Effects) {
    for jid in contacts(&session.account, |r, jid| r.sees(jid)) {
        if let Some(contact) = cx.accounts.cached(&jid)
            && contact.roster(|r| r.shares_with(&session.jid))
        {
            probe(&contact, session, fx);
        }
    }
}

fn probe(contact: &Arc<Account>, session: &Arc<Session>, fx: &mut Effects) {
    fx.push(Effect::Probe {
        contact: contact.clone(),
        to: Target::Session(session.clone()),
        address: session.jid.clone(),
    });
}

/// RFC 6121 §3.1.3: each device that becomes available gets the requests that nobody answered yet.
fn hand_over_requests(session: &Arc<Session>, fx: &mut Effects) {
    let requests: Vec<String> = session
        .account
        .roster(|r| r.items().filter_map(|i| i.pending_in.clone()).collect());
    for request in requests {
        if let Ok(p) = Stanza::parse(request.as_bytes())
            && !p
                .from
                .as_ref()
                .is_some_and(|from| session.account.blocks(from))
        {
            fx.deliver(Target::Session(session.clone()), p);
        }
    }
}

/// Whoever had directed presence gets `p`, unless the broadcast told him.
fn take_back(cx: &Ctx, session: &Session, p: &Stanza, told: bool, fx: &mut Effects) {
    for jid in session.take_directed(|_| true) {
        let contact = session.account.roster(|r| r.shares_with(&jid));
        let Some(target) = target(cx, &jid).filter(|_| !(told && contact)) else {
            continue;
        };
        fx.deliver(target, p.clone().with_to(jid));
    }
}

/// Where presence to `jid` goes, if anybody there has a device.
fn target(cx: &Ctx, jid: &Jid) -> Option<Target> {
    match jid.resource() {
        Some(_) => resource(cx, jid),
        None => Some(Target::Account(cx.accounts.cached(jid)?, Reach::Available)),
    }
}

fn resource(cx: &Ctx, jid: &Jid) -> Option<Target> {
    Some(Target::Resource {
        account: cx.accounts.cached(jid)?,
        resource: jid.resource()?.into(),
        otherwise: Otherwise::Drop,
    })
}

#[cfg(test)]
mod tests;
