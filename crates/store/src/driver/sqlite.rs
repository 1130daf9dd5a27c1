//! SQLite: one connection that writes, a few that read, one that empties the write-ahead log.

mod backup;
mod checkpoint;
mod readers;

pub(crate) use backup::{backup, restore};
pub(crate) use checkpoint::Checkpoints;
pub(crate) use readers::Readers;

use super::{End, Insert, Link, Tx};
use crate::{
    Error,
    dialect::Dialect,
    value::{Param, Row, Value},
};
use bytes::Bytes;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, Rows, Statement, ToSql,
    hooks::Wal,
    types::{ToSqlOutput, ValueRef},
};
use std::{
    fs::{self, OpenOptions},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// How long to wait for another process that has the database.
const BUSY: Duration = Duration::from_secs(2);
/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 96;

/// The database's file: what the URL names, or `magpie.db` in it if that is a folder.
pub(crate) fn file(url_path: &str) -> Result<PathBuf, Error> {
    if url_path.is_empty() {
        return Err(Error::config(
            "store.url: sqlite:// needs a path, such as sqlite:///var/lib/magpie/magpie.db",
        ));
    }
    let path = PathBuf::from(url_path);
    Ok(if url_path.ends_with('/') || path.is_dir() {
        path.join("magpie.db")
    } else {
        path
    })
}

/// Makes the database's folder and file if they are missing, readable for their owner alone.
pub(crate) fn create(file: &Path) -> Result<(), Error> {
    let cannot = |e: std::io::Error| {
        Error::config(format!("cannot make the database {}: {e}", file.display()))
    };
    if let Some(dir) = file.parent().filter(|d| !d.as_os_str().is_empty()) {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(cannot)?;
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(file)
        .map_err(cannot)?;
    Ok(())
}

fn open(file: &Path) -> Result<Connection, Error> {
    // Without CREATE: if the file is gone, an empty one in its place would hide that.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags).map_err(error)?;
    conn.busy_timeout(BUSY).map_err(error)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
    )
    .map_err(error)?;
    Ok(conn)
}

/// The connection that writes.
pub(crate) struct Writer {
    file: PathBuf,
    conn: Option<Connection>,
    checkpoints: Arc<Checkpoints>,
    /// The log may have what is in the system's cache and not on the disk.
    doubtful: bool,
    /// How long emptying such a log may wait for others.
    patience: Duration,
}

impl Writer {
    pub fn new(file: PathBuf, checkpoints: Arc<Checkpoints>) -> Writer {
        Writer {
            file,
            conn: None,
            checkpoints,
            doubtful: true,
            patience: checkpoint::PATIENCE,
        }
    }

    fn connect(&mut self) -> Result<Connection, Error> {
        let conn = self.open()?;
        if self.doubtful {
            checkpoint::settle(&conn, self.patience)?;
            self.doubtful = false;
        }
        Ok(conn)
    }

    fn open(&self) -> Result<Connection, Error> {
        let mut conn = open(&self.file)?;
        let mode: String = conn
            .pragma_update_and_check(None, "journal_mode", "wal", |r| r.get(0))
            .map_err(error)?;
        if mode != "wal" {
            return Err(Error::config(format!(
                "{}: SQLite has no write-ahead log here ({mode})",
                self.file.display()
            )));
        }
        conn.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0;",
        )
        .map_err(error)?;
        let kept = self.checkpoints.kept_bytes() as i64;
        conn.pragma_update_and_check(None, "journal_size_limit", kept, |_| Ok(()))
            .map_err(error)?;
        let checkpoints = self.checkpoints.clone();
        // Whatever the hook does comes after the commit and cannot undo it.
        conn.wal_hook(Some(move |_: &mut Wal, pages| {
            checkpoints.written(pages);
            Ok(())
        }))
        .map_err(error)?;
        Ok(conn)
    }
}

impl Link for Writer {
    fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<End, Error>,
    ) -> Result<(), Error> {
        let checkpoints = self.checkpoints.clone();
        let _alone = checkpoints.writing();
        let conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.connect()?,
        };
        let conn = self.conn.insert(conn);
        run(conn, "BEGIN IMMEDIATE")?;
        let end = match work(&mut Transaction { conn }) {
            Ok(End::Commit) => run(conn, "COMMIT"),
            Ok(End::Rollback) => run(conn, "ROLLBACK"),
            Err(e) => Err(e),
        };
        if end.is_err() && !conn.is_autocommit() && run(conn, "ROLLBACK").is_err() {
            self.conn = None;
        }
        end
    }

    fn reset(&mut self) {
        self.conn = None;
        self.doubtful = true;
    }
}

