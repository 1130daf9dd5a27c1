//! A client that follows a script over a real connection, with deadlines instead of sleeps.

use crate::{
    matches,
    pipe::{Bindings, Pipe},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use magpie_xmpp::{
    Element, Stanza,
    scan::{Event, Framing, Limits, Scanner},
};
use std::time::Duration;
use tokio::time::timeout;

/// How long anything may take. Generous: the machine of the tests is small and shared.
const DEADLINE: Duration = Duration::from_secs(20);

/// See the module. Its methods panic when the script is not followed: they are a test's.
pub struct Client {
    pipe: Pipe,
    scanner: Scanner,
    /// The full JID, once bound.
    pub jid: String,
    pings: u32,
}

impl Client {
    /// A connection on which nothing was said.
    pub(crate) fn new(pipe: Pipe) -> Client {
        Client {
            scanner: Scanner::new(pipe.framing(), limits()),
            pipe,
            jid: String::new(),
            pings: 0,
        }
    }

    /// Opens a stream, also the one after login; returns its features.
    pub async fn open(&mut self) -> Element {
        self.scanner = Scanner::new(self.pipe.framing(), limits());
        self.send(self.header()).await;
        self.opened().await
    }

    /// How this client opens a stream.
    pub fn header(&self) -> &'static str {
        match self.pipe.framing() {
            Framing::Tcp => {
                "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>"
            }
            Framing::WebSocket => {
                "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>"
            }
        }
    }

    /// The server opens its stream; returns its features.
    pub async fn opened(&mut self) -> Element {
        match self.event().await {
            Some(Event::Open(_)) => {}
            other => panic!("a stream header expected, {other:?} came"),
        }
        self.element().await
    }

    /// What a login on this connection may be bound to.
    pub fn bindings(&self) -> Bindings {
        self.pipe.bindings()
    }

    /// Logs in by PLAIN and opens the stream after it; returns its features.
    pub async fn login(&mut self, name: &str, password: &str) -> Element {
        let plain = STANDARD.encode(format!("\0{name}\0{password}"));
        self.send(&format!(
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>"
        ))
        .await;
        let answer = self.element().await;
        assert!(
            answer.is("success", "urn:ietf:params:xml:ns:xmpp-sasl"),
            "{}",
            answer.to_xml()
        );
        self.open().await
    }

    /// Binds `resource`.
    pub async fn bind(&mut self, resource: &str) {
        let bind = format!(
            "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{resource}</resource></bind></iq>"
        );
        self.send(&bind).await;
        let reply = self.stanza().await;
        self.jid = reply
            .find("bind", "urn:ietf:params:xml:ns:xmpp-bind")
            .and_then(|b| b.find_text("jid", "urn:ietf:params:xml:ns:xmpp-bind"))
            .unwrap_or_else(|| panic!("not bound: {}", reply.to_xml()));
    }

    /// Sends text as it is; over WebSocket, as one message.
    pub async fn send(&mut self, xml: &str) {
        timeout(DEADLINE, self.pipe.send(xml))
            .await
            .expect("the server reads")
            .expect("the connection stands");
    }

    /// The next thing that comes; `None` when the connection is closed.
    pub async fn event(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.scanner.next().expect("the server writes good XML") {
                return Some(event);
            }
            let came = timeout(DEADLINE, self.pipe.receive())
                .await
                .expect("nothing came in time")?;
            self.scanner.push(&came);
        }
    }

    /// The next stanza, as a tree.
    pub async fn stanza(&mut self) -> Element {
        self.raw_stanza().await.to_element()
    }

    /// The next stanza.
    pub async fn raw_stanza(&mut self) -> Stanza {
        match self.event().await {
            Some(Event::Stanza(stanza)) => stanza,
            Some(Event::Element(e)) => panic!("a stanza expected, {} came", e.to_xml()),
            other => panic!("a stanza expected, {other:?} came"),
        }
    }

    /// The next element that is no stanza.
    pub async fn element(&mut self) -> Element {
        match self.event().await {
            Some(Event::Element(element)) => element,
            Some(Event::Stanza(s)) => panic!("no stanza expected, {} came", s.to_xml()),
            other => panic!("an element expected, {other:?} came"),
        }
    }

    /// The next stanza must be as `expected` (see [`matches`]); it is returned.
    pub async fn recv(&mut self, expected: &str) -> Element {
        let expected = parse(expected);
        let actual = self.stanza().await;
        if let Some(why) = matches(&expected, &actual) {
            panic!(
                "{}: {why}\nexpected {}\ncame     {}",
                self.jid,
                expected.to_xml(),
                actual.to_xml()
            );
        }
        actual
    }

    /// The next stanzas must be these, in any order.
    pub async fn recv_all(&mut self, expected: &[&str]) {
        let mut open: Vec<Element> = expected.iter().map(|e| parse(e)).collect();
        while !open.is_empty() {
            let actual = self.stanza().await;
            let Some(at) = open.iter().position(|e| matches(e, &actual).is_none()) else {
                let rest: Vec<String> = open.iter().map(Element::to_xml).collect();
                panic!(
                    "{}: came {}\nexpected one of\n{}",
                    self.jid,
                    actual.to_xml(),
                    rest.join("\n")
                );
            };
            open.remove(at);
        }
    }

    /// Sends a request and returns its answer, which must be the next stanza.
    pub async fn ask(&mut self, request: &str, expected: &str) -> Element {
        self.send(request).await;
        self.recv(expected).await
    }

    /// Everything this client sent before is released when this returns, and nothing is waiting for it: the next stanza
    /// it gets is the answer to a ping.
    pub async fn silent(&mut self) {
        self.pings += 1;
        let id = format!("silence-{}", self.pings);
        self.send(&format!(
            "<iq type='get' id='{id}' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"
        ))
        .await;
        self.recv(&format!("<iq type='result' id='{id}'/>")).await;
    }

    /// Takes everything until this client's own ping is answered: what came before is returned.
    pub async fn settle(&mut self) -> Vec<Element> {
        self.pings += 1;
        let id = format!("settle-{}", self.pings);
        self.send(&format!(
            "<iq type='get' id='{id}' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"
        ))
        .await;
        let mut came = Vec::new();
        loop {
            let stanza = self.stanza().await;
            if stanza.get("id") == Some(&id) {
                return came;
            }
            came.push(stanza);
        }
    }

    /// Becomes available and takes its own presence and whatever waits.
    pub async fn online(&mut self) -> Vec<Element> {
        self.send("<presence/>").await;
        self.settle().await
    }

    /// The stream must end with this error condition; the error.
    pub async fn ended_by(&mut self, condition: &str) -> Element {
        let error = self.element().await;
        assert!(
            error.is("error", "http://etherx.jabber.org/streams"),
            "{}",
            error.to_xml()
        );
        assert!(
            error
                .find(condition, "urn:ietf:params:xml:ns:xmpp-streams")
                .is_some(),
            "{}",
            error.to_xml()
        );
        self.closed().await;
        error
    }

    /// The server must close the connection; what comes before is passed over.
    pub async fn closed(&mut self) {
        while self.event().await.is_some() {}
    }

    /// Cuts the connection without a word.
    pub fn cut(self) {
        drop(self.pipe);
    }
}

fn limits() -> Limits {
    Limits {
        max_bytes: 1 << 20,
        max_depth: 64,
        max_attrs: 64,
        max_ns: 32,
        max_children: 10_000,
    }
}

/// A script's XML: what has no namespace of its own is `jabber:client`.
fn parse(xml: &str) -> Element {
    let at = xml.find(['>', '/', ' ']).unwrap_or(xml.len());
    let whole = if xml[..xml.find('>').unwrap_or(xml.len())].contains(" xmlns=") {
        xml.to_owned()
    } else {
        format!("{} xmlns='jabber:client'{}", &xml[..at], &xml[at..])
    };
    Element::parse(&whole).unwrap_or_else(|e| panic!("the script's own XML is wrong: {e}: {xml}"))
}
