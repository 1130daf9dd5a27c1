//! Everything a feature or a stream may reach: accounts, store, features, the queue.

use crate::{
    Account, Accounts, Config, Effect, Effects, Entry, Feature, Session,
    account::Turn,
    feature::{Spec, To},
    metrics::Metrics,
    release,
    session::{Ending, Login, OutboxLimits},
};
use magpie_store::{Error as StoreError, Id, Queue, Store};
use magpie_xmpp::{Jid, StreamError};
use std::{
    collections::HashMap,
    sync::{
        Arc, Weak,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};
use tokio::{runtime::Handle, sync::oneshot};

/// The features in the order in which they act, and which of them answers which IQ.
pub struct Features {
    list: Vec<Box<dyn Feature>>,
    claims: HashMap<ClaimKey, usize>,
}

/// Namespace, name, whether it is a `set`, addressee.
type ClaimKey = (&'static str, &'static str, bool, To);

/// Why the server cannot start with these features.
#[derive(Debug, thiserror::Error)]
#[error("two features answer <{name} xmlns='{ns}'/> to {to:?}: {first} and {second}")]
pub struct ClaimedTwice {
    ns: &'static str,
    name: &'static str,
    to: To,
    first: &'static str,
    second: &'static str,
}

impl Features {
    /// The features of `list`, or which two of them contradict each other.
    pub fn new(list: Vec<Box<dyn Feature>>) -> Result<Features, ClaimedTwice> {
        let mut claims: HashMap<ClaimKey, usize> = HashMap::new();
        let title = |i: usize| list[i].spec().xeps.first().map_or("(no XEP)", |x| x.name);
        for (i, feature) in list.iter().enumerate() {
            for c in feature.spec().claims {
                for to in c.to {
                    for set in [false, true]
                        .into_iter()
                        .filter(|set| if *set { c.set } else { c.get })
                    {
                        if let Some(other) = claims.insert((c.ns, c.name, set, *to), i) {
                            let (first, second) = (title(other), title(i));
                            return Err(ClaimedTwice {
                                ns: c.ns,
                                name: c.name,
                                to: *to,
                                first,
                                second,
                            });
                        }
                    }
                }
            }
        }
        Ok(Features { list, claims })
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Feature> {
        self.list.iter().map(AsRef::as_ref)
    }

    /// What each says of itself, in order.
    pub fn specs(&self) -> impl Iterator<Item = Spec> {
        self.list.iter().map(|f| f.spec())
    }

    pub(crate) fn claimant(&self, ns: &str, name: &str, set: bool, to: To) -> Option<&dyn Feature> {
        // A lookup by borrowed parts: the key's strings are only compared.
        let key: (&str, &str, bool, To) = (ns, name, set, to);
        lookup(&self.claims, key).map(|i| &*self.list[i])
    }
}

fn lookup<'a>(
    map: &HashMap<(&'a str, &'a str, bool, To), usize>,
    key: (&'a str, &'a str, bool, To),
) -> Option<usize> {
    map.get(&key).copied()
}

impl std::fmt::Debug for Features {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} features", self.list.len())
    }
}

/// See the module.
#[derive(Debug)]
pub struct Ctx {
    /// What the operator decided.
    pub config: Config,
    /// The domain this server answers for.
    pub domain: Jid,
    /// The database.
    pub store: Store,
    /// The accounts in memory.
    pub accounts: Accounts,
    /// The features.
    pub features: Features,
    /// What is counted.
    pub metrics: Metrics,
    /// A secret of this installation, kept in the store: derives what must be stable and unguessable.
    pub secret: [u8; 32],
    /// When the server started.
    pub started: Instant,
    released: AtomicI64,
    queue: Queue<Entry>,
    runtime: Handle,
    me: Weak<Ctx>,
}

/// Why a resource cannot be bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindError {
    /// The resource is not one (RFC 7622 §3.4).
    BadResource,
    /// The account has as many sessions as it may.
    TooMany(usize),
    /// The password was changed, or the account banned, since the login.
    Outdated,
}

/// Entries the queue is made for; what bounds it is each stream's own limit in flight.
const QUEUE_CAPACITY: usize = 4096;

impl Ctx {
    /// Brings the core to life on `store`. Must run inside a tokio runtime.
    pub async fn start(
        config: Config,
        domain: Jid,
        store: Store,
        features: Features,
        metrics: Metrics,
    ) -> Result<Arc<Ctx>, StoreError> {
        let secret = secret(&store).await?;
        let released = AtomicI64::new(store.last_id().await?.0);
        let runtime = Handle::current();
        Ok(Arc::new_cyclic(|me: &Weak<Ctx>| {
            let held = me.clone();
            let queue = store.queue(QUEUE_CAPACITY, move |entries, outcome| {
                if let Some(cx) = held.upgrade() {
                    release::release(&cx, entries, outcome);
                }
            });
            let accounts = Accounts::new(store.clone(), config.cached_accounts);
            let me = me.clone();
            Ctx {
                config,
                domain,
                store,
                accounts,
                features,
                metrics,
                secret,
                started: Instant::now(),
                released,
                queue,
                runtime,
                me,
            }
        }))
    }

