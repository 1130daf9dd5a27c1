//! Invitations (XEP-0401), kept under the hash of their token: who reads the database cannot use them.

use crate::{AccountId, Error, Op, Store, clock::now_ms, value::Row};
use magpie_xmpp::Jid;

/// What an invitation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An account on this server.
    Account,
    /// Becoming the inviter's contact.
    Contact,
}

impl Kind {
    /// Its name, in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Account => "account",
            Kind::Contact => "contact",
        }
    }
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Who made it; 0: the operator.
    pub owner: AccountId,
    /// The address of who made it; `None`: the operator, or somebody who is gone.
    pub inviter: Option<Jid>,
    /// What it is for.
    pub kind: Kind,
    /// The name that is kept for whoever uses it.
    pub username: Option<Box<str>>,
    /// Whether who uses it may make an account.
    pub registers: bool,
    /// Whether who uses it becomes the inviter's contact.
    pub befriends: bool,
    /// How often it can still be used.
    pub uses_left: i64,
    /// From when on it is worth nothing, milliseconds since 1970.
    pub expires_ms: i64,
}

impl Store {
    /// Keeps an invitation.
    pub async fn invite_add(&self, hash: &str, invite: &Invite) -> Result<(), Error> {
        let op = Op::one(
            "INSERT INTO invites (hash, owner, kind, username, registers, befriends, uses_left, created_ms, expires_ms) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                hash.into(),
                invite.owner.into(),
                invite.kind.as_str().into(),
                invite.username.as_deref().into(),
                invite.registers.into(),
                invite.befriends.into(),
                invite.uses_left.into(),
                now_ms().into(),
                invite.expires_ms.into(),
            ],
        );
        self.write_one(op).await.map(drop)
    }

    /// The invitation of this hash, also one that is used up or whose time is over.
    pub async fn invite(&self, hash: &str) -> Result<Option<Invite>, Error> {
        let sql = "SELECT i.owner, a.jid, i.kind, i.username, i.registers, i.befriends, i.uses_left, i.expires_ms FROM invites i \
                   LEFT JOIN accounts a ON a.id = i.owner AND a.deleted_ms IS NULL WHERE i.hash = ?";
        let row = self.row(sql, vec![hash.into()]).await?;
        row.map(invite).transpose()
    }

    /// Changes how often an invitation can still be used, if that is still `from`; whether it was.
    pub async fn invite_set_uses(&self, hash: &str, from: i64, to: i64) -> Result<bool, Error> {
        let op = Op::one(
            "UPDATE invites SET uses_left = ? WHERE hash = ? AND uses_left = ?",
            [to.into(), hash.into(), from.into()],
        );
        self.write_one(op).await.map(|touched| touched == 1)
    }

    /// How many invitations of `owner` can still be used.
    pub async fn invites_open(&self, owner: AccountId, now_ms: i64) -> Result<u64, Error> {
        self.count(
            "SELECT COUNT(*) FROM invites WHERE owner = ? AND expires_ms > ? AND uses_left > 0",
            vec![owner.into(), now_ms.into()],
        )
        .await
    }

    /// Whether an invitation other than that of `hash` keeps this name.
    pub async fn invites_keep(
        &self,
        username: &str,
        hash: &str,
        now_ms: i64,
    ) -> Result<bool, Error> {
        let sql = "SELECT COUNT(*) FROM invites WHERE username = ? AND hash <> ? AND expires_ms > ? AND uses_left > 0";
        let params = vec![username.into(), hash.into(), now_ms.into()];
        self.count(sql, params).await.map(|n| n > 0)
    }

    /// Forgets invitations whose time was over before `ms`.
    pub(crate) async fn invites_forget(&self, ms: i64) -> Result<(), Error> {
        let op = Op::one("DELETE FROM invites WHERE expires_ms < ?", [ms.into()]);
        self.write_one(op).await.map(drop)
    }
}

fn invite(mut row: Row) -> Result<Invite, Error> {
    let inviter = row.opt_text(1)?.map(|jid| Jid::new(&jid)).transpose();
    let kind = row.text(2)?;
    let kind = [Kind::Account, Kind::Contact]
        .into_iter()
        .find(|k| k.as_str() == &*kind);
    Ok(Invite {
        owner: row.int(0)?,
        inviter: inviter.map_err(Error::corrupt)?,
        kind: kind.ok_or_else(|| Error::corrupt("an invitation of no kind"))?,
        username: row.opt_text(3)?,
        registers: row.int(4)? != 0,
        befriends: row.int(5)? != 0,
        uses_left: row.int(6)?,
        expires_ms: row.int(7)?,
    })
}
