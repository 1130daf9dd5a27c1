//! How fast the store is on this machine: `cargo bench -p magpie-store [-- sqlite|postgres|mysql]`.
//!
//! Prints messages per second through the queue with everything synced, CPU per message, the time of a page of 100 from a
//! million messages, and the time to open such a database.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A benchmark that cannot go on stops.

use magpie_store::{
    Config, Entry, Id, Message, Op, Store, View, ViewKind,
    archive::{Page, Query},
    testing::Database,
};
use magpie_xmpp::Jid;
use std::{
    fs,
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

/// What a chat message weighs.
const XML_BYTES: usize = 230;
/// In flight for each pair.
const WINDOW: usize = 32;

struct Item(Vec<Op>);

impl Entry for Item {
    fn ops(&mut self) -> &mut Vec<Op> {
        &mut self.0
    }
}

/// Makes messages between pairs of accounts.
struct Pairs {
    xml: bytes::Bytes,
    names: Vec<Box<str>>,
    count: u64,
}

impl Pairs {
    fn new(pairs: usize) -> Pairs {
        let names = (0..2 * pairs)
            .map(|i| format!("account{i}@example.org").into())
            .collect();
        let mut xml = String::from("<message xmlns='jabber:client' type='chat'><body>");
        xml.push_str(&"x".repeat(XML_BYTES - xml.len() - "</body></message>".len()));
        xml.push_str("</body></message>");
        Pairs {
            xml: xml.into(),
            names,
            count: 0,
        }
    }

    fn next(&mut self) -> Item {
        self.count += 1;
        // Spread over the owners, without a pattern that the database could follow.
        let pair = (self.count.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) as usize
            % (self.names.len() / 2);
        let (from, to) = (2 * pair, 2 * pair + 1);
        let sent = ViewKind {
            outgoing: true,
            archived: true,
            said: true,
            ..ViewKind::default()
        };
        let got = ViewKind {
            unread: true,
            archived: true,
            said: true,
            ..ViewKind::default()
        };
        let view = |owner: usize, peer: usize, kind| View {
            owner: owner as i64 + 1,
            peer: self.names[peer].clone(),
            resource: "phone".into(),
            kind,
        };
        let views = [view(from, to, sent), view(to, from, got)]
            .into_iter()
            .collect();
        let origin = Some(format!("origin-{}", self.count).into());
        Item(vec![Op::Message(Box::new(Message {
            id: Id::ZERO,
            xml: self.xml.clone(),
            origin,
            views,
        }))])
    }
}

/// User and system time of this process, all threads.
fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// Keeps `in_flight` messages in the queue until `stop` says so; how many were stored, and the longest time without a release.
fn pump(
    store: &Store,
    pairs: &mut Pairs,
    in_flight: usize,
    mut stop: impl FnMut(u64) -> bool,
) -> (u64, Duration) {
    let (tell, released): (_, Receiver<usize>) = mpsc::channel();
    let queue = store.queue(in_flight, move |items: Vec<Item>, outcome| {
        outcome.unwrap();
        tell.send(items.len()).ok();
    });
    queue.submit_all((0..in_flight).map(|_| pairs.next()));
    let mut done = 0;
    let mut waiting = in_flight;
    let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
    while waiting > 0 {
        let count = released.recv().unwrap() + released.try_iter().sum::<usize>();
        longest = longest.max(last.elapsed());
        last = Instant::now();
        done += count as u64;
        waiting -= count;
        if !stop(done) {
            queue.submit_all((0..count).map(|_| pairs.next()));
            waiting += count;
        }
    }
    (done, longest)
}

fn throughput(store: &Store, pairs: usize, in_flight: usize, seconds: f64) {
    let mut source = Pairs::new(pairs);
    let (began, cpu_before) = (Instant::now(), cpu());
    let (done, longest) = pump(store, &mut source, in_flight, |_| {
        began.elapsed().as_secs_f64() > seconds
    });
    let (time, used) = (began.elapsed(), cpu() - cpu_before);
    println!(
        "{pairs:>5} pairs, {in_flight:>5} in flight: {:>7.0} messages/s, {:>6.2} us CPU a message here, {longest:?} at most without a release",
        done as f64 / time.as_secs_f64(),
        used.as_secs_f64() * 1e6 / done as f64
    );
}

fn fill(store: &Store, pairs: usize, messages: u64) {
    let began = Instant::now();
    let (done, _) = pump(store, &mut Pairs::new(pairs), 4000, |done| done >= messages);
    println!(
        "filled with {done} messages of {} owners: {:.0}/s",
        2 * pairs,
        done as f64 / began.elapsed().as_secs_f64()
    );
}

async fn pages(store: &Store, owners: i64) {
    let with = |owner: i64| {
        let peer = if owner % 2 == 1 { owner } else { owner - 2 };
        Some(Jid::new(&format!("account{peer}@example.org")).unwrap())
    };
    for (name, want_count, by_peer, back) in [
        ("newest page of 100", false, false, true),
        ("first page of 100", false, false, false),
        ("newest page of 100, one peer", false, true, true),
        ("newest page of 100, with count", true, false, true),
    ] {
        let mut times: Vec<Duration> = Vec::new();
        for owner in 1..=owners.min(400) {
            let page = Page {
                max: 100,
                before: back.then_some(None),
                ..Page::default()
            };
            let with = if by_peer { with(owner) } else { None };
            let query = Query {
                owner,
                with,
                want_count,
                page,
                ..Query::default()
            };
            let began = Instant::now();
            let result = store.archive_page(&query).await.unwrap();
            times.push(began.elapsed());
            assert_eq!(result.items.len(), 100);
        }
        times.sort();
        println!(
            "{name}: median {:?}, p99 {:?}",
            times[times.len() / 2],
            times[times.len() * 99 / 100]
        );
    }
}

fn wal_bytes(config: &Config) -> u64 {
    let file = config.url.trim_start_matches("sqlite://").to_owned() + "-wal";
    fs::metadata(file).map_or(0, |m| m.len())
}

fn main() {
    let kind = std::env::args()
        .skip(1)
        .find(|a| !a.starts_with('-'))
        .unwrap_or_else(|| "sqlite".into());
    let million: u64 = std::env::var("BENCH_MESSAGES").map_or(1_000_000, |n| n.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let Some(database) = runtime.block_on(Database::make(&kind)) else {
        return eprintln!("no {kind} server was named");
    };
    let config = database.config();
    let store = runtime.block_on(Store::open(&config)).unwrap();
    for (pairs, in_flight) in [(50, 50 * WINDOW), (2500, 2500 * 4), (1, 1)] {
        throughput(&store, pairs, in_flight, 3.0);
    }
    runtime.block_on(store.close());
    runtime.block_on(database.drop());

    let database = runtime.block_on(Database::make(&kind)).unwrap();
    let config = database.config();
    let store = runtime.block_on(Store::open(&config)).unwrap();
    fill(&store, 500, million);
    if kind == "sqlite" {
        println!("write-ahead log: {} MiB", wal_bytes(&config) >> 20);
    }
    runtime.block_on(async {
        // In a task, as the server does: the runtime's first thread is slower.
        let reader = store.clone();
        tokio::spawn(async move { pages(&reader, 1000).await })
            .await
            .unwrap();
        let began = Instant::now();
        store.close().await;
        println!("closed in {:?}", began.elapsed());
        for _ in 0..3 {
            let began = Instant::now();
            let store = Store::open(&config).await.unwrap();
            println!("opened in {:?}", began.elapsed());
            store.close().await;
        }
    });
    runtime.block_on(database.drop());
}