    /// Itself, for what must outlive a borrow.
    pub fn arc(&self) -> Option<Arc<Ctx>> {
        self.me.upgrade()
    }

    /// The id of the last message that was released: written and read by the writer's thread alone.
    pub(crate) fn released(&self) -> Id {
        Id(self.released.load(Ordering::Relaxed))
    }

    pub(crate) fn set_released(&self, id: Id) {
        self.released.store(id.0, Ordering::Relaxed);
    }

    /// Runs `task` in the background, also from the writer's thread.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Whether `jid` belongs to the domain this server answers for.
    pub fn is_local(&self, jid: &Jid) -> bool {
        jid.domain() == self.domain.domain()
    }

    /// Puts an entry into the queue. The order of these calls is the order of the world.
    pub fn submit(&self, mut entry: Entry) {
        let turns = std::mem::take(&mut entry.turns);
        self.queue.submit(entry);
        drop(turns);
    }

    /// Commits `fx` and returns when they are released.
    pub async fn commit(&self, mut fx: Effects) -> Result<(), StoreError> {
        let (done, released) = oneshot::channel();
        fx.push(Effect::Done(done));
        self.submit(Entry::new(fx));
        released
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("the server is stopping".into())))
    }

    /// How many entries wait for the disk.
    pub fn queue_depth(&self) -> usize {
        self.queue.depth()
    }

    /// Resolves when everything submitted so far is released.
    pub async fn drain(&self) {
        self.queue.drain().await;
    }

    /// Binds a session. One that had the same resource ends with `conflict` (RFC 6120 §7.7.2.2).
    pub fn bind(&self, login: &Login, resource: &str) -> Result<Arc<Session>, BindError> {
        let account = &login.account;
        let jid = account
            .jid
            .with_resource(resource)
            .map_err(|_| BindError::BadResource)?;
        let limits = OutboxLimits {
            stanzas: self.config.mailbox_stanzas,
            bytes: self.config.mailbox_bytes,
        };
        let session = Session::new(jid, login.clone(), limits);
        let replaced = account
            .bind(&session, self.config.sessions_per_account)
            .map_err(BindError::TooMany)?;
        if let Some(old) = replaced {
            self.remove_session(
                &old,
                StreamError::conflict()
                    .with_text("replaced by a new session with the same resource"),
            );
        }
        self.metrics.sessions.inc();
        // Looked at when the session is in the list: who changes the credentials ends those that are.
        if account.epoch() != login.epoch {
            self.remove_session(&session, StreamError::not_authorized());
            return Err(BindError::Outdated);
        }
        Ok(session)
    }

    /// Bytes that only this installation can make of `parts`: for ids and tokens that nobody else may guess or make.
    pub fn derive(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut message = Vec::new();
        for part in [purpose.as_bytes()].iter().chain(parts) {
            message.extend_from_slice(&(part.len() as u64).to_be_bytes());
            message.extend_from_slice(part);
        }
        magpie_xmpp::sasl::hmac_sha256(&self.secret, &message)
    }

    /// Ends a session if `who` may: its contacts learn it, and what it did not get finds its way.
    pub fn end_session(&self, session: &Arc<Session>, who: Ending) {
        if !session.end(who) {
            return;
        }
        match (session.account.try_turn(), self.arc()) {
            (Some(turn), _) => self.session_down(session, turn),
            (None, Some(cx)) => {
                let session = session.clone();
                self.spawn(async move { cx.session_down(&session, session.account.turn().await) });
            }
            (None, None) => {}
        }
    }

    fn session_down(&self, session: &Arc<Session>, turn: Turn) {
        let mut fx = Effects::new();
        fx.hold([turn]);
        for feature in self.features.iter() {
            feature.session_down(self, session, &mut fx);
        }
        fx.push(Effect::Unbind(session.clone()));
        self.submit(Entry::new(fx));
    }

    /// The client has `outs` for certain: acknowledged, or written where nothing is acknowledged.
    pub fn settle(&self, session: &Session, outs: &[crate::Out]) {
        release::settle(self, session, outs);
    }

    /// Ends a session from outside, with a reason for its client.
    pub fn remove_session(&self, session: &Arc<Session>, reason: StreamError) {
        session.close(reason);
        self.end_session(session, Ending::Removed);
    }

    /// Ends every session of an account: its password changed, it was banned or removed. `except` goes on.
    pub fn remove_sessions(
        &self,
        account: &Account,
        except: Option<&Arc<Session>>,
        reason: &StreamError,
    ) {
        for session in account.sessions() {
            if !except.is_some_and(|s| Arc::ptr_eq(s, &session)) {
                self.remove_session(&session, reason.clone());
            }
        }
    }
}

async fn secret(store: &Store) -> Result<[u8; 32], StoreError> {
    const KEY: (&str, &str) = ("magpie", "secret");
    if let Some(kept) = store.kv_get(0, KEY.0, KEY.1).await?
        && let Ok(secret) = <[u8; 32]>::try_from(&kept[..])
    {
        return Ok(secret);
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)
        .map_err(|e| StoreError::Unavailable(format!("no randomness: {e}").into()))?;
    store
        .write(vec![magpie_store::kv::put(
            0,
            KEY.0,
            KEY.1,
            secret.to_vec().into(),
        )])
        .await?;
    Ok(secret)
}
