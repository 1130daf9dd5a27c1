//! One user of a kill run: sends, counts acknowledgements, reconnects, resumes or begins anew, and
//! resends what the server has not acknowledged under the same ids (XEP-0198, XEP-0359).

use super::{
    field::Field,
    record::{Receipt, Record, Sent},
};
use crate::{
    marker::Mark,
    pump::{ASK, answer, count},
    rng::Rng,
    session::Session,
    wire::Wire,
    xml,
};
use anyhow::{Result, bail};
use std::{cell::RefCell, collections::VecDeque, rc::Rc, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    time::{Instant, sleep, sleep_until, timeout},
};

/// How often a client looks whether it may send or should ask for an acknowledgement.
const TICK: Duration = Duration::from_millis(5);
/// How long an acknowledgement may be outstanding before it is asked for again.
const ASK_AGAIN: Duration = Duration::from_millis(50);
/// A server that takes nothing for so long is treated as gone.
const WRITE: Duration = Duration::from_secs(10);

/// A stanza the server has not acknowledged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stanza {
    Presence,
    Message(u32),
}

/// One user and its stream management state, which outlives its connections.
pub struct Party {
    field: Rc<Field>,
    record: Rc<RefCell<Record>>,
    user: u32,
    peer: u32,
    rng: Rng,
    head: Vec<u8>,
    own: String,
    /// Resumption id of the last session.
    previous: Option<String>,
    /// Stanzas received in the session.
    handled: u32,
    /// The server's last `h`.
    accepted: u32,
    unacked: VecDeque<Stanza>,
    asked: Instant,
    epoch: u32,
}

impl Party {
    /// User `user`, talking with its neighbour in the pair.
    pub fn new(field: Rc<Field>, user: u32, seed: u64) -> (Self, Rc<RefCell<Record>>) {
        let peer = user ^ 1;
        let record = Rc::new(RefCell::new(Record {
            user,
            peer,
            ..Record::default()
        }));
        let target = &field.dialer.target;
        let party = Party {
            user,
            peer,
            rng: Rng::new(seed),
            head: format!("<message to='{}' type='chat' id='", target.jid(peer)).into_bytes(),
            own: target.jid(user),
            previous: None,
            handled: 0,
            accepted: 0,
            unacked: VecDeque::new(),
            asked: Instant::now(),
            epoch: 0,
            record: record.clone(),
            field,
        };
        (party, record)
    }

