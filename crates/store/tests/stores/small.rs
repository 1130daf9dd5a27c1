//! Roster, block lists, small data.

use bytes::Bytes;
use magpie_store::{
    Config, Store, blocks, kv,
    roster::{self, Item, Subscription},
};
use magpie_xmpp::Jid;

crate::on_every_store!(
    values_lie_under_owner_namespace_and_key,
    keys_compare_byte_by_byte,
    a_block_list_is_kept,
    a_roster_is_kept_with_its_versions,
    long_addresses_fit,
);

async fn values_lie_under_owner_namespace_and_key(store: Store, _: Config) {
    let binary = Bytes::from_static(&[0, 255, 1]);
    store
        .write(vec![
            kv::put(1, "n", "b", "old".into()),
            kv::put(1, "n", "b", binary.clone()),
            kv::put(1, "n", "a", "".into()),
            kv::put(1, "other", "b", "x".into()),
            kv::put(2, "n", "b", "y".into()),
        ])
        .await
        .unwrap();
    assert_eq!(
        store.kv_get(1, "n", "b").await.unwrap(),
        Some(binary.clone())
    );
    assert_eq!(store.kv_get(0, "n", "b").await.unwrap(), None);
    let all = store.kv_list(1, "n").await.unwrap();
    assert_eq!(all, [("a".into(), Bytes::new()), ("b".into(), binary)]);
    assert_eq!(
        store
            .write(vec![kv::remove(1, "n", "b"), kv::remove(1, "n", "none")])
            .await
            .unwrap(),
        [1, 0]
    );
    assert_eq!(store.kv_get(1, "n", "b").await.unwrap(), None);
    assert_eq!(store.kv_get(2, "n", "b").await.unwrap(), Some("y".into()));
}

async fn keys_compare_byte_by_byte(store: Store, _: Config) {
    let keys = ["a", "A", "ä", "a ", " a", "a\u{308}", "鹊", "🐦"];
    for key in keys {
        store
            .write(vec![kv::put(1, "n", key, key.into())])
            .await
            .unwrap();
    }
    for key in keys {
        assert_eq!(
            store.kv_get(1, "n", key).await.unwrap(),
            Some(key.into()),
            "{key:?}"
        );
    }
    assert_eq!(store.kv_list(1, "n").await.unwrap().len(), keys.len());
}

async fn a_block_list_is_kept(store: Store, _: Config) {
    let jids: Vec<Jid> = ["a@x", "a@x/r", "a@x/R", "x"]
        .iter()
        .map(|j| Jid::new(j).unwrap())
        .collect();
    for jid in jids.iter().chain(&jids) {
        store.write(vec![blocks::add(1, jid)]).await.unwrap();
    }
    let mut sorted = jids.clone();
    sorted.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    assert_eq!(store.blocks_load(1).await.unwrap(), sorted);
    store
        .write(vec![blocks::remove(1, &jids[1])])
        .await
        .unwrap();
    assert_eq!(store.blocks_load(1).await.unwrap().len(), 3);
    store
        .write(vec![blocks::add(2, &jids[0]), blocks::clear(1)])
        .await
        .unwrap();
    assert_eq!(store.blocks_load(1).await.unwrap(), []);
    assert_eq!(store.blocks_load(2).await.unwrap(), [jids[0].clone()]);
}

async fn a_roster_is_kept_with_its_versions(store: Store, _: Config) {
    assert_eq!(store.roster_load(1).await.unwrap(), (vec![], 0));
    let item = |jid: &str, version| Item {
        jid: Jid::new(jid).unwrap(),
        name: Some("小 “鹊” 'x'".into()),
        subscription: Subscription::From,
        ask: true,
        approved: true,
        pending_in: Some("<presence/>".into()),
        groups: vec!["a\nb".into(), "朋友".into()],
        version,
    };
    let (a, b) = (
        item("a@x", 1),
        Item {
            name: None,
            groups: vec![],
            pending_in: None,
            ..item("b@x", 2)
        },
    );
    store
        .write(vec![
            roster::put(1, &a, 1),
            roster::put(1, &b, 2),
            roster::put(2, &a, 9),
        ])
        .await
        .unwrap();
    assert_eq!(
        store.roster_load(1).await.unwrap(),
        (vec![a.clone(), b.clone()], 2)
    );
    assert_eq!(store.roster_since(1, 1).await.unwrap(), vec![b.clone()]);

    let changed = Item {
        subscription: Subscription::Both,
        ask: false,
        version: 3,
        ..a.clone()
    };
    store
        .write(vec![roster::put(1, &changed, 3)])
        .await
        .unwrap();
    store
        .write(vec![roster::remove(1, &b.jid, 4)])
        .await
        .unwrap();
    assert_eq!(
        store.roster_load(1).await.unwrap(),
        (vec![changed.clone()], 4),
        "a removal counts as a version"
    );
    let since = store.roster_since(1, 2).await.unwrap();
    assert_eq!(since[0], changed);
    assert_eq!(
        (&since[1].jid, since[1].subscription, since[1].version),
        (&b.jid, Subscription::Remove, 4)
    );
    assert_eq!(since.len(), 2);

    let again = Item { version: 5, ..b };
    store.write(vec![roster::put(1, &again, 5)]).await.unwrap();
    assert_eq!(
        store.roster_load(1).await.unwrap(),
        (vec![changed, again], 5)
    );
}

async fn long_addresses_fit(store: Store, _: Config) {
    let domain = format!("{}.{}.example", "d".repeat(60), "e".repeat(60));
    let bare = Jid::new(&format!("{}@{domain}", "l".repeat(1023))).unwrap();
    let full = bare.with_resource(&"鹊".repeat(341)).unwrap();
    let item = Item {
        jid: bare.clone(),
        name: None,
        subscription: Subscription::None,
        ask: false,
        approved: false,
        pending_in: None,
        groups: vec![],
        version: 1,
    };
    store
        .write(vec![blocks::add(1, &full), roster::put(1, &item, 1)])
        .await
        .unwrap();
    assert_eq!(store.blocks_load(1).await.unwrap(), [full]);
    assert_eq!(store.roster_load(1).await.unwrap().0, [item]);
}
