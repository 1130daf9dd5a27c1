//! XEP-0363 HTTP File Upload: a place is asked for, filled and read. Attacks are in `xep_0363_attacks.rs`.

use magpie_testkit::{
    Client, Settings, Stage, chat_script,
    http::{Response, request},
};
use magpie_xmpp::ns;
use std::{fs, path::PathBuf, time::Duration};

fn ask(id: &str, name: &str, size: &str, kind: &str) -> String {
    let name = name
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\'', "&apos;");
    format!(
        "<iq type='get' id='{id}' to='localhost'><request xmlns='urn:xmpp:http:upload:0' filename='{name}' size='{size}' content-type='{kind}'/></iq>"
    )
}

/// Asks for a place; its path on the server.
pub(crate) async fn place(client: &mut Client, name: &str, size: usize, kind: &str) -> String {
    let got = client
        .ask(
            &ask("slot", name, &size.to_string(), kind),
            "<iq type='result' id='slot'><slot xmlns='urn:xmpp:http:upload:0'><put url='*'/><get url='*'/></slot></iq>",
        )
        .await;
    let slot = got.find("slot", ns::UPLOAD).unwrap();
    let url = |name: &str| {
        slot.find(name, ns::UPLOAD)
            .unwrap()
            .get("url")
            .unwrap()
            .to_owned()
    };
    assert_eq!(url("put"), url("get"));
    let path = url("get").splitn(4, '/').nth(3).unwrap().to_owned();
    format!("/{path}")
}

pub(crate) async fn put(s: &Stage, path: &str, kind: &str, bytes: &[u8]) -> Response {
    let kind = format!("Content-Type: {kind}");
    request(s.http, &format!("PUT {path}"), &[&kind], bytes).await
}

pub(crate) async fn get(s: &Stage, path: &str, headers: &[&str]) -> Response {
    request(s.http, &format!("GET {path}"), headers, b"").await
}

/// A file that is there: its path.
pub(crate) async fn uploaded(
    s: &Stage,
    client: &mut Client,
    name: &str,
    kind: &str,
    bytes: &[u8],
) -> String {
    let path = place(client, name, bytes.len(), kind).await;
    let done = put(s, &path, kind, bytes).await;
    assert_eq!(done.status, 201, "{done:?}");
    path
}

/// What lies in the folder of files, at any depth.
pub(crate) fn on_disk(s: &Stage) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![s.uploads.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found
}

/// Waits for what another task does, with a deadline.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .unwrap_or_else(|_| panic!("{what}"));
}

pub(crate) fn is_guarded(response: &Response) {
    for (header, value) in [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        assert_eq!(response.header(header), value, "{header}: {response:?}");
    }
}

chat_script!(a_file_goes_up_and_down, |s| {
    let mut romeo = s.user("romeo").await;
    let info = romeo
        .ask(
            "<iq type='get' id='step_02' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "<iq type='result' id='step_02'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:http:upload:0'/></query></iq>",
        )
        .await;
    assert!(
        info.to_xml()
            .contains("<field var='max-file-size'><value>104857600</value></field>"),
        "{}",
        info.to_xml()
    );
    let path = place(&mut romeo, "très cool.jpg", 11, "image/jpeg").await;
    assert!(path.ends_with("/tr%C3%A8s%20cool.jpg"), "{path}");
    assert_eq!(
        get(s, &path, &[]).await.status,
        404,
        "not there before it has come"
    );
    let done = put(s, &path, "image/jpeg", b"not a photo").await;
    assert_eq!(done.status, 201);
    is_guarded(&done);
    let file = get(s, &path, &[]).await;
    assert_eq!((file.status, &*file.body), (200, &b"not a photo"[..]));
    assert_eq!(file.header("content-type"), "image/jpeg");
    assert_eq!(file.header("content-length"), "11");
    assert_eq!(
        file.header("content-disposition"),
        "inline; filename=\"tr_s cool.jpg\"; filename*=UTF-8''tr%C3%A8s%20cool.jpg"
    );
    is_guarded(&file);
    let head = request(s.http, &format!("HEAD {path}"), &[], b"").await;
    assert_eq!((head.header("content-length"), head.body.len()), ("11", 0));
    let tag = format!("If-None-Match: {}", file.header("etag"));
    assert_eq!(get(s, &path, &[&tag]).await.status, 304);
    let preflight = request(
        s.http,
        &format!("OPTIONS {path}"),
        &[
            "Origin: https://x.org",
            "Access-Control-Request-Method: PUT",
        ],
        b"",
    )
    .await;
    assert_eq!(preflight.status, 204);
    assert!(
        preflight
            .header("access-control-allow-methods")
            .contains("PUT"),
        "{preflight:?}"
    );
    is_guarded(&preflight);
});

