//! XEP-0386 Bind 2 1.1.0: a session with all it wants, bound within the login.

use super::{
    Shared,
    negotiate::{Begun, Unserved},
    offers::random_id,
    sm::Sm,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use magpie_core::{Effects, Login, Session, ctx::BindError};
use magpie_xmpp::{Element, StreamError, ns, sasl::SaslError};
use std::sync::Arc;

/// Characters of a resource that are ours.
const OURS: usize = 12;

/// The feature, with what it can do besides.
pub(super) fn offer(shared: &Shared) -> Element {
    let of_features = shared.cx.features.iter().flat_map(|f| f.bind_features());
    let all = of_features.copied().chain([ns::CSI, ns::SM3]);
    let feature = |var: &str| Element::new(ns::BIND2, "feature").attr("var", var);
    Element::new(ns::BIND2, "bind")
        .child(Element::new(ns::BIND2, "inline").children_from(all.map(feature)))
}

/// Binds a session for a client that logged in, and what it is answered.
pub(super) async fn bind<'a>(
    shared: &'a Arc<Shared>,
    login: &Login,
    request: &Element,
) -> Result<(Element, Unserved<'a>), SaslError> {
    let cx = &shared.cx;
    end_earlier(shared, login).await;
    let session = bind_resource(shared, login, request)?;
    let mut sm = Sm::default();
    let enable = request.find("enable", ns::SM3);
    let managed = enable.map(|enable| sm.enable(enable, shared, &session));
    let mut fx = Effects::new();
    for feature in cx.features.iter() {
        feature.session_bound(cx, &session, request, &mut fx);
    }
    let unserved = Unserved::new(
        shared,
        Begun {
            at: session.first_attachment(),
            session: session.clone(),
            sm,
            inactive: request.find("inactive", ns::CSI).is_some(),
        },
        false,
    );
    let committed = cx.commit(fx).await;
    committed.map_err(|_| SaslError::TemporaryAuthFailure)?;
    let mut bound = Element::new(ns::BIND2, "bound").children_from(managed);
    for told in cx.features.iter().filter_map(|f| f.bound(cx, &session)) {
        bound = bound.children_from(told.await);
    }
    cx.metrics.logins.inc();
    Ok((bound, unserved))
}

/// A client has one session: those it had before end (§3.2), and what they leave behind finds its way.
async fn end_earlier(shared: &Shared, login: &Login) {
    let mut earlier = login.account.sessions();
    earlier.retain(|s| s.client.is_some() && s.client == login.client);
    for session in &earlier {
        let reason = StreamError::conflict().with_text("this client began a new session");
        shared.cx.remove_session(session, reason);
    }
    if !earlier.is_empty() {
        shared.cx.drain().await;
    }
}

fn bind_resource(
    shared: &Shared,
    login: &Login,
    request: &Element,
) -> Result<Arc<Session>, SaslError> {
    let ours = identifier(shared, login)?;
    let tag = request.find_text("tag", ns::BIND2).unwrap_or_default();
    let tagged = match tag.trim() {
        "" => ours.clone(),
        tag => format!("{tag}~{ours}"),
    };
    let bound = match shared.cx.bind(login, &tagged) {
        // What no resource may have in it is not worth a login.
        Err(BindError::BadResource) => shared.cx.bind(login, &ours),
        bound => bound,
    };
    bound.map_err(|error| match error {
        BindError::Outdated => SaslError::NotAuthorized,
        BindError::TooMany(_) | BindError::BadResource => SaslError::TemporaryAuthFailure,
    })
}

/// The server's part of the resource (§3.2.1): the same each time for a client with an id, which cannot be read from it.
fn identifier(shared: &Shared, login: &Login) -> Result<String, SaslError> {
    let mut text = match &login.client {
        Some(client) => {
            let owner = login.account.id.to_be_bytes();
            let derived = shared.cx.derive("resource", &[&owner, client.as_bytes()]);
            URL_SAFE_NO_PAD.encode(derived)
        }
        None => random_id().map_err(|_| SaslError::TemporaryAuthFailure)?,
    };
    text.truncate(OURS);
    Ok(text)
}
