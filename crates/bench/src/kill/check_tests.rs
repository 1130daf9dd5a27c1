//! The checker is shown each fault once and must name it; a clean run must stay clean.

use super::*;
use crate::kill::record::{Receipt, Sent};

/// User 0 sent three messages to user 1 and got all acknowledged; user 1 sent none.
fn clean() -> Vec<Record> {
    let archive: Vec<Entry> = (0..3)
        .map(|seq| Entry {
            archive_id: format!("a{seq}"),
            from: 0,
            seq,
        })
        .collect();
    let sender = Record {
        user: 0,
        peer: 1,
        sent: vec![
            Sent {
                at_ms: 1,
                tries: 1,
                acked_ms: Some(2)
            };
            3
        ],
        archive: archive.clone(),
        ..Record::default()
    };
    let received = (0..3).map(|seq| receipt(seq, &format!("a{seq}"))).collect();
    vec![
        sender,
        Record {
            user: 1,
            peer: 0,
            received,
            archive,
            ..Record::default()
        },
    ]
}

fn receipt(seq: u32, id: &str) -> Receipt {
    Receipt {
        seq,
        archive_id: Some(id.into()),
        at_ms: 3,
    }
}

/// Spoils a clean run and gives the findings as (kind, message, at whom).
fn spoilt(spoil: impl FnOnce(&mut Record, &mut Record)) -> Vec<(Kind, u32, u32)> {
    let mut records = clean();
    let (sender, receiver) = records.split_at_mut(1);
    spoil(&mut sender[0], &mut receiver[0]);
    check(&records)
        .into_iter()
        .map(|f| (f.kind, f.seq, f.at))
        .collect()
}

#[test]
fn a_clean_run_is_clean() {
    assert_eq!(spoilt(|_, _| {}), []);
}

#[test]
fn an_unacknowledged_message_may_be_missing_or_stored_once() {
    assert_eq!(
        spoilt(|sender, _| sender.sent.push(Sent {
            at_ms: 5,
            tries: 1,
            acked_ms: None
        })),
        []
    );
    assert_eq!(spoilt(|sender, _| sender.sent[2].acked_ms = None), []);
}

#[test]
fn a_lost_message_is_found_on_either_side() {
    let at_sender = spoilt(|sender, _| drop(sender.archive.remove(1)));
    assert_eq!(at_sender, [(Kind::LostAtSender, 1, 0)]);
    let at_receiver = spoilt(|_, receiver| {
        receiver.archive.remove(1);
        receiver.received.remove(1);
    });
    assert_eq!(at_receiver, [(Kind::LostAtReceiver, 1, 1)]);
}

#[test]
fn a_message_seen_but_not_stored_is_found() {
    let seen = spoilt(|sender, receiver| {
        sender.sent[2].acked_ms = None;
        sender.archive.pop();
        receiver.archive.pop();
    });
    assert_eq!(seen, [(Kind::SeenNotStored, 2, 1)]);
}

#[test]
fn a_doubled_message_is_found_by_origin_and_by_archive_id() {
    let twice = Entry {
        archive_id: "a9".into(),
        from: 0,
        seq: 1,
    };
    assert_eq!(
        spoilt(|sender, _| sender.archive.push(twice)),
        [(Kind::Doubled, 1, 0)]
    );
    let same_id = spoilt(|sender, _| sender.archive[2].archive_id = "a1".into());
    assert_eq!(same_id, [(Kind::Doubled, 2, 0)]);
}

#[test]
fn a_reordered_archive_is_found() {
    let swapped = spoilt(|sender, _| sender.archive.swap(0, 1));
    assert_eq!(swapped, [(Kind::Reordered, 0, 0)]);
}

#[test]
fn live_order_must_be_archive_order() {
    assert_eq!(
        spoilt(|_, receiver| receiver.received.swap(1, 2)),
        [(Kind::LiveOrder, 1, 1)]
    );
}

#[test]
fn a_gap_in_live_delivery_is_no_fault() {
    // The archive has it, so the client's catch-up gets it.
    assert_eq!(spoilt(|_, receiver| drop(receiver.received.remove(1))), []);
}

#[test]
fn a_redelivery_is_recognised_by_its_id_only() {
    assert_eq!(
        spoilt(|_, receiver| receiver.received.push(receipt(0, "a0"))),
        []
    );
    let shown = spoilt(|_, receiver| receiver.received.push(receipt(0, "b0")));
    assert_eq!(shown, [(Kind::ShownTwice, 0, 1)]);
    let nameless = Receipt {
        seq: 0,
        archive_id: None,
        at_ms: 9,
    };
    let shown = spoilt(|_, receiver| receiver.received.extend([nameless.clone(), nameless]));
    assert_eq!(shown, [(Kind::ShownTwice, 0, 1), (Kind::ShownTwice, 0, 1)]);
}

#[test]
fn the_live_id_must_be_the_archive_id() {
    let other = spoilt(|_, receiver| receiver.received[1] = receipt(1, "zz"));
    assert_eq!(other, [(Kind::OtherId, 1, 1)]);
}

#[test]
fn a_refused_message_must_not_be_stored() {
    let refused = spoilt(|sender, _| sender.refused.extend([1]));
    assert_eq!(
        refused,
        [
            (Kind::RefusedButStored, 1, 0),
            (Kind::RefusedButStored, 1, 1)
        ]
    );
}
