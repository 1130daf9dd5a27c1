//! For the features' tests: a core on a store of its own, with accounts and sessions but without a network.

use magpie_core::{
    Account, Config, Ctx, Feature, Login, Session, auth, ctx::Features, metrics::Metrics,
};
use magpie_store::{Store, testing::Database};
use magpie_xmpp::{Jid, Stanza};
use prometheus_client::registry::Registry;
use std::{net::IpAddr, sync::Arc, time::Duration};

/// A running core of the domain `x`.
pub struct Stage {
    /// The core.
    pub cx: Arc<Ctx>,
}

/// How long anything may take: the machine of the tests is small and shared.
const DEADLINE: Duration = Duration::from_secs(20);

/// A JID that is one.
pub fn jid(text: &str) -> Jid {
    Jid::new(text).unwrap()
}

/// Runs `test` on a core with all features.
pub async fn with_all(test: impl AsyncFnOnce(&Stage)) {
    with(crate::all(&crate::Config::default()), test).await;
}

/// Runs `test` on a core with these features.
pub async fn with(features: Vec<Box<dyn Feature>>, test: impl AsyncFnOnce(&Stage)) {
    with_config(Config::default(), features, test).await;
}

/// Runs `test` on a core with this configuration and these features.
pub async fn with_config(
    config: Config,
    features: Vec<Box<dyn Feature>>,
    test: impl AsyncFnOnce(&Stage),
) {
    let database = Database::make("sqlite").await.unwrap();
    let store = Store::open(&database.config()).await.unwrap();
    let features = Features::new(features).unwrap();
    let metrics = Metrics::new(&mut Registry::default());
    let cx = Ctx::start(config, jid("x"), store, features, metrics)
        .await
        .unwrap();
    let stage = Stage { cx };
    test(&stage).await;
    stage.settle().await;
    stage.cx.store.close().await;
    drop(stage);
    database.drop().await;
}

impl Stage {
    /// A new account `name@x`.
    pub async fn account(&self, name: &str) -> Arc<Account> {
        let jid = jid(&format!("{name}@x"));
        auth::create_account(&self.cx, &jid, "secret")
            .await
            .unwrap();
        self.known(name).await
    }

    /// The account `name@x`, which exists.
    pub async fn known(&self, name: &str) -> Arc<Account> {
        let jid = jid(&format!("{name}@x"));
        self.cx.accounts.get(&jid).await.unwrap().unwrap()
    }

    /// A session of the account `name@x`, which exists; it is not available.
    pub async fn bind(&self, name: &str, resource: &str) -> Arc<Session> {
        let account = self.known(name).await;
        let peer = IpAddr::from([127, 0, 0, 1]);
        self.cx.bind(&Login::new(account, peer), resource).unwrap()
    }

    /// A session of the account `name@x`, which exists: it has the roster, is available and has nothing left to take.
    pub async fn online(&self, name: &str, resource: &str) -> Arc<Session> {
        let session = self.bind(name, resource).await;
        let roster = "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>";
        self.send(&session, roster).await;
        self.send(&session, "<presence/>").await;
        self.got(&session).await;
        session
    }

    /// Everything submitted so far is released, and what that submitted in its turn.
    pub async fn settle(&self) {
        self.cx.drain().await;
        self.cx.drain().await;
    }

    /// Sends a stanza, whose namespace is added, and waits until its effects are carried out.
    pub async fn send(&self, from: &Arc<Session>, xml: &str) {
        let name = xml.find([' ', '/', '>']).unwrap();
        let xml = format!("{} xmlns='jabber:client'{}", &xml[..name], &xml[name..]);
        let stanza = Stanza::parse(xml.as_bytes()).unwrap();
        self.cx.route(from, stanza).await.unwrap();
        self.settle().await;
    }

    /// Takes what the session was sent, without `xmlns='jabber:client'`. Deterministic: it waits until everything that
    /// was on its way has come, messages that waited in the store included.
    pub async fn got(&self, session: &Session) -> Vec<String> {
        let stanzas = self.stanzas(session).await;
        let text = |s: Stanza| s.to_xml().replacen(" xmlns='jabber:client'", "", 1);
        stanzas.into_iter().map(text).collect()
    }

    /// As [`Stage::got`], as stanzas.
    pub async fn stanzas(&self, session: &Session) -> Vec<Stanza> {
        const MARK: &str = "the last one";
        self.settle().await;
        let marked = session.deliver(Stanza::message().with_id(MARK).into());
        let mut all = Vec::new();
        let wait = async {
            loop {
                let taken = session.outbox(|b| b.take(usize::MAX)).outs;
                all.extend(taken.into_iter().map(|out| out.stanza));
                if !marked || all.pop_if(|s| s.id.as_deref() == Some(MARK)).is_some() {
                    return;
                }
                session.woken().await;
            }
        };
        tokio::time::timeout(DEADLINE, wait).await.unwrap();
        all
    }

    /// Sends a request and takes what comes: its answer is the last of it.
    pub async fn ask(&self, from: &Arc<Session>, xml: &str) -> String {
        self.got(from).await;
        self.send(from, xml).await;
        self.got(from).await.pop().unwrap_or_default()
    }
}
