//! The log: text for people, JSON for machines. Never message bodies, never secrets.

use crate::config::{Format, Log};
use anyhow::Context;
use std::io::{IsTerminal, stderr};
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging to standard error. A line that cannot be written, as on a full disk, is lost: the server goes on.
pub fn start(config: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.level).with_context(|| {
        format!(
            "log.level = {:?} is no filter: take \"info\" or \"info,magpie_net=debug\"",
            config.level
        )
    })?;
    let json = match config.format {
        Format::Json => true,
        Format::Text => false,
        Format::Auto => !stderr().is_terminal(),
    };
    // It would complain of a lost line to standard error as well, and panic there.
    let log = fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .log_internal_errors(false);
    if json {
        log.json().init();
    } else {
        log.with_ansi(stderr().is_terminal()).init();
    }
    Ok(())
}
