//! `magpie check`: what is wrong with configuration and environment, and what to do about each.

use crate::{config::Loaded, start};
use serde::Serialize;
use std::{path::Path, process::ExitCode};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Grade {
    Ok,
    Warning,
    Error,
}

/// Something that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    grade: Grade,
    what: String,
    cure: String,
}

fn found(grade: Grade, what: impl Into<String>, cure: impl Into<String>) -> Finding {
    Finding {
        grade,
        what: what.into(),
        cure: cure.into(),
    }
}

/// Looks, prints, and fails if anything would keep the server from working.
pub fn run(config: Option<&Path>, json: bool) -> anyhow::Result<ExitCode> {
    let findings = look(config)?;
    if json {
        say!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        for f in &findings {
            let mark = match f.grade {
                Grade::Ok => "ok     ",
                Grade::Warning => "warning",
                Grade::Error => "error  ",
            };
            say!("{mark}  {}", f.what);
            if !f.cure.is_empty() {
                say!("         cure: {}", f.cure);
            }
        }
    }
    let broken = findings.iter().any(|f| f.grade == Grade::Error);
    Ok(if broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn look(config: Option<&Path>) -> anyhow::Result<Vec<Finding>> {
    let loaded = match Loaded::read(config) {
        Ok(loaded) => loaded,
        Err(e) => {
            return Ok(vec![found(
                Grade::Error,
                format!("{e:#}"),
                "mend the file as the line says",
            )]);
        }
    };
    let mut findings = vec![match &loaded.file {
        Some(file) => found(Grade::Ok, format!("configuration {}", file.display()), ""),
        None => found(Grade::Ok, "no configuration file: the defaults hold", ""),
    }];
    let config = &loaded.config;
    if config.server.domain == "localhost" {
        findings.push(found(
            Grade::Warning,
            "server.domain is localhost: only this machine can reach it by name",
            "set server.domain to the domain behind the @ of your users",
        ));
    }
    findings.push(open_files(config.net.max_connections));
    findings.extend(
        config
            .net
            .findings()
            .into_iter()
            .chain(config.http.findings(&config.server.domain))
            .map(|(what, cure)| found(Grade::Warning, what, cure)),
    );
    match start::lock(loaded.data_dir()) {
        Err(_) if crate::control::socket(loaded.data_dir()).exists() => {
            findings.push(found(
                Grade::Ok,
                format!("a server runs on {}", loaded.data_dir().display()),
                "",
            ));
        }
        Err(e) => findings.push(found(Grade::Error, format!("{e:#}"), "see above")),
        Ok(_lock) => start::runtime()?.block_on(environment(&loaded, &mut findings)),
    }
    Ok(findings)
}

/// What can only be seen while no server runs.
async fn environment(loaded: &Loaded, findings: &mut Vec<Finding>) {
    let config = &loaded.config;
    findings.push(found(
        Grade::Ok,
        format!("data folder {}", loaded.data_dir().display()),
        "",
    ));
    findings.push(
        match magpie_store::Store::open(&start::store_config(loaded)).await {
            Ok(store) => {
                let accounts = store.account_count().await;
                store.close().await;
                match accounts {
                    Ok(n) => found(Grade::Ok, format!("database: {n} accounts"), ""),
                    Err(e) => found(Grade::Error, format!("database: {e}"), "see store.url"),
                }
            }
            Err(e) => found(
                Grade::Error,
                format!("database: {e}"),
                "start it, or mend store.url",
            ),
        },
    );
    let uploads = start::features(loaded).uploads.dir;
    findings.push(match std::fs::create_dir_all(&uploads) {
        Ok(()) => found(
            Grade::Ok,
            format!("folder of files {}", uploads.display()),
            "",
        ),
        Err(e) => found(
            Grade::Error,
            format!(
                "the folder of files {} cannot be made: {e}",
                uploads.display()
            ),
            "mend features.uploads.dir",
        ),
    });
    findings.push(
        match magpie_net::Tls::load(&config.net, loaded.data_dir(), &config.server.domain) {
            Ok(tls) if tls.is_self_signed() => found(
                Grade::Warning,
                "the certificate is self-signed: clients will ask their users to trust it",
                "set net.certificate and net.key to files of your certificate authority",
            ),
            Ok(_) => found(Grade::Ok, "certificate and key", ""),
            Err(e) => found(
                Grade::Error,
                format!("{e}"),
                "mend net.certificate and net.key",
            ),
        },
    );
    for outcome in [
        magpie_net::Listeners::bind(&config.net)
            .await
            .map(drop)
            .map_err(|e| e.to_string()),
        magpie_api::Listeners::bind(&config.http)
            .await
            .map(drop)
            .map_err(|e| e.to_string()),
    ] {
        findings.push(match outcome {
            Ok(()) => found(Grade::Ok, "ports are free", ""),
            Err(e) => found(Grade::Error, e, "name a free address, or stop what uses it"),
        });
    }
}

/// Whether the process may open as many files as there may be connections.
fn open_files(connections: usize) -> Finding {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find(|l| l.starts_with("Max open files"))
        .unwrap_or("");
    let allowed: usize = line
        .split_whitespace()
        .nth(4)
        .and_then(|hard| hard.parse().ok())
        .unwrap_or(usize::MAX);
    if allowed < connections + 200 {
        found(
            Grade::Warning,
            format!("net.max_connections = {connections}, but this user may open {allowed} files"),
            format!(
                "raise LimitNOFILE (ulimit -n) to {}, or lower net.max_connections",
                connections + 200
            ),
        )
    } else {
        found(Grade::Ok, format!("{allowed} open files allowed"), "")
    }
}
