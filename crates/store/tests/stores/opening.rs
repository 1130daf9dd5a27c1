//! Opening: again, newer, interrupted, wrongly named.

use crate::{Item, Line, chat};
use magpie_store::{Config, Error, Op, Statement, Store, Value, archive::Query, testing::Database};

crate::on_every_store!(
    what_was_stored_is_there_after_opening_again,
    two_processes_may_share_a_database,
    a_newer_database_is_refused,
    an_interrupted_migration_is_taken_up,
);

async fn run(store: &Store, sql: &'static str, params: impl IntoIterator<Item = Value>) {
    store
        .write(vec![Op::Write(vec![Statement::new(sql, params)])])
        .await
        .unwrap();
}

async fn what_was_stored_is_there_after_opening_again(store: Store, config: Config) {
    let id = Line::new(&store).store(chat(1, "x")).await;
    store.close().await;
    for _ in 0..3 {
        let store = Store::open(&config).await.unwrap();
        assert!(store.message(id).await.unwrap().is_some());
        store.close().await;
    }
}

async fn two_processes_may_share_a_database(store: Store, config: Config) {
    let other = Store::open(&config).await.unwrap();
    let (mut here, mut there) = (Line::new(&store), Line::new(&other));
    let mut last = here.store(chat(1, "x")).await;
    for _ in 0..10 {
        for line in [&mut there, &mut here] {
            let id = line.store(chat(1, "x")).await;
            assert!(id > last);
            last = id;
        }
    }
    // And both at the same time, while somebody follows by asking what came after the last he saw.
    let items = |batch: usize| {
        (0..8)
            .map(|i| Item::new(batch * 8 + i, [chat(1, "x")]))
            .collect()
    };
    let write = async |line: &mut Line| {
        for batch in 0..25 {
            for (_, outcome) in line.send(items(batch)).await {
                outcome.unwrap();
            }
        }
    };
    let mut query = Query {
        owner: 2,
        after_id: Some(last),
        ..Query::default()
    };
    query.page.max = 1000;
    let everything = query.clone();
    let mut seen = Vec::new();
    let follow = async {
        while seen.len() < 400 {
            seen.extend(
                store
                    .archive_page(&query)
                    .await
                    .unwrap()
                    .items
                    .into_iter()
                    .map(|a| a.id),
            );
            query.after_id = seen.last().copied().or(query.after_id);
        }
    };
    tokio::join!(write(&mut here), write(&mut there), follow);
    let stored = store.archive_page(&everything).await.unwrap().items;
    assert_eq!(seen, stored.iter().map(|a| a.id).collect::<Vec<_>>());
    other.close().await;
}

async fn a_newer_database_is_refused(store: Store, config: Config) {
    run(
        &store,
        "UPDATE meta SET value = ? WHERE name = 'schema'",
        [99.into()],
    )
    .await;
    store.close().await;
    let refused = Store::open(&config).await.unwrap_err();
    assert!(
        matches!(&refused, Error::Config(why) if why.contains("99")),
        "{refused}"
    );
}

/// The store opened again, its first sweep past all tables that may be taken away.
async fn swept(mut store: Store, config: &Config) -> Store {
    let away = "INSERT INTO devices (owner, client, first_seen_ms, last_seen_ms, forget_ms, epoch, version, password) \
                VALUES (1, 'away', 0, 0, 0, 0, 0, 0)";
    let is_there = async |store: &Store| store.device(1, "away").await.unwrap().is_some();
    loop {
        run(&store, away, []).await;
        store.close().await;
        store = Store::open(config).await.unwrap();
        // Gone already: it may have been the sweep before.
        if is_there(&store).await {
            break;
        }
    }
    while is_there(&store).await {
        tokio::task::yield_now().await;
    }
    store
}

async fn an_interrupted_migration_is_taken_up(store: Store, config: Config) {
    if !config.url.starts_with("mysql") {
        // The others undo it, and begin again.
        return;
    }
    let id = Line::new(&store).store(chat(1, "x")).await;
    let store = swept(store, &config).await;
    // As if the server had stopped when the eighth statement was carried out and not noted, and none after it.
    for sql in [
        "DROP TABLE devices",
        "DROP TABLE kv",
        "DROP TABLE blocks",
        "DROP TABLE roster",
        "DROP TABLE directory",
        "DROP TABLE uploads",
        "DROP TABLE invites",
        "ALTER TABLE conversations DROP COLUMN said_id, DROP COLUMN pinned, DROP COLUMN muted, \
         DROP COLUMN marked, DROP COLUMN hidden",
    ] {
        run(&store, sql, []).await;
    }
    run(&store, "DELETE FROM meta WHERE name = 'schema'", []).await;
    run(
        &store,
        "UPDATE meta SET value = ? WHERE name = 'migrating'",
        [1007.into()],
    )
    .await;
    store.close().await;
    let store = Store::open(&config).await.unwrap();
    assert!(store.message(id).await.unwrap().is_some());
    assert_eq!(store.kv_list(1, "n").await.unwrap(), []);
    assert_eq!(store.roster_load(1).await.unwrap().0, []);
    store.close().await;
}

#[test]
fn a_wrong_url_is_named() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for (url, says) in [
        ("", "store.url"),
        ("oracle://x", "store.url"),
        ("sqlite://", "store.url"),
        ("sqlite:///proc/none/magpie.db", "/proc/none/magpie.db"),
        ("postgres://127.0.0.1:1/none", "refused"),
        ("mysql://127.0.0.1:1/none", "refused"),
    ] {
        let config = Config {
            url: url.into(),
            ..Config::default()
        };
        let error = runtime
            .block_on(Store::open(&config))
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{url}: {error}");
    }
}

#[test]
fn a_new_database_may_be_opened_by_several_at_once() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for kind in ["sqlite", "postgres", "mysql"] {
        runtime.block_on(async {
            let Some(database) = Database::make(kind).await else {
                return eprintln!("not run: no {kind} server was named");
            };
            let config = database.config();
            let stores = futures_util::future::join_all((0..4).map(|_| Store::open(&config))).await;
            for store in stores {
                store.unwrap().close().await;
            }
            database.drop().await;
        });
    }
}
