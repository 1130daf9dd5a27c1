//! A process that stores messages is killed at any moment, several times. What it had acknowledged is there, once.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A test fails by panicking, also in its own functions.

use magpie_store::{
    Config, Entry, Id, Message, Op, Store, View, ViewKind, archive::Query, kv, testing::Database,
};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::mpsc,
};

const URL: &str = "MAGPIE_CRASH_URL";
const FIRST: &str = "MAGPIE_CRASH_FIRST";
const KILLS: usize = 6;
/// Messages the child has in flight.
const WINDOW: usize = 300;

struct Numbered(u64, Vec<Op>);

impl Entry for Numbered {
    fn ops(&mut self) -> &mut Vec<Op> {
        &mut self.1
    }
}

fn numbered(n: u64) -> Numbered {
    let kind = ViewKind {
        archived: true,
        ..ViewKind::default()
    };
    let view = |owner, peer: &str| View {
        owner,
        peer: peer.into(),
        resource: "".into(),
        kind,
    };
    let views = [
        view(1, "two@x"),
        View {
            kind: ViewKind {
                unread: true,
                ..kind
            },
            ..view(2, "one@x")
        },
    ];
    let xml = format!("<message xmlns='jabber:client'><body>{n}</body></message>");
    let message = Message {
        id: Id::ZERO,
        xml: xml.into(),
        origin: None,
        views: views.into_iter().collect(),
    };
    Numbered(n, vec![Op::Message(Box::new(message))])
}

/// The child: stores numbers and writes each one with its id to its output once it is released. Runs when it is asked to.
#[test]
fn child() {
    let (Ok(url), Ok(first)) = (std::env::var(URL), std::env::var(FIRST)) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Store::open(&Config {
            url,
            ..Config::default()
        })
        .await
        .unwrap();
        let (tell, released) = mpsc::channel();
        let queue = store.queue(WINDOW, move |batch: Vec<Numbered>, outcome| {
            outcome.unwrap();
            let line = |Numbered(n, ops): &Numbered| match &ops[0] {
                Op::Message(m) => format!("ack {n} {}\n", m.id),
                Op::Write(_) => unreachable!("only messages are sent"),
            };
            let text: String = batch.iter().map(line).collect();
            std::io::stdout().write_all(text.as_bytes()).unwrap();
            std::io::stdout().flush().unwrap();
            tell.send(batch.len()).ok();
        });
        let mut next: u64 = first.parse().unwrap();
        let mut in_flight = 0;
        loop {
            while in_flight < WINDOW {
                queue.submit(numbered(next));
                next += 1;
                in_flight += 1;
            }
            in_flight -= released.recv().unwrap();
        }
    });
}

/// Runs the child until it has acknowledged `enough`, kills it, and notes what it had acknowledged.
fn run_and_kill(url: &str, first: u64, enough: usize, acknowledged: &mut BTreeMap<u64, Id>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(URL, url)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut seen = 0;
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    loop {
        line.clear();
        if lines.read_line(&mut line).unwrap() == 0 {
            break;
        }
        // The test harness writes before the first line, and the last line may be torn.
        if let Some(at) = line.find("ack ")
            && line.ends_with('\n')
        {
            let mut words = line[at + 4..].split_whitespace();
            let (n, id) = (
                words.next().unwrap().parse().unwrap(),
                words.next().unwrap().parse().unwrap(),
            );
            assert!(
                acknowledged.insert(n, id).is_none(),
                "{n} was acknowledged twice"
            );
            seen += 1;
            if seen == enough {
                child.kill().unwrap();
            }
        }
    }
    assert!(seen >= enough, "the child ended by itself");
    child.wait().unwrap();
}

async fn check(config: &Config, acknowledged: &BTreeMap<u64, Id>) {
    let store = Store::open(config).await.unwrap();
    // The server may still be busy with the last batch of the dead; a write waits for that.
    store
        .write(vec![kv::remove(0, "none", "none")])
        .await
        .unwrap();
    let mut query = Query {
        owner: 1,
        ..Query::default()
    };
    query.page.max = 1000;
    let mut stored: BTreeMap<u64, Id> = BTreeMap::new();
    loop {
        let page = store.archive_page(&query).await.unwrap();
        for item in &page.items {
            let text = std::str::from_utf8(&item.xml).unwrap();
            let body = text
                .split_once("<body>")
                .unwrap()
                .1
                .split_once('<')
                .unwrap()
                .0;
            assert!(
                stored.insert(body.parse().unwrap(), item.id).is_none(),
                "{body} is stored twice"
            );
        }
        if page.complete {
            break;
        }
        query.page.after = page.items.last().map(|item| item.id);
    }
    for (n, id) in acknowledged {
        assert_eq!(stored.get(n), Some(id), "{n} was acknowledged");
    }
    assert!(
        stored.values().is_sorted(),
        "numbers and ids go the same way"
    );
    let unread = store.conversations(2, 1).await.unwrap()[0].unread;
    assert_eq!(unread, stored.len() as u64);
    store.close().await;
}

fn survives(kind: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let Some(database) = runtime.block_on(Database::make(kind)) else {
        eprintln!("not run: no {kind} server was named");
        return;
    };
    let config = database.config();
    let mut acknowledged = BTreeMap::new();
    for kill in 0..KILLS {
        let first = (kill as u64) << 32;
        // Any number will do; these are spread over batches and their borders.
        let enough = 1 + (kill * 7919 + std::process::id() as usize) % 4000;
        run_and_kill(&config.url, first, enough, &mut acknowledged);
        runtime.block_on(check(&config, &acknowledged));
    }
    runtime.block_on(database.drop());
}

#[test]
fn sqlite_survives_kill() {
    survives("sqlite");
}

#[test]
fn postgres_survives_kill() {
    survives("postgres");
}

#[test]
fn mysql_survives_kill() {
    survives("mysql");
}
