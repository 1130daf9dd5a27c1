//! The commit queue: order, ids, failures that touch nobody else, the end.

use crate::{GOT, Item, KEPT, Line, chat, message, view};
use magpie_store::{Config, Error, Id, Message, Op, Statement, Store, archive::Query, kv};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

crate::on_every_store!(
    release_order_is_submit_order_and_id_order,
    entries_without_rows_keep_their_place,
    a_refused_write_fails_its_entry_alone,
    a_message_that_is_not_text_fails_alone,
    a_message_for_more_than_two_is_refused,
    ids_grow_beyond_everything_ever_given,
    what_is_in_the_archive_was_committed_when_it_is_released,
    draining_waits_for_what_was_submitted,
    closing_finishes_what_was_submitted,
    large_messages_fit,
    writing_needs_no_queue,
    a_panic_in_a_release_stops_nobody,
);

async fn release_order_is_submit_order_and_id_order(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let threads: Vec<_> = (0..4)
        .map(|t| {
            let queue = line.queue.clone();
            std::thread::spawn(move || {
                for i in 0..250 {
                    queue.submit(Item::new(
                        t * 1000 + i,
                        [chat(1 + t as i64 % 2, &format!("{t} {i}"))],
                    ));
                }
            })
        })
        .collect();
    let mut next = [0; 4];
    let mut ids = Vec::new();
    for _ in 0..1000 {
        let (item, outcome) = line.released.recv().await.unwrap();
        outcome.unwrap();
        assert_eq!(
            item.tag % 1000,
            next[item.tag / 1000],
            "a submitter's order"
        );
        next[item.tag / 1000] += 1;
        ids.push(item.id());
    }
    threads.into_iter().for_each(|t| t.join().unwrap());
    assert!(
        ids[0] > Id::ZERO && ids.is_sorted_by(|a, b| a < b),
        "ids grow strictly in release order"
    );
    let mut query = Query {
        owner: 1,
        ..Query::default()
    };
    query.page.max = 1000;
    let archived: Vec<Id> = store
        .archive_page(&query)
        .await
        .unwrap()
        .items
        .iter()
        .map(|a| a.id)
        .collect();
    assert_eq!(archived, ids);
}

async fn entries_without_rows_keep_their_place(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let items = (0..50)
        .map(|i| Item::new(i, (i % 3 == 0).then(|| chat(1, "x"))))
        .collect();
    let tags: Vec<usize> = line
        .send(items)
        .await
        .into_iter()
        .map(|(item, _)| item.tag)
        .collect();
    assert!(tags.into_iter().eq(0..50));
    let released = line.send(vec![Item::new(7, []), Item::new(8, [])]).await;
    assert_eq!(
        released
            .iter()
            .map(|(i, o)| (i.tag, o.is_ok()))
            .collect::<Vec<_>>(),
        [(7, true), (8, true)]
    );
}

/// Succeeds once.
fn once(name: &str) -> Op {
    let sql = "INSERT INTO kv (owner, ns, name, value) VALUES (?, ?, ?, ?)";
    Op::Write(vec![Statement::new(
        sql,
        [1.into(), "once".into(), name.into(), (&b""[..]).into()],
    )])
}

async fn a_refused_write_fails_its_entry_alone(store: Store, _: Config) {
    let mut line = Line::new(&store);
    line.write(once("taken")).await;
    let items = vec![
        Item::new(0, [chat(2, "first"), once("a")]),
        Item::new(1, [chat(2, "never"), once("b"), once("taken")]),
        Item::new(2, []),
        Item::new(3, [once("a")]),
        Item::new(4, [chat(2, "last"), once("b")]),
    ];
    let released = line.send(items).await;
    let outcomes: Vec<_> = released
        .iter()
        .map(|(item, outcome)| (item.tag, outcome.clone()))
        .collect();
    assert!(
        matches!(
            &outcomes[..],
            [
                (0, Ok(())),
                (1, Err(Error::Conflict(_))),
                (2, Ok(())),
                (3, Err(Error::Conflict(_))),
                (4, Ok(()))
            ]
        ),
        "{outcomes:?}"
    );
    assert!(released[4].0.id() > released[0].0.id());
    let items = store.archive_page(&all(1)).await.unwrap().items;
    assert_eq!(
        items.iter().map(|a| a.id).collect::<Vec<_>>(),
        [released[0].0.id(), released[4].0.id()]
    );
    let conversations = store.conversations(1, 9).await.unwrap();
    assert_eq!(
        (conversations[0].unread, conversations[0].last_id),
        (2, released[4].0.id())
    );
    assert_eq!(store.kv_list(1, "once").await.unwrap().len(), 3);
    assert!(
        store.health().error.is_none(),
        "that is no fault of the database"
    );
}

