//! What the generator itself costs: its scenarios against a stub that only relays. `cargo bench -p magpie-bench`

#![allow(clippy::unwrap_used, reason = "in a bench a panic is the report")]

#[path = "../tests/stub/mod.rs"]
#[allow(dead_code, reason = "the stub's faults are for the tests")]
mod stub;

use tokio::process::Command;

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() {
    for words in [
        "chat --pairs 50 --window 32 --seconds 3",
        "pair --seconds 3",
        "rate --per-second 1000 --seconds 3",
        "rate --per-second 10000 --seconds 3",
    ] {
        let port = stub::serve(stub::Fault::None).await.to_string();
        let status = Command::new(env!("CARGO_BIN_EXE_magpie-bench"))
            .args(words.split(' '))
            .args(["--port", &port])
            .status()
            .await
            .unwrap();
        assert!(status.success(), "{words}: {status}");
    }
}
