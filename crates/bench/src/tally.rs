//! Counts what a receiver got of a numbered sequence: lost, doubled, reordered.

use std::collections::BTreeSet;

/// The state of one sender's sequence at its receiver.
#[derive(Default)]
pub struct Tally {
    next: u64,
    missing: BTreeSet<u64>,
    /// Messages that arrived, repeats not counted.
    pub delivered: u64,
    /// Arrivals of a message that was there already.
    pub doubled: u64,
    /// Messages that arrived after a later one.
    pub reordered: u64,
}

impl Tally {
    /// Notes the arrival of message `seq`.
    pub fn arrived(&mut self, seq: u64) {
        if seq >= self.next {
            self.missing.extend(self.next..seq);
            self.next = seq + 1;
        } else if self.missing.remove(&seq) {
            self.reordered += 1;
        } else {
            self.doubled += 1;
            return;
        }
        self.delivered += 1;
    }

    /// Messages of the `sent` first ones that never arrived.
    pub fn lost(&self, sent: u64) -> u64 {
        sent.saturating_sub(self.delivered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(arrivals: &[u64]) -> Tally {
        let mut tally = Tally::default();
        arrivals.iter().for_each(|&seq| tally.arrived(seq));
        tally
    }

    #[test]
    fn sees_each_fault() {
        let clean = tally(&[0, 1, 2]);
        assert_eq!((clean.lost(3), clean.doubled, clean.reordered), (0, 0, 0));
        let lost = tally(&[0, 2]);
        assert_eq!((lost.lost(4), lost.doubled, lost.reordered), (2, 0, 0));
        let doubled = tally(&[0, 1, 0, 1]);
        assert_eq!(
            (doubled.lost(2), doubled.doubled, doubled.reordered),
            (0, 2, 0)
        );
        let reordered = tally(&[1, 0, 2, 0]);
        assert_eq!(
            (reordered.lost(3), reordered.doubled, reordered.reordered),
            (0, 1, 1)
        );
    }
}
