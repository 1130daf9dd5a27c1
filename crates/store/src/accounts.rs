//! Accounts: who may log in, and with which keys.

use crate::{
    AccountId, Error, Op, Statement, Store, Value, clock::now_ms, devices, sweep, value::Row,
};
use magpie_xmpp::{Jid, sasl::scram::Keys};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number; never given again.
    pub id: AccountId,
    /// Bare.
    pub jid: Jid,
    /// When it was made, milliseconds since 1970.
    pub created_ms: i64,
    /// Why it may not log in, if it may not.
    pub banned: Option<String>,
    /// For SCRAM-SHA-1.
    pub scram_sha1: Keys,
    /// For SCRAM-SHA-256.
    pub scram_sha256: Keys,
    /// Grows with each change of password and each ban: what was agreed on before holds no more.
    pub epoch: i64,
    /// When its last session ended, milliseconds since 1970 (XEP-0012).
    pub last_seen_ms: Option<i64>,
    /// The status text it left with.
    pub last_status: Option<String>,
}

const COLUMNS: &str = "SELECT id, jid, created_ms, banned, sha1_salt, sha1_iterations, sha1_stored_key, sha1_server_key, \
                       sha256_salt, sha256_iterations, sha256_stored_key, sha256_server_key, epoch, last_seen_ms, \
                       last_status FROM accounts";

/// Notes when the last session of an account ended (milliseconds since 1970), and the status it left with.
pub fn set_last(id: AccountId, ms: i64, status: Option<&str>) -> Op {
    Op::one(
        "UPDATE accounts SET last_seen_ms = ?, last_status = ? WHERE id = ?",
        [ms.into(), status.into(), id.into()],
    )
}

impl Store {
    /// Makes an account. [`Error::Conflict`]: the name is in use, or was once.
    pub async fn account_create(
        &self,
        jid: &Jid,
        sha1: &Keys,
        sha256: &Keys,
    ) -> Result<AccountId, Error> {
        let taken = || Error::Conflict(format!("{} is or was an account", jid.bare_str()).into());
        if self.account_id(jid).await?.is_some() {
            return Err(taken());
        }
        let mut params: Vec<Value> = vec![jid.bare_str().into(), now_ms().into()];
        params.extend(keys(sha1).into_iter().chain(keys(sha256)));
        let op = Op::one(
            "INSERT INTO accounts (jid, created_ms, sha1_salt, sha1_iterations, sha1_stored_key, sha1_server_key, \
             sha256_salt, sha256_iterations, sha256_stored_key, sha256_server_key, epoch) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            params,
        );
        self.write_one(op).await.map_err(|e| {
            if matches!(e, Error::Conflict(_)) {
                taken()
            } else {
                e
            }
        })?;
        self.account_id(jid).await?.ok_or(Error::NotFound)
    }

    /// The number of an account, also of one that was removed.
    async fn account_id(&self, jid: &Jid) -> Result<Option<AccountId>, Error> {
        let row = self
            .row(
                "SELECT id FROM accounts WHERE jid = ?",
                vec![jid.bare_str().into()],
            )
            .await?;
        row.map(|mut r| r.int(0)).transpose()
    }

    /// The account of `jid`'s bare JID.
    pub async fn account(&self, jid: &Jid) -> Result<Option<Account>, Error> {
        let sql = format!("{COLUMNS} WHERE jid = ? AND deleted_ms IS NULL");
        self.row(sql, vec![jid.bare_str().into()])
            .await?
            .map(account)
            .transpose()
    }

    /// Gives an account new keys and forgets its devices but `kept`; its new epoch. [`Error::NotFound`]: there is no such
    /// account.
    pub async fn account_set_keys(
        &self,
        jid: &Jid,
        sha1: &Keys,
        sha256: &Keys,
        kept: Option<&str>,
    ) -> Result<i64, Error> {
        let mut params: Vec<Value> = keys(sha1).into_iter().chain(keys(sha256)).collect();
        params.push(jid.bare_str().into());
        let change = Statement::new(
            "UPDATE accounts SET epoch = epoch + 1, sha1_salt = ?, sha1_iterations = ?, sha1_stored_key = ?, \
             sha1_server_key = ?, sha256_salt = ?, sha256_iterations = ?, sha256_stored_key = ?, sha256_server_key = ? \
             WHERE jid = ? AND deleted_ms IS NULL",
            params,
        );
        let mut statements = devices::forget_others(jid.bare_str(), kept).to_vec();
        statements.push(change);
        self.change_account(jid, statements).await
    }

