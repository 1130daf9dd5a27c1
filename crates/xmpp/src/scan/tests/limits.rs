//! Limits hold the same whatever the pieces, and work and memory grow with the bytes and not faster.

use super::*;
use crate::error::StreamCondition::PolicyViolation;
use std::{fmt::Write, time::Instant};

/// `n` of what `one` makes, within a message.
fn message(n: usize, one: impl Fn(&mut String, usize)) -> Vec<u8> {
    let mut out = "<message>".to_owned();
    (0..n).for_each(|i| one(&mut out, i));
    out.push_str("</message>");
    out.into_bytes()
}

fn nested(n: usize) -> Vec<u8> {
    format!("<message>{}{}</message>", "<a>".repeat(n), "</a>".repeat(n)).into_bytes()
}

/// One child whose tag has `n` of what `one` makes.
fn tagged(n: usize, one: impl Fn(&mut String, usize)) -> Vec<u8> {
    let mut out = "<message><x".to_owned();
    (0..n).for_each(|i| one(&mut out, i));
    out.push_str("/></message>");
    out.into_bytes()
}

#[test]
fn limits_hold() {
    assert_eq!(refused(&nested(63)), None);
    assert_eq!(refused(&nested(64)), Some(PolicyViolation));
    assert_eq!(refused(&nested(100_000)), Some(PolicyViolation));
    let attrs = |n| tagged(n, |out, i| write!(out, " a{i}=''").unwrap());
    assert_eq!(refused(&attrs(64)), None);
    assert_eq!(refused(&attrs(65)), Some(PolicyViolation));
    assert_eq!(refused(&attrs(100_000)), Some(PolicyViolation));
    let decls = |n| tagged(n, |out, i| write!(out, " xmlns:a{i}='u'").unwrap());
    assert_eq!(refused(&decls(32)), None);
    assert_eq!(refused(&decls(33)), Some(PolicyViolation));
    let levels = |n| message(n, |out, i| write!(out, "<a xmlns='u{i}'>").unwrap());
    assert_eq!(refused(&levels(33)), Some(PolicyViolation));
    let kids = |n| message(n, |out, _| out.push_str("<a/>"));
    assert_eq!(refused(&kids(1000)), None);
    assert_eq!(refused(&kids(1001)), Some(PolicyViolation));
}

#[test]
fn bytes_are_limited_to_the_byte() {
    let limits = Limits {
        max_bytes: 200,
        ..Limits::default()
    };
    let within = |xml: &str, size: usize| {
        let mut s = Scanner::new(Framing::Tcp, limits);
        let header = HEADER.as_bytes().chunks(HEADER.len());
        let padded = format!("{}{xml}", " ".repeat(500));
        scan(&mut s, header.chain(padded.as_bytes().chunks(size))).map(|all| all.len())
    };
    let text = |n: usize| format!("<message><body>{}</body></message>", "x".repeat(n - 32));
    let attr = |n: usize| format!("<presence id='{}'/>", "x".repeat(n - 17));
    let cdata = |n: usize| format!("<iq><![CDATA[{}]]></iq>", "x".repeat(n - 21));
    for size in [1, 7, 10_000] {
        for (fits, not) in [
            (text(200), text(201)),
            (attr(200), attr(201)),
            (cdata(200), cdata(201)),
        ] {
            assert_eq!((fits.len(), not.len()), (200, 201));
            assert_eq!(within(&fits, size), Ok(2), "{size} {fits}");
            let error = within(&not, size).map_err(|e| e.condition);
            assert_eq!(error, Err(PolicyViolation), "{size} {not}");
        }
    }
    assert_eq!(within(&text(180).repeat(9), 10_000), Ok(10));
}

