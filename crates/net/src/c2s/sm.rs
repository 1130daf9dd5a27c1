//! XEP-0198 Stream Management 1.6.2: acknowledgements both ways, and sessions that outlive their connection.
//!
//! `<a/>` counts what was released: stored, and on its way to whom it is for.

use super::{Shared, negotiate::Begun, offers::random_id, wire::Wire};
use magpie_core::{
    Login, Session,
    session::{Attachment, Ending},
};
use magpie_xmpp::{Element, StanzaError, StreamError, ns};
use parking_lot::Mutex;
use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

/// Handled stanzas after which the client is told unasked: what it does not know to be stored it sends again.
const UNASKED: u32 = 64;

/// The sessions that can be resumed, by id.
#[derive(Debug, Default)]
pub(crate) struct Table {
    sessions: Mutex<HashMap<Box<str>, Weak<Session>>>,
}

/// Stream management of one stream.
#[derive(Debug, Default)]
pub(crate) struct Sm {
    enabled: bool,
    id: Option<Box<str>>,
    /// Stanzas received since it was enabled, modulo 2^32.
    received: u32,
    /// What the client was last told.
    told: u32,
    /// An `<r/>` is to be answered when this many are handled.
    due: Option<u32>,
    /// Our `<r/>` is not answered yet.
    asked: bool,
}

fn element(name: &'static str) -> Element {
    Element::new(ns::SM3, name)
}

/// The answer to a request that came to nothing.
pub(super) fn failed(error: &StanzaError) -> Element {
    element("failed").child(Element::new(ns::STANZAS, error.condition.name()))
}

impl Sm {
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    pub fn is_resumable(&self) -> bool {
        self.id.is_some()
    }

    /// A stanza came in.
    pub fn count(&mut self) {
        self.received = self.received.wrapping_add(u32::from(self.enabled));
    }

    /// The answer to `<enable/>`. All that came before it is released.
    pub fn enable(
        &mut self,
        request: &Element,
        shared: &Shared,
        session: &Arc<Session>,
    ) -> Element {
        if self.enabled {
            return failed(&StanzaError::unexpected_request());
        }
        session.reset_handled();
        session.outbox(|b| b.enable_acks());
        *self = Sm {
            enabled: true,
            ..Sm::default()
        };
        let mut answer = element("enabled");
        let wanted =
            matches!(request.get("resume"), Some("true" | "1")) && shared.config.resume_secs > 0;
        if wanted && let Some(id) = shared.resumable.add(session) {
            answer = answer
                .attr("id", &*id)
                .attr("resume", "true")
                .attr("max", shared.config.resume_secs.to_string());
            self.id = Some(id);
        }
        answer
    }

    /// Handles `<r/>`, `<a/>`. `None`: it is neither. `Err`: the client counts more than it was sent.
    pub fn element(
        &mut self,
        e: &Element,
        shared: &Shared,
        session: &Session,
    ) -> Option<Result<(), StreamError>> {
        if !self.enabled || e.ns() != ns::SM3 {
            return None;
        }
        match e.name() {
            "r" => {
                self.due = Some(self.received);
                Some(Ok(()))
            }
            "a" => Some(self.acked(e, shared, session)),
            _ => None,
        }
    }

    fn acked(
        &mut self,
        a: &Element,
        shared: &Shared,
        session: &Session,
    ) -> Result<(), StreamError> {
        let h = a
            .get("h")
            .and_then(|h| h.parse().ok())
            .ok_or_else(StreamError::invalid_xml)?;
        self.asked = false;
        let done = session
            .outbox(|b| b.ack(h))
            .map_err(|sent| too_high(h, sent))?;
        shared.cx.settle(session, &done);
        Ok(())
    }

    /// Says what is handled if the client asked or has not been told for long.
    pub fn tell(&mut self, session: &Session, wire: &mut Wire) {
        if !self.enabled {
            return;
        }
        let handled = session.handled();
        let asked = self
            .due
            .is_some_and(|due| handled.wrapping_sub(due) as i32 >= 0);
        if asked || handled.wrapping_sub(self.told) >= UNASKED {
            self.due = if asked { None } else { self.due };
            self.told = handled;
            wire.element(&element("a").attr("h", handled.to_string()));
        }
    }

