//! XEP-0359 Unique and Stable Stanza IDs 0.7.0: ids in our name that we did not give are removed; the true one is put in when
//! the message is stored (the core's release).

use magpie_core::{Account, Ctx, Effects, Feature, Flow, Spec, Xep};
use magpie_xmpp::{Element, Jid, Stanza, ns};
use std::sync::Arc;

/// See the file.
pub struct StanzaId;

impl Feature for StanzaId {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 359,
            name: "Unique and Stable Stanza IDs",
            version: "0.7.0",
            left_out: "",
        };
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::SID],
            account_disco: &[ns::SID],
            ..Spec::default()
        }
    }

    fn message_out(
        &self,
        cx: &Ctx,
        _from: &Arc<magpie_core::Session>,
        m: &mut Stanza,
        _fx: &mut Effects,
    ) -> Flow {
        strip(&cx.domain, m);
        Flow::Go
    }

    fn message_in(&self, cx: &Ctx, _to: &Arc<Account>, m: &mut Stanza, _fx: &mut Effects) -> Flow {
        strip(&cx.domain, m);
        Flow::Go
    }
}

/// Removes every stanza-id that claims to be by this domain or an account of it, and every delay in its name.
fn strip(domain: &Jid, m: &mut Stanza) {
    let ours = |xml: &str, attr: &str| {
        let Ok(element) = Element::parse(xml) else {
            return true;
        };
        let by = element.get(attr).and_then(|by| Jid::new(by).ok());
        by.is_none_or(|by| by.domain() == domain.domain())
    };
    m.remove(|k| match (k.name, k.ns) {
        ("stanza-id", ns::SID) => ours(k.xml, "by"),
        ("delay", ns::DELAY) => ours(k.xml, "from"),
        _ => false,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_forged_id_goes_and_others_stay() {
        let mut m = Stanza::parse(
            b"<message xmlns='jabber:client'><body>x</body><stanza-id xmlns='urn:xmpp:sid:0' by='bob@x' id='1'/><stanza-id xmlns='urn:xmpp:sid:0' by='x' id='2'/><stanza-id xmlns='urn:xmpp:sid&#58;0' by='BOB@X/r' id='3'/><stanza-id xmlns='urn:xmpp:sid:0' id='4'/><stanza-id xmlns='urn:xmpp:sid:0' by='room@y' id='5'/><origin-id xmlns='urn:xmpp:sid:0' id='6'/><delay xmlns='urn:xmpp:delay' from='x' stamp='2000-01-01T00:00:00Z'/></message>",
        )
        .unwrap();
        strip(&Jid::new("x").unwrap(), &mut m);
        let left: Vec<String> = m
            .elements()
            .map(|e| e.get("id").unwrap_or(e.name()).to_owned())
            .collect();
        assert_eq!(left, ["body", "5", "6"]);
    }
}
