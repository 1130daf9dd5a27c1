//! The verbs of the command line and what each leads to.

use crate::{commands, config::Loaded, doctor, logging, output, reference, start};
use clap::{Parser, Subcommand, ValueEnum};
use std::{path::PathBuf, process::ExitCode};

/// Magpie (鹊桥): a complete instant-messaging server in one binary.
#[derive(Debug, Parser)]
#[command(name = "magpie", version, about, propagate_version = true)]
pub struct Cli {
    /// The configuration file. Without it `magpie.toml` in the current folder is read, if it is there.
    #[arg(long, short, global = true, env = "MAGPIE_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Runs the server until it is told to stop (SIGINT, SIGTERM).
    Serve,
    /// Checks configuration and environment; each finding comes with its cure.
    Check {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Accounts: add, passwd, list, remove, ban, unban, admin.
    User {
        #[command(subcommand)]
        verb: UserVerb,
    },
    /// Makes an invitation for registration (registration.mode = "invite").
    Invite {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Writes a copy of the SQLite database to FILE, also while the server runs.
    Backup {
        /// The file to make; it must not exist.
        file: PathBuf,
    },
    /// Puts a backup in the place of the SQLite database. The server must not run.
    Restore {
        /// The backup.
        file: PathBuf,
        /// Replaces a database that has accounts.
        #[arg(long)]
        force: bool,
    },
    /// Prints the version.
    Version {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prints a completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Prints a generated document of the repository.
    #[command(hide = true)]
    Reference {
        /// Which document.
        what: Document,
    },
}

/// The generated documents.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Document {
    /// docs/xeps.md
    Xeps,
    /// docs/config.md
    Config,
    /// magpie.example.toml
    Example,
}

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum UserVerb {
    /// Makes an account. The password is asked for, or read from standard input when that is no terminal.
    Add {
        /// `name` or `name@domain`.
        name: String,
        /// Makes it an administrator.
        #[arg(long)]
        admin: bool,
    },
    /// Sets a new password and ends the account's sessions.
    Passwd {
        /// `name` or `name@domain`.
        name: String,
    },
    /// Lists the accounts.
    List {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Removes an account with all it owns. The name cannot be registered again.
    Remove {
        /// `name` or `name@domain`.
        name: String,
        /// Does not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Ends the account's sessions and refuses its logins.
    Ban {
        /// `name` or `name@domain`.
        name: String,
        /// Why, for the other administrators.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Lets a banned account log in again.
    Unban {
        /// `name` or `name@domain`.
        name: String,
    },
    /// Makes an account an administrator, or no longer.
    Admin {
        /// `name` or `name@domain`.
        name: String,
        /// Takes the right away.
        #[arg(long)]
        revoke: bool,
    },
}

/// Does what was typed.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.verb {
        Verb::Version { json } => output::version(json),
        Verb::Completions { shell } => {
            let mut command = <Cli as clap::CommandFactory>::command();
            clap_complete::generate(shell, &mut command, "magpie", &mut std::io::stdout());
        }
        Verb::Reference { what } => print!("{}", reference::document(what)),
        Verb::Check { json } => return doctor::run(cli.config.as_deref(), json),
        Verb::Serve => {
            let loaded = Loaded::read(cli.config.as_deref())?;
            logging::start(&loaded.config.log)?;
            start::serve(loaded)?;
        }
        Verb::User { verb } => commands::user(Loaded::read(cli.config.as_deref())?, verb)?,
        Verb::Invite { json } => commands::invite(Loaded::read(cli.config.as_deref())?, json)?,
        Verb::Backup { file } => commands::backup(Loaded::read(cli.config.as_deref())?, &file)?,
        Verb::Restore { file, force } => {
            commands::restore(Loaded::read(cli.config.as_deref())?, &file, force)?
        }
    }
    Ok(ExitCode::SUCCESS)
}
