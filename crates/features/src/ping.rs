//! XEP-0199 XMPP Ping 2.0.1: the server answers for itself and for an account's own server side.

use magpie_core::{Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, To, Xep, feature::BoxFuture};
use magpie_xmpp::ns;
use std::sync::Arc;

/// See the file.
pub struct Ping;

impl Feature for Ping {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 199,
            name: "XMPP Ping",
            version: "2.0.1",
            left_out: "",
        };
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::PING],
            account_disco: &[ns::PING],
            claims: &[Claim {
                ns: ns::PING,
                name: "ping",
                get: true,
                set: false,
                to: &[To::Server, To::Own],
            }],
        }
    }

    fn iq<'a>(&'a self, _cx: &'a Arc<Ctx>, _iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async { Ok(Answer::empty()) })
    }
}
