//! Compares what the scan makes of a stream with what rxml makes of it.
//!
//! What the scan accepts, rxml accepts, with the same trees; what the scan refuses, rxml refuses, unless only XMPP forbids it.
//! What the scan writes again is the same tree; and its answer does not depend on the pieces the bytes come in.

use crate::oracle::{self, Node, XML};
use magpie_xmpp::{
    Jid, Stanza,
    error::{StreamCondition, StreamError},
    scan::{Event, Framing, Limits, Scanner},
};

/// How a stream went, for the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All was taken.
    Accepted,
    /// The last item is not complete.
    Pending,
    /// Both refused it.
    Refused,
    /// It goes against a limit or a rule of XMPP, on which rxml has no opinion.
    Exempt,
}

/// What the scan made of a stream.
struct Scanned {
    events: Vec<Event>,
    error: Option<StreamError>,
    /// Bytes that belong to the events.
    consumed: usize,
}

const CLIENT: &str = "jabber:client";
const OPEN: &[u8] =
    b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

/// The scan of `bytes` in pieces whose lengths `pieces` gives.
fn scan(bytes: &[u8], mut pieces: impl FnMut() -> usize) -> Scanned {
    let mut scanner = Scanner::new(Framing::Tcp, Limits::default());
    let (mut events, mut rest) = (Vec::new(), bytes);
    let mut consumed = 0;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(pieces().clamp(1, rest.len()));
        scanner.push(piece);
        rest = after;
        loop {
            let found = scanner.next();
            if let Ok(Some(_)) = &found {
                consumed = bytes.len() - rest.len() - scanner.buffered();
            }
            let error = match found {
                Ok(None) => break,
                Ok(Some(Event::Close)) => None,
                Ok(Some(event)) => {
                    events.push(event);
                    continue;
                }
                Err(error) => Some(error),
            };
            return Scanned {
                events,
                error,
                consumed,
            };
        }
    }
    Scanned {
        events,
        error: None,
        consumed: if scanner.is_idle() {
            bytes.len()
        } else {
            consumed
        },
    }
}

/// Compares the two on `bytes`, a stream from its beginning. `pieces` gives lengths at random.
///
/// # Errors
/// In what they differ.
pub fn check(bytes: &[u8], pieces: impl FnMut() -> usize) -> Result<Outcome, String> {
    let whole = scan(bytes, || usize::MAX);
    same_scan(&whole, &scan(bytes, pieces), "in pieces")?;
    if bytes.len() < 2048 {
        same_scan(&whole, &scan(bytes, || 1), "byte by byte")?;
    }
    // White space may come before the stream: rxml thinks that it may not.
    let blanks = bytes.len() - bytes.trim_ascii_start().len();
    let taken = oracle::read(bytes.get(blanks..whole.consumed).unwrap_or_default());
    if let Some(error) = taken.error {
        return if standalone_alone(bytes) {
            Ok(Outcome::Exempt)
        } else {
            Err(format!("accepted, but rxml says: {error}"))
        };
    }
    let items: Vec<_> = whole
        .events
        .iter()
        .filter(|e| !matches!(e, Event::Open(_)))
        .collect();
    if items.len() != taken.items.len() || taken.text_between {
        return Err(format!(
            "{} items, but rxml has {}",
            items.len(),
            taken.items.len()
        ));
    }
    for (event, node) in items.into_iter().zip(&taken.items) {
        same_item(event, node)?;
    }
    match &whole.error {
        None if whole.consumed == bytes.len() => Ok(Outcome::Accepted),
        None => Ok(Outcome::Pending),
        Some(error) => refused(bytes, error, whole.consumed, taken.items.len()),
    }
}

fn same_scan(a: &Scanned, b: &Scanned, how: &str) -> Result<(), String> {
    let list = |s: &Scanned| format!("{:?} {:?} {}", s.events, s.error, s.consumed);
    if list(a) == list(b) {
        Ok(())
    } else {
        Err(format!("{how} it is\n  {}\nnot\n  {}", list(b), list(a)))
    }
}

/// The scan refused `bytes` behind `items` items that take `consumed` bytes: rxml does so too, or XMPP alone forbids it.
fn refused(
    bytes: &[u8],
    error: &StreamError,
    consumed: usize,
    items: usize,
) -> Result<Outcome, String> {
    let oracle = oracle::read(bytes.trim_ascii_start());
    if oracle.error.is_some() {
        return Ok(Outcome::Refused);
    }
    let rest = bytes[consumed..].trim_ascii_start();
    let text = !rest.starts_with(b"<") || rest.starts_with(b"<![CDATA[");
    let has = |part: &[u8]| rest.windows(part.len()).any(|w| w == part);
    // Besides wrong declarations, what rxml takes although XML or the scan's own caution do not.
    let exempt = match error.condition {
        _ if rest.starts_with(b"<?") => true,
        StreamCondition::PolicyViolation
        | StreamCondition::BadFormat
        | StreamCondition::InvalidNamespace => true,
        StreamCondition::NotWellFormed => {
            let padded = has(b"&#0") || has(b"&#x0");
            text || padded || declares_twice(rest) || rare_name(rest) || quote_in_end_tag(rest)
        }
        StreamCondition::RestrictedXml => {
            // Character data between stanzas, perhaps not all of its beginning: nothing that may come makes it good.
            let cdata = rest.len() > 1 && b"<![CDATA[".starts_with(rest);
            text || cdata || has(b"\r") || rest.ends_with(b"<?") || rest.ends_with(b"<!")
        }
        StreamCondition::BadNamespacePrefix if has(b"http://www.w3.org/2000/xmlns/") => true,
        StreamCondition::BadNamespacePrefix => {
            let stanza = ["message", "presence", "iq"];
            let prefixed = |n: &&str| has(format!(":{n}").as_bytes());
            let next = oracle.items.get(items);
            stanza.iter().any(prefixed)
                && next.is_none_or(|n| n.ns == CLIENT && stanza.contains(&&*n.name))
        }
        _ => false,
    };
    if exempt {
        Ok(Outcome::Exempt)
    } else {
        Err(format!("refused with {error}, but rxml accepts it"))
    }
}

