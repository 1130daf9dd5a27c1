//! What an invitation says before somebody follows it (docs/extensions.md).

use crate::App;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use magpie_core::invitations;
use magpie_store::invites::Invite;
use magpie_xmpp::{Element, ns};
use serde_json::json;

/// Bytes a token has at most.
const LONGEST: usize = 128;

/// `GET /api/invite/TOKEN`: whether it is good, for what, from whom. An unknown token is `404`. A token cannot be guessed: it has
/// 128 bits.
pub(crate) async fn look(State(app): State<App>, Path(token): Path<String>) -> Response {
    let found = if token.len() > LONGEST {
        Ok(None)
    } else {
        invitations::look(&app.cx, &token).await
    };
    let answer = match found {
        Ok(Some(invite)) => Json(described(&app, &invite).await).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "there is no such invitation\n").into_response(),
        Err(error) => {
            tracing::warn!(%error, "an invitation could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    };
    let fresh = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
    ([fresh], answer).into_response()
}

async fn described(app: &App, invite: &Invite) -> serde_json::Value {
    json!({
        "valid": invitations::is_good(invite),
        "kind": invite.kind.as_str(),
        "inviter": invite.inviter.as_ref().map(|jid| jid.as_str()),
        "inviterName": name(app, invite).await,
        "expires": invite.expires_ms / 1000,
    })
}

/// How the inviter calls himself on his card.
async fn name(app: &App, invite: &Invite) -> Option<String> {
    invite.inviter.as_ref()?;
    let kept = app.cx.store.kv_get(invite.owner, ns::VCARD, "card").await;
    let card = Element::parse(std::str::from_utf8(&kept.ok()??).ok()?).ok()?;
    let named = ["NICKNAME", "FN"]
        .into_iter()
        .filter_map(|name| card.find_text(name, ns::VCARD));
    named
        .map(|name| name.trim().to_owned())
        .find(|name| !name.is_empty())
}
