//! What has to be done now and then: forgetting what has ended.

use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_store::{
    Error, Reason, credentials, inbox, jobs, organizations, presence, standing_rooms,
};

use crate::app::App;

/// How often callers with full buckets are forgotten.
const OFTEN: Duration = Duration::from_mins(1);
/// How often what has ended is cleared away.
const SELDOM: TimeDelta = TimeDelta::hours(1);
/// How long finished jobs and decided webhooks are kept: nobody repeats anything after so long.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How long the last sign of life of a client is kept that never said that it went.
const BEATS_KEPT: TimeDelta = TimeDelta::days(1);

/// Keeps the house for as long as the server runs.
pub(crate) async fn run(app: App) {
    let mut cleared_at = app.clock.now();
    loop {
        app.clock.sleep(OFTEN).await;
        app.limits.sweep();
        let now = app.clock.now();
        if now - cleared_at < SELDOM {
            continue;
        }
        cleared_at = now;
        if let Err(error) = clear(&app, now).await {
            tracing::warn!(%error, "what has ended was not cleared away; it is tried again in an hour");
        }
    }
}

/// Clears away ended sessions, old links, finished jobs, decided webhooks, rooms of long ago and old signs of life.
async fn clear(app: &App, now: Time) -> Result<(), Error> {
    let system = app.db.system(Reason::Sweep);
    system
        .write(async |conn| {
            credentials::prune(conn, now).await?;
            jobs::prune(conn, now - KEPT).await
        })
        .await?;
    let orgs = app
        .db
        .system(Reason::Sweep)
        .read(async |conn| organizations::ids(conn).await)
        .await?;
    for org in orgs {
        app.db
            .write(&org, async |tx| {
                inbox::prune(tx, now - KEPT).await?;
                standing_rooms::prune(tx, now - KEPT).await?;
                presence::prune(tx, now - BEATS_KEPT).await
            })
            .await?;
    }
    Ok(())
}
