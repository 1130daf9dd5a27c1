//! The HTTP listeners: bounded headers, deadlines, upgrades.

use crate::{App, private, public};
use axum::{Router, extract::ConnectInfo};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
};

/// How long a client may take to send a request's head.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// How large a request's head may be.
const HEAD_BYTES: usize = 16 * 1024;
/// How many HTTP connections may be open at a time, WebSockets after their handshake not counted.
const CONNECTIONS: usize = 4096;

/// Why HTTP cannot be served.
#[derive(Debug, thiserror::Error)]
#[error(
    "http.{key}: cannot listen on {address}: {source}. Name a free address, or stop what uses it"
)]
pub struct Error {
    key: &'static str,
    address: String,
    source: io::Error,
}

/// The bound listeners.
#[derive(Debug)]
pub struct Listeners {
    public: Vec<TcpListener>,
    private: Vec<TcpListener>,
}

impl Listeners {
    /// Binds every address of the configuration.
    pub async fn bind(config: &crate::Config) -> Result<Listeners, Error> {
        let public = bind_all("listen", &config.listen).await?;
        Ok(Listeners {
            public,
            private: bind_all("private_listen", &config.private_listen).await?,
        })
    }

    /// The addresses of the public listeners.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.public
            .iter()
            .filter_map(|l| l.local_addr().ok())
            .collect()
    }

    /// The addresses of the private listeners.
    pub fn private_addresses(&self) -> Vec<SocketAddr> {
        self.private
            .iter()
            .filter_map(|l| l.local_addr().ok())
            .collect()
    }
}

async fn bind_all(key: &'static str, addresses: &[String]) -> Result<Vec<TcpListener>, Error> {
    let mut bound = Vec::new();
    for address in addresses {
        bound.push(bind(address).await.map_err(|source| Error {
            key,
            address: address.clone(),
            source,
        })?);
    }
    Ok(bound)
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

/// Serves until `stop` turns true.
pub async fn serve(app: App, listeners: Listeners, stop: watch::Receiver<bool>) {
    let mut accepting = JoinSet::new();
    accepting.spawn(crate::uploads::sweep(app.clone(), stop.clone()));
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let all = listeners
        .public
        .into_iter()
        .map(|l| (l, public(app.clone())));
    let all = all.chain(
        listeners
            .private
            .into_iter()
            .map(|l| (l, private(app.clone()))),
    );
    for (listener, routes) in all {
        accepting.spawn(accept(listener, routes, room.clone(), stop.clone()));
    }
    accepting.join_all().await;
}

async fn accept(
    listener: TcpListener,
    routes: Router,
    room: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        match accepted {
            Ok((socket, peer)) => {
                let Ok(place) = room.clone().try_acquire_owned() else {
                    continue;
                };
                // A WebSocket's small messages must not wait for each other.
                if socket.set_nodelay(true).is_err() {
                    continue;
                }
                let (routes, stop) = (routes.clone(), stop.clone());
                tokio::spawn(async move {
                    connection(socket, peer, routes, stop).await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file descriptors: accepting again at once would only spin.
                tracing::warn!(%error, "cannot accept an HTTP connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn connection(
    socket: TcpStream,
    peer: SocketAddr,
    routes: Router,
    mut stop: watch::Receiver<bool>,
) {
    let service = TowerToHyperService::new(routes.layer(axum::Extension(ConnectInfo(peer))));
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades();
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        done = serving.as_mut() => {
            if let Err(error) = done {
                tracing::debug!(%error, %peer, "an HTTP connection ended early");
            }
        }
        _ = stop.wait_for(|stop| *stop) => serving.as_mut().graceful_shutdown(),
    }
}
