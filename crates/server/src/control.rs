//! Commands to a running server: a socket in the data folder that only its owner can open. One JSON line each way.

use anyhow::{Context, bail};
use magpie_core::{Ctx, auth, invitations};
use magpie_xmpp::{Jid, StreamError, datetime};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt},
    net::UnixListener,
    sync::watch,
};

/// What can be asked of a server.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    /// Makes an account.
    Add {
        jid: String,
        password: String,
        admin: bool,
    },
    /// Sets a password.
    Passwd { jid: String, password: String },
    /// Lists the accounts.
    List,
    /// Removes an account.
    Remove { jid: String },
    /// Bans (with a reason) or unbans.
    Ban { jid: String, reason: Option<String> },
    /// Makes an administrator, or no longer.
    Admin { jid: String, on: bool },
    /// Makes an invitation.
    Invite,
    /// Copies the database.
    Backup { file: PathBuf },
}

/// What a server answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It is done; a line for the person.
    Done(String),
    /// The accounts.
    Accounts(Vec<AccountLine>),
    /// An invitation for one account.
    Invitation {
        /// What nobody can guess: the field `token` of the registration form.
        token: String,
        /// The page for a browser.
        link: String,
        /// The address for XMPP clients.
        uri: String,
        /// Until when it is good (XEP-0082).
        expires: String,
    },
}

/// An account as lists show it.
#[derive(Debug, Serialize, Deserialize)]
pub struct AccountLine {
    /// Its bare JID.
    pub jid: String,
    /// When it was made (XEP-0082).
    pub created: String,
    /// Whether it is an administrator.
    pub admin: bool,
    /// Why it is banned, if it is.
    pub banned: Option<String>,
    /// How many sessions it has now.
    pub sessions: usize,
}

/// Where an account's rights lie in the key-value store.
const ADMIN: (&str, &str) = ("magpie", "admin");
/// How long a command may be, bytes.
const LINE: u64 = 64 * 1024;
/// How many accounts are read at a time.
const PAGE: u32 = 500;

/// The socket of the server whose data lies in `dir`.
pub fn socket(dir: &Path) -> PathBuf {
    dir.join("control.sock")
}

/// Sends a command to the server that runs on `dir`; `None` if none does.
pub fn ask(dir: &Path, command: &Command) -> anyhow::Result<Option<Answer>> {
    let Ok(mut stream) = UnixStream::connect(socket(dir)) else {
        return Ok(None);
    };
    writeln!(stream, "{}", serde_json::to_string(command)?)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    let answer: Result<Answer, String> = serde_json::from_str(&line)
        .context("the running server gave no answer; look into its log")?;
    answer.map(Some).map_err(anyhow::Error::msg)
}

/// Answers commands until `stop` turns true.
pub async fn serve(
    cx: Arc<Ctx>,
    dir: PathBuf,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let path = socket(&dir);
    // Whoever holds the data folder's lock is the only server, so a socket that is there is a dead one's.
    if path.exists() {
        fs::remove_file(&path)?;
    }
    let listener =
        UnixListener::bind(&path).with_context(|| format!("cannot make {}", path.display()))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted?.0,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let cx = cx.clone();
        tokio::spawn(async move {
            let (read, mut write) = stream.into_split();
            let mut line = String::new();
            let mut reader = tokio::io::BufReader::new(read.take(LINE));
            let answer = match reader
                .read_line(&mut line)
                .await
                .map(|_| serde_json::from_str(&line))
            {
                Ok(Ok(command)) => execute(&cx, command).await.map_err(|e| format!("{e:#}")),
                Ok(Err(e)) => Err(format!("not a command: {e}")),
                Err(e) => Err(e.to_string()),
            };
            if let Ok(text) = serde_json::to_string(&answer) {
                // Whoever asked may have gone; what was asked is done all the same.
                drop(write.write_all(format!("{text}\n").as_bytes()).await);
            }
        });
    }
    fs::remove_file(&path)?;
    Ok(())
}

