//! A core without a network for the tests beside this folder: accounts alice and bob of the domain `x`, and a feature that
//! keeps every message.

#![allow(clippy::unwrap_used)] // What cannot go on fails the test.
#![allow(dead_code)] // Each test program takes what it needs.

use magpie_core::{
    Account, Config, Ctx, Effects, Feature, Flow, Login, Session, Spec, auth, ctx::Features,
    effect::Effect, metrics::Metrics,
};
use magpie_store::{Store, testing::Database};
use magpie_xmpp::{Jid, Stanza, stanza::MessageType};
use std::{net::IpAddr, sync::Arc, time::Duration};

/// Keeps every message for both and lets it wait, if it is one to a person; broadcasts nothing, directed presence goes its way.
pub struct Keep;

impl Feature for Keep {
    fn spec(&self) -> Spec {
        Spec::default()
    }

    fn message_out(
        &self,
        _cx: &Ctx,
        from: &Arc<Session>,
        m: &mut Stanza,
        fx: &mut Effects,
    ) -> Flow {
        let peer = m.to.clone().unwrap();
        fx.view(from.account.id, &peer, true).archived = true;
        Flow::Go
    }

    fn message_in(&self, _cx: &Ctx, to: &Arc<Account>, m: &mut Stanza, fx: &mut Effects) -> Flow {
        let peer = m.from.clone().unwrap();
        fx.view(to.id, &peer, false).archived = true;
        if matches!(m.message_type(), MessageType::Chat | MessageType::Normal) {
            fx.may_wait();
        }
        Flow::Go
    }

    fn presence_out(
        &self,
        _cx: &Ctx,
        from: &Arc<Session>,
        p: &mut Stanza,
        fx: &mut Effects,
    ) -> Flow {
        if p.to.is_some() {
            return Flow::Go;
        }
        let presence = p.type_.is_none().then(|| p.clone());
        fx.push(Effect::Presence {
            session: from.clone(),
            presence,
        });
        Flow::Stop
    }
}

/// Runs a test on a core.
pub async fn with_core<T>(test: impl AsyncFnOnce(&Arc<Ctx>) -> T) -> T {
    let database = Database::make("sqlite").await.unwrap();
    let store = Store::open(&database.config()).await.unwrap();
    let features = Features::new(vec![Box::new(Keep)]).unwrap();
    let metrics = Metrics::new(&mut prometheus_client::registry::Registry::default());
    let cx = Ctx::start(Config::default(), jid("x"), store, features, metrics)
        .await
        .unwrap();
    for name in ["alice", "bob"] {
        auth::create_account(&cx, &jid(&format!("{name}@x")), "pw")
            .await
            .unwrap();
    }
    let result = test(&cx).await;
    cx.drain().await;
    cx.store.close().await;
    drop(cx);
    database.drop().await;
    result
}

/// A JID that is one.
pub fn jid(s: &str) -> Jid {
    Jid::new(s).unwrap()
}

/// A session of an account.
pub async fn bind(cx: &Arc<Ctx>, name: &str, resource: &str) -> Arc<Session> {
    let account = cx
        .accounts
        .get(&jid(&format!("{name}@x")))
        .await
        .unwrap()
        .unwrap();
    cx.bind(&Login::new(account, IpAddr::from([127, 0, 0, 1])), resource)
        .unwrap()
}

/// Sends a stanza, whose namespace is added, and waits until its effects are carried out.
pub async fn send(cx: &Arc<Ctx>, from: &Arc<Session>, xml: &str) {
    let xml = xml.replacen(' ', " xmlns='jabber:client' ", 1);
    cx.route(from, Stanza::parse(xml.as_bytes()).unwrap())
        .await
        .unwrap();
    cx.drain().await;
}

/// Becomes available and waits until what waited was read.
pub async fn online(cx: &Arc<Ctx>, s: &Arc<Session>, priority: i8) {
    send(
        cx,
        s,
        &format!("<presence ><priority>{priority}</priority></presence>"),
    )
    .await;
    // A mark that comes behind what waited: when it is there, everything is. It is taken out again.
    const MARK: &str = "mark";
    assert!(s.deliver(Stanza::presence().with_id(MARK).into()));
    let marked = async {
        while s.outbox(|b| b.is_quiet()) {
            s.woken().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), marked)
        .await
        .unwrap();
    for out in s.outbox(|b| b.take(1000)).outs {
        assert!(out.stanza.id.as_deref() == Some(MARK) || s.deliver(out));
    }
}
