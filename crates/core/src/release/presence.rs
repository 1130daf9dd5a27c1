//! Presence at its release: what a session says of itself, and who sees it.

use super::Run;
use crate::{Account, Effect, Effects, Entry, Session, Target};
use magpie_xmpp::{Jid, Kind, Stanza};
use std::sync::Arc;

impl Run<'_> {
    pub(super) fn presence(&mut self, session: &Arc<Session>, presence: Option<Stanza>) {
        let (took, takes) = session.set_presence(presence);
        if takes && !took {
            session.shut_gate();
            let mut fx = Effects::new();
            fx.push(Effect::Waiting {
                session: session.clone(),
                upto: self.cx.released(),
            });
            self.cx.submit(Entry::new(fx));
        }
    }

    pub(super) fn probe(&mut self, contact: &Arc<Account>, to: &Target, address: &Jid) {
        let asker = self.cx.accounts.cached(address);
        for session in contact.sessions() {
            let blocked =
                contact.blocks(address) || asker.as_ref().is_some_and(|a| a.blocks(&session.jid));
            if let Some(mut presence) = session.presence().filter(|_| !blocked) {
                presence.to = Some(address.clone());
                self.deliver(to, presence);
            }
        }
    }

    pub(super) fn withdraw(&mut self, account: &Arc<Account>, to: &Target, address: &Jid) {
        let reader = self.cx.accounts.cached(address);
        for session in account.sessions() {
            let blocked = reader.as_ref().is_some_and(|r| r.blocks(&session.jid));
            if session.priority().is_some() && !blocked {
                let from = Stanza::presence().with_from(session.jid.clone());
                self.deliver(to, from.with_type("unavailable").with_to(address.clone()));
            }
        }
    }

    /// Whether a presence goes to an account of which its sender blocks exactly this session (XEP-0191 §5).
    pub(super) fn is_hidden_from(&self, stanza: &Stanza, session: &Session) -> bool {
        let sender = stanza.from.as_ref().filter(|_| is_available(stanza));
        sender
            .and_then(|from| self.cx.accounts.cached(from))
            .is_some_and(|sender| sender.blocks(&session.jid))
    }
}

/// Whether it is a presence of somebody who is available.
pub(super) fn is_available(stanza: &Stanza) -> bool {
    stanza.kind == Kind::Presence && stanza.type_.is_none()
}
