//! The mailbox of a session: what it is to be sent, and what it has not acknowledged. Bounded in stanzas and bytes.

use magpie_store::Id;
use magpie_xmpp::{Stanza, StreamError};
use std::collections::VecDeque;

/// A stanza on its way to a session.
#[derive(Debug, Clone)]
pub struct Out {
    /// The stanza.
    pub stanza: Stanza,
    /// Its archive id, `Id::ZERO` if it is not stored.
    pub id: Id,
    /// Whether it waits in the offline list until this session has it.
    pub offline: bool,
}

impl From<Stanza> for Out {
    fn from(stanza: Stanza) -> Out {
        Out {
            stanza,
            id: Id::ZERO,
            offline: false,
        }
    }
}

/// How much a mailbox holds before its reader counts as too slow.
#[derive(Debug, Clone, Copy)]
pub struct OutboxLimits {
    /// Stanzas, those not acknowledged included.
    pub stanzas: usize,
    /// Bytes, those not acknowledged included.
    pub bytes: usize,
}

/// What the stream took from the mailbox in one go.
#[derive(Debug, Default)]
pub struct Taken {
    /// The stanzas, in order.
    pub outs: Vec<Out>,
    /// Why the stream is to end after them.
    pub closing: Option<StreamError>,
}

/// See the module.
#[derive(Debug)]
pub struct Outbox {
    limits: OutboxLimits,
    queue: VecDeque<Out>,
    gate: Option<Vec<Out>>,
    unacked: Option<VecDeque<Out>>,
    bytes: usize,
    /// Stanzas the peer has acknowledged, modulo 2^32.
    acked: u32,
    closing: Option<StreamError>,
}

impl Outbox {
    pub(crate) fn new(limits: OutboxLimits) -> Outbox {
        Outbox {
            limits,
            queue: VecDeque::new(),
            gate: None,
            unacked: None,
            bytes: 0,
            acked: 0,
            closing: None,
        }
    }

    fn stanzas(&self) -> usize {
        self.queue.len()
            + self.gate.as_ref().map_or(0, Vec::len)
            + self.unacked.as_ref().map_or(0, VecDeque::len)
    }

    pub(crate) fn push(&mut self, out: Out) -> bool {
        if self.closing.is_some() {
            return false;
        }
        if self.stanzas() >= self.limits.stanzas
            || self.bytes + out.stanza.size() > self.limits.bytes
        {
            self.close(
                StreamError::resource_constraint()
                    .with_text("this client reads too slowly; what it missed is in the archive"),
            );
            return false;
        }
        self.bytes += out.stanza.size();
        match &mut self.gate {
            Some(held) => held.push(out),
            None => self.queue.push_back(out),
        }
        true
    }

    pub(crate) fn shut_gate(&mut self) {
        self.gate.get_or_insert_with(Vec::new);
    }

    pub(crate) fn open_gate(&mut self, older: Vec<Out>) {
        let held = self.gate.take().unwrap_or_default();
        for out in older {
            self.bytes += out.stanza.size();
            self.queue.push_back(out);
        }
        self.queue.extend(held);
    }

    pub(crate) fn close(&mut self, error: StreamError) {
        self.closing.get_or_insert(error);
    }

    /// Why the session is to end, if it is.
    pub fn closing(&self) -> Option<StreamError> {
        self.closing.clone()
    }

    /// Starts keeping what is sent until it is acknowledged (XEP-0198 §3).
    pub fn enable_acks(&mut self) {
        self.unacked.get_or_insert_with(VecDeque::new);
        self.acked = 0;
    }

    /// Whether what is sent is kept until it is acknowledged.
    pub fn keeps(&self) -> bool {
        self.unacked.is_some()
    }

    /// How many stanzas were sent and not acknowledged.
    pub fn unacked(&self) -> usize {
        self.unacked.as_ref().map_or(0, VecDeque::len)
    }

    /// What is to be written, in order.
    pub fn waiting(&self) -> impl ExactSizeIterator<Item = &Out> {
        self.queue.iter()
    }

    /// Whether there is nothing to write and no reason to end.
    pub fn is_quiet(&self) -> bool {
        self.queue.is_empty() && self.closing.is_none()
    }

