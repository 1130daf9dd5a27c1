//! The writer: one thread that commits what waits, in order, and says so right after.

use crate::{
    Error, Health, Id, Op,
    batch::{self, Outcome},
    clock::now_ms,
    driver::{End, Link, Tx},
    error::Fate,
    value::{Param, Row},
};
use parking_lot::Mutex;
use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle, Thread},
    time::{Duration, Instant},
};
use tokio::sync::{Notify, oneshot};

/// The waits between tries to reach a database that is gone.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How often a waiting writer looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Where entries come from and where they go when it is known what became of them.
pub(crate) trait Source: Send {
    /// Takes what is waiting, up to a batch, and moves its operations into `batch`, one element per entry.
    fn take(&mut self, batch: &mut Vec<Vec<Op>>);
    /// Gives the operations back, with the ids that were given, and lets the entries of the last `take` go.
    fn release(&mut self, batch: Vec<Vec<Op>>, outcomes: Vec<Outcome>);
    /// Nothing is taken any more.
    fn close(&mut self);
}

/// What is asked of the writer directly.
pub(crate) enum Job {
    /// Write this.
    Write {
        ops: Vec<Op>,
        done: oneshot::Sender<Outcome>,
    },
    /// Take entries from here.
    Attach(Box<dyn Source>),
}

/// What the writer and those who give it work share.
pub(crate) struct Desk {
    jobs: Mutex<Option<Vec<Job>>>,
    health: Mutex<Health>,
    stop: AtomicBool,
    thread: Mutex<Option<Thread>>,
    gone: Notify,
}

impl Desk {
    /// A desk nobody sits at yet.
    pub fn new() -> Arc<Desk> {
        Arc::new(Desk {
            jobs: Mutex::new(Some(Vec::new())),
            health: Mutex::default(),
            stop: AtomicBool::new(false),
            thread: Mutex::new(None),
            gone: Notify::new(),
        })
    }

    /// Starts the writer on `link`.
    pub fn start(self: &Arc<Desk>, link: Box<dyn Link>) -> Result<JoinHandle<()>, Error> {
        let writer = Writer {
            desk: self.clone(),
            link,
            source: None,
        };
        let handle = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || writer.run());
        let handle = handle.map_err(Error::unavailable)?;
        *self.thread.lock() = Some(handle.thread().clone());
        Ok(handle)
    }

    /// The writer's thread, for whoever wakes it often.
    pub fn thread(&self) -> Option<Thread> {
        self.thread.lock().clone()
    }

    fn wake(&self) {
        if let Some(thread) = &*self.thread.lock() {
            thread.unpark();
        }
    }

    /// Puts a job down; gives it back if the writer has gone.
    pub fn submit(&self, job: Job) -> Result<(), Job> {
        match &mut *self.jobs.lock() {
            Some(jobs) => jobs.push(job),
            None => return Err(job),
        }
        self.wake();
        Ok(())
    }

    pub fn health(&self) -> Health {
        self.health.lock().clone()
    }

    /// Lets the writer finish what is waiting and then end.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.wake();
    }

    /// Resolves when the writer has ended.
    pub async fn ended(&self) {
        let mut gone = std::pin::pin!(self.gone.notified());
        gone.as_mut().enable();
        if self.jobs.lock().is_some() {
            gone.await;
        }
    }

    /// Whether the end was asked for.
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    fn succeeded(&self) {
        let mut health = self.health.lock();
        if health.error.take().is_some() {
            tracing::info!("the database takes writes again");
        }
        health.since = None;
    }

    fn failed(&self, error: &Error) {
        let mut health = self.health.lock();
        if health.error.as_ref() != Some(error) {
            tracing::error!(%error, "the database does not take writes");
        }
        health.since.get_or_insert_with(Instant::now);
        health.error = Some(error.clone());
    }
}

struct Writer {
    desk: Arc<Desk>,
    link: Box<dyn Link>,
    source: Option<Box<dyn Source>>,
}

/// A way to write a batch.
type Write = fn(&mut dyn Tx, &[Vec<Op>]) -> Result<Vec<Outcome>, Error>;

/// A batch that was sent to be committed.
struct Sent {
    mark: Id,
    first_message: Option<Id>,
    outcomes: Vec<Outcome>,
}

impl Writer {
    fn run(mut self) {
        loop {
            // Read before the work is taken, so that what was submitted before the stop is done.
            let stopping = self.desk.stopping();
            if self.turn().is_continue() {
                continue;
            }
            if stopping {
                break;
            }
            thread::park();
        }
    }

