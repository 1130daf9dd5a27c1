//! A client's stream: before login one step after the other, after it a loop that lasts.

mod bind;
mod bind2;
mod csi;
mod fast;
mod mechanism;
mod negotiate;
mod offers;
mod sasl;
mod sasl2;
mod session;
mod sm;
mod wire;

use crate::{
    Config, Tls,
    limits::{Place, Rates},
    transport::Transport,
};
use futures_util::FutureExt;
use magpie_core::{Ctx, session::Ending};
use magpie_xmpp::StreamError;
use std::{net::IpAddr, net::SocketAddr, panic::AssertUnwindSafe, sync::Arc};
use tokio::sync::watch;
use wire::Wire;

/// What all streams share.
pub(crate) struct Shared {
    pub cx: Arc<Ctx>,
    pub config: Config,
    pub tls: Tls,
    pub stop: watch::Receiver<bool>,
    pub resumable: sm::Table,
    pub failures_by_ip: Rates<IpAddr>,
    pub failures_by_name: Rates<Box<str>>,
}

impl Shared {
    pub fn new(cx: Arc<Ctx>, config: Config, tls: Tls, stop: watch::Receiver<bool>) -> Arc<Shared> {
        let failures = config.failures_per_minute;
        Arc::new(Shared {
            cx,
            tls,
            stop,
            resumable: sm::Table::default(),
            failures_by_ip: Rates::new(failures),
            failures_by_name: Rates::new(failures),
            config,
        })
    }
}

/// Serves one connection to its end. A panic ends this session and no other.
pub(crate) async fn run(shared: Arc<Shared>, transport: Transport, peer: SocketAddr, place: Place) {
    shared.cx.metrics.connections.inc();
    let mut wire = Wire::new(transport, &shared.config);
    // A box of its own: what the login needs is given back before the session begins.
    let login =
        Box::pin(AssertUnwindSafe(negotiate::login(&shared, &mut wire, peer.ip())).catch_unwind())
            .await;
    match login {
        Ok(Some(begun)) => {
            let (session, at) = (begun.session.clone(), begun.at);
            let served = AssertUnwindSafe(session::serve(&shared, wire, begun))
                .catch_unwind()
                .await;
            if served.is_err() {
                shared.cx.metrics.panics.inc();
                tracing::error!(jid = %session.jid, "the session panicked; it ends, the others go on");
                shared.cx.end_session(&session, Ending::Stream(at));
                shared
                    .cx
                    .remove_session(&session, StreamError::internal_server_error());
            }
        }
        Ok(None) => {}
        Err(_) => {
            shared.cx.metrics.panics.inc();
            tracing::error!(%peer, "a login panicked; the connection ends, the others go on");
        }
    }
    shared.cx.metrics.connections.dec();
    drop(place);
}
