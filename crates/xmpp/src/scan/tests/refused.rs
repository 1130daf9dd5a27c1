//! What XMPP, XML or caution forbid, and the condition each is refused with.

use super::*;
use crate::error::StreamCondition::{
    BadFormat, BadNamespacePrefix, InvalidNamespace, NotWellFormed, RestrictedXml,
    UnsupportedEncoding,
};

/// Each stands in the body of a message.
const IN_BODY: &[(&[u8], StreamCondition)] = &[
    // Constructs (RFC 6120 §11.1).
    (b"<!-- c -->", RestrictedXml),
    (b"<?pi x?>", RestrictedXml),
    (b"<!ENTITY a 'b'>", RestrictedXml),
    (b"<![cdata[x]]>", RestrictedXml),
    // References.
    (b"&unknown;", NotWellFormed),
    (b"&AMP;", NotWellFormed),
    (b"&", NotWellFormed),
    (b"& amp;", NotWellFormed),
    (b"&;", NotWellFormed),
    (b"&amp", NotWellFormed),
    (b"&#;", NotWellFormed),
    (b"&#x;", NotWellFormed),
    (b"&#X41;", NotWellFormed),
    (b"&#0;", NotWellFormed),
    (b"&#x1;", NotWellFormed),
    (b"&#xD800;", NotWellFormed),
    (b"&#xFFFE;", NotWellFormed),
    (b"&#x110000;", NotWellFormed),
    (b"&#4294967361;", NotWellFormed),
    (b"&#99999999999999999999;", NotWellFormed),
    (b"&#+5;", NotWellFormed),
    (b"&#0000000000065;", NotWellFormed),
    // Characters.
    (b"]]>", NotWellFormed),
    (b"\0", NotWellFormed),
    (b"\x01", NotWellFormed),
    (b"\x0b", NotWellFormed),
    (b"\x1f", NotWellFormed),
    ("\u{fffe}".as_bytes(), NotWellFormed),
    ("\u{ffff}".as_bytes(), NotWellFormed),
    (b"<![CDATA[\x02]]>", NotWellFormed),
    (b"<x a='\x03'/>", NotWellFormed),
    // Encodings: overlong, surrogate, beyond Unicode, no such byte, cut off, a continuation alone.
    (b"\xc0\x80", NotWellFormed),
    (b"\xe0\x80\xaf", NotWellFormed),
    (b"\xed\xa0\x80", NotWellFormed),
    (b"\xf4\x90\x80\x80", NotWellFormed),
    (b"\xff", NotWellFormed),
    (b"\xe4\xbd", NotWellFormed),
    (b"\x80", NotWellFormed),
];

/// Likewise: tags, names and namespaces.
const TAGS: &[(&[u8], StreamCondition)] = &[
    (b"<1x/>", NotWellFormed),
    (b"<-x/>", NotWellFormed),
    (b"<.x/>", NotWellFormed),
    (b"<x!/>", NotWellFormed),
    (b"<a:b:c/>", NotWellFormed),
    (b"<:x/>", NotWellFormed),
    (b"<x:/>", NotWellFormed),
    (b"<x:1/>", NotWellFormed),
    ("<\u{d7}/>".as_bytes(), NotWellFormed),
    ("<\u{1f426}/>".as_bytes(), NotWellFormed),
    (b"<\xc3/>", NotWellFormed),
    (b"< x/>", NotWellFormed),
    (b"<>", NotWellFormed),
    (b"</>", NotWellFormed),
    (b"<x/ >", NotWellFormed),
    (b"<x></y>", NotWellFormed),
    (b"<x></X>", NotWellFormed),
    (b"<x></x y>", NotWellFormed),
    (b"<x></x/>", NotWellFormed),
    (b"<x></x'>", NotWellFormed),
    (b"<x><y></x></y>", NotWellFormed),
    // Attributes.
    (b"<x 1a='1'/>", NotWellFormed),
    (b"<x a='1'b='2'/>", NotWellFormed),
    (b"<x a=1/>", NotWellFormed),
    (b"<x a/>", NotWellFormed),
    (b"<x a=/>", NotWellFormed),
    (b"<x a='1' 'b'/>", NotWellFormed),
    (b"<x a='<'/>", NotWellFormed),
    (b"<x a='&lt;<'/>", NotWellFormed),
    (b"<x a='&bad;'/>", NotWellFormed),
    (b"<x a='1' a='2'/>", NotWellFormed),
    (b"<x xmlns='urn:a' xmlns='urn:b'/>", NotWellFormed),
    (
        b"<x xmlns:p='urn:x' xmlns:q='urn:x' p:a='1' q:a='2'/>",
        NotWellFormed,
    ),
    (
        b"<x xmlns:p='urn:x' xmlns:q='urn:&#x78;' p:a='1' q:a='2'/>",
        NotWellFormed,
    ),
    (b"<x xml:lang='a' xml:lang='b'/>", NotWellFormed),
    (b"<x a='\r'/>", RestrictedXml),
    // Namespaces.
    (b"<p:x/>", BadNamespacePrefix),
    (b"<x p:a='1'/>", BadNamespacePrefix),
    (b"<xmlns:x/>", BadNamespacePrefix),
    (b"<a xmlns:p='urn:p'/><p:x/>", BadNamespacePrefix),
    (b"<x xmlns:p=''/>", BadNamespacePrefix),
    (b"<x xmlns:xmlns='urn:x'/>", BadNamespacePrefix),
    (
        b"<x xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>",
        BadNamespacePrefix,
    ),
    (b"<x xmlns:xml='urn:x'/>", BadNamespacePrefix),
    (
        b"<x xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        BadNamespacePrefix,
    ),
    (
        b"<x xmlns='http://www.w3.org/XML/1998/namespace'/>",
        BadNamespacePrefix,
    ),
    (
        b"<x xmlns='http://www.w3.org/2000/xmlns/'/>",
        BadNamespacePrefix,
    ),
    (
        b"<x xmlns='http://www.w3.org/2000/xmlns&#47;'/>",
        BadNamespacePrefix,
    ),
];

