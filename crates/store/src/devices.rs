//! Devices: the clients that logged in to an account, and what their tokens are made of (XEP-0388, XEP-0484, XEP-0494).

use crate::{AccountId, Error, Op, Statement, Store, Value, value::Row};
use bytes::Bytes;

/// A client that logged in to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its own id: the 32 hexadecimal digits of a UUID.
    pub client: Box<str>,
    /// The name of its software, as it says.
    pub software: Option<Box<str>>,
    /// The name of the device it runs on, as it says.
    pub device: Option<Box<str>>,
    /// When it came first, milliseconds since 1970.
    pub first_seen_ms: i64,
    /// When it was there last, milliseconds since 1970.
    pub last_seen_ms: i64,
    /// When it is forgotten, milliseconds since 1970.
    pub forget_ms: i64,
    /// The account's epoch when it logged in: after a new password or a ban its tokens are worth nothing.
    pub epoch: i64,
    /// Grows with each [`Store::device_put`]; 0 until the first.
    pub version: i64,
    /// It logged in with the password last, not with a token.
    pub password: bool,
    /// The token it uses.
    pub token: Option<Token>,
    /// The token it was given last and has not used yet.
    pub next: Option<Token>,
}

/// What a token is made of. The token itself is not stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Random.
    pub seed: Bytes,
    /// The only mechanism by which it may be used.
    pub mechanism: Box<str>,
    /// Until when it is good, milliseconds since 1970.
    pub expiry_ms: i64,
    /// The highest count with which it was used (XEP-0484 §3.4).
    pub count: i64,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("mechanism", &self.mechanism)
            .field("expiry_ms", &self.expiry_ms)
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str = "SELECT client, software, device, first_seen_ms, last_seen_ms, forget_ms, epoch, version, password, token_seed, \
                       token_mechanism, token_expiry_ms, token_count, next_seed, next_mechanism, next_expiry_ms \
                       FROM devices";

/// Notes that a device was there, and when it is forgotten (milliseconds since 1970).
pub fn seen(owner: AccountId, client: &str, now_ms: i64, forget_ms: i64) -> Op {
    Op::one(
        "UPDATE devices SET last_seen_ms = ?, forget_ms = ? WHERE owner = ? AND client = ?",
        [now_ms.into(), forget_ms.into(), owner.into(), client.into()],
    )
}

/// Forgets a device: its tokens are worth nothing.
pub fn remove(owner: AccountId, client: &str) -> Op {
    Op::one(
        "DELETE FROM devices WHERE owner = ? AND client = ?",
        [owner.into(), client.into()],
    )
}

/// Before the epoch of the account `jid` grows: `kept` goes on in the new one, the other devices are forgotten.
pub(crate) fn forget_others(jid: &str, kept: Option<&str>) -> [Statement; 2] {
    let kept = kept.unwrap_or("");
    [
        Statement::new(
            "DELETE FROM devices WHERE owner = (SELECT id FROM accounts WHERE jid = ?) \
             AND (client <> ? OR epoch <> (SELECT epoch FROM accounts WHERE jid = ?))",
            [jid.into(), kept.into(), jid.into()],
        ),
        Statement::new(
            "UPDATE devices SET epoch = epoch + 1, version = version + 1 \
             WHERE owner = (SELECT id FROM accounts WHERE jid = ?)",
            [jid.into()],
        ),
    ]
}

impl Store {
    /// A device of `owner`.
    pub async fn device(&self, owner: AccountId, client: &str) -> Result<Option<Device>, Error> {
        let sql = format!("{COLUMNS} WHERE owner = ? AND client = ?");
        self.row(sql, vec![owner.into(), client.into()])
            .await?
            .map(device)
            .transpose()
    }

    /// The devices of `owner`, the one seen last first.
    pub async fn devices(&self, owner: AccountId) -> Result<Vec<Device>, Error> {
        let sql = format!("{COLUMNS} WHERE owner = ? ORDER BY last_seen_ms DESC, client");
        let rows = self.rows(sql, vec![owner.into()]).await?;
        rows.into_iter().map(device).collect()
    }

