//! What rxml makes of a stream: the opinion of a parser that somebody else wrote.

use rxml::{Event, Parse, Parser, WithOptions, error::EndOrError, parser::Options};
use std::collections::BTreeMap;

/// The namespace of the prefix `xml`.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// Fed in larger pieces, rxml takes quadratic time.
const PIECE: usize = 16 << 10;

/// An element as two parsers can agree upon it: prefixes, quotes and references do not count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// Its namespace.
    pub ns: String,
    /// Its name without prefix.
    pub name: String,
    /// Values by namespace and name.
    pub attrs: BTreeMap<(String, String), String>,
    /// Text and elements in order.
    pub content: Vec<Content>,
}

/// What an element contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A child.
    Node(Node),
    /// Text; two never follow each other.
    Text(String),
}

impl Node {
    /// Its children.
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        self.content.iter().filter_map(|c| match c {
            Content::Node(node) => Some(node),
            Content::Text(_) => None,
        })
    }

    fn text(&mut self, more: String) {
        match self.content.last_mut() {
            Some(Content::Text(text)) => text.push_str(&more),
            _ if more.is_empty() => {}
            _ => self.content.push(Content::Text(more)),
        }
    }
}

/// What rxml read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The document's root, once it is closed; without the children, which are in `items`.
    pub root: Option<Node>,
    /// The root's children.
    pub items: Vec<Node>,
    /// Text other than white space stood between them.
    pub text_between: bool,
    /// Why it refused the rest.
    pub error: Option<String>,
    open: Vec<Node>,
}

/// Reads `bytes`, the beginning of a stream.
pub fn read(bytes: &[u8]) -> Reading {
    let mut parser = Parser::with_options(Options {
        max_token_length: 1 << 22,
        ..Options::default()
    });
    let mut reading = Reading::default();
    for mut piece in bytes.chunks(PIECE) {
        loop {
            match parser.parse(&mut piece, false) {
                Ok(Some(event)) => reading.take(event),
                Ok(None) | Err(EndOrError::NeedMoreData) => break,
                Err(EndOrError::Error(e)) => {
                    reading.error = Some(e.to_string());
                    return reading;
                }
            }
        }
    }
    reading
}

/// Reads `xml`, one element; `None` if rxml does not think that it is one.
pub fn element(xml: &[u8]) -> Option<Node> {
    let wrapped = [b"<x>", xml, b"</x>"].concat();
    let mut reading = read(&wrapped);
    let whole = reading.error.is_none() && reading.root.is_some() && !reading.text_between;
    (whole && reading.items.len() == 1).then(|| reading.items.remove(0))
}

impl Reading {
    fn take(&mut self, event: Event) {
        match event {
            Event::XmlDeclaration(..) => {}
            Event::StartElement(_, (ns, name), attrs) => {
                let attrs = attrs.into_iter();
                let attr = |((ns, name), value): ((rxml::Namespace<'_>, rxml::NcName), String)| {
                    ((ns.to_string(), name.to_string()), value)
                };
                self.open.push(Node {
                    ns: ns.to_string(),
                    name: name.to_string(),
                    attrs: attrs.map(attr).collect(),
                    content: Vec::new(),
                });
            }
            Event::EndElement(_) => self.close(),
            Event::Text(_, text) => match &mut self.open[..] {
                [] => {}
                [_] => self.text_between |= !text.trim_matches([' ', '\t', '\r', '\n']).is_empty(),
                [.., parent] => parent.text(text),
            },
        }
    }

    fn close(&mut self) {
        let Some(mut done) = self.open.pop() else {
            return;
        };
        for content in &mut done.content {
            // Behind a ] in CDATA, rxml leaves the ends of lines as they are.
            if let Content::Text(text) = content {
                *text = text.replace("\r\n", "\n").replace('\r', "\n");
            }
        }
        match &mut self.open[..] {
            [] => self.root = Some(done),
            [_] => self.items.push(done),
            [.., parent] => parent.content.push(Content::Node(done)),
        }
    }
}
