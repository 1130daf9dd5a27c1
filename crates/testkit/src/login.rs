//! The client's side of logins: SASL2 around SCRAM-SHA-256 and hashed tokens.

use crate::Client;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use magpie_xmpp::Element;
use sha2::{Digest, Sha256};

const SASL2: &str = "urn:xmpp:sasl:2";

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes every key");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The message of HT-SHA-256 by which `name` shows that it has `token`, and the answer it expects; both in base64.
pub fn hashed_token(name: &str, token: &str, binding: &[u8]) -> (String, String) {
    let proof = |side: &[u8]| hmac(token.as_bytes(), &[side, binding].concat());
    let message = [name.as_bytes(), &[0], &proof(b"Initiator")].concat();
    (
        STANDARD.encode(message),
        STANDARD.encode(proof(b"Responder")),
    )
}

/// A login by SCRAM-SHA-256 (RFC 5802, RFC 7677).
#[derive(Debug)]
pub struct Scram {
    password: String,
    header: String,
    bare: String,
    binding: Vec<u8>,
}

impl Scram {
    /// A login of `name` whose GS2 header is `header` ("n,,") and which is bound to `binding`.
    pub fn new(name: &str, password: &str, header: &str, binding: &[u8]) -> Scram {
        Scram {
            password: password.into(),
            header: header.into(),
            bare: format!("n={name},r=rOprNGfwEbeRWgbNEkqO"),
            binding: binding.into(),
        }
    }

    /// The first message, in base64.
    pub fn first(&self) -> String {
        STANDARD.encode(format!("{}{}", self.header, self.bare))
    }

    /// The answer to `challenge`, and what the server must say then; all in base64.
    pub fn last(&self, challenge: &str) -> (String, String) {
        let challenge = STANDARD.decode(challenge).expect("base64");
        let challenge = String::from_utf8(challenge).expect("text");
        let part = |name: &str| {
            let mut parts = challenge.split(',');
            parts.find_map(|p| p.strip_prefix(name)).expect("a part")
        };
        let salt = STANDARD.decode(part("s=")).expect("a salt");
        let rounds = part("i=").parse().expect("a number");
        let salted: [u8; 32] =
            pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(self.password.as_bytes(), &salt, rounds);
        let bound = STANDARD.encode([self.header.as_bytes(), &self.binding].concat());
        let without_proof = format!("c={bound},r={}", part("r="));
        let signed = format!("{},{challenge},{without_proof}", self.bare);
        let client_key = hmac(&salted, b"Client Key");
        let signature = hmac(&Sha256::digest(client_key), signed.as_bytes());
        let proof: Vec<u8> = client_key
            .iter()
            .zip(signature)
            .map(|(a, b)| a ^ b)
            .collect();
        let server = hmac(&hmac(&salted, b"Server Key"), signed.as_bytes());
        (
            STANDARD.encode(format!("{without_proof},p={}", STANDARD.encode(proof))),
            STANDARD.encode(format!("v={}", STANDARD.encode(server))),
        )
    }
}

impl Client {
    /// Sends `<authenticate/>` with this initial response and, behind it, `inline`; returns the answer.
    pub async fn authenticate(&mut self, mechanism: &str, initial: &str, inline: &str) -> Element {
        self.send(&format!(
            "<authenticate xmlns='{SASL2}' mechanism='{mechanism}'><initial-response>{initial}</initial-response>{inline}</authenticate>"
        ))
        .await;
        self.element().await
    }

    /// Logs in by PLAIN within SASL2; returns the success.
    pub async fn sasl2(&mut self, name: &str, password: &str, inline: &str) -> Element {
        let plain = STANDARD.encode(format!("\0{name}\0{password}"));
        let answer = self.authenticate("PLAIN", &plain, inline).await;
        assert!(answer.is("success", SASL2), "{}", answer.to_xml());
        self.jid = answer
            .find_text("authorization-identifier", SASL2)
            .expect("a success says who one is");
        answer
    }

    /// Goes on with a SCRAM whose first message was sent; the success, which was checked, or the failure.
    pub async fn scram(&mut self, scram: &Scram, challenge: &Element) -> Element {
        assert!(challenge.is("challenge", SASL2), "{}", challenge.to_xml());
        let (response, expected) = scram.last(&challenge.text_content());
        self.send(&format!("<response xmlns='{SASL2}'>{response}</response>"))
            .await;
        let answer = self.element().await;
        if answer.is("success", SASL2) {
            assert_eq!(
                answer.find_text("additional-data", SASL2),
                Some(expected),
                "the server's signature"
            );
        }
        answer
    }
}
