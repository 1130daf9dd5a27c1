//! What every timed load shares: the clock, the deliveries and their latencies, and the course of a
//! measurement: warm up, measure, drain.

use crate::{
    marker::Run,
    measure::{Latency, Watched, own_cpu},
    report::Report,
};
use anyhow::{Result, anyhow};
use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::sleep};

/// The running tasks of a load's sessions; none of them ends while all is well.
pub type Tasks = JoinSet<Result<()>>;

/// Counts and times deliveries.
pub struct Meter {
    /// The run's name in every body.
    pub run: Run,
    began: Instant,
    producing: Cell<bool>,
    delivered: Cell<u64>,
    latency: RefCell<Latency>,
}

/// How long to load and to measure.
#[derive(Clone, Copy)]
pub struct Timing {
    /// Load before anything counts.
    pub warmup: Duration,
    /// The measured part.
    pub time: Duration,
    /// How long the last messages may take to arrive after the sending ends.
    pub drain: Duration,
}

impl Meter {
    /// A meter at zero, for a fresh run.
    pub fn new() -> Result<Self> {
        Ok(Meter {
            run: Run::fresh()?,
            began: Instant::now(),
            producing: Cell::new(false),
            delivered: Cell::new(0),
            latency: RefCell::new(Latency::new()?),
        })
    }

    /// Microseconds since the run began.
    pub fn micros(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.began).as_micros() as u64
    }

    /// From here on windows are filled.
    pub fn start(&self) {
        self.producing.set(true);
    }

    /// Whether new messages may still be sent.
    pub fn producing(&self) -> bool {
        self.producing.get()
    }

    /// A message stamped `stamp` was read at `now`.
    pub fn arrived(&self, stamp: u64, now: Instant) {
        self.delivered.set(self.delivered.get() + 1);
        self.latency
            .borrow_mut()
            .record(self.micros(now).saturating_sub(stamp));
    }

    /// Warms up, measures, ends the sending and waits until `busy` says no.
    pub async fn measure(
        &self,
        title: &'static str,
        tasks: &mut Tasks,
        timing: Timing,
        watched: &Watched,
        busy: impl Fn() -> bool,
    ) -> Result<Report> {
        run_for(tasks, timing.warmup).await?;
        self.latency.borrow_mut().clear();
        let (began, first) = (Instant::now(), self.delivered.get());
        let (server, own) = (watched.cpu()?, own_cpu()?);
        run_for(tasks, timing.time).await?;
        let seconds = began.elapsed().as_secs_f64();
        let delivered = self.delivered.get() - first;
        let (server, own) = (
            watched.cpu()?.zip(server).map(|(b, a)| b - a),
            own_cpu()? - own,
        );
        // What arrives from here on is counted, but no longer timed.
        let latency = self.latency.replace(Latency::new()?);
        self.drain(tasks, timing.drain, busy).await?;

        let mut report = Report::new(title);
        report.decimal("seconds", seconds, "s");
        report.row("delivered", delivered, "");
        report.decimal("delivered_per_s", delivered as f64 / seconds, "msg/s");
        latency.rows(&mut report);
        let million = delivered.max(1) as f64 / 1e6;
        if let Some(server) = server {
            report.decimal("server_cpu_s_per_million", server / million, "s");
            report.decimal("server_cores", server / seconds, "");
        }
        report.decimal("generator_cpu_s_per_million", own / million, "s");
        report.decimal("generator_cores", own / seconds, "");
        if let Some(rss) = watched.rss()? {
            report.row("server_rss_kib", rss, "KiB");
        }
        Ok(report)
    }

    /// Ends the sending, and waits until everything arrived or time is up.
    pub async fn drain(
        &self,
        tasks: &mut Tasks,
        patience: Duration,
        busy: impl Fn() -> bool,
    ) -> Result<()> {
        self.producing.set(false);
        let deadline = Instant::now() + patience;
        while busy() && Instant::now() < deadline {
            run_for(tasks, Duration::from_millis(20)).await?;
        }
        // A doubled message would come after the first one.
        run_for(tasks, Duration::from_millis(200)).await
    }
}

/// Lets the load run; an error as soon as a session ends.
pub async fn run_for(tasks: &mut Tasks, time: Duration) -> Result<()> {
    tokio::select! {
        () = sleep(time) => Ok(()),
        Some(ended) = tasks.join_next() => Err(ended?.err().unwrap_or_else(|| anyhow!("a session ended"))),
    }
}
