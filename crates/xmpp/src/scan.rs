//! The scan: cuts a byte stream into stanzas and refuses all that XMPP forbids (RFC 6120 §11).
//!
//! It looks at each byte a constant number of times, keeps its place when a stanza is incomplete, and copies nothing out of
//! its buffer: a stanza's inner bytes are a slice of it. What it answers does not depend on the pieces the bytes come in.

mod chars;
mod header;
mod item;
mod names;
mod tag;
mod token;
pub(crate) mod tree;

pub use crate::stanza::Framing;
pub(crate) use names::Outer;

use crate::{Element, Stanza, error::StreamError, ns, stream::StreamHeader};
use bytes::{Buf, BytesMut};
use chars::is_blank;
use header::Opened;
use item::{Found, Item};
use std::borrow::Cow;

/// A prefix and the namespace it is bound to.
pub(crate) type Prefix = (Cow<'static, str>, Cow<'static, str>);

/// How much one stanza may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes; at most 2 GiB are taken.
    pub max_bytes: usize,
    /// Elements within each other.
    pub max_depth: u16,
    /// Attributes of one element.
    pub max_attrs: u16,
    /// Namespace declarations in force at one place.
    pub max_ns: u16,
    /// Direct children.
    pub max_children: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_bytes: 256 << 10,
            max_depth: 64,
            max_attrs: 64,
            max_ns: 32,
            max_children: 1000,
        }
    }
}

/// Bytes a stream header may have. What it binds travels with stanzas, and is kept while the stream is idle.
const MAX_HEADER: usize = 4096;
/// Positions within a stanza are kept in 32 bits.
const MAX_BYTES: usize = 1 << 31;

/// What the peer sent.
#[derive(Debug)]
pub enum Event {
    /// It opened the stream.
    Open(StreamHeader),
    /// A stanza.
    Stanza(Stanza),
    /// Another first-level element: SASL, STARTTLS, stream management …
    Element(Element),
    /// It closed the stream.
    Close,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Malformed,
    TooManyAttributes,
    /// Well-formed XML that XMPP forbids.
    Restricted,
}

impl From<Fault> for StreamError {
    fn from(fault: Fault) -> StreamError {
        match fault {
            Fault::Malformed => StreamError::not_well_formed(),
            Fault::TooManyAttributes => {
                StreamError::policy_violation().with_text("too many attributes")
            }
            Fault::Restricted => StreamError::restricted_xml(),
        }
    }
}

/// See the module. Idle it holds no memory on the heap, unless the stream's header bound prefixes of its own.
#[derive(Debug)]
pub struct Scanner {
    buffer: BytesMut,
    item: Option<Box<Item>>,
    opened: Option<Opened>,
    limits: Limits,
    framing: Framing,
    /// An XML declaration can no longer come.
    begun: bool,
}

impl Scanner {
    /// A scanner at the beginning of a stream.
    pub fn new(framing: Framing, limits: Limits) -> Scanner {
        let mut scanner = Scanner {
            buffer: BytesMut::new(),
            item: None,
            opened: None,
            limits,
            framing,
            begun: false,
        };
        scanner.set_limits(limits);
        scanner
    }