fn run(conn: &Connection, sql: &str) -> Result<(), Error> {
    conn.prepare_cached(sql)
        .and_then(|mut s| s.execute([]))
        .map(drop)
        .map_err(error)
}

struct Transaction<'c> {
    conn: &'c Connection,
}

impl Tx for Transaction<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Error> {
        let mut statement = self.conn.prepare_cached(sql).map_err(error)?;
        bind(&mut statement, params)?;
        statement.raw_execute().map(|n| n as u64).map_err(error)
    }

    fn insert(&mut self, into: &Insert, flat: &[Param<'_>]) -> Result<(), Error> {
        let mut statement = self.conn.prepare_cached(into.one).map_err(error)?;
        for row in flat.chunks_exact(into.width) {
            bind(&mut statement, row)?;
            statement.raw_execute().map_err(error)?;
        }
        Ok(())
    }

    fn rows(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
        read(self.conn, sql, params, usize::MAX).map(|(rows, _)| rows)
    }

    fn raw(&mut self, sql: &str) -> Result<(), Error> {
        self.conn.execute_batch(sql).map_err(error)
    }
}

/// Reads rows until they have `budget` bytes, at least one; whether there were more.
fn read(
    conn: &Connection,
    sql: &str,
    params: &[Param<'_>],
    budget: usize,
) -> Result<(Vec<Row>, bool), Error> {
    let mut statement = conn.prepare_cached(sql).map_err(error)?;
    bind(&mut statement, params)?;
    let columns = statement.column_count();
    let mut rows: Rows<'_> = statement.raw_query();
    let (mut list, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(error)? {
        if bytes > budget {
            return Ok((list, true));
        }
        let values = (0..columns).map(|i| row.get_ref(i).map_err(error).and_then(owned));
        let row = Row(values.collect::<Result<_, Error>>()?);
        bytes += row.0.iter().map(Value::size).sum::<usize>();
        list.push(row);
    }
    Ok((list, false))
}

fn bind(statement: &mut Statement<'_>, params: &[Param<'_>]) -> Result<(), Error> {
    for (i, param) in params.iter().enumerate() {
        statement.raw_bind_parameter(i + 1, param).map_err(error)?;
    }
    Ok(())
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Param::Int(Some(n)) => ValueRef::Integer(n),
            Param::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Param::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Param::Int(None) | Param::Text(None) | Param::Bytes(None) => ValueRef::Null,
        }))
    }
}

fn owned(value: ValueRef<'_>) -> Result<Value, Error> {
    match value {
        ValueRef::Null => Ok(Value::Int(None)),
        ValueRef::Integer(n) => Ok(Value::Int(Some(n))),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(Some(text.into()))),
            Err(e) => Err(Error::corrupt(e)),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(Some(Bytes::copy_from_slice(bytes)))),
        ValueRef::Real(_) => Err(Error::corrupt("a fraction where none is kept")),
    }
}

/// What SQLite's error means for us.
pub(crate) fn error(e: rusqlite::Error) -> Error {
    let text: Arc<str> = e.to_string().into();
    match &e {
        rusqlite::Error::SqliteFailure(f, _) => match f.code {
            ErrorCode::DiskFull => Error::Full(text),
            ErrorCode::ConstraintViolation => match f.extended_code {
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                | rusqlite::ffi::SQLITE_CONSTRAINT_ROWID => Error::Conflict(text),
                _ => Error::Invalid(text),
            },
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Error::Corrupt(text),
            ErrorCode::TooBig
            | ErrorCode::TypeMismatch
            | ErrorCode::ParameterOutOfRange
            | ErrorCode::ApiMisuse
            | ErrorCode::Unknown => Error::Invalid(text),
            _ => Error::Unavailable(text),
        },
        // A statement that does not compile: as SQLITE_ERROR, a fault of that statement.
        _ => Error::Invalid(text),
    }
}
