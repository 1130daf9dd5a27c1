//! SASL as RFC 6120 §6 carries it, with the types of channel binding (XEP-0440).

use super::{
    mechanism::{Failed, Profile, Proven, Try, decode},
    negotiate::{Negotiation, Step},
    offers::Stage,
    wire::Gone,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use magpie_xmpp::{Element, ns, sasl::SaslError};

/// What stream features say of login.
pub(super) fn offer(n: &Negotiation<'_>) -> Vec<Element> {
    let mechanisms =
        Element::new(ns::SASL, "mechanisms").children_from(n.mechanisms(Profile::Sasl));
    let bindings = n.bindings();
    let binding = |t: &'static str| Element::new(ns::SASL_CB, "channel-binding").attr("type", t);
    let types: Vec<Element> = bindings.types().map(binding).collect();
    let mut offer = vec![mechanisms];
    if !types.is_empty() {
        offer.push(Element::new(ns::SASL_CB, "sasl-channel-binding").children_from(types));
    }
    offer
}

/// One try, which begins with `auth`. After a success the stream begins anew.
pub(super) async fn exchange(n: &mut Negotiation<'_>, auth: &Element) -> Result<Step, Gone> {
    let mut attempt = Try::new(Profile::Sasl);
    let Proven { login, last } = match proven(n, &mut attempt, auth).await {
        Ok(proven) => proven,
        Err(Failed::Try(error)) => return n.refuse(Profile::Sasl, error, attempt.name).await,
        Err(Failed::Stream(gone)) => return Err(gone),
    };
    let mut success = Element::new(ns::SASL, "success");
    if let Some(last) = last {
        success = success.text(STANDARD.encode(last));
    }
    n.wire.element(&success);
    n.wire.flush().await?;
    n.wire.restart();
    n.wire.trust(&n.shared.config);
    n.header(Stage::LoggedIn).await?;
    Ok(Step::LoggedIn(login))
}

async fn proven(
    n: &mut Negotiation<'_>,
    attempt: &mut Try,
    auth: &Element,
) -> Result<Proven, Failed> {
    match auth.name() {
        "auth" => {}
        "abort" => return Err(SaslError::Aborted.into()),
        _ => return Err(SaslError::MalformedRequest.into()),
    }
    let initial = match auth.text_content().as_str() {
        "" => None,
        text => Some(decode(text)?),
    };
    let mechanism = auth.get("mechanism").unwrap_or("");
    attempt.prove(n, mechanism, initial).await
}
