//! A connection that breaks at any point, also when the commit was sent and its answer is lost.

use crate::{Item, Line, chat};
use magpie_store::{Config, Id, Store, archive::Query};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

#[test]
fn postgres_stores_each_message_once_whatever_is_cut() {
    crate::run("postgres", each_message_is_stored_once);
}

#[test]
fn mysql_stores_each_message_once_whatever_is_cut() {
    crate::run("mysql", each_message_is_stored_once);
}

/// Stands between the store and its server, and breaks the connections when `left` bytes have passed in `direction`.
struct Proxy {
    left: Arc<AtomicI64>,
    up: bool,
}

impl Proxy {
    async fn start(server: String, up: bool) -> (Proxy, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let budget = left.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, budget) = (TcpStream::connect(&server).await.unwrap(), budget.clone());
                tokio::spawn(relay(client, server, budget, up));
            }
        });
        (Proxy { left, up }, port)
    }
}

/// Copies both ways until one side ends or the budget is used up.
async fn relay(mut client: TcpStream, mut server: TcpStream, left: Arc<AtomicI64>, up: bool) {
    let (mut from_client, mut from_server) = (vec![0; 16384], vec![0; 16384]);
    loop {
        let (count, is_up) = tokio::select! {
            n = client.read(&mut from_client) => (n.unwrap_or(0), true),
            n = server.read(&mut from_server) => (n.unwrap_or(0), false),
        };
        if count == 0 {
            return;
        }
        let (bytes, to) = if is_up {
            (&from_client, &mut server)
        } else {
            (&from_server, &mut client)
        };
        if is_up != up {
            to.write_all(&bytes[..count]).await.ok();
            continue;
        }
        let rest = left.fetch_sub(count as i64, Ordering::SeqCst);
        let pass = rest.clamp(0, count as i64) as usize;
        to.write_all(&bytes[..pass]).await.ok();
        if pass < count {
            // From here on all is well again, for those who connect anew.
            left.store(i64::MAX, Ordering::SeqCst);
            return;
        }
    }
}

async fn each_message_is_stored_once(store: Store, config: Config) {
    // Made by the test's frame; here another goes through the proxy.
    store.close().await;
    let authority = config
        .url
        .split("://")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    let server = authority.split('@').nth(1).unwrap();
    for up in [true, false] {
        let (proxy, port) = Proxy::start(server.into(), up).await;
        let through = config.url.replace(server, &format!("127.0.0.1:{port}"));
        let store = Store::open(&Config {
            url: through,
            ..config.clone()
        })
        .await
        .unwrap();
        survive(&store, &proxy).await;
        store.close().await;
    }
}

/// Cuts while batches are written, a little later each time, so that each message of the protocol is hit.
async fn survive(store: &Store, proxy: &Proxy) {
    let mut line = Line::new(store);
    let mut expected = Vec::new();
    // Where a batch's own traffic begins and ends depends on the server; this covers it well.
    let step = if proxy.up { 97 } else { 11 };
    for round in 0..24 {
        proxy.left.store(round * step, Ordering::SeqCst);
        let items = (0..3)
            .map(|i| Item::new(i, [chat(1, &format!("{} {round} {i}", proxy.up))]))
            .collect();
        for (item, outcome) in line.send(items).await {
            outcome.unwrap();
            expected.push(item.id());
        }
        proxy.left.store(i64::MAX, Ordering::SeqCst);
    }
    assert!(expected.is_sorted_by(|a, b| a < b));
    let mut query = Query {
        owner: 1,
        after_id: None,
        start: Some(expected[0].unix_ms()),
        ..Query::default()
    };
    query.page.max = 1000;
    let stored: Vec<Id> = store
        .archive_page(&query)
        .await
        .unwrap()
        .items
        .iter()
        .map(|a| a.id)
        .collect();
    let stored: Vec<Id> = stored.into_iter().filter(|id| *id >= expected[0]).collect();
    assert_eq!(stored, expected);
    assert!(store.health().error.is_none());
}
