//! Emptying the write-ahead log into the database, in a thread of its own: commits do not wait for it, and it stays bounded.

use super::{error, open};
use crate::Error;
use parking_lot::{Mutex, MutexGuard};
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle, Thread},
    time::{Duration, Instant},
};

/// Bytes of a page.
const PAGE: u64 = 4096;
/// How many new pages are worth a checkpoint.
const STEP: u64 = 2000;
/// How long the log's last pages may stay in it.
const IDLE: Duration = Duration::from_secs(30);
/// How long starting the log anew waits for readers.
const READERS: Duration = Duration::from_millis(100);
/// How long emptying a log in doubt waits for others: several that open a new database on a busy disk take turns.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// How long to wait before a checkpoint that somebody was in the way of is tried again.
const AGAIN: Duration = Duration::from_millis(20);

/// What the writer and the checkpoint thread tell each other.
pub(crate) struct Checkpoints {
    /// Held while a transaction writes, and while the log is started anew.
    gate: Mutex<()>,
    limit_pages: u64,
    /// Pages in the log after the last commit.
    pages: AtomicU64,
    /// How many of them were in the database after the last checkpoint.
    done: AtomicU64,
    stop: AtomicBool,
    thread: Mutex<Option<Thread>>,
}

impl Checkpoints {
    /// For a log of at most about `limit` bytes.
    pub fn new(limit: u64) -> Arc<Checkpoints> {
        Arc::new(Checkpoints {
            gate: Mutex::new(()),
            limit_pages: (limit / PAGE).max(STEP),
            pages: AtomicU64::new(0),
            done: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            thread: Mutex::new(None),
        })
    }

    /// Bytes the log's file may keep when it is started anew.
    pub fn kept_bytes(&self) -> u64 {
        2 * self.limit_pages * PAGE
    }

    /// Keeps the log from being started anew while a transaction writes.
    pub fn writing(&self) -> MutexGuard<'_, ()> {
        self.gate.lock()
    }

    /// The log has `pages` pages now.
    pub fn written(&self, pages: i32) {
        let pages = u64::try_from(pages).unwrap_or(0);
        if pages < self.pages.swap(pages, Ordering::Relaxed) {
            // It was started anew.
            self.done.store(0, Ordering::Relaxed);
        }
        if pages >= self.done.load(Ordering::Relaxed) + STEP {
            self.wake();
        }
    }

    /// Starts the thread.
    pub fn start(self: &Arc<Checkpoints>, file: PathBuf) -> Result<JoinHandle<()>, Error> {
        let me = self.clone();
        let handle = thread::Builder::new()
            .name("store-checkpoint".into())
            .spawn(move || me.run(&file));
        let handle = handle.map_err(Error::unavailable)?;
        *self.thread.lock() = Some(handle.thread().clone());
        Ok(handle)
    }

    /// Ends the thread.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.wake();
    }

    fn wake(&self) {
        if let Some(thread) = &*self.thread.lock() {
            thread.unpark();
        }
    }

    fn run(&self, file: &Path) {
        let mut conn = None;
        while !self.stop.load(Ordering::Acquire) {
            thread::park_timeout(IDLE);
            if self.pages.load(Ordering::Relaxed) == self.done.load(Ordering::Relaxed) {
                continue;
            }
            let connected = conn.take().map_or_else(|| connect(file), Ok);
            match connected.and_then(|c| self.checkpoint(&c).map(|()| c)) {
                Ok(c) => conn = Some(c),
                Err(e) => {
                    tracing::warn!(error = %e, "the write-ahead log could not be emptied; it grows until it can")
                }
            }
        }
    }

    fn checkpoint(&self, conn: &Connection) -> Result<(), Error> {
        let (pages, done) = run(conn, "PRAGMA wal_checkpoint(PASSIVE)")?;
        self.done.store(done, Ordering::Relaxed);
        if pages >= self.limit_pages {
            // Little is left to copy, so the writer waits for this only a moment.
            let _alone = self.gate.lock();
            run(conn, "PRAGMA wal_checkpoint(RESTART)")?;
        }
        Ok(())
    }
}

fn connect(file: &Path) -> Result<Connection, Error> {
    let conn = open(file)?;
    conn.busy_timeout(READERS).map_err(error)?;
    conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;")
        .map_err(error)?;
    Ok(conn)
}

/// Copies all of the log into the database, synced, and empties it.
///
/// What a failed sync, or a process that was killed before it, left in the log may be in the system's cache alone: reading it
/// proves nothing, and syncing the log again may not write it. The copy is written and synced anew.
pub(super) fn settle(conn: &Connection, patience: Duration) -> Result<(), Error> {
    let until = Instant::now() + patience;
    loop {
        let busy: i64 = conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))
            .map_err(error)?;
        if busy == 0 {
            return Ok(());
        }
        if Instant::now() > until {
            return Err(Error::unavailable("the write-ahead log is in use"));
        }
        // Another checkpoint is running: SQLite does not wait for that.
        thread::sleep(AGAIN);
    }
}

/// Runs a checkpoint; how many pages the log has, and how many of them are in the database.
fn run(conn: &Connection, checkpoint: &'static str) -> Result<(u64, u64), Error> {
    let pages = |n: i64| u64::try_from(n).unwrap_or(0);
    conn.query_row(checkpoint, [], |r| Ok((pages(r.get(1)?), pages(r.get(2)?))))
        .map_err(error)
}

#[cfg(test)]
mod tests {
    use super::super::Writer;
    use super::*;
    use crate::{
        driver::{End, Link},
        testing::Database,
    };

    #[tokio::test]
    async fn what_is_in_doubt_is_copied_out_of_the_log_before_anything_is_read() {
        let database = Database::make("sqlite").await.unwrap();
        let file = PathBuf::from(database.config().url.strip_prefix("sqlite://").unwrap());
        let mut log = file.clone().into_os_string();
        log.push("-wal");
        super::super::create(&file).unwrap();
        let mut writer = Writer::new(file.clone(), Checkpoints::new(1 << 20));
        writer.patience = super::super::BUSY;
        // While it is open, closing the writer does not empty the log.
        let other = connect(&file).unwrap();
        let size = || std::fs::metadata(&log).unwrap().len();
        writer
            .transaction(&mut |tx| tx.raw("CREATE TABLE t (a)").map(|()| End::Commit))
            .unwrap();
        other
            .query_row("SELECT COUNT(*) FROM t", [], |_| Ok(()))
            .unwrap();
        assert!(size() > 0);
        writer.reset();
        writer
            .transaction(&mut |tx| {
                assert_eq!(size(), 0);
                assert!(tx.rows("SELECT a FROM t", &[])?.is_empty());
                Ok(End::Rollback)
            })
            .unwrap();
        // Somebody who reads keeps it from being emptied: then nothing is certain yet.
        writer
            .transaction(&mut |tx| tx.raw("INSERT INTO t VALUES (1)").map(|()| End::Commit))
            .unwrap();
        other.execute_batch("BEGIN; SELECT * FROM t").unwrap();
        writer
            .transaction(&mut |tx| tx.raw("INSERT INTO t VALUES (2)").map(|()| End::Commit))
            .unwrap();
        writer.reset();
        let refused = writer.transaction(&mut |_| Ok(End::Commit));
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        other.execute_batch("COMMIT").unwrap();
        writer.transaction(&mut |_| Ok(End::Commit)).unwrap();
        drop((writer, other));
        database.drop().await;
    }
}
