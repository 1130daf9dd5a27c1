//! What an operator's tools ask: alive, ready, figures.

use crate::App;
use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
};
use std::time::Duration;

/// How long the store may take to answer before the server counts as not ready.
const STORE_ANSWERS: Duration = Duration::from_secs(2);

/// The process runs and serves HTTP.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The server can accept messages: the store answers and commits.
pub(crate) async fn ready(State(app): State<App>) -> impl IntoResponse {
    match tokio::time::timeout(STORE_ANSWERS, app.cx.store.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n".to_owned()),
        Ok(Err(e)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("not ready: the database: {e}\n"),
        ),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "not ready: the database does not answer\n".to_owned(),
        ),
    }
}

/// Prometheus' text.
pub(crate) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let mut text = String::new();
    match prometheus_client::encoding::text::encode(&mut text, &app.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            (StatusCode::OK, [(CONTENT_TYPE, kind)], text)
        }
        Err(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            [(CONTENT_TYPE, "text/plain")],
            String::new(),
        ),
    }
}
