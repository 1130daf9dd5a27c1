//! After login: what comes in is routed, what is in the mailbox is written, until one side ends it.

use super::{
    Shared, csi,
    negotiate::Begun,
    sm::{self, Sm},
    wire::{Gone, Wire},
};
use magpie_core::{
    Out, Session,
    bucket::Bucket,
    session::{Attachment, Ending},
};
use magpie_xmpp::{Element, Stanza, StanzaError, StreamError, ns, scan::Event};
use std::{
    future::{Future, poll_fn},
    io,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};
use tokio::time::{Sleep, sleep};

/// Stanzas taken from the mailbox at a time.
const TAKE: usize = 256;
/// Bytes that may wait for the socket before more is taken from the mailbox.
const UNWRITTEN: usize = 128 * 1024;

/// A stream in its loop.
struct Stream<'a> {
    shared: &'a Arc<Shared>,
    wire: Wire,
    session: Arc<Session>,
    at: Attachment,
    sm: Sm,
    inactive: bool,
    /// Written, and to be forgotten in the offline list once the socket has it.
    unsettled: Vec<Out>,
    stanzas: Bucket,
    bytes: Bucket,
    /// Until when nothing is read: the client sent more than its share.
    paused: Option<Instant>,
    /// The client was silent and has been asked whether it is there.
    asked: bool,
}

/// How a stream ends.
enum End {
    /// The client closed it.
    Closed,
    /// The connection is cut.
    Cut,
    /// It is ended with an error.
    Error(StreamError),
    /// Another stream has the session.
    Taken,
}

impl From<Gone> for End {
    fn from(gone: Gone) -> End {
        match gone {
            Gone::Cut => End::Cut,
            Gone::Closed => End::Closed,
            Gone::Refused(error) => End::Error(error),
        }
    }
}

/// Runs the session on its stream to the stream's end.
pub(super) fn serve(shared: &Arc<Shared>, wire: Wire, begun: Begun) -> impl Future<Output = ()> {
    let Begun {
        session,
        at,
        sm,
        inactive,
    } = begun;
    let config = &shared.config;
    let mut stream = Stream {
        shared,
        wire,
        session,
        at,
        sm,
        inactive,
        unsettled: Vec::new(),
        stanzas: Bucket::new(
            config.stanzas_per_sec,
            config.stanzas_per_sec.saturating_mul(5),
        ),
        bytes: Bucket::new(config.bytes_per_sec, config.bytes_per_sec.saturating_mul(2)),
        paused: None,
        asked: false,
    };
    async move {
        let end = stream.run().await;
        Box::pin(stream.finish(end)).await;
    }
}

