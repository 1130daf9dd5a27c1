//! XEP-0388 Extensible SASL Profile 1.0.4: login, resumption and binding in one message, on a stream that goes on. Left out:
//! tasks after the login (`<continue/>`), since there are none.

use super::{
    Shared, bind2, fast,
    mechanism::{Failed, Profile, Proven, Try, decode},
    negotiate::{Negotiation, Step, Unserved},
    offers::Stage,
    sm,
    wire::Gone,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use magpie_core::Login;
use magpie_xmpp::{Element, StreamError, ns, sasl::SaslError};
use std::sync::Arc;

/// What stream features say of login.
pub(super) fn offer(n: &Negotiation<'_>) -> Element {
    let inline = Element::new(ns::SASL2, "inline")
        .child(Element::new(ns::SM3, "sm"))
        .child(bind2::offer(n.shared))
        .children_from(fast::offer(n));
    Element::new(ns::SASL2, "authentication")
        .children_from(n.mechanisms(Profile::Sasl2))
        .child(inline)
}

/// One try, which begins with `request`.
pub(super) async fn authenticate(n: &mut Negotiation<'_>, request: &Element) -> Result<Step, Gone> {
    let mut attempt = Try::new(Profile::Sasl2);
    match log_in(n, &mut attempt, request).await {
        Ok(step) => Ok(step),
        Err(Failed::Try(error)) => n.refuse(Profile::Sasl2, error, attempt.name).await,
        Err(Failed::Stream(gone)) => Err(gone),
    }
}

async fn log_in(
    n: &mut Negotiation<'_>,
    attempt: &mut Try,
    request: &Element,
) -> Result<Step, Failed> {
    match request.name() {
        "authenticate" => {}
        "abort" => return Err(SaslError::Aborted.into()),
        _ => return Err(Failed::Stream(StreamError::not_authorized().into())),
    }
    let initial = request.find("initial-response", ns::SASL2);
    let initial = initial.map(|i| decode(&i.text_content())).transpose()?;
    let mechanism = request.get("mechanism").unwrap_or("");
    let client = client(request);
    let (proven, used) = match request.find("fast", ns::FAST) {
        Some(_) => {
            let proving = fast::prove(n, attempt, mechanism, initial, client.as_deref());
            let (proven, used) = proving.await?;
            (proven, Some(used))
        }
        None => (attempt.prove(n, mechanism, initial).await?, None),
    };
    let Proven { mut login, last } = proven;
    login.client = client;
    let mut began = begin(n.shared, &login, request).await?;
    // Behind the session: whoever revokes the device meanwhile finds it.
    let token = fast::remember(n, &login, request, used.as_ref()).await?;
    began.answers.extend(token);
    Ok(succeed(n, login, last, began))
}

/// What a login led to, and what its success says of it.
struct Beginning<'a> {
    session: Option<Unserved<'a>>,
    resumed: bool,
    answers: Vec<Element>,
}

/// Resumes a session if the client asks for that; if it cannot be, or it does not ask, binds one if the client asks for that.
async fn begin<'a>(
    shared: &'a Arc<Shared>,
    login: &Login,
    request: &Element,
) -> Result<Beginning<'a>, Failed> {
    let mut answers = Vec::new();
    if let Some(resume) = request.find("resume", ns::SM3) {
        match sm::resume(resume, shared, login).await {
            Ok((answer, begun)) => {
                return Ok(Beginning {
                    session: Some(Unserved::new(shared, begun, true)),
                    resumed: true,
                    answers: vec![answer],
                });
            }
            Err(answer) => answers.push(answer),
        }
    }
    let mut session = None;
    if let Some(bind) = request.find("bind", ns::BIND2) {
        let (bound, unserved) = bind2::bind(shared, login, bind).await?;
        answers.push(bound);
        session = Some(unserved);
    }
    Ok(Beginning {
        session,
        resumed: false,
        answers,
    })
}

/// Tells the client. What it hears stays unwritten where it has a session: whether its connection stands is the session's
/// matter.
fn succeed(
    n: &mut Negotiation<'_>,
    login: Login,
    last: Option<Vec<u8>>,
    began: Beginning<'_>,
) -> Step {
    let begun = began.session.and_then(Unserved::serve);
    let whom = match &begun {
        Some(begun) => &begun.session.jid,
        None => &login.account.jid,
    };
    let text = |name: &'static str, text: &str| Element::new(ns::SASL2, name).text(text.to_owned());
    let last = last.map(|last| text("additional-data", &STANDARD.encode(last)));
    let success = Element::new(ns::SASL2, "success")
        .children_from(last)
        .child(text("authorization-identifier", whom.as_str()))
        .children_from(began.answers);
    n.wire.element(&success);
    n.wire.trust(&n.shared.config);
    match begun {
        // XEP-0198 §9.2: the stream is what it was, there is nothing to choose.
        Some(begun) if began.resumed => Step::Begun(begun),
        Some(begun) => {
            let managed = begun.sm.is_enabled();
            n.offer(Stage::Bound { managed });
            Step::Begun(begun)
        }
        None => {
            n.offer(Stage::LoggedIn);
            Step::LoggedIn(login)
        }
    }
}

/// The id that the client has given itself (§2.3): a UUID, in hexadecimal digits. What is none is no id.
fn client(request: &Element) -> Option<Box<str>> {
    let id = request.find("user-agent", ns::SASL2)?.get("id")?;
    let dashes = |(at, b): (usize, u8)| (b == b'-') == matches!(at, 8 | 13 | 18 | 23);
    let digits: String = id.chars().filter(|c| *c != '-').collect();
    let shaped = id.len() == 36 && id.bytes().enumerate().all(dashes);
    (shaped && digits.bytes().all(|b| b.is_ascii_hexdigit()))
        .then(|| digits.to_ascii_lowercase().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_however_it_is_written() {
        let of = |id: &str| {
            let agent = Element::new(ns::SASL2, "user-agent").attr("id", id);
            client(&Element::new(ns::SASL2, "authenticate").child(agent))
        };
        let id = of("d4565fa7-4d72-4749-b3d3-740edbf87770");
        assert_eq!(id.as_deref(), Some("d4565fa74d724749b3d3740edbf87770"));
        assert_eq!(of("D4565FA7-4D72-4749-B3D3-740EDBF87770"), id);
        for none in [
            "",
            "phone",
            "d4565fa74d724749b3d3740edbf87770",
            "d4565fa7-4d72-4749-b3d3-740edbf8777g",
            "d4565fa7-4d72-4749-b3d3-740edbf877700",
            "d4565fa7-4d72-4749-b3d37-40edbf87770",
            "------------------------------------",
            "鹊4565fa7-4d72-4749-b3d3-740edbf877",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