chat_script!(a_part_of_a_file_can_be_asked_for, |s| {
    let mut romeo = s.user("romeo").await;
    let bytes: Vec<u8> = (0..200_000u32).map(|n| n as u8).collect();
    let path = uploaded(s, &mut romeo, "film.mp4", "video/mp4", &bytes).await;
    let whole = get(s, &path, &[]).await;
    assert!(whole.body == bytes && whole.header("accept-ranges") == "bytes");
    let part = get(s, &path, &["Range: bytes=1000-150999"]).await;
    assert_eq!(
        (part.status, part.header("content-range")),
        (206, "bytes 1000-150999/200000")
    );
    assert!(part.body == bytes[1000..151_000]);
    let end = get(s, &path, &["Range: bytes=-10"]).await;
    assert!(end.status == 206 && end.body == bytes[199_990..]);
    let beyond = get(s, &path, &["Range: bytes=200000-"]).await;
    assert_eq!(
        (beyond.status, beyond.header("content-range")),
        (416, "bytes */200000")
    );
    let other = get(
        s,
        &path,
        &["Range: bytes=0-9", "If-Range: \"of-another-form\""],
    )
    .await;
    assert_eq!((other.status, other.body.len()), (200, 200_000));
});

chat_script!(what_is_no_request_has_its_error, |s| {
    let mut romeo = s.user("romeo").await;
    let bad = "<iq type='error' id='e'><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
    for attributes in [
        "",
        "filename='a'",
        "size='1'",
        "filename='a' size='0'",
        "filename='a' size='-1'",
        "filename='a' size='1.5'",
        "filename='a' size='99999999999999999999'",
    ] {
        romeo.ask(&format!("<iq type='get' id='e' to='localhost'><request xmlns='urn:xmpp:http:upload:0' {attributes}/></iq>"), bad).await;
    }
    romeo
        .ask(
            &ask("e", "big.iso", "104857601", "application/octet-stream"),
            "<iq type='error' id='e'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><file-too-large xmlns='urn:xmpp:http:upload:0'><max-file-size>104857600</max-file-size></file-too-large></error></iq>",
        )
        .await;
    // Nobody else's account has places to give.
    s.account("juliet").await;
    romeo
        .ask(
            &ask("e", "a", "1", "a/b").replace("to='localhost'", "to='juliet@localhost'"),
            "<iq type='error' id='e'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        )
        .await;
});

chat_script!(an_account_that_goes_takes_its_files_along, |s| {
    let mut romeo = s.user("romeo").await;
    let mut juliet = s.user("juliet").await;
    let his = uploaded(s, &mut romeo, "a.png", "image/png", b"his").await;
    let hers = uploaded(s, &mut juliet, "b.png", "image/png", b"hers").await;
    let unfilled = place(&mut romeo, "c.png", 3, "image/png").await;
    romeo
        .ask(
            "<iq type='set' id='gone'><query xmlns='jabber:iq:register'><remove/></query></iq>",
            "<iq type='result' id='gone'/>",
        )
        .await;
    romeo.ended_by("not-authorized").await;
    let nothing = get(s, &his, &[]).await;
    assert_eq!((nothing.status, on_disk(s).len()), (404, 1));
    assert_eq!(
        put(s, &unfilled, "image/png", b"his").await,
        nothing_at(s).await,
        "no place is left for his files"
    );
    assert_eq!(get(s, &hers, &[]).await.body, b"hers");
});

/// What is said of a file that never was.
pub(crate) async fn nothing_at(s: &Stage) -> Response {
    get(s, "/upload/00000000000000000000000000000000/a.png", &[]).await
}

/// A stage on SQLite: what is tried there does not depend on the store.
pub(crate) fn on_sqlite(script: impl AsyncFnOnce(&mut Stage)) {
    Stage::run_with(Settings::default(), script);
}

#[test]
fn quota_is_per_account_and_says_when_there_is_room_again() {
    let mut settings = Settings::default();
    settings.features.uploads.file_mib = 1;
    settings.features.uploads.account_mib = 2;
    settings.features.uploads.account_files = 3;
    Stage::run_with(settings, async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let full = "<iq type='error' id='e'><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><retry xmlns='urn:xmpp:http:upload:0' stamp='*'/></error></iq>";
        // What was only asked for counts, so that many places cannot be kept at once.
        place(&mut romeo, "a", 1 << 20, "a/b").await;
        place(&mut romeo, "a", 1 << 20, "a/b").await;
        romeo.ask(&ask("e", "a", "1", "a/b"), full).await;
        let mut juliet = s.user("juliet").await;
        for _ in 0..3 {
            place(&mut juliet, "a", 1, "a/b").await;
        }
        juliet.ask(&ask("e", "a", "1", "a/b"), full).await;
    });
}

