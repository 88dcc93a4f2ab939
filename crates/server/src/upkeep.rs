//! What has to be done now and then: forgetting what has ended.

use std::time::Duration;

use chrono::TimeDelta;
use offhook_store::{Reason, credentials};

use crate::app::App;

/// How often callers with full buckets are forgotten.
const OFTEN: Duration = Duration::from_mins(1);
/// How often ended sessions and old links are cleared away.
const SELDOM: TimeDelta = TimeDelta::hours(1);

/// Keeps the house for as long as the server runs.
pub(crate) async fn run(app: App) {
    let mut pruned_at = app.clock.now();
    loop {
        app.clock.sleep(OFTEN).await;
        app.limits.sweep();
        let now = app.clock.now();
        if now - pruned_at < SELDOM {
            continue;
        }
        pruned_at = now;
        let system = app.db.system(Reason::Sweep);
        if let Err(error) = system
            .write(async |conn| credentials::prune(conn, now).await)
            .await
        {
            tracing::warn!(%error, "ended sessions were not cleared away");
        }
    }
}
