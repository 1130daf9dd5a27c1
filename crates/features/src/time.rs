//! XEP-0202 Entity Time 2.0: the server's clock.

use magpie_core::{
    Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, To, Xep, clock::now_ms, feature::BoxFuture,
};
use magpie_xmpp::{Element, datetime, ns};
use std::sync::Arc;

/// See the file.
pub struct Time;

impl Feature for Time {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 202,
            name: "Entity Time",
            version: "2.0",
            left_out: "",
        };
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::TIME],
            account_disco: &[],
            claims: &[Claim {
                ns: ns::TIME,
                name: "time",
                get: true,
                set: false,
                to: &[To::Server],
            }],
        }
    }

    fn iq<'a>(&'a self, _cx: &'a Arc<Ctx>, _iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        let leaf = |name: &'static str, text: String| Element::new(ns::TIME, name).text(text);
        let time = Element::new(ns::TIME, "time")
            .child(leaf("tzo", "Z".into()))
            .child(leaf("utc", datetime::format(now_ms())));
        Box::pin(async { Ok(Answer::with(time)) })
    }
}
