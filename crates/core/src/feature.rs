//! What a feature is: every moment at which one may act, and what it says of itself.

use crate::{Account, Ctx, Effects, Session};
use magpie_store::Error as StoreError;
use magpie_xmpp::{Element, Jid, Stanza, StanzaError};
use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc};

/// The future of an IQ handler.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One extension as `docs/xeps.md` lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Xep {
    /// The number, `280` for XEP-0280; 0 for a part of an RFC.
    pub number: u16,
    /// The name as the specification gives it.
    pub name: &'static str,
    /// The version of the specification that was followed.
    pub version: &'static str,
    /// What is left out, "" if nothing is.
    pub left_out: &'static str,
}

/// Whom an IQ request asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum To {
    /// The server: the domain.
    Server,
    /// The sender's own account: no address, or the own bare JID (RFC 6120 §8.1.1.1, RFC 6121 §8.5.2).
    Own,
    /// Somebody else's bare JID, answered by the server in that account's name.
    Other,
}

/// An IQ payload that a feature answers. Two features that claim the same payload, type and addressee stop the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The payload's namespace.
    pub ns: &'static str,
    /// The payload's element name.
    pub name: &'static str,
    /// Whether `get`s are answered.
    pub get: bool,
    /// Whether `set`s are answered.
    pub set: bool,
    /// Whom the request may ask.
    pub to: &'static [To],
}

/// What a feature says of itself: constant, asked once at start.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spec {
    /// The extensions it implements.
    pub xeps: &'static [Xep],
    /// Features that disco#info of the server lists.
    pub server_disco: &'static [&'static str],
    /// Features that disco#info of an account lists.
    pub account_disco: &'static [&'static str],
    /// The IQ payloads it answers.
    pub claims: &'static [Claim],
}

/// What happens to a stanza after a feature saw it.
#[derive(Debug)]
pub enum Flow {
    /// The next feature sees it, then it is routed.
    Go,
    /// It ends here; the effects so far are carried out and nobody is told.
    Stop,
    /// It ends here and its sender gets the error, unless the stanza is itself an answer or an error.
    Reject(StanzaError),
}

/// Somebody who has not logged in.
#[derive(Debug)]
pub struct Stranger {
    /// Where he is.
    pub peer: IpAddr,
    /// The token of the invitation he came with (XEP-0445).
    pub invitation: Option<String>,
}

/// A claimed IQ request.
#[derive(Debug)]
pub struct Iq<'a> {
    /// The request: `from` and `to` are set.
    pub stanza: &'a Stanza,
    /// Its payload.
    pub payload: &'a Element,
    /// Whether it is a `set` (else a `get`).
    pub set: bool,
    /// Whom it asks.
    pub to: To,
    /// The sender's full JID.
    pub from: &'a Jid,
    /// The session of ours that sent it.
    pub session: &'a Arc<Session>,
    /// The account asked: the own one, the other one if it exists, none for the server.
    pub account: Option<&'a Arc<Account>>,
}

/// A successful answer to an IQ request, with what is to be committed before it is sent.
#[derive(Debug, Default)]
pub struct Answer {
    /// The payload of the result, if any.
    pub payload: Option<Element>,
    /// Committed and released before the result.
    pub effects: Effects,
    /// Sent to the asker behind the result.
    pub then: Vec<Stanza>,
}

impl Answer {
    /// An empty result.
    pub fn empty() -> Answer {
        Answer::default()
    }

    /// A result with a payload.
    pub fn with(payload: Element) -> Answer {
        Answer {
            payload: Some(payload),
            ..Answer::default()
        }
    }

    /// An empty result that is sent when `effects` are committed.
    pub fn after(effects: Effects) -> Answer {
        Answer {
            effects,
            ..Answer::default()
        }
    }
}

/// What an IQ handler returns.
pub type IqResult = Result<Answer, StanzaError>;

/// Every moment at which a feature may act. All but `spec` do nothing by default.
///
/// All moments but `iq`, `message_lookup`, `bound` and `account_deleted` are synchronous and do no I/O: they look at cached
/// accounts and push effects.
pub trait Feature: Send + Sync {
    /// What the feature is and claims.
    fn spec(&self) -> Spec;

