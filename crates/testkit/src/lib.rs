//! A server inside a test and clients that follow a script: what goes over the wire, written as it is in the XEPs.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's own tool: it panics when the script is not followed"
)]

mod client;
pub mod http;
mod login;
mod matching;
mod pipe;
mod stage;

pub use client::Client;
pub use login::{Scram, hashed_token};
pub use matching::matches;
pub use pipe::Bindings;
pub use stage::{Backend, PASSWORD, Settings, Stage};

/// A script that runs in process on every store: `chat_script!(name, |s| { … })` with `s: &mut Stage`.
#[macro_export]
macro_rules! chat_script {
    ($name:ident, |$stage:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a script takes from its file what it needs")]
            use super::*;

            async fn script($stage: &mut $crate::Stage) $body

            #[test]
            fn sqlite() {
                $crate::Stage::run($crate::Backend::Sqlite, async |s| script(s).await);
            }

            #[test]
            fn postgres() {
                $crate::Stage::run($crate::Backend::Postgres, async |s| script(s).await);
            }

            #[test]
            fn mariadb() {
                $crate::Stage::run($crate::Backend::Mysql, async |s| script(s).await);
            }
        }
    };
}
