//! Accounts: made, changed, banned, removed.

use crate::{Item, Line, chat, message, view};
use magpie_store::{Config, Error, Store, ViewKind, archive::Query, blocks, kv, offline};
use magpie_xmpp::{Jid, sasl::scram::Keys};

crate::on_every_store!(
    an_account_is_kept_as_it_was_made,
    a_name_is_given_once,
    keys_and_bans_change_the_epoch,
    accounts_are_listed_in_order,
    a_removed_account_leaves_nothing_but_its_name,
    what_was_not_finished_is_removed_after_the_next_start,
);

fn jid(text: &str) -> Jid {
    Jid::new(text).unwrap()
}

fn keys(seed: u8) -> Keys {
    Keys {
        salt: vec![seed; 16],
        iterations: 10_000,
        stored_key: vec![seed, 0, 255],
        server_key: vec![0, seed],
    }
}

async fn an_account_is_kept_as_it_was_made(store: Store, _: Config) {
    let id = store
        .account_create(&jid("鹊@x"), &keys(1), &keys(2))
        .await
        .unwrap();
    let account = store.account(&jid("鹊@x/phone")).await.unwrap().unwrap();
    assert_eq!(
        (
            account.id,
            &account.jid,
            account.banned.as_deref(),
            account.epoch
        ),
        (id, &jid("鹊@x"), None, 1)
    );
    assert_eq!(
        (&account.scram_sha1, &account.scram_sha256),
        (&keys(1), &keys(2))
    );
    assert!(account.created_ms > 1_700_000_000_000);
    assert_eq!(
        (account.last_seen_ms, account.last_status.as_deref()),
        (None, None)
    );
    store.account_set_last(id, 42, Some("吃饭")).await.unwrap();
    let account = store.account(&jid("鹊@x")).await.unwrap().unwrap();
    assert_eq!(
        (account.last_seen_ms, account.last_status.as_deref()),
        (Some(42), Some("吃饭"))
    );
    assert_eq!(store.account(&jid("none@x")).await.unwrap(), None);
}

async fn a_name_is_given_once(store: Store, _: Config) {
    store
        .account_create(&jid("a@x"), &keys(1), &keys(1))
        .await
        .unwrap();
    assert!(matches!(
        store.account_create(&jid("a@x"), &keys(2), &keys(2)).await,
        Err(Error::Conflict(_))
    ));
    store.account_delete(&jid("a@x")).await.unwrap();
    assert!(matches!(
        store.account_create(&jid("a@x"), &keys(2), &keys(2)).await,
        Err(Error::Conflict(_))
    ));
    // Two at the same time: one of them gets it.
    let (name, k) = (jid("b@x"), keys(3));
    let (one, two) = tokio::join!(
        store.account_create(&name, &k, &k),
        store.account_create(&name, &k, &k)
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert!(matches!(one.and(two), Err(Error::Conflict(_))));
}

async fn keys_and_bans_change_the_epoch(store: Store, _: Config) {
    let a = jid("a@x");
    store.account_create(&a, &keys(1), &keys(2)).await.unwrap();
    assert_eq!(
        store
            .account_set_keys(&a, &keys(3), &keys(4), None)
            .await
            .unwrap(),
        2
    );
    assert_eq!(store.account_ban(&a, Some("spam")).await.unwrap(), 3);
    let account = store.account(&a).await.unwrap().unwrap();
    assert_eq!(
        (account.scram_sha1, account.scram_sha256, account.epoch),
        (keys(3), keys(4), 3)
    );
    assert_eq!(account.banned.as_deref(), Some("spam"));
    assert_eq!(store.account_ban(&a, None).await.unwrap(), 4);
    assert_eq!(store.account(&a).await.unwrap().unwrap().banned, None);
    assert_eq!(
        store.account_ban(&jid("none@x"), None).await,
        Err(Error::NotFound)
    );
    assert_eq!(
        store
            .account_set_keys(&jid("none@x"), &keys(1), &keys(1), None)
            .await,
        Err(Error::NotFound)
    );
}

async fn accounts_are_listed_in_order(store: Store, _: Config) {
    for name in ["b@x", "a@x", "é@x", "z@x", "a-b@x"] {
        store
            .account_create(&jid(name), &keys(1), &keys(1))
            .await
            .unwrap();
    }
    store.account_delete(&jid("z@x")).await.unwrap();
    assert_eq!(store.account_count().await.unwrap(), 4);
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = store.account_list(after.as_deref(), 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.jid.to_string());
        names.extend(page.into_iter().map(|a| a.jid.to_string()));
    }
    assert_eq!(names, ["a-b@x", "a@x", "b@x", "é@x"]);
}

