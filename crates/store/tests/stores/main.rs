//! The store's promises, each on SQLite, PostgreSQL and MySQL.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A test fails by panicking, also in its own functions.

mod accounts;
mod archive;
mod archive_model;
mod conversations;
mod cut;
mod devices;
mod files;
mod inbox;
mod offline;
mod opening;
mod queue;
mod small;
mod uploads;

use magpie_store::{
    Config, Entry, Error, Id, Message, Op, Queue, Store, View, ViewKind, testing::Database,
};
use std::{future::Future, time::Duration};
use tokio::sync::mpsc;

/// Makes a test of each function, on each store: `async fn(Store, Config)`.
#[macro_export]
macro_rules! on_every_store {
    ($($name:ident),* $(,)?) => {
        mod sqlite { $(#[test] fn $name() { $crate::run("sqlite", super::$name); })* }
        mod postgres { $(#[test] fn $name() { $crate::run("postgres", super::$name); })* }
        mod mysql { $(#[test] fn $name() { $crate::run("mysql", super::$name); })* }
    };
}

/// How long anything here may take.
const DEADLINE: Duration = Duration::from_secs(60);

fn run<F: Future<Output = ()>>(kind: &str, test: impl FnOnce(Store, Config) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let Some(database) = Database::make(kind).await else {
            eprintln!("not run: no {kind} server was named");
            return;
        };
        let config = database.config();
        let store = Store::open(&config).await.unwrap();
        tokio::time::timeout(DEADLINE, test(store.clone(), config))
            .await
            .expect("the test takes too long");
        store.close().await;
        database.drop().await;
    });
}

/// An entry that remembers who it is.
#[derive(Debug, Default)]
struct Item {
    tag: usize,
    ops: Vec<Op>,
}

impl Entry for Item {
    fn ops(&mut self) -> &mut Vec<Op> {
        &mut self.ops
    }
}

impl Item {
    fn new(tag: usize, ops: impl IntoIterator<Item = Op>) -> Item {
        Item {
            tag,
            ops: ops.into_iter().collect(),
        }
    }

    fn id(&self) -> Id {
        self.ops
            .iter()
            .find_map(|op| {
                if let Op::Message(m) = op {
                    Some(m.id)
                } else {
                    None
                }
            })
            .unwrap_or(Id::ZERO)
    }
}

/// A queue whose releases can be waited for.
struct Line {
    queue: Queue<Item>,
    released: mpsc::UnboundedReceiver<(Item, Result<(), Error>)>,
}

impl Line {
    fn new(store: &Store) -> Line {
        let (tell, released) = mpsc::unbounded_channel();
        let queue = store.queue(16, move |items: Vec<Item>, outcome| {
            for item in items {
                tell.send((item, outcome.clone())).ok();
            }
        });
        Line { queue, released }
    }

    /// Sends entries and waits for as many releases.
    async fn send(&mut self, items: Vec<Item>) -> Vec<(Item, Result<(), Error>)> {
        let count = items.len();
        self.queue.submit_all(items);
        let mut out = Vec::with_capacity(count);
        while out.len() < count {
            out.push(self.released.recv().await.expect("the queue is open"));
        }
        out
    }

    /// Stores one message; its id.
    async fn store(&mut self, message: Op) -> Id {
        let (item, outcome) = self.send(vec![Item::new(0, [message])]).await.remove(0);
        outcome.unwrap();
        item.id()
    }

    /// Writes one operation.
    async fn write(&mut self, op: Op) {
        self.send(vec![Item::new(0, [op])])
            .await
            .remove(0)
            .1
            .unwrap();
    }
}

const KEPT: ViewKind = ViewKind {
    outgoing: false,
    archived: true,
    offline: false,
    unread: false,
    said: false,
    corrects: false,
    groupchat: false,
};
const SENT: ViewKind = ViewKind {
    outgoing: true,
    said: true,
    ..KEPT
};
const GOT: ViewKind = ViewKind {
    unread: true,
    said: true,
    ..KEPT
};

fn view(owner: i64, peer: &str, kind: ViewKind) -> View {
    let (peer, resource) = peer.split_once('/').unwrap_or((peer, ""));
    View {
        owner,
        peer: peer.into(),
        resource: resource.into(),
        kind,
    }
}

fn message(body: &str, views: impl IntoIterator<Item = View>) -> Op {
    let xml = format!("<message xmlns='jabber:client'><body>{body}</body></message>");
    Op::Message(Box::new(Message {
        id: Id::ZERO,
        xml: xml.into(),
        origin: None,
        views: views.into_iter().collect(),
    }))
}

/// A message between accounts 1 (`one@x`) and 2 (`two@x`), from `from`.
fn chat(from: i64, body: &str) -> Op {
    let (to, sender, recipient) = if from == 1 {
        (2, "one@x", "two@x")
    } else {
        (1, "two@x", "one@x")
    };
    message(body, [view(from, recipient, SENT), view(to, sender, GOT)])
}

fn with_origin(op: Op, origin: &str) -> Op {
    match op {
        Op::Message(mut m) => {
            m.origin = Some(origin.into());
            Op::Message(m)
        }
        write => write,
    }
}
