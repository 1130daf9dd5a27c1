//! XEP-0333 Displayed Markers 1.0.0 and XEP-0490 Message Displayed Synchronization 1.0.1: what a device displayed, its owner has
//! read. The marker goes on to the peer; the assist of XEP-0490, which names the archive id, is for the server alone.
//!
//! A marker without the assist names the id that the peer gave its message. It is looked for among the unread messages of that
//! conversation before the marker is decided (docs/decisions/0003). One that is not there moves nothing (XEP-0333 §5).

use crate::conversation;
use magpie_core::{Ctx, Effects, Feature, Flow, Session, Spec, Xep, feature::BoxFuture};
use magpie_store::{Error as StoreError, Id, conversations};
use magpie_xmpp::{Element, Jid, Stanza, StanzaError, ns, stanza::MessageType};
use std::sync::Arc;

/// See the file. It acts before what stores or copies a message: the assist goes no further.
pub struct Displayed;

/// Unread messages among which a marker's id is looked for, the newest ones. Devices mark the last that they show.
const LOOKED_THROUGH: u32 = 250;

impl Feature for Displayed {
    fn spec(&self) -> Spec {
        const MARKERS: Xep = Xep {
            number: 333,
            name: "Displayed Markers",
            version: "1.0.0",
            left_out: "",
        };
        const MDS: Xep = Xep {
            number: 490,
            name: "Message Displayed Synchronization",
            version: "1.0.1",
            left_out: "the PEP node: own devices learn what was read by the inbox and by carbons",
        };
        Spec {
            xeps: &[MARKERS, MDS],
            account_disco: &[ns::MDS_ASSIST],
            ..Spec::default()
        }
    }

    fn message_lookup<'a>(
        &'a self,
        cx: &'a Ctx,
        from: &'a Arc<Session>,
        m: &'a Stanza,
    ) -> Option<BoxFuture<'a, Result<Effects, StanzaError>>> {
        let marked = marked(m).filter(|_| assisted(m, &from.account.jid).is_none())?;
        let peer = m.to.as_ref()?.bare_str();
        Some(Box::pin(async move {
            let mut fx = Effects::new();
            if let Some(upto) = find(cx, from, peer, &marked).await.map_err(failed)? {
                read(cx, from, peer, upto, &mut fx);
            }
            Ok(fx)
        }))
    }

    fn message_out(&self, cx: &Ctx, from: &Arc<Session>, m: &mut Stanza, fx: &mut Effects) -> Flow {
        if !m.has("displayed", ns::MDS) {
            return Flow::Go;
        }
        if let (Some(upto), Some(to)) = (assisted(m, &from.account.jid), &m.to) {
            read(cx, from, to.bare_str(), upto, fx);
        }
        m.remove(|k| k.name == "displayed" && k.ns == ns::MDS);
        Flow::Go
    }
}

/// The id that a marker names.
fn marked(m: &Stanza) -> Option<String> {
    if m.message_type() == MessageType::Error {
        return None;
    }
    let marker = m.element("displayed", ns::MARKERS)?;
    marker.get("id").map(Into::into)
}

/// The place in the own archive that the assist names.
fn assisted(m: &Stanza, own: &Jid) -> Option<Id> {
    let displayed = m.element("displayed", ns::MDS)?;
    let id = displayed.find("stanza-id", ns::SID)?;
    let by = Jid::new(id.get("by")?).ok()?;
    (by == *own).then(|| id.get("id")?.parse().ok()).flatten()
}

fn read(cx: &Ctx, from: &Arc<Session>, peer: &str, upto: Id, fx: &mut Effects) {
    fx.store(conversations::mark_read(from.account.id, peer, upto));
    conversation::push(cx, &from.account, peer, Some(from), fx);
}

/// The unread message from `peer` that has this id.
async fn find(cx: &Ctx, from: &Session, peer: &str, id: &str) -> Result<Option<Id>, StoreError> {
    let unread = cx
        .store
        .unread_messages(from.account.id, peer, LOOKED_THROUGH)
        .await?;
    let named = unread.iter().find(|message| {
        Stanza::parse(&message.xml).is_ok_and(|m| m.id.as_deref() == Some(id) || origin(&m, id))
    });
    Ok(named.map(|message| message.id))
}

fn origin(m: &Stanza, id: &str) -> bool {
    let origin = m.element("origin-id", ns::SID);
    origin.as_ref().and_then(|o: &Element| o.get("id")) == Some(id)
}

fn failed(error: StoreError) -> StanzaError {
    tracing::warn!(%error, "could not look for a displayed message");
    StanzaError::internal_server_error()
        .with_text("the server's database does not answer; try again later")
}
