//! The web messenger over HTTP: the files built into the binary, their headers, and the operator's name on them.

use magpie_api::{Branding, File, Link};
use magpie_testkit::{
    Settings, Stage,
    http::{Response, get, request},
};

static FILES: &[File] = &[
    file(
        "assets/app-1a2b.js",
        b"plain script",
        Some(b"gzipped"),
        Some(b"brotli"),
    ),
    file("icons/apple-180.png", b"png", None, None),
    file("icons/icon-192.png", b"png", None, None),
    file("icons/maskable-512.png", b"png", None, None),
    file("icons/icon.svg", b"<svg/>", None, None),
    file(
        "index.html",
        b"<title>Magpie</title><link rel=\"icon\" href=\"/icons/icon.svg\"><div id=\"app\"></div>",
        None,
        None,
    ),
    file("sw.js", b"worker", None, None),
];

const fn file(
    path: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
) -> File {
    File {
        path,
        etag: "77",
        plain,
        gzip,
        brotli,
    }
}

fn built(branding: Branding) -> Settings {
    Settings {
        files: FILES,
        branding,
        ..Settings::default()
    }
}

/// What no page of ours may lack, whatever it says.
fn is_guarded(response: &Response) {
    for (header, part) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("permissions-policy", "camera=(self), microphone=(self)"),
        ("content-security-policy", "frame-ancestors 'none'"),
    ] {
        assert!(
            response.header(header).contains(part),
            "{header}: {response:?}"
        );
    }
}

#[test]
fn the_page_is_at_every_address_of_the_application() {
    Stage::run_with(built(Branding::default()), async |s: &mut Stage| {
        for path in ["/", "/index.html", "/invite/Abc_123-x"] {
            let page = get(s.http, path).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            assert_eq!(page.header("cache-control"), "no-cache");
            assert!(page.text().contains("<title>Magpie</title>"), "{page:?}");
            let policy = page.header("content-security-policy");
            for part in [
                "script-src 'self'",
                "connect-src 'self'",
                "ws://localhost:",
                "require-trusted-types-for 'script'",
            ] {
                assert!(policy.contains(part), "{part}: {policy}");
            }
            is_guarded(&page);
        }
        let head = request(s.http, "HEAD /", &[], b"").await;
        assert_eq!((head.status, head.body.len()), (200, 0));
    });
}

