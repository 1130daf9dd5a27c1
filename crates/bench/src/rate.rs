//! `rate`: open loop. Each message has a scheduled time, and its latency counts from then, whether or
//! not the generator or the server kept up (no coordinated omission).

use crate::{
    chat::Length,
    client::Dialer,
    load::{Load, Pair, Plan},
    measure::{Latency, Watched},
    meter::Meter,
    report::Report,
};
use anyhow::Result;
use std::{
    cell::RefCell,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// How fast.
#[derive(clap::Args)]
pub struct Options {
    /// Messages per second over all pairs
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=500_000))]
    per_second: u64,
    /// Pairs of users, taken in turn
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=9_900))]
    pairs: u32,
    #[command(flatten)]
    length: Length,
}

/// Runs the schedule and reports latencies from the scheduled times.
pub async fn run(dialer: Rc<Dialer>, options: Options, watched: &Watched) -> Result<Report> {
    let length = &options.length;
    let plan = Plan {
        pairs: options.pairs,
        window: 0,
        body: length.body as usize,
        sm: length.sm,
    };
    let mut load = Load::ready(&dialer, plan).await?;
    let interval = Duration::from_secs(1).div_f64(options.per_second as f64);
    let total = options.per_second * (length.warmup + length.seconds);
    let began = Instant::now();
    let pacer = Pacer::start(began, interval);
    let lateness = Rc::new(RefCell::new(Latency::new()?));
    let schedule = Schedule {
        began,
        interval,
        total,
        lateness: lateness.clone(),
    };
    let sending = tokio::task::spawn_local(schedule.follow(
        load.pairs.clone(),
        load.meter.clone(),
        pacer.tick.clone(),
    ));
    let report = load.measure("rate", length.timing(), watched).await;
    sending.abort();
    let mut report = report?;
    report.row("offered_per_s", options.per_second, "msg/s");
    report.decimal("generator_late_p99_ms", lateness.borrow().ms(0.99), "ms");
    Ok(report)
}

/// The times at which messages are due.
struct Schedule {
    began: Instant,
    interval: Duration,
    total: u64,
    lateness: Rc<RefCell<Latency>>,
}

impl Schedule {
    /// Sends each message once it is due, the pairs in turn.
    async fn follow(self, pairs: Vec<Rc<Pair>>, meter: Rc<Meter>, tick: Arc<Notify>) {
        let mut turn = pairs.iter().cycle();
        let mut sent = 0;
        while sent < self.total {
            let now = Instant::now();
            while let Some(due) = self.due(sent).filter(|&due| due <= now) {
                let Some(pair) = turn.next() else { return };
                pair.send(1, meter.micros(due));
                self.lateness.borrow_mut().record_duration(now - due);
                sent += 1;
            }
            tick.notified().await;
        }
    }

    /// When message `n` is due; `None` after the last one.
    fn due(&self, n: u64) -> Option<Instant> {
        (n < self.total).then(|| self.began + self.interval.mul_f64(n as f64))
    }
}

/// A thread that ticks: the runtime's own timer counts in whole milliseconds, too coarse here.
struct Pacer {
    tick: Arc<Notify>,
    running: Arc<AtomicBool>,
}

impl Pacer {
    /// Ticks at `began` and after each `interval`, so never just before a message is due.
    fn start(began: Instant, interval: Duration) -> Self {
        let pacer = Pacer {
            tick: Arc::default(),
            running: Arc::new(AtomicBool::new(true)),
        };
        let (tick, running) = (pacer.tick.clone(), pacer.running.clone());
        thread::spawn(move || {
            let mut next = began;
            while running.load(Ordering::Relaxed) {
                thread::sleep(next.saturating_duration_since(Instant::now()));
                tick.notify_one();
                while next <= Instant::now() {
                    next += interval;
                }
            }
        });
        pacer
    }
}

impl Drop for Pacer {
    fn drop(&mut self) {
        self.running.store(false, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_is_even_and_ends() {
        let schedule = Schedule {
            began: Instant::now(),
            interval: Duration::from_micros(100),
            total: 10_001,
            lateness: Rc::new(RefCell::new(Latency::new().unwrap())),
        };
        assert_eq!(
            schedule.due(10_000).unwrap() - schedule.began,
            Duration::from_secs(1)
        );
        assert!(schedule.due(10_001).is_none());
    }
}
