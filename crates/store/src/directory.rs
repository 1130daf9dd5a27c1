//! The directory (XEP-0055): accounts that chose to be found, and by which names.

use crate::{AccountId, Error, Op, Statement, Store, Value};
use magpie_xmpp::Jid;

/// The names of an account, '' where its card says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The nickname.
    pub nick: String,
    /// The whole name.
    pub name: String,
    /// The given name.
    pub given: String,
    /// The family name.
    pub family: String,
}

/// An account that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its bare JID.
    pub jid: Jid,
    /// Its names.
    pub names: Names,
}

/// Puts an account in the directory, in place of what was said of it.
pub fn put(owner: AccountId, jid: &Jid, names: &Names) -> Op {
    let words = [
        jid.local().unwrap_or(""),
        &names.nick,
        &names.name,
        &names.given,
        &names.family,
    ]
    .map(str::to_lowercase)
    .join("\n");
    Op::Write(vec![
        removal(owner),
        Statement::new(
            "INSERT INTO directory (owner, nick, name, given, family, email, words) VALUES (?, ?, ?, ?, ?, '', ?)",
            [
                owner.into(),
                names.nick.as_str().into(),
                names.name.as_str().into(),
                names.given.as_str().into(),
                names.family.as_str().into(),
                words.as_str().into(),
            ],
        ),
    ])
}

/// Takes an account out of the directory.
pub fn remove(owner: AccountId) -> Op {
    Op::Write(vec![removal(owner)])
}

fn removal(owner: AccountId) -> Statement {
    Statement::new("DELETE FROM directory WHERE owner = ?", [owner.into()])
}

impl Store {
    /// At most `limit` accounts that have every one of `words` in their names, by address; not `asker` himself, nobody who
    /// blocks him or may not log in.
    pub async fn directory_search(
        &self,
        asker: &Jid,
        words: &[&str],
        limit: u32,
    ) -> Result<Vec<Found>, Error> {
        let mut sql = String::from(
            "SELECT a.jid, d.nick, d.name, d.given, d.family FROM directory d JOIN accounts a ON a.id = d.owner \
             WHERE a.deleted_ms IS NULL AND a.banned IS NULL AND a.jid <> ? \
             AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.owner = d.owner AND b.jid = ?)",
        );
        let mut params: Vec<Value> = vec![asker.bare_str().into(), asker.bare_str().into()];
        for word in words {
            sql.push_str(" AND d.words LIKE ? ESCAPE '!'");
            params.push(contains(word).as_str().into());
        }
        sql.push_str(" ORDER BY a.jid LIMIT ?");
        params.push(i64::from(limit).into());
        let rows = self.rows(sql, params).await?;
        rows.into_iter()
            .map(|mut r| {
                Ok(Found {
                    jid: r.jid(0)?,
                    names: Names {
                        nick: r.text(1)?.into(),
                        name: r.text(2)?.into(),
                        given: r.text(3)?.into(),
                        family: r.text(4)?.into(),
                    },
                })
            })
            .collect()
    }
}

/// A pattern for what has `word` in it, whatever characters that has.
fn contains(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_its_characters() {
        assert_eq!(contains("A_b%!"), "%a!_b!%!!%");
    }
}
