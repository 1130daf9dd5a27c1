//! The shape of the tree, as a test: sizes, headers, directions, licences, a script per extension.

#![allow(clippy::unwrap_used, reason = "every function here is a test")]

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Lines a file may have.
const CEILING: usize = 600;

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    rust_files(&Path::new(ROOT).join("crates"), &mut files);
    assert!(files.len() > 50, "found only {} files", files.len());
    files
        .into_iter()
        .map(|f| (f.clone(), fs::read_to_string(f).unwrap()))
        .collect()
}

#[test]
fn every_file_says_what_it_is_and_none_is_too_long() {
    let bad: Vec<String> = sources()
        .iter()
        .filter_map(|(path, text)| {
            let lines = text.lines().count();
            let name = path.display();
            (lines > CEILING)
                .then(|| format!("{name}: {lines} lines, the ceiling is {CEILING}"))
                .or_else(|| (!text.starts_with("//!")).then(|| format!("{name}: no //! header")))
        })
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn nothing_unfinished_is_left() {
    // Written in two halves so that this file does not find itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("#[ig", "nore"),
        concat!("for ", "now"),
        concat!("XX", "X:"),
    ];
    let bad: Vec<String> = sources()
        .iter()
        .flat_map(|(path, text)| {
            text.lines()
                .enumerate()
                .filter(|(_, l)| marks.iter().any(|m| l.contains(m)))
                .map(move |(n, l)| format!("{}:{}: {}", path.display(), n + 1, l.trim()))
        })
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// The packages of a build for this machine: others may not be here, and nothing is fetched by a test.
fn metadata() -> Value {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let rustc = String::from_utf8(rustc).unwrap();
    let host = rustc
        .lines()
        .find_map(|l| l.strip_prefix("host: "))
        .unwrap();
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", host])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    serde_json::from_slice(&out.stdout).unwrap()
}

/// Which of our crates each may use (design: directions).
const MAY_USE: &[(&str, &[&str])] = &[
    ("magpie-xmpp", &[]),
    ("magpie-store", &["magpie-xmpp"]),
    ("magpie-core", &["magpie-xmpp", "magpie-store"]),
    (
        "magpie-features",
        &["magpie-xmpp", "magpie-store", "magpie-core"],
    ),
    (
        "magpie-net",
        &["magpie-xmpp", "magpie-store", "magpie-core"],
    ),
    (
        "magpie-api",
        &["magpie-xmpp", "magpie-store", "magpie-core"],
    ),
    (
        "magpie-testkit",
        &[
            "magpie-xmpp",
            "magpie-store",
            "magpie-core",
            "magpie-features",
            "magpie-net",
            "magpie-api",
        ],
    ),
    ("magpie-bench", &[]),
    (
        "magpie",
        &[
            "magpie-xmpp",
            "magpie-store",
            "magpie-core",
            "magpie-features",
            "magpie-net",
            "magpie-api",
            "magpie-testkit",
        ],
    ),
];

/// Which of our crates alone may use an outside crate.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["magpie-store"]),
    ("sqlx", &["magpie-store"]),
    ("axum", &["magpie-api"]),
    ("hyper", &["magpie-api"]),
    ("image", &["magpie-api"]),
    ("rustls", &["magpie-net", "magpie-bench", "magpie-testkit"]),
];

#[test]
fn the_crates_point_in_one_direction() {
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if !package["source"].is_null() {
            continue;
        }
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(n, _)| *n == name)
            .unwrap_or_else(|| panic!("{name} has no rule here"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = dependency["name"].as_str().unwrap();
            if used.starts_with("magpie") {
                assert!(allowed.contains(&used), "{name} may not use {used}");
            }
            if let Some((_, homes)) = ONLY_IN.iter().find(|(n, _)| *n == used) {
                assert!(
                    homes.contains(&name),
                    "{name} may not use {used}: that is for {homes:?}"
                );
            }
        }
    }
}

/// Licences a dependency may have; of several joined by OR one is enough.
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "ISC",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Zlib",
    "Unicode-3.0",
    "CC0-1.0",
    "0BSD",
    "Unlicense",
    "MIT-0",
    "CDLA-Permissive-2.0",
    "BSL-1.0",
];

/// Crates that must not come in, and why.
const BANNED: &[(&str, &str)] = &[
    ("openssl", "one TLS: rustls"),
    ("openssl-sys", "one TLS: rustls"),
    ("native-tls", "one TLS: rustls"),
    ("aws-lc-sys", "one provider of cryptography: ring"),
    ("quick-xml", "it accepts what XMPP forbids"),
];

fn licence_is_fine(expression: &str) -> bool {
    let flat = expression.replace(['(', ')'], " ").replace('/', " OR ");
    flat.split(" OR ").any(|alternative| {
        alternative
            .split(" AND ")
            .all(|l| LICENCES.contains(&l.trim()))
    })
}

#[test]
fn dependencies_are_free_to_use_and_none_is_banned() {
    let metadata = metadata();
    let mut bad = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or("none");
        if !licence_is_fine(licence) {
            bad.push(format!("{name}: licence {licence}"));
        }
        if let Some((_, why)) = BANNED.iter().find(|(n, _)| *n == name) {
            bad.push(format!("{name} is banned: {why}"));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn every_extension_has_a_chat_script() {
    let scripts = Path::new(ROOT).join("crates/server/tests/scripts");
    let names: Vec<String> = fs::read_dir(&scripts)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let features = magpie_features::all(&magpie_features::Config::default());
    let features = features
        .iter()
        .flat_map(|f| f.spec().xeps.iter().map(|x| x.number));
    let all = features
        .chain(magpie_net::XEPS.iter().map(|x| x.0))
        .filter(|n| *n > 0);
    let missing: Vec<u16> = all
        .filter(|n| !names.iter().any(|f| f.contains(&format!("{n:04}"))))
        .collect();
    assert!(
        missing.is_empty(),
        "no script in tests/scripts for XEPs {missing:?}"
    );
}
