//! The link between a session and the stream that serves it: one at a time, handed over when the client resumes.

use super::Session;
use std::{sync::Arc, time::Duration};

/// Which stream serves the session. A stream whose generation is not the current one lost it.
#[derive(Debug)]
pub(super) struct Link {
    generation: u32,
    attached: bool,
    taking_over: bool,
    ended: bool,
}

impl Link {
    pub(super) fn attached() -> Link {
        Link {
            generation: 0,
            attached: true,
            taking_over: false,
            ended: false,
        }
    }
}

/// The right of one stream to serve a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment(u32);

/// Who ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The stream that serves it closed it properly, or cannot resume.
    Stream(Attachment),
    /// Nobody resumed it in time.
    Expired,
    /// The server: replaced, banned, deleted.
    Removed,
}

/// Why a session cannot be resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResumeError {
    /// It ended, or another stream is resuming it at this moment.
    Gone,
    /// The stream that serves it did not let go in time.
    Stuck,
}

/// How long a stream that is to give up a session may take for it.
const HANDOVER: Duration = Duration::from_secs(5);

impl Session {
    /// The attachment of the stream that made the session.
    pub fn first_attachment(&self) -> Attachment {
        Attachment(0)
    }

    /// Whether `at` still serves the session.
    pub fn is_served_by(&self, at: Attachment) -> bool {
        self.link.lock().generation == at.0
    }

    /// Whether any stream serves the session.
    pub fn is_attached(&self) -> bool {
        self.link.lock().attached
    }

    /// Whether the session is over: nobody can resume it.
    pub fn has_ended(&self) -> bool {
        self.link.lock().ended
    }

    /// The stream of `at` lets go. Tells whether the session now waits to be resumed (else another stream has it).
    pub fn detach(&self, at: Attachment) -> bool {
        let mut link = self.link.lock();
        let current = link.generation == at.0;
        link.attached = false;
        drop(link);
        self.detached.notify_waiters();
        current
    }

    /// Ends the session if `who` may. Exactly one caller gets `true`.
    pub(crate) fn end(&self, who: Ending) -> bool {
        let mut link = self.link.lock();
        let may = !link.ended
            && match who {
                Ending::Stream(at) => link.generation == at.0,
                Ending::Expired => !link.attached && !link.taking_over,
                Ending::Removed => true,
            };
        if may {
            link.ended = true;
            link.generation += 1;
        }
        may
    }

    /// Takes the session over from whatever stream serves it; that stream ends. Of several that try at once one wins.
    /// When this returns, nothing of the old stream is in flight any more.
    pub async fn take_over(self: &Arc<Session>) -> Result<Attachment, ResumeError> {
        let at = {
            let mut link = self.link.lock();
            if link.ended || link.taking_over {
                return Err(ResumeError::Gone);
            }
            link.taking_over = true;
            link.generation += 1;
            Attachment(link.generation)
        };
        self.wake.notify_one();
        let free = tokio::time::timeout(HANDOVER, self.settled()).await.is_ok();
        let mut link = self.link.lock();
        link.taking_over = false;
        if !free || link.ended {
            return Err(ResumeError::Stuck);
        }
        link.attached = true;
        Ok(at)
    }

    /// Resolves when no stream serves the session and all it sent is released.
    async fn settled(&self) {
        loop {
            let detached = self.detached.notified();
            if !self.is_attached() {
                break;
            }
            detached.await;
        }
        self.below(1).await;
    }
}
