//! What all users of a kill run share: the clock, the pace, and when the server last came back.

use crate::{client::Dialer, marker::Run, measure::Latency, rng::Rng};
use anyhow::Result;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

/// The shared state; one thread, so cells are enough.
pub struct Field {
    /// Opens connections.
    pub dialer: Rc<Dialer>,
    /// The run's name.
    pub run: Run,
    /// Messages in flight per user.
    pub window: usize,
    /// Bytes of body.
    pub body: usize,
    /// Incremented at each start of the server.
    pub epoch: Cell<u32>,
    /// Clients shall end.
    pub over: Cell<bool>,
    /// The last failed connection attempt, for an error message.
    pub trouble: RefCell<String>,
    /// Milliseconds from a start of the server to the first message delivered after it.
    pub recovery: RefCell<Latency>,
    began: Instant,
    pace: f64,
    cut_every: Option<f64>,
    producing: Cell<bool>,
    restarted: Cell<Option<Instant>>,
    last_delivery: Cell<Instant>,
    waiting: RefCell<Vec<usize>>,
}

/// How hard the users work.
#[derive(clap::Args, Clone)]
pub struct Pace {
    /// Messages in flight per user: sent, not acknowledged
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    window: u32,
    /// Messages per second over all users
    #[arg(long, default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rate: u32,
    /// Bytes of body
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(50..=60_000))]
    body: u32,
    /// Mean seconds after which a client drops its connection by itself, to resume it; 0 for never
    #[arg(long, default_value_t = 10.0)]
    cut_every: f64,
}

impl Field {
    /// The state of a run with `clients` users.
    pub fn new(dialer: Rc<Dialer>, clients: u32, pace: &Pace) -> Result<Self> {
        Ok(Field {
            dialer,
            run: Run::fresh()?,
            window: pace.window as usize,
            body: pace.body as usize,
            epoch: Cell::new(0),
            over: Cell::new(false),
            trouble: RefCell::default(),
            recovery: RefCell::new(Latency::new()?),
            began: Instant::now(),
            pace: f64::from(pace.rate) / f64::from(clients),
            cut_every: (pace.cut_every > 0.0).then_some(pace.cut_every),
            producing: Cell::new(true),
            restarted: Cell::new(None),
            last_delivery: Cell::new(Instant::now()),
            waiting: RefCell::new(vec![0; clients as usize]),
        })
    }

    /// Milliseconds since the run began.
    pub fn now_ms(&self) -> u32 {
        self.began.elapsed().as_millis() as u32
    }

    /// How many messages a user may have sent by now.
    pub fn allowed(&self) -> u32 {
        if !self.producing.get() {
            return 0;
        }
        (self.began.elapsed().as_secs_f64() * self.pace) as u32
    }

    /// From here on only what is unacknowledged is sent.
    pub fn stop(&self) {
        self.producing.set(false);
    }

    /// After how long a connection is cut by its client: exponential, or practically never.
    pub fn next_cut(&self, rng: &mut Rng) -> Duration {
        match self.cut_every {
            Some(mean) => Duration::from_secs_f64((-mean * (1.0 - rng.unit()).ln()).min(86_400.0)),
            None => Duration::from_secs(86_400),
        }
    }

    /// The server was started again.
    pub fn restarted(&self) {
        self.epoch.set(self.epoch.get() + 1);
        self.restarted.set(Some(Instant::now()));
    }

    /// Whether a message was delivered since the server was last started.
    pub fn recovered(&self) -> bool {
        self.restarted.get().is_none()
    }

    /// A message was delivered on a connection made in `epoch`.
    pub fn delivered(&self, epoch: u32) {
        self.last_delivery.set(Instant::now());
        if epoch == self.epoch.get()
            && let Some(restarted) = self.restarted.take()
        {
            self.recovery
                .borrow_mut()
                .record_duration(restarted.elapsed());
        }
    }

    /// Notes how many stanzas of a user are not acknowledged.
    pub fn outstanding(&self, user: u32, count: usize) {
        if let Some(waiting) = self.waiting.borrow_mut().get_mut(user as usize) {
            *waiting = count;
        }
    }

    /// Everything sent was acknowledged, and nothing has arrived for a while.
    pub fn settled(&self) -> bool {
        let acknowledged = self.waiting.borrow().iter().all(|&count| count == 0);
        acknowledged && self.last_delivery.get().elapsed() > Duration::from_secs(1)
    }
}
