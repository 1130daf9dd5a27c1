//! A tree from text: what stands alone, or was cut out of a stanza.

use super::{
    Fault, chars,
    names::{Names, Outer, Uri, attr_value},
    tag::{Span, Tag},
    token::{Lexer, Token},
};
use crate::{
    Element,
    element::{ElementError, Namespace},
    error::StreamError,
    escape,
};
use smallvec::SmallVec;

/// More than the scan takes, for what was taken may since have been wrapped.
const MAX_DEPTH: usize = 128;
const MAX_ATTRS: u16 = 128;
const MAX_NS: u16 = 128;
/// Namespaces remembered so that elements share them.
const SHARED: usize = 64;

struct Tree<'a> {
    xml: &'a str,
    outer: Outer<'a>,
    names: Names,
    open: Vec<(Element, Span)>,
    shared: SmallVec<[(Uri, Namespace); 4]>,
}

/// The element that `xml` is, within `outer`.
pub(crate) fn parse(xml: &str, outer: Outer<'_>) -> Result<Element, ElementError> {
    let xml = xml.trim_matches([' ', '\t', '\r', '\n']);
    if !chars::are_allowed(xml) {
        return Err(ElementError("a character that XML does not allow"));
    }
    let mut tree = Tree {
        xml,
        outer,
        names: Names::default(),
        open: Vec::new(),
        shared: SmallVec::new(),
    };
    let (mut lexer, mut tag) = (Lexer::default(), Tag::default());
    loop {
        let token = lexer.next(xml.as_bytes(), &mut tag, MAX_ATTRS)?;
        let done = match token.ok_or(ElementError("an element that is not closed"))? {
            Token::Start => tree.enter(&tag)?,
            Token::End(name) => tree.leave(name)?,
            Token::Text(span) => {
                let text = escape::unescape_lines(span.text(xml));
                tree.text(&text.ok_or(Fault::Malformed)?)?
            }
            Token::Cdata(span) => tree.text(&escape::lines(span.text(xml)))?,
        };
        match done {
            Some(root) if lexer.at == xml.len() => return Ok(root),
            Some(_) => return Err(ElementError("something behind the element")),
            None => {}
        }
    }
}

impl Tree<'_> {
    /// An element begins; it is returned if it is the root and empty.
    fn enter(&mut self, tag: &Tag) -> Result<Option<Element>, ElementError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(ElementError("elements nested too deep"));
        }
        let (item, depth) = (self.xml.as_bytes(), self.open.len() as u16);
        let uri = self.names.enter(item, tag, depth, MAX_NS, self.outer)?;
        let name = tag.name.local().text(self.xml).to_owned();
        let mut element = Element::within(self.namespace(uri), name);
        for attr in tag.attrs.iter().filter(|a| !a.declares) {
            let value = attr_value(attr.value.of(item), tag.is_plain(attr))?.into_owned();
            let (name, local) = (attr.name.whole.text(self.xml), attr.name.local());
            if !attr.is_foreign() || name.starts_with("xml:") {
                element.push_attr(name.to_owned(), Namespace::default(), value);
                continue;
            }
            let prefix = attr.name.prefix().of(item);
            let uri = self.names.find(prefix, item, self.outer)?;
            let namespace = self.namespace(uri);
            element.push_attr(local.text(self.xml).to_owned(), namespace, value);
        }
        if tag.empty {
            return Ok(self.close(element));
        }
        self.open.push((element, tag.name.whole));
        Ok(None)
    }

    fn leave(&mut self, name: Span) -> Result<Option<Element>, ElementError> {
        match self.open.pop() {
            Some((element, open)) if open.text(self.xml) == name.text(self.xml) => {
                Ok(self.close(element))
            }
            _ => Err(ElementError("tags that do not match")),
        }
    }

    fn text(&mut self, text: &str) -> Result<Option<Element>, ElementError> {
        let outside = ElementError("text outside the element");
        let (parent, _) = self.open.last_mut().ok_or(outside)?;
        parent.push_text(text);
        Ok(None)
    }

    /// `element` is whole: it goes into its parent, or is the result.
    fn close(&mut self, element: Element) -> Option<Element> {
        self.names.leave(self.open.len() as u16);
        match self.open.last_mut() {
            Some((parent, _)) => {
                parent.push(element);
                None
            }
            None => Some(element),
        }
    }

    /// A long namespace with many elements in it is in memory once.
    fn namespace(&mut self, uri: Uri) -> Namespace {
        if let Some((_, known)) = self.shared.iter().find(|(u, _)| *u == uri) {
            return known.clone();
        }
        let text = self.names.text(uri, self.xml.as_bytes(), self.outer);
        let namespace = Namespace::from(&*String::from_utf8_lossy(text));
        if self.shared.len() == SHARED {
            self.shared.clear();
        }
        self.shared.push((uri, namespace.clone()));
        namespace
    }
}

impl From<Fault> for ElementError {
    fn from(fault: Fault) -> ElementError {
        ElementError(match fault {
            Fault::Malformed => "it is not well-formed",
            Fault::TooManyAttributes => "too many attributes",
            Fault::Restricted => "a comment, declaration or processing instruction",
        })
    }
}

impl From<StreamError> for ElementError {
    fn from(_: StreamError) -> ElementError {
        ElementError("a wrong name or namespace")
    }
}