    /// A claimed IQ request. The stanzas the same stream sent before it have been released.
    fn iq<'a>(&'a self, _cx: &'a Arc<Ctx>, _iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async { Err(StanzaError::service_unavailable()) })
    }

    /// What a message of one of our sessions refers to is read here, before it is decided: the one moment at which a message
    /// may wait for the store, and `None` for nearly all. `from` and `to` are set; the effects become the message's own.
    /// When it is awaited, the stanzas that the same stream sent before have been released.
    fn message_lookup<'a>(
        &'a self,
        _cx: &'a Ctx,
        _from: &'a Arc<Session>,
        _m: &'a Stanza,
    ) -> Option<BoxFuture<'a, Result<Effects, StanzaError>>> {
        None
    }

    /// A message of one of our sessions, before routing. `from` and `to` are set.
    fn message_out(
        &self,
        _cx: &Ctx,
        _from: &Arc<Session>,
        _m: &mut Stanza,
        _fx: &mut Effects,
    ) -> Flow {
        Flow::Go
    }

    /// A message to one of our accounts, before delivery.
    fn message_in(
        &self,
        _cx: &Ctx,
        _to: &Arc<Account>,
        _m: &mut Stanza,
        _fx: &mut Effects,
    ) -> Flow {
        Flow::Go
    }

    /// A presence of one of our sessions. `from` is set (full JID); `to` is empty for a broadcast.
    fn presence_out(
        &self,
        _cx: &Ctx,
        _from: &Arc<Session>,
        _p: &mut Stanza,
        _fx: &mut Effects,
    ) -> Flow {
        Flow::Go
    }

    /// What a subscription stanza of one of our sessions to the account `to` brings along is looked up here, before it is decided;
    /// both accounts' turns are held. `None` for nearly all; the effects become the presence's own.
    fn subscription_lookup<'a>(
        &'a self,
        _cx: &'a Ctx,
        _from: &'a Arc<Session>,
        _to: &'a Arc<Account>,
        _p: &'a Stanza,
    ) -> Option<BoxFuture<'a, Result<Effects, StanzaError>>> {
        None
    }

    /// A presence addressed to one of our accounts (bare or full JID), before delivery.
    fn presence_in(
        &self,
        _cx: &Ctx,
        _to: &Arc<Account>,
        _p: &mut Stanza,
        _fx: &mut Effects,
    ) -> Flow {
        Flow::Go
    }

    /// An IQ request or answer of one of our sessions to somebody else's address, before routing.
    fn iq_out(&self, _cx: &Ctx, _from: &Arc<Session>, _iq: &mut Stanza, _fx: &mut Effects) -> Flow {
        Flow::Go
    }

    /// An IQ request or answer to a session of one of our accounts, before delivery.
    fn iq_in(&self, _cx: &Ctx, _to: &Arc<Account>, _iq: &mut Stanza, _fx: &mut Effects) -> Flow {
        Flow::Go
    }

    /// What it does while a resource is bound, as XEP-0386 lists it.
    fn bind_features(&self) -> &'static [&'static str] {
        &[]
    }

    /// A session is bound by XEP-0386; `request` is its client's `<bind/>`. The effects are released before the client is
    /// answered.
    fn session_bound(
        &self,
        _cx: &Ctx,
        _session: &Arc<Session>,
        _request: &Element,
        _fx: &mut Effects,
    ) {
    }

    /// What the answer to such a `<bind/>` tells the client. Asked when all of [`Feature::session_bound`] is released.
    fn bound<'a>(
        &'a self,
        _cx: &'a Ctx,
        _session: &'a Arc<Session>,
    ) -> Option<BoxFuture<'a, Option<Element>>> {
        None
    }

    /// A session's stream ended for good (not resumable any more); it still is in its account's list.
    fn session_down(&self, _cx: &Ctx, _session: &Arc<Session>, _fx: &mut Effects) {}

    /// An account is being removed: what others must be told. Nobody can log into it any more; its sessions end next.
    /// What fails here is done again when the removal is tried again.
    fn account_deleted<'a>(
        &'a self,
        _cx: &'a Ctx,
        _account: &'a Arc<Account>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }

    /// What the feature adds to `<stream:features/>`, before (`false`) or after (`true`) authentication.
    fn stream_features(&self, _cx: &Ctx, _authenticated: bool, _out: &mut Vec<Element>) {}

    /// An IQ sent before authentication (XEP-0077 registration). `None`: not mine.
    fn iq_before_login<'a>(
        &'a self,
        _cx: &'a Arc<Ctx>,
        _stranger: &'a mut Stranger,
        _iq: &'a Stanza,
    ) -> Option<BoxFuture<'a, IqResult>> {
        None
    }

    /// Forms that disco#info of the server carries (XEP-0128).
    fn server_forms(&self, _cx: &Ctx, _out: &mut Vec<Element>) {}
}
