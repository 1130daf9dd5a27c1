//! What an account sent, found by what its sender called it, and taken out of both archives (XEP-0424).

use crate::{AccountId, Archived, Error, Id, Op, Statement, Store, ViewKind};

/// Bytes of messages that a search reads at most.
const SEARCH_BYTES: usize = 8 << 20;

/// Which of the messages to a peer are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// All of them.
    Any,
    /// Those that correct an older one (XEP-0308).
    Corrections,
}

/// Message `id` says `xml` from now on, in every archive that has it: it waits for nobody, and nobody has it to read any more.
pub fn replace(id: Id, xml: &str) -> Op {
    let count = Statement::new(
        "UPDATE conversations SET unread = unread - 1 WHERE unread > 0 AND read_id < ? \
         AND owner = (SELECT recipient FROM messages WHERE id = ?) \
         AND peer = (SELECT a.peer FROM archive a WHERE a.owner = (SELECT recipient FROM messages WHERE id = ?) \
         AND a.id = ? AND (a.flags & ?) <> 0)",
        [
            id.into(),
            id.into(),
            id.into(),
            id.into(),
            ViewKind::UNREAD.into(),
        ],
    );
    let flag = Statement::new(
        "UPDATE archive SET flags = flags - ? WHERE id = ? AND (flags & ?) <> 0 \
         AND owner = (SELECT recipient FROM messages WHERE id = ?)",
        [
            ViewKind::UNREAD.into(),
            id.into(),
            ViewKind::UNREAD.into(),
            id.into(),
        ],
    );
    let waits = Statement::new("DELETE FROM offline WHERE id = ?", [id.into()]);
    let says = Statement::new(
        "UPDATE messages SET xml = ? WHERE id = ?",
        [xml.into(), id.into()],
    );
    Op::Write(vec![count, flag, waits, says])
}

impl Store {
    /// The newest message that `owner` sent to `peer` (bare) under the key `origin`: its origin-id, else its stanza id.
    pub async fn sent_as(
        &self,
        owner: AccountId,
        peer: &str,
        origin: &str,
    ) -> Result<Option<Archived>, Error> {
        let sql = "SELECT a.id, m.xml FROM archive a JOIN messages m ON m.id = a.id \
                   WHERE a.owner = ? AND a.peer = ? AND a.origin = ? ORDER BY a.id DESC LIMIT 1";
        let row = self
            .row(sql, vec![owner.into(), peer.into(), origin.into()])
            .await?;
        row.map(Archived::of).transpose()
    }

    /// What `owner` sent to `peer` (bare) after `after`, newest first: at most `limit`, fewer if they are very large.
    pub async fn sent_after(
        &self,
        owner: AccountId,
        peer: &str,
        after: Id,
        which: Sent,
        limit: u32,
    ) -> Result<Vec<Archived>, Error> {
        let flags = match which {
            Sent::Any => ViewKind::OUTGOING,
            Sent::Corrections => ViewKind::OUTGOING + ViewKind::CORRECTS,
        };
        let sql = "SELECT a.id, m.xml FROM archive a JOIN messages m ON m.id = a.id \
                   WHERE a.owner = ? AND a.peer = ? AND a.id > ? AND (a.flags & ?) = ? ORDER BY a.id DESC LIMIT ?";
        let params = vec![
            owner.into(),
            peer.into(),
            after.into(),
            flags.into(),
            flags.into(),
            i64::from(limit).into(),
        ];
        let (rows, _) = self.rows_within(sql, params, SEARCH_BYTES).await?;
        rows.into_iter().map(Archived::of).collect()
    }
}
