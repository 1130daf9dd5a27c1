//! Files of accounts on this machine's disk: where they lie and how they go (XEP-0363). A feature gives the slots, the bytes come
//! and are fetched over HTTP.

use magpie_store::{Error as StoreError, Store};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
};

/// The section `[features.uploads]`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder for the files. Empty: `uploads` in the data folder.
    pub dir: PathBuf,
    /// How large a file may be, MiB. 0: nobody uploads anything.
    pub file_mib: u64,
    /// How much the files of one account may come to, MiB.
    pub account_mib: u64,
    /// How many files one account may have.
    pub account_files: u64,
    /// Days a file is kept. 0: as long as its account.
    pub keep_days: u32,
    /// Minutes a client has from asking for a place to having sent the file.
    pub slot_mins: u32,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            dir: PathBuf::new(),
            file_mib: 100,
            account_mib: 2048,
            account_files: 10_000,
            keep_days: 365,
            slot_mins: 60,
        }
    }
}

const MINUTE_MS: i64 = 60 * 1000;

impl Config {
    /// How large a file may be, bytes.
    pub fn file_bytes(&self) -> u64 {
        self.file_mib.saturating_mul(1 << 20)
    }

    /// How much the files of one account may come to, bytes.
    pub fn account_bytes(&self) -> u64 {
        self.account_mib.saturating_mul(1 << 20)
    }

    /// When a place for a file goes that was asked for at `now_ms` (unix ms).
    pub fn slot_end_ms(&self, now_ms: i64) -> i64 {
        now_ms + i64::from(self.slot_mins) * MINUTE_MS
    }

    /// When a file goes that came at `now_ms` (unix ms).
    pub fn file_end_ms(&self, now_ms: i64) -> i64 {
        match self.keep_days {
            0 => i64::MAX,
            days => now_ms + i64::from(days) * 24 * 60 * MINUTE_MS,
        }
    }

    /// The folder as what it is.
    pub fn depot(&self) -> Depot {
        Depot {
            dir: self.dir.clone(),
        }
    }

    /// What is wrong with the values: key, value, cure.
    pub fn problems(&self) -> Vec<String> {
        let most = self.account_mib;
        let mut found = Vec::new();
        if self.file_mib > most {
            found.push(format!(
                "features.uploads.file_mib = {} is more than account_mib = {most}: nobody could upload such a file",
                self.file_mib
            ));
        }
        if self.slot_mins == 0 {
            found.push(
                "features.uploads.slot_mins = 0 leaves no time to send a file: take at least 1"
                    .into(),
            );
        }
        found
    }
}

/// The folder where the files lie, named by their tokens alone: what people call them never meets the disk.
#[derive(Debug, Clone)]
pub struct Depot {
    dir: PathBuf,
}

/// Digits of a token, see [`crate::auth::token`].
const TOKEN: usize = 32;
/// How many files one step of the sweep removes.
const STEP: u32 = 100;

impl Depot {
    /// Where the file of this token lies; `None` if it is no token.
    pub fn file(&self, token: &str) -> Option<PathBuf> {
        let is_token = token.len() == TOKEN
            && token
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_token.then(|| self.dir.join(&token[..2]).join(token))
    }

    /// Removes the file of this token with all that was made of it.
    async fn remove(&self, token: &str) -> io::Result<()> {
        let Some(file) = self.file(token) else {
            return Ok(());
        };
        for path in [
            part_of(&file),
            thumb_of(&file),
            part_of(&thumb_of(&file)),
            file,
        ] {
            match tokio::fs::remove_file(path).await {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
                _ => {}
            }
        }
        Ok(())
    }

    /// Removes the files whose time is over. One that cannot be removed stays known, and is tried again.
    pub async fn sweep(&self, store: &Store, now_ms: i64) -> Result<(), StoreError> {
        loop {
            let tokens = store.uploads_expired(now_ms, STEP).await?;
            if tokens.is_empty() {
                return Ok(());
            }
            for token in tokens {
                if let Err(error) = self.remove(&token).await {
                    let dir = self.dir.display();
                    tracing::warn!(%error, %dir, "a file whose time is over cannot be removed; it is tried again");
                    return Ok(());
                }
                store.upload_remove(&token).await?;
            }
        }
    }
}

/// Where a file lies while it comes.
pub fn part_of(file: &Path) -> PathBuf {
    file.with_extension(match file.extension() {
        Some(_) => "thumb-part",
        None => "part",
    })
}

/// Where the small form of a picture lies.
pub fn thumb_of(file: &Path) -> PathBuf {
    file.with_extension("thumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_token_names_a_file() {
        let depot = Config::default().depot();
        let token = "0123456789abcdef0123456789abcdef";
        assert_eq!(depot.file(token), Some(Path::new("01").join(token)));
        for bad in [
            "",
            "../../../../../../../../../etc/pas",
            "0123456789ABCDEF0123456789abcdef",
            "0123456789abcdef0123456789abcde",
            "0123456789abcdef0123456789abcdef0",
            "0123456789abcdef0123456789abcde/",
        ] {
            assert_eq!(depot.file(bad), None, "{bad}");
        }
    }

    #[test]
    fn whatever_is_made_of_a_file_has_a_name_of_its_own() {
        let file = Path::new("01/0123");
        let names = [
            part_of(file),
            thumb_of(file),
            part_of(&thumb_of(file)),
            file.into(),
        ];
        let names: std::collections::HashSet<_> = names.into_iter().collect();
        assert_eq!(names.len(), 4, "{names:?}");
    }
}
