//! The schema, step by step: forward only, each once.

use crate::{
    Error, Value,
    driver::{End, Link, Tx},
    value::Param,
};

/// In order. What was released is never changed, only followed.
pub(crate) const ALL: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_devices.sql"),
    include_str!("migrations/0003_inbox.sql"),
    include_str!("migrations/0004_uploads_and_invites.sql"),
];

/// Steps one migration may have.
const STEPS: i64 = 1000;

/// Brings the database to this version's schema. A database of a newer version is refused; an interrupted migration is
/// taken up where it stopped where the database could not undo it.
pub(crate) fn run(link: &mut dyn Link) -> Result<(), Error> {
    link.transaction(&mut |tx| {
        let dialect = tx.dialect();
        tx.raw(dialect.lock_migrations())?;
        let outcome = all(tx);
        tx.raw(dialect.unlock_migrations())?;
        outcome.map(|()| End::Commit)
    })
}

fn all(tx: &mut dyn Tx) -> Result<(), Error> {
    tx.raw(&tx.dialect().create_meta())?;
    let version = get(tx, "schema")?;
    let newest = ALL.len() as i64;
    if version > newest {
        return Err(Error::config(format!(
            "the database has schema {version}, this version of Magpie knows {newest}: run the newer Magpie, or restore a backup"
        )));
    }
    for (number, text) in (1..).zip(ALL).filter(|(number, _)| *number > version) {
        one(tx, number, text)?;
        set(tx, "schema", number)?;
    }
    set_last_id(tx)
}

fn one(tx: &mut dyn Tx, number: i64, text: &str) -> Result<(), Error> {
    let text = tx.dialect().define(text);
    let done = get(tx, "migrating")? - number * STEPS;
    for (step, statement) in (0..)
        .zip(statements(&text))
        .filter(|(step, _)| *step >= done)
    {
        match tx.raw(&statement) {
            // It was made just before the interruption.
            Err(Error::Conflict(_)) if step == done => {}
            other => other?,
        }
        if !tx.dialect().migrates_in_a_transaction() {
            set(tx, "migrating", number * STEPS + step + 1)?;
        }
    }
    Ok(())
}

/// The statements of a migration, without comments.
fn statements(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|l| !l.starts_with("--")).collect();
    code.join("\n")
        .split(';')
        .map(|s| s.trim().to_owned())
        .filter(|s| !s.is_empty())
        .collect()
}

fn get(tx: &mut dyn Tx, name: &'static str) -> Result<i64, Error> {
    let rows = tx.rows(
        "SELECT value FROM meta WHERE name = ?",
        &[Param::Text(Some(name))],
    )?;
    rows.into_iter().next().map_or(Ok(0), |mut row| row.int(0))
}

fn set(tx: &mut dyn Tx, name: &'static str, value: i64) -> Result<(), Error> {
    let (name, value) = (Value::from(name), Value::from(value));
    tx.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[name.param(), value.param()],
    )?;
    Ok(())
}

/// No id that was ever given may be given again, whatever was removed since, or put in by other tools.
fn set_last_id(tx: &mut dyn Tx) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO meta (name, value) VALUES ('last_id', 0) ON CONFLICT (name) DO NOTHING",
        &[],
    )?;
    tx.execute(
        "UPDATE meta SET value = (SELECT MAX(id) FROM messages) \
         WHERE name = 'last_id' AND value < (SELECT MAX(id) FROM messages)",
        &[],
    )?;
    Ok(())
}
