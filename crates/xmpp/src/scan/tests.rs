//! What the scan takes, what it refuses and with which condition, that it does so in linear time, and what it costs idle.

mod allowed;
mod limits;
mod properties;
mod refused;

use super::*;
use crate::error::StreamCondition;

const HEADER: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0' xmlns:h='urn:header'>";

fn scanner() -> Scanner {
    Scanner::new(Framing::Tcp, Limits::default())
}

/// All events of `pieces`, the first of which begins a stream.
fn scan<'a>(
    scanner: &mut Scanner,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<Event>, StreamError> {
    let mut events = Vec::new();
    for piece in pieces {
        scanner.push(piece);
        while let Some(event) = scanner.next()? {
            events.push(event);
        }
    }
    Ok(events)
}

/// All events of `pieces` within a stream.
fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Event>, StreamError> {
    let pieces = [HEADER.as_bytes()].into_iter().chain(pieces);
    let mut events = scan(&mut scanner(), pieces)?;
    assert!(matches!(events.remove(0), Event::Open(_)));
    Ok(events)
}

/// Why `bytes` within a stream are refused: in one piece as byte by byte.
fn refused(bytes: &[u8]) -> Option<StreamCondition> {
    let error = events([bytes]).err();
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    assert_eq!(events(bytes.chunks(1)).err(), error, "{shown}");
    error.map(|e| e.condition)
}

fn one(xml: &str) -> Stanza {
    match events([xml.as_bytes()]).unwrap().pop() {
        Some(Event::Stanza(s)) => s,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_idle_scanner_is_small() {
    assert!(size_of::<Scanner>() <= 96, "{}", size_of::<Scanner>());
    let usual = HEADER.replace(" xmlns:h='urn:header'", "");
    let mut s = scanner();
    let all = scan(
        &mut s,
        [
            usual.as_bytes(),
            b"<presence/>",
            b" <r xmlns='urn:xmpp:sm:3'/>\n",
        ],
    );
    assert_eq!(all.unwrap().len(), 3);
    assert!(s.is_idle() && s.item.is_none());
    assert_eq!(s.buffer.capacity(), 0);
    assert_eq!(s.opened, Some(Opened::Usual));
}

#[test]
fn after_tls_nothing_counts_and_after_login_all_does() {
    let mut s = scanner();
    scan(
        &mut s,
        [
            HEADER.as_bytes(),
            b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        ],
    )
    .unwrap();
    s.push(b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AGEAYg==</auth>");
    s.reset();
    assert!(s.is_idle() && s.next().unwrap().is_none());
    let all = scan(
        &mut s,
        [
            HEADER.as_bytes(),
            b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        ],
    );
    assert_eq!(all.unwrap().len(), 2);
    s.push(HEADER.as_bytes());
    s.push(b"<presence/>");
    s.restart();
    assert!(matches!(s.next(), Ok(Some(Event::Open(_)))));
    assert!(matches!(s.next(), Ok(Some(Event::Stanza(_)))));
    assert!(matches!(s.next(), Ok(None)));
}