#[test]
fn hashed_files_stay_and_the_others_are_asked_for_again() {
    Stage::run_with(built(Branding::default()), async |s: &mut Stage| {
        let script = get(s.http, "/assets/app-1a2b.js").await;
        assert_eq!(script.text(), "plain script");
        assert_eq!(
            script.header("content-type"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(
            script.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(script.header("vary"), "accept-encoding");
        is_guarded(&script);
        let tag = script.header("etag").to_owned();
        let again = request(
            s.http,
            "GET /assets/app-1a2b.js",
            &[&format!("If-None-Match: {tag}")],
            b"",
        )
        .await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        for (accept, coding, text) in [
            ("gzip, deflate, br", "br", "brotli"),
            ("gzip", "gzip", "gzipped"),
            ("identity", "", "plain script"),
        ] {
            let asked = request(
                s.http,
                "GET /assets/app-1a2b.js",
                &[&format!("Accept-Encoding: {accept}")],
                b"",
            )
            .await;
            assert_eq!(
                (asked.header("content-encoding"), &*asked.text()),
                (coding, text)
            );
            assert_eq!(
                asked.header("etag") == tag,
                coding.is_empty(),
                "one tag for each form"
            );
        }
        let worker = get(s.http, "/sw.js").await;
        let policy = worker.header("content-security-policy");
        assert!(
            policy.contains("connect-src 'self'"),
            "it fetches: {policy}"
        );
        assert_eq!(
            (
                worker.header("cache-control"),
                worker.header("service-worker-allowed")
            ),
            ("no-cache", "/")
        );
    });
}

#[test]
fn there_is_nothing_else() {
    Stage::run_with(built(Branding::default()), async |s: &mut Stage| {
        for line in [
            "GET /none",
            "GET /assets/",
            "GET /assets/../index.html",
            "GET /assets/%2e%2e/sw.js",
            "GET //etc/passwd",
            "GET /invite/",
            "GET /invite/a/b",
            "GET /branding/logo",
            "GET /icon",
            "POST /sw.js",
            "DELETE /assets/app-1a2b.js",
            "PUT /index.html",
        ] {
            let nothing = request(s.http, line, &[], b"").await;
            assert_eq!(nothing.status, 404, "{line}");
            assert_eq!(nothing.header("cache-control"), "no-store", "{line}");
            is_guarded(&nothing);
        }
        assert_eq!(request(s.http, "POST /", &[], b"").await.status, 405);
    });
}

#[test]
fn without_the_web_app_a_page_says_how_to_get_it() {
    Stage::run_with(Settings::default(), async |s: &mut Stage| {
        let page = get(s.http, "/").await;
        assert_eq!(page.status, 404);
        assert!(page.text().contains("make build"), "{page:?}");
        assert!(page.text().contains("未包含"), "{page:?}");
        is_guarded(&page);
    });
}

#[test]
fn the_operators_name_and_colours_need_no_build() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo.svg");
    std::fs::write(&logo, "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
    let branding = Branding {
        name: "Chat <b>& Co</b>".into(),
        logo,
        accent: "#1d7a5f".into(),
        links: vec![Link {
            label: "条款".into(),
            url: "https://example.org/terms".into(),
        }],
        ..Branding::default()
    };
    Stage::run_with(built(branding), async |s: &mut Stage| {
        let page = get(s.http, "/").await.text();
        assert!(
            page.contains("<title>Chat &lt;b&gt;&amp; Co&lt;/b&gt;</title>"),
            "{page}"
        );
        assert!(
            page.contains("<link rel=\"icon\" href=\"/branding/logo\">"),
            "{page}"
        );
        let said = get(s.http, "/api/branding").await;
        assert_eq!(said.header("access-control-allow-origin"), "*");
        let said: serde_json::Value = serde_json::from_slice(&said.body).unwrap();
        assert_eq!(
            said,
            serde_json::json!({
                "name": "Chat <b>& Co</b>", "logo": "/branding/logo", "accent": "#1d7a5f", "registration": "open", "domain": "localhost",
                "links": [{ "label": "条款", "url": "https://example.org/terms" }], "version": env!("CARGO_PKG_VERSION"),
            })
        );
        let manifest = get(s.http, "/manifest.webmanifest").await;
        assert_eq!(manifest.header("content-type"), "application/manifest+json");
        let manifest: serde_json::Value = serde_json::from_slice(&manifest.body).unwrap();
        assert_eq!(
            (
                &manifest["name"],
                &manifest["theme_color"],
                &manifest["icons"][0]["src"]
            ),
            (
                &"Chat <b>& Co</b>".into(),
                &"#1d7a5f".into(),
                &"/branding/logo".into()
            )
        );
        let logo = get(s.http, "/branding/logo").await;
        assert_eq!(logo.header("content-type"), "image/svg+xml");
        assert!(logo.header("content-security-policy").contains("sandbox"));
    });
}

#[test]
fn without_a_logo_the_manifest_names_the_icons_that_were_built() {
    let mut settings = built(Branding::default());
    settings.http.public_url = "https://chat.example.org".into();
    Stage::run_with(settings, async |s: &mut Stage| {
        let manifest: serde_json::Value =
            serde_json::from_slice(&get(s.http, "/manifest.webmanifest").await.body).unwrap();
        assert_eq!(
            manifest["icons"],
            serde_json::json!([
                { "src": "/icons/icon-192.png", "type": "image/png", "sizes": "192x192", "purpose": "any" },
                { "src": "/icons/maskable-512.png", "type": "image/png", "sizes": "512x512", "purpose": "maskable" },
                { "src": "/icons/icon.svg", "type": "image/svg+xml", "sizes": "any", "purpose": "any" },
            ])
        );
        let said: serde_json::Value =
            serde_json::from_slice(&get(s.http, "/api/branding").await.body).unwrap();
        assert_eq!(said["websocket"], "wss://chat.example.org/xmpp");
        let policy = get(s.http, "/")
            .await
            .header("content-security-policy")
            .to_owned();
        assert!(policy.contains("wss://chat.example.org"), "{policy}");
    });
}