/// Each stands in the stream itself.
const FIRST_LEVEL: &[(&[u8], StreamCondition)] = &[
    (b"<!DOCTYPE x [<!ENTITY a 'b'>]>", RestrictedXml),
    (b"<!-- c -->", RestrictedXml),
    (b"<?xml version='1.0'?><message/>", RestrictedXml),
    (b"<![CDATA[x]]><message/>", RestrictedXml),
    (b"text<message/>", NotWellFormed),
    (b"<message/>text<message/>", NotWellFormed),
    (b"<message/>&#32;<message/>", NotWellFormed),
    (b"\xef\xbb\xbf<message/>", NotWellFormed),
    (b"\0<message/>", NotWellFormed),
    (b"<message></presence>", NotWellFormed),
    (b"</stream:strea>", NotWellFormed),
    (b"</message>", NotWellFormed),
    (b"<message></stream:stream>", NotWellFormed),
    (
        b"<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>",
        BadFormat,
    ),
    (b"<c:message xmlns:c='jabber:client'/>", BadNamespacePrefix),
    (b"<message p:a=''/>", BadNamespacePrefix),
    (b"<message to='a@b' to='c@d'/>", NotWellFormed),
];

#[test]
fn each_is_refused_with_its_condition() {
    for (inner, condition) in IN_BODY.iter().chain(TAGS) {
        let bytes = [b"<message><body>", *inner, b"</body></message>"].concat();
        assert_eq!(
            refused(&bytes),
            Some(*condition),
            "{}",
            inner.escape_ascii()
        );
    }
    for (bytes, condition) in FIRST_LEVEL {
        assert_eq!(refused(bytes), Some(*condition), "{}", bytes.escape_ascii());
    }
}

#[test]
fn trees_are_as_strict() {
    for (inner, _) in IN_BODY.iter().chain(TAGS) {
        let bytes = [b"<body>", *inner, b"</body>"].concat();
        if let Ok(text) = std::str::from_utf8(&bytes) {
            assert!(Element::parse(text).is_err(), "{text}");
        }
    }
}

#[test]
fn stream_headers_that_are_none() {
    for (text, condition) in [
        ("<!DOCTYPE x>", RestrictedXml),
        ("<?php ?>", RestrictedXml),
        ("<?xml-stylesheet href='x'?>", RestrictedXml),
        (" <?xml version='1.0'?><x/>", RestrictedXml),
        ("<?xml version='1.0'?><?xml version='1.0'?>", RestrictedXml),
        ("<?xml version='1.1'?>", NotWellFormed),
        ("<?xml?>", NotWellFormed),
        ("<?xml encoding='utf-8'?>", NotWellFormed),
        ("<?xml version='1.0' standalone='maybe'?>", NotWellFormed),
        (
            "<?xml version='1.0' standalone='yes' encoding='utf-8'?>",
            NotWellFormed,
        ),
        (
            "<?xml version='1.0' encoding='latin1'?>",
            UnsupportedEncoding,
        ),
        ("<stream xmlns='jabber:client'>", InvalidNamespace),
        ("<stream:stream xmlns='jabber:client'>", BadNamespacePrefix),
        ("<x xmlns='http://etherx.jabber.org/streams'>", BadFormat),
        (
            "<s:stream xmlns:s='http://etherx.jabber.org/streams'/>",
            BadFormat,
        ),
        ("<stream:stream a='\u{ffff}'>", NotWellFormed),
        ("</stream:stream>", NotWellFormed),
        ("GET / HTTP/1.1\r\n", NotWellFormed),
        ("\u{feff}<stream:stream>", NotWellFormed),
    ] {
        let whole = scan(&mut scanner(), [text.as_bytes()]);
        let bytes = scan(&mut scanner(), text.as_bytes().chunks(1));
        let condition = Some(condition);
        assert_eq!(whole.err().map(|e| e.condition), condition, "{text}");
        assert_eq!(bytes.err().map(|e| e.condition), condition, "{text}");
    }
}

#[test]
fn websocket_messages_that_are_none() {
    for (text, condition) in [
        (
            "<message xmlns='jabber:client'/><presence xmlns='jabber:client'/>",
            BadFormat,
        ),
        ("<message xmlns='jabber:client'/>x", BadFormat),
        ("<message xmlns='jabber:client'>", NotWellFormed),
        ("</message>", NotWellFormed),
        ("</>", NotWellFormed),
        ("text", NotWellFormed),
        ("<?xml version='1.0'?><message/>", RestrictedXml),
        ("<!DOCTYPE a><a/>", RestrictedXml),
    ] {
        let mut s = Scanner::new(Framing::WebSocket, Limits::default());
        let error = scan(&mut s, [text.as_bytes()]).err();
        assert_eq!(error.map(|e| e.condition), Some(condition), "{text}");
    }
}
