//! The section `[store]` of the configuration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the database is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// "sqlite:///folder/magpie.db", "postgres://user:password@host/database" or "mysql://user:password@host/database". Empty:
    /// SQLite in the data folder.
    pub url: String,
    /// How many connections read from SQLite at the same time.
    pub readers: usize,
    /// How many connections read from PostgreSQL or MySQL at the same time. One more writes.
    pub pool: u32,
    /// How long a statement on PostgreSQL or MySQL may take before the connection counts as broken, seconds.
    pub timeout_secs: u64,
    /// How large SQLite's write-ahead log may grow before it is emptied, MiB.
    pub wal_mib: u64,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            url: String::new(),
            readers: 4,
            pool: 8,
            timeout_secs: 20,
            wal_mib: 32,
        }
    }
}
