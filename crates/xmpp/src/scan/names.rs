//! The namespaces in force while an item is scanned (Namespaces in XML 1.0).

use super::{
    Prefix,
    tag::{Span, Tag},
};
use crate::{error::StreamError, escape, ns};
use smallvec::SmallVec;
use std::borrow::Cow;

/// What is bound around an item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outer<'a> {
    /// The default namespace.
    pub default: &'a str,
    pub prefixes: &'a [Prefix],
}

impl Outer<'_> {
    /// Nothing is bound.
    pub const NONE: Outer<'static> = Outer {
        default: "",
        prefixes: &[],
    };
}

/// Where the text of a namespace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Uri {
    /// That of the prefix `xml`.
    Xml,
    /// The default namespace around the item.
    Default,
    /// That of a prefix bound around the item.
    Outer(u16),
    /// In the item, as it stands.
    At(Span),
    /// In [`Names`], for the item has it with references.
    Own(u32),
}

#[derive(Debug)]
struct Decl {
    depth: u16,
    /// Empty for the default namespace.
    prefix: Span,
    uri: Uri,
}

/// What is bound where.
#[derive(Debug, Default)]
pub(crate) struct Names {
    decls: SmallVec<[Decl; 4]>,
    own: Vec<Box<str>>,
    /// Which prefixes from around the item it uses.
    used: SmallVec<[u16; 4]>,
}

const XMLNS: &[u8] = b"http://www.w3.org/2000/xmlns/";

impl Names {
    /// Takes in what a start tag at `depth` declares, checks its names, and returns the namespace of its element.
    pub fn enter(
        &mut self,
        item: &[u8],
        tag: &Tag,
        depth: u16,
        max: u16,
        outer: Outer<'_>,
    ) -> Result<Uri, StreamError> {
        if tag.declares {
            self.declare(item, tag, depth, max)?;
        }
        if tag.prefixed {
            self.distinct_foreign(item, tag, outer)?;
        }
        if !distinct(&tag.attrs, |a, b| same(a.name.whole, b.name.whole, item)) {
            return Err(StreamError::not_well_formed());
        }
        self.find(tag.name.prefix().of(item), item, outer)
    }

    fn declare(&mut self, item: &[u8], tag: &Tag, depth: u16, max: u16) -> Result<(), StreamError> {
        for attr in tag.attrs.iter().filter(|a| a.declares) {
            if self.decls.len() >= usize::from(max) {
                let text = "too many namespace declarations";
                return Err(StreamError::policy_violation().with_text(text));
            }
            let prefix = if attr.name.is_prefixed() {
                attr.name.local()
            } else {
                Span::default()
            };
            let uri = if tag.is_plain(attr) {
                Uri::At(attr.value)
            } else {
                self.own
                    .push(attr_value(attr.value.of(item), false)?.into());
                Uri::Own(self.own.len() as u32 - 1)
            };
            may_be_bound(prefix.of(item), self.text(uri, item, Outer::NONE))?;
            self.decls.push(Decl { depth, prefix, uri });
        }
        Ok(())
    }

    /// All prefixes are bound, and no two attributes have the same name in the same namespace.
    fn distinct_foreign(
        &mut self,
        item: &[u8],
        tag: &Tag,
        outer: Outer<'_>,
    ) -> Result<(), StreamError> {
        let mut uris: SmallVec<[(Uri, Span); 8]> = SmallVec::new();
        for attr in tag.attrs.iter().filter(|a| a.is_foreign()) {
            let uri = self.find(attr.name.prefix().of(item), item, outer)?;
            uris.push((uri, attr.name.local()));
        }
        let text = |uri: Uri| self.text(uri, item, outer);
        let equal =
            |(a, b): &(Uri, Span), (c, d): &(Uri, Span)| same(*b, *d, item) && text(*a) == text(*c);
        if distinct(&uris, equal) {
            Ok(())
        } else {
            Err(StreamError::not_well_formed())
        }
    }

