//! SASL, the server's side, without I/O (RFC 4422, RFC 6120 §6).

pub mod ht;
pub mod plain;
pub mod scram;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA-256 (RFC 2104).
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes keys of every length.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Why a login failed (RFC 6120 §6.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SaslError {
    /// The client gave up.
    #[error("aborted")]
    Aborted,
    /// The account is banned.
    #[error("account-disabled")]
    AccountDisabled,
    /// The token was right and is not good any more.
    #[error("credentials-expired")]
    CredentialsExpired,
    /// TLS first.
    #[error("encryption-required")]
    EncryptionRequired,
    /// Not base64.
    #[error("incorrect-encoding")]
    IncorrectEncoding,
    /// The authorization identity is not the account's.
    #[error("invalid-authzid")]
    InvalidAuthzid,
    /// No such mechanism here.
    #[error("invalid-mechanism")]
    InvalidMechanism,
    /// Not as the mechanism's rules say.
    #[error("malformed-request")]
    MalformedRequest,
    /// Wrong name or password.
    #[error("not-authorized")]
    NotAuthorized,
    /// Try again later.
    #[error("temporary-auth-failure")]
    TemporaryAuthFailure,
}

impl SaslError {
    /// The name of the condition's element.
    pub fn name(self) -> &'static str {
        match self {
            SaslError::Aborted => "aborted",
            SaslError::AccountDisabled => "account-disabled",
            SaslError::CredentialsExpired => "credentials-expired",
            SaslError::EncryptionRequired => "encryption-required",
            SaslError::IncorrectEncoding => "incorrect-encoding",
            SaslError::InvalidAuthzid => "invalid-authzid",
            SaslError::InvalidMechanism => "invalid-mechanism",
            SaslError::MalformedRequest => "malformed-request",
            SaslError::NotAuthorized => "not-authorized",
            SaslError::TemporaryAuthFailure => "temporary-auth-failure",
        }
    }
}
