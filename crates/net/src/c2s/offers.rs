//! Stream headers and features (RFC 6120 §4): what a client is offered where it stands.

use super::{negotiate::Negotiation, sasl, sasl2, wire::Gone};
use crate::transport::Transport;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use magpie_xmpp::{Element, StreamError, ns, scan::Event, stream::StreamHeader};

/// Where a client stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It has not logged in.
    Stranger,
    /// It has, and has no session.
    LoggedIn,
    /// It has a session that was bound within the login.
    Bound {
        /// Stream management is on.
        managed: bool,
    },
}

impl Negotiation<'_> {
    /// Takes the client's stream header, answers it and offers what there is.
    pub async fn header(&mut self, stage: Stage) -> Result<(), Gone> {
        let header = match self.wire.event().await? {
            Event::Open(header) => header,
            Event::Close => return Err(Gone::Cut),
            _ => return Err(StreamError::bad_format().into()),
        };
        self.wire
            .open(&self.shared.cx.domain, &random_id()?, header.from.as_ref());
        self.check(&header)?;
        self.from = header.from;
        self.offer(stage);
        self.wire.flush().await?;
        Ok(())
    }

    fn check(&self, header: &StreamHeader) -> Result<(), StreamError> {
        let domain = &self.shared.cx.domain;
        if header.ns != ns::CLIENT {
            return Err(StreamError::invalid_namespace());
        }
        if header.to.as_ref().is_some_and(|to| to != domain) {
            return Err(StreamError::host_unknown());
        }
        if header
            .from
            .as_ref()
            .is_some_and(|from| !self.shared.cx.is_local(from))
        {
            return Err(StreamError::invalid_from());
        }
        match header.version {
            Some((1, _)) => Ok(()),
            _ => Err(StreamError::unsupported_version()),
        }
    }

    /// Offers what may come next.
    pub fn offer(&mut self, stage: Stage) {
        let mut list = match stage {
            Stage::Stranger => self.offers_before_login(),
            Stage::LoggedIn | Stage::Bound { .. } => self.offers_after_login(stage),
        };
        let known = stage != Stage::Stranger;
        if known || self.may_log_in() {
            let cx = &self.shared.cx;
            let features = cx.features.iter();
            features.for_each(|f| f.stream_features(cx, known, &mut list));
        }
        self.wire.transport.put(|out| write_features(&list, out));
    }

    fn offers_before_login(&self) -> Vec<Element> {
        let mut list = Vec::new();
        if let Transport::Tcp(tcp) = &self.wire.transport
            && tcp.socket.tls().is_none()
        {
            let required = !self.plain_allowed();
            list.push(
                Element::new(ns::TLS, "starttls")
                    .children_from(required.then(|| Element::new(ns::TLS, "required"))),
            );
        }
        if self.may_log_in() {
            list.push(sasl2::offer(self));
            list.extend(sasl::offer(self));
            list.push(self.limits());
        }
        list
    }

    fn offers_after_login(&self, stage: Stage) -> Vec<Element> {
        let mut list = Vec::new();
        if stage == Stage::LoggedIn {
            list.push(Element::new(ns::BIND, "bind"));
            let optional = Element::new(ns::SESSION, "optional");
            list.push(Element::new(ns::SESSION, "session").child(optional));
        }
        if stage != (Stage::Bound { managed: true }) {
            list.push(Element::new(ns::SM3, "sm"));
        }
        list.push(Element::new(ns::CSI, "csi"));
        list.push(self.limits());
        list
    }

    /// XEP-0478.
    fn limits(&self) -> Element {
        let config = &self.shared.config;
        let limit = |name: &'static str, n: u64| Element::new(ns::LIMITS, name).text(n.to_string());
        Element::new(ns::LIMITS, "limits")
            .child(limit("max-bytes", config.max_stanza_bytes as u64))
            .child(limit("idle-seconds", config.idle_secs * 2))
    }
}

/// The prefix is the one that clients expect.
fn write_features(features: &[Element], out: &mut Vec<u8>) {
    out.extend_from_slice(b"<stream:features xmlns:stream='http://etherx.jabber.org/streams'>");
    features.iter().for_each(|e| e.write(out, ""));
    out.extend_from_slice(b"</stream:features>");
}

/// An id that nobody can guess.
pub(super) fn random_id() -> Result<String, StreamError> {
    let mut random = [0; 18];
    getrandom::fill(&mut random).map_err(|_| StreamError::internal_server_error())?;
    Ok(URL_SAFE_NO_PAD.encode(random))
}
