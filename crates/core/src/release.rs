//! The release: what was committed happens, in queue order, on the writer's own thread. Nothing here waits.

mod presence;

use crate::{
    Account, Ctx, Effect, Effects, Entry, Out, Reach, Session, Target, effect::Otherwise, retry,
    session::Wish,
};
use magpie_store::{Error as StoreError, Id, Message, offline};
use magpie_xmpp::{Element, Kind, Stanza, StanzaError, ns, stanza::IqType, stanza::MessageType};
use presence::is_available;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// Releases a batch: all of it was committed, or none of it.
pub(crate) fn release(cx: &Ctx, entries: Vec<Entry>, outcome: Result<(), StoreError>) {
    cx.metrics.batch.observe(entries.len() as f64);
    for entry in entries {
        let from = entry.from.clone();
        let done = catch_unwind(AssertUnwindSafe(|| match &outcome {
            Ok(()) => run(cx, entry),
            Err(error) => fail(cx, entry, error),
        }));
        if done.is_err() {
            cx.metrics.panics.inc();
            tracing::error!("carrying out a stanza's effects panicked; its session ends");
            if let Some(session) = from {
                cx.remove_session(&session, magpie_xmpp::StreamError::internal_server_error());
            }
        }
    }
}

/// One entry in the course of its release.
struct Run<'a> {
    cx: &'a Ctx,
    message: Option<Message>,
    waits: bool,
    from: Option<Arc<Session>>,
    /// The sender left before this was released: it is not available any more, whatever it said.
    gone: bool,
    /// Who got the entry's message: no carbon for them.
    reached: Vec<Arc<Session>>,
    /// What this release writes in its turn; the sender's stanza counts as handled when that is committed.
    after: Effects,
}

fn run(cx: &Ctx, mut entry: Entry) {
    let message = entry
        .ops
        .iter()
        .position(|op| matches!(op, magpie_store::Op::Message(_)))
        .and_then(|at| match entry.ops.swap_remove(at) {
            magpie_store::Op::Message(m) => Some(*m),
            magpie_store::Op::Write(_) => None,
        });
    if let Some(m) = &message {
        cx.metrics.stored.inc();
        cx.set_released(m.id);
    }
    let mut run = Run {
        cx,
        message,
        waits: entry.waits,
        gone: entry.from.as_ref().is_some_and(|s| s.is_gone()),
        from: entry.from,
        reached: Vec::new(),
        after: Effects::new(),
    };
    for effect in entry.effects {
        run.effect(effect);
    }
    let Run { after, from, .. } = run;
    if after.ops.is_empty() {
        if let Some(session) = from {
            session.finish();
        }
    } else {
        cx.submit(Entry {
            from,
            ..Entry::new(after)
        });
    }
}

