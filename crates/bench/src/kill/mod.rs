//! `kill`: starts a server, loads it, kills it with SIGKILL at random moments, starts it again, and
//! at the end compares what every client logged with what every archive holds.

mod check;
mod field;
mod party;
mod record;
mod server;
mod trace;

use crate::{archive, client::Dialer, crowd, register, report::Report, rng::Rng};
use anyhow::{Context, Result, bail};
use check::Kind;
use field::{Field, Pace};
use party::Party;
use record::{Entry, Record};
use server::Server;
use std::{
    collections::HashSet,
    net::SocketAddr,
    path::PathBuf,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// How long the server may take from its start to the first message delivered.
const RECOVERY: Duration = Duration::from_secs(60);
/// How long the last messages may take to be acknowledged and delivered.
const SETTLE: Duration = Duration::from_secs(90);
/// One kill in so many strikes while the server is still starting.
const EARLY: f64 = 0.1;

/// The server and the plan.
#[derive(clap::Args)]
pub struct Options {
    /// Command that runs the server in the foreground, split at white space
    #[arg(long)]
    command: String,
    /// Times the server is killed
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    kills: u32,
    /// Users, an even number: each talks with its neighbour
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(2..=5_000))]
    clients: u32,
    /// Seconds after which no further kill is begun
    #[arg(long, default_value_t = 1800, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// Repeats the moments of an earlier run; random when absent
    #[arg(long)]
    seed: Option<u64>,
    /// File for the server's output
    #[arg(long, default_value = "/tmp/magpie-bench-kill.log")]
    server_log: PathBuf,
    #[command(flatten)]
    pace: Pace,
}

/// Runs the plan and reports kills, acknowledged messages and broken promises.
pub async fn run(dialer: Rc<Dialer>, options: Options) -> Result<Report> {
    if !options.clients.is_multiple_of(2) {
        bail!("--clients must be even");
    }
    let seed = options
        .seed
        .map_or_else(|| getrandom::u32().map(u64::from), Ok)?;
    let address = SocketAddr::new(dialer.target.host, dialer.target.port);
    let mut server = Server::new(&options.command, address, options.server_log.clone()).await?;
    server.start()?;
    server.listening().await?;
    register::ensure(&dialer, 0..options.clients).await?;

    let field = Rc::new(Field::new(dialer.clone(), options.clients, &options.pace)?);
    let mut tasks = tokio::task::JoinSet::new();
    let mut records = Vec::new();
    for user in 0..options.clients {
        let (party, record) = Party::new(field.clone(), user, seed ^ (u64::from(user) << 32));
        records.push(record);
        tasks.spawn_local(party.live());
    }
    field.restarted();
    let kills = strike(&mut server, &field, &options, seed).await?;
    let load_ms = field.now_ms();
    settle(&mut server, &field).await?;
    tasks.join_all().await;
    let mut records: Vec<Record> = records.iter().map(|record| record.take()).collect();
    read_archives(&dialer, &field, &mut records).await?;
    server.kill().await?;

    let mut report = Report::new("kill");
    report.row("seed", seed, "");
    report.row("kills", kills.len(), "");
    report.decimal("load_seconds", f64::from(load_ms) / 1000.0, "s");
    figures(&mut report, &records, load_ms);
    let recovery = field.recovery.borrow();
    report.decimal("restart_to_delivery_p50_ms", recovery.ms(0.5), "ms");
    report.decimal("restart_to_delivery_max_ms", recovery.ms(1.0), "ms");
    verdict(&mut report, &records, &kills);
    Ok(report)
}

/// Kills and restarts; gives the moments of the kills in milliseconds of the run.
async fn strike(
    server: &mut Server,
    field: &Field,
    options: &Options,
    seed: u64,
) -> Result<Vec<u32>> {
    let mut rng = Rng::new(seed);
    let mut kills = Vec::new();
    let end = Instant::now() + Duration::from_secs(options.seconds);
    while kills.len() < options.kills as usize && Instant::now() < end {
        if !kills.is_empty() && rng.unit() < EARLY {
            sleep(Duration::from_secs_f64(rng.between(0.0, 0.5))).await;
        } else {
            sleep(Duration::from_secs_f64(rng.between(0.5, 3.0))).await;
            back(server, field).await?;
        }
        server.kill().await?;
        kills.push(field.now_ms());
        server.start()?;
        field.restarted();
    }
    back(server, field).await?;
    Ok(kills)
}

