//! A minimal XMPP client's way in: connect, STARTTLS, in-band registration, SASL, bind.

use crate::{
    scram::{Exchange, Hash, Keys, Salt},
    session::Session,
    target::{Mechanism, Target},
    tls,
    wire::{PATIENCE, Socket, Wire},
    xml,
};
use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use memchr::memmem;
use rustls_pki_types::ServerName;
use std::{cell::RefCell, collections::HashMap, net::SocketAddr, rc::Rc};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

/// Opens connections for one run; holds the SCRAM keys that were derived already.
pub struct Dialer {
    /// Where to and as whom.
    pub target: Target,
    tls: TlsConnector,
    keys: RefCell<HashMap<Salt, Rc<Keys>>>,
}

/// A wire whose user is authenticated; not yet bound to a resource.
pub struct Authenticated {
    /// The connection.
    pub wire: Wire,
    features: Vec<u8>,
    domain: String,
}

impl Dialer {
    /// A dialer for `target`.
    pub fn new(target: Target) -> Result<Self> {
        Ok(Dialer {
            target,
            tls: tls::connector()?,
            keys: RefCell::default(),
        })
    }

    /// Connects and opens a stream, over TLS if asked for or required; gives the features.
    async fn connect(&self) -> Result<(Wire, Vec<u8>)> {
        let address = SocketAddr::new(self.target.host, self.target.port);
        let tcp = timeout(PATIENCE, TcpStream::connect(address))
            .await
            .context("no connection in time")??;
        tcp.set_nodelay(true)?;
        let mut wire = Wire::new(Socket::Plain(tcp));
        let features = wire.open(&self.target.domain).await?;
        let Some(starttls) = xml::find(&features, "starttls") else {
            if self.target.tls {
                bail!("the server offers no STARTTLS");
            }
            return Ok((wire, features));
        };
        if !self.target.tls && xml::find(starttls, "required").is_none() {
            return Ok((wire, features));
        }
        wire.send(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
            .await?;
        expect(&wire.element().await?, "proceed")?;
        let Socket::Plain(tcp) = wire.into_socket() else {
            bail!("TLS inside TLS")
        };
        let name = ServerName::try_from(self.target.domain.clone())?;
        let tls = timeout(PATIENCE, self.tls.connect(name, tcp))
            .await
            .context("no TLS handshake in time")??;
        let mut wire = Wire::new(Socket::Tls(Box::new(tls)));
        let features = wire.open(&self.target.domain).await?;
        Ok((wire, features))
    }

    /// Registers user `n` in band (XEP-0077); false when the name was taken, which is fine.
    pub async fn register(&self, n: u32) -> Result<bool> {
        let (mut wire, _) = self.connect().await?;
        let request = format!(
            "<iq type='set' id='register' to='{}'><query xmlns='jabber:iq:register'>\
             <username>{}</username><password>{}</password></query></iq>",
            self.target.domain,
            self.target.user(n),
            xml::escape(&self.target.password),
        );
        wire.send(request.as_bytes()).await?;
        let answer = wire.element().await?;
        match xml::attr(&answer, "type") {
            Some("result") => Ok(true),
            Some("error") if xml::find(&answer, "conflict").is_some() => Ok(false),
            _ => bail!("registration refused: {}", String::from_utf8_lossy(&answer)),
        }
    }

    /// Connects and authenticates user `n`.
    pub async fn authenticate(&self, n: u32) -> Result<Authenticated> {
        let (mut wire, features) = self.connect().await?;
        let user = self.target.user(n);
        match self.choose(&features)? {
            None => self.plain(&mut wire, &user).await,
            Some(hash) => self.scram(&mut wire, hash, &user).await,
        }
        .with_context(|| format!("login of {user}"))?;
        let features = wire.open(&self.target.domain).await?;
        Ok(Authenticated {
            wire,
            features,
            domain: self.target.domain.clone(),
        })
    }

    /// Connects, authenticates and binds user `n`.
    pub async fn login(&self, n: u32) -> Result<Session> {
        self.authenticate(n).await?.bind().await
    }

    /// The mechanism to use: `None` is PLAIN.
    fn choose(&self, features: &[u8]) -> Result<Option<Hash>> {
        let offers = |name: &str| memmem::find(features, format!(">{name}<").as_bytes()).is_some();
        Ok(match self.target.mechanism {
            Mechanism::Plain => None,
            Mechanism::ScramSha1 => Some(Hash::Sha1),
            Mechanism::ScramSha256 => Some(Hash::Sha256),
            Mechanism::Auto if offers("PLAIN") => None,
            Mechanism::Auto if offers("SCRAM-SHA-256") => Some(Hash::Sha256),
            Mechanism::Auto if offers("SCRAM-SHA-1") => Some(Hash::Sha1),
            Mechanism::Auto => bail!(
                "no usable mechanism in {}",
                String::from_utf8_lossy(features)
            ),
        })
    }

    async fn plain(&self, wire: &mut Wire, user: &str) -> Result<()> {
        let secret = STANDARD.encode(format!("\0{user}\0{}", self.target.password));
        wire.send(auth("PLAIN", &secret).as_bytes()).await?;
        expect(&wire.element().await?, "success")
    }

    async fn scram(&self, wire: &mut Wire, hash: Hash, user: &str) -> Result<()> {
        let name = if hash == Hash::Sha1 {
            "SCRAM-SHA-1"
        } else {
            "SCRAM-SHA-256"
        };
        let nonce = format!("{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?);
        let (exchange, first) = Exchange::start(hash, user, &nonce);
        wire.send(auth(name, &STANDARD.encode(first)).as_bytes())
            .await?;
        let challenge = wire.element().await?;
        expect(&challenge, "challenge")?;
        let server_first = decoded(&challenge)?;
        let keys = self.keys(exchange.salt(&server_first)?)?;
        let (last, signature) = exchange.finish(&server_first, &keys)?;
        let response = format!(
            "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{}</response>",
            STANDARD.encode(last)
        );
        wire.send(response.as_bytes()).await?;
        let success = wire.element().await?;
        expect(&success, "success")?;
        if decoded(&success)? != format!("v={signature}") {
            bail!("the server's SCRAM signature is wrong");
        }
        Ok(())
    }

    fn keys(&self, salt: Salt) -> Result<Rc<Keys>> {
        if let Some(keys) = self.keys.borrow().get(&salt) {
            return Ok(keys.clone());
        }
        let keys = Rc::new(salt.derive(&self.target.password)?);
        self.keys.borrow_mut().insert(salt, keys.clone());
        Ok(keys)
    }
}

impl Authenticated {
    /// Binds a resource of the server's choice (RFC 6120 §7).
    pub async fn bind(self) -> Result<Session> {
        let mut session = Session::new(self.wire, self.domain);
        let answer = session
            .iq(
                "set",
                None,
                "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>",
            )
            .await?;
        if xml::find(&answer, "jid").is_none() {
            bail!("no JID in the answer to bind");
        }
        // RFC 3921's session is still required by old servers unless they mark it optional.
        if let Some(old) = xml::find(&self.features, "session")
            && xml::find(old, "optional").is_none()
        {
            session
                .iq(
                    "set",
                    None,
                    "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>",
                )
                .await?;
        }
        Ok(session)
    }
}

fn auth(mechanism: &str, initial: &str) -> String {
    format!(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='{mechanism}'>{initial}</auth>"
    )
}

/// The base64 text of a SASL element, decoded.
fn decoded(element: &[u8]) -> Result<String> {
    let text = xml::text(element).context("an empty SASL message")?;
    Ok(String::from_utf8(STANDARD.decode(text)?)?)
}

fn expect(element: &[u8], name: &str) -> Result<()> {
    if xml::name(element) != name.as_bytes() {
        bail!("expected {name}, got {}", String::from_utf8_lossy(element));
    }
    Ok(())
}
