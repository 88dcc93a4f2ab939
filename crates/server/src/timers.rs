//! Durable deadlines: a call is told when its time has come, by whichever node is there.

use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::call::Event;
use offhook_core::id::CallId;
use offhook_store::timers::{self, Timer};
use offhook_store::{Error, Reason};

use crate::app::App;
use crate::calls::story::{self, Source, Telling};

/// Another node takes a timer over after so long.
const LEASE: TimeDelta = TimeDelta::seconds(20);
/// How often to look when nothing is known to be due.
const LOOK: Duration = Duration::from_secs(5);
/// How long to wait when the database is away.
const AWAY: Duration = Duration::from_secs(1);
/// How many are dealt with at once.
const AT_ONCE: u32 = 50;

/// Starts to keep this node's part of the deadlines.
pub fn start(app: &App) {
    let node = app.clone();
    app.spawn(async move { keep(&node).await });
}

async fn keep(app: &App) {
    // Whatever a dead node had taken comes back by the look that is not caused by the bell.
    let mut look_anyway = true;
    loop {
        let heard = app.deadlines.hear();
        let working = app.work.enter();
        let rest = match due(app, look_anyway).await {
            Ok(0) => next(app).await,
            Ok(_) => continue,
            Err(error) => {
                tracing::debug!(%error, "deadlines cannot be read now");
                AWAY
            }
        };
        drop((heard, working));
        look_anyway = tokio::select! {
            () = app.deadlines.rung() => false,
            () = app.clock.sleep(rest) => true,
        };
    }
}

async fn due(app: &App, look_anyway: bool) -> Result<usize, Error> {
    let now = app.clock.now();
    let system = app.db.system(Reason::Timers);
    // A look that finds nothing shall not cost a write.
    if !look_anyway
        && system
            .read(async |conn| timers::next_due(conn).await)
            .await?
            .is_none_or(|at| at > now)
    {
        return Ok(0);
    }
    let found = system
        .write(async |conn| timers::due(conn, now, now + LEASE, AT_ONCE).await)
        .await?;
    for timer in &found {
        let working = app.work.enter();
        if let Err(error) = deal(app, timer).await {
            tracing::warn!(%error, subject = %timer.subject, "a deadline could not be kept; it comes again");
        }
        drop(working);
    }
    Ok(found.len())
}

async fn deal(app: &App, timer: &Timer) -> Result<(), Error> {
    if let (timers::CALL, Ok(call)) = (timer.kind.as_str(), CallId::parse(&timer.subject)) {
        let telling = Telling::of(vec![Event::Deadline], Source::System);
        match story::tell(app, &timer.org, &call, &telling).await {
            // The end of wrap-up is a deadline of a call that is over: its agent may be free again.
            Ok(told) => told
                .call
                .agent
                .iter()
                .for_each(|agent| app.live.stir(&timer.org, agent)),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    app.db
        .system(Reason::Timers)
        .write(async |conn| timers::done(conn, timer).await)
        .await
}

async fn next(app: &App) -> Duration {
    let system = app.db.system(Reason::Timers);
    let next = system
        .read(async |conn| timers::next_due(conn).await)
        .await
        .ok()
        .flatten();
    let Some(next) = next else { return LOOK };
    (next - app.clock.now())
        .to_std()
        .unwrap_or_default()
        .min(LOOK)
}