fn all(owner: i64) -> Query {
    let mut query = Query {
        owner,
        ..Query::default()
    };
    query.page.max = 1000;
    query
}

async fn a_message_that_is_not_text_fails_alone(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let bad = Message {
        id: Id::ZERO,
        xml: vec![0xff, 0xfe].into(),
        origin: None,
        views: [view(1, "a@x", GOT)].into_iter().collect(),
    };
    let items = vec![
        Item::new(0, [chat(1, "one")]),
        Item::new(1, [Op::Message(Box::new(bad))]),
        Item::new(2, [chat(1, "two")]),
    ];
    let released = line.send(items).await;
    assert!(
        released[0].1.is_ok()
            && matches!(released[1].1, Err(Error::Invalid(_)))
            && released[2].1.is_ok()
    );
    assert_eq!(store.archive_page(&all(1)).await.unwrap().items.len(), 2);
}

async fn a_message_for_more_than_two_is_refused(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let three = message(
        "x",
        [
            view(1, "a@x", KEPT),
            view(2, "a@x", KEPT),
            view(3, "a@x", KEPT),
        ],
    );
    let twice = message("x", [view(1, "a@x", KEPT), view(1, "b@x", KEPT)]);
    let released = line
        .send(vec![Item::new(0, [three]), Item::new(1, [twice])])
        .await;
    assert!(
        matches!(released[0].1, Err(Error::Invalid(_))),
        "{:?}",
        released[0].1
    );
    assert!(
        matches!(released[1].1, Err(Error::Conflict(_))),
        "{:?}",
        released[1].1
    );
}

async fn ids_grow_beyond_everything_ever_given(store: Store, config: Config) {
    let mut line = Line::new(&store);
    let before = line.store(chat(1, "x")).await;
    // As if the clock had been a day ahead, and everything of that day was removed since.
    let ahead = Id::first_of(before.unix_ms() + 86_400_000);
    let sql = "UPDATE meta SET value = ? WHERE name = 'last_id'";
    line.write(Op::Write(vec![Statement::new(sql, [ahead.into()])]))
        .await;
    let next = line.store(chat(1, "y")).await;
    assert!(next > ahead, "{next} after {ahead}");
    store
        .write(vec![Op::Write(vec![Statement::new(
            "DELETE FROM messages WHERE id > ?",
            [0.into()],
        )])])
        .await
        .unwrap();
    store.close().await;

    let store = Store::open(&config).await.unwrap();
    let mut line = Line::new(&store);
    let again = line.store(chat(1, "z")).await;
    assert!(again > next, "{again} after {next}");
    // A database that was put together by other tools: the messages count.
    let far = Id::first_of(again.unix_ms() + 1_000_000);
    let sql = "INSERT INTO messages (id, xml) VALUES (?, ?)";
    store
        .write(vec![Op::Write(vec![Statement::new(
            sql,
            [far.into(), "x".into()],
        )])])
        .await
        .unwrap();
    store.close().await;
    let store = Store::open(&config).await.unwrap();
    let mut line = Line::new(&store);
    assert!(line.store(chat(1, "z")).await > far);
    store.close().await;
}

