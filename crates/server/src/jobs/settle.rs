//! What remains when a call is over: what its legs cost, once the carrier says so, and recordings whose callback got lost.

use chrono::TimeDelta;
use offhook_core::call::{Call, Outcome};
use offhook_core::id::OrgId;
use offhook_store::jobs::Job;
use offhook_store::recordings::RecordingStatus;
use offhook_store::{Error, calls, recordings as store};
use offhook_twilio::rest::{call, recording};
use serde_json::json;

use super::run::Next;
use crate::app::App;
use crate::calls::changed;
use crate::calls::story::{self, Source, Telling};
use crate::carrier::{self, Account};
use crate::recordings;

/// When it is asked for the first time after the end of a call.
pub(crate) const FIRST: TimeDelta = TimeDelta::seconds(15);
/// When again, minutes; then nobody asks any more.
const LATER: [i64; 7] = [1, 5, 15, 60, 240, 720, 1440];

/// Asks for what is missing of a call that is over.
pub(super) async fn ask(app: &App, job: &Job) -> Result<Next, Error> {
    let Some(call_id) = &job.call else {
        return Ok(Next::GiveUp("it names no call".into()));
    };
    let found = app
        .db
        .read(&job.org, async |tx| calls::load(tx, call_id).await)
        .await?
        .call;
    let Some(account) = carrier::of_call(&app.db, &app.keys, &found).await? else {
        return Ok(Next::GiveUp("there is no carrier account".into()));
    };
    let unpriced = prices(app, &account, &job.org, &found).await?;
    let untold = lost_recordings(app, &account, &job.org, &found).await?;
    if unpriced + untold == 0 {
        return Ok(Next::Done(json!({})));
    }
    let attempt = usize::try_from(job.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    Ok(match LATER.get(attempt) {
        Some(minutes) => Next::Again(
            app.clock.now() + TimeDelta::minutes(*minutes),
            format!("{unpriced} legs have no price yet, {untold} recordings are on their way"),
        ),
        None => Next::GiveUp("the carrier never said everything".into()),
    })
}

/// Stores what each leg cost; answers how many have no price yet. Pages are told once, and only of a new sum.
async fn prices(app: &App, account: &Account, org: &OrgId, found: &Call) -> Result<usize, Error> {
    let mut told = Vec::new();
    let mut missing = 0;
    for sid in found.legs.iter().filter_map(|leg| leg.sid.as_deref()) {
        let request = call::fetch(&account.account_sid, sid);
        match app.carrier.send(account, &request).await {
            Ok(leg) => match leg.price {
                Some(price) => {
                    let unit = leg.price_unit.unwrap_or_else(|| "USD".to_owned());
                    told.push((sid, price, unit));
                }
                None => missing += 1,
            },
            Err(error) if error.is_gone() => {}
            Err(_) => missing += 1,
        }
    }
    if told.is_empty() {
        return Ok(missing);
    }
    let now = app.clock.now();
    app.write(org, async |tx| {
        let before = calls::summary(tx, &found.id).await?.price;
        for (sid, price, unit) in &told {
            calls::set_leg_price(tx, sid, price, unit).await?;
        }
        if calls::summary(tx, &found.id).await?.price != before {
            changed(tx, &found.id, now).await?;
        }
        Ok::<_, Error>(())
    })
    .await?;
    Ok(missing)
}

/// Looks for recordings that nobody told us of, or whose end nobody told; answers how many are not ready at the carrier.
async fn lost_recordings(
    app: &App,
    account: &Account,
    org: &OrgId,
    found: &Call,
) -> Result<usize, Error> {
    let known = app
        .db
        .read(org, async |tx| store::of_call(tx, &found.id).await)
        .await?;
    let settled = known
        .iter()
        .all(|recording| recording.status > RecordingStatus::InProgress);
    // Whoever was asked for a message may have left one, though nobody told.
    let asked = found.outcome() == Some(Outcome::Missed);
    let expected =
        found.recording.requested || found.message.is_some() || !known.is_empty() || asked;
    let Some(sid) = found.customer_sid().filter(|_| expected) else {
        return Ok(0);
    };
    if settled && !known.is_empty() {
        return Ok(0);
    }
    let request = recording::list_of_call(&account.account_sid, sid);
    let Ok(page) = app.carrier.send(account, &request).await else {
        return Ok(1);
    };
    let mut running = 0;
    for read in &page.items {
        let told = recordings::Said::read(read);
        running += usize::from(!told.is_final());
        let lost = told.message(sid).filter(|_| found.message.is_none());
        if let Some(message) = lost {
            let telling = Telling::of(vec![message], Source::Carrier);
            story::tell(app, org, &found.id, &telling).await?;
        }
        recordings::note(app, org, &found.id, &told).await?;
    }
    Ok(running)
}
