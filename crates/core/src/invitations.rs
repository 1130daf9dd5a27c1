//! Invitations (XEP-0401): made, looked at, used up. The store has the hash of a token, so that whoever reads it cannot use one.

use crate::{Ctx, auth, clock::now_ms};
use magpie_store::{
    AccountId, Error as StoreError,
    invites::{Invite, Kind},
};
use magpie_xmpp::Jid;
use sha2::{Digest, Sha256};

/// How long an invitation is good for.
const DAYS: i64 = 7;

/// How many people may follow one person's invitation: a link or a code on a screen is for some friends, not for everybody.
const CONTACT_USES: i64 = 20;

/// Tries to use one that others use at the same moment.
const TRIES: usize = 8;

/// A new invitation and its token.
#[derive(Debug, Clone)]
pub struct Made {
    /// What nobody can guess.
    pub token: String,
    /// Until when it is good, milliseconds since 1970.
    pub expires_ms: i64,
}

/// The operator's invitation: one account.
pub async fn for_account(cx: &Ctx) -> Result<Made, StoreError> {
    make(cx, 0, Kind::Account, true).await
}

/// Somebody's invitation to become his contact; `registers`: good for a new account as well.
pub async fn for_contact(cx: &Ctx, owner: AccountId, registers: bool) -> Result<Made, StoreError> {
    make(cx, owner, Kind::Contact, registers).await
}

async fn make(cx: &Ctx, owner: AccountId, kind: Kind, registers: bool) -> Result<Made, StoreError> {
    let token = auth::token()?;
    let contact = kind == Kind::Contact;
    let expires_ms = now_ms() + DAYS * 24 * 60 * 60 * 1000;
    let invite = Invite {
        owner,
        inviter: None,
        kind,
        username: None,
        registers,
        befriends: contact,
        uses_left: if contact { CONTACT_USES } else { 1 },
        expires_ms,
    };
    cx.store.invite_add(&hash(&token), &invite).await?;
    Ok(Made { token, expires_ms })
}

/// The invitation of `token`, also one that is worth nothing any more.
pub async fn look(cx: &Ctx, token: &str) -> Result<Option<Invite>, StoreError> {
    cx.store.invite(&hash(token)).await
}

/// Whether an invitation can be used: there are uses left, its time is not over, and who made it is still there.
pub fn is_good(invite: &Invite) -> bool {
    let made_by_somebody = invite.owner == 0 || invite.inviter.is_some();
    invite.uses_left > 0 && invite.expires_ms > now_ms() && made_by_somebody
}

/// Uses an invitation for what `wanted` says. `None`: it is not good, or not for that. Of two who come at once for the last use
/// one gets it.
pub async fn take(
    cx: &Ctx,
    token: &str,
    wanted: impl Fn(&Invite) -> bool,
) -> Result<Option<Invite>, StoreError> {
    let hash = hash(token);
    for _ in 0..TRIES {
        let Some(invite) = cx.store.invite(&hash).await? else {
            return Ok(None);
        };
        if !is_good(&invite) || !wanted(&invite) {
            return Ok(None);
        }
        let left = invite.uses_left;
        if cx.store.invite_set_uses(&hash, left, left - 1).await? {
            return Ok(Some(invite));
        }
    }
    Ok(None)
}

/// Gives a use back: nothing came of it.
pub async fn give_back(cx: &Ctx, token: &str) -> Result<(), StoreError> {
    let hash = hash(token);
    for _ in 0..TRIES {
        let Some(Invite { uses_left, .. }) = cx.store.invite(&hash).await? else {
            return Ok(());
        };
        if cx
            .store
            .invite_set_uses(&hash, uses_left, uses_left + 1)
            .await?
        {
            return Ok(());
        }
    }
    Ok(())
}

/// The page that a browser opens (XEP-0401 §5).
pub fn landing_url(cx: &Ctx, token: &str) -> String {
    format!("{}/invite/{token}", cx.config.web_url)
}

/// The address for XMPP clients (XEP-0401 §3, XEP-0379 §4): the inviter's, or the server's for an account alone.
pub fn uri(cx: &Ctx, inviter: Option<&Jid>, registers: bool, token: &str) -> String {
    match inviter {
        Some(jid) if registers => format!("xmpp:{jid}?roster;preauth={token};ibr=y"),
        Some(jid) => format!("xmpp:{jid}?roster;preauth={token}"),
        None => format!("xmpp:{}?register;preauth={token}", cx.domain),
    }
}

fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}
