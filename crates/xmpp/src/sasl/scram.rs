//! SCRAM-SHA-1 and SCRAM-SHA-256, with and without channel binding (RFC 5802, RFC 7677, RFC 9266).

use super::SaslError;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use subtle::ConstantTimeEq;

/// How often a password is hashed: RFC 7677 asks for at least 4,096, and a login costs the client this much.
pub const DEFAULT_ITERATIONS: u32 = 10_000;

/// Which hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-1, for old clients.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl Hash {
    fn hmac(self, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Hash::Sha1 => mac::<Hmac<Sha1>>(key, parts),
            Hash::Sha256 => mac::<Hmac<Sha256>>(key, parts),
        }
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha1 => Sha1::digest(bytes).to_vec(),
            Hash::Sha256 => Sha256::digest(bytes).to_vec(),
        }
    }

    fn salted(self, password: &[u8], salt: &[u8], iterations: u32) -> Vec<u8> {
        match self {
            Hash::Sha1 => {
                pbkdf2::pbkdf2_hmac_array::<Sha1, 20>(password, salt, iterations).to_vec()
            }
            Hash::Sha256 => {
                pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt, iterations).to_vec()
            }
        }
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of every length.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return Vec::new();
    };
    parts.iter().for_each(|p| mac.update(p));
    mac.finalize().into_bytes().to_vec()
}

/// What the server keeps instead of a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// Random, per account.
    pub salt: Vec<u8>,
    /// How often the password was hashed.
    pub iterations: u32,
    /// Proves that the client knows the password.
    pub stored_key: Vec<u8>,
    /// Proves to the client that the server knows the account.
    pub server_key: Vec<u8>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// A password as it is hashed: SASLprep (RFC 4013), as RFC 5802 §2.2 wants it and clients do it. SASLprep knows Unicode 3.2
/// only; what is younger, emoji for example, is taken by PRECIS (RFC 8265). `None`: it has characters that no password
/// may have, or is empty.
pub fn prep(password: &str) -> Option<Cow<'_, str>> {
    let prepared = stringprep::saslprep(password)
        .ok()
        .or_else(|| crate::jid::prep_password(password));
    prepared.filter(|p| !p.is_empty())
}

impl Keys {
    /// The keys of a password (prepared by [`prep`]).
    pub fn derive(hash: Hash, password: &str, salt: &[u8], iterations: u32) -> Keys {
        let salted = hash.salted(password.as_bytes(), salt, iterations);
        let stored_key = hash.digest(&hash.hmac(&salted, &[b"Client Key"]));
        let server_key = hash.hmac(&salted, &[b"Server Key"]);
        Keys {
            salt: salt.to_vec(),
            iterations,
            stored_key,
            server_key,
        }
    }

    /// Keys that no password fits, the same for a name each time, so that nobody learns which accounts exist.
    pub fn fake(hash: Hash, secret: &[u8], username: &str, iterations: u32) -> Keys {
        let of = |what: &[u8]| hash.hmac(secret, &[what, username.as_bytes()]);
        Keys {
            salt: of(b"salt")[..16].to_vec(),
            iterations,
            stored_key: of(b"stored"),
            server_key: of(b"server"),
        }
    }

    /// Whether `password` (prepared) is the one the keys were made of.
    pub fn verify_password(&self, hash: Hash, password: &str) -> bool {
        let other = Keys::derive(hash, password, &self.salt, self.iterations);
        other.stored_key.ct_eq(&self.stored_key).into()
    }
}

/// What can be bound to: the connection's own values, empty without TLS.
#[derive(Debug, Clone, Default)]
pub struct ChannelBindings {
    /// RFC 9266; TLS 1.3.
    pub tls_exporter: Option<Vec<u8>>,
    /// RFC 5929.
    pub tls_server_end_point: Option<Vec<u8>>,
}

impl ChannelBindings {
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        match name {
            "tls-exporter" => self.tls_exporter.as_deref(),
            "tls-server-end-point" => self.tls_server_end_point.as_deref(),
            _ => None,
        }
    }

    /// The types there are, for XEP-0440.
    pub fn types(&self) -> impl Iterator<Item = &'static str> {
        ["tls-exporter", "tls-server-end-point"]
            .into_iter()
            .filter(|t| self.get(t).is_some())
    }
}

/// Whom the client says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientFirst {
    /// Its name.
    pub username: String,
    /// As whom it wants to act.
    pub authzid: Option<String>,
}

/// The client proved itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Success {
    /// The server's own proof, the data of `<success/>`.
    pub server_final: String,
}

/// One login.
#[derive(Debug)]
pub struct Server {
    hash: Hash,
    plus: bool,
    plus_offered: bool,
    bindings: ChannelBindings,
    gs2: String,
    bound: Option<Vec<u8>>,
    client_first_bare: String,
    nonce: String,
    server_first: String,
    keys: Option<Keys>,
}

impl Server {
    /// A login by this mechanism; `plus_offered` says whether the server offered any -PLUS mechanism.
    pub fn new(hash: Hash, plus: bool, bindings: ChannelBindings, plus_offered: bool) -> Server {
        Server {
            hash,
            plus,
            plus_offered,
            bindings,
            gs2: String::new(),
            bound: None,
            client_first_bare: String::new(),
            nonce: String::new(),
            server_first: String::new(),
            keys: None,
        }
    }

