//! Accounts as they are made, changed, banned and removed: for registration, the command line, and whoever comes later.

use crate::{Account, Ctx, Session};
use magpie_store::{AccountId, Error as StoreError};
use magpie_xmpp::{
    Element, Jid, StreamError,
    jid::JidError,
    ns,
    sasl::{
        SaslError,
        scram::{self, Hash, Keys},
    },
};
use std::sync::Arc;

/// Why an account was not made or changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AuthError {
    /// The name is none.
    #[error("{0:?} is no name for an account")]
    Name(String),
    /// The name is in use, or was.
    #[error("the name {0} is taken")]
    Taken(Jid),
    /// The password is empty, too long, or has characters that no password may have.
    #[error("this password cannot be used: take 1 to 1023 bytes without control characters")]
    Password,
    /// There is no such account.
    #[error("there is no account {0}")]
    Unknown(Jid),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<JidError> for AuthError {
    fn from(e: JidError) -> AuthError {
        AuthError::Name(e.to_string())
    }
}

/// Bytes a password may have.
const LONGEST_PASSWORD: usize = 1023;
/// Bytes of randomness in salts and tokens.
const RANDOM: usize = 16;

/// What nobody can guess, as 32 hexadecimal digits.
pub fn token() -> Result<String, StoreError> {
    Ok(random()?.iter().map(|b| format!("{b:02x}")).collect())
}

fn random() -> Result<[u8; RANDOM], StoreError> {
    let mut bytes = [0; RANDOM];
    getrandom::fill(&mut bytes)
        .map_err(|e| StoreError::Unavailable(format!("no randomness: {e}").into()))?;
    Ok(bytes)
}

/// The keys of a password, for SHA-1 and SHA-256. Hashing runs beside the streams, not among them.
async fn keys(password: &str) -> Result<(Keys, Keys), AuthError> {
    let prepared = scram::prep(password)
        .filter(|p| p.len() <= LONGEST_PASSWORD)
        .ok_or(AuthError::Password)?
        .into_owned();
    let (one, two) = (random()?, random()?);
    let derive = move || {
        let of = |hash, salt: &[u8]| Keys::derive(hash, &prepared, salt, scram::DEFAULT_ITERATIONS);
        (of(Hash::Sha1, &one), of(Hash::Sha256, &two))
    };
    let keys = tokio::task::spawn_blocking(derive).await;
    keys.map_err(|_| StoreError::Unavailable("the server is stopping".into()).into())
}

/// Makes an account.
pub async fn create_account(cx: &Ctx, jid: &Jid, password: &str) -> Result<AccountId, AuthError> {
    let (sha1, sha256) = keys(password).await?;
    cx.store
        .account_create(jid, &sha1, &sha256)
        .await
        .map_err(|e| match e {
            StoreError::Conflict(_) => AuthError::Taken(jid.clone()),
            e => e.into(),
        })
}

/// Sets a new password. Every session but `except` ends, and every other device has to log in with it.
pub async fn set_password(
    cx: &Ctx,
    jid: &Jid,
    password: &str,
    except: Option<&Arc<Session>>,
) -> Result<(), AuthError> {
    let (sha1, sha256) = keys(password).await?;
    let kept = except.and_then(|s| s.client.as_deref());
    let epoch = cx
        .store
        .account_set_keys(jid, &sha1, &sha256, kept)
        .await
        .map_err(|e| unknown(e, jid))?;
    if let Some(account) = cx.accounts.cached(jid) {
        account.set_epoch(epoch);
        let reason = StreamError::not_authorized().with_text("the password was changed");
        cx.remove_sessions(&account, except, &reason);
    }
    Ok(())
}

/// Bans an account with a reason, or lets it in again. Its sessions end with the condition that its logins get from now on.
pub async fn ban(cx: &Ctx, jid: &Jid, reason: Option<String>) -> Result<(), AuthError> {
    let epoch = cx
        .store
        .account_ban(jid, reason.as_deref())
        .await
        .map_err(|e| unknown(e, jid))?;
    if let Some(account) = cx.accounts.cached(jid) {
        account.set_epoch(epoch);
        if reason.is_some() {
            let banned = StreamError::not_authorized()
                .with_text("this account is banned")
                .with_extra(&Element::new(ns::SASL, SaslError::AccountDisabled.name()));
            cx.remove_sessions(&account, None, &banned);
        }
    }
    Ok(())
}

/// From now on nobody logs in to an account that is about to be removed, so that nothing is written behind the removal.
pub async fn close_account(cx: &Ctx, jid: &Jid) -> Result<(), AuthError> {
    let closed = cx.store.account_ban(jid, Some("removed")).await;
    closed.map(drop).map_err(|e| unknown(e, jid))
}

/// Removes an account with all it owns: its contacts are told, its sessions end. The name stays taken.
pub async fn remove_account(cx: &Ctx, jid: &Jid, reason: &StreamError) -> Result<(), AuthError> {
    let account = cx
        .accounts
        .get(jid)
        .await?
        .ok_or_else(|| AuthError::Unknown(jid.clone()))?;
    account.set_leaving(true);
    let removed = remove(cx, &account, reason).await;
    match removed {
        Ok(()) => cx.accounts.forget(jid),
        Err(_) => account.set_leaving(false),
    }
    removed
}

async fn remove(cx: &Ctx, account: &Arc<Account>, reason: &StreamError) -> Result<(), AuthError> {
    close_account(cx, &account.jid).await?;
    for feature in cx.features.iter() {
        feature.account_deleted(cx, account).await?;
    }
    cx.remove_sessions(account, None, reason);
    cx.drain().await;
    cx.store.account_delete(&account.jid).await?;
    Ok(())
}

fn unknown(e: StoreError, jid: &Jid) -> AuthError {
    match e {
        StoreError::NotFound => AuthError::Unknown(jid.clone()),
        e => e.into(),
    }
}
