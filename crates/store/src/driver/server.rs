//! PostgreSQL and MySQL: a connection that writes, in the writer's own runtime, and a pool that reads in the caller's.

pub(crate) mod mysql;
pub(crate) mod postgres;
mod said;
mod statements;

pub(crate) use mysql::Mysql;
pub(crate) use postgres::Postgres;

use super::{End, Insert, Link, Tx};
use crate::{
    Error,
    dialect::Dialect,
    value::{Param, Row},
};
use said::Said;
use sqlx::SqlStr;
use std::{
    future::Future,
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 256;
/// How long a reader waits for a connection of the pool.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long the end of a connection may take.
const GOODBYE: Duration = Duration::from_secs(1);
/// After how long without work the writer connects anew: the server, or something between, may have hung up.
const STALE: Duration = Duration::from_secs(30);

/// What is different between the servers.
pub(crate) trait Server: Send + Sync + 'static {
    const DIALECT: Dialect;
    /// A connection.
    type Connection: Send;

    /// Makes a connection that writes: durable, and without locks of a predecessor that hangs.
    async fn connect(&self) -> Result<Self::Connection, Error>;
    /// Carries out a statement; how many rows it touched.
    async fn execute(
        conn: &mut Self::Connection,
        sql: SqlStr,
        params: &[Param<'_>],
    ) -> Result<u64, Error>;
    /// Reads rows until they have `budget` bytes, at least one; whether there were more.
    async fn rows(
        conn: &mut Self::Connection,
        sql: SqlStr,
        params: &[Param<'_>],
        budget: usize,
    ) -> Result<(Vec<Row>, bool), Error>;
    /// Says goodbye.
    async fn close(conn: Self::Connection) -> Result<(), Error>;
    /// Carries out a text that is not prepared.
    async fn raw(conn: &mut Self::Connection, sql: &str) -> Result<(), Error>;
}

/// The connection that writes. Not to be dropped in a runtime.
pub(crate) struct Writer<S: Server> {
    server: S,
    runtime: Runtime,
    timeout: Duration,
    /// And when it was used last.
    conn: Option<(S::Connection, Instant)>,
    said: Said,
}

impl<S: Server> Writer<S> {
    pub fn new(server: S, timeout: Duration) -> Result<Writer<S>, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(Error::unavailable)?;
        Ok(Writer {
            server,
            runtime,
            timeout,
            conn: None,
            said: Said::new(S::DIALECT),
        })
    }
}

impl<S: Server> Link for Writer<S> {
    fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<End, Error>,
    ) -> Result<(), Error> {
        let wait = Wait {
            runtime: &self.runtime,
            timeout: self.timeout,
        };
        let mut conn = match self.conn.take() {
            Some((conn, used)) if used.elapsed() < STALE => conn,
            _ => wait.run(self.server.connect())?,
        };
        wait.run(S::raw(&mut conn, "BEGIN"))?;
        let end = match work(&mut Transaction::<S> {
            wait,
            conn: &mut conn,
            said: &mut self.said,
        }) {
            Ok(End::Commit) => wait.run(S::raw(&mut conn, "COMMIT")),
            Ok(End::Rollback) => wait.run(S::raw(&mut conn, "ROLLBACK")),
            Err(e) => Err(e),
        };
        // After anything unclear the connection is not used again: a late answer must not be taken for that of the next question.
        let clean = match &end {
            Ok(()) => true,
            Err(e) if e.fate() == crate::error::Fate::Unknown => false,
            Err(_) => wait.run(S::raw(&mut conn, "ROLLBACK")).is_ok(),
        };
        if clean {
            self.conn = Some((conn, Instant::now()));
        }
        end
    }

    fn reset(&mut self) {
        self.conn = None;
    }
}

impl<S: Server> Drop for Writer<S> {
    fn drop(&mut self) {
        if let Some((conn, _)) = self.conn.take() {
            let goodbye = self.runtime.block_on(within(GOODBYE, S::close(conn)));
            // What was committed is committed, whether the server heard it or not.
            drop(goodbye);
        }
    }
}

/// Waits for the server, but not for ever.
#[derive(Clone, Copy)]
struct Wait<'a> {
    runtime: &'a Runtime,
    timeout: Duration,
}

impl Wait<'_> {
    fn run<T>(self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.runtime.block_on(within(self.timeout, answer))
    }
}

/// `answer`, unless it takes too long.
async fn within<T>(
    timeout: Duration,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let late = || Error::unavailable(format!("no answer within {} s", timeout.as_secs()));
    tokio::time::timeout(timeout, answer)
        .await
        .unwrap_or_else(|_| Err(late()))
}

struct Transaction<'a, S: Server> {
    wait: Wait<'a>,
    conn: &'a mut S::Connection,
    said: &'a mut Said,
}

impl<S: Server> Tx for Transaction<'_, S> {
    fn dialect(&self) -> Dialect {
        S::DIALECT
    }

    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Error> {
        let sql = self.said.statement(sql);
        self.wait.run(S::execute(self.conn, sql, params))
    }

    fn insert(&mut self, into: &Insert, flat: &[Param<'_>]) -> Result<(), Error> {
        let mut rest = flat;
        while !rest.is_empty() {
            let rows = said::rows_at_once(rest, into.width);
            let (now, later) = rest.split_at(rows * into.width);
            let sql = self.said.insert(into, rows);
            self.wait.run(S::execute(self.conn, sql, now))?;
            rest = later;
        }
        Ok(())
    }

    fn rows(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
        let sql = self.said.statement(sql);
        self.wait
            .run(S::rows(self.conn, sql, params, usize::MAX))
            .map(|(rows, _)| rows)
    }

    fn raw(&mut self, sql: &str) -> Result<(), Error> {
        if sql.is_empty() {
            Ok(())
        } else {
            self.wait.run(S::raw(self.conn, sql))
        }
    }
}

/// Says that a setting of the server breaks our promise.
fn caution(setting: &str, value: &str, why: &str) {
    tracing::warn!(setting, value, "{why}");
}
