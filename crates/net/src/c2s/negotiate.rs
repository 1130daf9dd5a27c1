//! Before a session: STARTTLS, login, registration, then binding a resource or resuming a session (RFC 6120 §5 to §7).

use super::{
    Shared, bind,
    mechanism::Profile,
    offers::Stage,
    sasl, sasl2,
    sm::{self, Sm},
    wire::{Gone, Wire},
};
use crate::{limits::party, transport::Transport};
use magpie_core::{
    Answer, Login, Session, Stranger,
    session::{Attachment, Ending},
};
use magpie_xmpp::{
    Element, Jid, Kind, Stanza, StanzaError, StreamError, ns, sasl::SaslError, scan::Event,
    stanza::IqType,
};
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio::time::timeout;

/// Elements a client may send before it has a session.
const STRANGERS_ELEMENTS: usize = 30;
/// Logins that may fail before the stream does.
const TRIES: usize = 4;

/// A session at the beginning of its loop.
pub(crate) struct Begun {
    pub session: Arc<Session>,
    pub at: Attachment,
    pub sm: Sm,
    /// Nobody looks at the client (XEP-0352).
    pub inactive: bool,
}

/// A session whose login is not over. If it never is, a resumed one waits again and a new one ends.
pub(super) struct Unserved<'a> {
    shared: &'a Arc<Shared>,
    begun: Option<Begun>,
    resumed: bool,
}

impl<'a> Unserved<'a> {
    pub fn new(shared: &'a Arc<Shared>, begun: Begun, resumed: bool) -> Unserved<'a> {
        Unserved {
            shared,
            begun: Some(begun),
            resumed,
        }
    }

    /// Hands it over to the stream that serves it.
    pub fn serve(mut self) -> Option<Begun> {
        self.begun.take()
    }
}

impl Drop for Unserved<'_> {
    fn drop(&mut self) {
        let Some(begun) = self.begun.take() else {
            return;
        };
        let Begun {
            session, at, sm, ..
        } = begun;
        if self.resumed {
            sm.cut(self.shared, &session, at);
        } else {
            sm.forget(self.shared);
            self.shared.cx.end_session(&session, Ending::Stream(at));
        }
    }
}

/// A stream that has no session yet.
pub(super) struct Negotiation<'a> {
    pub shared: &'a Arc<Shared>,
    pub wire: &'a mut Wire,
    pub stranger: Stranger,
    /// Who the client said it is when it opened the stream. Nothing proves it.
    pub from: Option<Jid>,
    /// Logins that failed.
    failures: usize,
}

/// Where an element has led.
pub(super) enum Step {
    /// No further.
    On,
    /// The client has proven who it is.
    LoggedIn(Login),
    /// It has a session.
    Begun(Begun),
}

/// Leads a client from its first byte to a session. `None`: the connection is over, everything was said.
pub(crate) async fn login(shared: &Arc<Shared>, wire: &mut Wire, peer: IpAddr) -> Option<Begun> {
    let mut stop = shared.stop.clone();
    let deadline = Duration::from_secs(shared.config.login_secs);
    let negotiation = Negotiation {
        shared,
        wire,
        stranger: Stranger {
            peer,
            invitation: None,
        },
        from: None,
        failures: 0,
    };
    let outcome = tokio::select! {
        outcome = timeout(deadline, Box::pin(negotiation.steps())) => {
            outcome.unwrap_or_else(|_| Err(StreamError::connection_timeout().with_text("log in sooner").into()))
        }
        _ = stop.wait_for(|stop| *stop) => Err(StreamError::system_shutdown().into()),
    };
    match outcome {
        Ok(begun) => return Some(begun),
        Err(Gone::Cut) => {}
        Err(Gone::Closed) => wire.end(&shared.cx.domain, None).await,
        Err(Gone::Refused(error)) => wire.end(&shared.cx.domain, Some(&error)).await,
    }
    None
}

