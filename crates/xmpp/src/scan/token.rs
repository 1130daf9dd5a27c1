//! Tokens: tags, text and CDATA sections, found in a buffer that grows.

use super::{
    Fault, chars,
    tag::{self, Span, Tag},
};

/// What stands in the bytes that were passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// A start tag, which was read into the caller's [`Tag`].
    Start,
    /// An end tag with this name.
    End(Span),
    /// Character data as it is written.
    Text(Span),
    /// What stands in a CDATA section.
    Cdata(Span),
}

/// A place in the buffer. What was looked at is not looked at again when more bytes have come.
#[derive(Debug, Default)]
pub(crate) struct Lexer {
    /// Everything before is understood.
    pub at: usize,
    /// The search for the end of the token at `at` goes on here.
    seek: usize,
    /// The quote that is open at `seek`, 0 without one.
    quote: u8,
}

const CDATA: &[u8] = b"<![CDATA[";

impl Lexer {
    /// The token at `at`, which is then behind it; `None` until its end has come.
    pub fn next(
        &mut self,
        bytes: &[u8],
        tag: &mut Tag,
        max_attrs: u16,
    ) -> Result<Option<Token>, Fault> {
        match (bytes.get(self.at), bytes.get(self.at + 1)) {
            (None, _) | (Some(b'<'), None) => Ok(None),
            (Some(b'<'), Some(b'/')) => self.end_tag(bytes),
            (Some(b'<'), Some(b'!')) => self.cdata(bytes),
            (Some(b'<'), Some(b'?')) => Err(Fault::Restricted),
            (Some(b'<'), Some(_)) => self.start_tag(bytes, tag, max_attrs),
            (Some(_), _) => self.text(bytes),
        }
    }

    /// Whether no byte of a token was passed or looked through.
    pub fn is_at_start(&self) -> bool {
        self.at == 0 && self.seek == 0
    }

    fn pass(&mut self, end: usize, token: Token) -> Result<Option<Token>, Fault> {
        *self = Lexer {
            at: end,
            ..Lexer::default()
        };
        Ok(Some(token))
    }

    fn text(&mut self, bytes: &[u8]) -> Result<Option<Token>, Fault> {
        let from = self.seek.max(self.at);
        let Some(length) = memchr::memchr(b'<', &bytes[from..]) else {
            self.seek = bytes.len();
            return Ok(None);
        };
        let span = Span::new(self.at, from + length);
        chars::text(span.of(bytes))?;
        self.pass(from + length, Token::Text(span))
    }

    fn cdata(&mut self, bytes: &[u8]) -> Result<Option<Token>, Fault> {
        let start = self.at + CDATA.len();
        let Some(head) = bytes.get(self.at..start) else {
            let begins = CDATA.starts_with(&bytes[self.at..]);
            return if begins {
                Ok(None)
            } else {
                Err(Fault::Restricted)
            };
        };
        if head != CDATA {
            return Err(Fault::Restricted);
        }
        let from = self.seek.max(start);
        match memchr::memmem::find(&bytes[from..], b"]]>") {
            Some(length) => {
                let end = from + length;
                self.pass(end + 3, Token::Cdata(Span::new(start, end)))
            }
            None => {
                // Two brackets may be there already.
                self.seek = bytes.len().saturating_sub(2).max(start);
                Ok(None)
            }
        }
    }

    fn end_tag(&mut self, bytes: &[u8]) -> Result<Option<Token>, Fault> {
        if self.seek > 0 && !self.seek_end(bytes, false) {
            return Ok(None);
        }
        match tag::end(bytes, self.at) {
            Ok((name, end)) => self.pass(end, Token::End(name)),
            Err(_) if !self.seek_end(bytes, false) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// A tag is read at once if it is whole, as most are. One that is not is read again when its end has come.
    fn start_tag(
        &mut self,
        bytes: &[u8],
        tag: &mut Tag,
        max_attrs: u16,
    ) -> Result<Option<Token>, Fault> {
        if self.seek > 0 && !self.seek_end(bytes, true) {
            return Ok(None);
        }
        match tag.read(bytes, self.at, max_attrs) {
            Ok(end) => self.pass(end, Token::Start),
            Err(_) if !self.seek_end(bytes, true) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Whether the tag at `at` has an end: a `>`, outside of quotes where they count.
    fn seek_end(&mut self, bytes: &[u8], quotes: bool) -> bool {
        self.seek = self.seek.max(self.at + 1);
        loop {
            let rest = &bytes[self.seek..];
            let found = match self.quote {
                0 if quotes => memchr::memchr3(b'>', b'\'', b'"', rest),
                0 => memchr::memchr(b'>', rest),
                quote => memchr::memchr(quote, rest),
            };
            let Some(length) = found else {
                self.seek = bytes.len();
                return false;
            };
            let end = self.seek + length;
            match (self.quote, bytes[end]) {
                // The search stays here: it finds the end again if it is asked again.
                (0, b'>') => {
                    self.seek = end;
                    return true;
                }
                (0, quote) => self.quote = quote,
                _ => self.quote = 0,
            }
            self.seek = end + 1;
        }
    }
}
