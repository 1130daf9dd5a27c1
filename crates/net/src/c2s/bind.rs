//! Binding a resource by a request of its own (RFC 6120 §7).

use super::{
    negotiate::{Begun, Negotiation, Step},
    offers::random_id,
    sm::Sm,
    wire::Gone,
};
use magpie_core::{Login, ctx::BindError};
use magpie_xmpp::{Element, Stanza, StanzaError, StreamError, ns, stanza::IqType};

/// Binds the resource that the client wants, or one of ours. If there is none for it, it may try again.
pub(super) fn bind(n: &mut Negotiation<'_>, login: &Login, iq: &Stanza) -> Result<Step, Gone> {
    let Some(request) = iq
        .element("bind", ns::BIND)
        .filter(|_| iq.iq_type() == Some(IqType::Set) && iq.id.is_some())
    else {
        // RFC 6120 §7.1: nothing before a resource is bound.
        return Err(StreamError::not_authorized().into());
    };
    let wanted = request
        .find_text("resource", ns::BIND)
        .filter(|r| !r.is_empty());
    let resource = match wanted {
        Some(resource) => resource,
        None => random_id()?,
    };
    let cx = &n.shared.cx;
    let error = match cx.bind(login, &resource) {
        Ok(session) => {
            let jid = Element::new(ns::BIND, "jid").text(session.jid.as_str());
            let mut result =
                Stanza::iq("result").with_child(Element::new(ns::BIND, "bind").child(jid));
            result.id.clone_from(&iq.id);
            n.wire.stanza(&result);
            cx.metrics.logins.inc();
            return Ok(Step::Begun(Begun {
                at: session.first_attachment(),
                session,
                sm: Sm::default(),
                inactive: false,
            }));
        }
        Err(BindError::BadResource) => {
            StanzaError::bad_request().with_text("this resource is none")
        }
        Err(BindError::TooMany(n)) => StanzaError::resource_constraint().with_text(&format!(
            "this account has {n} sessions, which is all it may"
        )),
        Err(BindError::Outdated) => return Err(StreamError::not_authorized().into()),
    };
    n.wire.stanza(&error.reply(iq));
    Ok(Step::On)
}