    /// Changes the limits from the next stanza on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = Limits {
            max_bytes: limits.max_bytes.min(MAX_BYTES),
            ..limits
        };
    }

    /// Takes bytes in. Over WebSocket: one whole message, and [`Scanner::next`] is asked for its event before the next one.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// A new stream begins and what was received so far must not count: TLS was negotiated (RFC 6120 §5.4.3.3).
    pub fn reset(&mut self) {
        *self = Scanner::new(self.framing, self.limits);
    }

    /// A new stream begins; what the peer sent ahead belongs to it: SASL succeeded (RFC 6120 §6.4.6).
    pub fn restart(&mut self) {
        let buffer = std::mem::take(&mut self.buffer);
        *self = Scanner {
            buffer,
            ..Scanner::new(self.framing, self.limits)
        };
    }

    /// Bytes of an incomplete stanza.
    pub fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// Whether nothing is incomplete.
    pub fn is_idle(&self) -> bool {
        self.buffer.is_empty()
    }

    /// The next event, `None` until more bytes come. After an error the stream is over.
    #[allow(
        clippy::should_implement_trait,
        reason = "an iterator ends at None, here more may come"
    )]
    pub fn next(&mut self) -> Result<Option<Event>, StreamError> {
        if self.item.as_ref().is_none_or(|item| item.is_clear()) {
            self.skip_blanks();
        }
        if self.buffer.is_empty() {
            (self.buffer, self.item) = (BytesMut::new(), None);
            return Ok(None);
        }
        match self.framing {
            Framing::Tcp if self.opened.is_none() => self.header(),
            Framing::Tcp => self.item(),
            Framing::WebSocket => self.message(),
        }
    }

    /// White space between items is nothing, but an XML declaration does not follow it.
    fn skip_blanks(&mut self) {
        let blanks = self.buffer.iter().take_while(|b| is_blank(**b)).count();
        if blanks > 0 {
            self.buffer.advance(blanks);
            self.begun = true;
        }
    }

    /// The stream's start tag over TCP.
    fn header(&mut self) -> Result<Option<Event>, StreamError> {
        if !self.begun {
            let Some(length) = header::declaration(&self.buffer)? else {
                return Ok(None);
            };
            self.buffer.advance(length);
            self.begun = true;
            return self.next();
        }
        let limits = Limits {
            max_bytes: self.limits.max_bytes.min(MAX_HEADER),
            ..self.limits
        };
        let item = self.item.get_or_insert_default();
        let Some((tag, length)) = item.first_tag(&self.buffer, &limits)? else {
            return Ok(None);
        };
        let (header, opened) = header::stream(&self.buffer[..length], tag, &limits)?;
        item.clear();
        self.buffer.advance(length);
        self.opened = Some(opened);
        Ok(Some(Event::Open(header)))
    }

    fn item(&mut self) -> Result<Option<Event>, StreamError> {
        let (outer, stream) = match &self.opened {
            Some(opened) => (opened.outer(), opened.name()),
            None => (Outer::NONE, ""),
        };
        let item = self.item.get_or_insert_default();
        let Some(found) = item.scan(&self.buffer, &self.limits, outer, stream)? else {
            return Ok(None);
        };
        let bytes = self.buffer.split_to(item.length()).freeze();
        let event = match found {
            Found::Stanza(kind) => Event::Stanza(item.stanza(kind, bytes, outer)?),
            Found::Other => Event::Element(Item::element(&bytes, outer)?),
            Found::Close => Event::Close,
        };
        item.clear();
        Ok(Some(event))
    }

    /// One WebSocket message: one document (RFC 7395 §3.3).
    fn message(&mut self) -> Result<Option<Event>, StreamError> {
        let event = self.item()?.ok_or_else(StreamError::not_well_formed)?;
        if self.buffer.iter().any(|b| !is_blank(*b)) {
            return Err(StreamError::bad_format().with_text("one element per WebSocket message"));
        }
        (self.buffer, self.item) = (BytesMut::new(), None);
        Ok(Some(match event {
            Event::Element(e) if e.is("open", ns::FRAMING) => {
                Event::Open(StreamHeader::of_open(&e))
            }
            Event::Element(e) if e.is("close", ns::FRAMING) => Event::Close,
            event => event,
        }))
    }
}

/// One whole stanza of namespace `jabber:client`, nothing before or behind it.
pub(crate) fn stanza(xml: &[u8]) -> Result<Stanza, StreamError> {
    let limits = Limits {
        max_bytes: MAX_BYTES,
        max_children: u32::MAX,
        ..Limits::default()
    };
    let mut scanner = Scanner::new(Framing::WebSocket, limits);
    scanner.push(xml);
    match scanner.next()? {
        Some(Event::Stanza(stanza)) => Ok(stanza),
        _ => Err(StreamError::invalid_xml()),
    }
}

#[cfg(test)]
mod tests;
