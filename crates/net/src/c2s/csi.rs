//! XEP-0352 Client State Indication 1.0.0: a client that nobody looks at is woken only by what matters.
//!
//! What does not matter waits in the mailbox, in its place, until something that does comes or the client is looked at.

use magpie_core::Session;
use magpie_xmpp::{Kind, Stanza, ns};

/// Stanzas that may wait for an inactive client.
const MOST: usize = 200;

/// Whether the client wants to be woken for a stanza.
fn matters(stanza: &Stanza) -> bool {
    match stanza.kind {
        Kind::Iq => true,
        Kind::Presence => !matches!(stanza.type_.as_deref(), None | Some("unavailable")),
        // Chat states alone say nothing that would not be old by then.
        Kind::Message => stanza
            .kids()
            .any(|k| k.ns != ns::CHATSTATES && k.name != "thread"),
    }
}

/// Whether the mailbox of an inactive client can wait.
pub(crate) fn may_wait(session: &Session) -> bool {
    session.outbox(|b| {
        b.waiting().len() < MOST
            && b.closing().is_none()
            && !b.waiting().any(|o| matters(&o.stanza))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wakes_and_what_waits() {
        let s = |xml: &str| {
            Stanza::parse(xml.replacen(' ', " xmlns='jabber:client' ", 1).as_bytes()).unwrap()
        };
        for waits in [
            "<presence />",
            "<presence type='unavailable'/>",
            "<message type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/><thread>t</thread></message>",
        ] {
            assert!(!matters(&s(waits)), "{waits}");
        }
        for wakes in [
            "<iq type='get' id='1'/>",
            "<presence type='subscribe'/>",
            "<message type='chat'><body>x</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>",
            "<message type='chat'><received xmlns='urn:xmpp:receipts' id='1'/></message>",
        ] {
            assert!(matters(&s(wakes)), "{wakes}");
        }
    }
}
