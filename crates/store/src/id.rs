//! Ids of messages: time-ordered, and the position by which clients synchronise.

use std::{fmt, num::ParseIntError, str::FromStr};

/// Milliseconds since 1970 above 20 bits of sequence. Ids grow in commit order, across restarts and when the clock is set back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub i64);

const SEQUENCE_BITS: u32 = 20;

impl Id {
    /// Not yet given.
    pub const ZERO: Id = Id(0);

    /// The time it was given, milliseconds since 1970.
    pub fn unix_ms(self) -> i64 {
        self.0 >> SEQUENCE_BITS
    }

    /// The lowest id of a time, milliseconds since 1970.
    pub fn first_of(unix_ms: i64) -> Id {
        Id(unix_ms.clamp(0, i64::MAX >> SEQUENCE_BITS) << SEQUENCE_BITS)
    }

    /// The id that follows `self`, given at `unix_ms`: never less than the clock says, always more than what was given.
    pub(crate) fn next(self, unix_ms: i64) -> Id {
        Id(self.0 + 1).max(Id::first_of(unix_ms))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Id, ParseIntError> {
        text.parse().map(Id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_clock_and_never_go_back() {
        let a = Id::ZERO.next(1_000);
        assert_eq!(a.unix_ms(), 1_000);
        let b = a.next(1_000);
        assert_eq!((b.0, b.unix_ms()), (a.0 + 1, 1_000));
        assert_eq!(b.next(500), Id(b.0 + 1), "the clock was set back");
        assert_eq!(b.next(2_000), Id::first_of(2_000));
    }

    #[test]
    fn an_id_survives_its_text() {
        let id = Id::first_of(1_795_526_400_123).next(0);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("x".parse::<Id>().is_err());
    }

    #[test]
    fn a_time_beyond_every_id_is_the_last_one() {
        assert!(Id::first_of(i64::MAX) > Id::first_of(1 << 42));
        assert_eq!(Id::first_of(-5), Id::ZERO);
    }
}
