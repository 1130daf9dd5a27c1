//! Which characters may stand where (XML 1.0 §2.2, §2.3, §4.1; Namespaces in XML 1.0 §3).

use super::Fault;
use crate::escape;

/// May begin a name, if it is ASCII.
pub(super) const FIRST: u8 = 1;
/// May go on in a name, if it is ASCII.
pub(super) const NEXT: u8 = 2;

/// What each byte may be.
pub(super) const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        if byte.is_ascii_alphabetic() || byte == b'_' {
            class[b] |= FIRST | NEXT;
        }
        if byte.is_ascii_digit() || byte == b'-' || byte == b'.' {
            class[b] |= NEXT;
        }
        b += 1;
    }
    class
};

/// Whether `b` belongs to any of the classes in `mask`.
pub(super) fn is(b: u8, mask: u8) -> bool {
    CLASS[usize::from(b)] & mask != 0
}

/// White space of XML.
pub(crate) fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

/// A name without colon (Namespaces in XML 1.0 §3), as all parsers take it.
///
/// The fourth edition of XML 1.0, which expat follows, and the fifth disagree on most of Unicode: what only one of them takes
/// would end the stream of whom it is forwarded to. Here are the widely used scripts, as far as both take them.
pub(super) fn is_ncname(name: &str) -> bool {
    let first = |c: char| {
        matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
            | '\u{f8}'..='\u{131}' | '\u{14a}'..='\u{17e}' | 'Σ'..='ώ' | 'Ў'..='я' | 'א'..='ת'
            | '\u{621}'..='\u{63a}' | 'ぁ'..='ゔ' | 'ァ'..='ヺ' | '\u{4e00}'..='\u{9fa5}' | '가'..='힣')
    };
    let next = |c: char| first(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}');
    let mut chars = name.chars();
    chars.next().is_some_and(first) && chars.all(next)
}

/// Every `&` begins one of the five entities or a reference to a character that XML allows.
pub(super) fn references(bytes: &[u8]) -> Result<(), Fault> {
    memchr::memchr_iter(b'&', bytes).try_for_each(|at| reference(&bytes[at + 1..]))
}

/// Character data: as [`references`], and `]]>` does not stand in it.
pub(super) fn text(bytes: &[u8]) -> Result<(), Fault> {
    for at in memchr::memchr2_iter(b'&', b']', bytes) {
        let rest = &bytes[at + 1..];
        match bytes[at] {
            b'&' => reference(rest)?,
            _ if rest.starts_with(b"]>") => return Err(Fault::Malformed),
            _ => {}
        }
    }
    Ok(())
}

/// `rest` begins with what stands between `&` and `;` of a reference.
fn reference(rest: &[u8]) -> Result<(), Fault> {
    // No character needs more: #1114111 and #x10FFFF. Zeros before that are legal, but rxml does not take them, so a client
    // could end the streams of others.
    const LONGEST: usize = 8;
    let part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'#';
    let length = rest.iter().take(LONGEST).take_while(|b| part(b)).count();
    let name = std::str::from_utf8(&rest[..length]).unwrap_or_default();
    if rest.get(length) == Some(&b';') && escape::reference(name).is_some() {
        Ok(())
    } else {
        Err(Fault::Malformed)
    }
}

/// Whether a control character stands in it, white space among them.
pub(super) fn has_control(bytes: &[u8]) -> bool {
    // Without an early end the compiler makes vectors of it.
    bytes.iter().fold(false, |any, b| any | (*b < 0x20))
}

/// Whether a carriage return stands in it that no line feed follows.
pub(super) fn has_lone_return(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

/// Whether XML allows all of its characters.
pub(super) fn are_allowed(text: &str) -> bool {
    let bytes = text.as_bytes();
    if has_control(bytes) && bytes.iter().any(|b| *b < 0x20 && !is_blank(*b)) {
        return false;
    }
    // In UTF-8, U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    let forbidden = |at: usize| bytes[at + 1] == 0xbf && bytes[at + 2] >= 0xbe;
    !memchr::memchr_iter(0xef, bytes).any(forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_characters_are_those_of_xml() {
        for c in '\0'..=char::MAX {
            let mut bytes = [0; 4];
            let text: &str = c.encode_utf8(&mut bytes);
            assert_eq!(are_allowed(text), escape::is_char(c), "{c:?}");
        }
    }

    #[test]
    fn the_table_agrees_with_the_names_of_xml() {
        for b in 0..0x80u8 {
            let c = char::from(b);
            assert_eq!(is(b, FIRST), is_ncname(&c.to_string()), "{c:?}");
            assert_eq!(is(b, NEXT), is_ncname(&format!("a{c}")), "{c:?}");
        }
    }
}