    /// Connects, talks, and connects again until the run is over.
    pub async fn live(mut self) {
        while !self.field.over.get() {
            self.epoch = self.field.epoch.get();
            let mut out = Vec::new();
            match self.connect(&mut out).await {
                // A broken connection is what this run is about: the next one repairs it.
                Ok(wire) => drop(self.talk(wire, out).await),
                Err(error) => {
                    self.field.trouble.replace(format!("{error:#}"));
                    sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    /// Resumes the last session or begins a new one; what must be sent first is left in `out`.
    async fn connect(&mut self, out: &mut Vec<u8>) -> Result<Wire> {
        let mut login = self.field.dialer.authenticate(self.user).await?;
        if let Some(previous) = self.previous.take() {
            let resume = format!(
                "<resume xmlns='urn:xmpp:sm:3' previd='{}' h='{}'/>",
                xml::escape(&previous),
                self.handled
            );
            login.wire.send(resume.as_bytes()).await?;
            let reply = login.wire.element().await?;
            if xml::attr(&reply, "h").is_some() {
                self.acknowledged(count(&reply));
            }
            if xml::name(&reply) == b"resumed" {
                self.previous = Some(previous);
                self.record.borrow_mut().resumed += 1;
                self.resend(out);
                return Ok(login.wire);
            }
        }
        let mut session = login.bind().await?;
        self.previous = session.enable_sm().await?;
        self.record.borrow_mut().sessions += 1;
        self.begin(session, out)
    }

    /// A new session: counters start over, presence goes first.
    fn begin(&mut self, session: Session, out: &mut Vec<u8>) -> Result<Wire> {
        self.handled = 0;
        self.accepted = 0;
        self.unacked.retain(|stanza| *stanza != Stanza::Presence);
        self.unacked.push_front(Stanza::Presence);
        self.resend(out);
        Ok(session.wire)
    }

    fn resend(&mut self, out: &mut Vec<u8>) {
        for stanza in self.unacked.clone() {
            self.write(stanza, out);
        }
        self.ask(out);
    }

    fn ask(&mut self, out: &mut Vec<u8>) {
        self.asked = Instant::now();
        out.extend_from_slice(ASK);
    }

    fn write(&self, stanza: Stanza, out: &mut Vec<u8>) {
        let Stanza::Message(number) = stanza else {
            out.extend_from_slice(b"<presence/>");
            return;
        };
        let (run, seq) = (&self.field.run, u64::from(number));
        out.extend_from_slice(&self.head);
        run.push_id(out, self.user, seq);
        out.extend_from_slice(b"'><body>");
        run.push_body(
            out,
            Mark {
                from: self.user,
                seq,
                stamp: 0,
            },
            self.field.body,
        );
        out.extend_from_slice(b"</body><origin-id xmlns='urn:xmpp:sid:0' id='");
        run.push_id(out, self.user, seq);
        out.extend_from_slice(b"'/></message>");
        let mut record = self.record.borrow_mut();
        if let Some(sent) = record.sent.get_mut(number as usize) {
            sent.tries = sent.tries.saturating_add(1);
        }
    }

    /// Reads and writes until the connection breaks, is cut on purpose, or the run is over.
    async fn talk(&mut self, wire: Wire, mut out: Vec<u8>) -> Result<()> {
        let (mut incoming, mut sink) = wire.split();
        let cut = Instant::now() + self.field.next_cut(&mut self.rng);
        while !self.field.over.get() {
            while let Some(element) = incoming.cut()? {
                self.received(element, &mut out);
            }
            self.produce(&mut out);
            if !out.is_empty() {
                timeout(WRITE, sink.write_all(&out)).await??;
                timeout(WRITE, sink.flush()).await??;
                out.clear();
            }
            tokio::select! {
                filled = incoming.fill() => filled?,
                () = sleep(TICK) => {}
                () = sleep_until(cut) => bail!("cut on purpose"),
            }
        }
        Ok(())
    }

    /// Sends new messages as window and rate allow, and asks for missing acknowledgements.
    fn produce(&mut self, out: &mut Vec<u8>) {
        let mut sent = self.record.borrow().sent.len() as u32;
        let before = sent;
        while self.unacked.len() < self.field.window && sent < self.field.allowed() {
            self.record.borrow_mut().sent.push(Sent {
                at_ms: self.field.now_ms(),
                ..Sent::default()
            });
            self.unacked.push_back(Stanza::Message(sent));
            self.write(Stanza::Message(sent), out);
            sent += 1;
        }
        let waiting = !self.unacked.is_empty() && self.asked.elapsed() > ASK_AGAIN;
        if sent > before || waiting {
            self.ask(out);
        }
        self.field.outstanding(self.user, self.unacked.len());
    }

    fn received(&mut self, element: &[u8], out: &mut Vec<u8>) {
        match xml::name(element) {
            b"r" => answer(out, self.handled),
            b"a" => self.acknowledged(count(element)),
            name => {
                self.handled = self.handled.wrapping_add(1);
                if name == b"message" {
                    self.message(element);
                }
            }
        }
    }

    fn message(&mut self, element: &[u8]) {
        let mut record = self.record.borrow_mut();
        if xml::attr(element, "type") == Some("error") {
            let id = xml::attr(element, "id").and_then(|id| self.field.run.number(id, self.user));
            record.refused.extend(id);
            return;
        }
        let Some(mark) = self.field.run.find(element) else {
            return;
        };
        if mark.from != self.peer {
            record.strays.push(format!(
                "a message of user {} reached user {}",
                mark.from, self.user
            ));
            return;
        }
        let archive_id = own_stanza_id(element, &self.own);
        record.received.push(Receipt {
            seq: mark.seq as u32,
            archive_id,
            at_ms: self.field.now_ms(),
        });
        self.field.delivered(self.epoch);
    }

    /// The server has accepted all stanzas up to its count `h`.
    fn acknowledged(&mut self, h: u32) {
        let fresh = h.wrapping_sub(self.accepted) as usize;
        let mut record = self.record.borrow_mut();
        if fresh > self.unacked.len() {
            record.strays.push(format!(
                "user {}: {h} acknowledged, more than was sent",
                self.user
            ));
            return;
        }
        self.accepted = h;
        for stanza in self.unacked.drain(..fresh) {
            if let Stanza::Message(seq) = stanza
                && let Some(sent) = record.sent.get_mut(seq as usize)
            {
                sent.acked_ms = Some(self.field.now_ms());
            }
        }
    }
}

/// The id under which the user's own archive keeps the message (XEP-0359 §3).
fn own_stanza_id(element: &[u8], own: &str) -> Option<String> {
    let mut rest = element;
    while let Some(found) = xml::find(rest, "stanza-id") {
        if xml::attr(found, "by") == Some(own) {
            return xml::attr(found, "id").map(xml::unescape);
        }
        rest = &found[1..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_archive_counts() {
        let stanza = b"<message><stanza-id xmlns='urn:xmpp:sid:0' by='room@x' id='1'/>\
            <stanza-id xmlns='urn:xmpp:sid:0' id='2' by='me@x'/></message>";
        assert_eq!(own_stanza_id(stanza, "me@x").as_deref(), Some("2"));
        assert_eq!(own_stanza_id(stanza, "you@x"), None);
    }
}
