//! One first-level element: found in the buffer piece by piece, then turned into a stanza or a tree.

use super::{
    Fault, Limits, chars,
    names::{Names, Outer, Uri, attr_value, same},
    tag::{Span, Tag},
    token::{Lexer, Token},
    tree,
};
use crate::{
    Element, Jid, Kind, Stanza,
    error::StreamError,
    ns,
    stanza::{Around, KidNs, KidSpan},
};
use bytes::Bytes;
use bytestring::ByteString;
use smallvec::SmallVec;

/// What an item turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Stanza(Kind),
    Other,
    /// The end of the stream.
    Close,
}

/// How far the scan of one item got.
#[derive(Debug, Default)]
pub(super) struct Item {
    lexer: Lexer,
    /// The item's own start tag.
    root: Tag,
    /// The start tag that was read last of those within.
    tag: Tag,
    kind: Option<Kind>,
    /// Names of the elements that are open.
    open: SmallVec<[Span; 8]>,
    names: Names,
    kids: SmallVec<[Kid; 6]>,
    /// What lies between its start tag and its end tag.
    inner: Span,
}

/// A direct child.
#[derive(Debug, Clone, Copy)]
struct Kid {
    start: u32,
    end: u32,
    name: Span,
    uri: Uri,
}

impl Item {
    /// Goes on with the item at the beginning of `buffer`; `None` until it is complete.
    pub fn scan(
        &mut self,
        buffer: &[u8],
        limits: &Limits,
        outer: Outer<'_>,
        stream: &str,
    ) -> Result<Option<Found>, StreamError> {
        let bytes = &buffer[..buffer.len().min(limits.max_bytes)];
        loop {
            let (start, root) = (self.lexer.at, self.open.is_empty());
            if root && matches!(bytes[start..], [b'<', b'!', ..]) {
                return Err(StreamError::restricted_xml());
            }
            if root && !matches!(bytes[start..], [b'<', ..] | []) {
                return Err(StreamError::not_well_formed());
            }
            let tag = if root { &mut self.root } else { &mut self.tag };
            match self.lexer.next(bytes, tag, limits.max_attrs)? {
                Some(Token::Start) => self.enter(bytes, start, limits, outer)?,
                Some(Token::End(name)) if root => {
                    let closes = !stream.is_empty() && name.of(bytes) == stream.as_bytes();
                    return if closes {
                        Ok(Some(Found::Close))
                    } else {
                        Err(Fault::Malformed.into())
                    };
                }
                Some(Token::End(name)) => self.leave(bytes, start, name)?,
                Some(Token::Text(_) | Token::Cdata(_)) => continue,
                None if buffer.len() >= limits.max_bytes => return Err(too_big()),
                None => return Ok(None),
            }
            if self.open.is_empty() {
                return Ok(Some(self.kind.map_or(Found::Other, Found::Stanza)));
            }
        }
    }

    /// Whether it has not begun.
    pub fn is_clear(&self) -> bool {
        self.lexer.is_at_start()
    }

    /// Begins anew with the next item, keeping its memory.
    pub fn clear(&mut self) {
        (self.lexer, self.kind, self.inner) = (Lexer::default(), None, Span::default());
        self.open.clear();
        self.names.clear();
        self.kids.clear();
    }

    /// The item's length once it is complete.
    pub fn length(&self) -> usize {
        self.lexer.at
    }

    /// The start tag at the beginning of `buffer` and its length, once it is whole: that of the stream.
    pub fn first_tag(
        &mut self,
        buffer: &[u8],
        limits: &Limits,
    ) -> Result<Option<(&Tag, usize)>, StreamError> {
        let bytes = &buffer[..buffer.len().min(limits.max_bytes)];
        match bytes {
            [b'<', b'!' | b'?', ..] => return Err(StreamError::restricted_xml()),
            [b'<', b'/', ..] => return Err(StreamError::not_well_formed()),
            [b'<', ..] | [] => {}
            _ => return Err(StreamError::not_well_formed()),
        }
        match self.lexer.next(bytes, &mut self.root, limits.max_attrs)? {
            Some(_) => Ok(Some((&self.root, self.lexer.at))),
            None if buffer.len() >= limits.max_bytes => Err(too_big()),
            None => Ok(None),
        }
    }

    /// The start tag that begins at `start` was read.
    fn enter(
        &mut self,
        bytes: &[u8],
        start: usize,
        limits: &Limits,
        outer: Outer<'_>,
    ) -> Result<(), StreamError> {
        let (depth, end) = (self.open.len(), self.lexer.at);
        if depth >= usize::from(limits.max_depth) {
            return Err(policy("elements are nested too deep"));
        }
        let tag = if depth == 0 { &self.root } else { &self.tag };
        let (name, empty) = (tag.name, tag.empty);
        let uri = self
            .names
            .enter(bytes, tag, depth as u16, limits.max_ns, outer)?;
        match depth {
            0 => {
                let namespace = self.names.text(uri, bytes, outer);
                self.kind = kind(name.local().of(bytes), namespace, name.is_prefixed())?;
                self.inner = Span::new(end, end);
            }
            1 if self.kids.len() >= limits.max_children as usize => {
                return Err(policy("too many children"));
            }
            1 => self.kids.push(Kid {
                start: start as u32,
                end: end as u32,
                name: name.local(),
                uri,
            }),
            _ => {}
        }
        if !empty {
            self.open.push(name.whole);
        } else if depth > 0 {
            self.names.leave(depth as u16);
        }
        Ok(())
    }

