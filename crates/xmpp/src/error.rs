//! Errors of stanzas (RFC 6120 §8.3) and streams (§4.9).

mod stanza;
mod stream;

pub use stanza::{Condition, ErrorKind, StanzaError};
pub use stream::{StreamCondition, StreamError};
