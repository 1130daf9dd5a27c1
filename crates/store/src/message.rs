//! What is written through the queue: messages with their views, and statements of the other domains.

use crate::{AccountId, Id, Statement};
use bytes::Bytes;
use smallvec::SmallVec;

/// Something that goes through the commit queue as one: all of it is stored, or nothing.
pub trait Entry: Send + 'static {
    /// What it writes. If that is nothing it rides along without a row, still in order.
    fn ops(&mut self) -> &mut Vec<Op>;
}

/// One write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// A message. Its id is given inside the batch, before release.
    Message(Box<Message>),
    /// Statements made by a domain's functions. Each of these can be carried out twice without harm.
    Write(Vec<Statement>),
}

impl Op {
    pub(crate) fn one(sql: &'static str, params: impl IntoIterator<Item = crate::Value>) -> Op {
        Op::Write(vec![Statement::new(sql, params)])
    }
}

/// A message, stored once for all who keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// [`Id::ZERO`] until the writer gives it.
    pub id: Id,
    /// The stanza as it is served back: a whole document, UTF-8.
    pub xml: Bytes,
    /// The sender's key for it (origin-id, else stanza id), kept with the outgoing view: a retry is the same message.
    pub origin: Option<Box<str>>,
    /// Who keeps it: at most two accounts, each once.
    pub views: SmallVec<[View; 2]>,
}

/// A message as one account keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Who keeps it.
    pub owner: AccountId,
    /// The other side's bare JID.
    pub peer: Box<str>,
    /// The other side's resource, or "".
    pub resource: Box<str>,
    /// How it is kept.
    pub kind: ViewKind,
}

/// How a message is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ViewKind {
    /// The owner sent it.
    pub outgoing: bool,
    /// The owner's archive shows it (XEP-0313).
    pub archived: bool,
    /// It is to be delivered when the owner comes (XEP-0160).
    pub offline: bool,
    /// It counts as unread in the owner's list of conversations.
    pub unread: bool,
    /// It says something (the instant message of XEP-0430): the list of conversations shows it, and who says it has read.
    pub said: bool,
    /// It corrects another message (XEP-0308).
    pub corrects: bool,
    /// It came from a room.
    pub groupchat: bool,
}

impl ViewKind {
    /// The bits of `archive.flags`.
    pub(crate) const OUTGOING: i64 = 1;
    pub(crate) const ARCHIVED: i64 = 2;
    pub(crate) const UNREAD: i64 = 4;
    pub(crate) const GROUPCHAT: i64 = 8;
    pub(crate) const CORRECTS: i64 = 16;

    /// The bits as they lie in `archive.flags`. That it waits is a row in `offline`.
    pub(crate) fn flags(self) -> i64 {
        [
            (self.outgoing, Self::OUTGOING),
            (self.archived, Self::ARCHIVED),
            (self.unread, Self::UNREAD),
            (self.groupchat, Self::GROUPCHAT),
            (self.corrects, Self::CORRECTS),
        ]
        .iter()
        .filter(|(on, _)| *on)
        .map(|(_, bit)| bit)
        .sum()
    }

    /// Whether it has a row in `archive`: also what is not shown there, if its sender may send it again or it is counted.
    pub(crate) fn has_row(self) -> bool {
        self.archived || self.outgoing || self.unread
    }

    /// Whether it shows in the list of conversations.
    pub(crate) fn in_conversation(self) -> bool {
        self.archived || self.unread
    }
}
