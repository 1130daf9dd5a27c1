//! The routed unit: a parsed head, the spans of its children, and the bytes between start and end tag as they came.
//!
//! Routing rewrites the start tag only; what the sender wrote inside travels untouched.

mod types;

pub use types::{IqType, MessageType, PresenceType};

use crate::{
    Element, Jid,
    element::ElementError,
    error::StreamError,
    escape, ns,
    scan::{self, Outer, Prefix},
};
use bytes::Bytes;
use bytestring::ByteString;
use smallvec::SmallVec;

/// Which stanza.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `<message/>`
    Message,
    /// `<presence/>`
    Presence,
    /// `<iq/>`
    Iq,
}

impl Kind {
    /// The element's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Message => "message",
            Kind::Presence => "presence",
            Kind::Iq => "iq",
        }
    }

    pub(crate) fn of(name: &[u8]) -> Option<Kind> {
        [Kind::Message, Kind::Presence, Kind::Iq]
            .into_iter()
            .find(|k| k.name().as_bytes() == name)
    }
}

/// How stanzas are framed on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// Within one `<stream:stream>` whose default namespace is `jabber:client` (RFC 6120).
    Tcp,
    /// Each on its own in a WebSocket message (RFC 7395).
    WebSocket,
}

/// See the module. Cloning shares the bytes.
#[derive(Debug, Clone)]
pub struct Stanza {
    /// Which stanza.
    pub kind: Kind,
    /// Whom it is for.
    pub to: Option<Jid>,
    /// Whom it is from.
    pub from: Option<Jid>,
    /// Its id.
    pub id: Option<Box<str>>,
    /// Its type, as written.
    pub type_: Option<Box<str>>,
    /// Its language (`xml:lang`).
    pub lang: Option<Box<str>>,
    /// Which address was none, if one was: `to` or `from`.
    pub malformed: Option<&'static str>,
    pub(crate) around: Option<Box<Around>>,
    pub(crate) kids: SmallVec<[KidSpan; 4]>,
    pub(crate) inner: ByteString,
}

/// What children inherit that is not in their own bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    /// Prefixes declared on the stanza's tag or the stream's header: they travel with the stanza.
    pub prefixes: Vec<Prefix>,
    /// Namespaces that some child inherits or writes with references.
    pub names: Vec<Box<str>>,
}

/// Where a child lies within `inner`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KidSpan {
    pub start: u32,
    pub end: u32,
    pub name: (u32, u32),
    pub ns: KidNs,
}

/// A child's namespace.
#[derive(Debug, Clone, Copy)]
pub(crate) enum KidNs {
    /// `jabber:client`, inherited.
    Client,
    /// Bytes of `inner`.
    At(u32, u32),
    /// A place in `Around::names`.
    Own(u32),
}

/// A direct child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kid<'a> {
    /// Its name without prefix.
    pub name: &'a str,
    /// Its namespace.
    pub ns: &'a str,
    /// The whole child as it was written.
    pub xml: &'a str,
}

impl Stanza {
    /// An empty stanza.
    pub fn new(kind: Kind) -> Stanza {
        Stanza {
            kind,
            to: None,
            from: None,
            id: None,
            type_: None,
            lang: None,
            malformed: None,
            around: None,
            kids: SmallVec::new(),
            inner: ByteString::new(),
        }
    }

    /// An empty message.
    pub fn message() -> Stanza {
        Stanza::new(Kind::Message)
    }

    /// An empty presence.
    pub fn presence() -> Stanza {
        Stanza::new(Kind::Presence)
    }

    /// An empty IQ.
    pub fn iq(kind: &str) -> Stanza {
        Stanza::new(Kind::Iq).with_type(kind)
    }

    /// Reads what [`Stanza::to_xml`] wrote: one whole stanza of namespace `jabber:client`.
    pub fn parse(xml: &[u8]) -> Result<Stanza, StreamError> {
        scan::stanza(xml)
    }

    /// With a recipient.
    pub fn with_to(mut self, to: Jid) -> Stanza {
        self.to = Some(to);
        self
    }

    /// With a sender.
    pub fn with_from(mut self, from: Jid) -> Stanza {
        self.from = Some(from);
        self
    }

