//! What the server counts, in the names of `/metrics`. No label carries text of a user.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// Which kind of stanza.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct KindLabel {
    /// `message`, `presence` or `iq`.
    pub kind: &'static str,
}

/// Handles to the counters; cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Stanzas taken from clients.
    pub stanzas_in: Family<KindLabel, Counter>,
    /// Stanzas put into sessions' mailboxes.
    pub delivered: Counter,
    /// Messages stored.
    pub stored: Counter,
    /// Messages recognised as sent again.
    pub retries: Counter,
    /// Entries that could not be stored.
    pub failed: Counter,
    /// Bound sessions, those waiting to be resumed included.
    pub sessions: Gauge,
    /// Open connections.
    pub connections: Gauge,
    /// Logins that succeeded.
    pub logins: Counter,
    /// Logins that failed.
    pub login_failures: Counter,
    /// Sessions resumed on a new connection.
    pub resumed: Counter,
    /// Sessions ended by a panic.
    pub panics: Counter,
    /// Entries per commit.
    pub batch: Histogram,
}

impl Metrics {
    /// Counters that `registry` exposes.
    pub fn new(registry: &mut Registry) -> Metrics {
        let m = Metrics {
            stanzas_in: Family::default(),
            delivered: Counter::default(),
            stored: Counter::default(),
            retries: Counter::default(),
            failed: Counter::default(),
            sessions: Gauge::default(),
            connections: Gauge::default(),
            logins: Counter::default(),
            login_failures: Counter::default(),
            resumed: Counter::default(),
            panics: Counter::default(),
            batch: Histogram::new([1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]),
        };
        let r = registry.sub_registry_with_prefix("magpie");
        r.register(
            "stanzas_in",
            "Stanzas taken from clients",
            m.stanzas_in.clone(),
        );
        r.register(
            "stanzas_delivered",
            "Stanzas put into mailboxes",
            m.delivered.clone(),
        );
        r.register("messages_stored", "Messages stored", m.stored.clone());
        r.register(
            "messages_retried",
            "Messages recognised as sent again",
            m.retries.clone(),
        );
        r.register(
            "entries_failed",
            "Entries that could not be stored",
            m.failed.clone(),
        );
        r.register("sessions", "Bound sessions", m.sessions.clone());
        r.register("connections", "Open connections", m.connections.clone());
        r.register("logins", "Logins that succeeded", m.logins.clone());
        r.register(
            "login_failures",
            "Logins that failed",
            m.login_failures.clone(),
        );
        r.register("sessions_resumed", "Sessions resumed", m.resumed.clone());
        r.register(
            "session_panics",
            "Sessions ended by a panic",
            m.panics.clone(),
        );
        r.register("commit_entries", "Entries per commit", m.batch.clone());
        m
    }
}
