//! The database: accounts, contacts, the archive, and the commit queue through which everything is written.
//!
//! One [`Store`] over SQLite, PostgreSQL or MySQL, chosen by URL. What is committed is on disk. `docs/schema.md` in the
//! repository describes the tables.

pub mod accounts;
pub mod archive;
mod batch;
pub mod blocks;
mod clock;
mod config;
pub mod conversations;
pub mod devices;
mod dialect;
pub mod directory;
mod driver;
mod error;
mod id;
pub mod inbox;
pub mod invites;
pub mod kv;
mod message;
mod migrations;
pub mod offline;
mod queue;
pub mod roster;
pub mod sent;
mod store;
mod sweep;
pub mod testing;
pub mod uploads;
mod value;
mod writer;

pub use accounts::Account;
pub use archive::Archived;
pub use config::Config;
pub use devices::Device;
pub use error::Error;
pub use id::Id;
pub use message::{Entry, Message, Op, View, ViewKind};
pub use queue::Queue;
pub use store::{Health, Store, restore};
pub use value::{Statement, Value};

/// An account in the database. 0 is nobody: the server's own.
pub type AccountId = i64;
