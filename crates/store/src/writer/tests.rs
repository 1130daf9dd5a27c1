//! The writer on a database that fails on purpose.

use crate::{
    Entry, Error, Id, Message, Op, Queue, Store, View, ViewKind,
    archive::Query,
    driver::{self, End, Link, Tx},
    kv,
    testing::Database,
};
use parking_lot::Mutex;
use std::{collections::VecDeque, sync::Arc, time::Duration};
use tokio::sync::mpsc;

/// What the next transaction meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Nothing,
    /// Nothing is reached.
    Gone,
    /// The connection breaks after the work and before the commit.
    BeforeCommit,
    /// It is committed, and the answer is lost.
    AfterCommit,
    /// No room at the commit.
    Full,
    /// The writer itself fails.
    Panic,
}

/// A connection with faults, in the order they are to happen; none when they are used up.
struct Faulty {
    link: Box<dyn Link>,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    /// The newest message each transaction wrote, also one that failed.
    wrote: Arc<Mutex<Vec<i64>>>,
}

impl Link for Faulty {
    fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<End, Error>,
    ) -> Result<(), Error> {
        let gone = || Error::Unavailable("a wanted fault".into());
        let fault = self.faults.lock().pop_front().unwrap_or(Fault::Nothing);
        let wrote = self.wrote.clone();
        let work = &mut |tx: &mut dyn Tx| {
            let end = work(tx)?;
            for mut row in tx.rows("SELECT COALESCE(MAX(id), 0) FROM messages", &[])? {
                wrote.lock().push(row.int(0)?);
            }
            Ok(end)
        };
        let mut failing = |e: Error| {
            self.link
                .transaction(&mut |tx| work(tx).and(Err(e.clone())))
        };
        match fault {
            Fault::Nothing => self.link.transaction(work),
            Fault::Gone => Err(gone()),
            Fault::BeforeCommit => failing(gone()),
            Fault::Full => failing(Error::Full("a wanted fault".into())),
            Fault::AfterCommit => self.link.transaction(work).and(Err(gone())),
            Fault::Panic => std::panic::resume_unwind(Box::new("a wanted fault")),
        }
    }

    fn reset(&mut self) {
        self.link.reset();
    }
}

struct Item(Vec<Op>);

impl Entry for Item {
    fn ops(&mut self) -> &mut Vec<Op> {
        &mut self.0
    }
}

struct Stage {
    store: Store,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    wrote: Arc<Mutex<Vec<i64>>>,
    queue: Queue<Item>,
    released: mpsc::UnboundedReceiver<(Id, Result<(), Error>)>,
    database: Database,
}

impl Stage {
    async fn new() -> Stage {
        let database = Database::make("sqlite").await.unwrap();
        let mut opened = driver::open(&database.config()).await.unwrap();
        let faults: Arc<Mutex<VecDeque<Fault>>> = Arc::default();
        let wrote: Arc<Mutex<Vec<i64>>> = Arc::default();
        opened.link = Box::new(Faulty {
            link: opened.link,
            faults: faults.clone(),
            wrote: wrote.clone(),
        });
        let store = Store::start(opened).unwrap();
        let (tell, released) = mpsc::unbounded_channel();
        let queue = store.queue(4, move |items: Vec<Item>, outcome: Result<(), Error>| {
            for Item(ops) in items {
                let Some(Op::Message(m)) = ops.into_iter().next() else {
                    continue;
                };
                tell.send((m.id, outcome.clone())).unwrap();
            }
        });
        Stage {
            store,
            faults,
            wrote,
            queue,
            released,
            database,
        }
    }

    async fn end(self) {
        self.store.close().await;
        self.database.drop().await;
    }

    fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.lock().extend(faults);
    }

    fn submit(&self, bodies: &[&str]) {
        self.queue
            .submit_all(bodies.iter().map(|b| Item(vec![message(b)])));
    }

    async fn next(&mut self) -> (Id, Result<(), Error>) {
        let next = tokio::time::timeout(Duration::from_secs(30), self.released.recv());
        next.await.unwrap().unwrap()
    }

    /// What the archive has, as bodies.
    async fn stored(&self) -> Vec<String> {
        let mut query = Query {
            owner: 1,
            ..Query::default()
        };
        query.page.max = 100;
        let items = self.store.archive_page(&query).await.unwrap().items;
        items
            .into_iter()
            .map(|a| String::from_utf8(a.xml.into()).unwrap())
            .collect()
    }
}

fn message(body: &str) -> Op {
    let kind = ViewKind {
        archived: true,
        unread: true,
        ..ViewKind::default()
    };
    let view = View {
        owner: 1,
        peer: "two@x".into(),
        resource: "".into(),
        kind,
    };
    let xml = body.to_owned().into();
    Op::Message(Box::new(Message {
        id: Id::ZERO,
        xml,
        origin: None,
        views: [view].into_iter().collect(),
    }))
}

