//! The generator against a server that keeps its word, and against ones that do not: it must tell
//! them apart, and say so by its exit code.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod stub;

use serde_json::Value;
use stub::{Fault, serve};
use tokio::process::Command;

/// Runs a subcommand against a stub; gives its exit code and its JSON report.
async fn bench(fault: Fault, words: &str) -> (Option<i32>, Value) {
    let port = serve(fault).await.to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_magpie-bench"))
        .args(words.split(' '))
        .args(["--json", "--port", &port])
        .output()
        .await
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let report = serde_json::from_str(&text)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), report)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_faithful_server_gets_a_clean_report() {
    for words in [
        "chat --pairs 3 --window 4 --seconds 1 --warmup 0",
        "chat --pairs 2 --window 4 --seconds 1 --warmup 0 --sm",
        "pair --seconds 1 --warmup 0",
        "rate --per-second 500 --pairs 2 --seconds 1 --warmup 0",
    ] {
        let (code, report) = bench(Fault::None, words).await;
        assert_eq!(code, Some(0), "{words}: {report}");
        assert!(
            report["delivered"].as_u64().unwrap() > 100,
            "{words}: {report}"
        );
        assert_eq!(report["lost"], 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_doubled_message_turns_the_report_red() {
    let (code, report) = bench(
        Fault::Double,
        "chat --pairs 2 --window 4 --seconds 1 --warmup 0",
    )
    .await;
    assert_eq!(
        (code, &report["doubled"]),
        (Some(2), &Value::from(1)),
        "{report}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_message_turns_the_report_red() {
    let (code, report) = bench(
        Fault::Refuse,
        "chat --pairs 2 --window 4 --seconds 1 --warmup 0",
    )
    .await;
    assert_eq!(
        (code, &report["refused"]),
        (Some(2), &Value::from(1)),
        "{report}"
    );
    assert_eq!(report["lost"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_message_turns_the_report_red() {
    let (code, report) = bench(
        Fault::Lose,
        "rate --per-second 100 --pairs 2 --seconds 1 --warmup 0 --drain 1",
    )
    .await;
    assert_eq!(
        (code, &report["lost"]),
        (Some(2), &Value::from(1)),
        "{report}"
    );
}