    /// Takes what waits and sees it through. `Break`: there was nothing, or the end came first.
    fn turn(&mut self) -> ControlFlow<()> {
        let mut batch = Vec::new();
        let jobs = self.take_jobs();
        if let Some(source) = &mut self.source {
            source.take(&mut batch);
        }
        let entries = batch.len();
        let mut waiting = Vec::with_capacity(jobs.len());
        for (ops, done) in jobs {
            batch.push(ops);
            waiting.push(done);
        }
        if batch.is_empty() {
            return ControlFlow::Break(());
        }
        let Some(mut outcomes) = self.commit(&mut batch) else {
            tracing::warn!(
                entries,
                "stopped before the database said whether it has them; they count as unanswered"
            );
            return ControlFlow::Break(());
        };
        let answers = outcomes.split_off(entries);
        batch.truncate(entries);
        if let Some(source) = &mut self.source {
            source.release(batch, outcomes);
        }
        for (done, outcome) in waiting.into_iter().zip(answers) {
            // Who asked may have gone; what was asked is done all the same.
            drop(done.send(outcome));
        }
        ControlFlow::Continue(())
    }

    fn take_jobs(&mut self) -> Vec<(Vec<Op>, oneshot::Sender<Outcome>)> {
        let jobs = self
            .desk
            .jobs
            .lock()
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default();
        let mut writes = Vec::new();
        for job in jobs {
            match job {
                Job::Attach(source) => {
                    if let Some(mut old) = self.source.replace(source) {
                        old.close();
                    }
                }
                // Who gave up waiting was told that it did not happen.
                Job::Write { done, .. } if done.is_closed() => {}
                Job::Write { ops, done } => writes.push((ops, done)),
            }
        }
        writes
    }

    /// Writes the batch, for as long as it takes to know what became of it. `None`: told to stop before that.
    fn commit(&mut self, batch: &mut [Vec<Op>]) -> Option<Vec<Outcome>> {
        if batch.iter().all(Vec::is_empty) {
            return Some(batch.iter().map(|_| Ok(Vec::new())).collect());
        }
        let mut sent = None;
        let mut wait = FIRST_WAIT;
        loop {
            let error = match self.attempt(batch, &mut sent) {
                Ok(outcomes) => {
                    self.desk.succeeded();
                    return Some(outcomes);
                }
                Err(error) => error,
            };
            self.desk.failed(&error);
            if error.fate() != Fate::Unknown {
                return Some(batch.iter().map(|_| Err(error.clone())).collect());
            }
            self.link.reset();
            if self.wait(wait).is_break() {
                return None;
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    fn attempt(
        &mut self,
        batch: &mut [Vec<Op>],
        sent: &mut Option<Sent>,
    ) -> Result<Vec<Outcome>, Error> {
        match self.transaction(batch, sent, batch::write) {
            Err(e) if e.fate() == Fate::Entry => self.transaction(batch, sent, batch::write_apart),
            other => other,
        }
    }

    fn transaction(
        &mut self,
        batch: &mut [Vec<Op>],
        sent: &mut Option<Sent>,
        write: Write,
    ) -> Result<Vec<Outcome>, Error> {
        let mut outcomes = Vec::new();
        self.link.transaction(&mut |tx| {
            let last = last_id(tx)?;
            if let Some(before) = sent
                && is_there(tx, before, last)?
            {
                outcomes = before.outcomes.clone();
                return Ok(End::Rollback);
            }
            let mark = batch::assign(batch, last, now_ms());
            outcomes = write(tx, batch)?;
            let value = Param::Int(Some(mark.0));
            tx.execute(
                "UPDATE meta SET value = ? WHERE name = 'last_id' AND value < ?",
                &[value, value],
            )?;
            *sent = Some(Sent {
                mark,
                first_message: batch::first_message(batch),
                outcomes: outcomes.clone(),
            });
            Ok(End::Commit)
        })?;
        Ok(outcomes)
    }

    fn wait(&self, how_long: Duration) -> ControlFlow<()> {
        let until = Instant::now() + how_long;
        while Instant::now() < until {
            if self.desk.stopping() {
                return ControlFlow::Break(());
            }
            thread::sleep(LOOK.min(how_long));
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Writer {
    /// However the writer ends, nobody waits for it any more.
    fn drop(&mut self) {
        if thread::panicking() {
            let error = Error::unavailable("its writer failed; start the server again");
            self.desk.failed(&error);
        }
        self.desk.jobs.lock().take();
        if let Some(source) = &mut self.source {
            source.close();
        }
        self.desk.gone.notify_waiters();
    }
}

fn last_id(tx: &mut dyn Tx) -> Result<Id, Error> {
    let row: Option<Row> = tx.rows(tx.dialect().last_id(), &[])?.pop();
    row.ok_or_else(|| Error::corrupt("the table meta has no last_id"))?
        .int(0)
        .map(Id)
}

/// Whether a batch was committed after all. The row of the last id is locked by now, so nobody is still committing it.
fn is_there(tx: &mut dyn Tx, sent: &Sent, last: Id) -> Result<bool, Error> {
    if last == sent.mark {
        return Ok(true);
    }
    // Somebody else may have written since; our messages would be there all the same.
    match sent.first_message {
        Some(id) if last > sent.mark => Ok(!tx
            .rows(
                "SELECT 1 FROM messages WHERE id = ?",
                &[Param::Int(Some(id.0))],
            )?
            .is_empty()),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests;
