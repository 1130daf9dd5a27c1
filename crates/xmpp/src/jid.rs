//! Addresses (RFC 7622): `local@domain/resource`, normalised when parsed, so that comparing texts compares addresses.

use precis_core::profile::PrecisFastInvocation;
use precis_profiles::{OpaqueString, UsernameCaseMapped};
use std::{borrow::Cow, fmt, hash::Hash, hash::Hasher, str::FromStr, sync::Arc};

/// Bytes each part may have (RFC 7622 §3.1).
const PART: usize = 1023;

/// An address. Cloning is cheap; equality and order are those of the normalised text.
#[derive(Clone)]
pub struct Jid {
    text: Arc<str>,
    /// Where the domain begins: 0 without a local part, else one past the @.
    domain: u16,
    /// Where the bare JID ends: the / of the resource, or the end.
    bare: u16,
}

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JidError {
    /// A part is empty, or a separator too many.
    #[error("a part of the address is empty")]
    Empty,
    /// A part has more than 1,023 bytes.
    #[error("a part of the address is longer than 1023 bytes")]
    TooLong,
    /// The local part has a character that names may not have.
    #[error("the name before the @ has a character that is not allowed there")]
    Local,
    /// The domain is none.
    #[error("the domain is not valid")]
    Domain,
    /// The resource has a character that is not allowed.
    #[error("the resource has a character that is not allowed there")]
    Resource,
}

impl Jid {
    /// Parses and normalises `text`.
    pub fn new(text: &str) -> Result<Jid, JidError> {
        let bytes = text.as_bytes();
        let slash = memchr::memchr(b'/', bytes);
        let bare = &text[..slash.unwrap_or(text.len())];
        let at = memchr::memchr(b'@', bare.as_bytes());
        let local = at.map(|at| prep_local(&bare[..at])).transpose()?;
        let domain = prep_domain(&bare[at.map_or(0, |at| at + 1)..])?;
        let resource = slash.map(|s| prep_resource(&text[s + 1..])).transpose()?;
        let same = |part: &Option<Cow<'_, str>>| !matches!(part, Some(Cow::Owned(_)));
        if same(&local) && same(&resource) && domain == bare[at.map_or(0, |at| at + 1)..] {
            return Ok(Jid {
                text: text.into(),
                domain: at.map_or(0, |at| at as u16 + 1),
                bare: bare.len() as u16,
            });
        }
        Ok(Jid::join(local.as_deref(), &domain, resource.as_deref()))
    }

    fn join(local: Option<&str>, domain: &str, resource: Option<&str>) -> Jid {
        let start = local.map_or(0, |l| l.len() + 1);
        let bare = start + domain.len();
        let mut text = String::with_capacity(bare + resource.map_or(0, |r| r.len() + 1));
        if let Some(local) = local {
            text.push_str(local);
            text.push('@');
        }
        text.push_str(domain);
        if let Some(resource) = resource {
            text.push('/');
            text.push_str(resource);
        }
        // Three parts of at most 1,023 bytes fit.
        Jid {
            text: text.into(),
            domain: start as u16,
            bare: bare as u16,
        }
    }
}

impl Jid {
    /// The part before the @.
    pub fn local(&self) -> Option<&str> {
        (self.domain > 0).then(|| &self.text[..usize::from(self.domain) - 1])
    }

    /// The domain.
    pub fn domain(&self) -> &str {
        &self.text[usize::from(self.domain)..usize::from(self.bare)]
    }

