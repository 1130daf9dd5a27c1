//! The client's side of SCRAM-SHA-1 and SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.
//!
//! The keys of a salt are kept by the caller, so that a run of logins measures the server's work
//! and not this process' PBKDF2.

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;

/// Iterations above which a server's demand is refused: it would only stall the generator.
const MAX_ITERATIONS: u32 = 1_000_000;

/// The hash function of a mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SCRAM-SHA-1.
    Sha1,
    /// SCRAM-SHA-256.
    Sha256,
}

/// What PBKDF2 gives for one salt.
#[derive(Clone)]
pub struct Keys {
    client: Vec<u8>,
    server: Vec<u8>,
}

/// What decides the keys of one password.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Salt {
    hash: Hash,
    salt: Vec<u8>,
    iterations: u32,
}

impl Salt {
    /// Derives the keys: the expensive step.
    pub fn derive(&self, password: &str) -> Result<Keys> {
        let salted = match self.hash {
            Hash::Sha1 => pbkdf2::pbkdf2_hmac_array::<Sha1, 20>(
                password.as_bytes(),
                &self.salt,
                self.iterations,
            )
            .to_vec(),
            Hash::Sha256 => pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(
                password.as_bytes(),
                &self.salt,
                self.iterations,
            )
            .to_vec(),
        };
        Ok(Keys {
            client: mac(self.hash, &salted, b"Client Key")?,
            server: mac(self.hash, &salted, b"Server Key")?,
        })
    }
}

/// One exchange after the client's first message.
pub struct Exchange {
    hash: Hash,
    first_bare: String,
}

impl Exchange {
    /// Begins an exchange for a user name that needs no escaping; gives the first message.
    pub fn start(hash: Hash, user: &str, nonce: &str) -> (Self, String) {
        let first_bare = format!("n={user},r={nonce}");
        let first = format!("n,,{first_bare}");
        (Exchange { hash, first_bare }, first)
    }

    /// What the server's first message asks for.
    pub fn salt(&self, server_first: &str) -> Result<Salt> {
        let salt = STANDARD.decode(field(server_first, "s=")?)?;
        let iterations: u32 = field(server_first, "i=")?.parse()?;
        if iterations > MAX_ITERATIONS {
            bail!("the server asks for {iterations} SCRAM iterations");
        }
        Ok(Salt {
            hash: self.hash,
            salt,
            iterations,
        })
    }

    /// The client's final message, and the base64 signature the server must answer with.
    pub fn finish(&self, server_first: &str, keys: &Keys) -> Result<(String, String)> {
        let without_proof = format!("c=biws,r={}", field(server_first, "r=")?);
        let auth = format!("{},{server_first},{without_proof}", self.first_bare);
        let stored = digest(self.hash, &keys.client);
        let mut proof = mac(self.hash, &stored, auth.as_bytes())?;
        proof
            .iter_mut()
            .zip(&keys.client)
            .for_each(|(p, k)| *p ^= k);
        let signature = STANDARD.encode(mac(self.hash, &keys.server, auth.as_bytes())?);
        Ok((
            format!("{without_proof},p={}", STANDARD.encode(proof)),
            signature,
        ))
    }
}

fn field<'a>(message: &'a str, key: &str) -> Result<&'a str> {
    let found = message.split(',').find_map(|part| part.strip_prefix(key));
    found.with_context(|| format!("no {key} in the server's SCRAM message"))
}

fn mac(hash: Hash, key: &[u8], data: &[u8]) -> Result<Vec<u8>> {
    Ok(match hash {
        Hash::Sha1 => Hmac::<Sha1>::new_from_slice(key)?
            .chain_update(data)
            .finalize()
            .into_bytes()
            .to_vec(),
        Hash::Sha256 => Hmac::<Sha256>::new_from_slice(key)?
            .chain_update(data)
            .finalize()
            .into_bytes()
            .to_vec(),
    })
}

fn digest(hash: Hash, data: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Sha1 => Sha1::digest(data).to_vec(),
        Hash::Sha256 => Sha256::digest(data).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(hash: Hash, nonce: &str, server_first: &str) -> (String, String) {
        let (exchange, _) = Exchange::start(hash, "user", nonce);
        let keys = exchange
            .salt(server_first)
            .unwrap()
            .derive("pencil")
            .unwrap();
        exchange.finish(server_first, &keys).unwrap()
    }

    #[test]
    fn rfc_5802_example() {
        let (last, signature) = example(
            Hash::Sha1,
            "fyko+d2lbbFgONRv9qkxdawL",
            "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        );
        assert!(last.ends_with("p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="), "{last}");
        assert_eq!(signature, "rmF9pqV8S7suAoZWja4dJRkFsKQ=");
    }

    #[test]
    fn rfc_7677_example() {
        let (last, signature) = example(
            Hash::Sha256,
            "rOprNGfwEbeRWgbNEkqO",
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        );
        assert!(
            last.ends_with("p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="),
            "{last}"
        );
        assert_eq!(signature, "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    #[test]
    fn a_server_cannot_stall_the_generator() {
        let (exchange, _) = Exchange::start(Hash::Sha1, "user", "n");
        assert!(
            exchange
                .salt("r=n1,s=QSXCR+Q6sek8bf92,i=4000000000")
                .is_err()
        );
        assert!(exchange.salt("r=n1,i=1").is_err());
    }
}
