//! The store as a whole: opening, health, writing outside the queue, backup, closing.

use crate::{
    Config, Error, Id, Op, Value,
    driver::{self, Opened, Reader, sqlite},
    sweep,
    value::Row,
    writer::{Desk, Job},
};
use parking_lot::Mutex;
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// How long a write outside the queue waits for the writer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The database. Cheap to clone. See the crate.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    reader: Reader,
    desk: Arc<Desk>,
    /// SQLite's file.
    file: Option<PathBuf>,
    checkpoints: Option<Arc<sqlite::Checkpoints>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Whether the database takes writes.
#[derive(Debug, Clone, Default)]
pub struct Health {
    /// Why it does not; `None` if it does.
    pub error: Option<Error>,
    /// Since when.
    pub since: Option<Instant>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("health", &self.health())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database and brings its schema up to date. [`Error::Config`] says what to mend.
    pub async fn open(config: &Config) -> Result<Store, Error> {
        let store = Store::start(driver::open(config).await?)?;
        sweep::start(&store.inner);
        Ok(store)
    }

    /// Sets the threads to work on an open database. Nothing is swept yet.
    pub(crate) fn start(opened: Opened) -> Result<Store, Error> {
        let Opened {
            reader,
            link,
            file,
            checkpoints,
        } = opened;
        let desk = Desk::new();
        let mut threads = vec![desk.start(link)?];
        if let (Some(checkpoints), Some(file)) = (&checkpoints, &file) {
            threads.push(checkpoints.start(file.clone())?);
        }
        let inner = Arc::new(Inner {
            reader,
            desk,
            file,
            checkpoints,
            threads: Mutex::new(threads),
        });
        Ok(Store { inner })
    }

    pub(crate) fn of(inner: Arc<Inner>) -> Store {
        Store { inner }
    }

    pub(crate) fn desk(&self) -> &Arc<Desk> {
        &self.inner.desk
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.inner.desk.stopping()
    }

    /// Writes what waits in the queue and closes the database. What is submitted later is dropped.
    pub async fn close(&self) {
        self.inner.desk.stop();
        let threads = std::mem::take(&mut *self.inner.threads.lock());
        let mut threads = threads.into_iter();
        let checkpoints = self.inner.checkpoints.clone();
        let ended = tokio::task::spawn_blocking(move || {
            let writer = threads.next().map(JoinHandle::join);
            if let Some(checkpoints) = checkpoints {
                checkpoints.stop();
            }
            threads
                .map(JoinHandle::join)
                .chain(writer)
                .all(|end| end.is_ok())
        });
        if !ended.await.unwrap_or(false) {
            tracing::error!("a thread of the store had panicked");
        }
        self.inner.reader.close().await;
    }

    /// Resolves when nothing is written any more: the store was closed, or its writer failed.
    pub async fn ended(&self) {
        self.inner.desk.ended().await;
    }

    /// Whether the database takes writes, as of the last one.
    pub fn health(&self) -> Health {
        self.inner.desk.health()
    }

    /// Fails if the database does not answer or does not take writes.
    pub async fn ping(&self) -> Result<(), Error> {
        match self.health().error {
            // Nobody else may write while this says no, so try: room may have been made.
            Some(Error::Full(_) | Error::Corrupt(_)) => self
                .write(vec![Op::one(
                    "UPDATE meta SET value = value WHERE name = 'last_id'",
                    [],
                )])
                .await
                .map(drop),
            Some(error) => Err(error),
            None => self.rows("SELECT 1", vec![]).await.map(drop),
        }
    }

    /// The highest id ever given.
    pub async fn last_id(&self) -> Result<Id, Error> {
        self.row("SELECT value FROM meta WHERE name = 'last_id'", Vec::new())
            .await?
            .ok_or_else(|| Error::corrupt("the table meta has no last_id"))?
            .int(0)
            .map(Id)
    }

    /// Writes `ops` in one transaction outside the queue; how many rows each touched.
    pub async fn write(&self, ops: Vec<Op>) -> Result<Vec<u64>, Error> {
        if let Some(error @ Error::Unavailable(_)) = self.health().error {
            return Err(error);
        }
        let (done, outcome) = oneshot::channel();
        if self.inner.desk.submit(Job::Write { ops, done }).is_err() {
            return Err(closed());
        }
        match tokio::time::timeout(PATIENCE, outcome).await {
            Ok(outcome) => outcome.unwrap_or_else(|_| Err(closed())),
            Err(_) => Err(Error::Unavailable("no answer in time".into())),
        }
    }

    /// [`Store::write`] of one operation.
    pub(crate) async fn write_one(&self, op: Op) -> Result<u64, Error> {
        self.write(vec![op])
            .await
            .map(|touched| touched.first().copied().unwrap_or(0))
    }

    /// Reads all rows of a query.
    pub(crate) async fn rows(
        &self,
        sql: impl Into<Cow<'static, str>>,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, Error> {
        self.inner
            .reader
            .rows(sql.into(), params, usize::MAX)
            .await
            .map(|(rows, _)| rows)
    }

    /// Reads rows until they have `budget` bytes, at least one; whether there were more.
    pub(crate) async fn rows_within(
        &self,
        sql: impl Into<Cow<'static, str>>,
        params: Vec<Value>,
        budget: usize,
    ) -> Result<(Vec<Row>, bool), Error> {
        self.inner.reader.rows(sql.into(), params, budget).await
    }

    /// Reads the first row of a query.
    pub(crate) async fn row(
        &self,
        sql: impl Into<Cow<'static, str>>,
        params: Vec<Value>,
    ) -> Result<Option<Row>, Error> {
        self.rows(sql, params)
            .await
            .map(|rows| rows.into_iter().next())
    }

    /// Copies the database to `file` as of one moment, while it is in use. SQLite only: the others have tools of their own.
    pub async fn backup(&self, file: &Path) -> Result<(), Error> {
        let from = self.inner.file.clone().ok_or_else(only_sqlite)?;
        let to = file.to_owned();
        tokio::task::spawn_blocking(move || sqlite::backup(&from, &to))
            .await
            .map_err(Error::unavailable)?
    }
}

/// Puts a copy made by [`Store::backup`] in the place of the database, which must not be open. A damaged copy is refused.
pub async fn restore(config: &Config, file: &Path) -> Result<(), Error> {
    let path = config
        .url
        .strip_prefix("sqlite://")
        .ok_or_else(only_sqlite)?;
    let (database, from) = (sqlite::file(path)?, file.to_owned());
    tokio::task::spawn_blocking(move || {
        sqlite::create(&database)?;
        sqlite::restore(&database, &from)
    })
    .await
    .map_err(Error::unavailable)?
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.desk.stop();
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.stop();
        }
    }
}

fn only_sqlite() -> Error {
    Error::config("Magpie copies SQLite only: use pg_dump, mysqldump or your database's own backup")
}

fn closed() -> Error {
    Error::Unavailable("the store is closed".into())
}
