//! What the command line prints for people and, with `--json`, for programs.

use crate::control::{AccountLine, Answer};
use serde_json::json;
use std::{fmt::Arguments, io::Write};

/// `println!` for an output whose reader may leave before the end (`magpie user list | head -1`): that is no fault.
macro_rules! say {
    ($($part:tt)*) => { crate::output::line(format_args!($($part)*)) };
}

/// See [`say!`].
pub fn line(text: Arguments<'_>) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// The version.
pub fn version(json: bool) {
    let version = env!("CARGO_PKG_VERSION");
    if json {
        say!("{}", json!({ "name": "magpie", "version": version }));
    } else {
        say!("magpie {version}");
    }
}

/// A list of accounts.
pub fn accounts(list: &[AccountLine], json: bool) {
    if json {
        say!("{}", json!(list));
        return;
    }
    if list.is_empty() {
        say!("no accounts yet: magpie user add NAME");
    }
    for a in list {
        let mut marks = Vec::new();
        if a.admin {
            marks.push("admin".to_owned());
        }
        if let Some(reason) = &a.banned {
            marks.push(if reason.is_empty() {
                "banned".into()
            } else {
                format!("banned: {reason}")
            });
        }
        if a.sessions > 0 {
            marks.push(format!("{} online", a.sessions));
        }
        say!(
            "{}{}{}",
            a.jid,
            if marks.is_empty() { "" } else { "  " },
            marks.join(", ")
        );
    }
}

/// An answer of the server to a command.
pub fn answer(answer: &Answer, json: bool) {
    match answer {
        Answer::Accounts(list) => accounts(list, json),
        Answer::Invitation {
            token,
            link,
            uri,
            expires,
        } => {
            if json {
                say!(
                    "{}",
                    json!({ "token": token, "link": link, "uri": uri, "expires": expires })
                );
            } else {
                say!(
                    "An account for whoever opens {link} before {expires}.\nIn another app: {uri}"
                );
            }
        }
        Answer::Done(text) => say!("{text}"),
    }
}
