//! The section `[net]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The section `[net]`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where clients connect that begin in plain text and change to TLS (STARTTLS).
    pub starttls: Vec<String>,
    /// Where clients connect that speak TLS from the first byte (XEP-0368).
    pub direct_tls: Vec<String>,
    /// The certificate chain, PEM. Empty: a self-signed one is made in the data folder.
    pub certificate: PathBuf,
    /// The certificate's private key, PEM.
    pub key: PathBuf,
    /// For development: clients on this machine may log in without TLS, also with PLAIN.
    pub plain_on_loopback: bool,
    /// Bytes a stanza may have after login.
    pub max_stanza_bytes: usize,
    /// Connections of clients at a time.
    pub max_connections: usize,
    /// Connections at a time from one address (IPv4) or network (IPv6 /64).
    pub connections_per_ip: usize,
    /// New connections a minute from one address or network. 0: no limit.
    pub connects_per_ip_per_minute: u32,
    /// Seconds until a client must have logged in.
    pub login_secs: u64,
    /// Stanzas a second one session may send for long; more make it wait. 0: no limit.
    pub stanzas_per_sec: u32,
    /// Bytes a second one session may send for long; more make it wait. 0: no limit.
    pub bytes_per_sec: u32,
    /// Wrong passwords a minute for one account or from one address before answers are delayed. 0: never.
    pub failures_per_minute: u32,
    /// Seconds a session waits to be resumed after its connection was cut.
    pub resume_secs: u64,
    /// Seconds of silence after which a client is asked whether it is there; after as many again its connection is cut.
    pub idle_secs: u64,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            starttls: vec!["[::]:5222".into()],
            direct_tls: vec!["[::]:5223".into()],
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            plain_on_loopback: false,
            max_stanza_bytes: 256 << 10,
            max_connections: 15_000,
            connections_per_ip: 1000,
            connects_per_ip_per_minute: 600,
            login_secs: 30,
            stanzas_per_sec: 1000,
            bytes_per_sec: 4 << 20,
            failures_per_minute: 10,
            resume_secs: 300,
            idle_secs: 300,
        }
    }
}

impl Config {
    /// What is wrong with the values: key, value, cure.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.certificate.as_os_str().is_empty() != self.key.as_os_str().is_empty() {
            found.push("net.certificate and net.key go together: set both, or none for a self-signed certificate".into());
        }
        if self.max_stanza_bytes < 10_000 {
            let n = self.max_stanza_bytes;
            found.push(format!(
                "net.max_stanza_bytes = {n} is less than the 10000 that RFC 6120 §13.12 wants"
            ));
        }
        for (key, value) in [
            ("max_connections", self.max_connections as u64),
            ("connections_per_ip", self.connections_per_ip as u64),
            ("login_secs", self.login_secs),
            ("idle_secs", self.idle_secs),
        ] {
            if value == 0 {
                found.push(format!(
                    "net.{key} = 0 would let nobody in: take at least 1"
                ));
            }
        }
        found
    }

    /// What an operator should know: the finding and its cure.
    pub fn findings(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        if self.plain_on_loopback {
            found.push((
                "net.plain_on_loopback is on: clients on this machine may send their password without TLS".into(),
                "turn it off where anybody but developers logs in".into(),
            ));
        }
        found
    }
}