    /// The part after the /.
    pub fn resource(&self) -> Option<&str> {
        self.text.get(usize::from(self.bare) + 1..)
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bare address as text.
    pub fn bare_str(&self) -> &str {
        &self.text[..usize::from(self.bare)]
    }

    /// The address without resource.
    pub fn bare(&self) -> Jid {
        if self.is_bare() {
            return self.clone();
        }
        Jid {
            text: self.bare_str().into(),
            ..*self
        }
    }

    /// The domain alone, as an address.
    pub fn domain_jid(&self) -> Jid {
        Jid::join(None, self.domain(), None)
    }

    /// Whether there is no resource.
    pub fn is_bare(&self) -> bool {
        usize::from(self.bare) == self.text.len()
    }

    /// Whether there is a resource.
    pub fn is_full(&self) -> bool {
        !self.is_bare()
    }

    /// The bare address with `resource`.
    pub fn with_resource(&self, resource: &str) -> Result<Jid, JidError> {
        let resource = prep_resource(resource)?;
        Ok(Jid::join(self.local(), self.domain(), Some(&resource)))
    }
}

/// The local part in its normal form: PRECIS UsernameCaseMapped, without the characters of RFC 7622 §3.3.1.
pub fn prep_local(local: &str) -> Result<Cow<'_, str>, JidError> {
    sized(local)?;
    let plain = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'+' | b'!' | b'#' | b'$' | b'%' | b'*' | b'=' | b'?' | b'^' | b'`' | b'{' | b'|' | b'}' | b'~' | b'\\' | b'(' | b')' | b',' | b';' | b'[' | b']');
    if local.bytes().all(plain) {
        return Ok(Cow::Borrowed(local));
    }
    let prepared = UsernameCaseMapped::enforce(local).map_err(|_| JidError::Local)?;
    if prepared.contains(['"', '&', '\'', '/', ':', '<', '>', '@', ' ']) {
        return Err(JidError::Local);
    }
    sized(&prepared)?;
    Ok(prepared)
}

/// The resource in its normal form: PRECIS OpaqueString.
pub fn prep_resource(resource: &str) -> Result<Cow<'_, str>, JidError> {
    sized(resource)?;
    if resource.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Ok(Cow::Borrowed(resource));
    }
    let prepared = OpaqueString::enforce(resource).map_err(|_| JidError::Resource)?;
    sized(&prepared)?;
    Ok(prepared)
}

/// A password in its normal form: PRECIS OpaqueString (RFC 8265 §4).
pub fn prep_password(password: &str) -> Option<Cow<'_, str>> {
    if password.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return (!password.is_empty()).then_some(Cow::Borrowed(password));
    }
    OpaqueString::enforce(password).ok()
}

/// The domain in its normal form: IDNA2008 U-labels, or an IP literal (RFC 7622 §3.2).
fn prep_domain(domain: &str) -> Result<Cow<'_, str>, JidError> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    sized(domain)?;
    if let Some(literal) = domain.strip_prefix('[').and_then(|d| d.strip_suffix(']')) {
        return literal
            .parse::<std::net::Ipv6Addr>()
            .map(|ip| Cow::Owned(format!("[{ip}]")))
            .map_err(|_| JidError::Domain);
    }
    // Letters, digits and hyphens in lower case, and no label that stands for another: the normal form already.
    let plain = |b: &u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let plain = |l: &[u8]| label(l) && l.iter().all(plain) && !l.starts_with(b"xn--");
    if domain.as_bytes().split(|b| *b == b'.').all(plain) {
        return Ok(Cow::Borrowed(domain));
    }
    let (unicode, result) = idna::domain_to_unicode(domain);
    result.map_err(|_| JidError::Domain)?;
    let ascii = idna::domain_to_ascii_strict(&unicode).map_err(|_| JidError::Domain)?;
    if ascii.as_bytes().split(|b| *b == b'.').all(label) {
        Ok(Cow::Owned(unicode))
    } else {
        Err(JidError::Domain)
    }
}

/// Whether a label is neither empty nor too long, and has no hyphen at its ends.
fn label(label: &[u8]) -> bool {
    matches!(label, [first, ..] if *first != b'-') && !label.ends_with(b"-") && label.len() <= 63
}

fn sized(part: &str) -> Result<(), JidError> {
    match part.len() {
        0 => Err(JidError::Empty),
        1..=PART => Ok(()),
        _ => Err(JidError::TooLong),
    }
}

impl FromStr for Jid {
    type Err = JidError;

    fn from_str(s: &str) -> Result<Jid, JidError> {
        Jid::new(s)
    }
}

impl fmt::Display for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jid({})", self.text)
    }
}

impl PartialEq for Jid {
    fn eq(&self, other: &Jid) -> bool {
        self.text == other.text
    }
}

impl Eq for Jid {}

impl PartialOrd for Jid {
    fn partial_cmp(&self, other: &Jid) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Jid {
    fn cmp(&self, other: &Jid) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Jid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
