//! A batch as rows: ids for its messages, then the statements that store it.

use crate::{
    Error, Id, Message, Op, View, ViewKind,
    driver::{Insert, Tx, insert},
    value::Param,
};
use std::collections::HashMap;

const MESSAGES: Insert = insert!(
    4,
    "INSERT INTO messages (id, sender, recipient, xml)",
    "(?, ?, ?, ?)",
    ""
);
const ARCHIVE: Insert = insert!(
    6,
    "INSERT INTO archive (owner, id, peer, resource, flags, origin)",
    "(?, ?, ?, ?, ?, ?)",
    ""
);
const OFFLINE: Insert = insert!(2, "INSERT INTO offline (owner, id)", "(?, ?)", "");
const TRANSIENT: Insert = insert!(1, "INSERT INTO transient (id)", "(?)", "");
const CONVERSATIONS: Insert = insert!(
    6,
    "INSERT INTO conversations (owner, peer, last_id, said_id, unread, read_id)",
    "(?, ?, ?, ?, ?, ?)",
    " ON CONFLICT (owner, peer) DO UPDATE SET last_id = excluded.last_id, \
     said_id = CASE WHEN excluded.said_id > 0 THEN excluded.said_id ELSE conversations.said_id END, \
     hidden = CASE WHEN excluded.said_id > 0 THEN 0 ELSE conversations.hidden END, \
     marked = CASE WHEN excluded.read_id > 0 THEN 0 ELSE conversations.marked END, \
     unread = CASE WHEN excluded.read_id > 0 THEN excluded.unread ELSE conversations.unread + excluded.unread END, \
     read_id = CASE WHEN excluded.read_id > 0 THEN excluded.read_id ELSE conversations.read_id END"
);

/// How many rows each operation of an entry touched, or why the entry is not stored.
pub(crate) type Outcome = Result<Vec<u64>, Error>;

/// Gives ids to the messages of `batch`, above `last` and in order. A message that has an id from an earlier try keeps it
/// if nobody has given a higher one since. Returns the highest, which is also the batch's own.
pub(crate) fn assign(batch: &mut [Vec<Op>], last: Id, now_ms: i64) -> Id {
    let mut highest = last;
    for op in batch.iter_mut().flatten() {
        if let Op::Message(m) = op {
            if m.id <= highest {
                m.id = highest.next(now_ms);
            }
            highest = m.id;
        }
    }
    if highest == last {
        last.next(now_ms)
    } else {
        highest
    }
}

/// The first message of a batch.
pub(crate) fn first_message(batch: &[Vec<Op>]) -> Option<Id> {
    messages(batch).next().map(|m| m.id)
}

fn messages(batch: &[Vec<Op>]) -> impl Iterator<Item = &Message> {
    batch.iter().flatten().filter_map(|op| match op {
        Op::Message(m) => Some(&**m),
        Op::Write(_) => None,
    })
}

/// Writes all entries of `batch`, which have their ids. The first refused statement ends it.
pub(crate) fn write(tx: &mut dyn Tx, batch: &[Vec<Op>]) -> Result<Vec<Outcome>, Error> {
    Rows::of(batch)?.write(tx)?;
    batch
        .iter()
        .map(|ops| write_statements(tx, ops).map(Ok))
        .collect()
}

/// Writes entry by entry, so that a refused one leaves the others alone.
pub(crate) fn write_apart(tx: &mut dyn Tx, batch: &[Vec<Op>]) -> Result<Vec<Outcome>, Error> {
    let mut outcomes = Vec::with_capacity(batch.len());
    for ops in batch {
        if ops.is_empty() {
            outcomes.push(Ok(Vec::new()));
            continue;
        }
        tx.raw("SAVEPOINT entry")?;
        outcomes.push(match write(tx, std::slice::from_ref(ops)) {
            Ok(mut one) => one.pop().unwrap_or_else(|| Ok(Vec::new())),
            Err(e) if e.fate() == crate::error::Fate::Entry => {
                tx.raw("ROLLBACK TO SAVEPOINT entry")?;
                Err(e)
            }
            Err(e) => return Err(e),
        });
        tx.raw("RELEASE SAVEPOINT entry")?;
    }
    Ok(outcomes)
}

fn write_statements(tx: &mut dyn Tx, ops: &[Op]) -> Result<Vec<u64>, Error> {
    let mut touched = Vec::with_capacity(ops.len());
    for op in ops {
        touched.push(match op {
            Op::Message(_) => 1,
            Op::Write(statements) => {
                let mut sum = 0;
                for s in statements {
                    let params: smallvec::SmallVec<[Param<'_>; 12]> =
                        s.params.iter().map(|p| p.param()).collect();
                    sum += tx.execute(s.sql, &params)?;
                }
                sum
            }
        });
    }
    Ok(touched)
}

/// The rows of a batch's messages, table by table.
#[derive(Default)]
struct Rows<'a> {
    messages: Vec<Param<'a>>,
    archive: Vec<Param<'a>>,
    offline: Vec<Param<'a>>,
    transient: Vec<Param<'a>>,
    conversations: Conversations<'a>,
}

