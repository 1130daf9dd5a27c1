//! XEP-0313 Message Archive Management 1.1.3: every message kept once, each side with its own view, read by pages.

mod preferences;
mod query;

use crate::storing;
use magpie_core::{
    Account, Answer, Claim, Ctx, Effects, Feature, Flow, Iq, IqResult, Session, Spec, To, Xep,
    feature::BoxFuture,
};
use magpie_xmpp::{Element, Jid, Stanza, StanzaError, ns};
use std::sync::Arc;

/// See the file.
pub struct Archive;

const XEPS: &[Xep] = &[
    Xep {
        number: 313,
        name: "Message Archive Management",
        version: "1.1.3",
        left_out: "",
    },
    Xep {
        number: 334,
        name: "Message Processing Hints",
        version: "0.4.0",
        left_out: "",
    },
    Xep {
        number: 59,
        name: "Result Set Management",
        version: "1.0",
        left_out: "",
    },
];

const fn claim(name: &'static str, get: bool, set: bool) -> Claim {
    Claim {
        ns: ns::MAM2,
        name,
        get,
        set,
        to: &[To::Own],
    }
}

const CLAIMS: &[Claim] = &[
    claim("query", true, true),
    claim("metadata", true, false),
    claim("prefs", true, true),
];

impl Feature for Archive {
    fn spec(&self) -> Spec {
        const BOTH: &[&str] = &[ns::MAM2, ns::MAM2_EXTENDED, ns::HINTS];
        Spec {
            xeps: XEPS,
            server_disco: BOTH,
            account_disco: BOTH,
            claims: CLAIMS,
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            match (iq.payload.name(), iq.set) {
                ("query", false) => Ok(query::form()),
                ("query", true) => query::run(cx, &iq).await,
                ("metadata", _) => query::metadata(cx, iq.session.account.id)
                    .await
                    .map(Answer::with)
                    .map_err(failed),
                (_, false) => Ok(preferences::get(&iq)),
                (_, true) => preferences::set(&iq),
            }
        })
    }

    fn bound<'a>(
        &'a self,
        cx: &'a Ctx,
        session: &'a Arc<Session>,
    ) -> Option<BoxFuture<'a, Option<Element>>> {
        // Who is not told asks.
        Some(Box::pin(async {
            query::metadata(cx, session.account.id).await.ok()
        }))
    }

    fn message_out(
        &self,
        _cx: &Ctx,
        from: &Arc<Session>,
        m: &mut Stanza,
        fx: &mut Effects,
    ) -> Flow {
        let Some(to) = m.to.clone() else {
            return Flow::Go;
        };
        keep(&from.account, &to, true, m, fx);
        Flow::Go
    }

    fn message_in(&self, _cx: &Ctx, to: &Arc<Account>, m: &mut Stanza, fx: &mut Effects) -> Flow {
        let Some(from) = m.from.clone() else {
            return Flow::Go;
        };
        let to_self = from.bare_str() == to.jid.as_str();
        if !to_self {
            keep(to, &from, false, m, fx);
        }
        Flow::Go
    }
}

/// Makes the owner's view of a message that its archive is to have.
fn keep(owner: &Account, peer: &Jid, outgoing: bool, m: &Stanza, fx: &mut Effects) {
    if storing::is_archived(m) && owner.archives(peer) {
        let said = storing::is_said(m);
        let view = fx.view(owner.id, peer, outgoing);
        view.archived = true;
        view.said = said;
        view.unread = said && !outgoing;
        view.corrects = m.has("replace", ns::CORRECT);
    }
}

fn failed(error: magpie_store::Error) -> StanzaError {
    match error {
        magpie_store::Error::NotFound => StanzaError::item_not_found(),
        error => {
            tracing::warn!(%error, "the archive does not answer");
            StanzaError::internal_server_error()
                .with_text("the archive does not answer; try again later")
        }
    }
}
