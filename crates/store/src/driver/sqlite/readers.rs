//! The connections that read, on threads where waiting is allowed.

use super::{error, open, read};
use crate::{
    Error,
    value::{Row, Value},
};
use parking_lot::Mutex;
use rusqlite::Connection;
use std::{borrow::Cow, path::PathBuf, sync::Arc};
use tokio::sync::Semaphore;

/// See the module.
#[derive(Clone)]
pub(crate) struct Readers {
    pool: Arc<Pool>,
}

struct Pool {
    file: PathBuf,
    count: usize,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    /// `count` connections, made when they are needed.
    pub fn new(file: PathBuf, count: usize) -> Readers {
        let count = count.clamp(1, 1024);
        let places = Arc::new(Semaphore::new(count));
        Readers {
            pool: Arc::new(Pool {
                file,
                count,
                idle: Mutex::default(),
                places,
            }),
        }
    }

    /// Reads rows until they have `budget` bytes, at least one; whether there were more.
    pub async fn rows(
        &self,
        sql: Cow<'static, str>,
        params: Vec<Value>,
        budget: usize,
    ) -> Result<(Vec<Row>, bool), Error> {
        let place = self
            .pool
            .places
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| closed())?;
        let pool = self.pool.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let rows = pool.rows(&sql, &params, budget);
            drop(place);
            rows
        });
        reading.await.map_err(Error::unavailable)?
    }

    /// Waits for those who read and closes the connections. Nothing can be read any more.
    pub async fn close(&self) {
        drop(self.pool.places.acquire_many(self.pool.count as u32).await);
        self.pool.places.close();
        self.pool.idle.lock().clear();
    }
}

impl Pool {
    fn rows(&self, sql: &str, params: &[Value], budget: usize) -> Result<(Vec<Row>, bool), Error> {
        let idle = self.idle.lock().pop();
        let conn = match idle {
            Some(conn) => conn,
            None => self.connect()?,
        };
        let params: Vec<_> = params.iter().map(Value::param).collect();
        let rows = read(&conn, sql, &params, budget);
        // A connection that met an I/O error may not know the file any more.
        if !matches!(rows, Err(Error::Unavailable(_) | Error::Corrupt(_))) {
            self.idle.lock().push(conn);
        }
        rows
    }

    fn connect(&self) -> Result<Connection, Error> {
        let conn = open(&self.file)?;
        conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")
            .map_err(error)?;
        Ok(conn)
    }
}

fn closed() -> Error {
    Error::Unavailable("the store is closed".into())
}
