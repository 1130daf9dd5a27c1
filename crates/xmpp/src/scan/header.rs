//! What stands before the first item of a TCP stream: the XML declaration and the stream's start tag (RFC 6120 §4.7, §11.5).

use super::{
    Fault, Limits, Prefix, chars,
    names::{Names, Outer, attr_value},
    tag::Tag,
};
use crate::{error::StreamError, ns, stream::StreamHeader};
use std::borrow::Cow;

/// Bytes a declaration may have.
const DECLARATION: usize = 256;

/// The name of the stream's tag and what it binds, for as long as the stream is open.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// As everybody does it: `<stream:stream xmlns='jabber:client' …>`. Costs no memory.
    Usual,
    Other(Box<Other>),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Other {
    name: Box<str>,
    default: Box<str>,
    prefixes: Vec<Prefix>,
}

static USUAL: [Prefix; 1] = [(Cow::Borrowed("stream"), Cow::Borrowed(ns::STREAM))];
const USUAL_NAME: &str = "stream:stream";

impl Opened {
    fn new(name: &str, default: &str, prefixes: Vec<Prefix>) -> Opened {
        if name == USUAL_NAME && default == ns::CLIENT && prefixes == USUAL {
            return Opened::Usual;
        }
        Opened::Other(Box::new(Other {
            name: name.into(),
            default: default.into(),
            prefixes,
        }))
    }

    pub fn outer(&self) -> Outer<'_> {
        match self {
            Opened::Usual => Outer {
                default: ns::CLIENT,
                prefixes: &USUAL,
            },
            Opened::Other(other) => Outer {
                default: &other.default,
                prefixes: &other.prefixes,
            },
        }
    }

    /// The name that the stream's end tag has.
    pub fn name(&self) -> &str {
        match self {
            Opened::Usual => USUAL_NAME,
            Opened::Other(other) => &other.name,
        }
    }
}

/// The length of the XML declaration at the beginning, 0 if there is none, `None` until that is known.
pub(super) fn declaration(buffer: &[u8]) -> Result<Option<usize>, StreamError> {
    const OPEN: &[u8] = b"<?xml";
    if !buffer.starts_with(b"<?") {
        return Ok((buffer != b"<").then_some(0));
    }
    let head = &buffer[..buffer.len().min(DECLARATION)];
    if !OPEN.starts_with(&head[..head.len().min(OPEN.len())]) {
        return Err(StreamError::restricted_xml());
    }
    match memchr::memmem::find(head, b"?>") {
        Some(end) => {
            check_declaration(&head[2..end])?;
            Ok(Some(end + 2))
        }
        None if head.len() == DECLARATION => Err(StreamError::not_well_formed()),
        None => Ok(None),
    }
}

/// `inside` stands between `<?` and `?>`: a version, perhaps an encoding, perhaps whether it stands alone (XML 1.0 §2.8).
fn check_declaration(inside: &[u8]) -> Result<(), StreamError> {
    let bad = StreamError::not_well_formed;
    // What is left looks like a start tag.
    let bytes = [b"<", inside, b">"].concat();
    let mut tag = Tag::default();
    let end = tag.read(&bytes, 0, 3).map_err(|_| bad())?;
    if end != bytes.len() || tag.empty {
        return Err(bad());
    }
    if tag.name.whole.of(&bytes) != b"xml" {
        return Err(StreamError::restricted_xml());
    }
    let order = [&b"version"[..], b"encoding", b"standalone"];
    let mut last = None;
    for attr in &tag.attrs {
        let name = attr.name.whole.of(&bytes);
        let at = order.iter().position(|n| *n == name).ok_or_else(bad)?;
        let value = attr.value.of(&bytes);
        match at {
            _ if last >= Some(at) || (last.is_none() && at > 0) => return Err(bad()),
            0 if value != b"1.0" => return Err(bad()),
            1 if !value.eq_ignore_ascii_case(b"utf-8") => {
                return Err(StreamError::unsupported_encoding());
            }
            2 if value != b"yes" && value != b"no" => return Err(bad()),
            _ => last = Some(at),
        }
    }
    last.map(|_| ()).ok_or_else(bad)
}

/// The stream header whose `tag` was read from `bytes`.
pub(super) fn stream(
    bytes: &[u8],
    tag: &Tag,
    limits: &Limits,
) -> Result<(StreamHeader, Opened), StreamError> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::Malformed)?;
    if !chars::are_allowed(text) {
        return Err(StreamError::not_well_formed());
    }
    let mut names = Names::default();
    let uri = names.enter(bytes, tag, 0, limits.max_ns, Outer::NONE)?;
    if tag.name.local().of(bytes) != b"stream" {
        return Err(StreamError::bad_format());
    }
    if names.text(uri, bytes, Outer::NONE) != ns::STREAM.as_bytes() {
        return Err(StreamError::invalid_namespace());
    }
    if tag.empty {
        return Err(StreamError::bad_format());
    }
    let content = names.find(b"", bytes, Outer::NONE)?;
    let content = names.text(content, bytes, Outer::NONE);
    let mut header = StreamHeader {
        ns: String::from_utf8_lossy(content).into_owned(),
        ..StreamHeader::default()
    };
    for attr in tag.attrs.iter().filter(|a| !a.declares) {
        let value = attr_value(attr.value.of(bytes), tag.is_plain(attr))?;
        header.set(attr.name.whole.of(bytes), value.into_owned());
    }
    let prefixes = names.prefixes(bytes, Outer::NONE);
    let opened = Opened::new(tag.name.whole.text(text), &header.ns, prefixes);
    Ok((header, opened))
}
