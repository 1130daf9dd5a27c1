//! XEP-0156 Discovering Alternative XMPP Connection Methods 1.4.0: host-meta in both forms. DNS is the operator's.

use crate::App;
use axum::{
    extract::State,
    http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE},
    response::IntoResponse,
};

const REL: &str = "urn:xmpp:alt-connections:websocket";

/// `host-meta` as XRD.
pub(crate) async fn host_meta(State(app): State<App>) -> impl IntoResponse {
    let mut href = Vec::new();
    magpie_xmpp::escape::attr(&mut href, &app.config.websocket_url(app.cx.domain.as_str()));
    let href = String::from_utf8_lossy(&href).into_owned();
    let xrd = format!(
        "<?xml version='1.0' encoding='utf-8'?>\n<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>\n  \
         <Link rel='{REL}' href='{href}'/>\n</XRD>\n"
    );
    (
        [
            (CONTENT_TYPE, "application/xrd+xml"),
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        ],
        xrd,
    )
}

/// `host-meta.json`.
pub(crate) async fn host_meta_json(State(app): State<App>) -> impl IntoResponse {
    let href = app.config.websocket_url(app.cx.domain.as_str());
    let body = serde_json::json!({ "links": [{ "rel": REL, "href": href }] }).to_string();
    (
        [
            (CONTENT_TYPE, "application/json"),
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        ],
        body,
    )
}
