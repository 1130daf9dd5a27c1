//! The minimal trace of a broken promise: what happened to one message, in one line.

use super::{
    check::{Finding, Kind},
    record::Record,
};

/// Tells when the message was sent, acknowledged, received, where it is stored, and the kills around it.
pub fn trace(finding: &Finding, records: &[Record], kills: &[u32]) -> String {
    let Finding {
        kind,
        from,
        seq,
        at,
    } = *finding;
    let name = Kind::ALL
        .iter()
        .find(|(k, _)| *k == kind)
        .map_or("", |(_, name)| name);
    let mut line = format!("{name}: message {seq} of user {from}, at user {at}:");
    let Some(sender) = records.get(from as usize) else {
        return line;
    };
    if let Some(sent) = sender.sent.get(seq as usize) {
        let acked = sent
            .acked_ms
            .map_or("never".to_owned(), |ms| format!("{ms} ms"));
        line += &format!(
            " sent {} ms ({} times), acknowledged {acked};",
            sent.at_ms, sent.tries
        );
        line += &around(sent.at_ms, kills);
    }
    if let Some(receiver) = records.get(sender.peer as usize) {
        let seen = receiver
            .received
            .iter()
            .filter(|receipt| receipt.seq == seq);
        let seen: Vec<_> = seen
            .map(|r| {
                format!(
                    "{} ms as {}",
                    r.at_ms,
                    r.archive_id.as_deref().unwrap_or("-")
                )
            })
            .collect();
        line += &format!(" received [{}];", seen.join(", "));
        line += &format!(
            " receiver's archive {}, sender's archive {}",
            places(receiver, from, seq),
            places(sender, from, seq)
        );
    }
    line
}

/// The last kill before and the first one after a moment.
fn around(at_ms: u32, kills: &[u32]) -> String {
    let before = kills.iter().rev().find(|&&kill| kill < at_ms);
    let after = kills.iter().find(|&&kill| kill >= at_ms);
    let show = |kill: Option<&u32>| kill.map_or("none".to_owned(), |ms| format!("{ms} ms"));
    format!(" kills around: {} and {};", show(before), show(after))
}

fn places(owner: &Record, from: u32, seq: u32) -> String {
    let here = owner
        .archive
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.from == from && entry.seq == seq);
    let here: Vec<_> = here
        .map(|(place, entry)| format!("{} at {place}", entry.archive_id))
        .collect();
    format!("[{}]", here.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kill::record::{Entry, Receipt, Sent};

    #[test]
    fn one_line_tells_the_story() {
        let entry = Entry {
            archive_id: "x1".into(),
            from: 0,
            seq: 0,
        };
        let sent = vec![Sent {
            at_ms: 120,
            tries: 2,
            acked_ms: Some(900),
        }];
        let received = vec![Receipt {
            seq: 0,
            archive_id: None,
            at_ms: 950,
        }];
        let records = [
            Record {
                user: 0,
                peer: 1,
                sent,
                archive: vec![entry],
                ..Record::default()
            },
            Record {
                user: 1,
                peer: 0,
                received,
                ..Record::default()
            },
        ];
        let finding = Finding {
            kind: Kind::LostAtReceiver,
            from: 0,
            seq: 0,
            at: 1,
        };
        assert_eq!(
            trace(&finding, &records, &[100, 500]),
            "lost_at_receiver: message 0 of user 0, at user 1: sent 120 ms (2 times), acknowledged 900 ms; \
             kills around: 100 ms and 500 ms; received [950 ms as -]; \
             receiver's archive [], sender's archive [x1 at 0]"
        );
    }
}
