//! Deciding and releasing without a network: sessions are bound, stanzas routed, mailboxes read.

#![allow(clippy::unwrap_used)] // What cannot go on fails the test.

mod stage;

use magpie_core::{
    Config, Ctx, Login, Out, Session, auth,
    ctx::Features,
    metrics::Metrics,
    session::{Ending, OutboxLimits},
};
use magpie_store::{Id, Store, testing::Database};
use magpie_xmpp::{Element, Stanza};
use stage::{Keep, bind, jid, online, send, with_core};
use std::{net::IpAddr, time::Duration};
use tokio::time::timeout;

fn bodies(s: &Session) -> Vec<String> {
    s.outbox(|b| b.take(1000))
        .outs
        .iter()
        .filter_map(|o: &Out| o.stanza.text("body"))
        .collect()
}

fn chat(to: &str, body: &str) -> String {
    format!(
        "<message to='{to}' type='chat' id='{body}'><body>{body}</body><origin-id xmlns='urn:xmpp:sid:0' id='{body}'/></message>"
    )
}

#[tokio::test]
async fn a_message_reaches_every_device_that_takes_messages_with_its_id() {
    with_core(async |cx| {
        let alice = bind(cx, "alice", "a").await;
        let (one, two, low) = (
            bind(cx, "bob", "1").await,
            bind(cx, "bob", "2").await,
            bind(cx, "bob", "3").await,
        );
        online(cx, &one, 0).await;
        online(cx, &two, 5).await;
        online(cx, &low, -1).await;
        send(cx, &alice, &chat("bob@x", "hi")).await;
        for s in [&one, &two] {
            let outs = s.outbox(|b| b.take(10)).outs;
            let stamp: Element = outs[0]
                .stanza
                .element("stanza-id", magpie_xmpp::ns::SID)
                .unwrap();
            assert_eq!(
                (stamp.get("by"), stamp.get("id")),
                (Some("bob@x"), Some(&*outs[0].id.to_string()))
            );
            assert!(outs[0].id > Id::ZERO);
        }
        assert!(bodies(&low).is_empty());
        assert_eq!((alice.handled(), alice.in_flight()), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn what_waits_comes_first_and_goes_when_it_is_settled() {
    with_core(async |cx| {
        let alice = bind(cx, "alice", "a").await;
        for body in ["1", "2"] {
            send(cx, &alice, &chat("bob@x", body)).await;
        }
        let bob = bind(cx, "bob", "b").await;
        let account = bob.account.id;
        assert_eq!(cx.store.offline_count(account).await.unwrap(), 2);
        online(cx, &bob, 0).await;
        send(cx, &alice, &chat("bob@x", "3")).await;
        let outs = bob.outbox(|b| b.take(10)).outs;
        let texts: Vec<String> = outs.iter().filter_map(|o| o.stanza.text("body")).collect();
        assert_eq!(texts, ["1", "2", "3"]);
        assert!(
            outs[0].stanza.has("delay", magpie_xmpp::ns::DELAY)
                && !outs[2].stanza.has("delay", magpie_xmpp::ns::DELAY)
        );
        cx.settle(&bob, &outs);
        cx.drain().await;
        assert_eq!(cx.store.offline_count(account).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn who_comes_in_the_middle_gets_all_in_order_and_once() {
    with_core(async |cx| {
        let alice = bind(cx, "alice", "a").await;
        let parse = |xml: String| {
            let xml = xml.replacen(' ', " xmlns='jabber:client' ", 1);
            Stanza::parse(xml.as_bytes()).unwrap()
        };
        for round in 0..40 {
            let bob = bind(cx, "bob", "b").await;
            for n in 0..60 {
                let m = parse(chat("bob@x", &format!("{round}-{n}")));
                cx.route(&alice, m).await.unwrap();
                if n == 30 {
                    let here = parse("<presence />".into());
                    cx.route(&bob, here).await.unwrap();
                }
            }
            let mut outs = Vec::new();
            let all = async {
                while outs.len() < 60 {
                    bob.woken().await;
                    outs.extend(bob.outbox(|b| b.take(1000)).outs);
                }
                cx.drain().await;
                outs.extend(bob.outbox(|b| b.take(1000)).outs);
            };
            timeout(Duration::from_secs(20), all).await.unwrap();
            let ids: Vec<Id> = outs.iter().map(|o| o.id).collect();
            assert_eq!(ids.len(), 60, "round {round}: {ids:?}");
            assert!(ids.is_sorted_by(|a, b| a < b), "round {round}: {ids:?}");
            cx.settle(&bob, &outs);
            cx.remove_session(&bob, magpie_xmpp::StreamError::reset());
            cx.drain().await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_dead_session_left_waits_for_the_next() {
    with_core(async |cx| {
        let alice = bind(cx, "alice", "a").await;
        let bob = bind(cx, "bob", "b").await;
        online(cx, &bob, 0).await;
        bob.outbox(|b| b.enable_acks());
        for body in ["1", "2", "3"] {
            send(cx, &alice, &chat("bob@x", body)).await;
        }
        assert_eq!(bodies(&bob), ["1", "2", "3"]);
        bob.outbox(|b| b.ack(1)).unwrap();
        let at = bob.first_attachment();
        bob.detach(at);
        cx.end_session(&bob, Ending::Expired);
        cx.drain().await;
        let again = bind(cx, "bob", "b").await;
        online(cx, &again, 0).await;
        assert_eq!(bodies(&again), ["2", "3"]);
    })
    .await;
}

#[tokio::test]
async fn a_retry_is_one_message_also_after_a_restart() {
    let database = Database::make("sqlite").await.unwrap();
    for round in 0..2 {
        let store = Store::open(&database.config()).await.unwrap();
        let features = Features::new(vec![Box::new(Keep)]).unwrap();
        let metrics = Metrics::new(&mut prometheus_client::registry::Registry::default());
        let cx = Ctx::start(Config::default(), jid("x"), store, features, metrics)
            .await
            .unwrap();
        if round == 0 {
            for name in ["alice", "bob"] {
                auth::create_account(&cx, &jid(&format!("{name}@x")), "pw")
                    .await
                    .unwrap();
            }
        }
        let alice = bind(&cx, "alice", "a").await;
        send(&cx, &alice, &chat("bob@x", "same")).await;
        send(&cx, &alice, &chat("bob@x", "same")).await;
        assert_eq!(alice.handled(), 2);
        let bob = cx.accounts.get(&jid("bob@x")).await.unwrap().unwrap();
        assert_eq!(
            cx.store.offline_count(bob.id).await.unwrap(),
            1,
            "round {round}"
        );
        cx.store.close().await;
    }
    database.drop().await;
}

#[tokio::test]
async fn of_several_resumes_at_once_one_wins() {
    with_core(async |cx| {
        let bob = bind(cx, "bob", "b").await;
        let first = bob.first_attachment();
        let tries: Vec<_> = (0..8)
            .map(|_| {
                tokio::spawn({
                    let bob = bob.clone();
                    async move { bob.take_over().await }
                })
            })
            .collect();
        while bob.is_served_by(first) {
            bob.woken().await;
        }
        bob.detach(first);
        let mut won = 0;
        for t in tries {
            won += usize::from(t.await.unwrap().is_ok());
        }
        assert_eq!(won, 1);
    })
    .await;
}

#[tokio::test]
async fn a_slow_reader_loses_its_stream_and_not_its_messages() {
    with_core(async |cx| {
        let alice = bind(cx, "alice", "a").await;
        let account = cx.accounts.get(&jid("bob@x")).await.unwrap().unwrap();
        let slow = Session::new(
            jid("bob@x/slow"),
            Login::new(account.clone(), IpAddr::from([127, 0, 0, 1])),
            OutboxLimits {
                stanzas: 2,
                bytes: 1 << 20,
            },
        );
        for n in 0..4 {
            assert_eq!(slow.deliver(Stanza::message().into()), n < 2);
        }
        assert!(slow.closing().is_some());
        let bob = bind(cx, "bob", "b").await;
        online(cx, &bob, 0).await;
        for n in 0..10 {
            send(cx, &alice, &chat("bob@x", &n.to_string())).await;
        }
        cx.remove_session(&bob, magpie_xmpp::StreamError::reset());
        cx.drain().await;
        cx.drain().await;
        assert_eq!(cx.store.offline_count(account.id).await.unwrap(), 10);
    })
    .await;
}
