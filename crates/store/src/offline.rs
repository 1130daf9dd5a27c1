//! Messages that wait for their recipient (XEP-0160): thin rows that point at `messages`.

use crate::{AccountId, Error, Id, Op, Store, ViewKind, archive::Archived};

/// Most bytes of messages that are read at once.
const BYTES: usize = 8 << 20;

/// Lets a stored message wait for `owner`.
pub fn add(owner: AccountId, id: Id) -> Op {
    Op::one(
        "INSERT INTO offline (owner, id) VALUES (?, ?) ON CONFLICT (owner, id) DO NOTHING",
        [owner.into(), id.into()],
    )
}

/// Everything up to and including `upto` waits no more.
pub fn remove(owner: AccountId, upto: Id) -> Op {
    Op::one(
        "DELETE FROM offline WHERE owner = ? AND id <= ?",
        [owner.into(), upto.into()],
    )
}

/// What the owner's archive shows waits no more.
pub fn remove_archived(owner: AccountId) -> Op {
    Op::one(
        "DELETE FROM offline WHERE owner = ? AND EXISTS (SELECT 1 FROM archive a \
         WHERE a.owner = offline.owner AND a.id = offline.id AND (a.flags & ?) <> 0)",
        [owner.into(), ViewKind::ARCHIVED.into()],
    )
}

/// One message waits no more.
pub fn remove_one(owner: AccountId, id: Id) -> Op {
    Op::one(
        "DELETE FROM offline WHERE owner = ? AND id = ?",
        [owner.into(), id.into()],
    )
}

impl Store {
    /// What waits for `owner` up to and including `upto`, oldest first: at most `limit` messages, fewer if they are very large.
    pub async fn offline_list(
        &self,
        owner: AccountId,
        upto: Id,
        limit: u32,
    ) -> Result<Vec<Archived>, Error> {
        let sql = "SELECT o.id, m.xml FROM offline o JOIN messages m ON m.id = o.id \
                   WHERE o.owner = ? AND o.id <= ? ORDER BY o.id LIMIT ?";
        let params = vec![owner.into(), upto.into(), i64::from(limit).into()];
        let (rows, _) = self.rows_within(sql, params, BYTES).await?;
        rows.into_iter().map(Archived::of).collect()
    }

    /// How many messages wait for `owner`.
    pub async fn offline_count(&self, owner: AccountId) -> Result<u64, Error> {
        self.count(
            "SELECT COUNT(*) FROM offline WHERE owner = ?",
            vec![owner.into()],
        )
        .await
    }
}
