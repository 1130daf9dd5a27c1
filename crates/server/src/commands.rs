//! The verbs that look after accounts and the database: through the running server, else on the database itself.

use crate::{
    cli::UserVerb,
    config::Loaded,
    control::{self, Command},
    output, start,
};
use anyhow::{Context, bail};
use std::{
    io::{BufRead, IsTerminal, Write, stdin, stdout},
    path::Path,
};

/// `magpie user …`
pub fn user(loaded: Loaded, verb: UserVerb) -> anyhow::Result<()> {
    let mut json = false;
    let command = match verb {
        UserVerb::Add { name, admin } => Command::Add {
            jid: name,
            password: new_password()?,
            admin,
        },
        UserVerb::Passwd { name } => Command::Passwd {
            jid: name,
            password: new_password()?,
        },
        UserVerb::List { json: wanted } => {
            json = wanted;
            Command::List
        }
        UserVerb::Remove { name, yes } => {
            if !yes
                && !confirmed(&format!(
                    "Remove {name} with all messages, contacts and files?"
                ))?
            {
                bail!("nothing was removed");
            }
            Command::Remove { jid: name }
        }
        UserVerb::Ban { name, reason } => Command::Ban {
            jid: name,
            reason: Some(reason),
        },
        UserVerb::Unban { name } => Command::Ban {
            jid: name,
            reason: None,
        },
        UserVerb::Admin { name, revoke } => Command::Admin {
            jid: name,
            on: !revoke,
        },
    };
    output::answer(&send(&loaded, command)?, json);
    Ok(())
}

/// `magpie invite`
pub fn invite(loaded: Loaded, json: bool) -> anyhow::Result<()> {
    output::answer(&send(&loaded, Command::Invite)?, json);
    Ok(())
}

/// `magpie backup FILE`
pub fn backup(loaded: Loaded, file: &Path) -> anyhow::Result<()> {
    // The server may run in another folder, so it gets the whole path.
    let file = std::path::absolute(file)?;
    output::answer(&send(&loaded, Command::Backup { file })?, false);
    files_too(&loaded, "copy");
    Ok(())
}

/// `magpie restore FILE`
pub fn restore(loaded: Loaded, file: &Path, force: bool) -> anyhow::Result<()> {
    let _lock = start::lock(loaded.data_dir())?;
    let config = start::store_config(&loaded);
    start::runtime()?.block_on(async {
        if !force {
            let store = magpie_store::Store::open(&config).await?;
            let accounts = store.account_count().await?;
            store.close().await;
            if accounts > 0 {
                bail!("the database has {accounts} accounts: say --force to replace them");
            }
        }
        magpie_store::restore(&config, file)
            .await
            .with_context(|| format!("{} was not restored", file.display()))
    })?;
    say!("the database is that of {}", file.display());
    files_too(&loaded, "put back");
    Ok(())
}

/// The files of accounts lie outside the database.
fn files_too(loaded: &Loaded, what: &str) {
    let dir = start::features(loaded).uploads.dir;
    if dir.exists() {
        say!(
            "{what} the folder {} too: the files of accounts",
            dir.display()
        );
    }
}

/// Lets the running server do it, else does it on the database.
fn send(loaded: &Loaded, command: Command) -> anyhow::Result<control::Answer> {
    if let Some(answer) = control::ask(loaded.data_dir(), &command)? {
        return Ok(answer);
    }
    let _lock = start::lock(loaded.data_dir())?;
    start::runtime()?.block_on(async {
        let cx = start::core(loaded).await?.cx;
        let answer = control::execute(&cx, command).await;
        cx.drain().await;
        cx.store.close().await;
        answer
    })
}

fn new_password() -> anyhow::Result<String> {
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin().lock().read_line(&mut line)?;
        let password = line.trim_end_matches(['\r', '\n']).to_owned();
        if password.is_empty() {
            bail!("no password on standard input");
        }
        return Ok(password);
    }
    let password = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Once more: ")? != password {
        bail!("the two are not the same");
    }
    Ok(password)
}

fn confirmed(question: &str) -> anyhow::Result<bool> {
    if !stdin().is_terminal() {
        bail!("{question} Say --yes to answer without a terminal");
    }
    print!("{question} [y/N] ");
    stdout().flush()?;
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}