impl Negotiation<'_> {
    async fn steps(mut self) -> Result<Begun, Gone> {
        self.handshake().await?;
        self.header(Stage::Stranger).await?;
        let mut login: Option<Login> = None;
        for _ in 0..STRANGERS_ELEMENTS {
            let event = self.wire.event().await?;
            let step = match &login {
                None => self.stranger(event).await?,
                Some(login) => self.known(login, event).await?,
            };
            match step {
                Step::On => {}
                Step::LoggedIn(done) => login = Some(done),
                // Whatever is left to write, the session's stream writes.
                Step::Begun(begun) => return Ok(begun),
            }
            self.wire.flush().await?;
        }
        Err(StreamError::policy_violation()
            .with_text("too much before login")
            .into())
    }

    /// What somebody sends who has not logged in.
    async fn stranger(&mut self, event: Event) -> Result<Step, Gone> {
        match event {
            Event::Close => Err(Gone::Closed),
            Event::Open(_) => Err(StreamError::invalid_xml().into()),
            Event::Stanza(stanza) => self.registration(&stanza).await,
            Event::Element(e) if e.is("starttls", ns::TLS) => {
                self.starttls().await?;
                self.header(Stage::Stranger).await?;
                Ok(Step::On)
            }
            Event::Element(e) => match Profile::of(&e) {
                Some(profile) if !self.may_log_in() => {
                    let failure = profile.failure(SaslError::EncryptionRequired);
                    self.wire.element(&failure);
                    Ok(Step::On)
                }
                Some(_) if self.failures >= TRIES => Err(StreamError::policy_violation()
                    .with_text("too many wrong logins")
                    .into()),
                // Boxed: the types of futures within futures would be deeper than the compiler looks.
                Some(Profile::Sasl) => Box::pin(sasl::exchange(self, &e)).await,
                Some(Profile::Sasl2) => Box::pin(sasl2::authenticate(self, &e)).await,
                None if e.ns() == ns::SM3 => Ok(self.unexpected()),
                None => Err(StreamError::not_authorized().into()),
            },
        }
    }

    /// What somebody sends who has logged in and has no session.
    async fn known(&mut self, login: &Login, event: Event) -> Result<Step, Gone> {
        match event {
            Event::Close => Err(Gone::Closed),
            Event::Open(_) => Err(StreamError::invalid_xml().into()),
            Event::Stanza(stanza) => bind::bind(self, login, &stanza),
            Event::Element(e) if e.is("resume", ns::SM3) => {
                let (answer, step) = match Box::pin(sm::resume(&e, self.shared, login)).await {
                    Ok((answer, begun)) => (answer, Step::Begun(begun)),
                    Err(answer) => (answer, Step::On),
                };
                self.wire.element(&answer);
                Ok(step)
            }
            Event::Element(e) if e.ns() == ns::SM3 => Ok(self.unexpected()),
            Event::Element(_) => Err(StreamError::unsupported_stanza_type().into()),
        }
    }

    fn unexpected(&mut self) -> Step {
        self.wire
            .element(&sm::failed(&StanzaError::unexpected_request()));
        Step::On
    }

    /// Tells a client that its login failed; the more do, the later.
    pub async fn refuse(
        &mut self,
        profile: Profile,
        error: SaslError,
        name: Option<Box<str>>,
    ) -> Result<Step, Gone> {
        let Shared {
            cx,
            failures_by_ip,
            failures_by_name,
            ..
        } = &**self.shared;
        if error != SaslError::Aborted {
            cx.metrics.login_failures.inc();
            tracing::info!(peer = %self.stranger.peer, name = name.as_deref().unwrap_or(""), condition = error.name(), "a login failed");
            let mut delay = failures_by_ip.failed(party(self.stranger.peer));
            if let Some(name) = name {
                delay = delay.max(failures_by_name.failed(name));
            }
            tokio::time::sleep(delay).await;
        }
        self.failures += 1;
        self.wire.element(&profile.failure(error));
        Ok(Step::On)
    }

    /// The TLS handshake of a connection that began with one.
    async fn handshake(&mut self) -> Result<(), Gone> {
        while let Transport::Tcp(tcp) = &self.wire.transport
            && tcp.socket.is_handshaking()
        {
            let Wire {
                transport, scanner, ..
            } = &mut *self.wire;
            std::future::poll_fn(|cx| {
                let flushed = transport.poll_flush(cx)?;
                if let Transport::Tcp(tcp) = &*transport
                    && !tcp.socket.is_handshaking()
                    && flushed.is_ready()
                {
                    return std::task::Poll::Ready(Ok(()));
                }
                transport.poll_input(cx, scanner)
            })
            .await?;
        }
        Ok(())
    }

    async fn starttls(&mut self) -> Result<(), Gone> {
        let Transport::Tcp(tcp) = &self.wire.transport else {
            return Err(StreamError::unsupported_stanza_type().into());
        };
        if tcp.socket.tls().is_some() {
            return Err(StreamError::unsupported_stanza_type().into());
        }
        self.wire.element(&Element::new(ns::TLS, "proceed"));
        self.wire.flush().await?;
        // What came in clear behind <starttls/> is nobody's word.
        self.wire.reset();
        let tls = rustls::ServerConnection::new(self.shared.tls.starttls.clone());
        if let (Transport::Tcp(tcp), Ok(tls)) = (&mut self.wire.transport, tls) {
            tcp.socket.secure(tls);
        }
        self.handshake().await
    }

    /// Whether this connection may carry a login at all.
    pub fn may_log_in(&self) -> bool {
        // SCRAM is safe to send in clear over WebSocket behind nothing but loopback or a proxy; PLAIN is not offered there.
        self.wire.transport.is_secure()
            || matches!(self.wire.transport, Transport::Ws(_))
            || self.plain_allowed()
    }

    /// Whether a password may be sent as it is.
    pub fn plain_allowed(&self) -> bool {
        self.wire.transport.is_secure()
            || (self.shared.config.plain_on_loopback
                && self.stranger.peer.to_canonical().is_loopback())
    }

    /// An IQ of somebody who has not logged in: registration, or nothing.
    async fn registration(&mut self, iq: &Stanza) -> Result<Step, Gone> {
        let request = matches!(iq.iq_type(), Some(IqType::Get | IqType::Set)) && iq.id.is_some();
        if iq.kind != Kind::Iq || !request || !self.may_log_in() {
            return Err(StreamError::not_authorized().into());
        }
        let cx = &self.shared.cx;
        let mut answer = None;
        for feature in cx.features.iter() {
            if let Some(asked) = feature.iq_before_login(cx, &mut self.stranger, iq) {
                answer = Some(asked.await);
                break;
            }
        }
        let Some(answer) = answer else {
            return Err(StreamError::not_authorized().into());
        };
        let reply = match answer {
            Ok(Answer {
                payload, effects, ..
            }) => {
                let stored = cx.commit(effects).await;
                let result = payload.map_or_else(|| iq.iq_result(), |p| iq.iq_result_with(p));
                stored.map_or_else(
                    |_| StanzaError::internal_server_error().reply(iq),
                    |()| result,
                )
            }
            Err(error) => error.reply(iq),
        };
        self.wire.stanza(&reply);
        Ok(Step::On)
    }
}
