//! The decision: what a stanza of one of our sessions leads to (RFC 6121 §8, RFC 6120 §10).
//!
//! Each stanza ends as exactly one entry in the commit queue, so that every stream's order is kept and each stanza counts
//! as handled when what it did is stored.

mod iq;

use crate::{
    Account, Ctx, Effect, Effects, Entry, Flow, Reach, Session, Target, clock::now_ms,
    effect::Otherwise, metrics::KindLabel, retry,
};
use magpie_store::{Error as StoreError, Id, Message, Op};
use magpie_xmpp::{
    Jid, Kind, Stanza, StanzaError, StreamError,
    stanza::{IqType, MessageType, PresenceType},
};
use std::sync::Arc;

/// How deciding ends early: the stanza is done, or its sender gets an error.
enum Stopped {
    Done,
    Error(StanzaError),
}

type Decision = Result<(), Stopped>;

impl From<StanzaError> for Stopped {
    fn from(error: StanzaError) -> Stopped {
        Stopped::Error(error)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Stopped {
        tracing::warn!(%error, "the store does not answer");
        Stopped::Error(
            StanzaError::internal_server_error()
                .with_text("the server's database does not answer; try again later"),
        )
    }
}

/// `Flow` of one feature as a step of the decision.
fn step(flow: Flow) -> Decision {
    match flow {
        Flow::Go => Ok(()),
        Flow::Stop => Err(Stopped::Done),
        Flow::Reject(error) => Err(Stopped::Error(error)),
    }
}

impl Ctx {
    /// Decides a stanza of `session` and puts it into the queue. `Err` closes the stream.
    pub async fn route(
        self: &Arc<Ctx>,
        session: &Arc<Session>,
        mut stanza: Stanza,
    ) -> Result<(), StreamError> {
        if stanza
            .from
            .as_ref()
            .is_some_and(|f| *f != session.jid && *f != session.account.jid)
        {
            return Err(StreamError::invalid_from());
        }
        stanza.from = Some(session.jid.clone());
        self.metrics
            .stanzas_in
            .get_or_create(&KindLabel {
                kind: label(stanza.kind),
            })
            .inc();
        session.begin();
        let mut fx = Effects::new();
        let mut retried = None;
        let decision = if stanza.malformed.is_some() {
            Err(StanzaError::jid_malformed().into())
        } else {
            match stanza.kind {
                Kind::Message => {
                    self.message(session, &mut stanza, &mut fx, &mut retried)
                        .await
                }
                Kind::Presence => self.presence(session, &mut stanza, &mut fx).await,
                Kind::Iq => self.iq(session, &mut stanza, &mut fx).await,
            }
        };
        let request = wants_answer(&stanza).then_some(stanza);
        if let Err(Stopped::Error(error)) = decision {
            fx = Effects::new();
            retried = None;
            if let Some(request) = &request {
                fx.deliver(Target::Session(session.clone()), error.reply(request));
            }
        }
        let retry = retried.map(|hash| (session.account.clone(), hash));
        self.submit(Entry {
            request,
            retry,
            ..Entry::new(fx).handled(session)
        });
        Ok(())
    }

    async fn message(
        &self,
        session: &Arc<Session>,
        m: &mut Stanza,
        fx: &mut Effects,
        retried: &mut Option<u64>,
    ) -> Decision {
        session.touch(now_ms());
        let to =
            m.to.get_or_insert_with(|| session.account.jid.clone())
                .clone();
        if let Some(key) = retry::key(m) {
            retry::load(&session.account, &self.store).await?;
            let (known, hash) = retry::check(session, to.as_str(), &key, now_ms());
            if known {
                self.metrics.retries.inc();
                return Err(Stopped::Done);
            }
            *retried = Some(hash);
            self.message_onward(session, &to, m, fx)
                .await
                .inspect_err(|_| retry::forget(&session.account, hash))?;
            self.store_message(m, Some(key), &to, fx);
        } else {
            self.message_onward(session, &to, m, fx).await?;
            self.store_message(m, None, &to, fx);
        }
        Ok(())
    }

    async fn message_onward(
        &self,
        session: &Arc<Session>,
        to: &Jid,
        m: &mut Stanza,
        fx: &mut Effects,
    ) -> Decision {
        for feature in self.features.iter() {
            if let Some(looked_up) = feature.message_lookup(self, session, m) {
                // What it refers to may be what the same stream sent just now.
                session.below(2).await;
                fx.append(looked_up.await?);
            }
        }
        for feature in self.features.iter() {
            step(feature.message_out(self, session, m, fx))?;
        }
        let Some(account) = self.recipient(to).await? else {
            return step(unheard(m));
        };
        for feature in self.features.iter() {
            step(feature.message_in(self, &account, m, fx))?;
        }
        let kind = m.message_type();
        let target = match (to.resource(), kind) {
            (None, MessageType::Chat | MessageType::Normal) => {
                Target::Account(account, Reach::Message)
            }
            (None, MessageType::Headline) => Target::Account(account, Reach::Headline),
            // RFC 6121 §8.5.2.1.1: errors to a bare JID are ignored, groupchat is for rooms.
            (None, MessageType::Error) => return Ok(()),
            (None, MessageType::Groupchat) => return Err(StanzaError::service_unavailable().into()),
            (Some(resource), _) => {
                let otherwise = match kind {
                    MessageType::Chat | MessageType::Normal => Otherwise::Bare,
                    MessageType::Groupchat => Otherwise::Unavailable,
                    MessageType::Headline | MessageType::Error => Otherwise::Drop,
                };
                Target::Resource {
                    account,
                    resource: resource.into(),
                    otherwise,
                }
            }
        };
        // Copies come after the message itself: who got it gets no copy.
        fx.list.insert(
            0,
            Effect::Deliver {
                target,
                stanza: m.clone(),
            },
        );
        Ok(())
    }

