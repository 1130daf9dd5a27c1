//! The headers that keep a browser from doing more than was meant.

use crate::{App, Config};
use axum::{
    extract::State,
    http::{
        HeaderName, HeaderValue, Response,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
    },
};

/// Where a policy stands.
pub(crate) const POLICY: HeaderName = CONTENT_SECURITY_POLICY;

/// What is no page may do nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
    (HeaderName::from_static("referrer-policy"), "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (POLICY, NOTHING),
    (CACHE_CONTROL, "no-store"),
];

/// The policy of the web messenger's page. Pictures, files and other servers' WebSockets may be anywhere; code, styles and
/// frames may not.
pub(crate) fn page(config: &Config, domain: &str) -> HeaderValue {
    let (own, socket) = (config.url(domain), config.websocket_url(domain));
    let origin = |url: &str| url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let (own, socket) = (origin(&own), origin(&socket));
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; \
         frame-src 'none'; frame-ancestors 'none'; form-action 'self'; worker-src 'self'; manifest-src 'self'; \
         connect-src 'self' {own} {socket} https: wss: ws: http://localhost:* http://127.0.0.1:*; \
         img-src 'self' blob: data: {own} https:; media-src 'self' blob: data: {own} https:; \
         require-trusted-types-for 'script'"
    );
    // An address that is none would end the policy early.
    let fine = !own.contains([';', ',', ' ']) && !socket.contains([';', ',', ' ']);
    match HeaderValue::from_str(&policy) {
        Ok(policy) if fine => policy,
        _ => HeaderValue::from_static(NOTHING),
    }
}

/// Adds to every response what it does not say itself.
pub(crate) async fn secure<B>(State(_): State<App>, mut response: Response<B>) -> Response<B> {
    for (name, value) in ALWAYS {
        let entry = response.headers_mut().entry(name);
        entry.or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(public_url: &str) -> String {
        let config = Config {
            public_url: public_url.into(),
            ..Config::default()
        };
        page(&config, "x.org").to_str().unwrap().to_owned()
    }

    #[test]
    fn a_page_runs_its_own_code_only_and_reaches_its_own_server() {
        let policy = of("https://chat.x.org/below");
        for part in [
            "script-src 'self';",
            "style-src 'self';",
            "frame-ancestors 'none';",
            "connect-src 'self' https://chat.x.org wss://chat.x.org https:",
            "require-trusted-types-for 'script'",
        ] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn an_address_cannot_add_to_the_policy() {
        assert_eq!(of("https://x.org; script-src *"), NOTHING);
    }
}
