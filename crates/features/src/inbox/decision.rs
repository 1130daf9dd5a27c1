//! What an owner decides about a conversation (`urn:magpie:inbox:0`): pinned, muted, marked, hidden.

use super::{boolean, failed};
use crate::conversation;
use magpie_core::{Answer, Ctx, Effects, Iq, IqResult};
use magpie_store::{
    Id,
    conversations::{self, Decision},
};
use magpie_xmpp::{Jid, StanzaError};

/// Carries out a decision; the owner's other devices learn it.
pub(super) async fn set(cx: &Ctx, iq: &Iq<'_>) -> IqResult {
    let account = &iq.session.account;
    let peer = iq
        .payload
        .get("jid")
        .ok_or_else(|| StanzaError::bad_request().with_text("which conversation?"))?;
    let peer = Jid::new(peer).map_err(|_| StanzaError::jid_malformed())?;
    let decision = Decision {
        pinned: boolean(iq.payload, "pinned")?,
        muted: boolean(iq.payload, "muted")?,
        marked: boolean(iq.payload, "marked")?,
        hidden: boolean(iq.payload, "hidden")?,
    };
    // Only what a list can show is kept: nobody fills the table with addresses.
    let known = cx.store.conversation(account.id, peer.bare_str()).await;
    if known.map_err(failed)?.is_none_or(|c| c.said_id == Id::ZERO) {
        return Err(
            StanzaError::item_not_found().with_text("there is no conversation with this address")
        );
    }
    let mut fx = Effects::new();
    fx.store(conversations::decide(account.id, peer.bare_str(), decision));
    conversation::push(cx, account, peer.bare_str(), Some(iq.session), &mut fx);
    Ok(Answer::after(fx))
}
