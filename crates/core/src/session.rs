//! A session: a bound stream, or one that waits to be resumed. It belongs to its account and outlives its connection.

mod link;
mod outbox;

pub use link::{Attachment, Ending, ResumeError};
pub use outbox::{Out, OutboxLimits, Taken};

use crate::{Account, clock::now_ms};
use link::Link;
use magpie_xmpp::{Jid, Stanza, StreamError};
use outbox::Outbox;
use parking_lot::Mutex;
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU32, Ordering},
    },
};
use tokio::sync::Notify;

/// What a session asked for. Bits of one byte, since there are very many sessions.
#[derive(Debug, Clone, Copy)]
pub enum Wish {
    /// Carbons (XEP-0280).
    Carbons = 1,
    /// Roster pushes: it fetched the roster.
    Roster = 2,
    /// Block list pushes: it fetched the block list.
    BlockList = 4,
    /// Changes of conversations: it fetched the inbox.
    Inbox = 8,
}

/// What a session last said of itself.
#[derive(Debug, Default)]
struct Presence {
    stanza: Option<Stanza>,
    priority: i8,
    directed: Vec<Jid>,
    announced: bool,
    retired: bool,
}

/// Who logged in, and with what right.
#[derive(Debug, Clone)]
pub struct Login {
    /// Whose account.
    pub account: Arc<Account>,
    /// The account's epoch as the credentials were checked.
    pub epoch: i64,
    /// The client's id for itself (XEP-0388 §2.3), if it has one: the 32 hexadecimal digits of a UUID.
    pub client: Option<Box<str>>,
    /// Where it comes from.
    pub peer: IpAddr,
}

impl Login {
    /// A login with the credentials of this moment, by a client without an id.
    pub fn new(account: Arc<Account>, peer: IpAddr) -> Login {
        Login {
            epoch: account.epoch(),
            account,
            client: None,
            peer,
        }
    }
}

/// One bound resource of an account.
#[derive(Debug)]
pub struct Session {
    /// The full JID.
    pub jid: Jid,
    /// Whose it is.
    pub account: Arc<Account>,
    /// Which client has it, see [`Login::client`].
    pub client: Option<Box<str>>,
    /// When it was bound (unix ms).
    pub since_ms: i64,
    /// The account's credentials epoch at login: a later password change or ban ends the session.
    pub epoch: i64,
    /// Where the stream last came from.
    pub peer: IpAddr,
    pub(crate) wishes: AtomicU8,
    presence: Mutex<Presence>,
    outbox: Mutex<Outbox>,
    link: Mutex<Link>,
    gone: AtomicBool,
    wake: Notify,
    detached: Notify,
    released: Notify,
    in_flight: AtomicU32,
    handled: AtomicU32,
    last_active_ms: AtomicI64,
}

impl Session {
    /// A session that is attached to the stream that makes it.
    pub fn new(jid: Jid, login: Login, limits: OutboxLimits) -> Arc<Session> {
        let now = now_ms();
        Arc::new(Session {
            jid,
            account: login.account,
            client: login.client,
            since_ms: now,
            epoch: login.epoch,
            peer: login.peer,
            wishes: AtomicU8::new(0),
            presence: Mutex::default(),
            outbox: Mutex::new(Outbox::new(limits)),
            link: Mutex::new(Link::attached()),
            gone: AtomicBool::new(false),
            wake: Notify::new(),
            detached: Notify::new(),
            released: Notify::new(),
            in_flight: AtomicU32::new(0),
            handled: AtomicU32::new(0),
            last_active_ms: AtomicI64::new(now),
        })
    }

    /// The resource.
    pub fn resource(&self) -> &str {
        self.jid.resource().unwrap_or("")
    }

    /// Whether the session asked for `wish`.
    pub fn wants(&self, wish: Wish) -> bool {
        self.wishes.load(Ordering::Relaxed) & wish as u8 != 0
    }

    /// Notes that the session asks for `wish`, or no longer does.
    pub fn set_wish(&self, wish: Wish, on: bool) {
        if on {
            self.wishes.fetch_or(wish as u8, Ordering::Relaxed);
        } else {
            self.wishes.fetch_and(!(wish as u8), Ordering::Relaxed);
        }
    }

    /// The presence it last broadcast, if it is available.
    pub fn presence(&self) -> Option<Stanza> {
        self.presence.lock().stanza.clone()
    }

    /// Its priority, if it is available (RFC 6121 §4.7.2.3).
    pub fn priority(&self) -> Option<i8> {
        let p = self.presence.lock();
        p.stanza.is_some().then_some(p.priority)
    }

    /// Whether messages to the bare JID may reach it.
    pub fn takes_messages(&self) -> bool {
        self.priority().is_some_and(|p| p >= 0)
    }