    /// The namespace that `prefix` is bound to, which may be empty.
    pub fn find(
        &mut self,
        prefix: &[u8],
        item: &[u8],
        outer: Outer<'_>,
    ) -> Result<Uri, StreamError> {
        let bound = |d: &&Decl| {
            d.prefix.len() == prefix.len() && (prefix.is_empty() || d.prefix.of(item) == prefix)
        };
        if let Some(decl) = self.decls.iter().rev().find(bound) {
            return Ok(decl.uri);
        }
        match prefix {
            b"" => return Ok(Uri::Default),
            b"xml" => return Ok(Uri::Xml),
            _ => {}
        }
        let bound = |(p, _): &Prefix| p.as_bytes() == prefix;
        let at = outer.prefixes.iter().position(bound);
        let at = at.ok_or_else(StreamError::bad_namespace_prefix)? as u16;
        if !self.used.contains(&at) {
            self.used.push(at);
        }
        Ok(Uri::Outer(at))
    }

    /// Whether `uri` is bound here, or around the item.
    pub fn is_in_force(&self, uri: Uri) -> bool {
        match uri {
            Uri::At(_) | Uri::Own(_) => self.decls.iter().any(|d| d.uri == uri),
            Uri::Xml | Uri::Default | Uri::Outer(_) => true,
        }
    }

    /// What `uri` stands for.
    pub fn text<'a>(&'a self, uri: Uri, item: &'a [u8], outer: Outer<'a>) -> &'a [u8] {
        match uri {
            Uri::Xml => ns::XML.as_bytes(),
            Uri::Default => outer.default.as_bytes(),
            Uri::Outer(i) => outer
                .prefixes
                .get(usize::from(i))
                .map_or(b"", |(_, uri)| uri.as_bytes()),
            Uri::At(span) => span.of(item),
            Uri::Own(i) => self.own.get(i as usize).map_or(b"", |uri| uri.as_bytes()),
        }
    }

    /// Forgets the declarations of the element at `depth`.
    pub fn leave(&mut self, depth: u16) {
        while self.decls.last().is_some_and(|d| d.depth >= depth) {
            self.decls.pop();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.decls.clear();
        self.own.clear();
        self.used.clear();
    }

    /// The prefixes declared so far, and those from around the item that it uses.
    pub fn prefixes(&self, item: &[u8], outer: Outer<'_>) -> Vec<Prefix> {
        let text = |b: &[u8]| Cow::Owned(String::from_utf8_lossy(b).into_owned());
        let used = self
            .used
            .iter()
            .filter_map(|i| outer.prefixes.get(usize::from(*i)));
        let declared = self.decls.iter().filter(|d| d.prefix != Span::default());
        declared
            .map(|d| (text(d.prefix.of(item)), text(self.text(d.uri, item, outer))))
            .chain(used.cloned())
            .collect()
    }
}

/// Whether the same stands at both places. Mostly they differ in length.
pub(super) fn same(a: Span, b: Span, item: &[u8]) -> bool {
    a.len() == b.len() && a.of(item) == b.of(item)
}

/// No two of `all` are `same`. There are at most [`super::Limits::max_attrs`].
fn distinct<T>(all: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    let mut before = all.iter().enumerate();
    before.all(|(i, one)| !all[..i].iter().any(|other| same(one, other)))
}

/// Namespaces in XML §3: what may be bound to what.
fn may_be_bound(prefix: &[u8], uri: &[u8]) -> Result<(), StreamError> {
    let good = match prefix {
        b"" => true,
        b"xmlns" => false,
        _ => !uri.is_empty(),
    };
    let xml = (prefix == b"xml") == (uri == ns::XML.as_bytes());
    if good && xml && uri != XMLNS {
        Ok(())
    } else {
        Err(StreamError::bad_namespace_prefix())
    }
}

/// The value of an attribute: references replaced, white space made blanks (XML 1.0 §3.3.3). `plain` spares the search.
pub(crate) fn attr_value(raw: &[u8], plain: bool) -> Result<Cow<'_, str>, StreamError> {
    let text = std::str::from_utf8(raw).map_err(|_| StreamError::not_well_formed())?;
    if plain {
        return Ok(Cow::Borrowed(text));
    }
    let blank = text.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
    match escape::unescape(&blank) {
        Some(value) => Ok(Cow::Owned(value.into_owned())),
        None => Err(StreamError::not_well_formed()),
    }
}
