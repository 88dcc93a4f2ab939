//! What the legs of a call cost, once the carrier says so: seconds to hours after the end.

use chrono::TimeDelta;
use offhook_store::jobs::Job;
use offhook_store::{Error, calls};
use offhook_twilio::rest::call;
use serde_json::json;

use super::run::Next;
use crate::app::App;
use crate::carrier;

/// When it is asked for the first time after the end of a call.
pub(crate) const FIRST: TimeDelta = TimeDelta::seconds(15);
/// When again, minutes; then nobody asks any more.
const LATER: [i64; 7] = [1, 5, 15, 60, 240, 720, 1440];

/// Asks for the price of each leg of a call.
pub(super) async fn ask(app: &App, job: &Job) -> Result<Next, Error> {
    let Some(call_id) = &job.call else {
        return Ok(Next::GiveUp("it names no call".into()));
    };
    let Some(account) = carrier::of_org(&app.db, &app.keys, &job.org).await? else {
        return Ok(Next::GiveUp("there is no carrier account".into()));
    };
    let found = app
        .db
        .read(&job.org, async |tx| calls::load(tx, call_id).await)
        .await?
        .call;
    let mut missing = 0;
    for sid in found.legs.iter().filter_map(|leg| leg.sid.as_deref()) {
        match app
            .carrier
            .send(&account, &call::fetch(&account.account_sid, sid))
            .await
        {
            Ok(leg) => match (leg.price, leg.price_unit) {
                (Some(price), unit) => {
                    let unit = unit.unwrap_or_else(|| "USD".to_owned());
                    app.write(&job.org, async |tx| {
                        calls::set_leg_price(tx, sid, &price, &unit).await
                    })
                    .await?;
                }
                (None, _) => missing += 1,
            },
            Err(error) if error.is_gone() => {}
            Err(_) => missing += 1,
        }
    }
    if missing == 0 {
        return Ok(Next::Done(json!({})));
    }
    let attempt = usize::try_from(job.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    Ok(match LATER.get(attempt) {
        Some(minutes) => Next::Again(
            app.clock.now() + TimeDelta::minutes(*minutes),
            format!("{missing} legs have no price yet"),
        ),
        None => Next::GiveUp("the carrier never said the price".into()),
    })
}
