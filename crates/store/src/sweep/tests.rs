//! What is swept, and what is not.

use crate::{Entry, Error, Id, Message, Op, Store, View, ViewKind, offline, testing::Database};
use tokio::sync::mpsc;

struct Item(Vec<Op>);

impl Entry for Item {
    fn ops(&mut self) -> &mut Vec<Op> {
        &mut self.0
    }
}

async fn stored(store: &Store, views: Vec<View>) -> Id {
    let (tell, mut released) = mpsc::unbounded_channel();
    let queue = store.queue(1, move |items: Vec<Item>, outcome: Result<(), Error>| {
        outcome.unwrap();
        tell.send(items).unwrap();
    });
    let message = Message {
        id: Id::ZERO,
        xml: "<message/>".into(),
        origin: Some("o".into()),
        views: views.into(),
    };
    queue.submit(Item(vec![Op::Message(Box::new(message))]));
    match &released.recv().await.unwrap()[0].0[0] {
        Op::Message(m) => m.id,
        Op::Write(_) => unreachable!("a message was sent"),
    }
}

fn view(owner: i64, kind: ViewKind) -> View {
    View {
        owner,
        peer: "a@x".into(),
        resource: "".into(),
        kind,
    }
}

const NOTHING: ViewKind = ViewKind {
    outgoing: false,
    archived: false,
    offline: false,
    unread: false,
    said: false,
    corrects: false,
    groupchat: false,
};
const SENT: ViewKind = ViewKind {
    outgoing: true,
    ..NOTHING
};
const WAITS: ViewKind = ViewKind {
    offline: true,
    ..NOTHING
};
const SHOWN: ViewKind = ViewKind {
    archived: true,
    ..NOTHING
};

async fn sweeps(kind: &str) {
    let Some(database) = Database::make(kind).await else {
        eprintln!("not run: no {kind} server was named");
        return;
    };
    let store = Store::open(&database.config()).await.unwrap();
    let delivered = stored(&store, vec![view(1, SENT), view(2, WAITS)]).await;
    let waits = stored(&store, vec![view(1, SENT), view(2, WAITS)]).await;
    let shown = stored(&store, vec![view(1, SHOWN), view(2, WAITS)]).await;
    let young = stored(&store, vec![view(1, SENT), view(2, WAITS)]).await;
    for id in [delivered, shown, young] {
        store.write(vec![offline::remove_one(2, id)]).await.unwrap();
    }
    let there = async |id| store.message(id).await.unwrap().is_some();
    store.sweep_transient(young).await.unwrap();
    assert!(
        !there(delivered).await,
        "nobody has it and nobody waits for it"
    );
    assert!(there(waits).await && there(shown).await && there(young).await);
    let sent: Vec<Id> = store
        .sent_recently(1, 9)
        .await
        .unwrap()
        .into_iter()
        .map(|s| s.2)
        .collect();
    assert_eq!(
        sent,
        [young, waits],
        "what is gone leaves no trace of who wrote to whom"
    );

    // The one side's account goes; what the other waits for stays until it has it.
    store.archive_remove_owner(1).await.unwrap();
    assert!(there(waits).await);
    store.write(vec![offline::remove(2, waits)]).await.unwrap();
    store.sweep_transient(Id(i64::MAX)).await.unwrap();
    for id in [delivered, waits, shown, young] {
        assert!(!there(id).await);
    }
    store.close().await;
    database.drop().await;
}

#[tokio::test]
async fn sqlite_sweeps() {
    sweeps("sqlite").await;
}

#[tokio::test]
async fn postgres_sweeps() {
    sweeps("postgres").await;
}

#[tokio::test]
async fn mysql_sweeps() {
    sweeps("mysql").await;
}