/// Carries out a command.
pub async fn execute(cx: &Arc<Ctx>, command: Command) -> anyhow::Result<Answer> {
    Ok(match command {
        Command::Add {
            jid,
            password,
            admin,
        } => {
            let jid = account_name(cx, &jid)?;
            auth::create_account(cx, &jid, &password).await?;
            if admin {
                set_admin(cx, &jid, true).await?;
            }
            Answer::Done(format!(
                "{jid} is there{}",
                if admin { ", an administrator" } else { "" }
            ))
        }
        Command::Passwd { jid, password } => {
            let jid = account_name(cx, &jid)?;
            auth::set_password(cx, &jid, &password, None).await?;
            Answer::Done(format!("{jid} has a new password; its sessions ended"))
        }
        Command::List => Answer::Accounts(list(cx).await?),
        Command::Remove { jid } => {
            let jid = account_name(cx, &jid)?;
            auth::remove_account(
                cx,
                &jid,
                &StreamError::not_authorized().with_text("this account was removed"),
            )
            .await?;
            Answer::Done(format!("{jid} is removed"))
        }
        Command::Ban { jid, reason } => {
            let jid = account_name(cx, &jid)?;
            let text = if reason.is_some() {
                "is banned; its sessions ended"
            } else {
                "may log in again"
            };
            auth::ban(cx, &jid, reason).await?;
            Answer::Done(format!("{jid} {text}"))
        }
        Command::Admin { jid, on } => {
            let jid = account_name(cx, &jid)?;
            set_admin(cx, &jid, on).await?;
            Answer::Done(format!(
                "{jid} is {} administrator",
                if on { "an" } else { "no" }
            ))
        }
        Command::Invite => {
            let made = invitations::for_account(cx).await?;
            Answer::Invitation {
                link: invitations::landing_url(cx, &made.token),
                uri: invitations::uri(cx, None, true, &made.token),
                expires: datetime::format(made.expires_ms),
                token: made.token,
            }
        }
        Command::Backup { file } => {
            if file.exists() {
                bail!(
                    "{} is there already: name a file that is not",
                    file.display()
                );
            }
            cx.store.backup(&file).await?;
            Answer::Done(format!("the database is copied to {}", file.display()))
        }
    })
}

/// `name` or `name@domain` as an account of this server.
fn account_name(cx: &Ctx, name: &str) -> anyhow::Result<Jid> {
    let full = if name.contains('@') {
        name.to_owned()
    } else {
        format!("{name}@{}", cx.domain)
    };
    let jid = Jid::new(&full).map_err(|e| anyhow::anyhow!("{name:?} is no account name: {e}"))?;
    if jid.local().is_none() || jid.is_full() || !cx.is_local(&jid) {
        bail!(
            "{name:?} is no account of {}: write a name, or name@{}",
            cx.domain,
            cx.domain
        );
    }
    Ok(jid)
}

async fn set_admin(cx: &Ctx, jid: &Jid, on: bool) -> anyhow::Result<()> {
    let account = cx
        .store
        .account(jid)
        .await?
        .with_context(|| format!("there is no account {jid}"))?;
    let op = if on {
        magpie_store::kv::put(account.id, ADMIN.0, ADMIN.1, "1".into())
    } else {
        magpie_store::kv::remove(account.id, ADMIN.0, ADMIN.1)
    };
    cx.store.write(vec![op]).await?;
    Ok(())
}

async fn list(cx: &Ctx) -> anyhow::Result<Vec<AccountLine>> {
    let mut lines = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = cx.store.account_list(after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(lines);
        };
        after = Some(last.jid.to_string());
        for row in page {
            lines.push(AccountLine {
                created: magpie_xmpp::datetime::format(row.created_ms),
                admin: cx.store.kv_get(row.id, ADMIN.0, ADMIN.1).await?.is_some(),
                sessions: cx
                    .accounts
                    .cached(&row.jid)
                    .map_or(0, |a| a.sessions().len()),
                jid: row.jid.to_string(),
                banned: row.banned,
            });
        }
    }
}