    /// Sets what it says of itself; tells whether it took messages before and takes them now.
    pub(crate) fn set_presence(&self, stanza: Option<Stanza>) -> (bool, bool) {
        let priority = stanza
            .as_ref()
            .and_then(|s| s.text("priority"))
            .and_then(|t| t.trim().parse().ok())
            .unwrap_or(0);
        let mut p = self.presence.lock();
        let before = p.stanza.is_some() && p.priority >= 0;
        p.priority = priority;
        p.stanza = stanza;
        (before, p.stanza.is_some() && p.priority >= 0)
    }

    /// Notes, when a presence without address is decided, whether the session is available from then on; tells whether it
    /// was. [`Session::presence`] follows at release.
    pub fn announce(&self, available: bool) -> bool {
        let mut p = self.presence.lock();
        let available = available && !p.retired;
        std::mem::replace(&mut p.announced, available)
    }

    /// Whether the session is available as of what was decided last.
    pub fn is_announced(&self) -> bool {
        self.presence.lock().announced
    }

    /// Notes that it sent directed presence to `to`, or took it back (RFC 6121 §4.6). Tells whether there was room: nobody
    /// may direct presence to more than `max` addresses.
    pub fn direct(&self, to: &Jid, available: bool, max: usize) -> bool {
        let mut p = self.presence.lock();
        p.directed.retain(|j| j != to);
        if !available || p.retired {
            return true;
        }
        if p.directed.len() >= max {
            return false;
        }
        p.directed.push(to.clone());
        true
    }

    /// Forgets those of whom `which` says so among the addresses it sent directed presence to, and returns them.
    pub fn take_directed(&self, which: impl Fn(&Jid) -> bool) -> Vec<Jid> {
        let mut p = self.presence.lock();
        let (taken, kept) = p.directed.drain(..).partition(|j| which(j));
        p.directed = kept;
        taken
    }

    /// The session ends: what it says of itself from now on does not count. Tells whether it was available.
    pub fn retire(&self) -> bool {
        let mut p = self.presence.lock();
        p.retired = true;
        std::mem::take(&mut p.announced)
    }

    /// Notes that it left its account's list.
    pub(crate) fn set_gone(&self) {
        self.gone.store(true, Ordering::Release);
    }

    /// Whether it left its account's list.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Puts a stanza into the mailbox and wakes the stream. A session that was closed or whose mailbox is full does not
    /// get it; a full mailbox closes it.
    pub fn deliver(&self, out: Out) -> bool {
        let taken = self.outbox.lock().push(out);
        if taken {
            self.wake.notify_one();
        }
        taken
    }

    /// Holds live stanzas back until [`Session::open_gate`]: older ones are being read from the store.
    pub(crate) fn shut_gate(&self) {
        self.outbox.lock().shut_gate();
    }

    /// Puts `older` into the mailbox and then what was held back.
    pub(crate) fn open_gate(&self, older: Vec<Out>) {
        self.outbox.lock().open_gate(older);
        self.wake.notify_one();
    }

    /// Asks the stream to end with `error`. The first reason counts.
    pub fn close(&self, error: StreamError) {
        self.outbox.lock().close(error);
        self.wake.notify_one();
    }

    /// Why the stream is to end, if it is.
    pub fn closing(&self) -> Option<StreamError> {
        self.outbox.lock().closing()
    }

    /// Runs `f` on the mailbox: for the stream that is attached, and for release.
    pub fn outbox<T>(&self, f: impl FnOnce(&mut Outbox) -> T) -> T {
        f(&mut self.outbox.lock())
    }

    /// Resolves when there may be something to write, to acknowledge, or to end.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Wakes the stream.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Counts a stanza of this stream as taken in.
    pub fn begin(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a stanza of this stream as handled: committed and released (XEP-0198 §4).
    pub(crate) fn finish(&self) {
        self.handled.fetch_add(1, Ordering::Relaxed);
        self.in_flight.fetch_sub(1, Ordering::Release);
        self.released.notify_waiters();
        self.wake.notify_one();
    }

    /// Resolves when fewer than `n` stanzas of the session are in flight.
    pub async fn below(&self, n: u32) {
        loop {
            let released = self.released.notified();
            if self.in_flight() < n {
                return;
            }
            released.await;
        }
    }

    /// How many stanzas are taken in and not yet handled.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Acquire)
    }

    /// How many stanzas were handled, modulo 2^32: the `h` of XEP-0198 once [`Session::reset_handled`] set its start.
    pub fn handled(&self) -> u32 {
        self.handled.load(Ordering::Acquire)
    }

    /// Starts counting at 0: stream management was enabled.
    pub fn reset_handled(&self) {
        self.handled.store(0, Ordering::Release);
    }

    /// Notes that the user did something now.
    pub fn touch(&self, now_ms: i64) {
        self.last_active_ms.store(now_ms, Ordering::Relaxed);
    }

    /// When the user last sent something (unix ms).
    pub fn last_active_ms(&self) -> i64 {
        self.last_active_ms.load(Ordering::Relaxed)
    }
}