async fn a_removed_account_leaves_nothing_but_its_name(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let mut ids = Vec::new();
    for name in ["one@x", "two@x"] {
        ids.push(
            store
                .account_create(&jid(name), &keys(1), &keys(1))
                .await
                .unwrap(),
        );
    }
    let (one, two) = (ids[0], ids[1]);
    let items = (0..150).map(|i| {
        let own = view(
            one,
            "two@x",
            ViewKind {
                outgoing: true,
                archived: true,
                ..ViewKind::default()
            },
        );
        let other = view(
            two,
            "one@x",
            ViewKind {
                archived: i % 2 == 0,
                offline: true,
                ..ViewKind::default()
            },
        );
        Item::new(i, [message(&i.to_string(), [own, other])])
    });
    let items = items.collect();
    let sent: Vec<_> = line
        .send(items)
        .await
        .into_iter()
        .map(|(item, _)| item.id())
        .collect();
    line.write(kv::put(one, "n", "k", "v".into())).await;
    line.write(blocks::add(one, &jid("c@x"))).await;
    line.write(offline::remove_one(two, sent[1])).await;

    store.account_delete(&jid("one@x")).await.unwrap();
    assert_eq!(store.account(&jid("one@x")).await.unwrap(), None);
    assert_eq!(
        store.account_delete(&jid("one@x")).await,
        Err(Error::NotFound)
    );
    assert_eq!(store.kv_get(one, "n", "k").await.unwrap(), None);
    assert_eq!(store.blocks_load(one).await.unwrap(), []);
    assert_eq!(store.archive_metadata(one).await.unwrap(), None);
    assert_eq!(store.conversations(one, 9).await.unwrap(), []);
    // The other side keeps what it had.
    assert_eq!(
        store.archive_metadata(two).await.unwrap(),
        Some((sent[0], sent[148]))
    );
    assert_eq!(store.offline_count(two).await.unwrap(), 149);
    assert_eq!(
        store
            .offline_list(two, magpie_store::Id(i64::MAX), 999)
            .await
            .unwrap()
            .len(),
        149
    );
    // What nobody has any more is gone.
    assert_eq!(store.message(sent[1]).await.unwrap(), None);
    assert!(store.message(sent[3]).await.unwrap().is_some(), "it waits");
    assert!(
        store.message(sent[0]).await.unwrap().is_some(),
        "the other side keeps it"
    );
    store.account_delete(&jid("two@x")).await.unwrap();
    for id in sent {
        assert_eq!(store.message(id).await.unwrap(), None);
    }
}

async fn what_was_not_finished_is_removed_after_the_next_start(store: Store, config: Config) {
    let id = store
        .account_create(&jid("two@x"), &keys(1), &keys(1))
        .await
        .unwrap();
    store.account_delete(&jid("two@x")).await.unwrap();
    // As if the server had stopped before the archive was gone.
    let mut line = Line::new(&store);
    let left = line
        .store(message("late", [view(id, "one@x", crate::GOT)]))
        .await;
    let other = line.store(chat(1, "stays")).await;
    store.close().await;
    let store = Store::open(&config).await.unwrap();
    while store.message(left).await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    assert!(store.message(other).await.unwrap().is_some());
    let query = Query {
        owner: id,
        ..Query::default()
    };
    assert!(store.archive_page(&query).await.unwrap().items.is_empty());
    store.close().await;
}
