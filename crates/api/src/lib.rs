//! Everything over HTTP: the web messenger, files, the door for WebSocket clients, where XMPP is to be found, health, metrics.

mod branding;
mod config;
mod discovery;
mod headers;
mod health;
mod invite;
mod listen;
mod uploads;
mod web;
mod websocket;

pub use branding::{Branding, Link};
pub use config::Config;
pub use listen::{Error, Listeners, serve};
pub use uploads::Uploads;
pub use web::{EMBEDDED, File, Web};

use axum::{Router, middleware::map_response_with_state, routing::get};
use magpie_core::{Ctx, handover::Handover};
use prometheus_client::registry::Registry;
use std::sync::Arc;

/// What every handler reaches.
#[derive(Clone)]
pub struct App {
    /// The core.
    pub cx: Arc<Ctx>,
    /// The section `[http]`.
    pub config: Arc<Config>,
    /// What `/metrics` shows.
    pub registry: Arc<Registry>,
    /// Where upgraded connections go.
    pub handover: Handover,
    /// The files of accounts.
    pub uploads: Arc<Uploads>,
    /// The web messenger.
    pub web: Arc<Web>,
    /// Under whose name it appears.
    pub branding: Arc<Branding>,
    /// Who may make an account: `open`, `invite` or `closed`.
    pub registration: &'static str,
}

/// The routes that anybody may ask for.
fn public(app: App) -> Router {
    Router::new()
        .route("/", get(web::index))
        .route("/invite/{token}", get(web::index))
        .route("/manifest.webmanifest", get(branding::manifest))
        .route("/branding/logo", get(branding::logo))
        .route("/api/branding", get(branding::branding))
        .route("/api/invite/{token}", get(invite::look))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/.well-known/host-meta", get(discovery::host_meta))
        .route(
            "/.well-known/host-meta.json",
            get(discovery::host_meta_json),
        )
        .route("/xmpp", get(websocket::upgrade))
        .merge(uploads::routes())
        .fallback(web::file)
        .layer(map_response_with_state(app.clone(), headers::secure))
        .with_state(app)
}

/// The routes of the operator's own listener.
fn private(app: App) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(app)
}
