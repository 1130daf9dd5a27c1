//! The handshake of XMPP over WebSocket (RFC 6455 §4.2, RFC 7395 §3.1). The frames are `net`'s.

use crate::App;
use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{
        HeaderMap, Response, StatusCode,
        header::{
            CONNECTION, HeaderName, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
            SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
        },
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hyper_util::rt::TokioIo;
use magpie_core::handover::Upgraded;
use sha1::{Digest, Sha1};
use std::net::{IpAddr, SocketAddr};

const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Accepts a WebSocket with subprotocol `xmpp` and hands it over.
pub(crate) async fn upgrade(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
) -> Response<Body> {
    let headers = request.headers();
    let accept = match check(headers, &app.config.origins) {
        Ok(key) => STANDARD.encode(Sha1::digest(format!("{key}{GUID}"))),
        Err((status, why)) => return answer(status, why),
    };
    let (peer, secure) = origin_of(headers, peer, &app.config.trusted_proxies);
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        if let Ok(io) = upgrade.await {
            // A full queue or a stopping server drops the connection: the client tries again.
            drop(app.handover.try_send(Upgraded {
                io: Box::new(TokioIo::new(io)),
                peer,
                secure,
            }));
        }
    });
    Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(UPGRADE, "websocket")
        .header(CONNECTION, "Upgrade")
        .header(SEC_WEBSOCKET_ACCEPT, accept)
        .header(SEC_WEBSOCKET_PROTOCOL, "xmpp")
        .body(Body::empty())
        .unwrap_or_else(|_| answer(StatusCode::INTERNAL_SERVER_ERROR, ""))
}

fn answer(status: StatusCode, why: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(why));
    *response.status_mut() = status;
    response
}

/// The client's key, or what is wrong with the handshake.
fn check(headers: &HeaderMap, origins: &[String]) -> Result<String, (StatusCode, &'static str)> {
    let has = |name: HeaderName, token: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .any(|v| {
                v.split(',')
                    .any(|part| part.trim().eq_ignore_ascii_case(token))
            })
    };
    if !has(UPGRADE, "websocket") || !has(CONNECTION, "upgrade") {
        return Err((
            StatusCode::UPGRADE_REQUIRED,
            "this is the WebSocket address of an XMPP server (RFC 7395)\n",
        ));
    }
    if !has(SEC_WEBSOCKET_VERSION, "13") {
        return Err((
            StatusCode::UPGRADE_REQUIRED,
            "only version 13 of the WebSocket protocol is spoken here\n",
        ));
    }
    if !has(SEC_WEBSOCKET_PROTOCOL, "xmpp") {
        return Err((
            StatusCode::BAD_REQUEST,
            "the subprotocol must be xmpp (RFC 7395 §3.1)\n",
        ));
    }
    let allowed = |origin: &str| origins.iter().any(|o| o == "*" || o == origin);
    if headers
        .get(ORIGIN)
        .is_some_and(|o| !o.to_str().is_ok_and(allowed))
    {
        return Err((
            StatusCode::FORBIDDEN,
            "pages of this origin may not connect (http.origins)\n",
        ));
    }
    let key = headers
        .get(SEC_WEBSOCKET_KEY)
        .and_then(|k| k.to_str().ok())
        .map(str::trim)
        .unwrap_or("");
    if STANDARD.decode(key).is_ok_and(|k| k.len() == 16) {
        Ok(key.to_owned())
    } else {
        Err((
            StatusCode::BAD_REQUEST,
            "Sec-WebSocket-Key is not 16 bytes in base64\n",
        ))
    }
}

/// The client's address and whether it came over TLS: a trusted proxy's word counts, nobody else's.
fn origin_of(headers: &HeaderMap, peer: SocketAddr, trusted: &[IpAddr]) -> (SocketAddr, bool) {
    if !trusted.contains(&peer.ip().to_canonical()) {
        return (peer, false);
    }
    let last = |name: &str| {
        let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        value.rsplit(',').next().map(|v| v.trim().to_owned())
    };
    let ip = last("x-forwarded-for")
        .and_then(|v| v.parse().ok())
        .unwrap_or(peer.ip());
    (
        SocketAddr::new(ip, peer.port()),
        last("x-forwarded-proto").is_some_and(|p| p == "https" || p == "wss"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (HeaderName::from_static(k), v.parse().unwrap()))
            .collect()
    }

    const GOOD: [(&str, &str); 5] = [
        ("upgrade", "WebSocket"),
        ("connection", "keep-alive, Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-protocol", "chat, xmpp"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    #[test]
    fn the_handshake_wants_every_header() {
        let any = ["*".to_owned()];
        assert!(check(&headers(&GOOD), &any).is_ok());
        for (at, left_out) in GOOD.iter().enumerate() {
            let mut some = GOOD.to_vec();
            some.remove(at);
            assert!(check(&headers(&some), &any).is_err(), "{left_out:?}");
        }
    }

    #[test]
    fn only_listed_origins_connect() {
        let mut pairs = GOOD.to_vec();
        pairs.push(("origin", "https://evil.example"));
        assert_eq!(
            check(&headers(&pairs), &["https://good.example".into()])
                .unwrap_err()
                .0,
            StatusCode::FORBIDDEN
        );
        assert!(
            check(&headers(&GOOD), &["https://good.example".into()]).is_ok(),
            "no browser, no origin"
        );
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let h = headers(&[
            ("x-forwarded-for", "6.6.6.6, 203.0.113.9"),
            ("x-forwarded-proto", "https"),
        ]);
        let peer: SocketAddr = "10.0.0.1:4000".parse().unwrap();
        assert_eq!(origin_of(&h, peer, &[]), (peer, false));
        let (ip, secure) = origin_of(&h, peer, &["10.0.0.1".parse().unwrap()]);
        assert_eq!(
            (ip.to_string().as_str(), secure),
            ("203.0.113.9:4000", true)
        );
    }
}
