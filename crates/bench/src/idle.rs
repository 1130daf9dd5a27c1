//! `logins` and `idle`: how fast users get in, and what each costs while it does nothing.

use crate::{
    client::Dialer,
    crowd,
    measure::{Latency, Watched, own_cpu},
    register,
    report::Report,
    session::Session,
};
use anyhow::Result;
use std::{
    cell::RefCell,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// Time for a server to put away what logins left behind.
const SETTLE: Duration = Duration::from_secs(3);

/// Sessions that stay.
#[derive(clap::Args)]
pub struct Idle {
    /// Sessions held open; one process has at most 20,000 descriptors
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=19_900))]
    sessions: u32,
    /// Fetch the roster and send presence in each session
    #[arg(long)]
    presence: bool,
    /// Seconds over which the idle CPU is measured
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
}

/// Logins to time.
#[derive(clap::Args)]
pub struct Logins {
    /// Users that log in, each fetching the roster and sending presence
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=19_900))]
    users: u32,
}

/// Resident memory per session: after N logins, less before them.
pub async fn idle(dialer: Rc<Dialer>, options: Idle, watched: &Watched) -> Result<Report> {
    register::ensure(&dialer, 0..options.sessions).await?;
    sleep(SETTLE).await;
    let before = watched.rss()?;
    let mut sessions = log_in(&dialer, options.sessions, options.presence)
        .await?
        .sessions;
    sleep(SETTLE).await;
    let after = watched.rss()?;
    let cpu = watched.cpu()?;
    sleep(Duration::from_secs(options.seconds)).await;
    let cpu = watched.cpu()?.zip(cpu).map(|(b, a)| b - a);
    let mut alive = 0u32;
    for session in &mut sessions {
        alive += u32::from(session.ping().await.is_ok());
    }
    let mut report = Report::new("idle");
    report.row("sessions", options.sessions, "");
    if let Some((before, after)) = before.zip(after) {
        report.row("rss_before_kib", before, "KiB");
        report.row("rss_after_kib", after, "KiB");
        let grown = after.saturating_sub(before) as f64;
        report.decimal(
            "kib_per_session",
            grown / f64::from(options.sessions),
            "KiB",
        );
    }
    if let Some(cpu) = cpu {
        report.decimal(
            "idle_cpu_percent",
            100.0 * cpu / options.seconds as f64,
            "%",
        );
    }
    report.must_be_zero("dropped", (options.sessions - alive).into());
    Ok(report)
}

/// Logins per second, roster and presence included.
pub async fn logins(dialer: Rc<Dialer>, options: Logins, watched: &Watched) -> Result<Report> {
    register::ensure(&dialer, 0..options.users).await?;
    // A round that is not timed: its SCRAM keys are kept, so that PBKDF2 here is not measured.
    log_in(&dialer, options.users, false).await?;
    sleep(SETTLE).await;
    let (server, own) = (watched.cpu()?, own_cpu()?);
    let done = log_in(&dialer, options.users, true).await?;
    let (server, own) = (
        watched.cpu()?.zip(server).map(|(b, a)| b - a),
        own_cpu()? - own,
    );
    let users = f64::from(options.users);
    let mut report = Report::new("logins");
    report.row("users", options.users, "");
    report.decimal("logins_per_s", users / done.seconds, "/s");
    done.latency.rows(&mut report);
    if let Some(server) = server {
        report.decimal("server_cpu_ms_per_login", 1000.0 * server / users, "ms");
    }
    report.decimal("generator_cpu_ms_per_login", 1000.0 * own / users, "ms");
    Ok(report)
}

/// What a round of logins gave.
struct LoggedIn {
    sessions: Vec<Session>,
    latency: Latency,
    seconds: f64,
}

async fn log_in(dialer: &Rc<Dialer>, users: u32, present: bool) -> Result<LoggedIn> {
    let latency = Rc::new(RefCell::new(Latency::new()?));
    let (times, began) = (latency.clone(), Instant::now());
    let sessions = crowd::each(0..users, dialer, move |dialer, n| {
        let times = times.clone();
        async move {
            let began = Instant::now();
            let mut session = dialer.login(n).await?;
            if present {
                session.roster().await?;
                session.presence().await?;
            }
            times.borrow_mut().record_duration(began.elapsed());
            Ok(session)
        }
    })
    .await?;
    let latency = latency.replace(Latency::new()?);
    Ok(LoggedIn {
        sessions,
        latency,
        seconds: began.elapsed().as_secs_f64(),
    })
}
