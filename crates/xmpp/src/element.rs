//! A small owned tree: for payloads that the server itself reads or answers, never for what it only routes.

mod namespace;

pub(crate) use namespace::Namespace;

use crate::{
    escape, ns,
    scan::{Outer, tree},
};
use std::borrow::Cow;

/// An element with its namespace resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    name: Cow<'static, str>,
    ns: Namespace,
    attrs: Vec<Attr>,
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Attr {
    /// The name as `get` knows it: `xml:lang` for the XML namespace, else the local name.
    name: Cow<'static, str>,
    /// The namespace of a prefixed attribute, "" for the others.
    ns: Namespace,
    value: String,
}

/// What an element contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A child.
    Element(Element),
    /// Text between children.
    Text(String),
}

/// Why a text is no element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed element: {0}")]
pub struct ElementError(pub &'static str);

impl Element {
    /// An element without attributes and content.
    pub fn new(ns: impl Into<Cow<'static, str>>, name: impl Into<Cow<'static, str>>) -> Element {
        Element::within(ns.into().into(), name)
    }

    pub(crate) fn within(ns: Namespace, name: impl Into<Cow<'static, str>>) -> Element {
        Element {
            name: name.into(),
            ns,
            attrs: Vec::new(),
            nodes: Vec::new(),
        }
    }

    /// Parses a stand-alone element, as strictly as the scan does.
    pub fn parse(xml: &str) -> Result<Element, ElementError> {
        tree::parse(xml, Outer::NONE)
    }

    /// With an attribute.
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Element {
        self.set_attr(name, value);
        self
    }

    /// With an attribute if there is a value.
    pub fn attr_opt(
        self,
        name: impl Into<Cow<'static, str>>,
        value: Option<impl Into<String>>,
    ) -> Element {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Sets an attribute.
    pub fn set_attr(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let name = name.into();
        self.attrs.retain(|a| a.name != name);
        self.attrs.push(Attr {
            name,
            ns: Namespace::default(),
            value: value.into(),
        });
    }

    pub(crate) fn push_attr(&mut self, name: String, ns: Namespace, value: String) {
        self.attrs.push(Attr {
            name: name.into(),
            ns,
            value,
        });
    }

    /// With a child.
    pub fn child(mut self, child: Element) -> Element {
        self.push(child);
        self
    }

    /// With children.
    pub fn children_from(mut self, children: impl IntoIterator<Item = Element>) -> Element {
        self.nodes.extend(children.into_iter().map(Node::Element));
        self
    }

    /// With text.
    pub fn text(mut self, text: impl Into<String>) -> Element {
        self.nodes.push(Node::Text(text.into()));
        self
    }

    /// Adds a child.
    pub fn push(&mut self, child: Element) {
        self.nodes.push(Node::Element(child));
    }

    pub(crate) fn push_text(&mut self, text: &str) {
        if let Some(Node::Text(last)) = self.nodes.last_mut() {
            last.push_str(text);
        } else if !text.is_empty() {
            self.nodes.push(Node::Text(text.to_owned()));
        }
    }

    /// Its name without prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its namespace.
    pub fn ns(&self) -> &str {
        &self.ns
    }

    /// Whether it has this name and namespace.
    pub fn is(&self, name: &str, ns: &str) -> bool {
        self.name == name && *self.ns == *ns
    }

    /// The value of an attribute without a prefix, or of `xml:lang`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attrs
            .iter()
            .find(|a| a.name == name && (a.ns.is_empty() || name.starts_with("xml:")))
            .map(|a| &*a.value)
    }

    /// Its attributes without foreign ones: name and value.
    pub fn attrs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attrs
            .iter()
            .filter(|a| a.ns.is_empty() || a.name.starts_with("xml:"))
            .map(|a| (&*a.name, &*a.value))
    }

    /// Its content.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Its children.
    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|n| match n {
            Node::Element(e) => Some(e),
            Node::Text(_) => None,
        })
    }

    /// The first child with this name and namespace.
    pub fn find(&self, name: &str, ns: &str) -> Option<&Element> {
        self.children().find(|c| c.is(name, ns))
    }

    /// The text of the first child with this name and namespace.
    pub fn find_text(&self, name: &str, ns: &str) -> Option<String> {
        self.find(name, ns).map(Element::text_content)
    }

    /// Its own text, that of children not included.
    pub fn text_content(&self) -> String {
        self.nodes
            .iter()
            .filter_map(|n| match n {
                Node::Text(t) => Some(t.as_str()),
                Node::Element(_) => None,
            })
            .collect()
    }

    /// Appends it as XML below an element of namespace `parent_ns`.
    pub fn write(&self, out: &mut Vec<u8>, parent_ns: &str) {
        // This namespace has its prefix from the beginning, and is never the default one.
        let xml = *self.ns == *ns::XML;
        let default = if xml { parent_ns } else { &self.ns };
        let prefix = if xml { &b"xml:"[..] } else { b"" };
        out.push(b'<');
        out.extend_from_slice(prefix);
        out.extend_from_slice(self.name.as_bytes());
        if default != parent_ns {
            out.extend_from_slice(b" xmlns='");
            escape::attr(out, default);
            out.push(b'\'');
        }
        for (i, a) in self.attrs.iter().enumerate() {
            out.push(b' ');
            if !a.ns.is_empty() && !a.name.starts_with("xml:") {
                out.extend_from_slice(format!("xmlns:a{i}='").as_bytes());
                escape::attr(out, &a.ns);
                out.extend_from_slice(format!("' a{i}:").as_bytes());
            }
            out.extend_from_slice(a.name.as_bytes());
            out.extend_from_slice(b"='");
            escape::attr(out, &a.value);
            out.push(b'\'');
        }
        if self.nodes.is_empty() {
            out.extend_from_slice(b"/>");
            return;
        }
        out.push(b'>');
        for node in &self.nodes {
            match node {
                Node::Element(e) => e.write(out, default),
                Node::Text(t) => escape::text(out, t),
            }
        }
        out.extend_from_slice(b"</");
        out.extend_from_slice(prefix);
        out.extend_from_slice(self.name.as_bytes());
        out.push(b'>');
    }

    /// It as a stand-alone text.
    pub fn to_xml(&self) -> String {
        let mut out = Vec::new();
        self.write(&mut out, "");
        // Only text was put in.
        String::from_utf8(out).unwrap_or_default()
    }
}
