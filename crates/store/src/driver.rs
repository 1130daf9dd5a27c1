//! The databases behind the store: one way to read, one way to write.

pub(crate) mod server;
pub(crate) mod sqlite;

use crate::{
    Config, Error, Value,
    dialect::Dialect,
    migrations,
    value::{Param, Row},
};
use server::{Mysql, Postgres};
use std::{borrow::Cow, path::PathBuf, sync::Arc, time::Duration};

/// A statement that inserts many rows.
pub(crate) struct Insert {
    /// One row.
    pub one: &'static str,
    /// Up to and including `VALUES `.
    pub head: &'static str,
    /// The placeholders of a row.
    pub tuple: &'static str,
    /// What follows the rows.
    pub tail: &'static str,
    /// How many values a row has.
    pub width: usize,
}

/// An [`Insert`] from its three pieces.
macro_rules! insert {
    ($width:literal, $head:literal, $tuple:literal, $tail:literal) => {
        $crate::driver::Insert {
            one: concat!($head, " VALUES ", $tuple, $tail),
            head: concat!($head, " VALUES "),
            tuple: $tuple,
            tail: $tail,
            width: $width,
        }
    };
}
pub(crate) use insert;

/// A transaction in which the writer writes. Dropping out of it without a commit undoes it.
pub(crate) trait Tx {
    /// Whose SQL it speaks.
    fn dialect(&self) -> Dialect;
    /// Carries out a statement; how many rows it touched.
    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Error>;
    /// Inserts rows; `flat` has `into.width` values for each.
    fn insert(&mut self, into: &Insert, flat: &[Param<'_>]) -> Result<(), Error>;
    /// Reads rows as this transaction sees them.
    fn rows(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>, Error>;
    /// Carries out a text as it is, in the database's own words.
    fn raw(&mut self, sql: &str) -> Result<(), Error>;
}

/// What the work inside a transaction came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Make it last.
    Commit,
    /// Leave nothing of it.
    Rollback,
}

/// The connection of the one who writes. It connects when it must, and again after an unknown outcome.
pub(crate) trait Link: Send {
    /// Runs `work` alone in a transaction. An error from `work` undoes it and is returned.
    fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<End, Error>,
    ) -> Result<(), Error>;
    /// Drops the connection; the next transaction makes a new one.
    fn reset(&mut self);
}

/// What is open after [`open`].
pub(crate) struct Opened {
    pub reader: Reader,
    pub link: Box<dyn Link>,
    /// SQLite's file.
    pub file: Option<PathBuf>,
    pub checkpoints: Option<Arc<sqlite::Checkpoints>>,
}

/// Those who read.
pub(crate) enum Reader {
    Sqlite(sqlite::Readers),
    Postgres(sqlx::PgPool, Duration),
    Mysql(sqlx::MySqlPool, Duration),
}

impl Reader {
    /// Reads rows until they have `budget` bytes, at least one; whether there were more.
    pub async fn rows(
        &self,
        sql: Cow<'static, str>,
        params: Vec<Value>,
        budget: usize,
    ) -> Result<(Vec<Row>, bool), Error> {
        match self {
            Reader::Sqlite(readers) => readers.rows(sql, params, budget).await,
            // Boxed: these take tens of kilobytes, which every future that may read would carry.
            Reader::Postgres(pool, timeout) => {
                Box::pin(Postgres::read(pool, *timeout, &sql, &params, budget)).await
            }
            Reader::Mysql(pool, timeout) => {
                Box::pin(Mysql::read(pool, *timeout, &sql, &params, budget)).await
            }
        }
    }

    pub async fn close(&self) {
        match self {
            Reader::Sqlite(readers) => readers.close().await,
            Reader::Postgres(pool, _) => pool.close().await,
            Reader::Mysql(pool, _) => pool.close().await,
        }
    }
}

/// Opens the database that `config` names and brings its schema up to date.
pub(crate) async fn open(config: &Config) -> Result<Opened, Error> {
    let timeout = Duration::from_secs(config.timeout_secs.max(1));
    let (kind, rest) = config.url.split_once("://").unwrap_or((&config.url, ""));
    match kind {
        "sqlite" => open_sqlite(config, sqlite::file(rest)?).await,
        "postgres" | "postgresql" => {
            let server = Postgres::new(&config.url)?;
            server.look().await?;
            open_server(
                Reader::Postgres(server.pool(config.pool), timeout),
                server,
                timeout,
            )
            .await
        }
        "mysql" | "mariadb" => {
            let server = Mysql::new(&config.url)?;
            server.look().await?;
            open_server(
                Reader::Mysql(server.pool(config.pool), timeout),
                server,
                timeout,
            )
            .await
        }
        _ => Err(Error::config(format!(
            "store.url begins with {kind:?}: it must begin with sqlite://, postgres:// or mysql://"
        ))),
    }
}

async fn open_server<S: server::Server>(
    reader: Reader,
    server: S,
    timeout: Duration,
) -> Result<Opened, Error> {
    // The writer's runtime lives and waits on threads that may wait.
    let link = tokio::task::spawn_blocking(move || {
        let mut link: Box<dyn Link> = Box::new(server::Writer::new(server, timeout)?);
        migrations::run(&mut *link).map(|()| link)
    });
    let link = link.await.map_err(Error::unavailable)??;
    Ok(Opened {
        reader,
        link,
        file: None,
        checkpoints: None,
    })
}

async fn open_sqlite(config: &Config, file: PathBuf) -> Result<Opened, Error> {
    let checkpoints = sqlite::Checkpoints::new(config.wal_mib << 20);
    let reader = Reader::Sqlite(sqlite::Readers::new(file.clone(), config.readers));
    let mut link: Box<dyn Link> = Box::new(sqlite::Writer::new(file.clone(), checkpoints.clone()));
    let path = file.clone();
    let link = tokio::task::spawn_blocking(move || {
        sqlite::create(&path)?;
        migrations::run(&mut *link).map(|()| link)
    });
    let link = link.await.map_err(Error::unavailable)??;
    Ok(Opened {
        reader,
        link,
        file: Some(file),
        checkpoints: Some(checkpoints),
    })
}
