//! The binary `magpie`: everything a person types.

#[macro_use]
mod output;
mod cli;
mod commands;
mod config;
mod control;
mod doctor;
mod logging;
mod reference;
mod start;

use clap::Parser;
use std::process::ExitCode;

/// A message is some thirty allocations, most of which another thread gives back: with this allocator a message costs a
/// fifth less than with the system's (docs/figures.md).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("magpie: {error:#}");
            ExitCode::FAILURE
        }
    }
}
