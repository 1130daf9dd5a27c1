//! Carrying out statements through sqlx: the same words for each server's types.

/// The functions `execute`, `rows` and `raw` of [`super::Server`], and `read` for a pool.
macro_rules! statements {
    ($connection:ty, $arguments:ty) => {
        async fn execute(
            conn: &mut $connection,
            sql: sqlx::SqlStr,
            params: &[$crate::value::Param<'_>],
        ) -> Result<u64, $crate::Error> {
            let query = sqlx::query_with(sql, arguments(params)?);
            query
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
                .map_err(error)
        }

        async fn rows(
            conn: &mut $connection,
            sql: sqlx::SqlStr,
            params: &[$crate::value::Param<'_>],
            budget: usize,
        ) -> Result<(Vec<$crate::value::Row>, bool), $crate::Error> {
            use futures_util::TryStreamExt;
            use sqlx::Row;
            let mut rows = sqlx::query_with(sql, arguments(params)?).fetch(conn);
            let (mut list, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.try_next().await.map_err(error)? {
                if bytes > budget {
                    return Ok((list, true));
                }
                let values = (0..row.len()).map(|i| value(&row, i));
                let row = $crate::value::Row(values.collect::<Result<_, _>>().map_err(error)?);
                bytes += row.0.iter().map($crate::Value::size).sum::<usize>();
                list.push(row);
            }
            Ok((list, false))
        }

        async fn raw(conn: &mut $connection, sql: &str) -> Result<(), $crate::Error> {
            use sqlx::Executor;
            conn.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql)))
                .await
                .map(drop)
                .map_err(error)
        }
    };
}

/// The function `arguments`: parameters as a server's driver takes them.
macro_rules! arguments {
    ($arguments:ty) => {
        fn arguments(params: &[$crate::value::Param<'_>]) -> Result<$arguments, $crate::Error> {
            use sqlx::Arguments;
            use $crate::value::Param;
            let mut arguments = <$arguments>::default();
            arguments.reserve(params.len(), params.iter().map(Param::size).sum());
            for param in params {
                match *param {
                    Param::Int(n) => arguments.add(n),
                    Param::Text(text) => arguments.add(text),
                    Param::Bytes(bytes) => arguments.add(bytes),
                }
                .map_err(|e| $crate::Error::Invalid(e.to_string().into()))?;
            }
            Ok(arguments)
        }
    };
}

/// The functions `error`, which asks `refused` what the server's codes mean, and `pool` and `read`.
macro_rules! reading {
    ($server:ty, $pool:ty, $options:ty) => {
        fn error(e: sqlx::Error) -> $crate::Error {
            match &e {
                sqlx::Error::Database(d) => refused(&**d),
                sqlx::Error::Configuration(_) => $crate::Error::config(format!("store.url: {e}")),
                sqlx::Error::Encode(_) => $crate::Error::Invalid(e.to_string().into()),
                sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                    $crate::Error::corrupt(e)
                }
                _ => $crate::Error::unavailable(e),
            }
        }

        impl $server {
            /// The connections that read.
            pub fn pool(&self, size: u32) -> $pool {
                <$options>::new()
                    .max_connections(size.max(1))
                    .acquire_timeout(super::ACQUIRE)
                    .connect_lazy_with(self.options.clone())
            }

            /// Reads rows through the pool, until they have `budget` bytes, at least one; whether there were more.
            pub async fn read(
                pool: &$pool,
                timeout: std::time::Duration,
                sql: &str,
                params: &[$crate::Value],
                budget: usize,
            ) -> Result<(Vec<$crate::value::Row>, bool), $crate::Error> {
                use super::Server;
                use sqlx::{AssertSqlSafe, SqlSafeStr};
                let sql = AssertSqlSafe(<$server>::DIALECT.say(sql)).into_sql_str();
                let params: Vec<_> = params.iter().map($crate::Value::param).collect();
                super::within(timeout, async {
                    let mut conn = pool.acquire().await.map_err(error)?;
                    <$server>::rows(&mut conn, sql, &params, budget).await
                })
                .await
            }
        }
    };
}

pub(super) use {arguments, reading, statements};
