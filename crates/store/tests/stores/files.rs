//! SQLite's files: rights, the bounded log, copies.

use crate::{Item, Line, chat};
use magpie_store::{Config, Error, Store, kv, restore, testing::Database};
use std::{
    fs,
    os::unix::fs::{FileExt, PermissionsExt},
    path::PathBuf,
    time::Instant,
};

fn file(config: &Config) -> PathBuf {
    config.url.strip_prefix("sqlite://").unwrap().into()
}

#[test]
fn a_database_is_its_owners_alone() {
    crate::run("sqlite", async |store: Store, config: Config| {
        Line::new(&store).store(chat(1, "x")).await;
        let file = file(&config);
        let mut log = file.clone().into_os_string();
        log.push("-wal");
        for path in [&file, &log.into()] {
            assert_eq!(
                fs::metadata(path).unwrap().permissions().mode() & 0o777,
                0o600,
                "{}",
                path.display()
            );
        }
        assert_eq!(
            fs::metadata(file.parent().unwrap())
                .unwrap()
                .permissions()
                .mode()
                & 0o777,
            0o700
        );
    });
}

#[test]
fn a_folder_gets_a_database_in_it() {
    crate::run("sqlite", async |store: Store, config: Config| {
        store.close().await;
        let folder = file(&config).parent().unwrap().to_owned();
        let inside = Config {
            url: format!("sqlite://{}", folder.display()),
            ..config
        };
        let store = Store::open(&inside).await.unwrap();
        store
            .write(vec![kv::put(0, "n", "k", "v".into())])
            .await
            .unwrap();
        store.close().await;
        assert!(folder.join("magpie.db").exists());
    });
}

#[test]
fn the_log_stays_bounded_and_goes_when_the_store_closes() {
    crate::run("sqlite", async |store: Store, config: Config| {
        store.close().await;
        let config = Config {
            wal_mib: 8,
            ..config
        };
        let store = Store::open(&config).await.unwrap();
        let mut log = file(&config).into_os_string();
        log.push("-wal");
        let log = PathBuf::from(log);
        let mut line = Line::new(&store);
        let large = "x".repeat(100_000);
        let mut largest = 0;
        // 100 MB in all.
        for _ in 0..50 {
            line.send((0..20).map(|i| Item::new(i, [chat(1, &large)])).collect())
                .await;
            largest = largest.max(fs::metadata(&log).unwrap().len());
        }
        assert!(
            largest < 48 << 20,
            "the log has grown to {} MiB",
            largest >> 20
        );
        store.close().await;
        assert!(!log.exists());
    });
}

#[test]
fn a_copy_of_a_busy_database_is_of_one_moment_and_can_be_put_back() {
    crate::run("sqlite", async |store: Store, config: Config| {
        let copy = file(&config).with_extension("copy");
        let mut line = Line::new(&store);
        let first = line.store(chat(1, "before")).await;
        let (stop, mut busy) = (Instant::now(), 0);
        let backup = store.backup(&copy);
        let mut backup = std::pin::pin!(backup);
        loop {
            tokio::select! {
                done = &mut backup => break done.unwrap(),
                _ = line.store(chat(1, "meanwhile")) => busy += 1,
            }
        }
        assert!(stop.elapsed().as_secs() < 30 && busy < 1_000_000);
        let after = line.store(chat(1, "after")).await;
        store.close().await;
        restore(&config, &copy).await.unwrap();
        let store = Store::open(&config).await.unwrap();
        assert!(store.message(first).await.unwrap().is_some());
        assert!(store.message(after).await.unwrap().is_none());
        let unread = store.conversations(2, 1).await.unwrap()[0].unread;
        let mut query = magpie_store::archive::Query {
            owner: 2,
            want_count: true,
            ..Default::default()
        };
        query.page.max = 1;
        assert_eq!(
            store.archive_page(&query).await.unwrap().count,
            Some(unread),
            "of one moment"
        );
        store.close().await;
    });
}

#[test]
fn a_damaged_copy_is_refused_and_the_database_stays() {
    crate::run("sqlite", async |store: Store, config: Config| {
        let copy = file(&config).with_extension("copy");
        let mut line = Line::new(&store);
        for i in 0..200 {
            line.queue.submit(Item::new(i, [chat(1, &"x".repeat(500))]));
        }
        let id = line.store(chat(1, "mine")).await;
        store.backup(&copy).await.unwrap();
        store.close().await;
        let bytes = fs::read(&copy).unwrap();
        for damage in ["cut", "torn", "no database", "another's"] {
            match damage {
                "cut" => fs::write(&copy, &bytes[..bytes.len() / 2]).unwrap(),
                "torn" => {
                    fs::write(&copy, &bytes).unwrap();
                    let handle = fs::OpenOptions::new().write(true).open(&copy).unwrap();
                    handle.write_all_at(&[0xaa; 4096], 4 * 4096).unwrap();
                }
                "no database" => fs::write(&copy, "hello").unwrap(),
                _ => fs::write(&copy, "").unwrap(),
            }
            let refused = restore(&config, &copy).await.unwrap_err();
            assert!(matches!(refused, Error::Corrupt(_)), "{damage}: {refused}");
        }
        assert!(
            restore(&config, &copy.with_extension("none"))
                .await
                .is_err()
        );
        let store = Store::open(&config).await.unwrap();
        assert!(store.message(id).await.unwrap().is_some());
        store.close().await;
    });
}

#[test]
fn only_sqlite_is_copied() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let config = Config {
            url: "postgres://x/y".into(),
            ..Config::default()
        };
        assert!(matches!(
            restore(&config, "x".as_ref()).await,
            Err(Error::Config(_))
        ));
        if let Some(database) = Database::make("postgres").await {
            let store = Store::open(&database.config()).await.unwrap();
            assert!(matches!(
                store.backup("x".as_ref()).await,
                Err(Error::Config(_))
            ));
            store.close().await;
            database.drop().await;
        }
    });
}
