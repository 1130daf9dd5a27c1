//! One tag, strictly: names, blanks, quotes, references (XML 1.0 §3.1).

use super::{
    Fault,
    chars::{self, FIRST, NEXT},
};
use smallvec::SmallVec;

/// Positions in the bytes that are scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// `start` and `end` are below 4 GiB: [`super::Limits`] sees to it.
    pub fn new(start: usize, end: usize) -> Span {
        Span {
            start: start as u32,
            end: end as u32,
        }
    }

    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start as usize..self.end as usize]
    }

    pub fn text(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }
}

/// A name that may have a prefix.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Name {
    pub whole: Span,
    /// Length of the prefix, 0 without one.
    prefix: u32,
}

impl Name {
    pub fn is_prefixed(self) -> bool {
        self.prefix > 0
    }

    pub fn prefix(self) -> Span {
        Span {
            end: self.whole.start + self.prefix,
            ..self.whole
        }
    }

    pub fn local(self) -> Span {
        let colon = u32::from(self.is_prefixed());
        Span {
            start: self.whole.start + self.prefix + colon,
            ..self.whole
        }
    }
}

/// An attribute, namespace declarations included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attr {
    pub name: Name,
    pub value: Span,
    /// `&` stands in the value.
    pub refers: bool,
    /// It is `xmlns` or `xmlns:prefix`.
    pub declares: bool,
}

impl Attr {
    /// Whether its name is in a namespace.
    pub fn is_foreign(&self) -> bool {
        self.name.is_prefixed() && !self.declares
    }
}

/// A start tag or an empty-element tag. It is read again and again into the same memory.
#[derive(Debug, Default)]
pub(crate) struct Tag {
    pub name: Name,
    pub attrs: SmallVec<[Attr; 8]>,
    pub empty: bool,
    /// White space other than blanks stands in it, perhaps in a value.
    spaced: bool,
    /// Some attribute declares a namespace.
    pub declares: bool,
    /// The name, or that of an attribute that declares nothing, has a prefix.
    pub prefixed: bool,
}

impl Tag {
    /// Reads `<name attr='value' …>` or `<name …/>` at `at`; returns where it ends. Bytes that end before the tag does are
    /// malformed too: who is fed in pieces looks for the end first.
    pub fn read(&mut self, bytes: &[u8], at: usize, max_attrs: u16) -> Result<usize, Fault> {
        let end = self.read_parts(bytes, at, max_attrs)?;
        self.spaced = chars::has_control(&bytes[at..end]);
        // Legal, but rxml chokes on it, so a client could end the streams of others; and nobody writes it.
        let values = self.attrs.iter().map(|a| a.value.of(bytes));
        if self.spaced && values.into_iter().any(chars::has_lone_return) {
            return Err(Fault::Restricted);
        }
        Ok(end)
    }

    fn read_parts(&mut self, bytes: &[u8], at: usize, max_attrs: u16) -> Result<usize, Fault> {
        let mut reader = Reader { bytes, at: at + 1 };
        self.attrs.clear();
        self.name = reader.name()?;
        (self.declares, self.prefixed) = (false, self.name.is_prefixed());
        loop {
            let blank = reader.blanks();
            match reader.peek()? {
                b'>' => {
                    self.empty = false;
                    return Ok(reader.at + 1);
                }
                b'/' if bytes.get(reader.at + 1) == Some(&b'>') => {
                    self.empty = true;
                    return Ok(reader.at + 2);
                }
                _ if !blank => return Err(Fault::Malformed),
                _ if self.attrs.len() >= usize::from(max_attrs) => {
                    return Err(Fault::TooManyAttributes);
                }
                _ => self.push(reader.attr()?),
            }
        }
    }

    /// Whether the value is as it stands: no references, no white space but blanks.
    pub fn is_plain(&self, attr: &Attr) -> bool {
        !attr.refers && !self.spaced
    }

    fn push(&mut self, attr: Attr) {
        self.declares |= attr.declares;
        self.prefixed |= attr.is_foreign();
        self.attrs.push(attr);
    }
}

/// Reads `</name>` at `at`; returns the name and where the tag ends.
pub(crate) fn end(bytes: &[u8], at: usize) -> Result<(Span, usize), Fault> {
    let mut reader = Reader { bytes, at: at + 2 };
    let name = reader.name()?;
    reader.blanks();
    match reader.peek()? {
        b'>' => Ok((name.whole, reader.at + 1)),
        _ => Err(Fault::Malformed),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Result<u8, Fault> {
        self.bytes.get(self.at).copied().ok_or(Fault::Malformed)
    }

    /// Skips white space; tells whether there was some.
    fn blanks(&mut self) -> bool {
        let from = self.at;
        while self.peek().is_ok_and(chars::is_blank) {
            self.at += 1;
        }
        self.at > from
    }

    fn name(&mut self) -> Result<Name, Fault> {
        let start = self.at;
        self.part()?;
        let mut prefix = 0;
        if self.peek() == Ok(b':') {
            prefix = self.at - start;
            self.at += 1;
            self.part()?;
        }
        Ok(Name {
            whole: Span::new(start, self.at),
            prefix: prefix as u32,
        })
    }

    /// Skips a name without colon.
    fn part(&mut self) -> Result<(), Fault> {
        let start = self.at;
        if !chars::is(self.peek()?, FIRST) {
            return self.foreign_part(start);
        }
        let rest = self.bytes[start..].iter();
        self.at += rest.take_while(|b| chars::is(**b, NEXT)).count();
        if self.peek().is_ok_and(|b| !b.is_ascii()) {
            return self.foreign_part(start);
        }
        Ok(())
    }

    /// As [`Reader::part`], for a name that is not ASCII.
    fn foreign_part(&mut self, start: usize) -> Result<(), Fault> {
        let rest = self.bytes[start..].iter();
        let length = rest.take_while(|b| chars::is(**b, NEXT) || !b.is_ascii());
        self.at = start + length.count();
        let name = std::str::from_utf8(&self.bytes[start..self.at]);
        if name.is_ok_and(chars::is_ncname) {
            Ok(())
        } else {
            Err(Fault::Malformed)
        }
    }

    fn attr(&mut self) -> Result<Attr, Fault> {
        let name = self.name()?;
        self.blanks();
        if self.peek()? != b'=' {
            return Err(Fault::Malformed);
        }
        self.at += 1;
        self.blanks();
        let quote = self.peek()?;
        if quote != b'\'' && quote != b'"' {
            return Err(Fault::Malformed);
        }
        self.at += 1;
        let (value, refers) = self.value(quote)?;
        let first = if name.is_prefixed() {
            name.prefix()
        } else {
            name.whole
        };
        Ok(Attr {
            name,
            value,
            refers,
            declares: first.of(self.bytes) == b"xmlns",
        })
    }

    /// The value up to `quote`, which is skipped, and whether `&` stands in it.
    fn value(&mut self, quote: u8) -> Result<(Span, bool), Fault> {
        let rest = &self.bytes[self.at..];
        let first = memchr::memchr3(quote, b'<', b'&', rest).ok_or(Fault::Malformed)?;
        let refers = rest[first] == b'&';
        let length = match rest[first] {
            b'&' => memchr::memchr2(quote, b'<', rest).ok_or(Fault::Malformed)?,
            _ => first,
        };
        if rest[length] == b'<' {
            return Err(Fault::Malformed);
        }
        let value = &rest[..length];
        if refers {
            chars::references(value)?;
        }
        let span = Span::new(self.at, self.at + length);
        self.at += length + 1;
        Ok((span, refers))
    }
}
