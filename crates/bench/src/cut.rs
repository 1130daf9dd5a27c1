//! Cuts a server's byte stream into first-level elements without building trees.
//!
//! It trusts the server to send well-formed XML: it counts tags and skips quoted attribute values,
//! no more, so that the generator stays far cheaper than what it measures.

use anyhow::{Result, bail};
use memchr::{memchr, memchr3};

/// Bytes beyond which one element is taken for a runaway stream.
const MAX_ELEMENT: usize = 4 << 20;

/// One step of the stream.
#[derive(Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// The stream's start tag.
    Open(&'a [u8]),
    /// A whole first-level element: stanza, features, SASL, stream management.
    Element(&'a [u8]),
    /// The stream's end tag.
    Close,
}

/// Incremental cutter; feed it through [`Cutter::buffer`], then call [`Cutter::next`] until `None`.
#[derive(Default)]
pub struct Cutter {
    buf: Vec<u8>,
    /// First byte not yet handed out.
    start: usize,
    /// Where the search for the next tag goes on.
    at: usize,
    /// 0 before the stream's start tag, 1 between elements, more inside one.
    depth: u32,
}

impl Cutter {
    /// The buffer to append received bytes to; room for at least one big read is reserved.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        if self.start == self.buf.len() {
            self.buf.clear();
            self.start = 0;
            self.at = 0;
        } else if self.start > self.buf.len() / 2 {
            self.buf.drain(..self.start);
            self.at -= self.start;
            self.start = 0;
        }
        self.buf.reserve(16 * 1024);
        &mut self.buf
    }

    /// Forgets everything: a new stream begins (after TLS or SASL).
    pub fn reset(&mut self) {
        *self = Cutter::default();
    }

    /// The next whole item, or `None` when more bytes are needed.
    pub fn next(&mut self) -> Result<Option<Item<'_>>> {
        loop {
            let Some(open) = memchr(b'<', &self.buf[self.at..]).map(|i| self.at + i) else {
                self.at = self.buf.len();
                if self.depth <= 1 {
                    self.start = self.at;
                }
                return Ok(None);
            };
            if self.depth <= 1 {
                self.start = open;
            }
            let Some(end) = tag_end(&self.buf, open) else {
                self.at = open;
                if self.buf.len() - self.start > MAX_ELEMENT {
                    bail!("an element of the server exceeds {MAX_ELEMENT} bytes");
                }
                return Ok(None);
            };
            self.at = end;
            match (self.buf[open + 1], self.buf[end - 2]) {
                (b'?', _) => continue,
                (b'!', _) => bail!("the server sent a comment, CDATA or DOCTYPE"),
                (b'/', _) => {
                    let Some(depth) = self.depth.checked_sub(1) else {
                        bail!("the server closed a tag that was never open");
                    };
                    self.depth = depth;
                    if depth == 0 {
                        self.start = end;
                        return Ok(Some(Item::Close));
                    }
                }
                (_, b'/') => {}
                _ => {
                    self.depth += 1;
                    if self.depth == 1 {
                        let from = std::mem::replace(&mut self.start, end);
                        return Ok(Some(Item::Open(&self.buf[from..end])));
                    }
                }
            }
            if self.depth == 1 {
                let from = std::mem::replace(&mut self.start, end);
                return Ok(Some(Item::Element(&self.buf[from..end])));
            }
        }
    }
}

/// One past the `>` that ends the tag opened at `open`; a `>` inside quotes does not count.
fn tag_end(buf: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr3(b'>', b'\'', b'"', &buf[at..])?;
        if buf[at] == b'>' {
            return Some(at + 1);
        }
        at += 2 + memchr(buf[at], &buf[at + 1..])?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &[u8] = b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' to=\"a>b\">\
        <message to='x'><body>1 &lt; 2</body><a/></message> \n<r xmlns='urn:xmpp:sm:3'/>\
        <iq><q a='/>'/></iq></stream:stream>";

    fn items(chunk: usize) -> Vec<String> {
        let mut cutter = Cutter::default();
        let mut out = Vec::new();
        for part in STREAM.chunks(chunk) {
            cutter.buffer().extend_from_slice(part);
            while let Some(item) = cutter.next().unwrap() {
                out.push(match item {
                    Item::Open(b) => format!("open {}", b.len()),
                    Item::Element(b) => String::from_utf8(b.to_vec()).unwrap(),
                    Item::Close => "close".to_owned(),
                });
            }
        }
        out
    }

    #[test]
    fn cuts_the_same_however_the_bytes_arrive() {
        let whole = items(STREAM.len());
        assert_eq!(
            whole,
            [
                "open 46",
                "<message to='x'><body>1 &lt; 2</body><a/></message>",
                "<r xmlns='urn:xmpp:sm:3'/>",
                "<iq><q a='/>'/></iq>",
                "close"
            ]
        );
        for chunk in 1..40 {
            assert_eq!(items(chunk), whole, "in chunks of {chunk}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_cut() {
        for bad in ["<stream:stream><!-- x -->", "</a>"] {
            let mut cutter = Cutter::default();
            cutter.buffer().extend_from_slice(bad.as_bytes());
            let mut seen = cutter.next().map(|_| ());
            if seen.is_ok() {
                seen = cutter.next().map(|_| ());
            }
            assert!(seen.is_err(), "{bad}");
        }
    }

    #[test]
    fn the_buffer_does_not_grow_with_the_stream() {
        let mut cutter = Cutter::default();
        cutter.buffer().extend_from_slice(b"<s>");
        assert!(cutter.next().unwrap().is_some());
        for _ in 0..10_000 {
            cutter.buffer().extend_from_slice(b"<m>x</m><m");
            while cutter.next().unwrap().is_some() {}
            cutter.buffer().extend_from_slice(b"/>");
            while cutter.next().unwrap().is_some() {}
        }
        assert!(
            cutter.buf.capacity() < 128 * 1024,
            "{}",
            cutter.buf.capacity()
        );
    }
}
