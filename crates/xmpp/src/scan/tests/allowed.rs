//! What the scan takes, and what becomes of it.

use super::*;
use crate::ns;

#[test]
fn what_is_allowed_arrives_whole() {
    let s = one(
        "<message to='bob@x' id=\"a&amp;'b\" type='chat' xml:lang='zh'>\n<body>你好 &lt;&#x1F426;&gt;<![CDATA[<&]]></body><h:x a:b='1' xmlns:a='urn:a'/></message>",
    );
    assert_eq!(s.to.as_ref().unwrap().as_str(), "bob@x");
    let (id, kind, lang) = (s.id.as_deref(), s.type_.as_deref(), s.lang.as_deref());
    assert_eq!((id, kind, lang), (Some("a&'b"), Some("chat"), Some("zh")));
    assert_eq!(s.text("body").unwrap(), "你好 <🐦><&");
    assert_eq!(one("<presence/>").kids().count(), 0);
    assert_eq!(one("<message to='a@b@c'/>").malformed, Some("to"));
    assert_eq!(one("<message to='a@b' from=''/>").malformed, Some("from"));
}

#[test]
fn each_of_these_is_taken() {
    for inner in [
        "<![CDATA[]]>",
        "<![CDATA[ ]] ]> ]]]]>",
        "<![CDATA[<!-- & <x>]]>",
        "&#9;&#10;&#13;&#x20;&#xD7FF;&#xE000;&#xFFFD;&#x10000;&#x10FFFF;&#1114111;",
        "]] ]>  > ' \"",
        "\t\n\r \u{7f}\u{80}\u{85}\u{2028}\u{fdd0}\u{feff}",
        "👩‍👩‍👧 𠮷 ｆｕｌｌ",
        "<名 é='值'/>",
        "<a.b-c_d1/>",
        "<x a = '1'\n\tb\r\n=\r\n\"2\" />",
        "<x a='>' b=']]>' c='\"' d=\"'\"></x\n>",
        "<x xmlns=''/>",
        "<x xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:space='preserve'/>",
        "<x xmlns:p='urn:x' xmlns:q='urn:y' p:a='1' q:a='2' a='3'/>",
        "<p:x xmlns:p='urn:p'><p:y/></p:x>",
        "<h:x h:a='1'/>",
        "<stream:error/>",
        "<message xmlns='jabber:client'/>",
    ] {
        let xml = format!("<message><body>{inner}</body></message>");
        assert_eq!(refused(xml.as_bytes()), None, "{inner}");
        let stanza = one(&xml);
        let again = Stanza::parse(stanza.to_xml().as_bytes()).unwrap();
        assert_eq!(again.to_element(), stanza.to_element());
        assert_eq!(again.elements().count(), 1, "{inner}");
    }
}

#[test]
fn prefixes_that_a_stanza_uses_travel_with_it_and_no_others() {
    let s = one("<message xmlns:own='urn:own'><h:x own:a='1'/></message>");
    assert!(s.has("x", "urn:header"));
    let mut wire = Vec::new();
    s.write(&mut wire, Framing::Tcp);
    let wire = String::from_utf8(wire).unwrap();
    assert!(
        wire.starts_with("<message xmlns:own='urn:own' xmlns:h='urn:header'>"),
        "{wire}"
    );
    let alone = Stanza::parse(s.to_xml().as_bytes()).unwrap();
    assert!(alone.has("x", "urn:header"));
    assert_eq!(
        alone.element("x", "urn:header").unwrap().to_xml(),
        s.element("x", "urn:header").unwrap().to_xml()
    );
    let without = one("<message><x xmlns:h='urn:other'><h:y/></x></message>");
    assert_eq!(
        without.to_xml(),
        "<message xmlns='jabber:client'><x xmlns:h='urn:other'><h:y/></x></message>"
    );
}

#[test]
fn a_namespace_hidden_in_references_is_seen() {
    let s = one("<message><stanza-id xmlns='urn:xmpp:sid&#58;0' id='1'/></message>");
    assert!(s.has("stanza-id", ns::SID));
    let s = one(
        "<message xmlns:p='urn:xmpp:sid:0'><p:stanza-id id='1'/><a xmlns='urn:b'><c/></a></message>",
    );
    assert!(s.has("stanza-id", ns::SID) && s.has("a", "urn:b"));
    let tree = s.element("a", "urn:b").unwrap();
    assert!(tree.children().all(|c| c.ns() == "urn:b"));
    let s = one("<message xmlns:p='jabber:cli&#101;nt'><p:body>x</p:body></message>");
    assert_eq!(s.text("body").as_deref(), Some("x"));
}

#[test]
fn other_elements_become_trees_and_the_end_is_seen() {
    let bytes =
        b"<r xmlns='urn:xmpp:sm:3'/> <message xmlns='jabber:server'/>\n<Message/></stream:stream >";
    let all = events([&bytes[..]]).unwrap();
    assert!(matches!(&all[0], Event::Element(e) if e.is("r", "urn:xmpp:sm:3")));
    assert!(matches!(&all[1], Event::Element(e) if e.is("message", "jabber:server")));
    assert!(matches!(&all[2], Event::Element(e) if e.is("Message", ns::CLIENT)));
    assert!(matches!(all[3], Event::Close));
}

#[test]
fn headers_as_clients_write_them() {
    for text in [
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
        "\r\n<stream:stream xmlns:stream=\"http://etherx.jabber.org/streams\" xmlns=\"jabber:client\">\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\" ?>\n<stream xmlns='http://etherx.jabber.org/streams'>",
        "<s:stream xmlns:s='http://etherx.jabber.org/streams' to='a' from='b@c' id='i' xml:lang='en' version='1.0' other='x'>",
    ] {
        for size in [1, 7, 1000] {
            let all = scan(&mut scanner(), text.as_bytes().chunks(size)).unwrap();
            assert!(matches!(&all[..], [Event::Open(_)]), "{text}");
        }
    }
    let last = "<s:stream xmlns:s='http://etherx.jabber.org/streams' to='a' from='b@c' id='i' xml:lang='en' version='1.10'>";
    let Ok(Some(Event::Open(header))) = ({
        let mut s = scanner();
        s.push(last.as_bytes());
        s.next()
    }) else {
        panic!("a header expected");
    };
    assert_eq!(
        (header.version, header.lang.as_deref()),
        (Some((1, 10)), Some("en"))
    );
    assert_eq!((header.ns.as_str(), header.id.as_deref()), ("", Some("i")));
    assert_eq!(header.from.unwrap().as_str(), "b@c");
}

#[test]
fn websocket_messages_are_documents() {
    let scan = |text: &str| {
        let mut s = Scanner::new(Framing::WebSocket, Limits::default());
        s.push(text.as_bytes());
        let event = s.next().unwrap();
        assert!(s.is_idle() && s.next().unwrap().is_none());
        event
    };
    let open = scan("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='x' version='1.0'/>");
    assert!(matches!(open, Some(Event::Open(h)) if h.version == Some((1, 0))));
    let close = scan("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
    assert!(matches!(close, Some(Event::Close)));
    let stanza = scan("<message xmlns='jabber:client'><body>x</body></message>\n");
    assert!(matches!(stanza, Some(Event::Stanza(s)) if s.text("body").as_deref() == Some("x")));
    let none = scan("<message><body/></message>");
    assert!(matches!(none, Some(Event::Element(e)) if e.is("message", "")));
    assert!(scan(" ").is_none());
}
