//! The binary itself on a disk that is full.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const BINARY: &str = env!("CARGO_BIN_EXE_magpie");

fn add_account(name: &str, config: &Path) -> bool {
    let mut add = Command::new(BINARY)
        .args(["user", "add", name, "--config"])
        .arg(config)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut password = add.stdin.take().unwrap();
    password.write_all(b"correct horse 42\n").unwrap();
    drop(password);
    add.wait().unwrap().success()
}

#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("magpie.toml");
    let data = dir.path().join("data");
    let listen = "[\"127.0.0.1:0\"]";
    let text = format!(
        "[data]\ndir = {data:?}\n[net]\nstarttls = {listen}\ndirect_tls = []\n\
         [http]\nlisten = {listen}\nprivate_listen = []\n[log]\nlevel = \"trace\"\n"
    );
    fs::write(&config, text).unwrap();
    let mut server = Command::new(BINARY)
        .args(["serve", "--config"])
        .arg(&config)
        .stderr(File::options().write(true).open("/dev/full").unwrap())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    let socket = data.join("control.sock");
    while !socket.exists() && Instant::now() < deadline && server.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let added = add_account("alice", &config) && add_account("bob", &config);
    let ended = server.try_wait().unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(added && ended.is_none(), "added: {added}, ended: {ended:?}");
}
