//! Small data of features: bytes under (owner, namespace, key). Owner 0 is the server.

use crate::{AccountId, Error, Op, Store, Value};
use bytes::Bytes;

/// Puts a value in place of what was there.
pub fn put(owner: AccountId, ns: &str, key: &str, value: Bytes) -> Op {
    Op::one(
        "INSERT INTO kv (owner, ns, name, value) VALUES (?, ?, ?, ?) \
         ON CONFLICT (owner, ns, name) DO UPDATE SET value = excluded.value",
        [owner.into(), ns.into(), key.into(), value.into()],
    )
}

/// Removes a value.
pub fn remove(owner: AccountId, ns: &str, key: &str) -> Op {
    Op::one(
        "DELETE FROM kv WHERE owner = ? AND ns = ? AND name = ?",
        [owner.into(), ns.into(), key.into()],
    )
}

impl Store {
    /// The value under a key.
    pub async fn kv_get(
        &self,
        owner: AccountId,
        ns: &str,
        key: &str,
    ) -> Result<Option<Bytes>, Error> {
        let params: Vec<Value> = vec![owner.into(), ns.into(), key.into()];
        let row = self
            .row(
                "SELECT value FROM kv WHERE owner = ? AND ns = ? AND name = ?",
                params,
            )
            .await?;
        row.map(|mut r| r.bytes(0)).transpose()
    }

    /// All keys of a namespace with their values, by key.
    pub async fn kv_list(&self, owner: AccountId, ns: &str) -> Result<Vec<(String, Bytes)>, Error> {
        let params = vec![owner.into(), ns.into()];
        let rows = self
            .rows(
                "SELECT name, value FROM kv WHERE owner = ? AND ns = ? ORDER BY name",
                params,
            )
            .await?;
        rows.into_iter()
            .map(|mut r| Ok((r.text(0)?.into(), r.bytes(1)?)))
            .collect()
    }
}
