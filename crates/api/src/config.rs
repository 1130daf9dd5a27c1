//! The section `[http]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The section `[http]`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the HTTP port listens: the web messenger, WebSocket at /xmpp, files, host-meta, /healthz, /readyz.
    pub listen: Vec<String>,
    /// Where /metrics is served: keep it away from the internet.
    pub private_listen: Vec<String>,
    /// The address under which users reach the HTTP port, for example "https://chat.example.org". Empty: made from the
    /// domain and the port. Links to files and invitations begin with it, host-meta announces the WebSocket below it.
    pub public_url: String,
    /// Origins of web pages that may open a WebSocket, for example "https://chat.example.org". "*" admits every page:
    /// a WebSocket carries no ambient rights here, every client logs in on it.
    pub origins: Vec<String>,
    /// Addresses of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: vec!["[::]:5280".into()],
            private_listen: vec!["127.0.0.1:5290".into()],
            public_url: String::new(),
            origins: vec!["*".into()],
            trusted_proxies: Vec::new(),
        }
    }
}

impl Config {
    /// The address under which users reach the HTTP port, without a slash at its end.
    pub fn url(&self, domain: &str) -> String {
        if self.public_url.is_empty() {
            let port = self
                .listen
                .first()
                .and_then(|l| l.rsplit(':').next())
                .unwrap_or("5280");
            return format!("http://{domain}:{port}");
        }
        let base = self.public_url.trim_end_matches('/');
        match base.contains("://") {
            true => base.to_owned(),
            false => format!("https://{base}"),
        }
    }

    /// What an operator should know: the finding and its cure.
    pub fn findings(&self, domain: &str) -> Option<(String, String)> {
        let url = self.url(domain);
        if domain == "localhost" || url.starts_with("https://") {
            return None;
        }
        Some((
            format!("links to files and invitations begin with {url}: they are not encrypted on their way"),
            "let a proxy with a certificate serve this port, and set http.public_url to its https address".into(),
        ))
    }

    /// The WebSocket address that host-meta announces.
    pub fn websocket_url(&self, domain: &str) -> String {
        let url = self.url(domain);
        match url.split_once("://") {
            Some(("https", rest)) => format!("wss://{rest}/xmpp"),
            Some((_, rest)) => format!("ws://{rest}/xmpp"),
            None => format!("wss://{url}/xmpp"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_websocket_lies_below_the_public_url() {
        let url = |public: &str| {
            Config {
                public_url: public.into(),
                ..Config::default()
            }
            .websocket_url("x.org")
        };
        assert_eq!(url(""), "ws://x.org:5280/xmpp");
        assert_eq!(url("https://chat.x.org/"), "wss://chat.x.org/xmpp");
        assert_eq!(url("http://127.0.0.1:80"), "ws://127.0.0.1:80/xmpp");
        assert_eq!(url("chat.x.org"), "wss://chat.x.org/xmpp");
    }
}
