//! HT-SHA-256 (draft-schmaus-kitten-sasl-ht-09): a token is proven by its HMAC, in one message each way.

use super::{SaslError, hmac_sha256, scram::ChannelBindings};
use subtle::ConstantTimeEq;

/// What the proof is bound to. `tls-unique` is not here: TLS 1.3 has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// RFC 9266.
    Exporter,
    /// RFC 5929.
    EndPoint,
    /// Nothing.
    None,
}

impl Binding {
    /// The strongest first.
    pub const ALL: [Binding; 3] = [Binding::Exporter, Binding::EndPoint, Binding::None];

    /// The name of the mechanism with this binding.
    pub fn mechanism(self) -> &'static str {
        match self {
            Binding::Exporter => "HT-SHA-256-EXPR",
            Binding::EndPoint => "HT-SHA-256-ENDP",
            Binding::None => "HT-SHA-256-NONE",
        }
    }

    /// The connection's value for it, if it has one.
    pub fn data(self, bindings: &ChannelBindings) -> Option<&[u8]> {
        match self {
            Binding::Exporter => bindings.get("tls-exporter"),
            Binding::EndPoint => bindings.get("tls-server-end-point"),
            Binding::None => Some(&[]),
        }
    }
}

/// The client's message: who it is, and the proof that it has a token.
pub struct Claim {
    /// Its name.
    pub authcid: String,
    proof: Vec<u8>,
}

/// Reads `authcid NUL proof`.
pub fn parse(message: &[u8]) -> Result<Claim, SaslError> {
    let end = message.iter().position(|b| *b == 0);
    let (name, proof) = message.split_at(end.ok_or(SaslError::MalformedRequest)?);
    let authcid = std::str::from_utf8(name).map_err(|_| SaslError::MalformedRequest)?;
    if authcid.is_empty() || proof.len() != 33 {
        return Err(SaslError::MalformedRequest);
    }
    Ok(Claim {
        authcid: authcid.into(),
        proof: proof[1..].into(),
    })
}

impl Claim {
    /// Whether the client has `token`, on the connection with these channel-binding data.
    pub fn proves(&self, token: &str, binding: &[u8]) -> bool {
        self.proof
            .ct_eq(&proof(token, b"Initiator", binding))
            .into()
    }
}

/// The server's own proof, the data of its success.
pub fn answer(token: &str, binding: &[u8]) -> [u8; 32] {
    proof(token, b"Responder", binding)
}

fn proof(token: &str, side: &[u8], binding: &[u8]) -> [u8; 32] {
    hmac_sha256(token.as_bytes(), &[side, binding].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(name: &str, token: &str, binding: &[u8]) -> Vec<u8> {
        let proof = proof(token, b"Initiator", binding);
        [name.as_bytes(), &[0], &proof].concat()
    }

    #[test]
    fn only_the_token_on_this_channel_is_proven() {
        let claim = parse(&message("鹊", "token", b"channel")).unwrap();
        assert_eq!(claim.authcid, "鹊");
        assert!(claim.proves("token", b"channel"));
        for (token, binding) in [
            ("Token", &b"channel"[..]),
            ("token", b"other"),
            ("token", b""),
            ("", b"channel"),
        ] {
            assert!(!claim.proves(token, binding), "{token} {binding:?}");
        }
        assert_ne!(answer("token", b""), proof("token", b"Initiator", b""));
    }

    #[test]
    fn a_message_that_is_none_is_refused() {
        let good = message("a", "t", b"");
        for bad in [
            &b""[..],
            b"a",
            b"\0",
            &good[1..],
            &good[..good.len() - 1],
            &[&good[..], b"x"].concat(),
            &[b"\xff", &good[1..]].concat(),
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }

    /// As `printf Initiator | openssl dgst -sha256 -hmac secret-token` says.
    #[test]
    fn the_proof_is_an_hmac_of_side_and_channel() {
        let hex: String = proof("secret-token", b"Initiator", b"")
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(
            hex,
            "3f6de92b45cddc50c601ad166458f7b5874565e399f3006b1afb03f0bb03ff88"
        );
    }
}
