//! The contacts of an account, in memory (RFC 6121 §2).

use magpie_store::roster::{Item, Subscription};
use magpie_xmpp::Jid;
use std::collections::HashMap;

/// A roster and its version.
///
/// Besides the contacts it keeps requests of others that wait for an answer (RFC 6121 §3.1.3). A contact has a name, if
/// only an empty one; an item without is a mere request, which no client may see as a contact.
#[derive(Debug, Default)]
pub struct Roster {
    items: HashMap<Jid, Item>,
    version: i64,
}

impl Roster {
    pub(crate) fn new(items: Vec<Item>, version: i64) -> Roster {
        Roster {
            items: items.into_iter().map(|i| (i.jid.clone(), i)).collect(),
            version,
        }
    }

    /// The item of `jid` (bare).
    pub fn get(&self, jid: &Jid) -> Option<&Item> {
        self.items.get(jid)
    }

    /// The contact `jid` (bare): as [`Roster::get`], but not for mere requests.
    pub fn contact(&self, jid: &Jid) -> Option<&Item> {
        self.get(jid).filter(|i| i.name.is_some())
    }

    /// Every item, requests of others included, in no order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Puts `item` in place of what was there.
    pub fn put(&mut self, item: Item) {
        self.items.insert(item.jid.clone(), item);
    }

    /// Takes the item of `jid` out.
    pub fn remove(&mut self, jid: &Jid) -> Option<Item> {
        self.items.remove(jid)
    }

    /// The version of the last change (RFC 6121 §2.6).
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The version of a change that is being made.
    pub fn next_version(&mut self) -> i64 {
        self.version += 1;
        self.version
    }

    /// Whether `jid` (any form) receives the owner's presence: subscription `from` or `both`.
    pub fn shares_with(&self, jid: &Jid) -> bool {
        self.items
            .get(&jid.bare())
            .is_some_and(|i| matches!(i.subscription, Subscription::From | Subscription::Both))
    }

    /// Whether the owner receives the presence of `jid`: subscription `to` or `both`.
    pub fn sees(&self, jid: &Jid) -> bool {
        self.items
            .get(&jid.bare())
            .is_some_and(|i| matches!(i.subscription, Subscription::To | Subscription::Both))
    }
}
