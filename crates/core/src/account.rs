//! Accounts as the router sees them: cached, with roster, blocks, archive preferences and sessions.

mod cache;
mod privacy;

pub use cache::Accounts;
pub use privacy::{PRIVACY_KEY, Privacy};

use crate::{Session, retry::Sent, roster::Roster, session::Wish};
use magpie_store::{AccountId, Error, Store};
use magpie_xmpp::Jid;
use parking_lot::{Mutex, RwLock};
use smallvec::SmallVec;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

/// The right to change what is cached of an account, see [`Account::turn`].
pub type Turn = tokio::sync::OwnedMutexGuard<()>;

/// An account in memory. Deciding a stanza reads it without I/O; what changes it changes the store in the same entry.
#[derive(Debug)]
pub struct Account {
    /// Its id in the store.
    pub id: AccountId,
    /// Its bare JID.
    pub jid: Jid,
    epoch: AtomicI64,
    leaving: AtomicBool,
    roster: Mutex<Roster>,
    blocks: RwLock<Vec<Jid>>,
    prefs: RwLock<Option<Box<ArchivePrefs>>>,
    privacy: RwLock<Privacy>,
    avatar: RwLock<Option<Box<str>>>,
    sessions: RwLock<Vec<Arc<Session>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
    sent: Mutex<Option<Box<Sent>>>,
}

/// Whose messages the archive keeps (XEP-0313 §5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArchivePrefs {
    /// What holds for everybody not listed.
    pub default: ArchiveDefault,
    /// Always kept.
    pub always: Vec<Jid>,
    /// Never kept.
    pub never: Vec<Jid>,
}

/// The default of [`ArchivePrefs`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ArchiveDefault {
    /// Everything.
    #[default]
    Always,
    /// Nothing.
    Never,
    /// Messages to and from contacts.
    Roster,
}

/// Where the preferences lie in the key-value store.
pub const ARCHIVE_PREFS_KEY: (&str, &str) = ("urn:xmpp:mam:2", "prefs");

/// Where the hash of an account's picture lies in the key-value store (XEP-0153).
pub const AVATAR_KEY: (&str, &str) = ("vcard-temp:x:update", "photo");

impl Account {
    /// Reads what the router needs of the account called `jid` (bare); `None` if there is none.
    async fn load(store: &Store, jid: &Jid) -> Result<Option<Account>, Error> {
        let Some(row) = store.account(jid).await? else {
            return Ok(None);
        };
        let account = Account {
            id: row.id,
            jid: jid.clone(),
            epoch: AtomicI64::new(row.epoch),
            leaving: AtomicBool::new(false),
            roster: Mutex::default(),
            blocks: RwLock::default(),
            prefs: RwLock::default(),
            privacy: RwLock::default(),
            avatar: RwLock::default(),
            sessions: RwLock::default(),
            turn: Arc::default(),
            sent: Mutex::new(None),
        };
        account.reload(store).await?;
        Ok(Some(account))
    }

    /// Reads roster, blocks, preferences, privacy and picture again: the cached ones ran ahead of a commit that failed.
    pub async fn reload(&self, store: &Store) -> Result<(), Error> {
        let (items, version) = store.roster_load(self.id).await?;
        let blocks = store.blocks_load(self.id).await?;
        let (ns, key) = ARCHIVE_PREFS_KEY;
        let prefs = store.kv_get(self.id, ns, key).await?;
        let (ns, key) = PRIVACY_KEY;
        let privacy = store.kv_get(self.id, ns, key).await?;
        let (ns, key) = AVATAR_KEY;
        let avatar = store.kv_get(self.id, ns, key).await?;
        *self.roster.lock() = Roster::new(items, version);
        *self.blocks.write() = blocks;
        *self.prefs.write() = prefs
            .and_then(|bytes| ArchivePrefs::decode(&bytes))
            .map(Box::new);
        *self.privacy.write() = privacy
            .and_then(|bytes| Privacy::decode(&bytes))
            .unwrap_or_default();
        *self.avatar.write() = avatar.map(|hash| String::from_utf8_lossy(&hash).into());
        Ok(())
    }

    /// The credentials epoch: it grows with each password change and ban.
    pub fn epoch(&self) -> i64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Notes a credentials epoch that was read from the store; an older one than is known changes nothing.
    pub fn set_epoch(&self, epoch: i64) {
        self.epoch.fetch_max(epoch, Ordering::AcqRel);
    }

