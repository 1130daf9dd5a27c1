//! `mam`: pages an archive from its beginning (XEP-0313).

use crate::{
    archive,
    client::Dialer,
    load::{Load, Plan},
    measure::{Latency, Watched},
    report::Report,
};
use anyhow::{Result, bail};
use std::{
    rc::Rc,
    time::{Duration, Instant},
};

/// How long filling the archive may take.
const FILL: Duration = Duration::from_secs(300);

/// How much.
#[derive(clap::Args)]
pub struct Options {
    /// Messages put into the archive first
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    messages: u32,
    /// Messages per page
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    page: u32,
    /// Times the archive is read
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    passes: u32,
}

/// Fills the archive of user 0 by a conversation with user 1, and reads it page by page.
pub async fn run(dialer: Rc<Dialer>, options: Options, watched: &Watched) -> Result<Report> {
    let mut load = Load::ready(
        &dialer,
        Plan {
            pairs: 1,
            window: 0,
            body: 100,
            sm: false,
        },
    )
    .await?;
    load.pairs[0].send(options.messages.into(), 0);
    load.drain(FILL).await?;

    let mut session = dialer.login(0).await?;
    let mut latency = Latency::new()?;
    let (mut read, cpu, began) = (0u64, watched.cpu()?, Instant::now());
    for _ in 0..options.passes {
        let (mut after, mut seen) = (None, 0);
        while seen < options.messages {
            let asked = Instant::now();
            let page = archive::page(&mut session, after.as_deref(), options.page).await?;
            latency.record_duration(asked.elapsed());
            seen += page.items.len() as u32;
            after = page.last;
            if page.complete || after.is_none() {
                break;
            }
        }
        if seen < options.messages {
            bail!("the archive has {seen} of {} messages", options.messages);
        }
        read += u64::from(seen);
    }
    let seconds = began.elapsed().as_secs_f64();
    let cpu = watched.cpu()?.zip(cpu).map(|(b, a)| b - a);
    let mut report = Report::new("mam");
    report.row("messages_read", read, "");
    report.decimal("messages_per_s", read as f64 / seconds, "msg/s");
    latency.rows(&mut report);
    if let Some(cpu) = cpu {
        report.decimal("server_cpu_s_per_million", cpu * 1e6 / read as f64, "s");
    }
    Ok(report)
}
