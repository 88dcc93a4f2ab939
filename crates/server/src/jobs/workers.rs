//! Who does the jobs: one dispatcher for each class, so that call control never stands behind downloads.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use offhook_store::jobs::{self, Class, Job};
use offhook_store::{Error, Reason};
use tokio::sync::futures::Notified;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::run;
use crate::app::App;
use crate::bell::Bell;
use crate::clock::Gauge;

/// Another node takes a job over so long after the last sign of life: a caller is waiting for what a dead node was about to do.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// How often whoever works on a job gives such a sign.
const RENEWAL: Duration = Duration::from_secs(4);
/// How long a job may go on when the server is told to end, in real time.
const FAREWELL: Duration = Duration::from_secs(3);
/// How often to look for what another node left, when nothing else wakes us.
const POLL: Duration = Duration::from_secs(5);
/// How often to look while a job waits for another of its call.
const BLOCKED: Duration = Duration::from_millis(250);
/// How long to wait when the database is away.
const AWAY: Duration = Duration::from_secs(1);

/// The bells that a commit rings.
pub struct Jobs {
    /// This node among its peers.
    node: String,
    lanes: [Lane; 3],
    /// Told whenever this node has ended a job.
    ended: Notify,
}

struct Lane {
    class: Class,
    workers: usize,
    bell: Bell,
}

impl Default for Jobs {
    fn default() -> Self {
        let lane = |class, workers| Lane {
            class,
            workers,
            bell: Bell::default(),
        };
        Self {
            node: format!("node_{}", Uuid::now_v7().simple()),
            lanes: [
                lane(Class::CallControl, 16),
                lane(Class::Download, 2),
                lane(Class::Background, 4),
            ],
            ended: Notify::new(),
        }
    }
}

impl Jobs {
    /// This node's name.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Waits until this node has ended some job, for a request whose answer holds what the job brings.
    pub(crate) fn ended(&self) -> Notified<'_> {
        self.ended.notified()
    }

    /// A job of this node has ended.
    pub(super) fn tell_ended(&self) {
        self.ended.notify_waiters();
    }

    /// There may be work: look now.
    pub fn nudge(&self, work: &Gauge) {
        for lane in &self.lanes {
            lane.bell.ring(work);
        }
    }
}

/// Starts this node's workers.
pub fn start(app: &App) {
    for lane in 0..app.jobs.lanes.len() {
        let node = app.clone();
        app.spawn(async move { dispatch(&node, &node.jobs.lanes[lane]).await });
    }
    let node = app.clone();
    app.spawn(async move { settle_lost(&node).await });
}

async fn dispatch(app: &App, lane: &Lane) {
    let free = Arc::new(Semaphore::new(lane.workers));
    // What a dead node left is found by the look that is not caused by the bell.
    let mut look_anyway = true;
    loop {
        let heard = lane.bell.hear();
        let working = app.work.enter();
        let rest = match claim(app, lane, free.available_permits(), look_anyway).await {
            Ok(jobs) if !jobs.is_empty() => {
                for job in jobs {
                    let Ok(permit) = Arc::clone(&free).try_acquire_owned() else {
                        break;
                    };
                    begin(app, job, permit);
                }
                continue;
            }
            Ok(_) if free.available_permits() == 0 => POLL,
            Ok(_) => next_look(app, lane).await,
            Err(error) => {
                tracing::debug!(%error, "jobs cannot be claimed now");
                AWAY
            }
        };
        drop((heard, working));
        look_anyway = tokio::select! {
            () = lane.bell.rung() => false,
            () = app.clock.sleep(rest) => true,
        };
    }
}

async fn claim(app: &App, lane: &Lane, free: usize, look_anyway: bool) -> Result<Vec<Job>, Error> {
    let most = u32::try_from(free).unwrap_or(u32::MAX);
    if most == 0 {
        return Ok(Vec::new());
    }
    let now = app.clock.now();
    let system = app.db.system(Reason::Jobs);
    // A look that finds nothing shall not cost a write.
    if !look_anyway {
        let next = system
            .read(async |conn| jobs::next_run_at(conn, lane.class).await)
            .await?;
        if next.is_none_or(|at| at > now) {
            return Ok(Vec::new());
        }
    }
    system
        .write(async |conn| {
            jobs::claim(conn, lane.class, &app.jobs.node, now, now + LEASE, most).await
        })
        .await
}

/// How long nobody needs to look, unless the bell rings.
async fn next_look(app: &App, lane: &Lane) -> Duration {
    let system = app.db.system(Reason::Jobs);
    let next = system
        .read(async |conn| jobs::next_run_at(conn, lane.class).await)
        .await
        .ok()
        .flatten();
    let Some(next) = next else { return POLL };
    (next - app.clock.now())
        .to_std()
        .map_or(BLOCKED, |rest| rest.min(POLL))
}

/// Not spawned as what ends with the server is: a request that is on its way when the server is told to end may come back,
/// if it does so soon.
fn begin(app: &App, job: Job, permit: OwnedSemaphorePermit) {
    let working = app.work.enter();
    let node = app.clone();
    app.tasks.spawn(async move {
        tokio::select! {
            () = run::run(&node, &job) => (),
            () = keep(&node, &job) => (),
            () = farewell(&node) => (),
        }
        drop(permit);
        // The next job of the same call may run now.
        node.jobs.nudge(&node.work);
        drop(working);
    });
}

/// Ends a little after the server is told to end.
async fn farewell(app: &App) {
    app.stop.cancelled().await;
    tokio::time::sleep(FAREWELL).await;
}

/// Keeps a job from the other nodes for as long as this one works on it; never ends.
async fn keep(app: &App, job: &Job) {
    loop {
        app.clock.sleep(RENEWAL).await;
        let until = app.clock.now() + LEASE;
        let kept = app
            .db
            .system(Reason::Jobs)
            .write(async |conn| jobs::renew_lease(conn, job, until).await)
            .await;
        match kept {
            Ok(true) => {}
            // What it does is safe to be done twice, and its end will not be believed.
            Ok(false) => tracing::debug!(job.id = %job.id, "a job was given to another node"),
            Err(error) => tracing::debug!(%error, job.id = %job.id, "a job could not be kept"),
        }
    }
}

/// What a dead node may have sent is not sent again: the carrier's callback or the reconciler settles it.
async fn settle_lost(app: &App) {
    loop {
        app.clock.sleep(Duration::from_secs(15)).await;
        let now = app.clock.now();
        let lost = app
            .db
            .system(Reason::Jobs)
            .write(async |conn| jobs::lost(conn, now).await)
            .await;
        for job in lost.unwrap_or_default() {
            tracing::warn!(job.id = %job.id, job.kind = %job.kind, "a node died while this was on its way; it is not sent again");
        }
    }
}