    /// Takes up to `max` stanzas to write now. Where acknowledgements are on they are also kept.
    pub fn take(&mut self, max: usize) -> Taken {
        let outs: Vec<Out> = if self.queue.len() <= max {
            // With its room: idle sessions are many, and an empty mailbox is to keep none.
            std::mem::take(&mut self.queue).into()
        } else {
            self.queue.drain(..max).collect()
        };
        match &mut self.unacked {
            Some(kept) => kept.extend(outs.iter().cloned()),
            None => {
                self.bytes -= outs
                    .iter()
                    .map(|o| o.stanza.size())
                    .sum::<usize>()
                    .min(self.bytes)
            }
        }
        Taken {
            outs,
            closing: if self.queue.is_empty() {
                self.closing.clone()
            } else {
                None
            },
        }
    }

    /// The peer has handled `h` stanzas. Returns those that are new to us, or `Err` with the number sent if it claims
    /// more than that (XEP-0198 §4).
    pub fn ack(&mut self, h: u32) -> Result<Vec<Out>, u32> {
        let Some(kept) = &mut self.unacked else {
            return Ok(Vec::new());
        };
        let new = h.wrapping_sub(self.acked) as usize;
        if new > kept.len() {
            return Err(self.acked.wrapping_add(kept.len() as u32));
        }
        let done: Vec<Out> = kept.drain(..new).collect();
        self.acked = h;
        self.bytes -= done
            .iter()
            .map(|o| o.stanza.size())
            .sum::<usize>()
            .min(self.bytes);
        if kept.is_empty() {
            *kept = VecDeque::new();
        }
        Ok(done)
    }

    /// A new stream took over: what was not acknowledged is sent again, before anything else.
    pub fn rewind(&mut self) {
        if let Some(kept) = &mut self.unacked {
            while let Some(out) = kept.pop_back() {
                self.queue.push_front(out);
            }
        }
    }

    /// Everything that the session never got, in order; the mailbox takes nothing any more.
    pub(crate) fn drain(&mut self) -> Vec<Out> {
        self.rewind();
        self.close(StreamError::reset());
        self.bytes = 0;
        let mut all: Vec<Out> = std::mem::take(&mut self.queue).into();
        all.extend(self.gate.take().unwrap_or_default());
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(id: i64) -> Out {
        Out {
            stanza: Stanza::message(),
            id: Id(id),
            offline: false,
        }
    }

    fn boxed(stanzas: usize) -> Outbox {
        Outbox::new(OutboxLimits {
            stanzas,
            bytes: 1 << 20,
        })
    }

    fn ids(outs: &[Out]) -> Vec<i64> {
        outs.iter().map(|o| o.id.0).collect()
    }

    #[test]
    fn what_is_not_acknowledged_is_sent_again_first() {
        let mut b = boxed(10);
        b.enable_acks();
        for i in 1..=3 {
            assert!(b.push(out(i)));
        }
        assert_eq!(ids(&b.take(10).outs), [1, 2, 3]);
        assert_eq!(ids(&b.ack(1).unwrap()), [1]);
        assert!(b.push(out(4)));
        b.rewind();
        assert_eq!(ids(&b.take(10).outs), [2, 3, 4]);
        assert_eq!(b.ack(5).err(), Some(4));
        assert_eq!(ids(&b.ack(4).unwrap()), [2, 3, 4]);
    }

    #[test]
    fn acknowledgements_wrap_around() {
        let mut b = boxed(10);
        b.enable_acks();
        b.acked = u32::MAX;
        b.push(out(1));
        b.push(out(2));
        b.take(10);
        assert_eq!(ids(&b.ack(1).unwrap()), [1, 2]);
    }

    #[test]
    fn a_full_mailbox_closes_the_session() {
        let mut b = boxed(2);
        assert!(b.push(out(1)) && b.push(out(2)));
        assert!(!b.push(out(3)));
        let taken = b.take(10);
        assert_eq!(ids(&taken.outs), [1, 2]);
        assert!(taken.closing.is_some());
        assert!(!b.push(out(4)));
    }

    #[test]
    fn a_shut_gate_keeps_the_order() {
        let mut b = boxed(10);
        b.shut_gate();
        b.push(out(5));
        assert!(b.is_quiet());
        b.open_gate(vec![out(1), out(2)]);
        b.push(out(6));
        assert_eq!(ids(&b.drain()), [1, 2, 5, 6]);
    }
}
