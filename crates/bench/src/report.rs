//! The result of a subcommand: a table for people, or one JSON object.

use serde_json::{Map, Value};
use std::io::{self, Write};

/// Named figures in the order they were added, and what went wrong.
pub struct Report {
    title: &'static str,
    rows: Vec<(&'static str, Value, &'static str)>,
    faults: Vec<String>,
}

impl Report {
    /// An empty report of the subcommand `title`.
    pub fn new(title: &'static str) -> Self {
        Report {
            title,
            rows: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Adds a figure with its unit (empty for a plain number).
    pub fn row(&mut self, key: &'static str, value: impl Into<Value>, unit: &'static str) {
        self.rows.push((key, value.into(), unit));
    }

    /// Adds a figure rounded to three decimals.
    pub fn decimal(&mut self, key: &'static str, value: f64, unit: &'static str) {
        self.row(key, (value * 1000.0).round() / 1000.0, unit);
    }

    /// Notes a violated promise: the process will exit with a failure.
    pub fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    /// Adds a count that must be zero: a fault otherwise.
    pub fn must_be_zero(&mut self, key: &'static str, count: u64) {
        self.row(key, count, "");
        if count > 0 {
            self.fault(format!("{key}: {count}"));
        }
    }

    /// Prints the report; true when no fault was noted.
    pub fn print(&self, json: bool, label: Option<String>) -> bool {
        let text = if json {
            self.json(label).to_string()
        } else {
            self.table()
        };
        // Whoever closed the pipe has seen enough; the exit code still tells the verdict.
        let _ = writeln!(io::stdout(), "{text}");
        self.faults.is_empty()
    }

    fn json(&self, label: Option<String>) -> Value {
        let mut object = Map::new();
        object.insert("benchmark".into(), self.title.into());
        object.extend(label.map(|label| ("label".into(), label.into())));
        for (key, value, _) in &self.rows {
            object.insert((*key).into(), value.clone());
        }
        object.insert("faults".into(), self.faults.clone().into());
        Value::Object(object)
    }

    fn table(&self) -> String {
        let wide = self.rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
        let mut out = self.title.to_owned();
        for (key, value, unit) in &self.rows {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            out.push_str(&format!("\n  {key:wide$}  {value} {unit}"));
        }
        for fault in &self.faults {
            out.push_str(&format!("\n  FAULT: {fault}"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_must_be_zero_is_a_fault() {
        let mut report = Report::new("chat");
        report.decimal("rate", 1.23456, "msg/s");
        report.must_be_zero("lost", 0);
        assert_eq!(report.json(None)["rate"], 1.235);
        assert!(report.faults.is_empty());
        report.must_be_zero("doubled", 2);
        assert_eq!(report.json(None)["faults"][0], "doubled: 2");
        assert!(report.table().contains("FAULT: doubled: 2"));
    }
}
