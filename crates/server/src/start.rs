//! The order in which the server comes up and goes down.

use crate::{config::Loaded, control};
use anyhow::{Context, bail};
use magpie_core::{Ctx, ctx::Features, metrics::Metrics};
use magpie_store::Store;
use magpie_xmpp::Jid;
use prometheus_client::registry::Registry;
use std::{
    fs::{self, File},
    io::IsTerminal,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{mpsc, watch},
};

/// How long stopping may take before it is forced.
const STOPPING: Duration = Duration::from_secs(10);
/// WebSockets whose handshake is done and that wait for their stream to begin.
const HANDOVER: usize = 256;

/// The core, without a network.
pub struct Core {
    /// The core itself.
    pub cx: Arc<Ctx>,
    /// What `/metrics` shows.
    pub registry: Registry,
}

/// The runtime that everything runs on.
pub fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
}

/// Holds the data folder for this process; made if it is not there.
pub fn lock(dir: &Path) -> anyhow::Result<File> {
    fs::create_dir_all(dir).with_context(|| {
        format!(
            "cannot make the data folder {} (data.dir): make it, or name another",
            dir.display()
        )
    })?;
    let path = dir.join("lock");
    let file = File::create(&path).with_context(|| {
        format!(
            "cannot write to the data folder {} (data.dir): it must belong to this user",
            dir.display()
        )
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            bail!(
                "another magpie runs on {}: stop it, or name another data.dir",
                dir.display()
            )
        }
        Err(fs::TryLockError::Error(e)) => {
            Err(e).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// The database's configuration; without a URL it is SQLite in the data folder.
pub fn store_config(loaded: &Loaded) -> magpie_store::Config {
    let mut config = loaded.config.store.clone();
    if config.url.is_empty() {
        config.url = format!("sqlite://{}", loaded.data_dir().join("magpie.db").display());
    }
    config
}

/// The features' configuration; uploads without a folder lie in the data folder.
pub fn features(loaded: &Loaded) -> magpie_features::Config {
    let mut config = loaded.config.features.clone();
    if config.uploads.dir.as_os_str().is_empty() {
        config.uploads.dir = loaded.data_dir().join("uploads");
    }
    config
}

/// Opens the database and brings the core to life on it.
pub async fn core(loaded: &Loaded) -> anyhow::Result<Core> {
    let config = &loaded.config;
    let store = Store::open(&store_config(loaded))
        .await
        .context("the database (store.url) cannot be opened")?;
    let features = Features::new(magpie_features::all(&features(loaded)))?;
    let domain =
        Jid::new(&config.server.domain).map_err(|e| anyhow::anyhow!("server.domain: {e}"))?;
    let mut registry = Registry::default();
    let metrics = Metrics::new(&mut registry);
    let mut server = config.server.clone();
    server.web_url = config.http.url(&server.domain);
    let cx = Ctx::start(server, domain, store, features, metrics).await?;
    Ok(Core { cx, registry })
}

/// Runs the server until it is told to stop.
pub fn serve(loaded: Loaded) -> anyhow::Result<()> {
    let _lock = lock(loaded.data_dir())?;
    let runtime = runtime()?;
    let outcome = runtime.block_on(run(loaded));
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

async fn run(loaded: Loaded) -> anyhow::Result<()> {
    let began = Instant::now();
    let config = &loaded.config;
    let Core { cx, registry } = core(&loaded).await?;
    let tls = magpie_net::Tls::load(&config.net, loaded.data_dir(), &config.server.domain)?;
    let xmpp = magpie_net::Listeners::bind(&config.net).await?;
    let http = magpie_api::Listeners::bind(&config.http).await?;
    banner(&loaded, &cx, &xmpp, &http, began).await?;
    let (stop, stopping) = watch::channel(false);
    let (handover, upgraded) = mpsc::channel(HANDOVER);
    let app = magpie_api::App {
        cx: cx.clone(),
        config: Arc::new(config.http.clone()),
        registry: Arc::new(registry),
        handover,
        uploads: Arc::new(magpie_api::Uploads::new(features(&loaded).uploads)),
        web: Arc::new(magpie_api::Web::new(magpie_api::EMBEDDED, &config.branding)),
        branding: Arc::new(config.branding.clone()),
        registration: config.features.registration.mode.as_str(),
    };
    let web = tokio::spawn(magpie_api::serve(app, http, stopping.clone()));
    let commands = tokio::spawn(control::serve(
        cx.clone(),
        loaded.data_dir().to_owned(),
        stopping.clone(),
    ));
    let streams = tokio::spawn(magpie_net::serve(
        cx.clone(),
        config.net.clone(),
        tls,
        xmpp,
        upgraded,
        stopping,
    ));
    drop(sd_notify::notify(&[sd_notify::NotifyState::Ready]));
    let failed = tokio::select! {
        told = told_to_stop() => told.map(|()| false)?,
        // Without its writer nothing is stored. Whoever started the server starts it again.
        () = cx.store.ended() => true,
    };
    tracing::info!("stopping: streams are closed, what was accepted is stored");
    drop(sd_notify::notify(&[sd_notify::NotifyState::Stopping]));
    stop.send_replace(true);
    let down = async {
        streams.await??;
        cx.drain().await;
        web.await?;
        commands.await??;
        cx.store.close().await;
        anyhow::ensure!(!failed, "the store's writer failed; start the server again");
        Ok(())
    };
    tokio::time::timeout(STOPPING, down)
        .await
        .context("stopping took too long; what was acknowledged is stored")?
}

async fn told_to_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Says where to connect, how to register and how to make an administrator: to a person on a terminal, else to the log.
async fn banner(
    loaded: &Loaded,
    cx: &Ctx,
    xmpp: &magpie_net::Listeners,
    http: &magpie_api::Listeners,
    began: Instant,
) -> anyhow::Result<()> {
    let accounts = cx.store.account_count().await?;
    let ready_ms = began.elapsed().as_millis() as u64;
    tracing::info!(domain = %cx.domain, accounts, ready_ms, xmpp = ?xmpp.addresses(), http = ?http.addresses(), "Magpie is ready");
    if !std::io::stdout().is_terminal() {
        return Ok(());
    }
    let join = |list: Vec<std::net::SocketAddr>| {
        list.iter()
            .map(|a| a.port().to_string())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let domain = &cx.domain;
    say!(
        "\n  Magpie (鹊桥) {} serves {domain}\n",
        env!("CARGO_PKG_VERSION")
    );
    let config = &loaded.config.http;
    say!("  open        {}/", config.url(domain.as_str()));
    say!(
        "  connect     any XMPP client: server {domain}, ports {} (STARTTLS, TLS)",
        join(xmpp.addresses())
    );
    say!(
        "              WebSocket: {}",
        config.websocket_url(domain.as_str())
    );
    say!("  register    there, in your client, or: magpie user add NAME");
    say!("  administer  magpie user add NAME --admin");
    say!(
        "  data        {}   ({accounts} accounts)",
        loaded.data_dir().display()
    );
    say!("  stop        Ctrl-C\n");
    Ok(())
}
