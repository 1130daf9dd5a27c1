//! XEP-0092 Software Version 1.1.

use magpie_core::{Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, To, Xep, feature::BoxFuture};
use magpie_xmpp::{Element, ns};
use std::sync::Arc;

/// See the file.
pub struct Version;

impl Feature for Version {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 92,
            name: "Software Version",
            version: "1.1",
            left_out: "the operating system",
        };
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::VERSION],
            account_disco: &[],
            claims: &[Claim {
                ns: ns::VERSION,
                name: "query",
                get: true,
                set: false,
                to: &[To::Server],
            }],
        }
    }

    fn iq<'a>(&'a self, _cx: &'a Arc<Ctx>, _iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        let leaf = |name: &'static str, text: &str| Element::new(ns::VERSION, name).text(text);
        let query = Element::new(ns::VERSION, "query")
            .child(leaf("name", "Magpie"))
            .child(leaf("version", env!("CARGO_PKG_VERSION")));
        Box::pin(async { Ok(Answer::with(query)) })
    }
}
