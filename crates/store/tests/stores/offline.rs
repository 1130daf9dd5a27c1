//! What waits for its recipient.

use crate::{GOT, Line, SENT, message, view};
use magpie_store::{Config, Id, Op, Store, ViewKind, offline};

crate::on_every_store!(
    what_waits_is_listed_in_order_and_removed,
    a_message_may_wait_later,
    a_message_no_archive_shows_can_wait,
);

const WAITS: ViewKind = ViewKind {
    offline: true,
    ..GOT
};

fn waiting(body: &str) -> Op {
    message(body, [view(1, "two@x", SENT), view(2, "one@x", WAITS)])
}

async fn listed(store: &Store, owner: i64, limit: u32) -> Vec<Id> {
    store
        .offline_list(owner, Id(i64::MAX), limit)
        .await
        .unwrap()
        .into_iter()
        .map(|a| a.id)
        .collect()
}

async fn what_waits_is_listed_in_order_and_removed(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let mut ids = Vec::new();
    for i in 0..5 {
        ids.push(line.store(waiting(&i.to_string())).await);
        line.store(message("other", [view(3, "one@x", WAITS)]))
            .await;
    }
    assert_eq!(listed(&store, 2, 100).await, ids);
    assert_eq!(listed(&store, 2, 2).await, ids[..2], "the oldest first");
    let upto = store.offline_list(2, ids[1], 100).await.unwrap();
    assert_eq!(upto.len(), 2, "nothing newer than asked for");
    let first = store
        .offline_list(2, Id(i64::MAX), 1)
        .await
        .unwrap()
        .remove(0);
    assert!(
        std::str::from_utf8(&first.xml)
            .unwrap()
            .contains("<body>0</body>")
    );
    assert_eq!(store.offline_count(2).await.unwrap(), 5);
    line.write(offline::remove_one(2, ids[3])).await;
    line.write(offline::remove(2, ids[1])).await;
    assert_eq!(listed(&store, 2, 100).await, [ids[2], ids[4]]);
    line.write(offline::remove(2, Id(i64::MAX))).await;
    assert_eq!(store.offline_count(2).await.unwrap(), 0);
    assert_eq!(store.offline_count(3).await.unwrap(), 5, "another's");
    assert!(
        store.message(ids[0]).await.unwrap().is_some(),
        "the archive keeps it"
    );
}

async fn a_message_may_wait_later(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let id = line
        .store(message(
            "x",
            [view(1, "two@x", SENT), view(2, "one@x", GOT)],
        ))
        .await;
    assert_eq!(listed(&store, 2, 9).await, []);
    for _ in 0..2 {
        line.write(offline::add(2, id)).await;
        assert_eq!(listed(&store, 2, 9).await, [id]);
    }
    line.write(offline::remove_one(2, id)).await;
    assert_eq!(listed(&store, 2, 9).await, []);
}

async fn a_message_no_archive_shows_can_wait(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let only = ViewKind {
        offline: true,
        ..ViewKind::default()
    };
    let id = line.store(message("x", [view(2, "one@x", only)])).await;
    assert_eq!(listed(&store, 2, 9).await, [id]);
    assert_eq!(store.archive_metadata(2).await.unwrap(), None);
    assert_eq!(store.conversations(2, 9).await.unwrap(), []);
}
