//! What nobody keeps any more is removed in small steps: views of removed accounts, messages no archive shows, devices that
//! stayed away.

use crate::{
    AccountId, Error, Id, Op, Statement, Store, Value, ViewKind, clock::now_ms, store::Inner,
    uploads,
};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};

/// How often.
const EVERY: Duration = Duration::from_secs(600);
/// How long after its end an account is looked at again: what was on its way to it may come late.
pub(crate) const LATECOMERS_MS: i64 = 60 * 60 * 1000;
/// How long a message that no archive shows is kept after it waits for nobody: a session may yet give it back undelivered.
const TRANSIENT_MS: i64 = 24 * 60 * 60 * 1000;
/// How long an invitation is kept after its end: who began to use it in time may finish (XEP-0445 §5).
const INVITES_MS: i64 = 24 * 60 * 60 * 1000;
/// How many messages one step handles: as many as [`places`] there are.
const STEP: usize = 64;

/// The places of a step's ids.
macro_rules! places {
    () => {
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
          ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    };
}

/// Removes those of a step's messages that no archive shows and that wait for nobody.
const COLLECT: &str = concat!(
    "DELETE FROM messages WHERE id IN ",
    places!(),
    " AND NOT EXISTS (SELECT 1 FROM archive a \
      WHERE a.owner = messages.sender AND a.id = messages.id AND (a.flags & ?) <> 0) \
      AND NOT EXISTS (SELECT 1 FROM archive a \
      WHERE a.owner = messages.recipient AND a.id = messages.id AND (a.flags & ?) <> 0) \
      AND NOT EXISTS (SELECT 1 FROM offline o WHERE o.id = messages.id)"
);

/// Notes those of a step's messages that wait: they may be kept by nothing else.
const REMEMBER: &str = concat!(
    "INSERT INTO transient (id) SELECT DISTINCT o.id FROM offline o WHERE o.id IN ",
    places!(),
    " AND NOT EXISTS (SELECT 1 FROM transient t WHERE t.id = o.id)"
);

