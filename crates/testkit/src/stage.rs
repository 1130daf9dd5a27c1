//! The stage of a script: a whole server in this process, on one of the stores, with users on it.

use crate::{Client, pipe::Pipe};
use magpie_core::{
    Ctx, auth,
    ctx::Features,
    handover::{Handover, Upgraded},
    metrics::Metrics,
    uploads::Depot,
};
use magpie_store::Store;
use magpie_xmpp::{Element, Jid};
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};
use tempfile::TempDir;
use tokio::{
    runtime::Builder,
    sync::{mpsc, watch},
    task::JoinHandle,
};

/// On which store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The built-in one.
    Sqlite,
    /// The server that `MAGPIE_TEST_POSTGRES` names.
    Postgres,
    /// The server that `MAGPIE_TEST_MYSQL` names.
    Mysql,
}

/// A running server and what a script needs of it.
pub struct Stage {
    /// The server's core.
    pub cx: Arc<Ctx>,
    /// Where the files of accounts lie.
    pub uploads: PathBuf,
    /// What looks after them.
    pub depot: Depot,
    /// Where the server speaks HTTP.
    pub http: SocketAddr,
    address: SocketAddr,
    secure: SocketAddr,
    handover: Handover,
    stop: watch::Sender<bool>,
    serving: JoinHandle<Result<(), magpie_net::Error>>,
    web: JoinHandle<()>,
    _dir: TempDir,
}

/// What a script may set before the server starts.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The core's limits.
    pub server: magpie_core::Config,
    /// The streams' limits. Ports and certificate are the stage's.
    pub net: magpie_net::Config,
    /// HTTP. The ports are the stage's.
    pub http: magpie_api::Config,
    /// The web messenger's name.
    pub branding: magpie_api::Branding,
    /// The web messenger's files.
    pub files: &'static [magpie_api::File],
    /// The features.
    pub features: magpie_features::Config,
}

/// The password of every user on a stage.
pub const PASSWORD: &str = "secret";

impl Stage {
    /// Runs a script on `backend` with the defaults. A database server that was not named is said and passed over.
    pub fn run(backend: Backend, script: impl AsyncFnOnce(&mut Stage)) {
        Stage::play(backend, Settings::default(), script);
    }

    /// Runs a script with settings, on SQLite: what they change does not depend on the store.
    pub fn run_with(settings: Settings, script: impl AsyncFnOnce(&mut Stage)) {
        Stage::play(Backend::Sqlite, settings, script);
    }

