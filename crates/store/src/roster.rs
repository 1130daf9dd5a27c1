//! Contacts (RFC 6121 §2), with the version of each change (§2.6) and who asked to subscribe (§3.1.3).

use crate::{AccountId, Error, Op, Store, value::Row};
use magpie_xmpp::Jid;

/// Who sees whose presence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Subscription {
    /// Nobody.
    #[default]
    None,
    /// The owner sees the contact.
    To,
    /// The contact sees the owner.
    From,
    /// Each sees the other.
    Both,
    /// The contact was removed: only in what changed since a version.
    Remove,
}

impl Subscription {
    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Subscription::None => "none",
            Subscription::To => "to",
            Subscription::From => "from",
            Subscription::Both => "both",
            Subscription::Remove => "remove",
        }
    }

    /// Reads [`Subscription::as_str`].
    pub fn parse(text: &str) -> Option<Subscription> {
        use Subscription::*;
        [None, To, From, Both, Remove]
            .into_iter()
            .find(|s| s.as_str() == text)
    }
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Bare.
    pub jid: Jid,
    /// What the owner calls it.
    pub name: Option<String>,
    /// The state of the subscription.
    pub subscription: Subscription,
    /// The owner asked to subscribe and has no answer.
    pub ask: bool,
    /// The owner approved a request that has not come yet (RFC 6121 §3.4).
    pub approved: bool,
    /// The contact asked to subscribe and has no answer: its stanza.
    pub pending_in: Option<String>,
    /// The groups it is in.
    pub groups: Vec<String>,
    /// The roster's version when it was changed last.
    pub version: i64,
}

/// Puts a contact in place of what was there, as the roster's change number `version`.
pub fn put(owner: AccountId, item: &Item, version: i64) -> Op {
    Op::one(
        "INSERT INTO roster (owner, jid, name, subscription, ask, approved, pending_in, group_names, version) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, jid) DO UPDATE SET name = excluded.name, \
         subscription = excluded.subscription, ask = excluded.ask, approved = excluded.approved, \
         pending_in = excluded.pending_in, group_names = excluded.group_names, version = excluded.version",
        [
            owner.into(),
            item.jid.bare_str().into(),
            item.name.as_deref().into(),
            item.subscription.as_str().into(),
            item.ask.into(),
            item.approved.into(),
            item.pending_in.as_deref().into(),
            join(&item.groups).as_str().into(),
            version.into(),
        ],
    )
}

/// Removes a contact as the roster's change number `version`. That it was there is kept, for who asks what changed.
pub fn remove(owner: AccountId, jid: &Jid, version: i64) -> Op {
    let gone = Item {
        jid: jid.bare(),
        name: None,
        subscription: Subscription::Remove,
        ask: false,
        approved: false,
        pending_in: None,
        groups: Vec::new(),
        version,
    };
    put(owner, &gone, version)
}

impl Store {
    /// The contacts of `owner`, those included of which there is only a request, and the version of the last change.
    pub async fn roster_load(&self, owner: AccountId) -> Result<(Vec<Item>, i64), Error> {
        let mut items = self.roster_since(owner, 0).await?;
        let version = items.iter().map(|i| i.version).max().unwrap_or(0);
        items.retain(|i| i.subscription != Subscription::Remove);
        Ok((items, version))
    }

    /// What changed after `version`, in the order of change; who was removed has [`Subscription::Remove`].
    pub async fn roster_since(&self, owner: AccountId, version: i64) -> Result<Vec<Item>, Error> {
        let sql = "SELECT jid, name, subscription, ask, approved, pending_in, group_names, version FROM roster \
                   WHERE owner = ? AND version > ? ORDER BY version, jid";
        let rows = self.rows(sql, vec![owner.into(), version.into()]).await?;
        rows.into_iter().map(item).collect()
    }
}

fn item(mut row: Row) -> Result<Item, Error> {
    let subscription = row.text(2)?;
    Ok(Item {
        jid: row.jid(0)?,
        name: row.opt_text(1)?.map(Into::into),
        subscription: Subscription::parse(&subscription)
            .ok_or_else(|| Error::corrupt(format!("{subscription:?} is no subscription")))?,
        ask: row.int(3)? != 0,
        approved: row.int(4)? != 0,
        pending_in: row.opt_text(5)?.map(Into::into),
        groups: split(&row.text(6)?),
        version: row.int(7)?,
    })
}

/// A line for each group; a line feed in a name is written `\n`, a backslash `\\`.
fn join(groups: &[String]) -> String {
    groups
        .iter()
        .map(|g| g.replace('\\', "\\\\").replace('\n', "\\n") + "\n")
        .collect()
}

fn split(lines: &str) -> Vec<String> {
    // Not `lines`, which also cuts a carriage return off.
    lines.split_terminator('\n').map(unescape).collect()
}

fn unescape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' if chars.next() == Some('n') => '\n',
            c => c,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_names_survive_whatever_is_in_them() {
        for groups in [
            vec![],
            vec![""],
            vec!["a", "b"],
            vec!["\\", "\n", "\\n", "a\r", " "],
            vec!["朋友", ""],
        ] {
            let groups: Vec<String> = groups.into_iter().map(Into::into).collect();
            assert_eq!(split(&join(&groups)), groups, "{groups:?}");
        }
    }

    #[test]
    fn subscriptions_have_their_names() {
        assert_eq!(Subscription::parse("both"), Some(Subscription::Both));
        assert_eq!(Subscription::parse("Both"), None);
    }
}
