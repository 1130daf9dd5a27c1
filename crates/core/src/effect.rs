//! What deciding a stanza leads to: rows to write, and effects to carry out once they are committed.

use crate::{Account, Session, account::Turn};
use magpie_store::{AccountId, Error as StoreError, Id, Op, View, ViewKind};
use magpie_xmpp::{Jid, Stanza, StreamError};
use smallvec::SmallVec;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Which sessions of an account a stanza reaches. Chosen at release, so that the answer is that of queue order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All available sessions with a priority of 0 or more (RFC 6121 §8.5.2.1.1, case b). Nobody there: kept for later
    /// if the message is stored.
    Message,
    /// As `Message`, but nobody there means it is dropped (headlines).
    Headline,
    /// All available sessions, whatever their priority (presence).
    Available,
    /// Sessions that asked for the roster (roster pushes, RFC 6121 §2.1.6; subscription stanzas, §3.1.3).
    Roster,
    /// Sessions that asked for the block list (XEP-0191 §3.3).
    BlockList,
}

/// Where a stanza goes.
#[derive(Debug, Clone)]
pub enum Target {
    /// This session, as long as it is bound.
    Session(Arc<Session>),
    /// The session of this account with this resource; if there is none, `otherwise`.
    Resource {
        /// The account.
        account: Arc<Account>,
        /// The resource.
        resource: Box<str>,
        /// Who gets it when that session is not there.
        otherwise: Otherwise,
    },
    /// Sessions of an account. `to` is rewritten to each session's full JID for pushes only.
    Account(Arc<Account>, Reach),
}

/// What becomes of a stanza to a full JID that nobody has (RFC 6121 §8.5.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// As to the bare JID (messages of type chat and normal).
    Bare,
    /// Dropped (presence, headlines, errors, results).
    Drop,
    /// `service-unavailable` to the sender (IQ requests, groupchat).
    Unavailable,
}

/// Something to carry out when the entry is committed, in queue order.
#[derive(Debug)]
pub enum Effect {
    /// Hands a stanza to its target.
    Deliver {
        /// Where it goes.
        target: Target,
        /// The stanza.
        stanza: Stanza,
    },
    /// Hands a copy to those sessions of `account` that enabled carbons and did not get the message by this entry.
    Copy {
        /// Whose sessions.
        account: Arc<Account>,
        /// The message as it was sent.
        stanza: Stanza,
        /// Makes the copy for one session.
        wrap: fn(&Stanza, &Session) -> Stanza,
    },
    /// The session's own presence changes: `Some` available, `None` unavailable.
    Presence {
        /// Whose.
        session: Arc<Session>,
        /// The presence as it is broadcast.
        presence: Option<Stanza>,
    },
    /// Hands `session` the current presence of every available session of `contact` (a probe, RFC 6121 §4.3).
    Probe {
        /// Who is asked.
        contact: Arc<Account>,
        /// Who is told: a full or bare JID of an account here.
        to: Target,
        /// The address the answers carry.
        address: Jid,
    },
    /// Hands `to` an unavailable presence from every available session of `account`, which no longer shares its presence
    /// (RFC 6121 §3.2.2, §3.3.3; XEP-0191 §3.3).
    Withdraw {
        /// Whose sessions.
        account: Arc<Account>,
        /// Who is told.
        to: Target,
        /// The address the presences carry.
        address: Jid,
    },
    /// Hands `session`, whose gate is shut, what waited for its account, and opens the gate. In the queue behind what earlier
    /// releases wrote; only up to the last message released before the session came: later ones find it.
    Waiting {
        /// Who came.
        session: Arc<Session>,
        /// The last message released before that.
        upto: Id,
    },
    /// The session leaves its account's list; what it did not get finds its way.
    Unbind(Arc<Session>),
    /// Ends a session's stream with an error.
    Close(Arc<Session>, StreamError),
    /// Tells a waiting task that everything before it in the queue is released.
    Done(oneshot::Sender<Result<(), StoreError>>),
}