#[test]
fn quota_holds_when_everything_is_asked_for_at_once() {
    let mut settings = Settings::default();
    settings.features.uploads.account_files = 5;
    Stage::run_with(settings, async |s: &mut Stage| {
        let mut one = s.user("romeo").await;
        let mut two = s.device("romeo", "desk").await;
        for client in [&mut one, &mut two] {
            let all: String = (0..10)
                .map(|n| ask(&n.to_string(), "a", "1", "a/b"))
                .collect();
            client.send(&all).await;
        }
        let mut given = 0;
        for client in [&mut one, &mut two] {
            for _ in 0..10 {
                given += usize::from(client.stanza().await.get("type") == Some("result"));
            }
        }
        assert_eq!(given, 5);
    });
}

#[test]
fn nobody_uploads_where_it_is_turned_off() {
    let mut settings = Settings::default();
    settings.features.uploads.file_mib = 0;
    Stage::run_with(settings, async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        romeo.ask(&ask("e", "a", "1", "a/b"), "<iq type='error' id='e'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>").await;
        let info = romeo.ask("<iq type='get' id='i' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", "<iq type='result' id='i'/>").await;
        assert!(!info.to_xml().contains("upload"), "{}", info.to_xml());
    });
}

/// A PNG of one colour that says it is this large; its pixels are not all there.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut crc = !0u32;
        for byte in kind.iter().chain(data) {
            crc ^= u32::from(*byte);
            (0..8).for_each(|_| crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1)));
        }
        [
            &(data.len() as u32).to_be_bytes()[..],
            kind,
            data,
            &(!crc).to_be_bytes(),
        ]
        .concat()
    };
    let header = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 6, 0, 0, 0],
    ]
    .concat();
    let data = [0x78, 0x9c, 0x63, 0x00, 0x01, 0x00, 0x00, 0x05, 0x00, 0x01];
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &data),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

#[test]
fn of_a_picture_its_size_is_known() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let picture = png(640, 400);
        let path = uploaded(s, &mut romeo, "a.png", "image/png", &picture).await;
        for _ in 0..2 {
            let info = get(s, &format!("{path}?info"), &[]).await;
            assert_eq!(info.header("content-type"), "application/json");
            let info: serde_json::Value = serde_json::from_slice(&info.body).unwrap();
            assert_eq!(
                info,
                serde_json::json!({ "type": "image/png", "size": picture.len(), "width": 640, "height": 400 })
            );
        }
        let film = uploaded(s, &mut romeo, "a.mp4", "video/mp4", b"film").await;
        assert_eq!(
            get(s, &format!("{film}?info"), &[]).await.text(),
            "{\"size\":4,\"type\":\"video/mp4\"}"
        );
        assert_eq!(get(s, &format!("{film}?thumb"), &[]).await.status, 404);
    });
}
