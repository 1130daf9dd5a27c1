//! IQ requests and answers: to the server, to an account in whose name the server answers, to a session.

use super::{Decision, Stopped, step};
use crate::{Answer, Ctx, Effects, Iq, Session, Target, To, effect::Otherwise};
use magpie_xmpp::{Jid, Stanza, StanzaError, stanza::IqType};
use std::sync::Arc;

impl Ctx {
    pub(super) async fn iq(
        self: &Arc<Ctx>,
        session: &Arc<Session>,
        iq: &mut Stanza,
        fx: &mut Effects,
    ) -> Decision {
        let Some(kind) = iq.iq_type() else {
            return Err(StanzaError::bad_request()
                .with_text("an iq is of type get, set, result or error")
                .into());
        };
        if iq.id.is_none() {
            return Err(StanzaError::bad_request()
                .with_text("an iq has an id")
                .into());
        }
        let request = matches!(kind, IqType::Get | IqType::Set);
        if request && iq.kids().count() != 1 {
            return Err(StanzaError::bad_request()
                .with_text("a request has exactly one child")
                .into());
        }
        let to = iq
            .to
            .get_or_insert_with(|| session.account.jid.clone())
            .clone();
        if to.resource().is_some() && to.local().is_some() {
            return self.iq_to_session(session, &to, iq, request, fx).await;
        }
        if !request {
            return Err(Stopped::Done);
        }
        let whom = match to.local() {
            _ if to == session.account.jid => To::Own,
            None => To::Server,
            Some(_) => To::Other,
        };
        self.answer(session, whom, &to, iq, kind == IqType::Set, fx)
            .await
    }

    async fn iq_to_session(
        &self,
        session: &Arc<Session>,
        to: &Jid,
        iq: &mut Stanza,
        request: bool,
        fx: &mut Effects,
    ) -> Decision {
        for feature in self.features.iter() {
            step(feature.iq_out(self, session, iq, fx))?;
        }
        let Some(account) = self.recipient(to).await? else {
            return Err(StanzaError::service_unavailable().into());
        };
        for feature in self.features.iter() {
            step(feature.iq_in(self, &account, iq, fx))?;
        }
        let otherwise = if request {
            Otherwise::Unavailable
        } else {
            Otherwise::Drop
        };
        let resource = to.resource().unwrap_or("").into();
        fx.deliver(
            Target::Resource {
                account,
                resource,
                otherwise,
            },
            iq.clone(),
        );
        Ok(())
    }

    /// Asks the feature that claims the request. It runs when all that the stream sent before is released.
    async fn answer(
        self: &Arc<Ctx>,
        session: &Arc<Session>,
        whom: To,
        to: &Jid,
        iq: &mut Stanza,
        set: bool,
        fx: &mut Effects,
    ) -> Decision {
        if whom == To::Other {
            for feature in self.features.iter() {
                step(feature.iq_out(self, session, iq, fx))?;
            }
        }
        let Some((claimant, payload)) = iq.first_kid().and_then(|kid| {
            let claimant = self.features.claimant(kid.ns, kid.name, set, whom)?;
            Some((claimant, iq.element(kid.name, kid.ns)?))
        }) else {
            return Err(StanzaError::service_unavailable().into());
        };
        session.below(2).await;
        let account = match whom {
            To::Server if !self.is_local(to) => {
                self.recipient(to).await?;
                None
            }
            To::Server => None,
            To::Own => Some(session.account.clone()),
            To::Other => match self.recipient(to).await? {
                Some(account) => Some(account),
                None => return Err(StanzaError::service_unavailable().into()),
            },
        };
        if whom == To::Other
            && let Some(account) = &account
        {
            for feature in self.features.iter() {
                step(feature.iq_in(self, account, iq, fx))?;
            }
        }
        let request = Iq {
            stanza: iq,
            payload: &payload,
            set,
            to: whom,
            from: &session.jid,
            session,
            account: account.as_ref(),
        };
        let Answer {
            payload,
            effects,
            then,
        } = claimant.iq(self, request).await?;
        fx.append(effects);
        let result = match payload {
            Some(payload) => iq.iq_result_with(payload),
            None => iq.iq_result(),
        };
        fx.deliver(Target::Session(session.clone()), result);
        for stanza in then {
            fx.deliver(Target::Session(session.clone()), stanza);
        }
        Ok(())
    }
}