/// What features ask for while a stanza is decided.
#[derive(Debug, Default)]
pub struct Effects {
    pub(crate) ops: Vec<Op>,
    pub(crate) list: Vec<Effect>,
    pub(crate) views: SmallVec<[View; 2]>,
    pub(crate) changed: Vec<Arc<Account>>,
    pub(crate) waits: bool,
    pub(crate) turns: SmallVec<[Turn; 2]>,
}

impl Effects {
    /// No effects.
    pub fn new() -> Effects {
        Effects::default()
    }

    /// Writes `op` in the entry's transaction.
    pub fn store(&mut self, op: Op) {
        self.ops.push(op);
    }

    /// Notes that the cached `account` was changed ahead of the commit: if that fails, it is read again.
    pub fn changed(&mut self, account: &Arc<Account>) {
        self.changed.push(account.clone());
    }

    /// Keeps turns until the effects have their place in the queue, see [`Account::turn`].
    pub fn hold(&mut self, turns: impl IntoIterator<Item = Turn>) {
        self.turns.extend(turns);
    }

    /// Carries out `effect` after the commit.
    pub fn push(&mut self, effect: Effect) {
        self.list.push(effect);
    }

    /// Delivers `stanza` after the commit.
    pub fn deliver(&mut self, target: Target, stanza: Stanza) {
        self.list.push(Effect::Deliver { target, stanza });
    }

    /// The message's view for `owner`, made on the first call: who keeps the message, and how.
    pub fn view(&mut self, owner: AccountId, peer: &Jid, outgoing: bool) -> &mut ViewKind {
        let at = match self.views.iter().position(|v| v.owner == owner) {
            Some(at) => at,
            None => {
                self.views.push(View {
                    owner,
                    peer: peer.bare_str().into(),
                    resource: peer.resource().unwrap_or("").into(),
                    kind: ViewKind {
                        outgoing,
                        ..ViewKind::default()
                    },
                });
                self.views.len() - 1
            }
        };
        &mut self.views[at].kind
    }

    /// Notes that the message waits for its recipient if nobody is there to take it (XEP-0160).
    pub fn may_wait(&mut self) {
        self.waits = true;
    }

    /// Whether any owner keeps the message.
    pub fn is_stored(&self) -> bool {
        !self.views.is_empty()
    }

    /// The effects so far, for a feature's test.
    pub fn list(&self) -> &[Effect] {
        &self.list
    }

    /// The writes so far, for a feature's test.
    pub fn ops(&self) -> &[Op] {
        &self.ops
    }

    /// Appends all of `other` behind what is here.
    pub fn append(&mut self, other: Effects) {
        self.ops.extend(other.ops);
        self.list.extend(other.list);
        self.views.extend(other.views);
        self.changed.extend(other.changed);
        self.waits |= other.waits;
        self.turns.extend(other.turns);
    }
}

/// One place in the commit queue: what one stanza writes and then does.
#[derive(Debug, Default)]
pub struct Entry {
    pub(crate) ops: Vec<Op>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) changed: Vec<Arc<Account>>,
    /// Whose stanza counts as handled by this entry.
    pub(crate) from: Option<Arc<Session>>,
    /// What is answered with an error when the entry cannot be stored.
    pub(crate) request: Option<Stanza>,
    /// Whether the message waits for its recipient if nobody is there at release.
    pub(crate) waits: bool,
    /// The retry key to forget when the entry cannot be stored.
    pub(crate) retry: Option<(Arc<Account>, u64)>,
    /// Given back when the entry is in the queue.
    pub(crate) turns: SmallVec<[Turn; 2]>,
}

impl magpie_store::Entry for Entry {
    fn ops(&mut self) -> &mut Vec<Op> {
        &mut self.ops
    }
}

impl Entry {
    /// An entry that writes and does what `fx` says.
    pub fn new(fx: Effects) -> Entry {
        Entry {
            ops: fx.ops,
            effects: fx.list,
            changed: fx.changed,
            waits: fx.waits,
            turns: fx.turns,
            ..Entry::default()
        }
    }

    /// Makes the entry's end count as one handled stanza of `session`.
    pub fn handled(mut self, session: &Arc<Session>) -> Entry {
        self.from = Some(session.clone());
        self
    }
}
