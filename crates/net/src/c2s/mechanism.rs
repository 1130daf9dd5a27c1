//! The mechanisms by which a client proves who it is, whichever profile carries their messages.

use super::{Shared, negotiate::Negotiation, wire::Gone};
use crate::transport::Transport;
use base64::{Engine, engine::general_purpose::STANDARD};
use magpie_core::Login;
use magpie_xmpp::{
    Element, Jid, StreamError,
    jid::prep_local,
    ns,
    sasl::{
        SaslError, plain,
        scram::{self, ChannelBindings, DEFAULT_ITERATIONS, Hash, Keys},
    },
    scan::Event,
};
use std::io;

/// Whose elements carry the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// RFC 6120 §6.
    Sasl,
    /// XEP-0388.
    Sasl2,
}

impl Profile {
    /// The profile that an element belongs to.
    pub fn of(e: &Element) -> Option<Profile> {
        match e.ns() {
            ns::SASL => Some(Profile::Sasl),
            ns::SASL2 => Some(Profile::Sasl2),
            _ => None,
        }
    }

    pub fn ns(self) -> &'static str {
        match self {
            Profile::Sasl => ns::SASL,
            Profile::Sasl2 => ns::SASL2,
        }
    }

    /// The element of a failed login.
    pub fn failure(self, error: SaslError) -> Element {
        Element::new(self.ns(), "failure").child(Element::new(ns::SASL, error.name()))
    }
}

/// Why a try to log in comes to nothing.
#[derive(Debug)]
pub(super) enum Failed {
    /// Another may follow.
    Try(SaslError),
    /// The stream is over.
    Stream(Gone),
}

impl From<SaslError> for Failed {
    fn from(error: SaslError) -> Failed {
        Failed::Try(error)
    }
}

impl From<Gone> for Failed {
    fn from(gone: Gone) -> Failed {
        Failed::Stream(gone)
    }
}

impl From<io::Error> for Failed {
    fn from(e: io::Error) -> Failed {
        Failed::Stream(e.into())
    }
}

/// A client that has proven who it is.
pub(super) struct Proven {
    pub login: Login,
    /// The mechanism's last data for the client.
    pub last: Option<Vec<u8>>,
}

/// A try to log in.
pub(super) struct Try {
    pub profile: Profile,
    /// Who the client says it is, once it has said so.
    pub name: Option<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mechanism {
    Scram(Hash, bool),
    Plain,
}

use Mechanism::{Plain, Scram};

/// The best first.
const ALL: [(&str, Mechanism); 5] = [
    ("SCRAM-SHA-256-PLUS", Scram(Hash::Sha256, true)),
    ("SCRAM-SHA-1-PLUS", Scram(Hash::Sha1, true)),
    ("SCRAM-SHA-256", Scram(Hash::Sha256, false)),
    ("SCRAM-SHA-1", Scram(Hash::Sha1, false)),
    ("PLAIN", Plain),
];

impl Negotiation<'_> {
    /// What a login on this connection may be bound to.
    pub fn bindings(&self) -> ChannelBindings {
        match &self.wire.transport {
            Transport::Tcp(tcp) => tcp
                .socket
                .tls()
                .map(|t| self.shared.tls.bindings(t))
                .unwrap_or_default(),
            Transport::Ws(_) => ChannelBindings::default(),
        }
    }

    fn offered(&self) -> impl Iterator<Item = (&'static str, Mechanism)> {
        let binds = self.bindings().types().next().is_some();
        let plain = self.plain_allowed();
        ALL.into_iter().filter(move |(_, m)| match m {
            Scram(_, plus) => binds || !plus,
            Plain => plain,
        })
    }

    /// The mechanisms as a profile lists them.
    pub fn mechanisms(&self, profile: Profile) -> impl Iterator<Item = Element> {
        let element = move |(name, _)| Element::new(profile.ns(), "mechanism").text(name);
        self.offered().map(element)
    }
}

impl Try {
    pub fn new(profile: Profile) -> Try {
        Try {
            profile,
            name: None,
        }
    }

    /// Lets the client prove itself by `mechanism`.
    pub async fn prove(
        &mut self,
        n: &mut Negotiation<'_>,
        mechanism: &str,
        initial: Option<Vec<u8>>,
    ) -> Result<Proven, Failed> {
        let (_, mechanism) = n
            .offered()
            .find(|(name, _)| *name == mechanism)
            .ok_or(SaslError::InvalidMechanism)?;
        let initial = self.initial(n, initial).await?;
        match mechanism {
            Plain => self.plain(n, &initial).await,
            Scram(hash, plus) => self.scram(n, hash, plus, &initial).await,
        }
    }