#[test]
fn nothing_endless_is_kept() {
    for endless in [
        "<stream:stream a='",
        "<stream:stream a",
        "<stream",
        "<?xml version='",
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><message><body>",
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'></",
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><message><![CDATA[",
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><message a='",
    ] {
        let mut s = scanner();
        s.push(endless.as_bytes());
        let mut most = 0;
        let refused = (0..1000).find_map(|_| {
            while let Some(Event::Open(_)) = s.next().ok()? {}
            s.push(&[b'x'; 1024]);
            most = most.max(s.buffered());
            s.next().err()
        });
        assert!(refused.is_some(), "{endless}");
        assert!(
            most <= Limits::default().max_bytes + 2048,
            "{endless}: {most}"
        );
    }
}

#[test]
fn what_travels_with_a_stanza_is_small() {
    let long = "u".repeat(3000);
    let header = format!(
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:p='{long}'>"
    );
    let mut s = scanner();
    scan(&mut s, [header.as_bytes()]).unwrap();
    s.push(b"<message><body/></message>");
    let Ok(Some(Event::Stanza(stanza))) = s.next() else {
        panic!("a stanza expected");
    };
    assert!(stanza.around.is_none());
    let header = header.replace(&long, &long.repeat(2));
    let error = scan(&mut scanner(), [header.as_bytes()]).unwrap_err();
    assert_eq!(error.condition, PolicyViolation);
}

#[test]
fn a_long_namespace_is_in_memory_once() {
    let long = "u".repeat(50_000);
    let kids = "<p:a p:b=''/>".repeat(900);
    let stanza = one(&format!("<message xmlns:p='{long}'>{kids}</message>"));
    assert_eq!(stanza.around.as_ref().unwrap().names.len(), 1);
    let tree = Element::parse(&format!("<x xmlns='{long}'>{}</x>", "<a/>".repeat(900))).unwrap();
    assert!(
        tree.children()
            .all(|c| c.ns().as_ptr() == tree.ns().as_ptr())
    );
}

/// Seconds that scanning `bytes` takes in pieces of `size`.
fn seconds(bytes: &[u8], size: usize) -> f64 {
    let limits = Limits {
        max_bytes: 1 << 26,
        max_depth: u16::MAX,
        max_children: u32::MAX,
        ..Limits::default()
    };
    let mut s = Scanner::new(Framing::Tcp, limits);
    scan(&mut s, [HEADER.as_bytes()]).unwrap();
    let begun = Instant::now();
    assert_eq!(scan(&mut s, bytes.chunks(size)).unwrap().len(), 1);
    begun.elapsed().as_secs_f64()
}

/// Eight times the bytes take about eight times as long; 64 times if the work were quadratic.
fn assert_linear(what: &str, make: impl Fn(usize) -> Vec<u8>, n: usize, size: usize) {
    let (less, more) = (make(n), make(8 * n));
    let best = |bytes: &[u8]| {
        (0..5)
            .map(|_| seconds(bytes, size))
            .fold(f64::MAX, f64::min)
    };
    let ratio = best(&more) / best(&less);
    assert!(ratio < 28.0, "{what}: {ratio}");
}

#[test]
fn work_grows_with_the_bytes_and_not_faster() {
    const WHOLE: usize = usize::MAX;
    // 8 MB in one slice.
    assert_linear(
        "text",
        |n| message(n, |out, _| out.push_str("x&amp;] y")),
        1 << 17,
        WHOLE,
    );
    assert_linear(
        "children",
        |n| message(n, |out, _| out.push_str("<a/>")),
        1 << 13,
        WHOLE,
    );
    assert_linear(
        "own namespaces",
        |n| message(n, |out, _| out.push_str("<a xmlns='&lt;'/>")),
        1 << 11,
        WHOLE,
    );
    assert_linear("depth", nested, 1 << 12, WHOLE);
    assert_linear(
        "a name",
        |n| format!("<message {}=''/>", "x".repeat(n)).into_bytes(),
        1 << 15,
        WHOLE,
    );
    assert_linear(
        "text, cut",
        |n| message(n, |out, _| out.push('x')),
        1 << 14,
        1,
    );
    assert_linear(
        "a tag, cut",
        |n| tagged(1, |out, _| write!(out, " a='{}'", "x".repeat(n)).unwrap()),
        1 << 14,
        1,
    );
    assert_linear(
        "CDATA, cut",
        |n| {
            message(1, |out, _| {
                write!(out, "<![CDATA[{}]]>", "]".repeat(n)).unwrap()
            })
        },
        1 << 14,
        1,
    );
    assert_linear(
        "an end tag, cut",
        |n| message(1, |out, _| write!(out, "<a></a{}>", " ".repeat(n)).unwrap()),
        1 << 14,
        1,
    );
    assert_linear(
        "blanks",
        |n| [" ".repeat(n).as_bytes(), b"<iq/>"].concat(),
        1 << 14,
        1,
    );
}
