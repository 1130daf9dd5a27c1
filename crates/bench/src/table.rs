//! `table`: turns the JSON reports of many runs, one a line, into a Markdown table of medians.

use anyhow::{Context, Result};
use serde_json::Value;
use std::io::{self, Write};

/// The figures of a benchmark that a table shows: key and unit.
const SHOWN: [(&str, &[(&str, &str)]); 10] = [
    ("register", &[("registrations_per_s", "/s")]),
    (
        "chat",
        &[
            ("delivered_per_s", "msg/s"),
            ("server_cpu_s_per_million", "CPU s/million"),
            ("p99_ms", "ms p99"),
        ],
    ),
    (
        "pair",
        &[
            ("p50_ms", "ms p50"),
            ("p99_ms", "ms p99"),
            ("p999_ms", "ms p99.9"),
        ],
    ),
    (
        "rate",
        &[
            ("p50_ms", "ms p50"),
            ("p99_ms", "ms p99"),
            ("p999_ms", "ms p99.9"),
            ("delivered_per_s", "msg/s"),
        ],
    ),
    (
        "rooms",
        &[
            ("delivered_per_s", "deliveries/s"),
            ("server_cpu_s_per_million", "CPU s/million"),
            ("joins_per_s", "joins/s"),
        ],
    ),
    (
        "offline",
        &[("stored_per_s", "stored/s"), ("drained_per_s", "drained/s")],
    ),
    (
        "mam",
        &[("messages_per_s", "msg/s"), ("p50_ms", "ms a page p50")],
    ),
    (
        "logins",
        &[
            ("logins_per_s", "/s"),
            ("server_cpu_ms_per_login", "CPU ms each"),
        ],
    ),
    (
        "idle",
        &[
            ("kib_per_session", "KiB a session"),
            ("rss_before_kib", "KiB empty"),
            ("rss_after_kib", "KiB full"),
        ],
    ),
    (
        "kill",
        &[
            ("kills", "kills"),
            ("acknowledged", "acknowledged"),
            ("lost", "lost"),
            ("doubled", "doubled"),
            ("reordered", "reordered"),
            ("restart_to_delivery_p50_ms", "ms to delivery p50"),
            ("restart_to_delivery_max_ms", "ms max"),
        ],
    ),
];

/// Reads reports from standard input and prints the table; true when no report holds a fault.
pub fn run() -> Result<bool> {
    let text = io::read_to_string(io::stdin())?;
    let parse =
        |line| serde_json::from_str::<Value>(line).with_context(|| format!("no report: {line}"));
    let reports: Vec<Value> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(parse)
        .collect::<Result<_>>()?;
    let _ = writeln!(io::stdout(), "{}", markdown(&reports));
    Ok(reports.iter().all(|report| faults(report).is_empty()))
}

fn markdown(reports: &[Value]) -> String {
    let mut out = "| scenario | runs | figures |\n| --- | --- | --- |".to_owned();
    let mut labels: Vec<&str> = Vec::new();
    for label in reports.iter().map(label) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    for name in labels {
        let runs: Vec<&Value> = reports
            .iter()
            .filter(|report| label(report) == name)
            .collect();
        out += &format!("\n| {name} | {} | {} |", runs.len(), figures(&runs));
    }
    for fault in reports.iter().flat_map(faults) {
        out += &format!("\n\nFAULT: {fault}");
    }
    out
}

fn label(report: &Value) -> &str {
    report["label"]
        .as_str()
        .or(report["benchmark"].as_str())
        .unwrap_or("?")
}

fn faults(report: &Value) -> Vec<&str> {
    report["faults"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// The medians of a scenario's figures, the range of the first one in brackets.
fn figures(runs: &[&Value]) -> String {
    let benchmark = runs
        .first()
        .and_then(|run| run["benchmark"].as_str())
        .unwrap_or_default();
    let shown = SHOWN
        .iter()
        .find(|(name, _)| *name == benchmark)
        .map_or(&[][..], |(_, shown)| shown);
    let mut parts = Vec::new();
    for (key, unit) in shown {
        let mut values: Vec<f64> = runs.iter().filter_map(|run| run[key].as_f64()).collect();
        values.sort_by(f64::total_cmp);
        let (Some(low), Some(high)) = (values.first(), values.last()) else {
            continue;
        };
        let median = number(values[values.len() / 2]);
        let range = format!(" ({}..{})", number(*low), number(*high));
        let range = if parts.is_empty() && low < high {
            range
        } else {
            String::new()
        };
        parts.push(format!("{median}{range} {unit}"));
    }
    parts.join("; ")
}

/// Three significant digits below a thousand, whole numbers with separators above.
fn number(value: f64) -> String {
    match value {
        v if v == v.trunc() && v < 1000.0 => format!("{v}"),
        v if v < 10.0 => format!("{v:.2}"),
        v if v < 100.0 => format!("{v:.1}"),
        v => {
            let digits = format!("{v:.0}");
            let mut out = String::new();
            for (place, digit) in digits.chars().enumerate() {
                if place > 0 && (digits.len() - place).is_multiple_of(3) {
                    out.push(',');
                }
                out.push(digit);
            }
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn medians_by_label_with_ranges_and_faults() {
        let chat = |rate: f64| json!({"benchmark": "chat", "label": "chat, SM", "delivered_per_s": rate, "faults": []});
        let pair = json!({"benchmark": "pair", "p50_ms": 0.256, "p99_ms": 12.34, "p999_ms": 3.0, "faults": ["lost: 1"]});
        assert_eq!(
            markdown(&[chat(1_234_567.4), pair, chat(999.0), chat(20_000.0)]),
            "| scenario | runs | figures |\n| --- | --- | --- |\n\
             | chat, SM | 3 | 20,000 (999..1,234,567) msg/s |\n\
             | pair | 1 | 0.26 ms p50; 12.3 ms p99; 3 ms p99.9 |\n\nFAULT: lost: 1"
        );
    }
}
