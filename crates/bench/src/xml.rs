//! Looks into the bytes of one element: names, attributes, texts. No trees, no namespaces: the
//! generator knows what it asked for.

use memchr::{memchr, memmem};

/// The local name of the element's start tag.
pub fn name(element: &[u8]) -> &[u8] {
    let tag = element.get(1..).unwrap_or_default();
    let end = tag
        .iter()
        .position(|b| b" \t\r\n/>".contains(b))
        .unwrap_or(tag.len());
    let full = &tag[..end];
    match memchr(b':', full) {
        Some(colon) => &full[colon + 1..],
        None => full,
    }
}

/// The raw value of an attribute of the element's start tag.
pub fn attr<'a>(element: &'a [u8], wanted: &str) -> Option<&'a str> {
    let mut rest = &element[element.iter().position(|b| b" \t\r\n/>".contains(b))?..];
    loop {
        let from = rest.iter().position(|b| !b.is_ascii_whitespace())?;
        rest = &rest[from..];
        if matches!(rest[0], b'>' | b'/') {
            return None;
        }
        let equals = memchr(b'=', rest)?;
        let key = rest[..equals].trim_ascii_end();
        rest = rest[equals + 1..].trim_ascii_start();
        let quote = *rest.first()?;
        let len = memchr(quote, &rest[1..])?;
        if key == wanted.as_bytes() {
            return std::str::from_utf8(&rest[1..=len]).ok();
        }
        rest = &rest[len + 2..];
    }
}

/// The bytes from the first `<tag` on, at any depth: enough for [`attr`] and [`text`].
pub fn find<'a>(element: &'a [u8], tag: &str) -> Option<&'a [u8]> {
    let mut from = 0;
    loop {
        let open = from + memmem::find(&element[from..], tag.as_bytes())?;
        let end = open + tag.len();
        let starts = open > 0 && element[open - 1] == b'<';
        if starts && element.get(end).is_some_and(|b| b" \t\r\n/>".contains(b)) {
            return Some(&element[open - 1..]);
        }
        from = end;
    }
}

/// The unescaped text that follows the element's start tag, up to the next tag.
pub fn text(element: &[u8]) -> Option<String> {
    let end = memchr(b'>', element)?;
    if element[end - 1] == b'/' {
        return Some(String::new());
    }
    let rest = &element[end + 1..];
    let stop = memchr(b'<', rest)?;
    std::str::from_utf8(&rest[..stop]).ok().map(unescape)
}

/// Resolves the five predefined entities.
pub fn unescape(raw: &str) -> String {
    if !raw.contains('&') {
        return raw.to_owned();
    }
    raw.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&apos;", "'")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Escapes text for content or an attribute value.
pub fn escape(raw: &str) -> String {
    raw.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\'', "&apos;")
        .replace('"', "&quot;")
}

/// Appends a decimal number; `write!` would cost more than the rest of a message.
pub fn push_number(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULT: &[u8] =
        b"<message to='a@b/c' from = \"b\"><result xmlns='urn:xmpp:mam:2' id='7'>\
        <resultset/><first index='0'>a&lt;b&amp;</first></result></message>";

    #[test]
    fn reads_names_attributes_and_texts() {
        assert_eq!(name(RESULT), b"message");
        assert_eq!(name(b"<stream:error><a/></stream:error>"), b"error");
        assert_eq!(name(b"<r/>"), b"r");
        assert_eq!(attr(RESULT, "to"), Some("a@b/c"));
        assert_eq!(attr(RESULT, "from"), Some("b"));
        assert_eq!(attr(RESULT, "id"), None);
        let result = find(RESULT, "result").unwrap();
        assert_eq!(attr(result, "id"), Some("7"));
        assert_eq!(text(find(RESULT, "first").unwrap()).unwrap(), "a<b&");
        assert!(find(RESULT, "resul").is_none());
        assert_eq!(attr(b"<a h='5'/>", "h"), Some("5"));
        assert_eq!(attr(b"<a/>", "h"), None);
    }

    #[test]
    fn numbers_and_escapes_round_trip() {
        for value in [0, 7, 10, 12345, u64::MAX] {
            let mut out = Vec::new();
            push_number(&mut out, value);
            assert_eq!(out, value.to_string().as_bytes());
        }
        assert_eq!(unescape(&escape("<a b='\"&'>")), "<a b='\"&'>");
    }
}
