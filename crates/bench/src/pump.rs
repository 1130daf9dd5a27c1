//! Drives a session under load: one task reads and hands stanzas to a listener, one task writes
//! what gathered meanwhile in a single call.

use crate::{
    session::Session,
    wire::{Incoming, Socket},
    xml,
};
use anyhow::Result;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Instant,
};
use tokio::{
    io::{AsyncWriteExt, ReadHalf, WriteHalf},
    sync::Notify,
    task::JoinSet,
};

/// Bytes waiting to be written on one session.
#[derive(Default)]
pub struct Outbox {
    bytes: RefCell<Vec<u8>>,
    filled: Notify,
}

impl Outbox {
    /// Lets `append` add bytes, and wakes the writer.
    pub fn push(&self, append: impl FnOnce(&mut Vec<u8>)) {
        append(&mut self.bytes.borrow_mut());
        self.filled.notify_one();
    }

    async fn drain(&self, mut sink: WriteHalf<Socket>) -> Result<()> {
        let mut writing = Vec::new();
        loop {
            self.filled.notified().await;
            std::mem::swap(&mut writing, &mut *self.bytes.borrow_mut());
            sink.write_all(&writing).await?;
            sink.flush().await?;
            writing.clear();
        }
    }
}

/// What a session does with the stanzas it receives.
pub trait Listener {
    /// A stanza came; `now` is the time at which the bytes were read.
    fn stanza(&mut self, stanza: &[u8], now: Instant);
    /// All stanzas of one read were handed over.
    fn read_done(&mut self, _now: Instant) {}
}

/// A running session.
#[derive(Default, Clone)]
pub struct Running {
    /// Where to put what is to be sent.
    pub outbox: Rc<Outbox>,
    /// The server's last `h` (XEP-0198): how many of our stanzas it has accepted.
    pub accepted: Rc<Cell<u32>>,
}

/// Starts both tasks of a session in `tasks`; either one's end is an error.
pub fn start(
    session: Session,
    listener: impl Listener + 'static,
    tasks: &mut JoinSet<Result<()>>,
) -> Running {
    let running = Running::default();
    let (incoming, sink) = session.wire.split();
    let outbox = running.outbox.clone();
    tasks.spawn_local(async move { outbox.drain(sink).await });
    tasks.spawn_local(read(incoming, listener, running.clone()));
    running
}

async fn read(
    mut incoming: Incoming<ReadHalf<Socket>>,
    mut listener: impl Listener,
    running: Running,
) -> Result<()> {
    let mut handled = 0u32;
    loop {
        let now = Instant::now();
        while let Some(element) = incoming.cut()? {
            match xml::name(element) {
                b"r" => running.outbox.push(|out| answer(out, handled)),
                b"a" => running.accepted.set(count(element)),
                _ => {
                    handled = handled.wrapping_add(1);
                    listener.stanza(element, now);
                }
            }
        }
        listener.read_done(now);
        incoming.fill().await?;
    }
}

/// Appends the answer to `<r/>` (XEP-0198 §4).
pub fn answer(out: &mut Vec<u8>, handled: u32) {
    out.extend_from_slice(b"<a xmlns='urn:xmpp:sm:3' h='");
    xml::push_number(out, handled.into());
    out.extend_from_slice(b"'/>");
}

/// The `h` attribute of an `<a/>`, `<resumed/>` or `<failed/>`.
pub fn count(element: &[u8]) -> u32 {
    xml::attr(element, "h")
        .and_then(|h| h.parse().ok())
        .unwrap_or(0)
}

/// The request for an acknowledgement (XEP-0198 §4).
pub const ASK: &[u8] = b"<r xmlns='urn:xmpp:sm:3'/>";