    fn play(backend: Backend, settings: Settings, script: impl AsyncFnOnce(&mut Stage)) {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let Some(database) = magpie_store::testing::Database::make(backend.name()).await else {
                eprintln!("not run: no {} server was named", backend.name());
                return;
            };
            let mut stage = Stage::start(&database.config(), settings).await;
            script(&mut stage).await;
            stage.end().await;
            database.drop().await;
        });
    }

    async fn start(store: &magpie_store::Config, settings: Settings) -> Stage {
        let dir = TempDir::new().expect("a temporary folder");
        let store = Store::open(store).await.expect("the store opens");
        let config = magpie_api::Config {
            listen: vec!["127.0.0.1:0".into()],
            private_listen: vec![],
            ..settings.http.clone()
        };
        let door = magpie_api::Listeners::bind(&config).await.expect("a port");
        let http = door.addresses()[0];
        let mut settings = settings;
        settings.server.web_url = format!("http://{http}");
        settings.features.uploads.dir = dir.path().join("uploads");
        let features = magpie_features::all(&settings.features);
        let features = Features::new(features).expect("features agree");
        let domain = Jid::new("localhost").expect("a domain");
        let metrics = Metrics::new(&mut prometheus_client::registry::Registry::default());
        let cx = Ctx::start(settings.server, domain, store, features, metrics)
            .await
            .expect("the core starts");
        let net = magpie_net::Config {
            starttls: vec!["127.0.0.1:0".into()],
            direct_tls: vec!["127.0.0.1:0".into()],
            plain_on_loopback: true,
            ..settings.net
        };
        let tls = magpie_net::Tls::load(&net, dir.path(), "localhost").expect("a certificate");
        let listeners = magpie_net::Listeners::bind(&net).await.expect("a port");
        let (address, secure) = (listeners.addresses()[0], listeners.addresses()[1]);
        let (stop, stopping) = watch::channel(false);
        let (handover, upgraded) = mpsc::channel(8);
        let app = magpie_api::App {
            cx: cx.clone(),
            uploads: Arc::new(magpie_api::Uploads::new(settings.features.uploads.clone())),
            web: Arc::new(magpie_api::Web::new(settings.files, &settings.branding)),
            branding: Arc::new(settings.branding),
            registration: settings.features.registration.mode.as_str(),
            registry: Arc::default(),
            config: Arc::new(config),
            handover: handover.clone(),
        };
        let web = tokio::spawn(magpie_api::serve(app, door, stopping.clone()));
        let serving = tokio::spawn(magpie_net::serve(
            cx.clone(),
            net,
            tls,
            listeners,
            upgraded,
            stopping,
        ));
        Stage {
            cx,
            depot: settings.features.uploads.depot(),
            uploads: settings.features.uploads.dir,
            http,
            address,
            secure,
            handover,
            stop,
            serving,
            web,
            _dir: dir,
        }
    }

    async fn end(self) {
        self.stop.send_replace(true);
        self.serving
            .await
            .expect("the streams do not panic")
            .expect("the streams end");
        self.web.await.expect("the listeners do not panic");
        self.cx.drain().await;
        self.cx.store.close().await;
    }

    /// Makes an account.
    pub async fn account(&mut self, name: &str) {
        let jid = Jid::new(&format!("{name}@localhost")).expect("a name");
        auth::create_account(&self.cx, &jid, PASSWORD)
            .await
            .expect("a new account");
    }

    /// A connection on which nothing was said.
    pub async fn nobody(&mut self) -> Client {
        Client::new(Pipe::tcp(self.address).await)
    }

    /// A connection before login, and the features it was offered.
    pub async fn stranger(&mut self) -> (Client, Element) {
        let mut client = self.nobody().await;
        let features = client.open().await;
        (client, features)
    }

    /// A connection by TLS on which nothing was said.
    pub async fn secure(&mut self) -> Client {
        Client::new(Pipe::tls(self.secure).await)
    }

    /// A WebSocket on which nothing was said, from `peer`; `secure` if TLS ends before the server.
    pub async fn web(&mut self, peer: IpAddr, secure: bool) -> Client {
        let (pipe, io) = Pipe::web().await;
        let upgraded = Upgraded {
            io,
            peer: SocketAddr::new(peer, 1),
            secure,
        };
        let taken = self.handover.send(upgraded).await;
        taken.map_err(drop).expect("the server takes WebSockets");
        Client::new(pipe)
    }

    /// A device of an account that exists: logged in and bound, not available.
    pub async fn device(&mut self, name: &str, resource: &str) -> Client {
        let (mut client, _) = self.stranger().await;
        client.login(name, PASSWORD).await;
        client.bind(resource).await;
        client
    }

    /// A new account with one device `phone`, not available.
    pub async fn user(&mut self, name: &str) -> Client {
        self.account(name).await;
        self.device(name, "phone").await
    }

    /// A new account with one available device `phone`.
    pub async fn online(&mut self, name: &str) -> Client {
        let mut client = self.user(name).await;
        client.online().await;
        client
    }

    /// Two new accounts that are each other's contacts, both online on `phone`, with nothing left to receive.
    pub async fn friends(&mut self, a: &str, b: &str) -> (Client, Client) {
        let (mut one, mut two) = (self.online(a).await, self.online(b).await);
        for (client, peer) in [(&mut one, b), (&mut two, a)] {
            client
                .send(&format!(
                    "<presence to='{peer}@localhost' type='subscribe'/>"
                ))
                .await;
            client.settle().await;
        }
        for (client, peer) in [(&mut one, b), (&mut two, a)] {
            client
                .send(&format!(
                    "<presence to='{peer}@localhost' type='subscribed'/>"
                ))
                .await;
            client.settle().await;
        }
        one.settle().await;
        two.settle().await;
        (one, two)
    }
}

impl Backend {
    fn name(self) -> &'static str {
        match self {
            Backend::Sqlite => "sqlite",
            Backend::Postgres => "postgres",
            Backend::Mysql => "mysql",
        }
    }
}