    /// With an id.
    pub fn with_id(mut self, id: &str) -> Stanza {
        self.id = Some(id.into());
        self
    }

    /// With a type.
    pub fn with_type(mut self, kind: &str) -> Stanza {
        self.type_ = Some(kind.into());
        self
    }

    /// With a child behind the others.
    pub fn with_child(mut self, child: Element) -> Stanza {
        self.push(&child);
        self
    }

    /// With a child that is there as text already: `name` of namespace `ns`, which `xml` declares by itself.
    pub fn with_raw(mut self, name: &str, ns: &'static str, xml: &str) -> Stanza {
        self.append(xml, name.len(), ns);
        self
    }

    /// The empty result of this IQ.
    pub fn iq_result(&self) -> Stanza {
        let mut reply = Stanza::iq("result");
        (reply.to, reply.from, reply.id) = (self.from.clone(), self.to.clone(), self.id.clone());
        reply
    }

    /// The result of this IQ with a payload.
    pub fn iq_result_with(&self, payload: Element) -> Stanza {
        self.iq_result().with_child(payload)
    }

    fn kid_at(&self, span: &KidSpan) -> Kid<'_> {
        let at = |a: u32, b: u32| self.inner.get(a as usize..b as usize).unwrap_or_default();
        Kid {
            name: at(span.name.0, span.name.1),
            ns: match span.ns {
                KidNs::Client => ns::CLIENT,
                KidNs::At(a, b) => at(a, b),
                KidNs::Own(i) => self.own_name(i),
            },
            xml: at(span.start, span.end),
        }
    }

    fn own_name(&self, at: u32) -> &str {
        let names = self.around.as_ref().map_or(&[][..], |a| &a.names);
        names.get(at as usize).map_or("", |name| name)
    }

    /// Its children.
    pub fn kids(&self) -> impl Iterator<Item = Kid<'_>> {
        self.kids.iter().map(|span| self.kid_at(span))
    }

    /// The first child.
    pub fn first_kid(&self) -> Option<Kid<'_>> {
        self.kids().next()
    }

    /// The first child with this name and namespace.
    pub fn kid(&self, name: &str, ns: &str) -> Option<Kid<'_>> {
        self.kids().find(|k| k.name == name && k.ns == ns)
    }

    /// Whether there is a child with this name and namespace.
    pub fn has(&self, name: &str, ns: &str) -> bool {
        self.kid(name, ns).is_some()
    }

    /// Whether there is a child of this namespace.
    pub fn has_ns(&self, ns: &str) -> bool {
        self.kids().any(|k| k.ns == ns)
    }

    fn tree(&self, kid: Kid<'_>) -> Result<Element, ElementError> {
        let outer = Outer {
            default: ns::CLIENT,
            prefixes: self.around.as_ref().map_or(&[], |a| &a.prefixes),
        };
        scan::tree::parse(kid.xml, outer)
    }

    /// The first child with this name and namespace, as a tree.
    pub fn element(&self, name: &str, ns: &str) -> Option<Element> {
        self.tree(self.kid(name, ns)?).ok()
    }

    /// All children as trees.
    pub fn elements(&self) -> impl Iterator<Item = Element> {
        self.kids().filter_map(|k| self.tree(k).ok())
    }

    /// The text of the first `jabber:client` child of this name, `body` for example.
    pub fn text(&self, name: &str) -> Option<String> {
        self.element(name, ns::CLIENT).map(|e| e.text_content())
    }

    /// Adds a child behind the others.
    pub fn push(&mut self, child: &Element) {
        let mut xml = Vec::with_capacity(128);
        child.write(&mut xml, ns::CLIENT);
        // Only text was put in.
        let xml = String::from_utf8(xml).unwrap_or_default();
        self.append(&xml, child.name().len(), child.ns());
    }

    /// Appends `xml`, an element whose name has `name` bytes and no prefix.
    fn append(&mut self, xml: &str, name: usize, namespace: &str) {
        let ns = if namespace == ns::CLIENT {
            KidNs::Client
        } else {
            let names = &mut self.around.get_or_insert_default().names;
            names.push(namespace.into());
            KidNs::Own(names.len() as u32 - 1)
        };
        let start = self.inner.len() as u32;
        self.kids.push(KidSpan {
            start,
            end: start + xml.len() as u32,
            name: (start + 1, start + 1 + name as u32),
            ns,
        });
        self.inner = [&*self.inner, xml].concat().into();
    }

    /// Cuts the children out that `which` picks; tells how many.
    pub fn remove(&mut self, which: impl Fn(&Kid<'_>) -> bool) -> usize {
        let gone: SmallVec<[bool; 8]> = self.kids().map(|k| which(&k)).collect();
        let count = gone.iter().filter(|g| **g).count();
        if count == 0 {
            return 0;
        }
        let (mut kept, mut copied) = (SmallVec::new(), 0);
        let mut xml = String::with_capacity(self.inner.len());
        for (span, gone) in self.kids.iter().zip(gone) {
            let (start, end) = (span.start as usize, span.end as usize);
            xml.push_str(&self.inner[copied..start]);
            copied = end;
            if !gone {
                kept.push(span.moved_by(xml.len() as i64 - start as i64));
                xml.push_str(&self.inner[start..end]);
            }
        }
        xml.push_str(&self.inner[copied..]);
        (self.kids, self.inner) = (kept, xml.into());
        count
    }

    /// The bytes between start and end tag.
    pub fn inner(&self) -> &Bytes {
        self.inner.as_bytes()
    }

    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        let jid = |j: &Option<Jid>| j.as_ref().map_or(0, |j| j.as_str().len());
        self.inner.len() + jid(&self.to) + jid(&self.from) + 128
    }

    /// Appends it for the wire.
    pub fn write(&self, out: &mut Vec<u8>, framing: Framing) {
        self.write_as(out, framing == Framing::WebSocket);
    }

    fn write_as(&self, out: &mut Vec<u8>, namespace: bool) {
        let name = self.kind.name();
        out.push(b'<');
        out.extend_from_slice(name.as_bytes());
        if namespace {
            out.extend_from_slice(b" xmlns='jabber:client'");
        }
        for (prefix, uri) in self.around.iter().flat_map(|a| &a.prefixes) {
            attribute(out, &format!("xmlns:{prefix}"), Some(uri));
        }
        attribute(out, "type", self.type_.as_deref());
        attribute(out, "id", self.id.as_deref());
        attribute(out, "from", self.from.as_ref().map(Jid::as_str));
        attribute(out, "to", self.to.as_ref().map(Jid::as_str));
        attribute(out, "xml:lang", self.lang.as_deref());
        if self.inner.is_empty() {
            out.extend_from_slice(b"/>");
            return;
        }
        out.push(b'>');
        out.extend_from_slice(self.inner.as_bytes());
        out.extend_from_slice(b"</");
        out.extend_from_slice(name.as_bytes());
        out.push(b'>');
    }

    /// It as a text of its own, with its namespace: for the archive, and to be forwarded (XEP-0297).
    pub fn to_xml(&self) -> String {
        let mut out = Vec::with_capacity(self.size() + 64);
        self.write_as(&mut out, true);
        String::from_utf8(out).unwrap_or_default()
    }

    /// As [`Stanza::to_xml`]: what stands inside `<forwarded/>`.
    pub fn forwarded_xml(&self) -> String {
        self.to_xml()
    }

    /// It as a tree.
    pub fn to_element(&self) -> Element {
        Element::parse(&self.to_xml())
            .unwrap_or_else(|_| Element::new(ns::CLIENT, self.kind.name()))
    }
}

impl KidSpan {
    pub(crate) fn moved_by(self, by: i64) -> KidSpan {
        let to = |at: u32| (i64::from(at) + by) as u32;
        let ns = match self.ns {
            KidNs::At(a, b) => KidNs::At(to(a), to(b)),
            ns => ns,
        };
        KidSpan {
            start: to(self.start),
            end: to(self.end),
            name: (to(self.name.0), to(self.name.1)),
            ns,
        }
    }
}

fn attribute(out: &mut Vec<u8>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        out.push(b' ');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"='");
        escape::attr(out, value);
        out.push(b'\'');
    }
}
