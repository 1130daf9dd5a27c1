//! The heart of Magpie: who is here, what a stanza does, and in which order the world sees it.
//!
//! A stanza is *decided* (features turn it into effects, synchronously, on cached accounts), its effects are
//! *committed* (one queue, one transaction for what many streams sent) and then *released* in queue order.

pub mod account;
pub mod auth;
pub mod bucket;
pub mod clock;
pub mod config;
pub mod ctx;
pub mod effect;
pub mod feature;
pub mod handover;
pub mod invitations;
pub mod metrics;
pub mod release;
pub mod retry;
pub mod roster;
pub mod router;
pub mod session;
pub mod uploads;

pub use account::{Account, Accounts};
pub use config::Config;
pub use ctx::Ctx;
pub use effect::{Effect, Effects, Entry, Reach, Target};
pub use feature::{Answer, Claim, Feature, Flow, Iq, IqResult, Spec, Stranger, To, Xep};
pub use session::{Login, Out, Session};
