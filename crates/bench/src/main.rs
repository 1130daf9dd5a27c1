//! `magpie-bench`: a load generator and crash checker for XMPP servers on this machine.
//!
//! It knows nothing of Magpie's insides and runs against any server; see `docs/figures.md`.

mod archive;
mod chat;
mod client;
mod crowd;
mod cut;
mod idle;
mod kill;
mod load;
mod mam;
mod marker;
mod measure;
mod meter;
mod offline;
mod pump;
mod rate;
mod register;
mod report;
mod rng;
mod rooms;
mod scram;
mod session;
mod table;
mod tally;
mod target;
mod tls;
mod wire;
mod xml;

use anyhow::Result;
use clap::{Parser, Subcommand};
use client::Dialer;
use measure::Watched;
use report::Report;
use std::{process::ExitCode, rc::Rc};
use target::Target;
use tokio::task::LocalSet;

/// Measures an XMPP server on this machine, or kills it and checks that it kept its word
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    watched: Watched,
    /// Print one JSON object instead of a table
    #[arg(long, global = true)]
    json: bool,
    /// Name of the scenario in the JSON object
    #[arg(long, global = true)]
    label: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    Benchmark(Benchmark),
    /// Read JSON objects, one a line, and print a Markdown table of medians
    Table,
}

/// What needs a server.
#[derive(Subcommand)]
enum Benchmark {
    /// Register users in band
    Register(register::Options),
    /// Throughput of many pairs, a bounded number of messages in flight each
    Chat(chat::Options),
    /// Latency of one pair, one message in flight
    Pair(chat::Length),
    /// Latency at a fixed rate, from each message's scheduled time
    Rate(rate::Options),
    /// Memory of sessions that do nothing
    Idle(idle::Idle),
    /// Logins per second
    Logins(idle::Logins),
    /// Messages to absent users, and their return
    Offline(offline::Options),
    /// Paging of an archive
    Mam(mam::Options),
    /// Fan-out of rooms
    Rooms(rooms::Options),
    /// Kill the server at random moments and check that it kept every promise
    Kill(kill::Options),
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            eprintln!("magpie-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the subcommand and prints its report; true when it found no fault.
fn run(cli: Cli) -> Result<bool> {
    let Command::Benchmark(benchmark) = cli.command else {
        return table::run();
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let report = LocalSet::new().block_on(&runtime, report(benchmark, cli.target, &cli.watched))?;
    Ok(report.print(cli.json, cli.label))
}

async fn report(benchmark: Benchmark, target: Target, watched: &Watched) -> Result<Report> {
    let dialer = Rc::new(Dialer::new(target)?);
    match benchmark {
        Benchmark::Register(options) => register::run(dialer, options).await,
        Benchmark::Chat(options) => chat::chat(dialer, options, watched).await,
        Benchmark::Pair(length) => chat::pair(dialer, length, watched).await,
        Benchmark::Rate(options) => rate::run(dialer, options, watched).await,
        Benchmark::Idle(options) => idle::idle(dialer, options, watched).await,
        Benchmark::Logins(options) => idle::logins(dialer, options, watched).await,
        Benchmark::Offline(options) => offline::run(dialer, options, watched).await,
        Benchmark::Mam(options) => mam::run(dialer, options, watched).await,
        Benchmark::Rooms(options) => rooms::run(dialer, options, watched).await,
        Benchmark::Kill(options) => kill::run(dialer, options).await,
    }
}
