//! Stream errors (RFC 6120 §4.9): the stream ends with them.

use crate::{escape, ns, stanza::Framing};
use std::fmt;

macro_rules! conditions {
    ($($(#[$doc:meta])* $variant:ident $make:ident $name:literal;)*) => {
        /// The conditions of RFC 6120 §4.9.3.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum StreamCondition { $($(#[$doc])* $variant,)* }

        impl StreamCondition {
            /// All of them.
            pub const ALL: &[StreamCondition] = &[$(StreamCondition::$variant,)*];

            /// The element's name.
            pub fn name(self) -> &'static str {
                match self { $(StreamCondition::$variant => $name,)* }
            }
        }

        impl StreamError {
            $($(#[$doc])* pub fn $make() -> StreamError { StreamError::new(StreamCondition::$variant) })*
        }
    };
}

/// Why a stream ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamError {
    /// The condition.
    pub condition: StreamCondition,
    /// A text for people.
    pub text: Option<Box<str>>,
    /// An application-specific condition, as XML with its own namespace.
    pub extra: Option<Box<str>>,
}

conditions! {
    /// XML that cannot be processed.
    BadFormat bad_format "bad-format";
    /// A namespace prefix is missing or unsupported.
    BadNamespacePrefix bad_namespace_prefix "bad-namespace-prefix";
    /// Another stream took this one's place.
    Conflict conflict "conflict";
    /// The peer was silent for too long.
    ConnectionTimeout connection_timeout "connection-timeout";
    /// The host is served no longer.
    HostGone host_gone "host-gone";
    /// The host is not served here.
    HostUnknown host_unknown "host-unknown";
    /// A stanza between servers lacks an address.
    ImproperAddressing improper_addressing "improper-addressing";
    /// The server failed.
    InternalServerError internal_server_error "internal-server-error";
    /// A `from` that is not the sender's.
    InvalidFrom invalid_from "invalid-from";
    /// A wrong stream or content namespace.
    InvalidNamespace invalid_namespace "invalid-namespace";
    /// XML that is valid but not as expected.
    InvalidXml invalid_xml "invalid-xml";
    /// Something was sent before login.
    NotAuthorized not_authorized "not-authorized";
    /// XML that is not well-formed.
    NotWellFormed not_well_formed "not-well-formed";
    /// A rule of this service was broken.
    PolicyViolation policy_violation "policy-violation";
    /// Another server cannot be reached.
    RemoteConnectionFailed remote_connection_failed "remote-connection-failed";
    /// The stream is to be opened anew.
    Reset reset "reset";
    /// The server lacks resources.
    ResourceConstraint resource_constraint "resource-constraint";
    /// XML that XMPP forbids (RFC 6120 §11.1).
    RestrictedXml restricted_xml "restricted-xml";
    /// The service is elsewhere.
    SeeOtherHost see_other_host "see-other-host";
    /// The server goes down.
    SystemShutdown system_shutdown "system-shutdown";
    /// None of the others.
    UndefinedCondition undefined_condition "undefined-condition";
    /// Not UTF-8.
    UnsupportedEncoding unsupported_encoding "unsupported-encoding";
    /// A required feature is missing.
    UnsupportedFeature unsupported_feature "unsupported-feature";
    /// A first-level element that is not understood.
    UnsupportedStanzaType unsupported_stanza_type "unsupported-stanza-type";
    /// A version of XMPP that is not spoken here.
    UnsupportedVersion unsupported_version "unsupported-version";
}

impl StreamError {
    fn new(condition: StreamCondition) -> StreamError {
        StreamError {
            condition,
            text: None,
            extra: None,
        }
    }

    /// With a text for people.
    pub fn with_text(mut self, text: &str) -> StreamError {
        self.text = Some(text.into());
        self
    }

    /// With an application-specific condition.
    pub fn with_extra(mut self, extra: &crate::Element) -> StreamError {
        self.extra = Some(extra.to_xml().into());
        self
    }

    /// Appends the error element; the prefix `stream` is bound over TCP, over WebSocket it is declared.
    pub fn write(&self, out: &mut Vec<u8>, framing: Framing) {
        out.extend_from_slice(b"<stream:error");
        if framing == Framing::WebSocket {
            out.extend_from_slice(format!(" xmlns:stream='{}'", ns::STREAM).as_bytes());
        }
        out.extend_from_slice(
            format!("><{} xmlns='{}'/>", self.condition.name(), ns::STREAMS).as_bytes(),
        );
        if let Some(text) = &self.text {
            out.extend_from_slice(
                format!("<text xmlns='{}' xml:lang='en'>", ns::STREAMS).as_bytes(),
            );
            escape::text(out, text);
            out.extend_from_slice(b"</text>");
        }
        out.extend_from_slice(self.extra.as_deref().unwrap_or("").as_bytes());
        out.extend_from_slice(b"</stream:error>");
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.condition.name())?;
        self.text.as_ref().map_or(Ok(()), |t| write!(f, ": {t}"))
    }
}

impl std::error::Error for StreamError {}
