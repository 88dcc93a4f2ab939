//! Compares calls of which nothing was heard with the carrier, and repairs: callbacks get lost.
//!
//! It acts only when two readings agree, both taken some time after the last word; it never reopens anything.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::call::{Call, Event, Leg, LegReport, LegStatus};
use offhook_core::id::{CallId, OrgId};
use offhook_store::{Error, Reason, calls, leases};
use offhook_twilio::rest::call;

use crate::app::App;
use crate::calls::story::{self, Source, Telling};
use crate::carrier::{self, Account};
use crate::jobs::report;
use crate::{spool, webhooks};

/// How often.
const EVERY: Duration = Duration::from_secs(10);
/// Younger calls are left alone.
const YOUNG: TimeDelta = TimeDelta::seconds(60);
/// So long nothing was heard.
const SILENT: TimeDelta = TimeDelta::seconds(10);
/// The two readings are at least so far apart.
const APART: TimeDelta = TimeDelta::seconds(5);
/// Whoever does an organization keeps it for so long.
const LEASE: TimeDelta = TimeDelta::seconds(25);
/// How many calls of an organization one round looks at.
const AT_ONCE: u32 = 50;

/// What was read of a call, and when.
struct Reading {
    at: Time,
    legs: Vec<LegReport>,
}

type Readings = BTreeMap<CallId, Reading>;

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
    let mut readings = Readings::new();
    loop {
        app.clock.sleep(EVERY).await;
        if let Err(error) = round(app, &mut readings).await {
            tracing::warn!(%error, "a round of the reconciler was not finished");
        }
    }
}

async fn round(app: &App, readings: &mut Readings) -> Result<(), Error> {
    let now = app.clock.now();
    readings.retain(|_, reading| now - reading.at < TimeDelta::minutes(5));
    for org in webhooks::organizations(app).await? {
        let name = format!("reconcile:{org}");
        let system = app.db.system(Reason::Sweep);
        let ours = system
            .write(async |conn| leases::take(conn, &name, app.jobs.node(), now, now + LEASE).await)
            .await?;
        if !ours {
            continue;
        }
        reconcile(app, &org, readings).await?;
    }
    Ok(())
}

async fn reconcile(app: &App, org: &OrgId, readings: &mut Readings) -> Result<(), Error> {
    let now = app.clock.now();
    let stale = app
        .db
        .read(org, async |tx| {
            calls::stale(tx, now - YOUNG, now - SILENT, AT_ONCE).await
        })
        .await?;
    if stale.is_empty() {
        return Ok(());
    }
    let Some(account) = carrier::of_org(&app.db, &app.keys, org).await? else {
        return Ok(());
    };
    for id in stale {
        let found = app
            .db
            .read(org, async |tx| calls::load(tx, &id).await)
            .await?
            .call;
        let legs = read(app, &account, &found).await;
        if legs.is_empty() {
            readings.remove(&id);
            continue;
        }
        match readings.get(&id) {
            Some(first)
                if first.legs == legs
                    && now - first.at >= APART
                    && first.at >= found.heard_at + SILENT =>
            {
                readings.remove(&id);
                tracing::info!(call.id = %id, legs = legs.len(), "a call is not as the carrier says: it is repaired");
                let telling = Telling::of(vec![Event::Reconciled { legs }], Source::Carrier);
                story::tell(app, org, &id, &telling).await?;
            }
            Some(first) if first.legs == legs && first.at >= found.heard_at + SILENT => {}
            _ => {
                readings.insert(id, Reading { at: now, legs });
            }
        }
    }
    Ok(())
}

/// What differs at the carrier: legs that are over there and not here, or further on.
async fn read(app: &App, account: &Account, found: &Call) -> Vec<LegReport> {
    let mut differs = Vec::new();
    for leg in found.legs.iter().filter(|leg| leg.is_live()) {
        let Some(sid) = &leg.sid else {
            differs.extend(dialled(app, account, leg).await);
            continue;
        };
        match app
            .carrier
            .send(account, &call::fetch(&account.account_sid, sid))
            .await
        {
            Ok(read) => differs.extend(
                report(&read).filter(|said| said.status.is_final() || said.status > leg.status),
            ),
            // The carrier has never heard of it, or not any more.
            Err(error) if error.is_gone() => differs.push(LegReport {
                sid: sid.clone(),
                label: None,
                parent_sid: None,
                status: LegStatus::Failed,
                duration_seconds: None,
                error_code: None,
            }),
            Err(error) => tracing::debug!(%error, "a leg could not be read"),
        }
    }
    differs
}

/// What became of a leg that another one's `Dial` was to dial, and of which no callback told us.
async fn dialled(app: &App, account: &Account, leg: &Leg) -> Option<LegReport> {
    let filter = call::dialled_by(leg.parent_sid.as_deref()?);
    let request = call::list(&account.account_sid, &filter);
    let page = app.carrier.send(account, &request).await.ok()?;
    let said = report(page.items.first()?)?;
    Some(LegReport {
        label: Some(leg.label.clone()),
        ..said
    })
}
