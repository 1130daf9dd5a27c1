//! Which bytes of a file are asked for (RFC 9110 §14).

/// What a `Range` asks of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it: nothing else was asked, or something that need not be understood.
    Whole,
    /// From the first to the last of these bytes.
    Part(u64, u64),
    /// Nothing that is there.
    Beyond,
}

/// Reads the header's value for a file of `size` bytes. Several ranges at once are answered with the whole.
pub(super) fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let Some((first, last)) = header
        .and_then(|h| h.trim().strip_prefix("bytes="))
        .and_then(|r| r.split_once('-'))
    else {
        return Wanted::Whole;
    };
    let number = |text: &str| match text.trim() {
        "" => Some(None),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
            // More than fits is more than there is.
            Some(Some(digits.parse().unwrap_or(u64::MAX)))
        }
        _ => None,
    };
    match (number(first), number(last)) {
        (Some(Some(first)), Some(Some(last))) if first > last => Wanted::Whole,
        (Some(Some(first)), Some(_)) if first >= size => Wanted::Beyond,
        (Some(Some(first)), Some(last)) => {
            Wanted::Part(first, last.unwrap_or(u64::MAX).min(size - 1))
        }
        (Some(None), Some(Some(0))) => Wanted::Beyond,
        (Some(None), Some(Some(end))) => Wanted::Part(size.saturating_sub(end), size - 1),
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_rfc_says() {
        for (header, expected) in [
            ("bytes=0-499", Wanted::Part(0, 499)),
            ("bytes=500-999", Wanted::Part(500, 999)),
            ("bytes=500-", Wanted::Part(500, 999)),
            ("bytes=500-99999999999999999999", Wanted::Part(500, 999)),
            ("bytes=-500", Wanted::Part(500, 999)),
            ("bytes=-5000", Wanted::Part(0, 999)),
            ("bytes=999-", Wanted::Part(999, 999)),
            ("bytes=1000-", Wanted::Beyond),
            ("bytes=99999999999999999999-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=0-0,2-3", Wanted::Whole),
            ("items=0-1", Wanted::Whole),
            ("", Wanted::Whole),
        ] {
            assert_eq!(wanted(Some(header), 1000), expected, "{header}");
        }
        assert_eq!(wanted(None, 1000), Wanted::Whole);
    }
}
