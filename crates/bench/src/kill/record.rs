//! What one user of a kill run did and saw: the client-side log the checker works on.

use std::collections::BTreeSet;

/// A message this user sent; its number is its place in [`Record::sent`].
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// Milliseconds of the run at which it was first written to the socket.
    pub at_ms: u32,
    /// How many times it was written.
    pub tries: u16,
    /// When the server acknowledged it, if it did.
    pub acked_ms: Option<u32>,
}

/// A message this user received live.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The number its sender gave it.
    pub seq: u32,
    /// The archive id the server put on it (XEP-0359), if any.
    pub archive_id: Option<String>,
    /// Milliseconds of the run.
    pub at_ms: u32,
}

/// A message of this run in a user's archive.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The id under which the archive has it.
    pub archive_id: String,
    /// Number of the sending user.
    pub from: u32,
    /// The number its sender gave it.
    pub seq: u32,
}

/// One user's log.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Number of the user.
    pub user: u32,
    /// Number of the user it talks with.
    pub peer: u32,
    /// What it sent.
    pub sent: Vec<Sent>,
    /// Numbers of messages the server answered with an error.
    pub refused: BTreeSet<u32>,
    /// What it received, in order.
    pub received: Vec<Receipt>,
    /// What it should never have received or been told.
    pub strays: Vec<String>,
    /// Its archive after the run, in archive order.
    pub archive: Vec<Entry>,
    /// Sessions begun anew.
    pub sessions: u32,
    /// Sessions resumed.
    pub resumed: u32,
}

impl Record {
    /// Numbers of the messages for which the server took responsibility.
    pub fn acked(&self) -> impl Iterator<Item = u32> + '_ {
        let acked = self
            .sent
            .iter()
            .enumerate()
            .filter(|(_, sent)| sent.acked_ms.is_some());
        acked
            .map(|(seq, _)| seq as u32)
            .filter(|seq| !self.refused.contains(seq))
    }
}