#[tokio::test]
async fn a_batch_of_unknown_outcome_is_stored_once_and_with_the_ids_it_had() {
    use Fault::*;
    let mut stage = Stage::new().await;
    for (round, faults) in [
        vec![BeforeCommit],
        vec![AfterCommit],
        vec![Gone],
        vec![AfterCommit, Gone, Gone],
        vec![BeforeCommit, Gone, AfterCommit],
        vec![BeforeCommit, BeforeCommit],
        vec![AfterCommit, AfterCommit],
    ]
    .into_iter()
    .enumerate()
    {
        let before = stage.stored().await.len();
        stage.wrote.lock().clear();
        stage.plan(faults.clone());
        stage.submit(&[&format!("a{round}"), &format!("b{round}")]);
        let (a, b) = (stage.next().await, stage.next().await);
        assert_eq!((a.1, b.1), (Ok(()), Ok(())), "{faults:?}");
        assert!(a.0 < b.0);
        assert!(
            stage.wrote.lock().iter().all(|id| *id == b.0.0),
            "the same ids in each try: {faults:?}"
        );
        let stored = stage.stored().await;
        assert_eq!(
            stored[before..],
            [format!("a{round}"), format!("b{round}")],
            "{faults:?}"
        );
        assert!(
            stage.store.message(a.0).await.unwrap().is_some(),
            "{faults:?}"
        );
        let unread = stage.store.conversations(1, 1).await.unwrap()[0].unread;
        assert_eq!(unread, stored.len() as u64, "{faults:?}");
    }
    stage.end().await;
}

#[tokio::test]
async fn while_the_outcome_is_unknown_nothing_is_released_and_health_is_bad() {
    let mut stage = Stage::new().await;
    stage.plan([Fault::AfterCommit, Fault::Gone, Fault::Gone]);
    stage.submit(&["x"]);
    while stage.store.health().error.is_none() {
        tokio::task::yield_now().await;
    }
    stage.submit(&["y"]);
    assert!(stage.released.try_recv().is_err());
    assert!(stage.store.health().since.is_some());
    assert!(matches!(
        stage.store.ping().await,
        Err(Error::Unavailable(_))
    ));
    let write = stage
        .store
        .write(vec![kv::put(1, "n", "k", "v".into())])
        .await;
    assert!(
        matches!(write, Err(Error::Unavailable(_))),
        "nobody waits for what may take long"
    );
    assert_eq!(
        (stage.next().await.1, stage.next().await.1),
        (Ok(()), Ok(()))
    );
    assert!(stage.store.health().error.is_none());
    stage.store.ping().await.unwrap();
    assert_eq!(stage.stored().await, ["x", "y"]);
    assert_eq!(stage.store.kv_get(1, "n", "k").await.unwrap(), None);
    stage.end().await;
}

#[tokio::test]
async fn a_full_disk_fails_the_batch_and_nothing_of_it_is_stored() {
    let mut stage = Stage::new().await;
    stage.plan([Fault::Full]);
    stage.submit(&["x", "y"]);
    for _ in 0..2 {
        assert!(matches!(stage.next().await.1, Err(Error::Full(_))));
    }
    assert!(matches!(stage.store.health().error, Some(Error::Full(_))));
    stage.plan([Fault::Full]);
    assert!(
        matches!(stage.store.ping().await, Err(Error::Full(_))),
        "it tries"
    );
    stage.store.ping().await.unwrap();
    assert!(stage.store.health().error.is_none(), "room was made");
    stage.submit(&["z"]);
    assert_eq!(stage.next().await.1, Ok(()));
    assert_eq!(stage.stored().await, ["z"]);
    stage.end().await;
}

#[tokio::test]
async fn closing_does_not_wait_for_a_database_that_is_gone() {
    let mut stage = Stage::new().await;
    stage.plan([Fault::Gone; 1000]);
    stage.submit(&["x"]);
    while stage.store.health().error.is_none() {
        tokio::task::yield_now().await;
    }
    let closing = tokio::time::timeout(Duration::from_secs(5), stage.store.close());
    closing.await.unwrap();
    assert!(
        stage.released.recv().await.is_none(),
        "it is neither stored nor refused: nobody knows"
    );
    stage.queue.drain().await;
    stage.database.drop().await;
}

#[tokio::test]
async fn a_writer_that_fails_is_noticed_and_nobody_waits_for_it() {
    let stage = Stage::new().await;
    stage.plan([Fault::Panic]);
    let op = || kv::put(1, "x", "y", "z".into());
    let end = async {
        let first = stage.store.write(vec![op()]).await;
        assert!(matches!(first, Err(Error::Unavailable(_))), "{first:?}");
        stage.store.ended().await;
        let ping = stage.store.ping().await;
        assert!(matches!(ping, Err(Error::Unavailable(_))), "{ping:?}");
        let later = stage.store.write(vec![op()]).await;
        assert!(matches!(later, Err(Error::Unavailable(_))), "{later:?}");
        stage.submit(&["nobody takes this"]);
        stage.queue.drain().await;
    };
    tokio::time::timeout(Duration::from_secs(20), end)
        .await
        .unwrap();
    stage.end().await;
}
