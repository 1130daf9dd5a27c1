//! XEP-0160 Best Practices for Handling Offline Messages 1.0.1: what cannot be delivered now waits.

use crate::storing;
use magpie_core::{Account, Ctx, Effects, Feature, Flow, Session, Spec, Xep};
use magpie_store::offline;
use magpie_xmpp::{Element, Stanza};
use std::sync::Arc;

/// See the file.
pub struct Offline;

impl Feature for Offline {
    fn spec(&self) -> Spec {
        const DELAY: Xep = Xep {
            number: 203,
            name: "Delayed Delivery",
            version: "2.0",
            left_out: "",
        };
        const OFFLINE: Xep = Xep {
            number: 160,
            name: "Best Practices for Handling Offline Messages",
            version: "1.0.1",
            left_out: "",
        };
        Spec {
            xeps: &[OFFLINE, DELAY],
            server_disco: &["msgoffline"],
            ..Spec::default()
        }
    }

    fn message_in(&self, _cx: &Ctx, _to: &Arc<Account>, m: &mut Stanza, fx: &mut Effects) -> Flow {
        if storing::may_wait(m) {
            fx.may_wait();
        }
        Flow::Go
    }

    /// XEP-0386 §3.2: such a client reads the archive. What is not in there still waits.
    fn session_bound(
        &self,
        _cx: &Ctx,
        session: &Arc<Session>,
        _request: &Element,
        fx: &mut Effects,
    ) {
        fx.store(offline::remove_archived(session.account.id));
    }
}
