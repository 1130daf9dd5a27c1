//! The engine behind `chat`, `pair` and `rate`: pairs of users, one way, every message counted.

use crate::{
    client::Dialer,
    crowd,
    marker::Mark,
    measure::Watched,
    meter::{Meter, Tasks, Timing, run_for},
    pump::{self, Listener, Running},
    register,
    report::Report,
    tally::Tally,
    xml,
};
use anyhow::{Result, anyhow};
use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

/// What every load has.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Pairs of users; pair `n` is user `2n` to user `2n + 1`.
    pub pairs: u32,
    /// Messages in flight per pair; 0 when something else decides when to send.
    pub window: u64,
    /// Bytes of body.
    pub body: usize,
    /// Whether sessions use stream management.
    pub sm: bool,
}

/// One pair: the sender's outbox and what the receiver has seen.
pub struct Pair {
    sender: u32,
    head: Vec<u8>,
    plan: Plan,
    meter: Rc<Meter>,
    sent: Cell<u64>,
    refused: Cell<u64>,
    tally: RefCell<Tally>,
    running: OnceCell<Running>,
}

impl Pair {
    fn new(number: u32, to: &str, plan: Plan, meter: &Rc<Meter>) -> Self {
        Pair {
            sender: number * 2,
            head: format!("<message to='{to}' type='chat' id='").into_bytes(),
            plan,
            meter: meter.clone(),
            sent: Cell::new(0),
            refused: Cell::new(0),
            tally: RefCell::default(),
            running: OnceCell::new(),
        }
    }

    /// Queues messages stamped `stamp` (microseconds since the run began).
    pub fn send(&self, count: u64, stamp: u64) {
        let Some(running) = self.running.get() else {
            return;
        };
        running.outbox.push(|out| {
            (0..count).for_each(|_| self.append(out, stamp));
            if self.plan.sm {
                out.extend_from_slice(pump::ASK);
            }
        });
    }

    fn append(&self, out: &mut Vec<u8>, stamp: u64) {
        let seq = self.sent.replace(self.sent.get() + 1);
        out.extend_from_slice(&self.head);
        self.meter.run.push_id(out, self.sender, seq);
        out.extend_from_slice(b"'><body>");
        let mark = Mark {
            from: self.sender,
            seq,
            stamp,
        };
        self.meter.run.push_body(out, mark, self.plan.body);
        out.extend_from_slice(b"</body></message>");
    }

    /// Messages sent that neither arrived nor were refused.
    fn in_flight(&self) -> u64 {
        self.tally
            .borrow()
            .lost(self.sent.get())
            .saturating_sub(self.refused.get())
    }

    /// Sends what the window allows.
    fn refill(&self, now: Instant) {
        let room = self.plan.window.saturating_sub(self.in_flight());
        if room > 0 && self.meter.producing() {
            self.send(room, self.meter.micros(now));
        }
    }

    /// Messages the server has not acknowledged.
    fn unacknowledged(&self) -> u64 {
        let accepted = self
            .running
            .get()
            .map_or(0, |running| running.accepted.get());
        self.sent.get().saturating_sub(accepted.into())
    }
}

/// The receiving side: counts, times, frees the window.
struct Receiver(Rc<Pair>);

impl Listener for Receiver {
    fn stanza(&mut self, stanza: &[u8], now: Instant) {
        let meter = &self.0.meter;
        if let Some(mark) = meter
            .run
            .find(stanza)
            .filter(|mark| mark.from == self.0.sender)
        {
            self.0.tally.borrow_mut().arrived(mark.seq);
            meter.arrived(mark.stamp, now);
        }
    }

    fn read_done(&mut self, now: Instant) {
        self.0.refill(now);
    }
}

/// The sending side: all it may get about its messages is a refusal.
struct Sender(Rc<Pair>);

