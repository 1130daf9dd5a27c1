//! Where the generator connects and as whom: only ever to this machine.

use clap::{Args, ValueEnum};
use std::net::IpAddr;

/// How to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mechanism {
    /// PLAIN when offered, else the strongest SCRAM offered
    Auto,
    /// PLAIN (RFC 4616)
    Plain,
    /// SCRAM-SHA-1 (RFC 5802)
    #[value(name = "scram-sha-1")]
    ScramSha1,
    /// SCRAM-SHA-256 (RFC 7677)
    #[value(name = "scram-sha-256")]
    ScramSha256,
}

/// The flags every subcommand shares.
#[derive(Args, Clone)]
pub struct Target {
    /// Address of the server; only loopback addresses are accepted
    #[arg(long, default_value = "127.0.0.1", value_parser = loopback, global = true)]
    pub host: IpAddr,
    /// Client port
    #[arg(long, default_value_t = 5222, global = true)]
    pub port: u16,
    /// XMPP domain
    #[arg(long, default_value = "localhost", global = true)]
    pub domain: String,
    /// Password of every bench user
    #[arg(long, default_value = "bench-password-1", global = true)]
    pub password: String,
    /// User names are this and a number
    #[arg(long, default_value = "bench", value_parser = plain_name, global = true)]
    pub prefix: String,
    /// Use STARTTLS also where the server does not require it
    #[arg(long, global = true)]
    pub tls: bool,
    /// SASL mechanism
    #[arg(long, value_enum, default_value = "auto", global = true)]
    pub mechanism: Mechanism,
    /// Do not register the users first: they exist
    #[arg(long, global = true)]
    pub no_register: bool,
    /// Logins and registrations under way at once
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=512), global = true)]
    pub concurrency: u32,
}

impl Target {
    /// The name of user number `n`.
    pub fn user(&self, n: u32) -> String {
        format!("{}{n}", self.prefix)
    }

    /// The bare JID of user number `n`.
    pub fn jid(&self, n: u32) -> String {
        format!("{}{n}@{}", self.prefix, self.domain)
    }
}

/// A load generator aimed at another machine is a weapon: refuse every address but loopback.
fn loopback(text: &str) -> Result<IpAddr, String> {
    let text = if text == "localhost" {
        "127.0.0.1"
    } else {
        text
    };
    let address: IpAddr = text.parse().map_err(|_| "not an IP address".to_owned())?;
    if !address.is_loopback() {
        return Err("only loopback addresses are accepted".into());
    }
    Ok(address)
}

/// User names go into XML, SCRAM and JIDs unescaped.
fn plain_name(text: &str) -> Result<String, String> {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if plain {
        Ok(text.to_owned())
    } else {
        Err("only a-z, 0-9 and - are accepted".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine() {
        for good in ["127.0.0.1", "127.3.2.1", "::1", "localhost"] {
            assert!(loopback(good).is_ok(), "{good}");
        }
        for bad in [
            "10.0.0.1",
            "0.0.0.0",
            "::",
            "192.0.2.1",
            "::ffff:192.0.2.1",
            "example.org",
        ] {
            assert!(loopback(bad).is_err(), "{bad}");
        }
        assert!(
            plain_name("bench-a1").is_ok() && plain_name("a'b").is_err() && plain_name("").is_err()
        );
    }
}