/// Some tag has `xmlns` or `xmlns:prefix` twice, which rxml overlooks.
fn declares_twice(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.split('<').any(|tag| {
        let named = tag.split(['=', '\'', '"']).map(str::trim_ascii);
        let mut names: Vec<_> = named
            .filter_map(|n| n.rsplit([' ', '\n', '\t', '\r']).next())
            .filter(|n| n.starts_with("xmlns"))
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        names.len() < all
    })
}

/// Some end tag has a quote in it, which rxml overlooks.
fn quote_in_end_tag(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut ends = text.split("</").skip(1);
    ends.any(|end| {
        end.split('>')
            .next()
            .is_some_and(|end| end.contains(['\'', '"']))
    })
}

/// The declaration says `standalone` and no `encoding`, which XML 1.0 §2.8 allows and rxml does not take.
fn standalone_alone(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let declared = text.trim_start().strip_prefix("<?xml");
    let declaration = declared.and_then(|d| d.split("?>").next());
    declaration.is_some_and(|d| d.contains("standalone") && !d.contains("encoding"))
}

/// Some tag may have a name on which parsers disagree.
fn rare_name(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let agreed = |c: char| c.is_ascii() || "é名·鹊桥\u{85}\u{2028}🐦你好".contains(c);
    let in_names = |c: char| c.is_ascii() || "é名·鹊桥你好".contains(c);
    !text.chars().all(agreed)
        || text
            .split('<')
            .any(|tag| !names_of(tag).chars().all(in_names))
}

/// What stands in a tag outside of its values; `tag` is what follows a `<`.
fn names_of(tag: &str) -> String {
    let mut quote = None;
    let outside = |c: &char| match quote {
        Some(q) => {
            if *c == q {
                quote = None;
            }
            false
        }
        None if matches!(*c, '\'' | '"') => {
            quote = Some(*c);
            false
        }
        None => true,
    };
    let names: String = tag.chars().filter(outside).collect();
    names.split('>').next().unwrap_or_default().to_owned()
}

fn same_item(event: &Event, node: &Node) -> Result<(), String> {
    match event {
        Event::Stanza(stanza) => same_stanza(stanza, node),
        Event::Element(element) => same_node(
            "an element",
            oracle::element(element.to_xml().as_bytes()),
            node,
        ),
        Event::Open(_) | Event::Close => Ok(()),
    }
}

fn same_node(what: &str, ours: Option<Node>, theirs: &Node) -> Result<(), String> {
    if ours.as_ref() == Some(theirs) {
        Ok(())
    } else {
        Err(format!("{what} is\n  {ours:?}\nbut rxml has\n  {theirs:?}"))
    }
}

/// The stanza that rxml has, with such attributes on its start tag as travel.
fn travelling(node: &Node) -> Node {
    let keep = |((ns, name), value): (&(String, String), &String)| {
        let value = match (&**ns, &**name) {
            ("", "id" | "type") | (XML, "lang") => value.clone(),
            ("", "to" | "from") => Jid::new(value).ok()?.as_str().to_owned(),
            _ => return None,
        };
        Some(((ns.clone(), name.clone()), value))
    };
    Node {
        attrs: node.attrs.iter().filter_map(keep).collect(),
        ..node.clone()
    }
}

fn same_stanza(stanza: &Stanza, node: &Node) -> Result<(), String> {
    let expected = travelling(node);
    if node.name != stanza.kind.name() || node.ns != CLIENT {
        return Err(format!("{:?}, but rxml has {node:?}", stanza.kind));
    }
    let mut tcp = OPEN.to_vec();
    stanza.write(&mut tcp, Framing::Tcp);
    let mut read = oracle::read(&tcp);
    if let Some(error) = read.error {
        return Err(format!("written, rxml says: {error}"));
    }
    same_node("written", read.items.pop(), &expected)?;
    let mut alone = Vec::new();
    stanza.write(&mut alone, Framing::WebSocket);
    same_node("written for WebSocket", oracle::element(&alone), &expected)?;
    let xml = stanza.to_xml();
    let again = Stanza::parse(xml.as_bytes()).map_err(|e| format!("cannot be read again: {e}"))?;
    if again.to_xml() != xml {
        return Err(format!(
            "read again it is\n  {}\nnot\n  {xml}",
            again.to_xml()
        ));
    }
    let tree = stanza.to_element().to_xml();
    same_node("as a tree", oracle::element(tree.as_bytes()), &expected)?;
    same_kids(stanza, node)
}

fn same_kids(stanza: &Stanza, node: &Node) -> Result<(), String> {
    let theirs: Vec<_> = node.children().map(|c| (&*c.name, &*c.ns)).collect();
    let ours: Vec<_> = stanza.kids().map(|k| (k.name, k.ns)).collect();
    if ours != theirs {
        return Err(format!("children are {ours:?}, but rxml has {theirs:?}"));
    }
    let elements: Vec<_> = stanza.elements().collect();
    if elements.len() != theirs.len() {
        return Err("a child is no tree".into());
    }
    for (element, child) in elements.iter().zip(node.children()) {
        same_node(
            "a child",
            oracle::element(element.to_xml().as_bytes()),
            child,
        )?;
    }
    Ok(())
}
