//! What can go wrong in the store.

use std::sync::Arc;

/// A fault of the store. Cheap to clone: one fault is told to everyone it touches.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The database does not answer, or answered with an I/O error. Whether a write happened is not known.
    #[error("the database does not answer: {0}")]
    Unavailable(Arc<str>),
    /// There is no room left. Nothing was written.
    #[error("there is no room left for the database: {0}")]
    Full(Arc<str>),
    /// What was to be made is there already, or its name was in use once. Nothing was written.
    #[error("it is there already: {0}")]
    Conflict(Arc<str>),
    /// What was named is not there.
    #[error("it is not there")]
    NotFound,
    /// The database refused this one write (too long, not UTF-8). Nothing was written.
    #[error("the database refused this: {0}")]
    Invalid(Arc<str>),
    /// The database holds what it cannot hold.
    #[error("the database is damaged: {0}")]
    Corrupt(Arc<str>),
    /// The configuration or the database's own settings do not fit.
    #[error("{0}")]
    Config(Arc<str>),
}

/// What a fault while writing means for the batch it happened in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// One statement was refused: whoever sent it fails, the others do not.
    Entry,
    /// Nothing of the batch was written, and trying again does not help.
    Batch,
    /// The connection is of no use any more, and the batch may have been written: reconnect, read, decide.
    Unknown,
}

impl Error {
    pub(crate) fn fate(&self) -> Fate {
        match self {
            Error::Conflict(_) | Error::Invalid(_) | Error::NotFound => Fate::Entry,
            Error::Full(_) | Error::Corrupt(_) => Fate::Batch,
            Error::Unavailable(_) | Error::Config(_) => Fate::Unknown,
        }
    }

    pub(crate) fn unavailable(e: impl std::fmt::Display) -> Error {
        Error::Unavailable(e.to_string().into())
    }

    pub(crate) fn corrupt(e: impl std::fmt::Display) -> Error {
        Error::Corrupt(e.to_string().into())
    }

    pub(crate) fn config(e: impl std::fmt::Display) -> Error {
        Error::Config(e.to_string().into())
    }
}