/// Sweeps at once and then now and again, as long as the store is open.
pub(crate) fn start(store: &Arc<Inner>) {
    let store = Arc::downgrade(store);
    tokio::spawn(async move {
        while let Some(swept) = sweep(&store).await {
            if let Err(error) = swept {
                tracing::warn!(%error, "what nobody keeps could not be removed; it is tried again");
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

async fn sweep(store: &Weak<Inner>) -> Option<Result<(), Error>> {
    let store = Store::of(store.upgrade()?);
    if store.is_closed() {
        return None;
    }
    Some(store.sweep().await)
}

/// What an account owns besides its views of messages.
pub(crate) fn belongings(owner: AccountId) -> Vec<Statement> {
    [
        "DELETE FROM roster WHERE owner = ?",
        "DELETE FROM blocks WHERE owner = ?",
        "DELETE FROM kv WHERE owner = ?",
        "DELETE FROM conversations WHERE owner = ?",
        "DELETE FROM directory WHERE owner = ?",
        "DELETE FROM devices WHERE owner = ?",
        "DELETE FROM invites WHERE owner = ?",
        uploads::EXPIRE_ALL,
    ]
    .into_iter()
    .map(|sql| Statement::new(sql, [owner.into()]))
    .collect()
}

/// What becomes of the messages `ids` (at most [`STEP`], at least one) when a view of each is gone.
fn collect(ids: &[Id]) -> [Statement; 2] {
    let padded = || ids.iter().cycle().copied().map(Value::from).take(STEP);
    [
        Statement::new(REMEMBER, padded()),
        Statement::new(
            COLLECT,
            padded().chain([ViewKind::ARCHIVED.into(), ViewKind::ARCHIVED.into()]),
        ),
    ]
}

impl Store {
    /// Removes what `owner` keeps of messages as of now: its archive, what waits for it, its conversations. Other owners' views
    /// stay; messages that nobody else keeps go. In steps, so that others write in between.
    pub async fn archive_remove_owner(&self, owner: AccountId) -> Result<(), Error> {
        self.write_one(Op::one(
            "DELETE FROM conversations WHERE owner = ?",
            [owner.into()],
        ))
        .await?;
        self.remove_views(
            owner,
            "SELECT id FROM offline WHERE owner = ? AND id <= ? ORDER BY id LIMIT ?",
            "DELETE FROM offline WHERE owner = ? AND id >= ? AND id <= ?",
        )
        .await?;
        self.remove_views(
            owner,
            "SELECT id FROM archive WHERE owner = ? AND id <= ? ORDER BY id LIMIT ?",
            "DELETE FROM archive WHERE owner = ? AND id >= ? AND id <= ?",
        )
        .await
    }

    async fn remove_views(
        &self,
        owner: AccountId,
        next: &'static str,
        remove: &'static str,
    ) -> Result<(), Error> {
        // What comes meanwhile stays: with a busy owner this would never end.
        let newest = self
            .ids("SELECT value FROM meta WHERE name = 'last_id'", vec![])
            .await?
            .pop()
            .unwrap_or_default();
        loop {
            let ids = self
                .ids(
                    next,
                    vec![owner.into(), newest.into(), (STEP as i64).into()],
                )
                .await?;
            let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
                return Ok(());
            };
            let views = Statement::new(remove, [owner.into(), (*first).into(), (*last).into()]);
            self.write_one(Op::Write(
                [views].into_iter().chain(collect(&ids)).collect(),
            ))
            .await?;
        }
    }

    async fn ids(&self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Id>, Error> {
        self.rows(sql, params)
            .await?
            .into_iter()
            .map(|mut r| r.int(0).map(Id))
            .collect()
    }

    async fn sweep(&self) -> Result<(), Error> {
        self.sweep_accounts().await?;
        self.invites_forget(now_ms() - INVITES_MS).await?;
        self.devices_forget(now_ms()).await?;
        self.sweep_transient(Id::first_of(now_ms() - TRANSIENT_MS))
            .await
    }

    /// Goes on with accounts that were removed lately.
    async fn sweep_accounts(&self) -> Result<(), Error> {
        let rows = self
            .rows(
                "SELECT id, purge_until_ms FROM accounts WHERE purge_until_ms IS NOT NULL",
                vec![],
            )
            .await?;
        for mut row in rows {
            let (id, until) = (row.int(0)?, row.int(1)?);
            self.write_one(Op::Write(belongings(id))).await?;
            self.archive_remove_owner(id).await?;
            if until < now_ms() {
                self.write_one(Op::one(
                    "UPDATE accounts SET purge_until_ms = NULL WHERE id = ?",
                    [id.into()],
                ))
                .await?;
            }
        }
        Ok(())
    }

    /// Removes messages older than `before` that no archive ever showed and that wait for nobody any more.
    async fn sweep_transient(&self, before: Id) -> Result<(), Error> {
        let mut after = Id::ZERO;
        loop {
            let sql = "SELECT t.id, m.sender, m.recipient FROM transient t LEFT JOIN messages m ON m.id = t.id \
                       WHERE t.id > ? AND t.id < ? AND NOT EXISTS (SELECT 1 FROM offline o WHERE o.id = t.id) \
                       ORDER BY t.id LIMIT ?";
            let rows = self
                .rows(sql, vec![after.into(), before.into(), (STEP as i64).into()])
                .await?;
            let mut statements = Vec::new();
            let mut ids = Vec::new();
            for mut row in rows {
                let id = Id(row.int(0)?);
                ids.push(id);
                for owner in [row.opt_int(1)?, row.opt_int(2)?].into_iter().flatten() {
                    let sql = "DELETE FROM archive WHERE owner = ? AND id = ? AND (flags & ?) = 0";
                    statements.push(Statement::new(
                        sql,
                        [owner.into(), id.into(), ViewKind::ARCHIVED.into()],
                    ));
                }
                let sql = "DELETE FROM transient WHERE id = ? AND NOT EXISTS (SELECT 1 FROM offline o WHERE o.id = ?)";
                statements.push(Statement::new(sql, [id.into(), id.into()]));
            }
            let Some(last) = ids.last().copied() else {
                return Ok(());
            };
            let [_, collect] = collect(&ids);
            statements.push(collect);
            self.write_one(Op::Write(statements)).await?;
            after = last;
        }
    }
}

#[cfg(test)]
mod tests;
