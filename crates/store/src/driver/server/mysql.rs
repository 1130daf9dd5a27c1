//! MySQL and MariaDB.

use super::{
    STATEMENTS, Server, caution,
    statements::{arguments, reading, statements},
};
use crate::{Error, Value, dialect::Dialect};
use sqlx::{
    ConnectOptions, Connection, MySqlConnection, MySqlPool, Row as _, TypeInfo, ValueRef,
    error::DatabaseError,
    mysql::{MySqlArguments, MySqlConnectOptions, MySqlDatabaseError, MySqlPoolOptions, MySqlRow},
};
use std::str::FromStr;

/// A MySQL or MariaDB server.
pub(crate) struct Mysql {
    options: MySqlConnectOptions,
}

impl Mysql {
    pub fn new(url: &str) -> Result<Mysql, Error> {
        let options = MySqlConnectOptions::from_str(url).map_err(error)?;
        let options = options
            .charset("utf8mb4")
            .statement_cache_capacity(STATEMENTS);
        Ok(Mysql {
            options: options.disable_statement_logging(),
        })
    }

    /// Says what about the server's settings endangers what was accepted.
    pub async fn look(&self) -> Result<(), Error> {
        let mut conn = MySqlConnection::connect_with(&self.options)
            .await
            .map_err(error)?;
        let sql = "SELECT @@innodb_flush_log_at_trx_commit, @@innodb_doublewrite, @@log_bin, @@sync_binlog";
        let row = sqlx::query(sql).fetch_one(&mut conn).await.map_err(error)?;
        let setting = |i| row.try_get_unchecked::<i64, _>(i).map_err(error);
        let (flush, double, log, sync) = (setting(0)?, setting(1)?, setting(2)?, setting(3)?);
        let why = "a power failure can lose accepted messages or damage the database: set it to 1";
        for (name, value, safe) in [
            (
                "innodb_flush_log_at_trx_commit",
                flush,
                flush == 1 || flush == 3,
            ),
            ("innodb_doublewrite", double, double != 0),
            ("sync_binlog", sync, sync == 1 || log == 0),
        ] {
            if !safe {
                caution(name, &value.to_string(), why);
            }
        }
        conn.close().await.map_err(error)
    }
}

impl Server for Mysql {
    const DIALECT: Dialect = Dialect::Mysql;
    type Connection = MySqlConnection;

    async fn connect(&self) -> Result<MySqlConnection, Error> {
        let mut conn = MySqlConnection::connect_with(&self.options)
            .await
            .map_err(error)?;
        for sql in [
            // Without it a value that is too long is cut off silently.
            "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
            "SET SESSION innodb_lock_wait_timeout = 15",
            // A connection that was cut off must not keep the row of the last id locked for hours.
            "SET SESSION wait_timeout = 60",
        ] {
            Mysql::raw(&mut conn, sql).await?;
        }
        Ok(conn)
    }

    async fn close(conn: MySqlConnection) -> Result<(), Error> {
        conn.close().await.map_err(error)
    }

    statements!(MySqlConnection, MySqlArguments);
}

arguments!(MySqlArguments);
reading!(Mysql, MySqlPool, MySqlPoolOptions);

fn value(row: &MySqlRow, i: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(i)?;
    Ok(match raw.type_info().name() {
        _ if raw.is_null() => Value::Int(None),
        "BIGINT" | "INT" | "TINYINT" | "BOOLEAN" => Value::Int(row.try_get_unchecked(i)?),
        "VARCHAR" | "CHAR" | "TEXT" | "MEDIUMTEXT" | "LONGTEXT" => Value::Text(
            row.try_get_unchecked::<Option<String>, _>(i)?
                .map(Into::into),
        ),
        _ => Value::Bytes(
            row.try_get_unchecked::<Option<Vec<u8>>, _>(i)?
                .map(Into::into),
        ),
    })
}

/// What the server's error means for us (MySQL's server error reference).
fn refused(e: &dyn DatabaseError) -> Error {
    let number = e
        .try_downcast_ref::<MySqlDatabaseError>()
        .map_or(0, MySqlDatabaseError::number);
    let text = format!("{} ({number})", e.message()).into();
    match number {
        // Duplicate entry; table, column or key exists.
        1062 | 1050 | 1060 | 1061 => Error::Conflict(text),
        // Disk full, table full, no space.
        1021 | 1114 | 1030 if no_space(e.message()) || number != 1030 => Error::Full(text),
        // Crashed table, corrupt index.
        1194 | 1195 | 1712 | 1877 => Error::Corrupt(text),
        // Access denied, unknown database.
        1044 | 1045 | 1049 | 1142 => Error::Config(text),
        // Too long, out of range, wrong string, wrong statement, no such table or column, constraint.
        1048 | 1054 | 1064 | 1071 | 1118 | 1136 | 1146 | 1153 | 1264 | 1265 | 1292 | 1364
        | 1366 | 1406 | 1452 | 3988 => Error::Invalid(text),
        // Shutting down, killed, lock wait, deadlock, read-only: the transaction is gone, another may do.
        _ => Error::Unavailable(text),
    }
}

/// Whether "got error … from storage engine" is about room.
fn no_space(message: &str) -> bool {
    message.contains("28") || message.contains("No space")
}

/// For tests: carries out `sql` on the server.
pub(crate) async fn run(url: &str, sql: &str) -> Result<(), Error> {
    let server = Mysql::new(url)?;
    let mut conn = MySqlConnection::connect_with(&server.options)
        .await
        .map_err(error)?;
    Mysql::raw(&mut conn, sql).await?;
    conn.close().await.map_err(error)
}
