//! The server under test as a child process: started, killed with SIGKILL, started again.

use anyhow::{Context, Result, bail};
use std::{
    fs::{File, OpenOptions},
    net::SocketAddr,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::sleep,
};

/// How long a server may take until it accepts connections.
const START: Duration = Duration::from_secs(30);

/// The command, and the process it runs as.
pub struct Server {
    words: Vec<String>,
    address: SocketAddr,
    log: PathBuf,
    child: Option<Child>,
}

impl Server {
    /// A server not yet started; `command` is split at white space, its output goes to the file `log`.
    pub async fn new(command: &str, address: SocketAddr, log: PathBuf) -> Result<Self> {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() {
            bail!("--command is empty");
        }
        if TcpStream::connect(address).await.is_ok() {
            bail!("another server listens on {address} already");
        }
        File::create(&log).with_context(|| format!("no log file {}", log.display()))?;
        Ok(Server {
            words,
            address,
            log,
            child: None,
        })
    }

    /// Starts the process and returns at once.
    pub fn start(&mut self) -> Result<()> {
        let log = OpenOptions::new().append(true).open(&self.log)?;
        let child = Command::new(&self.words[0])
            .args(&self.words[1..])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.words[0]))?;
        self.child = Some(child);
        Ok(())
    }

    /// Waits until the client port accepts connections.
    pub async fn listening(&mut self) -> Result<()> {
        let deadline = Instant::now() + START;
        while TcpStream::connect(self.address).await.is_err() {
            self.alive()?;
            if Instant::now() > deadline {
                bail!(
                    "the server does not listen on {}; see {}",
                    self.address,
                    self.log.display()
                );
            }
            sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// An error when the process ended without having been killed.
    pub fn alive(&mut self) -> Result<()> {
        let Some(child) = &mut self.child else {
            return Ok(());
        };
        match child.try_wait()? {
            Some(status) => bail!(
                "the server ended by itself ({status}); see {}",
                self.log.display()
            ),
            None => Ok(()),
        }
    }

    /// Sends SIGKILL and waits until the process is gone.
    pub async fn kill(&mut self) -> Result<()> {
        self.alive()?;
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }
}
