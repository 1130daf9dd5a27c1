//! Escaping: text that is not ours becomes XML here and nowhere else.

use std::borrow::Cow;

/// Appends `text` as the value of an attribute in single quotes.
pub fn attr(out: &mut Vec<u8>, text: &str) {
    for b in text.bytes() {
        match b {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'\'' => out.extend_from_slice(b"&apos;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            // A parser would make blanks of these (XML 1.0 §3.3.3).
            b'\t' => out.extend_from_slice(b"&#9;"),
            b'\n' => out.extend_from_slice(b"&#10;"),
            b'\r' => out.extend_from_slice(b"&#13;"),
            b => out.push(b),
        }
    }
}

/// Appends `text` as character data.
pub fn text(out: &mut Vec<u8>, text: &str) {
    for b in text.bytes() {
        match b {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'\r' => out.extend_from_slice(b"&#13;"),
            b => out.push(b),
        }
    }
}

/// `text` with its references replaced, or `None` if one of them is none (XML 1.0 §4.1).
pub fn unescape(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('&') {
        return Some(text.into());
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(';')? + at;
        out.push(reference(&rest[at + 1..end])?);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Some(out.into())
}

/// The character that a reference without & and ; stands for.
pub fn reference(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "quot" => '"',
        _ => {
            let digits = name.strip_prefix('#')?;
            let (digits, radix) = digits
                .strip_prefix('x')
                .map_or((digits, 10), |hex| (hex, 16));
            let all = digits.bytes().all(|b| char::from(b).is_digit(radix));
            let code = if all {
                u32::from_str_radix(digits, radix).ok()?
            } else {
                return None;
            };
            char::from_u32(code).filter(|c| is_char(*c))?
        }
    })
}

/// Whether XML 1.0 allows the character (§2.2).
pub fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// As [`unescape`], with the ends of lines as [`lines`] makes them.
pub fn unescape_lines(text: &str) -> Option<String> {
    unescape(&lines(text)).map(Cow::into_owned)
}

/// `text` with every end of a line made `\n` (XML 1.0 §2.11).
pub fn lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        Cow::Borrowed(text)
    }
}
