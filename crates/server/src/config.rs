//! The configuration: one TOML file, one section per concern, each key also from the environment. None is needed.

use anyhow::{Context, bail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Everything an operator may decide.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Who we are and what one party may hold.
    pub server: magpie_core::Config,
    /// Where everything lies that is not elsewhere.
    pub data: Data,
    /// XMPP over TCP and WebSocket.
    pub net: magpie_net::Config,
    /// HTTP: the web messenger, WebSocket's door, discovery, health, metrics.
    pub http: magpie_api::Config,
    /// Under whose name the web messenger appears.
    pub branding: magpie_api::Branding,
    /// The database.
    pub store: magpie_store::Config,
    /// The features.
    pub features: magpie_features::Config,
    /// The log.
    pub log: Log,
}

/// The section `[data]`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// The folder for the SQLite database, the self-signed certificate and the control socket. Made at start.
    pub dir: PathBuf,
}

impl Default for Data {
    fn default() -> Data {
        Data { dir: "data".into() }
    }
}

/// The section `[log]`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// What is logged: "error", "warn", "info", "debug", or a filter such as "info,magpie_net=debug".
    pub level: String,
    /// "text" for people, "json" for machines, "auto": text on a terminal, else JSON.
    pub format: Format,
}

impl Default for Log {
    fn default() -> Log {
        Log {
            level: "info".into(),
            format: Format::Auto,
        }
    }
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Text on a terminal, else JSON.
    Auto,
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// The configuration and where it came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What holds.
    pub config: Config,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
}

/// What environment variables that set keys begin with: `MAGPIE__SERVER__DOMAIN=example.org`.
const ENV_PREFIX: &str = "MAGPIE__";

impl Loaded {
    /// Reads `named`, else `magpie.toml` if it is there, and lays the environment over it.
    pub fn read(named: Option<&Path>) -> anyhow::Result<Loaded> {
        let found = Path::new("magpie.toml");
        let file = named
            .map(Path::to_path_buf)
            .or_else(|| found.exists().then(|| found.to_path_buf()));
        let text = match &file {
            Some(path) => fs::read_to_string(path).with_context(|| {
                format!(
                    "cannot read the configuration {}: name another with --config",
                    path.display()
                )
            })?,
            None => String::new(),
        };
        let variables = env::vars().filter(|(name, _)| name.starts_with(ENV_PREFIX));
        let config = parse(&text, &name_of(file.as_deref()), variables)?;
        Ok(Loaded { config, file })
    }

    /// The folder of the data.
    pub fn data_dir(&self) -> &Path {
        &self.config.data.dir
    }
}

fn name_of(file: Option<&Path>) -> String {
    file.map_or_else(|| "(no file)".into(), |f| f.display().to_string())
}

/// `text` as a configuration with `variables` laid over it, checked.
fn parse(
    text: &str,
    file: &str,
    variables: impl Iterator<Item = (String, String)>,
) -> anyhow::Result<Config> {
    // The text alone first: its errors know line and column.
    let from_text: Config = toml::from_str(text).map_err(|e| anyhow::anyhow!("{file}: {e}"))?;
    let mut variables = variables.peekable();
    if variables.peek().is_none() {
        return checked(from_text, file);
    }
    let mut table: toml::Table = toml::from_str(text)?;
    for (name, value) in variables {
        overlay(&mut table, &name, &value)?;
        let laid: Result<Config, _> = table.clone().try_into();
        laid.map_err(|e| anyhow::anyhow!("environment variable {name}: {}", e.message()))?;
    }
    checked(table.try_into()?, file)
}

fn overlay(table: &mut toml::Table, name: &str, value: &str) -> anyhow::Result<()> {
    let path: Vec<String> = name[ENV_PREFIX.len()..]
        .split("__")
        .map(str::to_lowercase)
        .collect();
    let Some((key, sections)) = path.split_last() else {
        bail!("environment variable {name} names no key")
    };
    let mut at = table;
    for section in sections {
        let inner = at
            .entry(section.clone())
            .or_insert_with(|| toml::Table::new().into());
        at = inner
            .as_table_mut()
            .with_context(|| format!("environment variable {name}: {section} is no section"))?;
    }
    at.insert(key.clone(), value_of(value));
    Ok(())
}

/// A value as TOML would read it; what TOML cannot read is text.
fn value_of(text: &str) -> toml::Value {
    toml::from_str::<toml::Table>(&format!("v = {text}"))
        .ok()
        .and_then(|mut t| t.remove("v"))
        .unwrap_or_else(|| text.into())
}

fn checked(config: Config, file: &str) -> anyhow::Result<Config> {
    match problems(&config).as_slice() {
        [] => Ok(config),
        list => bail!("{file}: {}", list.join("\n  ")),
    }
}

/// What is wrong with the values: key, value, what would be right.
fn problems(config: &Config) -> Vec<String> {
    let mut found = Vec::new();
    let server = &config.server;
    if magpie_xmpp::Jid::new(&server.domain)
        .map_or(true, |j| j.local().is_some() || j.resource().is_some())
    {
        found.push(format!(
            "server.domain = {:?} is no domain: name one such as \"example.org\"",
            server.domain
        ));
    }
    for (key, value) in [
        ("server.sessions_per_account", server.sessions_per_account),
        ("server.mailbox_stanzas", server.mailbox_stanzas),
        (
            "server.in_flight_per_session",
            server.in_flight_per_session as usize,
        ),
    ] {
        if value == 0 {
            found.push(format!("{key} = 0 would let nobody in: take at least 1"));
        }
    }
    found.extend(config.net.problems());
    found.extend(config.branding.problems());
    found.extend(config.features.problems());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, env: &[(&str, &str)]) -> Result<Config, String> {
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        parse(text, "magpie.toml", env).map_err(|e| format!("{e:#}"))
    }

    #[test]
    fn nothing_is_a_configuration() {
        assert_eq!(read("", &[]).unwrap().server.domain, "localhost");
    }

    #[test]
    fn an_error_names_file_line_and_key() {
        let e = read("[server]\ndomian = \"x\"\n", &[]).unwrap_err();
        assert!(
            e.contains("magpie.toml")
                && e.contains("line 2")
                && e.contains("domian")
                && e.contains("`domain`"),
            "{e}"
        );
        let e = read("[server]\ndomain = \"a@b\"\n", &[]).unwrap_err();
        assert!(
            e.contains("magpie.toml") && e.contains("server.domain") && e.contains("example.org"),
            "{e}"
        );
    }

    #[test]
    fn the_environment_lies_over_the_file() {
        let c = read(
            "[server]\ndomain = \"a.org\"\n",
            &[("MAGPIE__SERVER__DOMAIN", "b.org")],
        )
        .unwrap();
        assert_eq!(c.server.domain, "b.org");
        let c = read("", &[("MAGPIE__SERVER__SESSIONS_PER_ACCOUNT", "3")]).unwrap();
        assert_eq!(c.server.sessions_per_account, 3);
        let e = read("", &[("MAGPIE__SERVER__SESIONS", "3")]).unwrap_err();
        assert!(e.contains("MAGPIE__SERVER__SESIONS"), "{e}");
    }
}
