//! What the operator decides about the core: the domain and the bounds of what one party may hold.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The section `[server]`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The domain this server answers for: what stands behind the @ of every account.
    pub domain: String,
    /// Where people reach the HTTP port, without a slash at its end: made of the section `[http]`.
    #[serde(skip)]
    pub web_url: String,
    /// How many sessions (devices) one account may have at a time.
    pub sessions_per_account: usize,
    /// How many stanzas of one stream may wait for the disk before its socket is not read any more.
    pub in_flight_per_session: u32,
    /// How many stanzas may wait for one session, unacknowledged ones included; past that its stream is closed.
    pub mailbox_stanzas: usize,
    /// How many bytes may wait for one session, unacknowledged ones included; past that its stream is closed.
    pub mailbox_bytes: usize,
    /// How many accounts without a session are kept in memory.
    pub cached_accounts: usize,
    /// How many messages are handed to a client that comes back (the newest; the archive has all).
    pub offline_messages: u32,
    /// How many contacts one account may have.
    pub roster_items: usize,
    /// How many addresses one account may block.
    pub blocked_addresses: usize,
    /// Days after which a device that stayed away is forgotten and must log in with the password again. 0: devices are not
    /// remembered, each login takes the password.
    pub device_days: u32,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            domain: "localhost".into(),
            web_url: String::new(),
            sessions_per_account: 20,
            in_flight_per_session: 256,
            mailbox_stanzas: 5000,
            mailbox_bytes: 8 << 20,
            cached_accounts: 20_000,
            offline_messages: 1000,
            roster_items: 5000,
            blocked_addresses: 2000,
            device_days: 90,
        }
    }
}
