//! The commit queue: its order is the order of the world.

use crate::{
    Entry, Error, Op, Store,
    batch::Outcome,
    writer::{Job, Source},
};
use parking_lot::Mutex;
use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::Thread,
};
use tokio::sync::Notify;

/// How many entries are committed at once.
const BATCH_ENTRIES: usize = 1000;
/// How many bytes of messages are committed at once, unless a single entry has more.
const BATCH_BYTES: usize = 4 << 20;

/// Puts entries into the queue. Cheap to clone. The queue has no bound of its own: what its callers may have in flight is.
pub struct Queue<E> {
    shared: Arc<Shared<E>>,
    writer: Option<Thread>,
}

struct Shared<E> {
    /// `None` when nobody takes entries any more.
    waiting: Mutex<Option<VecDeque<E>>>,
    capacity: usize,
    submitted: AtomicU64,
    released: AtomicU64,
    moved: Notify,
}

impl<E> Clone for Queue<E> {
    fn clone(&self) -> Queue<E> {
        Queue {
            shared: self.shared.clone(),
            writer: self.writer.clone(),
        }
    }
}

impl<E> std::fmt::Debug for Queue<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue")
            .field("depth", &self.shared.depth())
            .finish()
    }
}

impl Store {
    /// The commit queue of this store; there is one at a time, a new one takes the old one's place. `capacity`: for how
    /// many entries memory is kept.
    ///
    /// `release` runs on the writer's thread right after the commit, in queue order, with what became of the entries: mostly
    /// a whole batch; if single entries of it failed, they come alone. It must not block.
    pub fn queue<E: Entry>(
        &self,
        capacity: usize,
        release: impl FnMut(Vec<E>, Result<(), Error>) + Send + 'static,
    ) -> Queue<E> {
        let shared = Arc::new(Shared {
            waiting: Mutex::new(Some(VecDeque::with_capacity(capacity))),
            capacity,
            submitted: AtomicU64::new(0),
            released: AtomicU64::new(0),
            moved: Notify::new(),
        });
        let source = Intake {
            shared: shared.clone(),
            backlog: VecDeque::new(),
            batch: Vec::new(),
            release,
        };
        if let Err(Job::Attach(mut source)) = self.desk().submit(Job::Attach(Box::new(source))) {
            source.close();
        }
        Queue {
            shared,
            writer: self.desk().thread(),
        }
    }
}

impl<E: Entry> Queue<E> {
    /// Puts an entry behind all others. Never blocks. When the store is closed the entry is dropped unanswered.
    pub fn submit(&self, entry: E) {
        self.submit_all([entry]);
    }

    /// Puts entries behind all others, with none of another caller between them.
    pub fn submit_all(&self, entries: impl IntoIterator<Item = E>) {
        {
            let mut waiting = self.shared.waiting.lock();
            let Some(waiting) = &mut *waiting else { return };
            let before = waiting.len();
            waiting.extend(entries);
            self.shared
                .submitted
                .fetch_add((waiting.len() - before) as u64, Ordering::Release);
        }
        if let Some(writer) = &self.writer {
            writer.unpark();
        }
    }

    /// How many entries are not released yet.
    pub fn depth(&self) -> usize {
        self.shared.depth()
    }

    /// Resolves when everything submitted so far is released, or the store is closed.
    pub async fn drain(&self) {
        let target = self.shared.submitted.load(Ordering::Acquire);
        loop {
            let mut moved = std::pin::pin!(self.shared.moved.notified());
            moved.as_mut().enable();
            if self.shared.released.load(Ordering::Acquire) >= target
                || self.shared.waiting.lock().is_none()
            {
                return;
            }
            moved.await;
        }
    }
}

impl<E> Shared<E> {
    fn depth(&self) -> usize {
        let released = self.released.load(Ordering::Acquire);
        self.submitted
            .load(Ordering::Acquire)
            .saturating_sub(released) as usize
    }
}

/// The writer's end of the queue.
struct Intake<E, F> {
    shared: Arc<Shared<E>>,
    /// Taken from the shared queue, not yet in a batch.
    backlog: VecDeque<E>,
    /// The entries whose operations the writer has.
    batch: Vec<E>,
    release: F,
}

impl<E: Entry, F: FnMut(Vec<E>, Result<(), Error>) + Send> Source for Intake<E, F> {
    fn take(&mut self, batch: &mut Vec<Vec<Op>>) {
        if self.backlog.is_empty()
            && let Some(waiting) = &mut *self.shared.waiting.lock()
        {
            std::mem::swap(&mut self.backlog, waiting);
            if waiting.capacity() > 4 * self.shared.capacity.max(BATCH_ENTRIES) {
                waiting.shrink_to(self.shared.capacity);
            }
        }
        let mut bytes = 0;
        while self.batch.len() < BATCH_ENTRIES && bytes < BATCH_BYTES {
            let Some(mut entry) = self.backlog.pop_front() else {
                break;
            };
            let ops = std::mem::take(entry.ops());
            bytes += ops.iter().map(size).sum::<usize>();
            batch.push(ops);
            self.batch.push(entry);
        }
    }

    fn release(&mut self, batch: Vec<Vec<Op>>, outcomes: Vec<Outcome>) {
        let count = self.batch.len();
        for (entry, ops) in self.batch.iter_mut().zip(batch) {
            *entry.ops() = ops;
        }
        let mut entries = std::mem::take(&mut self.batch);
        if outcomes.iter().all(Result::is_ok) {
            self.batch = Vec::with_capacity(entries.len());
            self.let_go(entries, Ok(()));
        } else {
            let mut stored = Vec::new();
            for (entry, outcome) in entries.drain(..).zip(outcomes) {
                match outcome {
                    Ok(_) => stored.push(entry),
                    Err(error) => {
                        self.let_go(std::mem::take(&mut stored), Ok(()));
                        self.let_go(vec![entry], Err(error));
                    }
                }
            }
            self.let_go(stored, Ok(()));
        }
        self.shared
            .released
            .fetch_add(count as u64, Ordering::Release);
        self.shared.moved.notify_waiters();
    }

    fn close(&mut self) {
        let left = self.shared.waiting.lock().take().map_or(0, |w| w.len());
        let left =
            left + std::mem::take(&mut self.backlog).len() + std::mem::take(&mut self.batch).len();
        if left > 0 {
            tracing::warn!(
                left,
                "the store was closed before these entries were written; they count as unanswered"
            );
        }
        self.shared.moved.notify_waiters();
    }
}

impl<E, F: FnMut(Vec<E>, Result<(), Error>)> Intake<E, F> {
    /// A panic in there is a fault of one entry's effects; the writer goes on.
    fn let_go(&mut self, entries: Vec<E>, outcome: Result<(), Error>) {
        if !entries.is_empty()
            && catch_unwind(AssertUnwindSafe(|| (self.release)(entries, outcome))).is_err()
        {
            tracing::error!("releasing a batch panicked; what it had not done yet is not done");
        }
    }
}

fn size(op: &Op) -> usize {
    match op {
        Op::Message(m) => m.xml.len(),
        Op::Write(statements) => statements
            .iter()
            .flat_map(|s| &s.params)
            .map(crate::Value::size)
            .sum(),
    }
}
