//! Stream headers (RFC 6120 §4.7, RFC 7395 §3.4).

use crate::{Element, Jid, escape, ns, stanza::Framing};

/// What a peer says when it opens a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamHeader {
    /// Whom it wants to talk to.
    pub to: Option<Jid>,
    /// Who it says it is.
    pub from: Option<Jid>,
    /// The version of XMPP it speaks.
    pub version: Option<(u8, u8)>,
    /// Its language.
    pub lang: Option<String>,
    /// The stream's id.
    pub id: Option<String>,
    /// The content namespace; over WebSocket it is `jabber:client` by definition.
    pub ns: String,
}

impl StreamHeader {
    pub(crate) fn set(&mut self, name: &[u8], value: String) {
        match name {
            b"to" => self.to = Jid::new(&value).ok(),
            b"from" => self.from = Jid::new(&value).ok(),
            b"version" => self.version = version(&value),
            b"xml:lang" => self.lang = Some(value),
            b"id" => self.id = Some(value),
            _ => {}
        }
    }

    pub(crate) fn of_open(open: &Element) -> StreamHeader {
        let mut header = StreamHeader {
            ns: ns::CLIENT.into(),
            ..StreamHeader::default()
        };
        for (name, value) in open.attrs() {
            header.set(name.as_bytes(), value.to_owned());
        }
        header
    }
}

fn version(text: &str) -> Option<(u8, u8)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Appends the header by which this server opens its side of the stream.
pub fn open(
    out: &mut Vec<u8>,
    framing: Framing,
    from: &Jid,
    id: &str,
    to: Option<&Jid>,
    lang: &str,
) {
    match framing {
        Framing::Tcp => out.extend_from_slice(
            b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'",
        ),
        Framing::WebSocket => out.extend_from_slice(b"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'"),
    }
    let mut attr = |name: &str, value: &str| {
        out.extend_from_slice(format!(" {name}='").as_bytes());
        escape::attr(out, value);
        out.push(b'\'');
    };
    attr("from", from.as_str());
    if let Some(to) = to {
        attr("to", to.as_str());
    }
    attr("id", id);
    attr("version", "1.0");
    attr("xml:lang", lang);
    out.extend_from_slice(if framing == Framing::Tcp { b">" } else { b"/>" });
}

/// Appends the end of this server's side of the stream.
pub fn close(out: &mut Vec<u8>, framing: Framing) {
    out.extend_from_slice(match framing {
        Framing::Tcp => b"</stream:stream>",
        Framing::WebSocket => b"<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
    });
}
