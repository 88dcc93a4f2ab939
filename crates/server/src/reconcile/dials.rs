//! Legs that were asked for when the carrier's answer got lost: it is asked whether it dialled.

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::call::{Call, Leg, LegReport};
use offhook_store::jobs::JobState;
use offhook_store::{Error, calls, jobs};
use offhook_twilio::rest::call::{self, Filter};

use super::read::Asking;
use crate::jobs::{Dial, report};

/// The carrier's clock and ours may differ by so much.
const SKEW: TimeDelta = TimeDelta::seconds(10);
/// How many calls between the two numbers are looked through.
const PAGE: u32 = 50;

/// What became of them.
#[derive(Default)]
pub(super) struct Dialled {
    /// Dialled, each under the label that was asked for.
    pub(super) reports: Vec<LegReport>,
    /// Labels of those that never left.
    pub(super) never: Vec<String>,
}

/// Looks for the legs of this call of which nobody knows whether they were dialled.
pub(super) async fn settle(asking: &Asking<'_>, found: &Call) -> Result<Dialled, Error> {
    let mut dialled = Dialled::default();
    let waits = |label: &str| {
        let asked = |leg: &&Leg| leg.sid.is_none() && leg.is_live();
        let leg = found
            .legs
            .iter()
            .filter(asked)
            .find(|leg| leg.label == label)?;
        Some(leg.created_at)
    };
    for dial in unknown(asking, found).await? {
        let Some(asked_at) = waits(&dial.label) else {
            continue;
        };
        let Some(made) = look_for(asking, &dial, asked_at).await? else {
            continue;
        };
        match &made[..] {
            [] => dialled.never.push(dial.label),
            [only] => dialled.reports.push(LegReport {
                label: Some(dial.label),
                ..only.clone()
            }),
            // Nobody can tell which is ours; the deadline of the call decides.
            _ => {}
        }
    }
    Ok(dialled)
}

/// The dials of this call whose answer never came.
async fn unknown(asking: &Asking<'_>, found: &Call) -> Result<Vec<Dial>, Error> {
    if found.legs.iter().all(|leg| leg.sid.is_some()) {
        return Ok(Vec::new());
    }
    let all = asking
        .app
        .db
        .read(asking.org, async |tx| jobs::of_call(tx, &found.id).await)
        .await?;
    let unknown = all.into_iter().filter(|job| job.state == JobState::Unknown);
    Ok(unknown.filter_map(|job| Dial::read(job.payload)).collect())
}

/// The carrier's calls between these numbers since then that are nobody's leg here; `None` when it could not be asked.
async fn look_for(
    asking: &Asking<'_>,
    dial: &Dial,
    asked_at: Time,
) -> Result<Option<Vec<LegReport>>, Error> {
    let filter = Filter {
        to: Some(dial.to.clone()),
        from: Some(dial.from.clone()),
        page_size: Some(PAGE),
        ..Filter::default()
    };
    let request = call::list(&asking.account.account_sid, &filter);
    let Ok(page) = asking.app.carrier.send(asking.account, &request).await else {
        return Ok(None);
    };
    let mut made = Vec::new();
    for found in page.items {
        if found.date_created.is_some_and(|at| at < asked_at - SKEW) {
            continue;
        }
        let known = asking
            .app
            .db
            .read(asking.org, async |tx| {
                calls::by_leg_sid(tx, &found.sid).await
            })
            .await?;
        if known.is_none() {
            made.extend(report(&found));
        }
    }
    Ok(Some(made))
}
