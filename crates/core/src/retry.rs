//! A message sent again after a broken stream is one message (design: accepted means stored, delivered once).

use crate::{Account, Session};
use magpie_store::Store;
use magpie_xmpp::{Stanza, ns};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// How many of an account's newest sent messages are remembered. A client that resends has fewer than this unacknowledged:
/// the server acknowledges unasked long before.
pub const REMEMBERED: usize = 1024;

/// For how long a message without origin-id is recognised by its stanza id, milliseconds: ids of old clients recur.
const STANZA_ID_WINDOW_MS: i64 = 10 * 60 * 1000;

/// What an account sent lately, by key.
#[derive(Debug, Default)]
pub struct Sent {
    at: HashMap<u64, Mark>,
    order: VecDeque<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    ms: i64,
    /// Which session sent it; 0 if it was read from the store.
    session: usize,
}

/// The identity under which a message would be sent again, as it lies in the store: the origin-id (XEP-0359), else the
/// stanza id with a digest of the content, since ids of clients without origin-ids are weak. `None`: it has neither.
pub fn key(m: &Stanza) -> Option<Box<str>> {
    if let Some(origin) = m.element("origin-id", ns::SID)
        && let Some(id) = origin.get("id")
    {
        return Some(id.into());
    }
    let id = m.id.as_deref()?;
    Some(format!("#{:016x} {id}", fnv1a(m.inner())).into())
}

fn is_weak(key: &str) -> bool {
    key.starts_with('#')
}

/// FNV-1a: kept in the store, so it must not change between versions of a library.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn hash(peer: &str, key: &str) -> u64 {
    fnv1a(format!("{peer} {key}").as_bytes())
}

impl Sent {
    fn put(&mut self, hash: u64, mark: Mark) {
        if self.at.insert(hash, mark).is_none() {
            self.order.push_back(hash);
        }
        if self.order.len() > REMEMBERED
            && let Some(old) = self.order.pop_front()
        {
            self.at.remove(&old);
        }
    }

    fn knows(&self, hash: u64, weak: bool, session: usize, now_ms: i64) -> bool {
        self.at
            .get(&hash)
            .is_some_and(|m| !weak || (m.session != session && now_ms - m.ms < STANZA_ID_WINDOW_MS))
    }
}

/// Whether `key` towards `peer` is known; if not, it is from now on. The hash returned lets [`forget`] undo that.
pub fn check(session: &Arc<Session>, peer: &str, key: &str, now_ms: i64) -> (bool, u64) {
    let (hash, by) = (hash(peer, key), Arc::as_ptr(session) as usize);
    let mut sent = session.account.sent().lock();
    let sent = sent.get_or_insert_default();
    let known = sent.knows(hash, is_weak(key), by, now_ms);
    if !known {
        sent.put(
            hash,
            Mark {
                ms: now_ms,
                session: by,
            },
        );
    }
    (known, hash)
}

/// Forgets a message that could not be stored.
pub fn forget(account: &Account, hash: u64) {
    if let Some(sent) = account.sent().lock().as_mut() {
        sent.at.remove(&hash);
        sent.order.retain(|h| *h != hash);
    }
}

/// Reads what the account sent before the server started. At once if that was done.
pub async fn load(account: &Account, store: &Store) -> Result<(), magpie_store::Error> {
    if account.sent().lock().is_some() {
        return Ok(());
    }
    let mut sent = Sent::default();
    for (origin, peer, id) in store
        .sent_recently(account.id, REMEMBERED)
        .await?
        .into_iter()
        .rev()
    {
        sent.put(
            hash(&peer, &origin),
            Mark {
                ms: id.unix_ms(),
                session: 0,
            },
        );
    }
    account.sent().lock().get_or_insert_with(|| Box::new(sent));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(ms: i64, session: usize) -> Mark {
        Mark { ms, session }
    }

    #[test]
    fn an_origin_id_is_known_for_ever_and_a_stanza_id_only_from_another_stream_and_lately() {
        let mut sent = Sent::default();
        sent.put(1, mark(0, 7));
        assert!(sent.knows(1, false, 7, i64::MAX));
        assert!(
            !sent.knows(1, true, 7, 10),
            "the same stream sends it as new"
        );
        assert!(sent.knows(1, true, 8, 10));
        assert!(!sent.knows(1, true, 8, STANZA_ID_WINDOW_MS));
        assert!(!sent.knows(2, false, 8, 10));
    }

    #[test]
    fn memory_is_bounded() {
        let mut sent = Sent::default();
        for i in 0..3 * REMEMBERED as u64 {
            sent.put(i, mark(0, 0));
        }
        assert_eq!((sent.at.len(), sent.order.len()), (REMEMBERED, REMEMBERED));
        assert!(!sent.knows(0, false, 1, 0) && sent.knows(3 * REMEMBERED as u64 - 1, false, 1, 0));
    }

    #[test]
    fn the_key_is_the_origin_id_or_the_stanza_id_with_its_content() {
        let m = |xml: &str| Stanza::parse(xml.as_bytes()).unwrap();
        let with = m(
            "<message xmlns='jabber:client' id='a'><body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/></message>",
        );
        assert_eq!(key(&with).as_deref(), Some("o1"));
        let plain = |body: &str| {
            key(&m(&format!(
                "<message xmlns='jabber:client' id='a'><body>{body}</body></message>"
            )))
        };
        assert_eq!(plain("x"), plain("x"));
        assert_ne!(plain("x"), plain("y"));
        assert_eq!(
            key(&m(
                "<message xmlns='jabber:client'><body>x</body></message>"
            )),
            None
        );
    }
}