    /// Reads the client's first message (RFC 5802 §7).
    pub fn client_first(&mut self, message: &[u8]) -> Result<ClientFirst, SaslError> {
        const BAD: SaslError = SaslError::MalformedRequest;
        let text = std::str::from_utf8(message).map_err(|_| BAD)?;
        let (flag, rest) = text.split_once(',').ok_or(BAD)?;
        let (authzid, bare) = rest.split_once(',').ok_or(BAD)?;
        self.bound = self.binding(flag)?;
        self.gs2 = format!("{flag},{authzid},");
        let authzid = match authzid {
            "" => None,
            a => Some(name(a.strip_prefix("a=").ok_or(BAD)?)?),
        };
        // `m=` announces an extension that must be understood; there is none.
        let mut parts = bare.split(',');
        let username = name(parts.next().and_then(|p| p.strip_prefix("n=")).ok_or(BAD)?)?;
        let nonce = parts.next().and_then(|p| p.strip_prefix("r=")).ok_or(BAD)?;
        if username.is_empty()
            || nonce.is_empty()
            || !nonce.bytes().all(|b| (0x21..0x7f).contains(&b))
        {
            return Err(BAD);
        }
        self.client_first_bare = bare.to_owned();
        self.nonce = nonce.to_owned();
        Ok(ClientFirst { username, authzid })
    }

    /// What the client binds to, checked against what was offered (RFC 5802 §6).
    fn binding(&self, flag: &str) -> Result<Option<Vec<u8>>, SaslError> {
        match flag {
            "n" if !self.plus => Ok(None),
            // The client can bind and believes that the server cannot: somebody took -PLUS off the list.
            "y" if !self.plus && !self.plus_offered => Ok(None),
            "y" if !self.plus => Err(SaslError::NotAuthorized),
            flag if self.plus && flag.starts_with("p=") => {
                let value = self
                    .bindings
                    .get(&flag[2..])
                    .ok_or(SaslError::NotAuthorized)?;
                Ok(Some(value.to_vec()))
            }
            _ => Err(SaslError::MalformedRequest),
        }
    }

    /// The challenge, which carries a fresh nonce.
    pub fn challenge(&mut self, keys: &Keys) -> Result<String, SaslError> {
        let mut random = [0; 18];
        getrandom::fill(&mut random).map_err(|_| SaslError::TemporaryAuthFailure)?;
        self.challenge_with(keys, &STANDARD.encode(random));
        Ok(self.server_first.clone())
    }

    fn challenge_with(&mut self, keys: &Keys, server_nonce: &str) {
        self.nonce.push_str(server_nonce);
        self.server_first = format!(
            "r={},s={},i={}",
            self.nonce,
            STANDARD.encode(&keys.salt),
            keys.iterations
        );
        self.keys = Some(keys.clone());
    }

    /// Reads the client's final message and its proof.
    pub fn client_final(&self, message: &[u8]) -> Result<Success, SaslError> {
        const BAD: SaslError = SaslError::MalformedRequest;
        let text = std::str::from_utf8(message).map_err(|_| BAD)?;
        let (without_proof, proof) = text.rsplit_once(",p=").ok_or(BAD)?;
        let proof = STANDARD.decode(proof).map_err(|_| BAD)?;
        let mut parts = without_proof.split(',');
        let binding = parts.next().and_then(|p| p.strip_prefix("c=")).ok_or(BAD)?;
        let nonce = parts.next().and_then(|p| p.strip_prefix("r=")).ok_or(BAD)?;
        let mut expected = self.gs2.clone().into_bytes();
        expected.extend_from_slice(self.bound.as_deref().unwrap_or(&[]));
        let binding = STANDARD.decode(binding).map_err(|_| BAD)?;
        let bound = binding.ct_eq(&expected) & nonce.as_bytes().ct_eq(self.nonce.as_bytes());
        let keys = self.keys.as_ref().ok_or(BAD)?;
        let auth = [
            self.client_first_bare.as_bytes(),
            b",",
            self.server_first.as_bytes(),
            b",",
            without_proof.as_bytes(),
        ];
        let signature = self.hash.hmac(&keys.stored_key, &auth);
        if proof.len() != signature.len() {
            return Err(BAD);
        }
        let client_key: Vec<u8> = proof.iter().zip(&signature).map(|(a, b)| a ^ b).collect();
        let proven = bound & self.hash.digest(&client_key).ct_eq(&keys.stored_key);
        if !bool::from(proven) {
            return Err(SaslError::NotAuthorized);
        }
        Ok(Success {
            server_final: format!(
                "v={}",
                STANDARD.encode(self.hash.hmac(&keys.server_key, &auth))
            ),
        })
    }
}

/// A name in which `,` and `=` are written `=2C` and `=3D`.
fn name(text: &str) -> Result<String, SaslError> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        out.push_str(&rest[..at]);
        out.push(match rest.get(at + 1..at + 3) {
            Some("2C") => ',',
            Some("3D") => '=',
            _ => return Err(SaslError::MalformedRequest),
        });
        rest = &rest[at + 3..];
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests;
