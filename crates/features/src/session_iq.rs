//! The session request of RFC 3921 §3, which RFC 6121 dropped: clients of old send it and want it answered. It does nothing.

use magpie_core::{Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, To, feature::BoxFuture};
use magpie_xmpp::ns;
use std::sync::Arc;

/// See the file.
pub struct SessionRequest;

impl Feature for SessionRequest {
    fn spec(&self) -> Spec {
        const REQUEST: Claim = Claim {
            ns: ns::SESSION,
            name: "session",
            get: false,
            set: true,
            to: &[To::Server, To::Own],
        };
        Spec {
            claims: &[REQUEST],
            ..Spec::default()
        }
    }

    fn iq<'a>(&'a self, _cx: &'a Arc<Ctx>, _iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async { Ok(Answer::empty()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::with;

    #[tokio::test]
    async fn the_request_is_granted_and_nothing_happens() {
        with(vec![Box::new(SessionRequest)], async |s| {
            s.account("alice").await;
            let alice = s.bind("alice", "a").await;
            for to in ["", " to='x'"] {
                let session = format!("<session xmlns='{}'/>", ns::SESSION);
                let ask = format!("<iq type='set' id='1'{to}>{session}</iq>");
                let answer = s.ask(&alice, &ask).await;
                assert!(answer.starts_with("<iq type='result' id='1'"), "{answer}");
            }
        })
        .await;
    }
}
