//! PostgreSQL.

use super::{
    STATEMENTS, Server, caution,
    statements::{arguments, reading, statements},
};
use crate::{Error, Value, dialect::Dialect};
use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool, Row as _, TypeInfo, ValueRef,
    error::DatabaseError,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
};
use std::str::FromStr;

/// A PostgreSQL server.
pub(crate) struct Postgres {
    options: PgConnectOptions,
}

impl Postgres {
    pub fn new(url: &str) -> Result<Postgres, Error> {
        let options = PgConnectOptions::from_str(url).map_err(error)?;
        let options = options
            .application_name("magpie")
            .statement_cache_capacity(STATEMENTS);
        Ok(Postgres {
            options: options.disable_statement_logging(),
        })
    }

    /// Says what about the server's settings endangers what was accepted.
    pub async fn look(&self) -> Result<(), Error> {
        let mut conn = PgConnection::connect_with(&self.options)
            .await
            .map_err(error)?;
        let sql = "SELECT name, setting FROM pg_settings \
                   WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name";
        for row in sqlx::query(sql).fetch_all(&mut conn).await.map_err(error)? {
            let (name, value): (String, String) = (
                row.try_get(0).map_err(error)?,
                row.try_get(1).map_err(error)?,
            );
            match (name.as_str(), value.as_str()) {
                (_, "on" | "remote_write" | "remote_apply" | "local") => {}
                ("synchronous_commit", _) => {
                    caution(&name, &value, "Magpie turns it on for what it writes")
                }
                _ => caution(
                    &name,
                    &value,
                    "a power failure can lose accepted messages or damage the database: turn it on",
                ),
            }
        }
        conn.close().await.map_err(error)
    }
}

impl Server for Postgres {
    const DIALECT: Dialect = Dialect::Postgres;
    type Connection = PgConnection;

    async fn connect(&self) -> Result<PgConnection, Error> {
        let mut conn = PgConnection::connect_with(&self.options)
            .await
            .map_err(error)?;
        for sql in [
            // A connection that was cut off must not keep the row of the last id locked.
            "SET idle_in_transaction_session_timeout = '10s'",
            "SET lock_timeout = '15s'",
            "SET client_min_messages = 'warning'",
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
        ] {
            Postgres::raw(&mut conn, sql).await?;
        }
        Ok(conn)
    }

    async fn close(conn: PgConnection) -> Result<(), Error> {
        conn.close().await.map_err(error)
    }

    statements!(PgConnection, PgArguments);
}

arguments!(PgArguments);
reading!(Postgres, PgPool, PgPoolOptions);

fn value(row: &PgRow, i: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(i)?;
    Ok(match raw.type_info().name() {
        "INT8" => Value::Int(row.try_get(i)?),
        "INT4" => Value::Int(row.try_get::<Option<i32>, _>(i)?.map(Into::into)),
        "BYTEA" => Value::Bytes(row.try_get::<Option<Vec<u8>>, _>(i)?.map(Into::into)),
        _ if raw.is_null() => Value::Text(None),
        _ => Value::Text(row.try_get::<Option<String>, _>(i)?.map(Into::into)),
    })
}

/// What PostgreSQL's error means for us (PostgreSQL's appendix A).
fn refused(e: &dyn DatabaseError) -> Error {
    let code = e.code().unwrap_or_default();
    let text = format!("{} ({code})", e.message()).into();
    match code.as_ref() {
        "23505" | "42P07" => Error::Conflict(text),
        "53100" => Error::Full(text),
        "XX001" | "XX002" => Error::Corrupt(text),
        "28000" | "28P01" | "3D000" | "42501" => Error::Config(text),
        // A wrong value, constraint or statement.
        code if ["22", "23", "42"].contains(&code.get(..2).unwrap_or("")) => Error::Invalid(text),
        // Shutting down, out of resources, read-only, serialization: the transaction is gone, another may do.
        _ => Error::Unavailable(text),
    }
}

/// For tests: carries out `sql` on the server.
pub(crate) async fn run(url: &str, sql: &str) -> Result<(), Error> {
    let server = Postgres::new(url)?;
    let mut conn = PgConnection::connect_with(&server.options)
        .await
        .map_err(error)?;
    Postgres::raw(&mut conn, sql).await?;
    conn.close().await.map_err(error)
}
