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

fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("magpie: {error:#}");
            ExitCode::FAILURE
        }
    }
}