    /// The client's first message, asked for if it did not come by itself.
    async fn initial(
        &self,
        n: &mut Negotiation<'_>,
        initial: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, Failed> {
        match initial {
            Some(initial) => Ok(initial),
            None => self.challenge(n, "").await,
        }
    }

    /// Sends a challenge and waits for the response.
    async fn challenge(&self, n: &mut Negotiation<'_>, text: &str) -> Result<Vec<u8>, Failed> {
        let ns = self.profile.ns();
        let mut challenge = Element::new(ns, "challenge");
        if !text.is_empty() {
            challenge = challenge.text(STANDARD.encode(text));
        }
        n.wire.element(&challenge);
        n.wire.flush().await?;
        match n.wire.event().await? {
            Event::Element(e) if e.is("response", ns) => Ok(decode(&e.text_content())?),
            Event::Element(e) if e.is("abort", ns) => Err(SaslError::Aborted.into()),
            Event::Close => Err(Gone::Closed.into()),
            _ if self.profile == Profile::Sasl => Err(SaslError::MalformedRequest.into()),
            // XEP-0388 §2.4: nothing else may come.
            _ => Err(Gone::from(StreamError::not_authorized()).into()),
        }
    }

    async fn plain(&mut self, n: &mut Negotiation<'_>, message: &[u8]) -> Result<Proven, Failed> {
        let plain::Plain {
            authzid,
            authcid,
            password,
        } = plain::parse(message)?;
        self.name = Some(authcid.as_str().into());
        let claimed = Claimed::find(n.shared, &authcid).await?;
        let keys = claimed.keys(n.shared, Hash::Sha256, &authcid);
        let check =
            move || scram::prep(&password).is_some_and(|p| keys.verify_password(Hash::Sha256, &p));
        let right = tokio::task::spawn_blocking(check)
            .await
            .map_err(|_| SaslError::TemporaryAuthFailure)?;
        if !right {
            return Err(SaslError::NotAuthorized.into());
        }
        let authzid = (!authzid.is_empty()).then_some(authzid.as_str());
        Ok(Proven {
            login: claimed.admit(n, self.profile, authzid).await?,
            last: None,
        })
    }

    async fn scram(
        &mut self,
        n: &mut Negotiation<'_>,
        hash: Hash,
        plus: bool,
        message: &[u8],
    ) -> Result<Proven, Failed> {
        let bindings = n.bindings();
        let plus_offered = bindings.types().next().is_some();
        let mut server = scram::Server::new(hash, plus, bindings, plus_offered);
        let first = server.client_first(message)?;
        self.name = Some(first.username.as_str().into());
        let claimed = Claimed::find(n.shared, &first.username).await?;
        let question = server.challenge(&claimed.keys(n.shared, hash, &first.username))?;
        let last = self.challenge(n, &question).await?;
        let success = server.client_final(&last)?;
        Ok(Proven {
            login: claimed
                .admit(n, self.profile, first.authzid.as_deref())
                .await?,
            last: Some(success.server_final.into()),
        })
    }
}

/// The bytes of a message.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, SaslError> {
    if text == "=" {
        return Ok(Vec::new());
    }
    STANDARD
        .decode(text.trim())
        .map_err(|_| SaslError::IncorrectEncoding)
}

/// The account that a login names, with its keys; made-up keys if there is none, so that nobody can tell.
pub(super) struct Claimed {
    jid: Option<Jid>,
    pub row: Option<magpie_store::Account>,
}

impl Claimed {
    pub async fn find(shared: &Shared, username: &str) -> Result<Claimed, SaslError> {
        let local = prep_local(username).ok();
        let jid = local.and_then(|l| Jid::new(&format!("{l}@{}", shared.cx.domain)).ok());
        let row = match &jid {
            Some(jid) => shared.cx.store.account(jid).await.map_err(unavailable)?,
            None => None,
        };
        Ok(Claimed { jid, row })
    }

    fn keys(&self, shared: &Shared, hash: Hash, username: &str) -> Keys {
        match (&self.row, hash) {
            (Some(row), Hash::Sha1) => row.scram_sha1.clone(),
            (Some(row), Hash::Sha256) => row.scram_sha256.clone(),
            (None, _) => Keys::fake(hash, &shared.cx.secret, username, DEFAULT_ITERATIONS),
        }
    }

    /// As [`Claimed::admit`], for a token, which names nobody else.
    pub async fn admit_by_token(&self, n: &mut Negotiation<'_>) -> Result<Login, SaslError> {
        self.admit(n, Profile::Sasl2, None).await
    }

    /// The client has proven itself: lets the account in unless it is banned or acts for another.
    async fn admit(
        &self,
        n: &mut Negotiation<'_>,
        profile: Profile,
        authzid: Option<&str>,
    ) -> Result<Login, SaslError> {
        let (Some(jid), Some(row)) = (&self.jid, &self.row) else {
            return Err(SaslError::NotAuthorized);
        };
        // XEP-0388 §2.3: who says twice as whom it acts says the same.
        let from = n.from.as_ref().filter(|_| profile == Profile::Sasl2);
        let other = |named: &Jid| named.bare_str() != jid.as_str();
        let wrong = |a: &str| Jid::new(a).map_or(true, |a| a != *jid) || from.is_some_and(other);
        if authzid.is_some_and(wrong) {
            return Err(SaslError::InvalidAuthzid);
        }
        if row.banned.is_some() {
            return Err(SaslError::AccountDisabled);
        }
        let account = n.shared.cx.accounts.get(jid).await.map_err(unavailable)?;
        let account = account.ok_or(SaslError::NotAuthorized)?;
        account.set_epoch(row.epoch);
        Ok(Login {
            epoch: row.epoch,
            ..Login::new(account, n.stranger.peer)
        })
    }
}

pub(super) fn unavailable(error: magpie_store::Error) -> SaslError {
    tracing::warn!(%error, "a login failed for the database's sake");
    SaslError::TemporaryAuthFailure
}
