//! XEP-0280 Message Carbons 1.0.1: the other devices of both sides get copies.

use magpie_core::{
    Account, Answer, Claim, Ctx, Effect, Effects, Feature, Flow, Iq, IqResult, Session, Spec, To,
    Xep, feature::BoxFuture, session::Wish,
};
use magpie_xmpp::{Element, Stanza, ns, stanza::MessageType};
use std::sync::Arc;

/// See the file.
pub struct Carbons;

const CLAIMS: &[Claim] = &[
    Claim {
        ns: ns::CARBONS2,
        name: "enable",
        get: false,
        set: true,
        to: &[To::Own],
    },
    Claim {
        ns: ns::CARBONS2,
        name: "disable",
        get: false,
        set: true,
        to: &[To::Own],
    },
];

impl Feature for Carbons {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 280,
            name: "Message Carbons",
            version: "1.0.1",
            left_out: "",
        };
        const FORWARD: Xep = Xep {
            number: 297,
            name: "Stanza Forwarding",
            version: "1.0",
            left_out: "",
        };
        Spec {
            xeps: &[XEP, FORWARD],
            server_disco: &[ns::CARBONS2, "urn:xmpp:carbons:rules:0"],
            account_disco: &[ns::CARBONS2],
            claims: CLAIMS,
        }
    }

    fn iq<'a>(&'a self, _cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        iq.session
            .set_wish(Wish::Carbons, iq.payload.name() == "enable");
        Box::pin(async { Ok(Answer::empty()) })
    }

    fn bind_features(&self) -> &'static [&'static str] {
        &[ns::CARBONS2]
    }

    fn session_bound(
        &self,
        _cx: &Ctx,
        session: &Arc<Session>,
        request: &Element,
        _fx: &mut Effects,
    ) {
        let enable = request.find("enable", ns::CARBONS2);
        session.set_wish(Wish::Carbons, enable.is_some());
    }

    fn message_out(
        &self,
        _cx: &Ctx,
        from: &Arc<Session>,
        m: &mut Stanza,
        fx: &mut Effects,
    ) -> Flow {
        // A message to oneself reaches the other devices as what it is.
        let to_self =
            m.to.as_ref()
                .is_some_and(|to| to.bare_str() == from.account.jid.as_str());
        if is_copied(m) && !to_self {
            fx.push(Effect::Copy {
                account: from.account.clone(),
                stanza: m.clone(),
                wrap: sent,
            });
        }
        Flow::Go
    }

    fn message_in(&self, _cx: &Ctx, to: &Arc<Account>, m: &mut Stanza, fx: &mut Effects) -> Flow {
        if is_copied(m) {
            fx.push(Effect::Copy {
                account: to.clone(),
                stanza: without_private(m),
                wrap: received,
            });
        }
        m.remove(|k| k.name == "private" && k.ns == ns::CARBONS2);
        Flow::Go
    }
}

fn without_private(m: &Stanza) -> Stanza {
    let mut m = m.clone();
    m.remove(|k| k.name == "private" && k.ns == ns::CARBONS2);
    m
}

/// §6.1: chat messages, messages with a body, and what goes with them; never what asks not to be.
fn is_copied(m: &Stanza) -> bool {
    if m.has("private", ns::CARBONS2) || m.has("no-copy", ns::HINTS) {
        return false;
    }
    match m.message_type() {
        MessageType::Chat => true,
        MessageType::Normal => m.kids().any(|k| {
            k.name == "body" && k.ns == ns::CLIENT || matches!(k.ns, ns::RECEIPTS | ns::MARKERS)
        }),
        _ => false,
    }
}

fn sent(m: &Stanza, to: &Session) -> Stanza {
    copy(m, to, "sent")
}

fn received(m: &Stanza, to: &Session) -> Stanza {
    copy(m, to, "received")
}

/// The copy, by putting bytes together: the message itself is not read.
fn copy(m: &Stanza, to: &Session, direction: &'static str) -> Stanza {
    let (carbons, forward, message) = (ns::CARBONS2, ns::FORWARD, m.forwarded_xml());
    let xml = format!(
        "<{direction} xmlns='{carbons}'><forwarded xmlns='{forward}'>{message}</forwarded></{direction}>"
    );
    let mut copy = Stanza::message().with_raw(direction, ns::CARBONS2, &xml);
    copy.type_.clone_from(&m.type_);
    copy.with_from(to.account.jid.clone())
        .with_to(to.jid.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied() {
        let m = |kind: &str, inner: &str| {
            let xml = format!("<message xmlns='jabber:client' type='{kind}'>{inner}</message>");
            is_copied(&Stanza::parse(xml.as_bytes()).unwrap())
        };
        assert!(
            m("chat", "")
                && m("normal", "<body>x</body>")
                && m("normal", "<received xmlns='urn:xmpp:receipts'/>")
        );
        assert!(
            !m("normal", "<x xmlns='y'/>")
                && !m("headline", "<body>x</body>")
                && !m("groupchat", "<body>x</body>")
        );
        assert!(
            !m("error", "<body>x</body>")
                && !m(
                    "chat",
                    "<body>x</body><private xmlns='urn:xmpp:carbons:2'/>"
                )
        );
        assert!(!m(
            "chat",
            "<body>x</body><no-copy xmlns='urn:xmpp:hints'/>"
        ));
    }
}