    /// The end tag that begins at `start` was read.
    fn leave(&mut self, bytes: &[u8], start: usize, name: Span) -> Result<(), StreamError> {
        let open = self.open.pop().unwrap_or_default();
        if !same(open, name, bytes) {
            return Err(StreamError::not_well_formed());
        }
        let depth = self.open.len();
        match (depth, self.kids.last_mut()) {
            (0, _) => self.inner.end = start as u32,
            (1, Some(kid)) => kid.end = self.lexer.at as u32,
            _ => {}
        }
        // What the root declares is still needed.
        if depth > 0 {
            self.names.leave(depth as u16);
        }
        Ok(())
    }

    /// The stanza that `bytes`, the whole item, are.
    pub fn stanza(
        &self,
        kind: Kind,
        bytes: Bytes,
        outer: Outer<'_>,
    ) -> Result<Stanza, StreamError> {
        let text = ByteString::try_from(bytes).map_err(|_| Fault::Malformed)?;
        if !chars::are_allowed(&text) {
            return Err(StreamError::not_well_formed());
        }
        let mut stanza = Stanza::new(kind);
        for attr in &self.root.attrs {
            let (name, value) = (attr.name.whole.text(&text), attr.value.text(&text));
            head(&mut stanza, name, value, self.root.is_plain(attr))?;
        }
        stanza.inner = text.slice_ref(self.inner.text(&text));
        let mut around = Around {
            prefixes: self.names.prefixes(text.as_bytes(), outer),
            names: Vec::new(),
        };
        let mut shared = SmallVec::new();
        let spans = self.kids.iter().map(|kid| KidSpan {
            start: kid.start,
            end: kid.end,
            name: (kid.name.start, kid.name.end),
            ns: self.kid_ns(
                kid.uri,
                text.as_bytes(),
                outer,
                &mut shared,
                &mut around.names,
            ),
        });
        let base = i64::from(self.inner.start);
        stanza.kids = spans.map(|span| span.moved_by(-base)).collect();
        if !around.prefixes.is_empty() || !around.names.is_empty() {
            stanza.around = Some(Box::new(around));
        }
        Ok(stanza)
    }

    /// How the stanza keeps a child's namespace. `shared` are those in `names` that other children may have too.
    fn kid_ns(
        &self,
        uri: Uri,
        item: &[u8],
        outer: Outer<'_>,
        shared: &mut SmallVec<[(Uri, u32); 4]>,
        names: &mut Vec<Box<str>>,
    ) -> KidNs {
        let text = self.names.text(uri, item, outer);
        match uri {
            _ if text == ns::CLIENT.as_bytes() => return KidNs::Client,
            Uri::At(s) if s.start >= self.inner.start => return KidNs::At(s.start, s.end),
            _ => {}
        }
        if let Some((_, at)) = shared.iter().find(|(u, _)| *u == uri) {
            return KidNs::Own(*at);
        }
        let at = names.len() as u32;
        names.push(String::from_utf8_lossy(text).into());
        // What a child itself declares is its alone; there may be as many of these as children.
        if self.names.is_in_force(uri) {
            shared.push((uri, at));
        }
        KidNs::Own(at)
    }

    /// The tree that `bytes`, the whole item, are.
    pub fn element(bytes: &[u8], outer: Outer<'_>) -> Result<Element, StreamError> {
        let text = std::str::from_utf8(bytes).map_err(|_| Fault::Malformed)?;
        tree::parse(text, outer).map_err(|_| StreamError::not_well_formed())
    }
}

/// Which stanza an item is, by its name.
fn kind(local: &[u8], namespace: &[u8], prefixed: bool) -> Result<Option<Kind>, StreamError> {
    if local == b"stream" && namespace == ns::STREAM.as_bytes() {
        // A second header within the stream.
        return Err(StreamError::bad_format());
    }
    match Kind::of(local).filter(|_| namespace == ns::CLIENT.as_bytes()) {
        Some(_) if prefixed => Err(StreamError::bad_namespace_prefix()),
        kind => Ok(kind),
    }
}

/// Takes an attribute of the start tag over; others than these do not travel.
fn head(stanza: &mut Stanza, name: &str, raw: &str, plain: bool) -> Result<(), StreamError> {
    let value = || attr_value(raw.as_bytes(), plain);
    match name {
        "to" | "from" => {
            let jid = Jid::new(&value()?).ok();
            if jid.is_none() {
                stanza.malformed = Some(if name == "to" { "to" } else { "from" });
            }
            *(if name == "to" {
                &mut stanza.to
            } else {
                &mut stanza.from
            }) = jid;
        }
        "id" => stanza.id = Some(value()?.into()),
        "type" => stanza.type_ = Some(value()?.into()),
        "xml:lang" => stanza.lang = Some(value()?.into()),
        _ => {}
    }
    Ok(())
}

fn policy(text: &str) -> StreamError {
    StreamError::policy_violation().with_text(text)
}

fn too_big() -> StreamError {
    policy("larger than this server takes")
}
