//! The accounts in memory: one `Account` per name, kept while anything holds it, else as long as there is room.

use crate::Account;
use magpie_store::{Error, Store};
use magpie_xmpp::Jid;
use parking_lot::RwLock;
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

/// See the module.
#[derive(Debug)]
pub struct Accounts {
    store: Store,
    capacity: usize,
    hasher: RandomState,
    shards: Vec<RwLock<HashMap<Box<str>, Arc<Account>>>>,
}

const SHARDS: usize = 16;

impl Accounts {
    /// An empty cache that keeps about `capacity` accounts nobody holds.
    pub fn new(store: Store, capacity: usize) -> Accounts {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        Accounts {
            store,
            capacity: capacity.div_ceil(SHARDS).max(1),
            hasher: RandomState::new(),
            shards,
        }
    }

    fn shard(&self, bare: &str) -> &RwLock<HashMap<Box<str>, Arc<Account>>> {
        &self.shards[self.hasher.hash_one(bare) as usize % SHARDS]
    }

    /// The account of `jid`'s bare JID if it is in memory. Whoever has a session is.
    pub fn cached(&self, jid: &Jid) -> Option<Arc<Account>> {
        self.shard(jid.bare_str())
            .read()
            .get(jid.bare_str())
            .cloned()
    }

    /// The account of `jid`'s bare JID, read from the store if need be; `None` if there is none.
    pub async fn get(&self, jid: &Jid) -> Result<Option<Arc<Account>>, Error> {
        if let Some(account) = self.cached(jid) {
            return Ok(Some(account));
        }
        let Some(loaded) = Account::load(&self.store, &jid.bare()).await? else {
            return Ok(None);
        };
        let mut shard = self.shard(jid.bare_str()).write();
        if shard.len() >= self.capacity {
            shard.retain(|_, a| Arc::strong_count(a) > 1);
        }
        Ok(Some(
            shard
                .entry(jid.bare_str().into())
                .or_insert_with(|| Arc::new(loaded))
                .clone(),
        ))
    }

    /// Forgets an account that was removed.
    pub fn forget(&self, jid: &Jid) {
        self.shard(jid.bare_str()).write().remove(jid.bare_str());
    }

    /// Every account in memory.
    pub fn all(&self) -> Vec<Arc<Account>> {
        self.shards
            .iter()
            .flat_map(|s| s.read().values().cloned().collect::<Vec<_>>())
            .collect()
    }
}
