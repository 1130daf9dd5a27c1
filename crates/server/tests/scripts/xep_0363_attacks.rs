//! Attacks on the files of accounts, one test for each: names, places of others, sizes, scripts, bombs, guesses, full disks.

use crate::xep_0363_uploads::{
    get, is_guarded, nothing_at, on_disk, on_sqlite, place, png, put, until, uploaded,
};
use magpie_core::clock::now_ms;
use magpie_testkit::{
    Stage,
    http::{Response, answer, request, send},
};
use magpie_xmpp::Jid;
use std::{fs, path::PathBuf};

#[test]
fn a_name_that_climbs_stays_where_it_is() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        for name in [
            "../../../../etc/passwd",
            "..\\..\\x",
            "/etc/passwd",
            "....//a",
            "a/../../b",
            "..",
        ] {
            let path = uploaded(s, &mut romeo, name, "image/png", b"x").await;
            let segments: Vec<&str> = path.split('/').collect();
            assert_eq!(segments.len(), 4, "{path}");
            assert!(
                !path.contains("..") && !path.contains("%2F") && !path.contains("%5C"),
                "{path}"
            );
        }
        assert!(on_disk(s).iter().all(|p| p.starts_with(&s.uploads)));
        assert_eq!(on_disk(s).len(), 6);
        // And an address that climbs finds nothing.
        for path in [
            "/upload/../../etc/passwd",
            "/upload/%2e%2e/%2e%2e%2fmagpie.db",
            "/upload/..%2f..%2fmagpie.db/x",
            "/upload/%00/x",
            "/upload/00/../../../etc/passwd",
            "/upload//etc/passwd",
            "/upload/%ff%fe/x",
            "/upload/a%20b/%zz",
        ] {
            assert_eq!(get(s, path, &[]).await.status, 404, "{path}");
        }
    });
}

#[test]
fn a_place_is_filled_once_and_by_exactly_what_was_asked_for() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let path = place(&mut romeo, "a.png", 5, "image/png").await;
        let line = format!("PUT {path}");
        for (headers, body, status, what) in [
            (vec![], &b"123456"[..], 413, "more than the place"),
            (vec![], b"1234", 400, "less than the place"),
            (
                vec!["Content-Length: 99999999999999"],
                b"12345",
                413,
                "says more",
            ),
            (vec!["Content-Length: x"], b"12345", 400, "says nonsense"),
            (
                vec!["Transfer-Encoding: chunked"],
                b"5\r\n12345\r\n0\r\n\r\n",
                411,
                "says no length",
            ),
            (
                vec!["Content-Type: text/html"],
                b"12345",
                415,
                "another kind",
            ),
        ] {
            let refused = request(s.http, &line, &headers, body).await;
            assert_eq!(refused.status, status, "{what}: {refused:?}");
            assert_eq!(on_disk(s), Vec::<PathBuf>::new(), "{what}");
        }
        assert_eq!(put(s, &path, "image/png", b"12345").await.status, 201);
        assert_eq!(
            put(s, &path, "image/png", b"other").await.status,
            409,
            "nobody puts another file there"
        );
        assert_eq!(get(s, &path, &[]).await.body, b"12345");
        for line in [
            format!("POST {path}"),
            format!("DELETE {path}"),
            format!("PATCH {path}"),
        ] {
            assert_eq!(request(s.http, &line, &[], b"").await.status, 405, "{line}");
        }
    });
}

#[test]
fn two_cannot_fill_one_place_at_once() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let path = place(&mut romeo, "a.png", 10, "image/png").await;
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10\r\n\r\n"
        );
        let first = send(s.http, format!("{head}12345").as_bytes()).await;
        until("the first half comes", async || !on_disk(s).is_empty()).await;
        assert_eq!(put(s, &path, "image/png", b"0123456789").await.status, 409);
        let mut first = first;
        tokio::io::AsyncWriteExt::write_all(&mut first, b"67890")
            .await
            .unwrap();
        assert_eq!(answer(first).await.status, 201);
        assert_eq!(get(s, &path, &[]).await.body, b"1234567890");
    });
}

#[test]
fn a_file_that_breaks_off_leaves_nothing_and_can_come_again() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let path = place(&mut romeo, "a.png", 100_000, "image/png").await;
        let head = format!("PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
        let socket = send(s.http, &[head.as_bytes(), &[7; 40_000]].concat()).await;
        until("half of it comes", async || !on_disk(s).is_empty()).await;
        drop(socket);
        until("nothing is left of it", async || on_disk(s).is_empty()).await;
        assert_eq!(get(s, &path, &[]).await.status, 404);
        assert_eq!(put(s, &path, "image/png", &[7; 100_000]).await.status, 201);
    });
}

