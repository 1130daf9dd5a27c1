//! Block lists (XEP-0191): whom an account does not want to hear from.

use crate::{AccountId, Error, Op, Store};
use magpie_xmpp::Jid;

/// Blocks an address.
pub fn add(owner: AccountId, jid: &Jid) -> Op {
    Op::one(
        "INSERT INTO blocks (owner, jid) VALUES (?, ?) ON CONFLICT (owner, jid) DO NOTHING",
        [owner.into(), jid.as_str().into()],
    )
}

/// Unblocks an address.
pub fn remove(owner: AccountId, jid: &Jid) -> Op {
    Op::one(
        "DELETE FROM blocks WHERE owner = ? AND jid = ?",
        [owner.into(), jid.as_str().into()],
    )
}

/// Unblocks everybody.
pub fn clear(owner: AccountId) -> Op {
    Op::one("DELETE FROM blocks WHERE owner = ?", [owner.into()])
}

impl Store {
    /// Whom `owner` blocks, by address.
    pub async fn blocks_load(&self, owner: AccountId) -> Result<Vec<Jid>, Error> {
        let rows = self
            .rows(
                "SELECT jid FROM blocks WHERE owner = ? ORDER BY jid",
                vec![owner.into()],
            )
            .await?;
        rows.into_iter().map(|mut r| r.jid(0)).collect()
    }
}
