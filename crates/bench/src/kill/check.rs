//! The checker: compares what clients logged with what the archives hold. Pure, so that it can be
//! shown a loss and seen to go red.

use super::record::{Entry, Record};
use std::collections::{HashMap, HashSet};

/// A broken promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Acknowledged, but missing from the sender's archive (I1).
    LostAtSender,
    /// Acknowledged, but missing from the receiver's archive (I1).
    LostAtReceiver,
    /// In one archive more than once, by origin-id or by archive id (I2).
    Doubled,
    /// In an archive after a later message of the same sender (I3).
    Reordered,
    /// Received live in another order than the archive has (I4).
    LiveOrder,
    /// Received live under an archive id that the archive does not give it (I4).
    OtherId,
    /// Received live, but missing from the receiver's archive (I5).
    SeenNotStored,
    /// Received live more than once, not recognisable as the same message (I6).
    ShownTwice,
    /// Answered with an error, yet stored.
    RefusedButStored,
}

impl Kind {
    /// Every kind, with the name it has in a report.
    pub const ALL: [(Kind, &'static str); 9] = [
        (Kind::LostAtSender, "lost_at_sender"),
        (Kind::LostAtReceiver, "lost_at_receiver"),
        (Kind::Doubled, "doubled"),
        (Kind::Reordered, "reordered"),
        (Kind::LiveOrder, "live_order"),
        (Kind::OtherId, "other_id"),
        (Kind::SeenNotStored, "seen_not_stored"),
        (Kind::ShownTwice, "shown_twice"),
        (Kind::RefusedButStored, "refused_but_stored"),
    ];
}

/// One broken promise about one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Which promise.
    pub kind: Kind,
    /// Number of the message's sender.
    pub from: u32,
    /// The message's number.
    pub seq: u32,
    /// Number of the user at whom it was seen.
    pub at: u32,
}

/// Checks every user's log and archive; `records[n]` is user `n`.
pub fn check(records: &[Record]) -> Vec<Finding> {
    let mut found = Vec::new();
    for record in records {
        let Some(peer) = records.get(record.peer as usize) else {
            continue;
        };
        stored(record, record, Kind::LostAtSender, &mut found);
        stored(record, peer, Kind::LostAtReceiver, &mut found);
        archive(record, &mut found);
        live(record, &mut found);
    }
    found
}

/// What `sender` got an `<a/>` for is in the archive of `owner`; what was refused is not.
fn stored(sender: &Record, owner: &Record, lost: Kind, found: &mut Vec<Finding>) {
    let of_sender = owner
        .archive
        .iter()
        .filter(|entry| entry.from == sender.user);
    let stored: HashSet<u32> = of_sender.map(|entry| entry.seq).collect();
    let finding = |kind, seq| Finding {
        kind,
        from: sender.user,
        seq,
        at: owner.user,
    };
    found.extend(
        sender
            .acked()
            .filter(|seq| !stored.contains(seq))
            .map(|seq| finding(lost, seq)),
    );
    let wrongly = sender.refused.iter().filter(|seq| stored.contains(seq));
    found.extend(wrongly.map(|&seq| finding(Kind::RefusedButStored, seq)));
}

/// An archive holds each message once, and each sender's in the order of sending.
fn archive(owner: &Record, found: &mut Vec<Finding>) {
    let mut ids = HashSet::new();
    let mut messages = HashSet::new();
    let mut highest: HashMap<u32, u32> = HashMap::new();
    for entry in &owner.archive {
        let finding = |kind| Finding {
            kind,
            from: entry.from,
            seq: entry.seq,
            at: owner.user,
        };
        let fresh_id = ids.insert(entry.archive_id.as_str());
        if !messages.insert((entry.from, entry.seq)) || !fresh_id {
            found.push(finding(Kind::Doubled));
            continue;
        }
        let high = highest.entry(entry.from).or_insert(entry.seq);
        if entry.seq < *high {
            found.push(finding(Kind::Reordered));
        }
        *high = entry.seq.max(*high);
    }
}

/// What was received live is in the archive, under the same id, in the same order, once on screen.
fn live(receiver: &Record, found: &mut Vec<Finding>) {
    let mut places: HashMap<u32, Vec<(usize, &Entry)>> = HashMap::new();
    let from_peer = receiver
        .archive
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.from == receiver.peer);
    from_peer.for_each(|(place, entry)| places.entry(entry.seq).or_default().push((place, entry)));
    let mut shown: HashMap<u32, HashSet<Option<&str>>> = HashMap::new();
    let mut last = None;
    for receipt in &receiver.received {
        let finding = |kind| Finding {
            kind,
            from: receiver.peer,
            seq: receipt.seq,
            at: receiver.user,
        };
        let id = receipt.archive_id.as_deref();
        let before = shown.entry(receipt.seq).or_default();
        let (first, fresh) = (before.is_empty(), before.insert(id));
        if !first {
            // A client drops what bears an id it has; anything else appears a second time.
            if fresh || id.is_none() {
                found.push(finding(Kind::ShownTwice));
            }
            continue;
        }
        let Some(stored) = places.get(&receipt.seq) else {
            found.push(finding(Kind::SeenNotStored));
            continue;
        };
        let same = stored
            .iter()
            .find(|(_, entry)| id.is_none_or(|id| id == entry.archive_id));
        let Some(&(place, _)) = same else {
            found.push(finding(Kind::OtherId));
            continue;
        };
        if last.is_some_and(|last| place < last) {
            found.push(finding(Kind::LiveOrder));
        }
        last = last.max(Some(place));
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
