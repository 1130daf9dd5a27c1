//! The web messenger: the files built into the binary, with the addresses and headers that browsers need.

use crate::{App, Branding, headers};
use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
            VARY,
        },
    },
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use sha1::{Digest, Sha1};

/// A file of the built web messenger. The bytes lie in the binary: only what is asked for comes into memory.
#[derive(Debug)]
pub struct File {
    /// Where it lies below `/`.
    pub path: &'static str,
    /// A hash of its bytes.
    pub etag: &'static str,
    /// As it is.
    pub plain: &'static [u8],
    /// Compressed by gzip.
    pub gzip: Option<&'static [u8]>,
    /// Compressed by brotli.
    pub brotli: Option<&'static [u8]>,
}

/// The files that were built into this binary, by path; none if it was built without the web messenger.
pub static EMBEDDED: &[File] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

const INDEX: &str = "index.html";
/// Names of files in here have a hash of what is in them.
const IMMUTABLE: &str = "assets/";

const NOT_BUILT: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width\"><title>Magpie</title>\n\
    <h1>Magpie 鹊桥</h1>\n<p>The server runs. The web messenger was not built into this binary: install Node.js 20.19 or \
    newer, then type <code>make build</code> (or <code>scripts/web.sh</code> before <code>cargo build</code>). \
    Other XMPP clients can connect all the same.\n\
    <p lang=\"zh-CN\">服务器正在运行，但此程序未包含网页客户端。请安装 Node.js 20.19 或更新版本，然后执行 \
    <code>make build</code>。其他 XMPP 客户端可以照常连接。\n</html>\n";

/// What is served of the web messenger.
#[derive(Debug)]
pub struct Web {
    pub(crate) files: &'static [File],
    /// The page with the operator's name in it, and its entity tag.
    index: Option<(Bytes, String)>,
}

impl Web {
    /// These files, under this name.
    pub fn new(files: &'static [File], branding: &Branding) -> Web {
        let page = files.iter().find(|f| f.path == INDEX);
        let index = page.map(|f| {
            let page = branded(&String::from_utf8_lossy(f.plain), branding);
            let hash = Sha1::digest(&page);
            let tag = hash[..8].iter().map(|b| format!("{b:02x}")).collect();
            (Bytes::from(page), tag)
        });
        Web { files, index }
    }

    fn find(&self, path: &str) -> Option<&'static File> {
        let found = self.files.binary_search_by(|f| f.path.cmp(path)).ok()?;
        Some(&self.files[found])
    }
}

/// The page under the operator's name and with his icon, if he has one.
fn branded(page: &str, branding: &Branding) -> String {
    let mut name = Vec::new();
    magpie_xmpp::escape::text(&mut name, &branding.name);
    let name = String::from_utf8_lossy(&name);
    let mut page = match (page.find("<title>"), page.find("</title>")) {
        (Some(from), Some(to)) if from < to => {
            format!("{}<title>{name}{}", &page[..from], &page[to..])
        }
        _ => page.to_owned(),
    };
    if !branding.logo.as_os_str().is_empty() {
        page = with_icon(&page);
    }
    page
}

/// `page` with the operator's picture in the place of every icon.
fn with_icon(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.find("<link") {
        let end = rest[at..].find('>').map_or(rest.len(), |n| at + n + 1);
        let tag = &rest[at..end];
        out.push_str(&rest[..at]);
        match ["apple-touch-icon", "icon"].iter().find(|rel| {
            tag.contains(&format!("rel=\"{rel}\"")) || tag.contains(&format!("rel='{rel}'"))
        }) {
            Some(rel) => out.push_str(&format!("<link rel=\"{rel}\" href=\"/branding/logo\">")),
            None => out.push_str(tag),
        }
        rest = &rest[end..];
    }
    out + rest
}

/// The page, under every address that is the application's own.
pub(crate) async fn index(State(app): State<App>, headers: HeaderMap) -> Response {
    let Some((page, tag)) = &app.web.index else {
        let kind = (CONTENT_TYPE, HeaderValue::from_static(HTML));
        return (StatusCode::NOT_FOUND, [kind], NOT_BUILT).into_response();
    };
    let mut response = answer(&headers, tag, HTML, page.clone());
    let page_policy = headers::page(&app.config, app.cx.domain.as_str());
    response
        .headers_mut()
        .insert(headers::POLICY, page_policy.clone());
    response
}

