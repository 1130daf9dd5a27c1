//! `offline`: messages to users who are not there, then all of them come back at once.

use crate::{
    client::Dialer,
    crowd,
    marker::{Mark, Run},
    measure::Watched,
    meter::{Tasks, run_for},
    pump::{self, Listener},
    register,
    report::Report,
    tally::Tally,
};
use anyhow::Result;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::sleep};

/// How long the stored messages may take to arrive.
const DRAIN: Duration = Duration::from_secs(60);

/// How many.
#[derive(clap::Args)]
pub struct Options {
    /// Users that send
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    senders: u32,
    /// Users that are not there
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=5000))]
    receivers: u32,
    /// Messages from all senders together to each of them
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    messages: u32,
    /// Bytes of body
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(50..=60_000))]
    body: u32,
}

/// Stores, then drains; reports both rates.
pub async fn run(dialer: Rc<Dialer>, options: Options, watched: &Watched) -> Result<Report> {
    let total = u64::from(options.receivers) * u64::from(options.messages);
    let first = options.senders;
    register::ensure(&dialer, 0..first + options.receivers).await?;
    empty(&dialer, first..first + options.receivers).await?;
    let run = Rc::new(Run::fresh()?);
    let cpu = watched.cpu()?;
    let storing = store(&dialer, &run, &options).await?;
    let cpu = watched.cpu()?.zip(cpu).map(|(b, a)| b - a);

    let sessions = crowd::log_in(first..first + options.receivers, &dialer).await?;
    let arrived = Rc::new(Cell::new(0));
    let mut tasks = Tasks::new();
    let mut boxes = Vec::new();
    let began = Instant::now();
    for session in sessions {
        let inbox = Inbox {
            run: run.clone(),
            arrived: arrived.clone(),
            tallies: Rc::default(),
        };
        boxes.push(inbox.tallies.clone());
        let running = pump::start(session, inbox, &mut tasks);
        running
            .outbox
            .push(|out| out.extend_from_slice(b"<presence/>"));
    }
    while arrived.get() < total && began.elapsed() < DRAIN {
        run_for(&mut tasks, Duration::from_millis(5)).await?;
    }
    let draining = began.elapsed().as_secs_f64();

    let mut report = Report::new("offline");
    report.row("messages", total, "");
    report.decimal("stored_per_s", total as f64 / storing, "msg/s");
    report.decimal("drained_per_s", arrived.get() as f64 / draining, "msg/s");
    if let Some(cpu) = cpu {
        report.decimal(
            "server_cpu_s_per_million_stored",
            cpu * 1e6 / total as f64,
            "s",
        );
    }
    let sum = |count: fn(&Tally) -> u64| {
        boxes
            .iter()
            .map(|tallies| tallies.borrow().iter().map(count).sum::<u64>())
            .sum::<u64>()
    };
    report.must_be_zero("lost", total - sum(|tally| tally.delivered).min(total));
    report.must_be_zero("doubled", sum(|tally| tally.doubled));
    report.must_be_zero("reordered", sum(|tally| tally.reordered));
    Ok(report)
}

/// Takes away what earlier runs left for these users, and lets them go again.
async fn empty(dialer: &Rc<Dialer>, users: std::ops::Range<u32>) -> Result<()> {
    for mut session in crowd::log_in(users, dialer).await? {
        session.presence().await?;
        session
            .wire
            .send(b"<presence type='unavailable'/></stream:stream>")
            .await?;
    }
    sleep(Duration::from_millis(500)).await;
    Ok(())
}

/// Sends everything and gives the seconds until every sender's ping was answered behind it.
async fn store(dialer: &Rc<Dialer>, run: &Rc<Run>, options: &Options) -> Result<f64> {
    let sessions = crowd::log_in(0..options.senders, dialer).await?;
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (sender, mut session) in (0..).zip(sessions) {
        let bytes = messages(dialer, run, options, sender);
        tasks.spawn_local(async move {
            session.wire.send(&bytes).await?;
            session.ping().await
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(began.elapsed().as_secs_f64())
}

/// What one sender writes: to each receiver in turn its share of the messages.
fn messages(dialer: &Dialer, run: &Run, options: &Options, sender: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let share = (0..options.messages)
        .filter(|n| n % options.senders == sender)
        .count() as u64;
    for round in 0..share {
        for receiver in 0..options.receivers {
            let to = dialer.target.jid(options.senders + receiver);
            out.extend_from_slice(format!("<message to='{to}' type='chat' id='").as_bytes());
            run.push_id(
                &mut out,
                sender,
                round * u64::from(options.receivers) + u64::from(receiver),
            );
            out.extend_from_slice(b"'><body>");
            run.push_body(
                &mut out,
                Mark {
                    from: sender,
                    seq: round,
                    stamp: 0,
                },
                options.body as usize,
            );
            out.extend_from_slice(b"</body></message>");
        }
    }
    out
}

/// One returning user: a tally per sender.
struct Inbox {
    run: Rc<Run>,
    arrived: Rc<Cell<u64>>,
    tallies: Rc<RefCell<Vec<Tally>>>,
}

impl Listener for Inbox {
    fn stanza(&mut self, stanza: &[u8], _: Instant) {
        let Some(mark) = self.run.find(stanza) else {
            return;
        };
        let mut tallies = self.tallies.borrow_mut();
        let sender = mark.from as usize;
        if tallies.len() <= sender {
            tallies.resize_with(sender + 1, Tally::default);
        }
        tallies[sender].arrived(mark.seq);
        self.arrived.set(self.arrived.get() + 1);
    }
}
