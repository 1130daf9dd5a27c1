//! PLAIN (RFC 4616): the password itself, so only under TLS.

use super::SaslError;

/// What a client sends.
pub struct Plain {
    /// As whom it wants to act, "" if as itself.
    pub authzid: String,
    /// Who it is.
    pub authcid: String,
    /// Its password.
    pub password: String,
}

/// Reads `authzid NUL authcid NUL password`.
pub fn parse(message: &[u8]) -> Result<Plain, SaslError> {
    let text = std::str::from_utf8(message).map_err(|_| SaslError::MalformedRequest)?;
    let parts: Vec<&str> = text.split('\0').collect();
    match parts[..] {
        [authzid, authcid, password] if !authcid.is_empty() && !password.is_empty() => Ok(Plain {
            authzid: authzid.into(),
            authcid: authcid.into(),
            password: password.into(),
        }),
        _ => Err(SaslError::MalformedRequest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_parts_two_of_them_filled() {
        let p = parse("\0alice\0秘密".as_bytes())
            .map(|p| (p.authzid, p.authcid, p.password))
            .ok();
        assert_eq!(p, Some((String::new(), "alice".into(), "秘密".into())));
        for bad in [
            &b""[..],
            b"alice",
            b"\0alice",
            b"\0alice\0",
            b"\0\0pw",
            b"\0a\0b\0c",
            b"\0a\0\xff",
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }
}