    /// Whether the account is being removed: for whoever writes to it now there is none any more, so that nothing is
    /// accepted that would be removed unread.
    pub fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Acquire)
    }

    pub(crate) fn set_leaving(&self, leaving: bool) {
        self.leaving.store(leaving, Ordering::Release);
    }

    /// Waits for the turn to read roster or block list for others, or to change them. Who keeps it until the entry that
    /// follows is in the queue ([`crate::Effects::hold`]) sees to it that the store and the sessions get the changes in
    /// the order in which they were made.
    pub async fn turn(&self) -> Turn {
        self.turn.clone().lock_owned().await
    }

    /// The turn, if nobody has it.
    pub(crate) fn try_turn(&self) -> Option<Turn> {
        self.turn.clone().try_lock_owned().ok()
    }

    /// The turns of two accounts, which may be the same. Taken in the order of their ids, so that nobody waits in a circle.
    pub async fn turns(one: &Account, other: &Account) -> SmallVec<[Turn; 2]> {
        let (first, second) = if one.id <= other.id {
            (one, other)
        } else {
            (other, one)
        };
        let mut turns = SmallVec::new();
        turns.push(first.turn().await);
        if first.id != second.id {
            turns.push(second.turn().await);
        }
        turns
    }

    /// Runs `f` on the roster. What `f` changes, it also writes through effects.
    pub fn roster<T>(&self, f: impl FnOnce(&mut Roster) -> T) -> T {
        f(&mut self.roster.lock())
    }

    /// Whether `jid` is blocked: itself, its bare JID, its domain with or without resource (XEP-0191 §5). The owner never is.
    pub fn blocks(&self, jid: &Jid) -> bool {
        let list = self.blocks.read();
        !list.is_empty()
            && jid.bare_str() != self.jid.as_str()
            && list.iter().any(|b| blocked_by(b, jid))
    }

    /// The block list.
    pub fn block_list(&self) -> Vec<Jid> {
        self.blocks.read().clone()
    }

    /// Changes the block list. The caller writes it through effects.
    pub fn change_blocks<T>(&self, f: impl FnOnce(&mut Vec<Jid>) -> T) -> T {
        f(&mut self.blocks.write())
    }

    /// The archive preferences.
    pub fn archive_prefs(&self) -> ArchivePrefs {
        self.prefs.read().as_deref().cloned().unwrap_or_default()
    }

    /// Whether the account's archive keeps messages to and from `peer`.
    pub fn archives(&self, peer: &Jid) -> bool {
        let prefs = self.prefs.read();
        let Some(prefs) = prefs.as_deref() else {
            return true;
        };
        let listed = |list: &[Jid]| {
            list.iter()
                .any(|j| j == peer || (j.is_bare() && j.as_str() == peer.bare_str()))
        };
        if listed(&prefs.never) {
            return false;
        }
        listed(&prefs.always)
            || match prefs.default {
                ArchiveDefault::Always => true,
                ArchiveDefault::Never => false,
                ArchiveDefault::Roster => self.roster(|r| r.contact(&peer.bare()).is_some()),
            }
    }

    /// Sets the archive preferences. The caller writes them through effects.
    pub fn set_archive_prefs(&self, prefs: ArchivePrefs) {
        *self.prefs.write() = Some(Box::new(prefs));
    }

    /// The SHA-1 of its card's picture, hexadecimal (XEP-0153): '' it has none, `None` it never had one.
    pub fn avatar(&self) -> Option<Box<str>> {
        self.avatar.read().clone()
    }

    /// Notes another picture. The caller writes it through effects.
    pub fn set_avatar(&self, hash: Box<str>) {
        *self.avatar.write() = Some(hash);
    }

    /// What it lets others know.
    pub fn privacy(&self) -> Privacy {
        *self.privacy.read()
    }

    /// Sets what it lets others know. The caller writes it through effects.
    pub fn set_privacy(&self, privacy: Privacy) {
        *self.privacy.write() = privacy;
    }

    /// Its bound sessions, those that wait to be resumed included.
    pub fn sessions(&self) -> Vec<Arc<Session>> {
        self.sessions.read().clone()
    }

    /// Calls `f` with each bound session.
    pub fn each_session(&self, mut f: impl FnMut(&Arc<Session>)) {
        self.sessions.read().iter().for_each(&mut f);
    }

    /// The session with this resource.
    pub fn session(&self, resource: &str) -> Option<Arc<Session>> {
        self.sessions
            .read()
            .iter()
            .find(|s| s.resource() == resource)
            .cloned()
    }

    /// Whether any session takes messages to the bare JID.
    pub fn takes_messages(&self) -> bool {
        self.sessions.read().iter().any(|s| s.takes_messages())
    }

    /// Whether any session wants `wish`.
    pub fn any_wants(&self, wish: Wish) -> bool {
        self.sessions.read().iter().any(|s| s.wants(wish))
    }

    /// Adds `session`, unless there are `max` already. A session with the same resource is returned: it is to end.
    pub(crate) fn bind(
        &self,
        session: &Arc<Session>,
        max: usize,
    ) -> Result<Option<Arc<Session>>, usize> {
        let mut list = self.sessions.write();
        let old = list
            .iter()
            .position(|s| s.resource() == session.resource())
            .map(|i| list.swap_remove(i));
        if list.len() >= max {
            list.extend(old);
            return Err(max);
        }
        list.push(session.clone());
        Ok(old)
    }

    /// Removes exactly `session`.
    pub(crate) fn unbind(&self, session: &Arc<Session>) {
        let mut list = self.sessions.write();
        list.retain(|s| !Arc::ptr_eq(s, session));
        if list.is_empty() {
            list.shrink_to_fit();
        }
    }

    pub(crate) fn sent(&self) -> &Mutex<Option<Box<Sent>>> {
        &self.sent
    }
}