    /// Bans an account, or lets it in again with `None`; its new epoch. Its devices stay while it is banned, so that each can be
    /// told why it is refused, and are forgotten afterwards. [`Error::NotFound`]: there is no such account.
    pub async fn account_ban(&self, jid: &Jid, reason: Option<&str>) -> Result<i64, Error> {
        let sql = "UPDATE accounts SET epoch = epoch + 1, banned = ? WHERE jid = ? AND deleted_ms IS NULL";
        let change = Statement::new(sql, [reason.into(), jid.bare_str().into()]);
        let mut statements = Vec::new();
        if reason.is_none() {
            statements.extend(devices::forget_others(jid.bare_str(), None));
        }
        statements.push(change);
        self.change_account(jid, statements).await
    }

    /// Carries out a change that begins a new epoch, its last statement the account's; the new epoch.
    async fn change_account(&self, jid: &Jid, statements: Vec<Statement>) -> Result<i64, Error> {
        // An account that is not there has no devices either.
        if self.write_one(Op::Write(statements)).await? == 0 {
            return Err(Error::NotFound);
        }
        let row = self
            .row(
                "SELECT epoch FROM accounts WHERE jid = ?",
                vec![jid.bare_str().into()],
            )
            .await?;
        row.ok_or(Error::NotFound)?.int(0)
    }

    /// Notes when the last session of an account ended, and its status.
    pub async fn account_set_last(
        &self,
        id: AccountId,
        ms: i64,
        status: Option<&str>,
    ) -> Result<(), Error> {
        self.write_one(set_last(id, ms, status)).await.map(drop)
    }

    /// Removes an account with everything it owns; its name stays taken. [`Error::NotFound`]: there is no such account.
    ///
    /// Everything but the archive goes in one transaction, after which the account is gone for everybody. Its views of messages
    /// go in steps, so that nobody else waits for a large archive; if the server stops meanwhile, it goes on after the next start.
    pub async fn account_delete(&self, jid: &Jid) -> Result<(), Error> {
        let id = self.account(jid).await?.ok_or(Error::NotFound)?.id;
        let mut statements = vec![Statement::new(
            "UPDATE accounts SET deleted_ms = ?, purge_until_ms = ?, epoch = epoch + 1, banned = NULL, sha1_salt = NULL, \
             sha1_iterations = NULL, sha1_stored_key = NULL, sha1_server_key = NULL, sha256_salt = NULL, \
             sha256_iterations = NULL, sha256_stored_key = NULL, sha256_server_key = NULL, last_seen_ms = NULL, \
             last_status = NULL WHERE id = ?",
            [
                now_ms().into(),
                (now_ms() + sweep::LATECOMERS_MS).into(),
                id.into(),
            ],
        )];
        statements.extend(sweep::belongings(id));
        self.write_one(Op::Write(statements)).await?;
        self.archive_remove_owner(id).await
    }

    /// The accounts whose bare JID comes after `after`, by JID.
    pub async fn account_list(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Account>, Error> {
        let sql = format!("{COLUMNS} WHERE jid > ? AND deleted_ms IS NULL ORDER BY jid LIMIT ?");
        let rows = self
            .rows(
                sql,
                vec![after.unwrap_or("").into(), i64::from(limit).into()],
            )
            .await?;
        rows.into_iter().map(account).collect()
    }

    /// How many accounts there are.
    pub async fn account_count(&self) -> Result<u64, Error> {
        self.count(
            "SELECT COUNT(*) FROM accounts WHERE deleted_ms IS NULL",
            vec![],
        )
        .await
    }

    /// The number a `COUNT(*)` gives.
    pub(crate) async fn count(&self, sql: &'static str, params: Vec<Value>) -> Result<u64, Error> {
        self.row(sql, params)
            .await?
            .map_or(Ok(0), |mut r| r.int(0).map(|n| n.max(0) as u64))
    }
}

fn keys(keys: &Keys) -> [Value; 4] {
    [
        keys.salt.as_slice().into(),
        i64::from(keys.iterations).into(),
        keys.stored_key.as_slice().into(),
        keys.server_key.as_slice().into(),
    ]
}

fn read_keys(row: &mut Row, first: usize) -> Result<Keys, Error> {
    Ok(Keys {
        salt: row.bytes(first)?.into(),
        iterations: u32::try_from(row.int(first + 1)?).map_err(Error::corrupt)?,
        stored_key: row.bytes(first + 2)?.into(),
        server_key: row.bytes(first + 3)?.into(),
    })
}

fn account(mut row: Row) -> Result<Account, Error> {
    Ok(Account {
        id: row.int(0)?,
        jid: row.jid(1)?,
        created_ms: row.int(2)?,
        banned: row.opt_text(3)?.map(Into::into),
        scram_sha1: read_keys(&mut row, 4)?,
        scram_sha256: read_keys(&mut row, 8)?,
        epoch: row.int(12)?,
        last_seen_ms: row.opt_int(13)?,
        last_status: row.opt_text(14)?.map(Into::into),
    })
}
