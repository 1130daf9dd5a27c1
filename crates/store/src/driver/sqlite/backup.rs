//! Copies of a running database, and back.

use super::error;
use crate::Error;
use rusqlite::{Connection, OpenFlags, backup::Backup};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

/// Copies the database to `to` as of now, while it is written to. `to` is there when it is whole.
pub(crate) fn backup(database: &Path, to: &Path) -> Result<(), Error> {
    let part = with_suffix(to, ".part");
    let done = copy(database, &part).and_then(|()| put_in_place(&part, to));
    if done.is_err() {
        drop(fs::remove_file(&part));
    }
    done
}

/// Puts the copy `from` in the place of the database, which nobody may have open. A damaged copy is refused.
pub(crate) fn restore(database: &Path, from: &Path) -> Result<(), Error> {
    let part = with_suffix(database, ".part");
    let done = check(from).and_then(|()| copy(from, &part)).and_then(|()| {
        // The log of the database that was must not be taken for that of the new one.
        for suffix in ["-wal", "-shm"] {
            remove(&with_suffix(database, suffix))?;
        }
        put_in_place(&part, database)
    });
    if done.is_err() {
        drop(fs::remove_file(&part));
    }
    done
}

fn check(file: &Path) -> Result<(), Error> {
    let conn = read(file)?;
    let verdict: String = conn
        .query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))
        .map_err(error)?;
    if verdict != "ok" {
        return Err(Error::corrupt(format!("{}: {verdict}", file.display())));
    }
    match conn.query_row("SELECT value FROM meta WHERE name = 'schema'", [], |r| {
        r.get::<_, i64>(0)
    }) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::corrupt(format!(
            "{} is no database of Magpie",
            file.display()
        ))),
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    remove(to)?;
    super::create(to)?;
    let source = read(from)?;
    let mut target = Connection::open(to).map_err(error)?;
    // All at once: the copy is of one moment, and writing goes on meanwhile.
    Backup::new(&source, &mut target)
        .and_then(|b| b.step(-1))
        .map_err(error)?;
    target
        .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .map_err(error)?;
    target.close().map_err(|(_, e)| error(e))
}

fn read(file: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags)
        .map_err(|e| Error::config(format!("cannot read {}: {e}", file.display())))?;
    conn.busy_timeout(super::BUSY).map_err(error)?;
    Ok(conn)
}

fn put_in_place(part: &Path, to: &Path) -> Result<(), Error> {
    let io = |e: std::io::Error| Error::unavailable(format!("{}: {e}", to.display()));
    File::open(part).and_then(|f| f.sync_all()).map_err(io)?;
    fs::rename(part, to).map_err(io)?;
    let dir = to
        .parent()
        .filter(|d| !d.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(dir).and_then(|d| d.sync_all()).map_err(io)
}

fn remove(file: &Path) -> Result<(), Error> {
    match fs::remove_file(file) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::unavailable(format!("{}: {e}", file.display())))
        }
        _ => Ok(()),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
