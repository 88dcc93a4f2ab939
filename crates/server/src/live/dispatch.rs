//! Gives committed events their cursors and sends them out.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::id::OrgId;
use offhook_store::events::{self, Event};
use offhook_store::{Reason, leases, organizations};
use tokio::sync::mpsc;

use super::{Nudge, Word};
use crate::app::App;

/// How many events one numbering transaction takes.
const AT_ONCE: u32 = 200;
/// How often somebody looks for events that a dead node left without a cursor.
const SWEEP: Duration = Duration::from_secs(5);
/// How long events are kept for clients that come back.
const KEPT: TimeDelta = TimeDelta::days(7);
/// How often old ones are cleared away.
const PRUNE: TimeDelta = TimeDelta::hours(1);

/// Numbers what each nudge is about.
pub(super) async fn run(app: App, mut nudges: mpsc::UnboundedReceiver<Nudge>) {
    while let Some(first) = nudges.recv().await {
        let mut waiting = vec![first];
        while let Ok(more) = nudges.try_recv() {
            waiting.push(more);
        }
        let mut orgs: Vec<&OrgId> = waiting.iter().map(|nudge| &nudge.org).collect();
        orgs.sort_unstable();
        orgs.dedup();
        for org in orgs {
            number(&app, org).await;
        }
        let working: Vec<_> = waiting.into_iter().map(|nudge| nudge.working).collect();
        drop(working);
    }
}

/// Numbers all that is committed, and tells of it.
async fn number(app: &App, org: &OrgId) {
    loop {
        let any = app
            .db
            .read(org, async |tx| events::any_unnumbered(tx).await)
            .await;
        if !any.unwrap_or(true) {
            return;
        }
        let numbered = app
            .db
            .write(org, async |tx| events::number(tx, AT_ONCE).await)
            .await;
        let events = match numbered {
            Ok(events) if events.is_empty() => return,
            Ok(events) => events,
            Err(error) => {
                tracing::warn!(org.id = %org, %error, "events wait for their cursors; the sweep tries again");
                return;
            }
        };
        send(app, org, events).await;
    }
}

async fn send(app: &App, org: &OrgId, events: Vec<Event>) {
    let last = events.last().map_or(0, |event| event.cursor);
    metrics::counter!("offhook_live_events_total").increment(events.len() as u64);
    for event in events {
        app.live.tell(org, Word::Event(Arc::new(event)));
    }
    if let Err(error) = app.db.announce(&format!("events {org} {last}")).await {
        tracing::warn!(org.id = %org, %error, "other nodes were not told of events; they look by themselves");
    }
}

/// Looks now and then for what a dead node left, and clears old events away.
pub(super) async fn sweep(app: App) {
    let holder = uuid::Uuid::now_v7().to_string();
    let mut pruned_at = app.clock.now();
    loop {
        app.clock.sleep(SWEEP).await;
        let now = app.clock.now();
        let ours = app
            .db
            .system(Reason::Sweep)
            .write(async |conn| {
                leases::take(conn, "events", &holder, now, now + TimeDelta::seconds(15)).await
            })
            .await;
        if !ours.unwrap_or(false) {
            continue;
        }
        let orgs = app
            .db
            .system(Reason::Sweep)
            .read(async |conn| organizations::ids(conn).await)
            .await;
        let prunes = now - pruned_at > PRUNE;
        for org in orgs.unwrap_or_default() {
            number(&app, &org).await;
            if prunes {
                prune(&app, &org, now - KEPT).await;
            }
        }
        if prunes {
            pruned_at = now;
        }
    }
}

async fn prune(app: &App, org: &OrgId, before: chrono::DateTime<chrono::Utc>) {
    if let Err(error) = app
        .db
        .write(org, async |tx| events::prune(tx, before).await)
        .await
    {
        tracing::warn!(org.id = %org, %error, "old events were not cleared away");
    }
}