impl Run<'_> {
    fn effect(&mut self, effect: Effect) {
        match effect {
            Effect::Deliver { target, stanza } => self.deliver(&target, stanza),
            Effect::Copy {
                account,
                stanza,
                wrap,
            } => self.copy(&account, &stanza, wrap),
            Effect::Presence { session, presence } => self.presence(&session, presence),
            Effect::Probe {
                contact,
                to,
                address,
            } => self.probe(&contact, &to, &address),
            Effect::Withdraw {
                account,
                to,
                address,
            } => self.withdraw(&account, &to, &address),
            Effect::Waiting { session, upto } => flush_waiting(self.cx, session, upto),
            Effect::Unbind(session) => self.unbind(&session),
            Effect::Close(session, error) => session.close(error),
            Effect::Done(done) => drop(done.send(Ok(()))),
        }
    }

    fn deliver(&mut self, target: &Target, stanza: Stanza) {
        let own = stanza.from.as_ref() == self.from.as_ref().map(|s| &s.jid);
        if self.gone && own && is_available(&stanza) {
            return;
        }
        match target {
            Target::Session(session) => {
                let out = self.stamped(&session.account, &stanza);
                self.hand(session, out);
            }
            Target::Resource {
                account,
                resource,
                otherwise,
            } => {
                let out = self.stamped(account, &stanza);
                match account.session(resource) {
                    Some(session) if self.hand(&session, out) => {
                        self.settle_waiting(account, false);
                    }
                    _ => self.nobody(account, stanza, *otherwise),
                }
            }
            Target::Account(account, reach) => self.deliver_to_account(account, *reach, &stanza),
        }
    }

    /// Tells whether the session took it: one that is about to end does not.
    fn hand(&mut self, session: &Arc<Session>, out: Out) -> bool {
        let is_message = out.stanza.kind == Kind::Message;
        let taken = session.deliver(out);
        if taken {
            self.cx.metrics.delivered.inc();
            if is_message {
                self.reached.push(session.clone());
            }
        }
        taken
    }

    fn nobody(&mut self, account: &Arc<Account>, stanza: Stanza, otherwise: Otherwise) {
        match otherwise {
            Otherwise::Bare => self.deliver_to_account(account, Reach::Message, &stanza),
            Otherwise::Drop => {}
            Otherwise::Unavailable => {
                if let Some(sender) = self.from.clone() {
                    let reply = StanzaError::service_unavailable().reply(&stanza);
                    self.hand(&sender, reply.into());
                }
            }
        }
    }

    fn deliver_to_account(&mut self, account: &Arc<Account>, reach: Reach, stanza: &Stanza) {
        let mut chosen = account.sessions();
        chosen.retain(|s| reaches(s, reach) && !self.is_hidden_from(stanza, s));
        let mut taken = false;
        if !chosen.is_empty() {
            let out = self.stamped(account, stanza);
            for session in &chosen {
                let mut out = out.clone();
                if matches!(reach, Reach::Roster | Reach::BlockList) && out.stanza.kind == Kind::Iq
                {
                    out.stanza.to = Some(session.jid.clone());
                }
                taken |= self.hand(session, out);
            }
        }
        if reach == Reach::Message {
            self.settle_waiting(account, !taken);
        }
    }

    /// Whether anybody was there may have changed since the message was decided: what waits must be true at release.
    fn settle_waiting(&mut self, account: &Account, nobody: bool) {
        let Some(m) = &self.message else { return };
        let waits = m
            .views
            .iter()
            .any(|v| v.owner == account.id && v.kind.offline);
        if nobody && self.waits && !waits {
            self.after.store(offline::add(account.id, m.id));
        } else if !nobody && waits {
            self.after.store(offline::remove_one(account.id, m.id));
        }
    }

    /// The stanza as `account` gets it: a stored message carries its stanza-id (XEP-0359 §3).
    fn stamped(&self, account: &Account, stanza: &Stanza) -> Out {
        let mut out = Out::from(stanza.clone());
        if let Some(m) = &self.message
            && stanza.kind == Kind::Message
            && let Some(view) = m.views.iter().find(|v| v.owner == account.id)
        {
            out.id = m.id;
            if view.kind.archived {
                out.stanza.push(&stanza_id(account, m.id));
            }
        }
        out
    }

    fn copy(
        &mut self,
        account: &Arc<Account>,
        stanza: &Stanza,
        wrap: fn(&Stanza, &Session) -> Stanza,
    ) {
        if !account.any_wants(Wish::Carbons) {
            return;
        }
        let stamped = self.stamped(account, stanza).stanza;
        let sender = self.from.clone();
        for session in account.sessions() {
            let has_it = self
                .reached
                .iter()
                .chain(&sender)
                .any(|s| Arc::ptr_eq(s, &session));
            if session.wants(Wish::Carbons)
                && !has_it
                && session.deliver(wrap(&stamped, &session).into())
            {
                self.cx.metrics.delivered.inc();
            }
        }
    }

    fn unbind(&mut self, session: &Arc<Session>) {
        session.account.unbind(session);
        session.set_gone();
        self.cx.metrics.sessions.dec();
        for out in session.outbox(|b| b.drain()) {
            self.undelivered(session, out);
        }
    }

    /// A stanza that a session left behind (XEP-0198 §4: as if it had come when the session was gone).
    fn undelivered(&mut self, session: &Arc<Session>, out: Out) {
        let account = session.account.clone();
        let request = out.stanza.kind == Kind::Iq
            && matches!(out.stanza.iq_type(), Some(IqType::Get | IqType::Set))
            && out.stanza.from.as_ref().is_some_and(|f| f.is_full());
        if request {
            let reply = StanzaError::service_unavailable().reply(&out.stanza);
            if let Some(to) = &reply.to
                && let Some(sender) = self
                    .cx
                    .accounts
                    .cached(to)
                    .and_then(|a| a.session(to.resource()?))
            {
                self.hand(&sender, reply.into());
            }
            return;
        }
        let waits = matches!(
            out.stanza.message_type(),
            MessageType::Chat | MessageType::Normal
        );
        if out.stanza.kind != Kind::Message || out.id == Id::ZERO || !waits {
            return;
        }
        if !account.takes_messages() {
            self.after.store(offline::add(account.id, out.id));
        } else if out.stanza.to.as_ref() == Some(&session.jid) {
            for other in account
                .sessions()
                .iter()
                .filter(|s| s.takes_messages() && !s.wants(Wish::Carbons))
            {
                self.hand(other, out.clone());
            }
        }
    }
}

