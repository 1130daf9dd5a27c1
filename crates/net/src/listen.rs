//! The listeners: a task per port that accepts, a task per connection that serves, and how all of it stops.

use crate::{
    Config, Error, Tls,
    c2s::{self, Shared},
    limits::Doors,
    socket::Socket,
    transport::Transport,
};
use magpie_core::{Ctx, handover::Upgraded};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

/// How long the streams may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// How a connection begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    StartTls,
    DirectTls,
}

/// The bound listeners.
#[derive(Debug)]
pub struct Listeners {
    list: Vec<(TcpListener, Mode)>,
}

impl Listeners {
    /// Binds every address of the configuration.
    pub async fn bind(config: &Config) -> Result<Listeners, Error> {
        let starttls = config
            .starttls
            .iter()
            .map(|a| ("starttls", a, Mode::StartTls));
        let direct = config
            .direct_tls
            .iter()
            .map(|a| ("direct_tls", a, Mode::DirectTls));
        let mut list = Vec::new();
        for (key, address, mode) in starttls.chain(direct) {
            let bound = bind(address).await;
            list.push((
                bound.map_err(|source| Error::Listen {
                    key,
                    address: address.clone(),
                    source,
                })?,
                mode,
            ));
        }
        Ok(Listeners { list })
    }

    /// The addresses, STARTTLS first.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.list
            .iter()
            .filter_map(|(l, _)| l.local_addr().ok())
            .collect()
    }
}

/// Binds `address`; where the machine has no IPv6, `[::]` means all of IPv4.
async fn bind(address: &str) -> io::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Err(e) if e.kind() != io::ErrorKind::AddrInUse && address.starts_with("[::]:") => {
            TcpListener::bind(address.replace("[::]", "0.0.0.0")).await
        }
        bound => bound,
    }
}

/// Serves clients until `stop` turns true; then every stream is closed with `system-shutdown`.
pub async fn serve(
    cx: Arc<Ctx>,
    config: Config,
    tls: Tls,
    listeners: Listeners,
    mut upgraded: mpsc::Receiver<Upgraded>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Error> {
    let doors = Doors::new(
        config.max_connections,
        config.connections_per_ip,
        config.connects_per_ip_per_minute,
    );
    let shared = Shared::new(cx, config, tls, stop.clone());
    // Every connection holds a sender; when the last is gone nobody is left.
    let (alive, mut gone) = mpsc::channel::<()>(1);
    let mut accepting = JoinSet::new();
    for (listener, mode) in listeners.list {
        accepting.spawn(accept(
            listener,
            mode,
            shared.clone(),
            doors.clone(),
            alive.clone(),
        ));
    }
    loop {
        tokio::select! {
            Some(up) = upgraded.recv() => {
                if let Some(place) = doors.enter(up.peer.ip()) {
                    let (shared, alive) = (shared.clone(), alive.clone());
                    tokio::spawn(async move {
                        let transport = Transport::ws(up.io, up.secure, shared.config.max_stanza_bytes).await;
                        c2s::run(shared, transport, up.peer, place).await;
                        drop(alive);
                    });
                }
            }
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    accepting.abort_all();
    drop(alive);
    if timeout(GOODBYE, gone.recv()).await.is_err() {
        tracing::warn!("some clients did not let go in time");
    }
    Ok(())
}

async fn accept(
    listener: TcpListener,
    mode: Mode,
    shared: Arc<Shared>,
    doors: Arc<Doors>,
    alive: mpsc::Sender<()>,
) {
    loop {
        match listener.accept().await {
            Ok((tcp, peer)) => {
                // Who has too many connections is cut without a word: an answer would cost more than it.
                let Some(place) = doors.enter(peer.ip()) else {
                    continue;
                };
                let (shared, alive) = (shared.clone(), alive.clone());
                let Some(transport) = begin(tcp, peer, mode, &shared) else {
                    continue;
                };
                tokio::spawn(async move {
                    c2s::run(shared, transport, peer, place).await;
                    drop(alive);
                });
            }
            Err(error) => {
                // Out of file descriptors: accepting again at once would only spin.
                tracing::warn!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn begin(tcp: TcpStream, peer: SocketAddr, mode: Mode, shared: &Shared) -> Option<Transport> {
    if let Err(error) = tcp.set_nodelay(true) {
        tracing::debug!(%error, %peer, "the connection was gone at once");
        return None;
    }
    let mut socket = Socket::new(tcp);
    if mode == Mode::DirectTls {
        match rustls::ServerConnection::new(shared.tls.direct.clone()) {
            Ok(tls) => socket.secure(tls),
            Err(error) => {
                tracing::warn!(%error, "cannot begin TLS");
                return None;
            }
        }
    }
    Some(Transport::tcp(socket))
}