/// Waits until the server delivers again.
async fn back(server: &mut Server, field: &Field) -> Result<()> {
    let deadline = Instant::now() + RECOVERY;
    while !field.recovered() {
        server.alive()?;
        if Instant::now() > deadline {
            bail!(
                "no message delivered {RECOVERY:?} after a start; last failure: {}",
                field.trouble.borrow()
            );
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Ends the sending, waits for acknowledgements and deliveries, and ends the clients.
async fn settle(server: &mut Server, field: &Field) -> Result<()> {
    field.stop();
    let deadline = Instant::now() + SETTLE;
    while !field.settled() {
        server.alive()?;
        if Instant::now() > deadline {
            bail!("messages still unacknowledged {SETTLE:?} after the last one was sent");
        }
        sleep(Duration::from_millis(50)).await;
    }
    field.over.set(true);
    Ok(())
}

/// Pages every user's archive into its record.
async fn read_archives(
    dialer: &Rc<Dialer>,
    field: &Rc<Field>,
    records: &mut [Record],
) -> Result<()> {
    let field = field.clone();
    let archives = crowd::each(0..records.len() as u32, dialer, move |dialer, user| {
        let field = field.clone();
        async move {
            let mut session = dialer.login(user).await?;
            let mut archive = Vec::new();
            archive::walk(&mut session, 250, |archive_id, stanza| {
                let mark = field.run.find(stanza);
                archive.extend(mark.map(|mark| Entry {
                    archive_id,
                    from: mark.from,
                    seq: mark.seq as u32,
                }));
            })
            .await?;
            Ok(archive)
        }
    })
    .await
    .context("reading the archives")?;
    records
        .iter_mut()
        .zip(archives)
        .for_each(|(record, archive)| record.archive = archive);
    Ok(())
}

fn figures(report: &mut Report, records: &[Record], load_ms: u32) {
    let sum = |count: &dyn Fn(&Record) -> usize| records.iter().map(count).sum::<usize>();
    let acked = sum(&|r| r.acked().count());
    report.row("sent", sum(&|r| r.sent.len()), "messages");
    report.row(
        "resent",
        sum(&|r| r.sent.iter().filter(|sent| sent.tries > 1).count()),
        "messages",
    );
    report.row("acknowledged", acked, "messages");
    report.decimal(
        "acknowledged_per_s",
        acked as f64 * 1000.0 / f64::from(load_ms.max(1)),
        "msg/s",
    );
    report.row("received", sum(&|r| r.received.len()), "");
    report.row("only_in_archive", sum(&|r| never_live(r)), "messages");
    report.row("sessions_new", sum(&|r| r.sessions as usize), "");
    report.row("sessions_resumed", sum(&|r| r.resumed as usize), "");
    report.row("refused", sum(&|r| r.refused.len()), "messages");
}

/// Messages in a user's archive that reached it neither live nor on its return: a client's catch-up
/// gets them from there.
fn never_live(record: &Record) -> usize {
    let live: HashSet<u32> = record.received.iter().map(|receipt| receipt.seq).collect();
    record
        .archive
        .iter()
        .filter(|entry| entry.from == record.peer && !live.contains(&entry.seq))
        .count()
}

fn verdict(report: &mut Report, records: &[Record], kills: &[u32]) {
    let findings = check::check(records);
    let lost = [Kind::LostAtSender, Kind::LostAtReceiver];
    report.row(
        "lost",
        findings
            .iter()
            .filter(|finding| lost.contains(&finding.kind))
            .count(),
        "",
    );
    for (kind, name) in Kind::ALL {
        let of_kind: Vec<_> = findings
            .iter()
            .filter(|finding| finding.kind == kind)
            .collect();
        report.must_be_zero(name, of_kind.len() as u64);
        for finding in of_kind.into_iter().take(3) {
            report.fault(trace::trace(finding, records, kills));
        }
    }
    let strays: Vec<&String> = records.iter().flat_map(|record| &record.strays).collect();
    report.must_be_zero("strays", strays.len() as u64);
    strays
        .into_iter()
        .take(3)
        .for_each(|stray| report.fault(stray.clone()));
}