fn reaches(session: &Session, reach: Reach) -> bool {
    match reach {
        Reach::Message | Reach::Headline => session.takes_messages(),
        Reach::Available => session.priority().is_some(),
        Reach::Roster => session.wants(Wish::Roster),
        Reach::BlockList => session.wants(Wish::BlockList),
    }
}

/// The element by which `account` vouches for a message's archive id.
fn stanza_id(account: &Account, id: Id) -> Element {
    Element::new(ns::SID, "stanza-id")
        .attr("by", account.jid.as_str())
        .attr("id", id.to_string())
}

/// What was not stored did not happen: its sender is told, nobody else sees it.
fn fail(cx: &Ctx, entry: Entry, error: &StoreError) {
    cx.metrics.failed.inc();
    if let Some((account, hash)) = &entry.retry {
        retry::forget(account, *hash);
    }
    if let (Some(session), Some(request)) = (&entry.from, &entry.request) {
        let answer = match error {
            StoreError::Full(_) => StanzaError::resource_constraint()
                .with_text("the server's disk is full; send it again later"),
            _ => StanzaError::internal_server_error()
                .with_text("the server could not store this; send it again later"),
        };
        session.deliver(answer.reply(request).into());
    }
    let mut run = Run {
        cx,
        message: None,
        waits: false,
        gone: false,
        from: None,
        reached: Vec::new(),
        after: Effects::new(),
    };
    for effect in entry.effects {
        match effect {
            Effect::Done(done) => drop(done.send(Err(error.clone()))),
            // A session that is gone is gone, whatever the disk says.
            Effect::Unbind(session) => run.unbind(&session),
            Effect::Waiting { session, upto } => flush_waiting(cx, session, upto),
            _ => {}
        }
    }
    if !run.after.ops.is_empty() {
        cx.submit(Entry::new(run.after));
    }
    if let Some(session) = &entry.from {
        session.finish();
    }
    if let Some(cx) = cx.arc() {
        for account in entry.changed {
            let held = cx.clone();
            cx.spawn(async move {
                // Nobody changes it meanwhile, and what was changed before lies in the store.
                let _turn = account.turn().await;
                held.drain().await;
                if let Err(e) = account.reload(&held.store).await {
                    tracing::warn!(error = %e, account = %account.jid, "could not read the account again");
                }
            });
        }
    }
}

/// The session has `outs` for certain: what waited for it does not wait any more.
pub(crate) fn settle(cx: &Ctx, session: &Session, outs: &[Out]) {
    if let Some(last) = outs.iter().filter(|o| o.offline).map(|o| o.id).max() {
        let mut fx = Effects::new();
        fx.store(offline::remove(session.account.id, last));
        cx.submit(Entry::new(fx));
    }
}

/// Reads what waits for the account, hands it over, and lets the held-back live stanzas follow.
fn flush_waiting(cx: &Ctx, session: Arc<Session>, upto: Id) {
    if let Some(held) = cx.arc() {
        cx.spawn(async move { hand_waiting(&held, &session, upto).await });
    }
}

async fn hand_waiting(cx: &Ctx, session: &Session, upto: Id) {
    let limit = cx.config.offline_messages;
    let rows = cx.store.offline_list(session.account.id, upto, limit).await.unwrap_or_else(|e| {
        tracing::warn!(error = %e, "could not read the waiting messages; they stay until the next login");
        Vec::new()
    });
    let older = rows.into_iter().filter_map(|row| {
        let mut stanza = Stanza::parse(&row.xml).ok()?;
        let stamp = magpie_xmpp::datetime::format(row.id.unix_ms());
        stanza.push(
            &Element::new(ns::DELAY, "delay")
                .attr("from", cx.domain.as_str())
                .attr("stamp", stamp),
        );
        stanza.push(&stanza_id(&session.account, row.id));
        Some(Out {
            stanza,
            id: row.id,
            offline: true,
        })
    });
    session.open_gate(older.collect());
}
