//! `register`: in-band registration of the bench users; names that exist are left as they are.

use crate::{client::Dialer, crowd, report::Report};
use anyhow::Result;
use std::{ops::Range, rc::Rc, time::Instant};

/// The number of users to register.
#[derive(clap::Args)]
pub struct Options {
    /// Users to register, numbered from 0
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    users: u32,
}

/// Registers the users and reports how fast that went.
pub async fn run(dialer: Rc<Dialer>, options: Options) -> Result<Report> {
    let began = Instant::now();
    let fresh = register(&dialer, 0..options.users).await?;
    let seconds = began.elapsed().as_secs_f64();
    let mut report = Report::new("register");
    report.row("users", options.users, "");
    report.row("registered", fresh, "");
    report.row("existed", u64::from(options.users) - fresh, "");
    report.decimal("registrations_per_s", fresh as f64 / seconds, "/s");
    Ok(report)
}

/// Registers the users a benchmark needs, unless told that they exist.
pub async fn ensure(dialer: &Rc<Dialer>, users: Range<u32>) -> Result<()> {
    if dialer.target.no_register {
        return Ok(());
    }
    register(dialer, users).await.map(drop)
}

async fn register(dialer: &Rc<Dialer>, users: Range<u32>) -> Result<u64> {
    let results = crowd::each(users, dialer, |dialer, n| async move {
        dialer.register(n).await
    })
    .await?;
    Ok(results.into_iter().filter(|&fresh| fresh).count() as u64)
}