impl<'a> Rows<'a> {
    fn of(batch: &'a [Vec<Op>]) -> Result<Rows<'a>, Error> {
        let mut rows = Rows::default();
        for m in messages(batch).filter(|m| !m.views.is_empty()) {
            rows.message(m)?;
        }
        Ok(rows)
    }

    fn message(&mut self, m: &'a Message) -> Result<(), Error> {
        let xml = std::str::from_utf8(&m.xml)
            .map_err(|_| Error::Invalid("a message is not UTF-8".into()))?;
        let (sender, recipient) = keepers(m)?;
        self.messages.extend([
            int(m.id.0),
            Param::Int(sender),
            Param::Int(recipient),
            Param::Text(Some(xml)),
        ]);
        for view in &m.views {
            self.view(m, view);
        }
        if !m.views.iter().any(|v| v.kind.archived) {
            self.transient.push(int(m.id.0));
        }
        Ok(())
    }

    fn view(&mut self, m: &'a Message, view: &'a View) {
        if view.kind.has_row() {
            let origin = m.origin.as_deref().filter(|_| view.kind.outgoing);
            self.archive.extend([
                int(view.owner),
                int(m.id.0),
                Param::Text(Some(&view.peer)),
                Param::Text(Some(&view.resource)),
                int(view.kind.flags()),
                Param::Text(origin),
            ]);
        }
        if view.kind.offline {
            self.offline.extend([int(view.owner), int(m.id.0)]);
        }
        if view.kind.in_conversation() {
            self.conversations
                .count(view.owner, &view.peer, m.id, view.kind);
        }
    }

    fn write(self, tx: &mut dyn Tx) -> Result<(), Error> {
        let conversations = self.conversations.rows();
        for (into, rows) in [
            (&MESSAGES, &self.messages),
            (&ARCHIVE, &self.archive),
            (&OFFLINE, &self.offline),
            (&TRANSIENT, &self.transient),
            (&CONVERSATIONS, &conversations),
        ] {
            if !rows.is_empty() {
                tx.insert(into, rows)?;
            }
        }
        Ok(())
    }
}

fn int<'a>(n: i64) -> Param<'a> {
    Param::Int(Some(n))
}

/// The accounts that have a row in `archive` for the message: the sender's, the recipient's.
fn keepers(m: &Message) -> Result<(Option<i64>, Option<i64>), Error> {
    let (mut sender, mut recipient) = (None, None);
    for v in m.views.iter().filter(|v| v.kind.has_row()) {
        let places = if v.kind.outgoing {
            [&mut sender, &mut recipient]
        } else {
            [&mut recipient, &mut sender]
        };
        match places.into_iter().find(|place| place.is_none()) {
            Some(place) => *place = Some(v.owner),
            None => {
                return Err(Error::Invalid(
                    "more than two accounts keep one message".into(),
                ));
            }
        }
    }
    Ok((sender, recipient))
}

/// What a batch does to the list of conversations: one row for each, however many messages it got.
#[derive(Default)]
struct Conversations<'a> {
    at: HashMap<(i64, &'a str), usize>,
    list: Vec<Conversation<'a>>,
}

struct Conversation<'a> {
    owner: i64,
    peer: &'a str,
    last: Id,
    said: Id,
    unread: i64,
    read: Id,
}

impl<'a> Conversations<'a> {
    fn count(&mut self, owner: i64, peer: &'a str, id: Id, kind: ViewKind) {
        let at = *self.at.entry((owner, peer)).or_insert_with(|| {
            self.list.push(Conversation {
                owner,
                peer,
                last: Id::ZERO,
                said: Id::ZERO,
                unread: 0,
                read: Id::ZERO,
            });
            self.list.len() - 1
        });
        let c = &mut self.list[at];
        c.last = id;
        if kind.said {
            c.said = id;
        }
        if kind.outgoing && kind.said {
            // Who answers has read. A receipt that a device sends by itself is no answer.
            (c.read, c.unread) = (id, 0);
        } else if kind.unread && !kind.outgoing {
            c.unread += 1;
        }
    }

    fn rows(&self) -> Vec<Param<'a>> {
        self.list
            .iter()
            .flat_map(|c| {
                [
                    int(c.owner),
                    Param::Text(Some(c.peer)),
                    int(c.last.0),
                    int(c.said.0),
                    int(c.unread),
                    int(c.read.0),
                ]
            })
            .collect()
    }
}
