//! `chat` and `pair`: closed loop; a message's arrival lets the next one go.

use crate::{
    client::Dialer,
    load::{Load, Plan},
    measure::Watched,
    meter::Timing,
    report::Report,
};
use anyhow::Result;
use std::{rc::Rc, time::Duration};

/// How long and with what.
#[derive(clap::Args, Clone)]
pub struct Length {
    /// Seconds measured
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub seconds: u64,
    /// Seconds before that, not measured
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub warmup: u64,
    /// Seconds to wait for the last messages before they count as lost
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub drain: u64,
    /// Bytes of body
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(50..=60_000))]
    pub body: u32,
    /// Enable stream management (XEP-0198) on every session
    #[arg(long)]
    pub sm: bool,
}

impl Length {
    /// Warm-up and measured time.
    pub fn timing(&self) -> Timing {
        Timing {
            warmup: Duration::from_secs(self.warmup),
            time: Duration::from_secs(self.seconds),
            drain: Duration::from_secs(self.drain),
        }
    }
}

/// Many pairs at once.
#[derive(clap::Args)]
pub struct Options {
    /// Pairs of users, one way each
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=9_900))]
    pairs: u32,
    /// Messages in flight per pair
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    window: u64,
    #[command(flatten)]
    length: Length,
}

/// Throughput: `pairs` pairs with `window` messages in flight each.
pub async fn chat(dialer: Rc<Dialer>, options: Options, watched: &Watched) -> Result<Report> {
    closed_loop(
        "chat",
        &dialer,
        options.pairs,
        options.window,
        &options.length,
        watched,
    )
    .await
}

/// Latency of a quiet server: one pair, one message in flight.
pub async fn pair(dialer: Rc<Dialer>, length: Length, watched: &Watched) -> Result<Report> {
    closed_loop("pair", &dialer, 1, 1, &length, watched).await
}

async fn closed_loop(
    title: &'static str,
    dialer: &Rc<Dialer>,
    pairs: u32,
    window: u64,
    length: &Length,
    watched: &Watched,
) -> Result<Report> {
    let plan = Plan {
        pairs,
        window,
        body: length.body as usize,
        sm: length.sm,
    };
    let mut load = Load::ready(dialer, plan).await?;
    load.kick();
    load.measure(title, length.timing(), watched).await
}