#[test]
fn whatever_carries_scripts_is_bytes_to_be_saved() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let page = b"<html><script>alert(1)</script></html>";
        for (name, kind) in [
            ("a.html", "text/html"),
            ("a.html", "text/html;charset=utf-8"),
            ("a.svg", "image/svg+xml"),
            ("a.xml", "text/xml"),
            ("a.xhtml", "application/xhtml+xml"),
            ("a.pdf", "application/pdf"),
            ("a.js", "text/javascript"),
            ("a.html", "nonsense"),
            ("a.html", ""),
        ] {
            let path = uploaded(s, &mut romeo, name, kind, page).await;
            let file = get(s, &path, &[]).await;
            assert_eq!(
                file.header("content-type"),
                "application/octet-stream",
                "{kind}"
            );
            assert!(
                file.header("content-disposition")
                    .starts_with("attachment;"),
                "{kind}: {file:?}"
            );
            is_guarded(&file);
        }
        // A page that says it is a picture is shown as a picture, which it is not.
        let path = uploaded(s, &mut romeo, "a.html", "image/png", page).await;
        let file = get(s, &path, &[]).await;
        assert_eq!(file.header("content-type"), "image/png");
        is_guarded(&file);
        assert_eq!(get(s, &format!("{path}?thumb"), &[]).await.status, 404);
        assert_eq!(
            get(s, &format!("{path}?info"), &[]).await.text(),
            "{\"size\":38,\"type\":\"image/png\"}"
        );
    });
}

#[test]
fn nothing_tells_a_file_that_was_from_one_that_never_was() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let path = uploaded(s, &mut romeo, "a.png", "image/png", b"x").await;
        let unfilled = place(&mut romeo, "a.png", 1, "image/png").await;
        let never = nothing_at(s).await;
        is_guarded(&never);
        let renamed = path.replace("a.png", "b.png");
        let (folder, token) = (
            path.split('/').nth(2).unwrap(),
            unfilled.split('/').nth(2).unwrap(),
        );
        assert_ne!(folder, token);
        let strange = "/upload/x/a.png".to_owned();
        let same = |r: Response| {
            let head = |r: &Response| {
                r.head
                    .lines()
                    .filter(|l| !l.starts_with("date:"))
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            assert_eq!((head(&r), &r.body), (head(&never), &never.body));
        };
        for path in [&renamed, &unfilled, &strange] {
            same(get(s, path, &[]).await);
            same(get(s, &format!("{path}?info"), &[]).await);
            same(get(s, &format!("{path}?thumb"), &[]).await);
        }
        same(put(s, &strange, "image/png", b"x").await);
        // What is over is as if it never was, though it lies there until the sweep.
        s.cx.store
            .uploads_expire_owner(
                s.cx.accounts
                    .get(&Jid::new("romeo@localhost").unwrap())
                    .await
                    .unwrap()
                    .unwrap()
                    .id,
            )
            .await
            .unwrap();
        same(get(s, &path, &[]).await);
        assert_eq!(on_disk(s).len(), 1);
        s.depot.sweep(&s.cx.store, now_ms()).await.unwrap();
        assert_eq!(on_disk(s), Vec::<PathBuf>::new());
        assert_eq!(
            s.cx.store
                .uploads_expired(i64::MAX, 10)
                .await
                .unwrap()
                .len(),
            0,
            "no row is left"
        );
    });
}

#[test]
fn places_have_nothing_in_common() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let mut ones = [0u32; 128];
        for n in 0..64 {
            let path = place(&mut romeo, "a", 1, "a/b").await;
            let token = u128::from_str_radix(path.split('/').nth(2).unwrap(), 16).unwrap();
            assert_eq!(path.split('/').nth(2).unwrap().len(), 32, "{n}");
            (0..128).for_each(|bit| ones[bit] += ((token >> bit) & 1) as u32);
        }
        // Each of 128 bits is sometimes set and sometimes not: the chance that one is not is 1 in 10^17.
        assert!(ones.iter().all(|n| (1..64).contains(n)), "{ones:?}");
    });
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let path = place(&mut romeo, "a.png", 5, "image/png").await;
        // A device that is always full stands where the file would come to lie.
        let token = path.split('/').nth(2).unwrap();
        let folder = s.uploads.join(&token[..2]);
        fs::create_dir_all(&folder).unwrap();
        std::os::unix::fs::symlink("/dev/full", folder.join(token).with_extension("part")).unwrap();
        let full = put(s, &path, "image/png", b"12345").await;
        assert_eq!(full.status, 507, "{full:?}");
        assert!(full.text().contains("disk is full"), "{full:?}");
        is_guarded(&full);
        assert_eq!(on_disk(s), Vec::<PathBuf>::new());
        assert_eq!(
            put(s, &path, "image/png", b"12345").await.status,
            201,
            "room was made"
        );
    });
}

#[test]
fn a_picture_that_would_burst_is_not_opened() {
    on_sqlite(async |s: &mut Stage| {
        let mut romeo = s.user("romeo").await;
        let bomb = png(50_000, 50_000);
        let path = uploaded(s, &mut romeo, "bomb.png", "image/png", &bomb).await;
        let before = memory_kib();
        for _ in 0..3 {
            assert_eq!(get(s, &format!("{path}?thumb"), &[]).await.status, 404);
        }
        assert!(
            memory_kib() < before + 64 * 1024,
            "10 GB of pixels were asked for"
        );
        assert_eq!(
            get(s, &path, &[]).await.body,
            bomb,
            "the file itself is only bytes"
        );
    });
}

/// The most memory this process had at a time.
fn memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