/// Everything else that was built, or nothing.
pub(crate) async fn file(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let file = app.web.find(uri.path().trim_start_matches('/'));
    let Some(file) = file.filter(|_| method == Method::GET || method == Method::HEAD) else {
        return (StatusCode::NOT_FOUND, "there is nothing here\n").into_response();
    };
    if file.path == INDEX {
        return index(State(app), headers).await;
    }
    let (coding, bytes) = best(file, &headers);
    let tag = format!("{}{}", file.etag, coding.unwrap_or(""));
    let mut response = answer(
        &headers,
        &tag,
        media_type(file.path),
        Bytes::from_static(bytes),
    );
    let page_policy = headers::page(&app.config, app.cx.domain.as_str());
    let out = response.headers_mut();
    // A worker does what its own file's policy lets it do, not what the page's does.
    out.insert(headers::POLICY, page_policy);
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        out.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if file.path.starts_with(IMMUTABLE) {
        let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
        out.insert(CACHE_CONTROL, for_ever);
    }
    if file.path == "sw.js" {
        out.insert("service-worker-allowed", HeaderValue::from_static("/"));
    }
    response
}

/// `body`, or that the client has it already.
pub(crate) fn answer(
    asked: &HeaderMap,
    tag: &str,
    kind: &'static str,
    body: impl Into<Body>,
) -> Response {
    let tag = format!("\"{tag}\"");
    let known = asked.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let known = known.is_some_and(|list| list.split(',').any(|t| is_same(t, &tag)));
    let mut response = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Response::new(body.into()),
    };
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    out.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(ETAG, tag);
    }
    response
}

/// The weak comparison of RFC 9110 §8.8.3.2.
pub(crate) fn is_same(asked: &str, tag: &str) -> bool {
    let asked = asked.trim();
    asked == "*" || asked.strip_prefix("W/").unwrap_or(asked) == tag
}

/// The smallest form of the file that the client takes, and its coding.
fn best(file: &'static File, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let forms = [("br", file.brotli), ("gzip", file.gzip)];
    let form = forms
        .into_iter()
        .find_map(|(coding, bytes)| Some((coding, bytes.filter(|_| takes(headers, coding))?)));
    match form {
        Some((coding, bytes)) => (Some(coding), bytes),
        None => (None, file.plain),
    }
}

/// Whether the client takes this coding (RFC 9110 §12.5.3).
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).iter();
    let mut wishes = lists
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','));
    wishes.any(|wish| {
        let mut parts = wish.split(';').map(str::trim);
        let named = parts.next().is_some_and(|c| c.eq_ignore_ascii_case(coding));
        let refused = parts.any(|p| {
            p.strip_prefix("q=")
                .is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0))
        });
        named && !refused
    })
}

const HTML: &str = "text/html; charset=utf-8";

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => HTML,
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head><link rel=\"icon\" type=\"image/svg+xml\" href=\"/icon.svg\"><link rel='stylesheet' \
                        href='/assets/a.css'><title>Magpie</title></head>";

    fn under(name: &str, logo: &str) -> String {
        let branding = Branding {
            name: name.into(),
            logo: logo.into(),
            ..Branding::default()
        };
        branded(PAGE, &branding)
    }

    #[test]
    fn the_page_has_the_operators_name_and_icon() {
        assert_eq!(under("Magpie", ""), PAGE);
        let page = under("<Chat> & Co", "logo.png");
        assert!(
            page.contains("<title>&lt;Chat&gt; &amp; Co</title>"),
            "{page}"
        );
        assert!(
            page.contains("<link rel=\"icon\" href=\"/branding/logo\"><link rel='stylesheet'"),
            "{page}"
        );
    }

    #[test]
    fn the_smallest_form_that_is_taken() {
        static FILE: File = File {
            path: "assets/a.js",
            etag: "1",
            plain: b"plain",
            gzip: Some(b"gz"),
            brotli: Some(b"br"),
        };
        let coding = |accept: &str| {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, accept.parse().unwrap())]);
            best(&FILE, &headers).0
        };
        assert_eq!(coding("gzip, deflate, br"), Some("br"));
        assert_eq!(coding("br;q=0, GZIP;q=0.5"), Some("gzip"));
        assert_eq!(coding("identity"), None);
        assert_eq!(best(&FILE, &HeaderMap::new()).1, b"plain");
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        for (asked, same) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("*", true),
            ("a", false),
            ("\"b\"", false),
        ] {
            assert_eq!(is_same(asked, "\"a\""), same, "{asked}");
        }
    }
}
