//! Statements in a server's words, each translated once.

use crate::{dialect::Dialect, driver::Insert, value::Param};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};
use std::{collections::HashMap, sync::Arc};

/// Rows of the longest statement that inserts. There are only powers of two, so that few statements are prepared.
const MOST_ROWS: usize = 256;
/// Bytes after which a statement is not made longer.
const MOST_BYTES: usize = 1 << 20;

/// See the module. Statements are told apart by their address: they are constants.
pub(super) struct Said {
    dialect: Dialect,
    known: HashMap<(usize, usize), SqlStr>,
}

impl Said {
    pub fn new(dialect: Dialect) -> Said {
        Said {
            dialect,
            known: HashMap::new(),
        }
    }

    /// A statement.
    pub fn statement(&mut self, sql: &'static str) -> SqlStr {
        let dialect = self.dialect;
        let say = || AssertSqlSafe(Arc::<str>::from(dialect.say(sql))).into_sql_str();
        self.known
            .entry((sql.as_ptr() as usize, sql.len() << 16))
            .or_insert_with(say)
            .clone()
    }

    /// A statement that inserts `rows` rows.
    pub fn insert(&mut self, into: &Insert, rows: usize) -> SqlStr {
        let dialect = self.dialect;
        let say = || {
            let text = format!(
                "{}{}{}",
                into.head,
                vec![into.tuple; rows].join(", "),
                into.tail
            );
            AssertSqlSafe(Arc::<str>::from(dialect.say(&text))).into_sql_str()
        };
        self.known
            .entry((into.head.as_ptr() as usize, rows))
            .or_insert_with(say)
            .clone()
    }
}

/// How many of the rows in `flat`, each of `width` values, one statement takes.
pub(super) fn rows_at_once(flat: &[Param<'_>], width: usize) -> usize {
    let rows = (flat.len() / width).min(MOST_ROWS);
    let mut bytes = 0;
    let fit = flat
        .chunks_exact(width)
        .take(rows)
        .take_while(|row| {
            bytes += row.iter().map(Param::size).sum::<usize>();
            bytes <= MOST_BYTES
        })
        .count();
    1 << fit.max(1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSERT: Insert = crate::driver::insert!(
        2,
        "INSERT INTO t (a, b)",
        "(?, ?)",
        " ON CONFLICT (a) DO NOTHING"
    );

    #[test]
    fn rows_come_in_powers_of_two_and_bounded() {
        let row = [Param::Int(Some(1)), Param::Text(Some("x"))];
        for (rows, at_once) in [(1, 1), (2, 2), (3, 2), (7, 4), (256, 256), (1000, 256)] {
            assert_eq!(rows_at_once(&row.repeat(rows), 2), at_once, "{rows}");
        }
        let large = "x".repeat(MOST_BYTES / 3);
        let row = [Param::Int(None), Param::Text(Some(&large))];
        assert_eq!(rows_at_once(&row.repeat(8), 2), 2);
        let huge = "x".repeat(2 * MOST_BYTES);
        assert_eq!(
            rows_at_once(&[Param::Int(None), Param::Text(Some(&huge))], 2),
            1
        );
    }

    #[test]
    fn statements_are_said_in_the_servers_words() {
        let mut said = Said::new(Dialect::Postgres);
        assert_eq!(
            said.insert(&INSERT, 2).as_str(),
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT (a) DO NOTHING"
        );
        assert_eq!(
            said.insert(&INSERT, 1).as_str(),
            "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO NOTHING"
        );
        assert_eq!(
            said.statement("DELETE FROM t WHERE a = ?").as_str(),
            "DELETE FROM t WHERE a = $1"
        );
        let mut said = Said::new(Dialect::Mysql);
        assert_eq!(
            said.insert(&INSERT, 1).as_str(),
            "INSERT INTO t (a, b) VALUES (?, ?) ON DUPLICATE KEY UPDATE a = a"
        );
    }
}
