//! Compares calls of which nothing was heard with the carrier, and repairs: callbacks get lost.
//!
//! Calls and rooms are read here, recordings when a call has ended (`jobs/settle`). It acts only when two readings agree, both
//! taken some time after the last word; it never reopens anything. What a reading means is the call's own decision.

mod dials;
mod read;
mod rooms;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::call::{Call, Decision};
use offhook_core::id::{CallId, OrgId};
use offhook_store::{Error, Reason, calls, leases};

use crate::app::App;
use crate::calls::story::{self, Source, Telling};
use crate::{carrier, spool, webhooks};
use read::{Asking, Said};

/// How often.
const EVERY: Duration = Duration::from_secs(10);
/// Younger calls are left alone.
const YOUNG: TimeDelta = TimeDelta::seconds(60);
/// So long nothing was heard.
const SILENT: TimeDelta = TimeDelta::seconds(10);
/// The two readings are at least so far apart.
const APART: TimeDelta = TimeDelta::seconds(5);
/// A first reading that nothing followed is forgotten.
const KEPT: TimeDelta = TimeDelta::minutes(5);
/// Whoever does an organization keeps it for so long.
const LEASE: TimeDelta = TimeDelta::seconds(25);
/// How many calls of an organization one round looks at; the next round goes on after them.
const AT_ONCE: u32 = 50;

/// What was read of a call, and when.
struct Reading {
    at: Time,
    said: Said,
}

/// What one node remembers between its rounds.
#[derive(Default)]
struct Memory {
    readings: BTreeMap<CallId, Reading>,
    /// Where the next round of an organization goes on.
    reached: BTreeMap<OrgId, CallId>,
}

/// Starts to reconcile, to drain the spool, and to decide what dead nodes left in the inbox.
pub fn start(app: &App) {
    let node = app.clone();
    app.spawn(async move { rounds(&node).await });
    let node = app.clone();
    app.spawn(async move { spool::keep_draining(&node).await });
    let node = app.clone();
    app.spawn(async move { webhooks::keep_sweeping(&node).await });
}

async fn rounds(app: &App) {
    let mut memory = Memory::default();
    loop {
        app.clock.sleep(EVERY).await;
        let _working = app.work.enter();
        if let Err(error) = round(app, &mut memory).await {
            tracing::warn!(%error, "a round of the reconciler was not finished");
        }
    }
}

async fn round(app: &App, memory: &mut Memory) -> Result<(), Error> {
    let now = app.clock.now();
    memory.readings.retain(|_, first| now - first.at < KEPT);
    for org in webhooks::organizations(app).await? {
        let name = format!("reconcile:{org}");
        let system = app.db.system(Reason::Sweep);
        let ours = system
            .write(async |conn| leases::take(conn, &name, app.jobs.node(), now, now + LEASE).await)
            .await?;
        if !ours {
            continue;
        }
        if let Err(error) = compare(app, &org, memory).await {
            tracing::warn!(%error, org.id = %org, "an organization's calls were not all compared");
        }
    }
    Ok(())
}

async fn compare(app: &App, org: &OrgId, memory: &mut Memory) -> Result<(), Error> {
    let heard = app.clock.now() - SILENT;
    let silent = silent(app, org, memory).await?;
    if silent.is_empty() && !rooms::may_be_left(app, org).await? {
        return Ok(());
    }
    let Some(account) = carrier::of_org(&app.db, &app.keys, org).await? else {
        return Ok(());
    };
    let open = rooms::open(app, &account).await;
    let left = rooms::left_over(app, org, open.as_ref(), &silent, heard).await?;
    let asking = Asking {
        app,
        org,
        account: &account,
        open: open.as_ref(),
    };
    for id in silent.into_iter().chain(left) {
        look_at(&asking, &id, memory).await?;
    }
    Ok(())
}

/// The next calls of an organization of which nothing was heard.
async fn silent(app: &App, org: &OrgId, memory: &mut Memory) -> Result<Vec<CallId>, Error> {
    let now = app.clock.now();
    let after = memory.reached.remove(org);
    let found = app
        .db
        .read(org, async |tx| {
            calls::silent(tx, now - YOUNG, now - SILENT, after.as_ref(), AT_ONCE).await
        })
        .await?;
    let full = found.len() == AT_ONCE as usize;
    if let Some(last) = found.last().filter(|_| full) {
        memory.reached.insert(org.clone(), last.clone());
    }
    Ok(found)
}

/// Reads what the carrier says of a call. The second time that it says the same the call is told, if that is any news to it.
async fn look_at(asking: &Asking<'_>, id: &CallId, memory: &mut Memory) -> Result<(), Error> {
    let (app, org) = (asking.app, asking.org);
    let found = app
        .db
        .read(org, async |tx| calls::load(tx, id).await)
        .await?
        .call;
    let now = app.clock.now();
    let said = read(asking, &found).await?;
    if !is_news(&found, now, &said) {
        memory.readings.remove(id);
        return Ok(());
    }
    let quiet_since = found
        .ended_at()
        .map_or(found.heard_at, |at| at.max(found.heard_at));
    let first = memory
        .readings
        .get(id)
        .filter(|first| first.said == said && first.at >= quiet_since + SILENT);
    match first {
        Some(first) if now - first.at >= APART => {
            memory.readings.remove(id);
            tracing::info!(call.id = %id, "a call is not as the carrier says: it is repaired");
            let telling = Telling::of(said.events(), Source::Carrier);
            story::tell(app, org, id, &telling).await?;
        }
        Some(_) => {}
        None => {
            memory
                .readings
                .insert(id.clone(), Reading { at: now, said });
        }
    }
    Ok(())
}

/// Reads a call at the account where it is: elsewhere it would look as if it had never been.
async fn read(asking: &Asking<'_>, found: &Call) -> Result<Said, Error> {
    let app = asking.app;
    let account = carrier::of_call(&app.db, &app.keys, found).await?;
    let Some(account) = account.filter(|account| account.id != asking.account.id) else {
        return asking.read(found).await;
    };
    let open = rooms::open(app, &account).await;
    let there = Asking {
        account: &account,
        open: open.as_ref(),
        ..*asking
    };
    there.read(found).await
}

fn is_news(call: &Call, now: Time, said: &Said) -> bool {
    let events = said.clone().events();
    events
        .into_iter()
        .any(|event| matches!(call.decide(now, event), Decision::Next { .. }))
}