    /// Asks for an acknowledgement of what was just written, unless the last question is still open.
    pub fn ask(&mut self, wire: &mut Wire) {
        if self.enabled && !self.asked {
            self.asked = true;
            wire.element(&element("r"));
        }
    }

    /// Asks again: the client is silent.
    pub fn ask_again(&mut self, wire: &mut Wire) {
        self.asked = false;
        self.ask(wire);
    }

    /// The connection is cut: a session that can be resumed waits for its time, then it ends; another ends at once.
    pub fn cut(self, shared: &Arc<Shared>, session: &Arc<Session>, at: Attachment) {
        if !self.is_resumable() {
            return shared.cx.end_session(session, Ending::Stream(at));
        }
        if !session.detach(at) {
            return;
        }
        let (sm, shared, session) = (self, shared.clone(), session.clone());
        tokio::spawn(async move {
            let mut stop = shared.stop.clone();
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(shared.config.resume_secs)) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
            // Who resumed it meanwhile waits for himself.
            let waits = session.is_served_by(at);
            if waits || session.has_ended() {
                sm.forget(&shared);
            }
            if waits {
                shared.cx.end_session(&session, Ending::Expired);
            }
        });
    }

    /// The session is over.
    pub fn forget(&self, shared: &Shared) {
        if let Some(id) = &self.id {
            shared.resumable.remove(id);
        }
    }
}

fn too_high(h: u32, sent: u32) -> StreamError {
    let detail = element("handled-count-too-high")
        .attr("h", h.to_string())
        .attr("send-count", sent.to_string());
    StreamError::undefined_condition().with_extra(&detail)
}

/// Handles `<resume/>` of a client that logged in: the answer, and its session if it has one. What the client missed comes
/// behind the answer.
pub(super) async fn resume(
    request: &Element,
    shared: &Shared,
    login: &Login,
) -> Result<(Element, Begun), Element> {
    let unknown = || failed(&StanzaError::item_not_found());
    let (Some(id), Some(h)) = (
        request.get("previd"),
        request.get("h").and_then(|h| h.parse::<u32>().ok()),
    ) else {
        return Err(failed(&StanzaError::bad_request()));
    };
    let session = shared.resumable.get(id).ok_or_else(unknown)?;
    // An id is worth nothing without the login, and a session nothing after the password changed.
    if !Arc::ptr_eq(&session.account, &login.account) || session.epoch != login.epoch {
        return Err(unknown());
    }
    let at = session.take_over().await;
    let handled = session.handled();
    let over = || unknown().attr("h", handled.to_string());
    let at = at.map_err(|_| over())?;
    match session.outbox(|b| b.ack(h)) {
        Ok(done) => shared.cx.settle(&session, &done),
        Err(_) => {
            shared.cx.end_session(&session, Ending::Stream(at));
            return Err(over());
        }
    }
    session.outbox(|b| b.rewind());
    let answer = element("resumed")
        .attr("previd", id)
        .attr("h", handled.to_string());
    shared.cx.metrics.resumed.inc();
    let sm = Sm {
        enabled: true,
        id: Some(id.into()),
        received: handled,
        told: handled,
        due: None,
        asked: false,
    };
    session.wake();
    let begun = Begun {
        session,
        at,
        sm,
        inactive: false,
    };
    Ok((answer, begun))
}

impl Table {
    /// A new id for `session`, which nobody can guess. `None`: there is no randomness, so it cannot be resumed.
    fn add(&self, session: &Arc<Session>) -> Option<Box<str>> {
        let id: Box<str> = random_id().ok()?.into();
        self.sessions
            .lock()
            .insert(id.clone(), Arc::downgrade(session));
        Some(id)
    }

    fn get(&self, id: &str) -> Option<Arc<Session>> {
        self.sessions.lock().get(id)?.upgrade()
    }

    fn remove(&self, id: &str) {
        self.sessions.lock().remove(id);
    }
}