    /// Writes `device`, unless somebody else wrote or removed it since it was read: tells whether it did.
    pub async fn device_put(&self, owner: AccountId, device: &Device) -> Result<bool, Error> {
        let op = if device.version == 0 {
            insert(owner, device)
        } else {
            update(owner, device)
        };
        match self.write_one(op).await {
            Ok(touched) => Ok(touched > 0),
            Err(Error::Conflict(_)) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Forgets the devices of everybody whose time is over.
    pub(crate) async fn devices_forget(&self, now_ms: i64) -> Result<(), Error> {
        self.write_one(Op::one(
            "DELETE FROM devices WHERE forget_ms < ?",
            [now_ms.into()],
        ))
        .await
        .map(drop)
    }
}

fn insert(owner: AccountId, device: &Device) -> Op {
    let mut params = columns(device);
    params.extend([
        owner.into(),
        (&*device.client).into(),
        device.first_seen_ms.into(),
    ]);
    Op::one(
        "INSERT INTO devices (software, device, last_seen_ms, forget_ms, epoch, password, token_seed, token_mechanism, \
         token_expiry_ms, token_count, next_seed, next_mechanism, next_expiry_ms, owner, client, first_seen_ms, version) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        params,
    )
}

fn update(owner: AccountId, device: &Device) -> Op {
    let mut params = columns(device);
    params.extend([
        owner.into(),
        (&*device.client).into(),
        device.version.into(),
    ]);
    Op::one(
        "UPDATE devices SET software = ?, device = ?, last_seen_ms = ?, forget_ms = ?, epoch = ?, password = ?, token_seed = ?, \
         token_mechanism = ?, token_expiry_ms = ?, token_count = ?, next_seed = ?, next_mechanism = ?, \
         next_expiry_ms = ?, version = version + 1 WHERE owner = ? AND client = ? AND version = ?",
        params,
    )
}

/// The values of what a write sets.
fn columns(device: &Device) -> Vec<Value> {
    let seed = |t: &Option<Token>| Value::Bytes(t.as_ref().map(|t| t.seed.clone()));
    let mechanism = |t: &Option<Token>| Value::Text(t.as_ref().map(|t| t.mechanism.clone()));
    let expiry = |t: &Option<Token>| Value::Int(t.as_ref().map(|t| t.expiry_ms));
    vec![
        device.software.as_deref().into(),
        device.device.as_deref().into(),
        device.last_seen_ms.into(),
        device.forget_ms.into(),
        device.epoch.into(),
        device.password.into(),
        seed(&device.token),
        mechanism(&device.token),
        expiry(&device.token),
        Value::Int(device.token.as_ref().map(|t| t.count)),
        seed(&device.next),
        mechanism(&device.next),
        expiry(&device.next),
    ]
}

fn device(mut row: Row) -> Result<Device, Error> {
    let count = row.opt_int(12)?.unwrap_or(0);
    Ok(Device {
        client: row.text(0)?,
        software: row.opt_text(1)?,
        device: row.opt_text(2)?,
        first_seen_ms: row.int(3)?,
        last_seen_ms: row.int(4)?,
        forget_ms: row.int(5)?,
        epoch: row.int(6)?,
        version: row.int(7)?,
        password: row.int(8)? != 0,
        token: token(&mut row, 9, count)?,
        next: token(&mut row, 13, 0)?,
    })
}

/// The token whose columns begin at `first`.
fn token(row: &mut Row, first: usize, count: i64) -> Result<Option<Token>, Error> {
    let Some(seed) = row.opt_bytes(first)? else {
        return Ok(None);
    };
    Ok(Some(Token {
        seed,
        mechanism: row.text(first + 1)?,
        expiry_ms: row.int(first + 2)?,
        count,
    }))
}
