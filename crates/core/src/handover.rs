//! The hand-over of an upgraded HTTP connection: `api` speaks HTTP, `net` speaks XMPP, they meet here (RFC 7395).

use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncWrite};

/// A byte stream.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A WebSocket connection with subprotocol `xmpp` whose handshake is done.
pub struct Upgraded {
    /// The bytes after the handshake.
    pub io: Box<dyn Io>,
    /// The client's address, as the HTTP side determined it.
    pub peer: SocketAddr,
    /// Whether the client reached us over TLS, ours or a trusted proxy's.
    pub secure: bool,
}

/// Where the HTTP side puts upgraded connections.
pub type Handover = tokio::sync::mpsc::Sender<Upgraded>;