    fn store_message(&self, m: &Stanza, origin: Option<Box<str>>, to: &Jid, fx: &mut Effects) {
        if fx.waits
            && let Some(account) = self.accounts.cached(to)
            && !account.takes_messages()
            && (to.is_bare() || account.session(to.resource().unwrap_or("")).is_none())
        {
            let peer = m.from.clone().unwrap_or_else(|| to.clone());
            fx.view(account.id, &peer, false).offline = true;
        }
        if fx.is_stored() {
            let views = std::mem::take(&mut fx.views);
            fx.store(Op::Message(Box::new(Message {
                id: Id::ZERO,
                xml: m.to_xml().into(),
                origin,
                views,
            })));
        }
    }

    /// The account a stanza to `to` is for; `None` if there is none of that name here. Addresses of other servers are
    /// answered with `remote-server-not-found`.
    async fn recipient(&self, to: &Jid) -> Result<Option<Arc<Account>>, Stopped> {
        if !self.is_local(to) {
            let text = "this server does not talk to other servers";
            return Err(StanzaError::remote_server_not_found()
                .with_text(text)
                .into());
        }
        if to.local().is_none() {
            return Ok(None);
        }
        Ok(self.accounts.get(to).await?.filter(|a| !a.is_leaving()))
    }

    async fn presence(&self, session: &Arc<Session>, p: &mut Stanza, fx: &mut Effects) -> Decision {
        let Ok(kind) = p.presence_type() else {
            return Err(StanzaError::bad_request()
                .with_text("a presence of this type does not exist")
                .into());
        };
        // First whatever has to be waited for: what features change must have its place in the queue at once.
        let account = match &p.to {
            Some(to) => self.recipient(to).await?,
            None => None,
        };
        if p.to.is_none() || kind.is_subscription() {
            let other = account.as_ref().unwrap_or(&session.account);
            fx.hold(Account::turns(&session.account, other).await);
        }
        if let Some(account) = account.as_ref().filter(|_| kind.is_subscription()) {
            for feature in self.features.iter() {
                if let Some(looked_up) = feature.subscription_lookup(self, session, account, p) {
                    fx.append(looked_up.await?);
                }
            }
        }
        for feature in self.features.iter() {
            step(feature.presence_out(self, session, p, fx))?;
        }
        let Some(to) = p.to.clone() else {
            return Ok(());
        };
        let Some(account) = account else {
            if kind == PresenceType::Probe {
                fx.deliver(Target::Session(session.clone()), no_presence(p));
            }
            return Ok(());
        };
        for feature in self.features.iter() {
            step(feature.presence_in(self, &account, p, fx))?;
        }
        let target = match to.resource() {
            Some(r) => Target::Resource {
                account,
                resource: r.into(),
                otherwise: Otherwise::Drop,
            },
            None if kind == PresenceType::Error => return Ok(()),
            None => Target::Account(account, Reach::Available),
        };
        fx.deliver(target, p.clone());
        Ok(())
    }
}

/// The answer to a probe by somebody who may not see the presence, and the same if there is nobody (RFC 6121 §4.3.2).
pub fn no_presence(probe: &Stanza) -> Stanza {
    let mut answer = Stanza::presence().with_type("unsubscribed");
    (answer.from, answer.to) = (probe.to.clone().map(|j| j.bare()), probe.from.clone());
    answer.id = probe.id.clone();
    answer
}

/// What becomes of a message to nobody, and the same if the recipient does not want to hear from its sender (RFC 6121
/// §8.5.1, XEP-0191 §3.3).
pub fn unheard(m: &Stanza) -> Flow {
    match m.message_type() {
        MessageType::Headline | MessageType::Error => Flow::Stop,
        MessageType::Chat | MessageType::Normal | MessageType::Groupchat => {
            Flow::Reject(StanzaError::service_unavailable())
        }
    }
}

/// Whether an error may be sent back: never for an answer or an error (RFC 6120 §8.3.1).
fn wants_answer(stanza: &Stanza) -> bool {
    match stanza.kind {
        Kind::Iq => !matches!(stanza.iq_type(), Some(IqType::Result | IqType::Error)),
        Kind::Message | Kind::Presence => stanza.type_.as_deref() != Some("error"),
    }
}

fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => "message",
        Kind::Presence => "presence",
        Kind::Iq => "iq",
    }
}
