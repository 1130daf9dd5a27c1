//! XMPP on the wire: the scan, stanzas, trees, addresses, errors, forms, SASL. No I/O.

pub mod datetime;
pub mod element;
pub mod error;
pub mod escape;
pub mod form;
pub mod jid;
pub mod ns;
pub mod rsm;
pub mod sasl;
pub mod scan;
pub mod stanza;
pub mod stream;

pub use element::Element;
pub use error::{StanzaError, StreamError};
pub use jid::Jid;
pub use stanza::{Kind, Stanza};