async fn what_is_in_the_archive_was_committed_when_it_is_released(store: Store, _: Config) {
    let mut line = Line::new(&store);
    for i in 0..20 {
        let body = format!("n {i}");
        let id = line.store(chat(1, &body)).await;
        let xml = store
            .message(id)
            .await
            .unwrap()
            .expect("another connection sees it at once");
        assert!(std::str::from_utf8(&xml).unwrap().contains(&body));
    }
}

async fn draining_waits_for_what_was_submitted(store: Store, _: Config) {
    let released = Arc::new(AtomicUsize::new(0));
    let count = released.clone();
    let queue = store.queue(4, move |items: Vec<Item>, outcome| {
        outcome.unwrap();
        count.fetch_add(items.len(), Ordering::SeqCst);
    });
    queue.drain().await;
    queue.submit_all((0..2500).map(|i| Item::new(i, [chat(1, "x")])));
    assert!(queue.depth() <= 2500);
    queue.drain().await;
    assert_eq!((released.load(Ordering::SeqCst), queue.depth()), (2500, 0));
}

async fn closing_finishes_what_was_submitted(store: Store, config: Config) {
    let mut line = Line::new(&store);
    line.queue
        .submit_all((0..1500).map(|i| Item::new(i, [chat(1, "x")])));
    store.close().await;
    for i in 0..1500 {
        let (item, outcome) = line.released.recv().await.unwrap();
        assert_eq!((item.tag, outcome), (i, Ok(())));
    }
    line.queue.submit(Item::new(0, [chat(1, "late")]));
    line.queue.drain().await;
    assert!(
        line.released.recv().await.is_none(),
        "what comes after the end is dropped"
    );
    assert!(matches!(
        store.write(vec![kv::remove(1, "a", "b")]).await,
        Err(Error::Unavailable(_))
    ));
    assert!(store.ping().await.is_err());
    let store = Store::open(&config).await.unwrap();
    assert_eq!(store.archive_page(&all(1)).await.unwrap().items.len(), 1000);
    assert_eq!(store.conversations(2, 1).await.unwrap()[0].unread, 1500);
    store.close().await;
}

async fn large_messages_fit(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let large = "鹊🐦".repeat(100_000);
    let items = (0..12).map(|i| Item::new(i, [chat(1, &large)])).collect();
    for (item, outcome) in line.send(items).await {
        outcome.unwrap();
        let xml = store.message(item.id()).await.unwrap().unwrap();
        assert_eq!(
            xml.len(),
            large.len() + "<message xmlns='jabber:client'><body></body></message>".len()
        );
    }
    // A page has a bound of bytes too, and says that there is more.
    let page = store.archive_page(&all(1)).await.unwrap();
    assert!(
        !page.complete && (5..12).contains(&page.items.len()),
        "{}",
        page.items.len()
    );
}

async fn writing_needs_no_queue(store: Store, _: Config) {
    let writes = (0..40).map(|i| {
        let store = store.clone();
        async move {
            store
                .write(vec![
                    kv::put(1, "n", &i.to_string(), "v".into()),
                    kv::remove(1, "n", "none"),
                ])
                .await
        }
    });
    for touched in futures_util::future::join_all(writes).await {
        assert_eq!(touched.unwrap(), [1, 0]);
    }
    assert_eq!(store.kv_list(1, "n").await.unwrap().len(), 40);
    assert!(matches!(
        store.write(vec![once("a"), once("a")]).await,
        Err(Error::Conflict(_))
    ));
    assert_eq!(
        store.kv_list(1, "once").await.unwrap(),
        [],
        "all or nothing"
    );
    store.ping().await.unwrap();
}

async fn a_panic_in_a_release_stops_nobody(store: Store, _: Config) {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let queue = store.queue(4, move |items: Vec<Item>, _| {
        for item in items {
            assert_ne!(item.tag, 1, "this panic is wanted");
            tell.send(item.tag).unwrap();
        }
    });
    queue.submit(Item::new(1, [chat(1, "x")]));
    queue.drain().await;
    queue.submit(Item::new(2, [chat(1, "x")]));
    assert_eq!(told.recv().await, Some(2));
}
