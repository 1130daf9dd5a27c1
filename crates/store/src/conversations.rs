//! The list of conversations: for each owner and peer the last message, how many are unread, and what the owner decided.

use crate::{
    AccountId, Error, Id, Op, Statement, Store, Value, ViewKind, archive::Archived, value::Row,
};

/// Most bytes of unread messages that are read at once, unless a single one has more.
const UNREAD_BYTES: usize = 4 << 20;

/// A conversation as one owner sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conversation {
    /// The other side's bare JID.
    pub peer: String,
    /// The newest message.
    pub last_id: Id,
    /// The newest message that says something; [`Id::ZERO`]: none has been said, and no list shows the conversation.
    pub said_id: Id,
    /// How many messages came after `read_id` that count as unread.
    pub unread: u64,
    /// Up to where the owner has read; [`Id::ZERO`]: nothing.
    pub read_id: Id,
    /// It stands above the others.
    pub pinned: bool,
    /// It is not to make itself heard.
    pub muted: bool,
    /// The owner wants to come back to it, whether or not everything was read.
    pub marked: bool,
    /// No list shows it until something is said in it.
    pub hidden: bool,
}

/// The columns that [`Conversation::of`] reads.
pub(crate) const COLUMNS: &str =
    "c.peer, c.last_id, c.said_id, c.unread, c.read_id, c.pinned, c.muted, c.marked, c.hidden";

impl Conversation {
    /// Reads [`COLUMNS`].
    pub(crate) fn of(row: &mut Row) -> Result<Conversation, Error> {
        Ok(Conversation {
            peer: row.text(0)?.into(),
            last_id: Id(row.int(1)?),
            said_id: Id(row.int(2)?),
            unread: row.int(3)?.max(0) as u64,
            read_id: Id(row.int(4)?),
            pinned: row.int(5)? != 0,
            muted: row.int(6)? != 0,
            marked: row.int(7)? != 0,
            hidden: row.int(8)? != 0,
        })
    }
}

/// What an owner decides about a conversation. `None` leaves it as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decision {
    /// See [`Conversation::pinned`].
    pub pinned: Option<bool>,
    /// See [`Conversation::muted`].
    pub muted: Option<bool>,
    /// See [`Conversation::marked`]. Taking the mark away also reads everything (XEP-0430 §5).
    pub marked: Option<bool>,
    /// See [`Conversation::hidden`].
    pub hidden: Option<bool>,
}

/// Carries out what the owner decided.
pub fn decide(owner: AccountId, peer: &str, decision: Decision) -> Op {
    let mut statements = Vec::with_capacity(2);
    if decision.marked == Some(false) {
        statements.push(Statement::new(
            "UPDATE conversations SET read_id = last_id, unread = 0 WHERE owner = ? AND peer = ?",
            [owner.into(), peer.into()],
        ));
    }
    let given = |decided: Option<bool>| Value::Int(decided.map(i64::from));
    statements.push(Statement::new(
        "UPDATE conversations SET pinned = COALESCE(?, pinned), muted = COALESCE(?, muted), \
         marked = COALESCE(?, marked), hidden = COALESCE(?, hidden) WHERE owner = ? AND peer = ?",
        [
            given(decision.pinned),
            given(decision.muted),
            given(decision.marked),
            given(decision.hidden),
            owner.into(),
            peer.into(),
        ],
    ));
    Op::Write(statements)
}

/// The owner has read everything up to and including `upto`, and does not want to come back. What is further already stays.
pub fn mark_read(owner: AccountId, peer: &str, upto: Id) -> Op {
    let params: [Value; 10] = [
        // Nobody has read what has not come.
        upto.into(),
        upto.into(),
        owner.into(),
        peer.into(),
        upto.into(),
        ViewKind::UNREAD.into(),
        ViewKind::OUTGOING.into(),
        owner.into(),
        peer.into(),
        upto.into(),
    ];
    Op::Write(vec![
        Statement::new(
            "UPDATE conversations SET read_id = CASE WHEN last_id < ? THEN last_id ELSE ? END, \
             unread = (SELECT COUNT(*) FROM archive WHERE archive.owner = ? AND archive.peer = ? AND archive.id > ? \
             AND (archive.flags & ?) <> 0 AND (archive.flags & ?) = 0) \
             WHERE owner = ? AND peer = ? AND read_id < ?",
            params,
        ),
        Statement::new(
            "UPDATE conversations SET marked = 0 WHERE owner = ? AND peer = ? AND marked <> 0",
            [owner.into(), peer.into()],
        ),
    ])
}

impl Store {
    /// The conversations of `owner`, the one with the newest message first.
    pub async fn conversations(
        &self,
        owner: AccountId,
        limit: u32,
    ) -> Result<Vec<Conversation>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM conversations c WHERE c.owner = ? ORDER BY c.last_id DESC LIMIT ?"
        );
        let rows = self
            .rows(sql, vec![owner.into(), i64::from(limit).into()])
            .await?;
        rows.into_iter()
            .map(|mut row| Conversation::of(&mut row))
            .collect()
    }

    /// The unread messages of `owner` from `peer` (bare), newest first: at most `limit`, fewer if they are very large.
    pub async fn unread_messages(
        &self,
        owner: AccountId,
        peer: &str,
        limit: u32,
    ) -> Result<Vec<Archived>, Error> {
        let sql = "SELECT a.id, m.xml FROM archive a JOIN messages m ON m.id = a.id \
                   WHERE a.owner = ? AND a.peer = ? \
                   AND a.id > (SELECT c.read_id FROM conversations c WHERE c.owner = ? AND c.peer = ?) \
                   AND (a.flags & ?) <> 0 AND (a.flags & ?) = 0 ORDER BY a.id DESC LIMIT ?";
        let params = vec![
            owner.into(),
            peer.into(),
            owner.into(),
            peer.into(),
            ViewKind::UNREAD.into(),
            ViewKind::OUTGOING.into(),
            i64::from(limit).into(),
        ];
        let (rows, _) = self.rows_within(sql, params, UNREAD_BYTES).await?;
        rows.into_iter().map(Archived::of).collect()
    }

    /// The conversation of `owner` with `peer` (bare), if there is one.
    pub async fn conversation(
        &self,
        owner: AccountId,
        peer: &str,
    ) -> Result<Option<Conversation>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM conversations c WHERE c.owner = ? AND c.peer = ?");
        let row = self.row(sql, vec![owner.into(), peer.into()]).await?;
        row.map(|mut row| Conversation::of(&mut row)).transpose()
    }
}
