//! Devices: written by one at a time, gone with the password, forgotten when they stay away.

use bytes::Bytes;
use magpie_store::{
    Config, Device, Store,
    devices::{self, Token},
};
use magpie_xmpp::{Jid, sasl::scram::Keys};

crate::on_every_store!(
    a_device_is_kept_as_it_was_written,
    of_two_who_write_at_once_one_wins,
    a_new_password_keeps_one_device_and_the_end_of_a_ban_none,
    a_removed_account_has_no_devices,
    who_stays_away_is_forgotten,
);

const PHONE: &str = "00112233445566778899aabbccddeeff";
const DESK: &str = "ffeeddccbbaa99887766554433221100";

fn fresh(client: &str) -> Device {
    Device {
        client: client.into(),
        software: Some("鹊桥".into()),
        device: None,
        first_seen_ms: 1,
        last_seen_ms: 2,
        forget_ms: i64::MAX,
        epoch: 1,
        version: 0,
        password: false,
        token: None,
        next: None,
    }
}

fn token(seed: u8, count: i64) -> Option<Token> {
    Some(Token {
        seed: Bytes::from(vec![seed, 0, 255]),
        mechanism: "HT-SHA-256-NONE".into(),
        expiry_ms: 3,
        count,
    })
}

async fn put(store: &Store, owner: i64, device: &Device) {
    assert!(store.device_put(owner, device).await.unwrap());
}

async fn account(store: &Store, name: &str) -> (i64, Jid) {
    let jid = Jid::new(name).unwrap();
    let id = store.account_create(&jid, &keys(), &keys()).await.unwrap();
    (id, jid)
}

fn keys() -> Keys {
    Keys {
        salt: vec![1],
        iterations: 1,
        stored_key: vec![1],
        server_key: vec![1],
    }
}

/// The clients of an account with their epochs, by name.
async fn clients(store: &Store, owner: i64) -> Vec<(String, i64)> {
    let list = store.devices(owner).await.unwrap();
    let mut list: Vec<_> = list
        .into_iter()
        .map(|d| (d.client.into(), d.epoch))
        .collect();
    list.sort();
    list
}

async fn a_device_is_kept_as_it_was_written(store: Store, _: Config) {
    put(&store, 7, &fresh(PHONE)).await;
    let read = store.device(7, PHONE).await.unwrap().unwrap();
    let expected = Device {
        version: 1,
        ..fresh(PHONE)
    };
    assert_eq!(read, expected);
    let changed = Device {
        device: Some("电脑".into()),
        last_seen_ms: 9,
        epoch: 4,
        password: true,
        token: token(1, 17),
        next: token(2, 0),
        ..read
    };
    put(&store, 7, &changed).await;
    let read = store.device(7, PHONE).await.unwrap().unwrap();
    let expected = Device {
        version: 2,
        ..changed
    };
    assert_eq!(read, expected);
    assert_eq!(store.device(8, PHONE).await.unwrap(), None, "another owner");
    put(&store, 7, &fresh(DESK)).await;
    store
        .write(vec![devices::seen(7, DESK, 10, 11)])
        .await
        .unwrap();
    let list = store.devices(7).await.unwrap();
    assert_eq!((&*list[0].client, list[0].last_seen_ms), (DESK, 10));
    assert_eq!(list[1], expected);
    store.write(vec![devices::remove(7, DESK)]).await.unwrap();
    assert_eq!(store.devices(7).await.unwrap(), [expected]);
}

async fn of_two_who_write_at_once_one_wins(store: Store, _: Config) {
    let new = fresh(PHONE);
    let (a, b) = tokio::join!(store.device_put(7, &new), store.device_put(7, &new));
    assert!(a.unwrap() != b.unwrap(), "it is made once");
    let read = store.device(7, PHONE).await.unwrap().unwrap();
    let (a, b) = tokio::join!(store.device_put(7, &read), store.device_put(7, &read));
    assert!(a.unwrap() != b.unwrap(), "it is changed once");
    let read = store.device(7, PHONE).await.unwrap().unwrap();
    store.write(vec![devices::remove(7, PHONE)]).await.unwrap();
    assert!(!store.device_put(7, &read).await.unwrap(), "it is gone");
    assert_eq!(store.device(7, PHONE).await.unwrap(), None);
}

async fn a_new_password_keeps_one_device_and_the_end_of_a_ban_none(store: Store, _: Config) {
    let (one, jid) = account(&store, "one@x").await;
    let (two, _) = account(&store, "two@x").await;
    for owner in [one, two] {
        put(&store, owner, &fresh(PHONE)).await;
        put(&store, owner, &fresh(DESK)).await;
    }
    let stale = Device {
        epoch: 0,
        ..fresh("0123456789abcdef0123456789abcdef")
    };
    put(&store, one, &stale).await;
    let epoch = store
        .account_set_keys(&jid, &keys(), &keys(), Some(PHONE))
        .await
        .unwrap();
    assert_eq!(clients(&store, one).await, [(PHONE.into(), epoch)]);
    // One that is of an older epoch does not come to life again.
    let old = Device {
        epoch: 1,
        ..store.device(one, PHONE).await.unwrap().unwrap()
    };
    put(&store, one, &old).await;
    store
        .account_set_keys(&jid, &keys(), &keys(), Some(PHONE))
        .await
        .unwrap();
    assert_eq!(clients(&store, one).await, []);
    put(&store, one, &fresh(PHONE)).await;
    let banned = store.account_ban(&jid, Some("spam")).await.unwrap();
    assert_eq!(clients(&store, one).await, [(PHONE.into(), 1)]);
    let free = store.account_ban(&jid, None).await.unwrap();
    assert_eq!((free, clients(&store, one).await), (banned + 1, vec![]));
    let others = [(PHONE.to_owned(), 1), (DESK.to_owned(), 1)];
    assert_eq!(clients(&store, two).await, others);
}

async fn a_removed_account_has_no_devices(store: Store, _: Config) {
    let (one, jid) = account(&store, "one@x").await;
    put(&store, one, &fresh(PHONE)).await;
    store.account_delete(&jid).await.unwrap();
    assert_eq!(clients(&store, one).await, []);
}

async fn who_stays_away_is_forgotten(store: Store, config: Config) {
    let (one, _) = account(&store, "one@x").await;
    put(&store, one, &fresh(PHONE)).await;
    let away = Device {
        forget_ms: 5,
        ..fresh(DESK)
    };
    put(&store, one, &away).await;
    store.close().await;
    // The sweep runs at once after opening.
    let store = Store::open(&config).await.unwrap();
    while store.device(one, DESK).await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    assert_eq!(clients(&store, one).await, [(PHONE.into(), 1)]);
    store.close().await;
}