impl Stream<'_> {
    async fn run(&mut self) -> End {
        let idle = Duration::from_secs(self.shared.config.idle_secs);
        let mut silence = pin!(sleep(idle));
        let mut stop = self.shared.stop.clone();
        let mut stopped = pin!(async move { stop.wait_for(|stop| *stop).await.is_ok() });
        loop {
            loop {
                if let Some(end) = self.due_end() {
                    return end;
                }
                if !self.may_read() {
                    break;
                }
                match self.wire.scanner.next() {
                    Ok(Some(event)) => {
                        // Boxed, so that an idle session does not carry the room that deciding takes.
                        if let Err(end) = Box::pin(self.event(event)).await {
                            return end;
                        }
                    }
                    Ok(None) => break,
                    Err(error) => return End::Error(error),
                }
            }
            self.fill();
            match self.wait(silence.as_mut(), stopped.as_mut()).await {
                Ok(Woken::Input) => {
                    silence.as_mut().reset(tokio::time::Instant::now() + idle);
                    self.asked = false;
                }
                Ok(Woken::Mailbox) => {}
                Ok(Woken::Silence) if self.asked => {
                    return if self.sm.is_resumable() {
                        End::Cut
                    } else {
                        End::Error(StreamError::connection_timeout())
                    };
                }
                Ok(Woken::Silence) => {
                    self.asked = true;
                    silence.as_mut().reset(tokio::time::Instant::now() + idle);
                    self.ask_whether_there();
                }
                Ok(Woken::Stop) => return End::Error(StreamError::system_shutdown()),
                Err(_) => return End::Cut,
            }
        }
    }

    fn ask_whether_there(&mut self) {
        if self.sm.is_enabled() {
            self.sm.ask_again(&mut self.wire);
        } else {
            let mut ping = Stanza::iq("get")
                .with_id("ping")
                .with_child(Element::new(ns::PING, "ping"));
            (ping.from, ping.to) = (
                Some(self.shared.cx.domain.clone()),
                Some(self.session.jid.clone()),
            );
            self.wire.stanza(&ping);
        }
    }

    /// Why the stream is to end now, if it is.
    fn due_end(&mut self) -> Option<End> {
        if let Some(error) = self.session.closing() {
            return Some(End::Error(error));
        }
        (!self.session.is_served_by(self.at)).then_some(End::Taken)
    }

    /// Whether more may be read: what is in flight and what was sent lately is within bounds.
    fn may_read(&mut self) -> bool {
        if self.paused.is_some_and(|until| until > Instant::now()) {
            return false;
        }
        self.paused = None;
        self.session.in_flight() < self.shared.cx.config.in_flight_per_session
    }

    async fn event(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::Stanza(stanza) => self.stanza(stanza).await,
            Event::Element(e) => self.element(&e).await,
            Event::Close => Err(End::Closed),
            Event::Open(_) => Err(End::Error(StreamError::invalid_xml())),
        }
    }

    async fn stanza(&mut self, stanza: Stanza) -> Result<(), End> {
        let now = Instant::now();
        let bytes = u32::try_from(stanza.size()).unwrap_or(u32::MAX);
        let wait = self.stanzas.take(1, now).max(self.bytes.take(bytes, now));
        if !wait.is_zero() {
            self.paused = Some(now + wait);
        }
        self.sm.count();
        let (shared, session) = (self.shared, self.session.clone());
        let mut routing = pin!(shared.cx.route(&session, stanza));
        let mut woken = pin!(session.woken());
        // Most stanzas are decided at once; an IQ may take time, in which writing goes on.
        poll_fn(|cx| match routing.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(done),
            Poll::Pending => {
                self.fill();
                if self.wire.transport.poll_flush(cx).is_ready() {
                    self.written();
                }
                while woken.as_mut().poll(cx).is_ready() {
                    woken.set(session.woken());
                    cx.waker().wake_by_ref();
                }
                Poll::Pending
            }
        })
        .await
        .map_err(End::Error)
    }

    async fn element(&mut self, e: &Element) -> Result<(), End> {
        if e.is("enable", ns::SM3) {
            self.session.below(1).await;
            let answer = self.sm.enable(e, self.shared, &self.session);
            self.wire.element(&answer);
            return Ok(());
        }
        if let Some(done) = self.sm.element(e, self.shared, &self.session) {
            return done.map_err(End::Error);
        }
        match (e.name(), e.ns()) {
            ("inactive", ns::CSI) => self.inactive = true,
            ("active", ns::CSI) => self.inactive = false,
            (_, ns::SM3) => self
                .wire
                .element(&sm::failed(&StanzaError::unexpected_request())),
            _ => return Err(End::Error(StreamError::unsupported_stanza_type())),
        }
        Ok(())
    }

    /// Puts what is in the mailbox on the wire, as far as there is room.
    fn fill(&mut self) {
        self.sm.tell(&self.session, &mut self.wire);
        if self.inactive && csi::may_wait(&self.session) {
            return;
        }
        while self.wire.transport.pending() < UNWRITTEN {
            let taken = self.session.outbox(|b| b.take(TAKE));
            if taken.outs.is_empty() {
                break;
            }
            for out in &taken.outs {
                self.wire.stanza(&out.stanza);
            }
            if self.sm.is_enabled() {
                self.sm.ask(&mut self.wire);
            } else {
                self.unsettled
                    .extend(taken.outs.into_iter().filter(|o| o.offline));
            }
        }
    }

    /// The socket has everything.
    fn written(&mut self) {
        if !self.unsettled.is_empty() {
            let outs = std::mem::take(&mut self.unsettled);
            self.shared.cx.settle(&self.session, &outs);
        }
    }

    /// Sleeps until something happens; writes meanwhile.
    async fn wait(
        &mut self,
        mut silence: std::pin::Pin<&mut Sleep>,
        mut stopped: std::pin::Pin<&mut impl Future<Output = bool>>,
    ) -> io::Result<Woken> {
        let reading = self.may_read();
        let session = self.session.clone();
        let mut woken = pin!(session.woken());
        let mut pause = pin!(
            self.paused
                .map(|until| sleep(until.saturating_duration_since(Instant::now())))
        );
        poll_fn(|cx| {
            if self.wire.transport.poll_flush(cx)?.is_ready() {
                self.written();
            }
            if woken.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(Woken::Mailbox));
            }
            if let Some(pause) = pause.as_mut().as_pin_mut()
                && pause.poll(cx).is_ready()
            {
                return Poll::Ready(Ok(Woken::Mailbox));
            }
            if reading {
                let Wire {
                    transport, scanner, ..
                } = &mut self.wire;
                if transport.poll_input(cx, scanner)?.is_ready() {
                    return Poll::Ready(Ok(Woken::Input));
                }
            }
            if silence.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(Woken::Silence));
            }
            if stopped.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(Woken::Stop));
            }
            Poll::Pending
        })
        .await
    }

    async fn finish(mut self, end: End) {
        let (cx, session) = (&self.shared.cx, self.session.clone());
        match end {
            End::Cut => self.sm.cut(self.shared, &session, self.at),
            End::Taken => {
                // Let go first: whoever took over waits for it.
                session.detach(self.at);
                let error = StreamError::conflict().with_text("resumed on another connection");
                self.wire.end(&cx.domain, Some(&error)).await;
            }
            End::Closed => {
                self.fill();
                self.sm.forget(self.shared);
                cx.end_session(&session, Ending::Stream(self.at));
                self.wire.end(&cx.domain, None).await;
            }
            End::Error(error) => {
                // What is in the mailbox came before the error.
                self.fill();
                self.sm.forget(self.shared);
                cx.end_session(&session, Ending::Stream(self.at));
                session.detach(self.at);
                self.wire.end(&cx.domain, Some(&error)).await;
            }
        }
    }
}

enum Woken {
    Input,
    Mailbox,
    Silence,
    Stop,
}
