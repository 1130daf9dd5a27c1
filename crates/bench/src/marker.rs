//! What a benchmark message carries in its body, so that its receiver knows which one it is:
//! `mb:<run>:<sender>:<number>:<stamp>:` and padding.
//!
//! The run keeps leftovers of an earlier run (offline messages, archives) out of the count.

use crate::xml::push_number;
use anyhow::Result;
use memchr::memmem::Finder;

/// What a received body says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Number of the sending user.
    pub from: u32,
    /// Number of the message, counted from 0 per sender.
    pub seq: u64,
    /// Microseconds since the run's start, when it was sent or was due.
    pub stamp: u64,
}

/// One run's name, and the search for it.
pub struct Run {
    name: String,
    finder: Finder<'static>,
}

impl Run {
    /// A run with a fresh random name.
    pub fn fresh() -> Result<Self> {
        let name = getrandom::u32()?;
        Ok(Run::named(format!("{name:08x}")))
    }

    /// A run with a given name.
    pub fn named(name: String) -> Self {
        let finder = Finder::new(&format!("mb:{name}:")).into_owned();
        Run { name, finder }
    }

    /// The stanza id, also the origin-id, of a message: the same for every retry.
    pub fn push_id(&self, out: &mut Vec<u8>, from: u32, seq: u64) {
        out.extend_from_slice(self.name.as_bytes());
        out.push(b'.');
        push_number(out, from.into());
        out.push(b'.');
        push_number(out, seq);
    }

    /// The number in a stanza id that `from` gave in this run.
    pub fn number(&self, id: &str, from: u32) -> Option<u32> {
        let rest = id.strip_prefix(&self.name)?.strip_prefix('.')?;
        let (sender, seq) = rest.split_once('.')?;
        (sender.parse() == Ok(from)).then(|| seq.parse().ok())?
    }

    /// The body of a message, padded to `len` bytes.
    pub fn push_body(&self, out: &mut Vec<u8>, mark: Mark, len: usize) {
        let start = out.len();
        out.extend_from_slice(b"mb:");
        out.extend_from_slice(self.name.as_bytes());
        for number in [mark.from.into(), mark.seq, mark.stamp] {
            out.push(b':');
            push_number(out, number);
        }
        out.push(b':');
        let written = out.len() - start;
        out.resize(out.len() + len.saturating_sub(written), b'x');
    }

    /// The mark of this run inside a stanza, if there is one.
    pub fn find(&self, stanza: &[u8]) -> Option<Mark> {
        let at = self.finder.find(stanza)? + self.finder.needle().len();
        let (from, at) = number(stanza, at)?;
        let (seq, at) = number(stanza, at)?;
        let (stamp, _) = number(stanza, at)?;
        Some(Mark {
            from: u32::try_from(from).ok()?,
            seq,
            stamp,
        })
    }
}

/// A decimal number that ends in a colon, and what comes after it.
fn number(bytes: &[u8], mut at: usize) -> Option<(u64, usize)> {
    let mut value = 0u64;
    loop {
        match *bytes.get(at)? {
            b':' => return Some((value, at + 1)),
            digit @ b'0'..=b'9' => {
                value = value.checked_mul(10)?.checked_add((digit - b'0').into())?
            }
            _ => return None,
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_says_which_message_it_is() {
        let run = Run::named("0badcafe".into());
        let mark = Mark {
            from: 7,
            seq: 123_456,
            stamp: 99,
        };
        let mut stanza = b"<message id='".to_vec();
        run.push_id(&mut stanza, 7, 123_456);
        stanza.extend_from_slice(b"'><body>");
        let body = stanza.len();
        run.push_body(&mut stanza, mark, 100);
        assert_eq!(stanza.len() - body, 100);
        stanza.extend_from_slice(b"</body></message>");
        assert_eq!(run.find(&stanza), Some(mark));
        assert_eq!(run.number("0badcafe.7.123456", 7), Some(123_456));
        assert_eq!(run.number("0badcafe.7.123456", 8), None);
        assert_eq!(Run::named("0badcaff".into()).find(&stanza), None);
        assert_eq!(run.find(b"<body>mb:0badcafe:1:x:3:</body>"), None);
    }
}
