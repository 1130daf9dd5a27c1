//! Stanza errors (RFC 6120 §8.3): the sender is answered, the stream goes on.

use crate::{Element, Kind, Stanza, ns};
use std::fmt;

/// What the sender may do about an error (RFC 6120 §8.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Try again after logging in or asking for a right.
    Auth,
    /// Give up.
    Cancel,
    /// Go on: it was only a warning.
    Continue,
    /// Try again with other data.
    Modify,
    /// Try again later.
    Wait,
}

impl ErrorKind {
    /// The value of the attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Auth => "auth",
            ErrorKind::Cancel => "cancel",
            ErrorKind::Continue => "continue",
            ErrorKind::Modify => "modify",
            ErrorKind::Wait => "wait",
        }
    }

    fn parse(text: &str) -> Option<ErrorKind> {
        use ErrorKind::{Auth, Cancel, Continue, Modify, Wait};
        [Auth, Cancel, Continue, Modify, Wait]
            .into_iter()
            .find(|k| k.as_str() == text)
    }
}

macro_rules! conditions {
    ($($(#[$doc:meta])* $variant:ident $make:ident $name:literal $kind:ident;)*) => {
        /// The conditions of RFC 6120 §8.3.3.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Condition { $($(#[$doc])* $variant,)* }

        impl Condition {
            /// All of them.
            pub const ALL: &[Condition] = &[$(Condition::$variant,)*];

            /// The element's name.
            pub fn name(self) -> &'static str {
                match self { $(Condition::$variant => $name,)* }
            }

            /// The type it usually has.
            pub fn kind(self) -> ErrorKind {
                match self { $(Condition::$variant => ErrorKind::$kind,)* }
            }
        }

        impl StanzaError {
            $($(#[$doc])* pub fn $make() -> StanzaError { StanzaError::new(Condition::$variant) })*
        }
    };
}

/// Why a stanza was not processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StanzaError {
    /// What the sender may do.
    pub kind: ErrorKind,
    /// What is the matter.
    pub condition: Condition,
    /// A text for people.
    pub text: Option<Box<str>>,
    /// An application-specific condition.
    pub extra: Option<Box<Element>>,
}

conditions! {
    /// The stanza is not as it should be.
    BadRequest bad_request "bad-request" Modify;
    /// Something of that name is there.
    Conflict conflict "conflict" Cancel;
    /// This is not implemented.
    FeatureNotImplemented feature_not_implemented "feature-not-implemented" Cancel;
    /// The sender may not.
    Forbidden forbidden "forbidden" Auth;
    /// It is no longer at this address.
    Gone gone "gone" Cancel;
    /// The server failed.
    InternalServerError internal_server_error "internal-server-error" Cancel;
    /// There is no such thing.
    ItemNotFound item_not_found "item-not-found" Cancel;
    /// An address is none.
    JidMalformed jid_malformed "jid-malformed" Modify;
    /// What was sent is not acceptable here.
    NotAcceptable not_acceptable "not-acceptable" Modify;
    /// Nobody may.
    NotAllowed not_allowed "not-allowed" Cancel;
    /// The sender has to log in first.
    NotAuthorized not_authorized "not-authorized" Auth;
    /// A rule of this service was broken.
    PolicyViolation policy_violation "policy-violation" Modify;
    /// The recipient is away.
    RecipientUnavailable recipient_unavailable "recipient-unavailable" Wait;
    /// It is elsewhere.
    Redirect redirect "redirect" Modify;
    /// The sender has to register first.
    RegistrationRequired registration_required "registration-required" Auth;
    /// There is no such server.
    RemoteServerNotFound remote_server_not_found "remote-server-not-found" Cancel;
    /// The other server does not answer.
    RemoteServerTimeout remote_server_timeout "remote-server-timeout" Wait;
    /// The server lacks resources.
    ResourceConstraint resource_constraint "resource-constraint" Wait;
    /// Nobody here offers this.
    ServiceUnavailable service_unavailable "service-unavailable" Cancel;
    /// The sender has to subscribe first.
    SubscriptionRequired subscription_required "subscription-required" Auth;
    /// None of the others.
    UndefinedCondition undefined_condition "undefined-condition" Cancel;
    /// It came at the wrong time.
    UnexpectedRequest unexpected_request "unexpected-request" Wait;
}

impl StanzaError {
    fn new(condition: Condition) -> StanzaError {
        StanzaError {
            kind: condition.kind(),
            condition,
            text: None,
            extra: None,
        }
    }

    /// With a text for people.
    pub fn with_text(mut self, text: &str) -> StanzaError {
        self.text = Some(text.into());
        self
    }

    /// With another type than the usual one.
    pub fn with_kind(mut self, kind: ErrorKind) -> StanzaError {
        self.kind = kind;
        self
    }

    /// With an application-specific condition.
    pub fn with_extra(mut self, extra: Element) -> StanzaError {
        self.extra = Some(Box::new(extra));
        self
    }

    /// It as an element.
    pub fn to_element(&self) -> Element {
        let mut e = Element::new(ns::CLIENT, "error")
            .attr("type", self.kind.as_str())
            .child(Element::new(ns::STANZAS, self.condition.name()));
        if let Some(text) = &self.text {
            e.push(
                Element::new(ns::STANZAS, "text")
                    .attr("xml:lang", "en")
                    .text(&**text),
            );
        }
        e.children_from(self.extra.as_deref().cloned())
    }

    /// The answer to `to`: addresses swapped, same id. That `to` is no answer itself is the caller's duty.
    pub fn reply(&self, to: &Stanza) -> Stanza {
        let mut reply = Stanza::new(to.kind).with_type("error");
        (reply.to, reply.from, reply.id) = (to.from.clone(), to.to.clone(), to.id.clone());
        reply.with_child(self.to_element())
    }

    /// Reads the error of a stanza of type error.
    pub fn parse(error: &Element) -> Option<StanzaError> {
        let kind = ErrorKind::parse(error.get("type")?)?;
        let of = |e: &Element| {
            Condition::ALL
                .iter()
                .copied()
                .find(|c| e.is(c.name(), ns::STANZAS))
        };
        let condition = error.children().find_map(of)?;
        let text = error.find_text("text", ns::STANZAS).map(Into::into);
        let extra = error
            .children()
            .find(|e| e.ns() != ns::STANZAS)
            .cloned()
            .map(Box::new);
        Some(StanzaError {
            kind,
            condition,
            text,
            extra,
        })
    }
}

impl fmt::Display for StanzaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.condition.name())?;
        self.text.as_ref().map_or(Ok(()), |t| write!(f, ": {t}"))
    }
}

impl std::error::Error for StanzaError {}

/// Whether an error may answer `stanza`: answers and errors are not answered (RFC 6120 §8.3.1).
impl Stanza {
    /// See above.
    pub fn may_be_answered(&self) -> bool {
        let kind = self.type_.as_deref();
        kind != Some("error") && !(self.kind == Kind::Iq && kind == Some("result"))
    }
}
