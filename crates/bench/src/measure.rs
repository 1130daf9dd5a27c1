//! CPU and memory of processes from /proc, and latency histograms.

use crate::report::Report;
use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use std::{fs, time::Duration};

/// Kernel ticks per second in /proc/PID/stat: USER_HZ, 100 on every Linux port in use.
const TICKS_PER_SECOND: f64 = 100.0;

/// The processes whose CPU counts as the server's.
#[derive(clap::Args, Clone)]
pub struct Watched {
    /// Process id of the server: its CPU and memory are reported
    #[arg(long, global = true)]
    pub server_pid: Option<u32>,
    /// Further processes whose CPU counts as the server's (a database)
    #[arg(long, global = true)]
    pub also_pid: Vec<u32>,
}

impl Watched {
    /// CPU seconds used so far by all threads of all watched processes; `None` when none is watched.
    pub fn cpu(&self) -> Result<Option<f64>> {
        let Some(pid) = self.server_pid else {
            return Ok(None);
        };
        let mut sum = cpu_seconds(&pid.to_string())?;
        for pid in &self.also_pid {
            sum += cpu_seconds(&pid.to_string())?;
        }
        Ok(Some(sum))
    }

    /// Resident memory of the server in KiB; `None` when none is watched.
    pub fn rss(&self) -> Result<Option<u64>> {
        self.server_pid.map(rss_kib).transpose()
    }
}

/// CPU seconds (user and system) of the generator itself.
pub fn own_cpu() -> Result<f64> {
    cpu_seconds("self")
}

fn cpu_seconds(pid: &str) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))
        .with_context(|| format!("no process {pid}"))?;
    parse_stat(&stat).with_context(|| format!("unreadable /proc/{pid}/stat"))
}

/// Fields 14 and 15 (utime, stime), counted after the name, which may hold spaces and brackets.
fn parse_stat(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

fn rss_kib(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))
        .with_context(|| format!("no process {pid}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_ascii_whitespace().next()?.parse().ok());
    kib.with_context(|| format!("no VmRSS in /proc/{pid}/status"))
}

/// Latencies in microseconds, 1 µs to 10 minutes, three significant digits.
pub struct Latency(Histogram<u64>);

impl Latency {
    /// An empty histogram.
    pub fn new() -> Result<Self> {
        Ok(Latency(Histogram::new_with_bounds(1, 600_000_000, 3)?))
    }

    /// Records one latency, in microseconds; longer than the bound counts as the bound.
    pub fn record(&mut self, micros: u64) {
        self.0.saturating_record(micros.max(1));
    }

    /// Records one duration.
    pub fn record_duration(&mut self, took: Duration) {
        self.record(took.as_micros() as u64);
    }

    /// Forgets what was recorded (the warm-up).
    pub fn clear(&mut self) {
        self.0.reset();
    }

    /// Milliseconds at a quantile between 0 and 1.
    pub fn ms(&self, quantile: f64) -> f64 {
        self.0.value_at_quantile(quantile) as f64 / 1000.0
    }

    /// Adds p50, p99, p99.9 and the maximum to a report.
    pub fn rows(&self, report: &mut Report) {
        report.decimal("p50_ms", self.ms(0.5), "ms");
        report.decimal("p99_ms", self.ms(0.99), "ms");
        report.decimal("p999_ms", self.ms(0.999), "ms");
        report.decimal("max_ms", self.ms(1.0), "ms");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_ticks_after_a_hostile_name() {
        let stat = "42 (a ) b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20";
        assert_eq!(parse_stat(stat), Some(2.0));
        assert!(own_cpu().unwrap() >= 0.0);
        assert!(rss_kib(std::process::id()).unwrap() > 100);
    }

    #[test]
    fn quantiles_are_in_milliseconds() {
        let mut latency = Latency::new().unwrap();
        (1..=100).for_each(|ms| latency.record(ms * 1000));
        assert!((latency.ms(0.5) - 50.0).abs() < 0.1, "{}", latency.ms(0.5));
        assert!((latency.ms(0.99) - 99.0).abs() < 0.2);
        latency.record(u64::MAX);
        assert!(latency.ms(1.0) >= 600_000.0);
    }
}