impl Listener for Sender {
    fn stanza(&mut self, stanza: &[u8], _: Instant) {
        if xml::name(stanza) == b"message" && xml::attr(stanza, "type") == Some("error") {
            self.0.refused.set(self.0.refused.get() + 1);
        }
    }

    fn read_done(&mut self, now: Instant) {
        self.0.refill(now);
    }
}

/// A load whose sessions are logged in and ready.
pub struct Load {
    /// Counts and times.
    pub meter: Rc<Meter>,
    /// The pairs, in order.
    pub pairs: Vec<Rc<Pair>>,
    tasks: Tasks,
    plan: Plan,
}

impl Load {
    /// Registers and logs in the users of a plan, and starts their sessions.
    pub async fn ready(dialer: &Rc<Dialer>, plan: Plan) -> Result<Self> {
        register::ensure(dialer, 0..plan.pairs * 2).await?;
        let sessions = crowd::each(0..plan.pairs * 2, dialer, move |dialer, n| async move {
            let mut session = dialer.login(n).await?;
            session.presence().await?;
            // Last: in the dialogue before, nobody would answer the server's `<r/>`.
            if plan.sm {
                session.enable_sm().await?;
            }
            Ok(session)
        })
        .await?;
        let mut load = Load {
            meter: Rc::new(Meter::new()?),
            pairs: Vec::new(),
            tasks: Tasks::new(),
            plan,
        };
        let mut sessions = sessions.into_iter();
        while let (Some(from), Some(to)) = (sessions.next(), sessions.next()) {
            let number = load.pairs.len() as u32;
            let pair = Rc::new(Pair::new(
                number,
                &dialer.target.jid(number * 2 + 1),
                plan,
                &load.meter,
            ));
            pump::start(to, Receiver(pair.clone()), &mut load.tasks);
            let running = pump::start(from, Sender(pair.clone()), &mut load.tasks);
            pair.running
                .set(running)
                .map_err(|_| anyhow!("a pair was started twice"))?;
            load.pairs.push(pair);
        }
        // Presences and offline messages of earlier runs settle before anything is timed.
        run_for(&mut load.tasks, Duration::from_millis(500)).await?;
        Ok(load)
    }

    /// Fills every window; from here on receipts keep the load going.
    pub fn kick(&self) {
        self.meter.start();
        let now = Instant::now();
        self.pairs.iter().for_each(|pair| pair.refill(now));
    }

    /// Measures, and judges what was lost, doubled or reordered.
    pub async fn measure(
        &mut self,
        title: &'static str,
        timing: Timing,
        watched: &Watched,
    ) -> Result<Report> {
        let pairs = &self.pairs;
        let busy = || pairs.iter().any(|pair| pair.in_flight() > 0);
        let mut report = self
            .meter
            .measure(title, &mut self.tasks, timing, watched, busy)
            .await?;
        report.row("pairs", self.plan.pairs, "");
        self.verdict(&mut report);
        Ok(report)
    }

    /// Waits until all that was sent has arrived.
    pub async fn drain(&mut self, patience: Duration) -> Result<()> {
        let pairs = &self.pairs;
        self.meter
            .drain(&mut self.tasks, patience, || {
                pairs.iter().any(|pair| pair.in_flight() > 0)
            })
            .await
    }

    fn verdict(&self, report: &mut Report) {
        let sum =
            |count: &dyn Fn(&Pair) -> u64| self.pairs.iter().map(|pair| count(pair)).sum::<u64>();
        if self.plan.sm {
            report.must_be_zero("unacknowledged", sum(&|pair| pair.unacknowledged()));
        }
        report.must_be_zero("lost", sum(&|pair| pair.in_flight()));
        report.must_be_zero("refused", sum(&|pair| pair.refused.get()));
        report.must_be_zero("doubled", sum(&|pair| pair.tally.borrow().doubled));
        report.must_be_zero("reordered", sum(&|pair| pair.tally.borrow().reordered));
    }
}