/// Whether a rule of a block list covers `jid`.
pub fn blocked_by(rule: &Jid, jid: &Jid) -> bool {
    let resource = |j: &Jid| rule.resource().is_none() || rule.resource() == j.resource();
    rule.domain() == jid.domain()
        && (rule.local().is_none() || rule.local() == jid.local())
        && resource(jid)
}

impl ArchivePrefs {
    /// One line per rule: `default always|never|roster`, `always JID`, `never JID`.
    pub fn encode(&self) -> String {
        let default = match self.default {
            ArchiveDefault::Always => "always",
            ArchiveDefault::Never => "never",
            ArchiveDefault::Roster => "roster",
        };
        let mut text = format!("default {default}\n");
        self.always
            .iter()
            .for_each(|j| text.push_str(&format!("always {j}\n")));
        self.never
            .iter()
            .for_each(|j| text.push_str(&format!("never {j}\n")));
        text
    }

    /// Reads what [`ArchivePrefs::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Option<ArchivePrefs> {
        let mut prefs = ArchivePrefs::default();
        for line in std::str::from_utf8(bytes).ok()?.lines() {
            match line.split_once(' ')? {
                ("default", "always") => prefs.default = ArchiveDefault::Always,
                ("default", "never") => prefs.default = ArchiveDefault::Never,
                ("default", "roster") => prefs.default = ArchiveDefault::Roster,
                ("always", jid) => prefs.always.push(Jid::new(jid).ok()?),
                ("never", jid) => prefs.never.push(Jid::new(jid).ok()?),
                _ => return None,
            }
        }
        Some(prefs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jid(s: &str) -> Jid {
        Jid::new(s).unwrap()
    }

    #[test]
    fn block_rules_match_as_the_xep_says() {
        for (rule, hit, miss) in [
            ("a@x/r", "a@x/r", "a@x/q"),
            ("a@x", "a@x/any", "b@x"),
            ("x", "b@x/any", "b@y"),
            ("x/r", "b@x/r", "b@x/q"),
        ] {
            assert!(blocked_by(&jid(rule), &jid(hit)), "{rule} {hit}");
            assert!(!blocked_by(&jid(rule), &jid(miss)), "{rule} {miss}");
        }
    }

    #[test]
    fn preferences_survive_the_store() {
        let prefs = ArchivePrefs {
            default: ArchiveDefault::Roster,
            always: vec![jid("a@x")],
            never: vec![jid("b@x/空 间")],
        };
        assert_eq!(ArchivePrefs::decode(prefs.encode().as_bytes()), Some(prefs));
    }
}
