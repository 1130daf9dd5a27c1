//! Does the same for many users, a bounded number at a time.

use crate::{client::Dialer, session::Session};
use anyhow::{Context, Result};
use std::{cell::RefCell, collections::BTreeMap, ops::Range, rc::Rc};
use tokio::{sync::Semaphore, task::JoinSet};

/// Runs `job(dialer, n)` for each user number, as many at once as the target's `--concurrency` says,
/// and gives the results in order. The first failure ends it.
pub async fn each<T, F, Fut>(users: Range<u32>, dialer: &Rc<Dialer>, job: F) -> Result<Vec<T>>
where
    T: 'static,
    F: Fn(Rc<Dialer>, u32) -> Fut + 'static,
    Fut: Future<Output = Result<T>>,
{
    let gate = Rc::new(Semaphore::new(dialer.target.concurrency as usize));
    let job = Rc::new(job);
    let done = Rc::new(RefCell::new(BTreeMap::new()));
    let mut tasks = JoinSet::new();
    for n in users {
        let (gate, job, done, dialer) = (gate.clone(), job.clone(), done.clone(), dialer.clone());
        tasks.spawn_local(async move {
            let _turn = gate.acquire().await?;
            let result = job(dialer, n).await.with_context(|| format!("user {n}"))?;
            done.borrow_mut().insert(n, result);
            anyhow::Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(done.take().into_values().collect())
}

/// Logs in a range of users, in order.
pub async fn log_in(users: Range<u32>, dialer: &Rc<Dialer>) -> Result<Vec<Session>> {
    each(
        users,
        dialer,
        |dialer, n| async move { dialer.login(n).await },
    )
    .await
}
