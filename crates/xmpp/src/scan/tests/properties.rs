//! What holds for all stanzas: written and scanned again they are the same, and pieces do not matter.

use super::*;
use crate::{Jid, Kind};
use proptest::{collection::vec, option, prelude::*};

/// Text of characters that XML allows, among them those that must be escaped.
fn text() -> impl Strategy<Value = String> {
    let special = proptest::sample::select("<>&'\"]\r\n\t 鹊桥🐦".chars().collect::<Vec<_>>());
    let any = any::<char>().prop_filter("not in XML", |c| crate::escape::is_char(*c));
    vec(prop_oneof![special, any], 1..20).prop_map(String::from_iter)
}

fn name() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["body", "x", "y-1", "名", "message"])
}

fn namespace() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "jabber:client",
        "urn:x",
        "urn:a&b",
        "",
        "urn:\t",
        "urn:xmpp:sid:0",
    ])
}

fn element() -> impl Strategy<Value = Element> {
    let leaf = (
        namespace(),
        name(),
        vec((name(), text()), 0..3),
        option::of(text()),
    );
    let leaf = leaf.prop_map(|(ns, name, attrs, text)| {
        let element = Element::new(ns, name);
        let element = attrs
            .into_iter()
            .fold(element, |e, (name, value)| e.attr(name, value));
        text.into_iter().fold(element, Element::text)
    });
    leaf.prop_recursive(4, 16, 4, |inner| {
        (namespace(), name(), vec(inner, 0..4))
            .prop_map(|(ns, name, kids)| Element::new(ns, name).children_from(kids))
    })
}

fn jid() -> impl Strategy<Value = Jid> {
    proptest::sample::select(vec!["a@b/c'<&>\"", "桥@例.cn", "x", "x/🐦"])
        .prop_map(|j| Jid::new(j).unwrap())
}

fn stanza() -> impl Strategy<Value = Stanza> {
    let kind = proptest::sample::select(vec![Kind::Message, Kind::Presence, Kind::Iq]);
    let head = (
        option::of(jid()),
        option::of(jid()),
        option::of(text()),
        option::of(text()),
        option::of(text()),
    );
    (kind, head, vec(element(), 0..6)).prop_map(|(kind, (to, from, id, type_, lang), kids)| {
        let empty = Stanza::new(kind);
        let stanza = kids.into_iter().fold(empty, Stanza::with_child);
        let [id, type_, lang] = [id, type_, lang].map(|t| t.map(String::into_boxed_str));
        Stanza {
            to,
            from,
            id,
            type_,
            lang,
            ..stanza
        }
    })
}

fn same(a: &Stanza, b: &Stanza) -> Result<(), TestCaseError> {
    prop_assert_eq!((a.kind, &a.to, &a.from), (b.kind, &b.to, &b.from));
    prop_assert_eq!((&a.id, &a.type_, &a.lang), (&b.id, &b.type_, &b.lang));
    prop_assert_eq!(a.inner(), b.inner());
    prop_assert!(a.kids().eq(b.kids()), "{:?} {:?}", a, b);
    prop_assert!(a.elements().eq(b.elements()));
    prop_assert_eq!(a.to_element(), b.to_element());
    Ok(())
}

proptest! {
    #[test]
    fn what_is_written_is_scanned_as_the_same(stanza in stanza(), cut in 1usize..64) {
        let mut wire = Vec::new();
        stanza.write(&mut wire, Framing::Tcp);
        let mut all = events(wire.chunks(cut)).unwrap();
        prop_assert_eq!(all.len(), 1);
        let Some(Event::Stanza(scanned)) = all.pop() else { panic!("a stanza expected") };
        same(&stanza, &scanned)?;
        same(&stanza, &Stanza::parse(stanza.to_xml().as_bytes()).unwrap())?;
        prop_assert_eq!(scanned.elements().count(), stanza.kids().count());
    }

    #[test]
    fn children_come_and_go(first in vec(element(), 0..6), then in vec(element(), 0..3), which in any::<u16>()) {
        let empty = Stanza::message();
        let mut stanza = first.iter().cloned().fold(empty, Stanza::with_child);
        let mut wire = Vec::new();
        stanza.write(&mut wire, Framing::WebSocket);
        // Also of a stanza that was scanned: its spans are those of its bytes.
        if which % 2 == 0 {
            stanza = Stanza::parse(&wire).unwrap();
        }
        let mut kept = first;
        let gone = |i: usize| which >> (i % 16) & 1 == 1;
        let counter = std::cell::Cell::new(0);
        let removed = stanza.remove(|_| gone(counter.replace(counter.get() + 1)));
        let all = kept.len();
        let mut at = 0;
        kept.retain(|_| {
            at += 1;
            !gone(at - 1)
        });
        prop_assert_eq!(removed, all - kept.len());
        for element in &then {
            stanza.push(element);
        }
        kept.extend(then);
        let names: Vec<_> = kept.iter().map(|e| (e.name(), e.ns())).collect();
        let kids: Vec<_> = stanza.kids().map(|k| (k.name, k.ns)).collect();
        prop_assert_eq!(names, kids);
        prop_assert!(stanza.elements().eq(kept.iter().cloned()));
        for element in &kept {
            prop_assert!(stanza.has(element.name(), element.ns()));
        }
    }

    #[test]
    fn pieces_do_not_matter(bytes in vec(proptest::sample::select(&PARTS[..]), 0..12), cut in 1usize..9) {
        let bytes = bytes.concat();
        let shown = |r: Result<Vec<Event>, StreamError>| format!("{r:?}");
        prop_assert_eq!(shown(events([&bytes[..]])), shown(events(bytes.chunks(cut))));
    }
}

const PARTS: [&[u8]; 18] = [
    b"<message>",
    b"</message>",
    b"<presence/>",
    b"<iq to='a@b' x=\">\">",
    b"</iq>",
    b"<a xmlns='u'/>",
    b"<![CDATA[]]",
    b"]]>",
    b" ",
    b"text",
    b"&amp;",
    "桥".as_bytes(),
    b"\xff",
    b"<",
    b">",
    b"'",
    b"</stream:stream>",
    b"<!",
];
