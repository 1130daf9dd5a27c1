//! XMPP over TCP, TLS and WebSocket: listeners, framing, and the stream of a client from its first byte to its last.

mod c2s;
mod config;
mod limits;
mod listen;
mod socket;
mod tls;
mod transport;

pub use config::Config;
pub use listen::{Listeners, serve};
pub use tls::Tls;

/// Why XMPP cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address cannot be listened on.
    #[error(
        "net.{key}: cannot listen on {address}: {source}. Name a free address, or stop what uses it"
    )]
    Listen {
        /// The configuration's key.
        key: &'static str,
        /// The address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The certificate or key cannot be used.
    #[error("{0}")]
    Tls(String),
}

/// The extensions that are part of the stream: number, name, version, what is left out.
pub const XEPS: [(u16, &str, &str, &str); 7] = [
    (198, "Stream Management", "1.6.2", ""),
    (352, "Client State Indication", "1.0.0", ""),
    (
        368,
        "SRV records for XMPP over TLS",
        "1.1.0",
        "the SRV records: the operator's DNS",
    ),
    (386, "Bind 2", "1.1.0", ""),
    (
        388,
        "Extensible SASL Profile",
        "1.0.4",
        "tasks after the login: there are none",
    ),
    (440, "SASL Channel-Binding Type Capability", "0.4.2", ""),
    (478, "Stream Limits Advertisement", "0.1.0", ""),
];
