//! Databases for tests, of this crate and others: each test makes its own and drops it.

#![allow(clippy::expect_used)] // A database that cannot be made fails the test.

use crate::{Config, driver::server};
use std::{
    env, fs,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

/// A database of its own for one test.
#[derive(Debug)]
pub struct Database {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Postgres { server: String, name: String },
    Mysql { server: String, name: String },
}

impl Database {
    /// A new, empty database: `kind` is "sqlite", "postgres" or "mysql". `None`: there is no server, since `MAGPIE_TEST_POSTGRES` or
    /// `MAGPIE_TEST_MYSQL` does not name one. A server that is named must work: panics if it does not.
    pub async fn make(kind: &str) -> Option<Database> {
        let name = name();
        match kind {
            "sqlite" => {
                let folder = env::temp_dir().join(name);
                Some(Database {
                    url: format!("sqlite://{}", folder.join("magpie.db").display()),
                    place: Place::Folder(folder),
                })
            }
            "postgres" => {
                let server = env::var("MAGPIE_TEST_POSTGRES").ok()?;
                let create = format!("CREATE DATABASE {name}");
                server::postgres::run(&server, &create)
                    .await
                    .expect("PostgreSQL makes a database");
                Some(Database {
                    url: in_database(&server, &name),
                    place: Place::Postgres { server, name },
                })
            }
            "mysql" => {
                let server = env::var("MAGPIE_TEST_MYSQL").ok()?;
                let create = format!("CREATE DATABASE {name}");
                server::mysql::run(&server, &create)
                    .await
                    .expect("MySQL makes a database");
                Some(Database {
                    url: in_database(&server, &name),
                    place: Place::Mysql { server, name },
                })
            }
            _ => panic!("{kind} is no store"),
        }
    }

    /// A configuration that opens it.
    pub fn config(&self) -> Config {
        Config {
            url: self.url.clone(),
            ..Config::default()
        }
    }

    /// Removes it. The store on it must be closed.
    pub async fn drop(self) {
        match self.place {
            // It may never have been opened.
            Place::Folder(folder) => drop(fs::remove_dir_all(folder)),
            Place::Postgres { server, name } => {
                let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                server::postgres::run(&server, &drop)
                    .await
                    .expect("PostgreSQL drops a database");
            }
            Place::Mysql { server, name } => {
                let drop = format!("DROP DATABASE {name}");
                server::mysql::run(&server, &drop)
                    .await
                    .expect("MySQL drops a database");
            }
        }
    }
}

/// The URL of the server with another database in its path.
fn in_database(server: &str, name: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap_or(("", server));
    let authority = rest.split('/').next().unwrap_or(rest);
    format!("{scheme}://{authority}/{name}")
}

/// A name no other test has, in this process or another.
fn name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(
        "magpie_test_{}_{}_{count}",
        std::process::id(),
        crate::clock::now_ms()
    )
}
