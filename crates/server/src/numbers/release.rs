//! A number is given back to the carrier: gone there first, then here, however often either is interrupted.

use offhook_core::id::NumberId;
use offhook_store::jobs::{self, Job, JobState};
use offhook_store::{Error, numbers};
use offhook_twilio::errors::explain;
use offhook_twilio::rest::number;
use serde_json::json;

use super::{Task, Who, account_of, outcome};
use crate::api::audit;
use crate::app::App;
use crate::carrier::{self, SendError};
use crate::error::ApiError;
use crate::jobs::Next;

/// Begins to give a number back, and waits for the end. `false`: it goes on.
pub(crate) async fn release(app: &App, who: &Who, id: &NumberId) -> Result<bool, ApiError> {
    let now = app.clock.now();
    let job = app
        .write(&who.org, async |tx| {
            let number = numbers::get(tx, id)
                .await
                .map_err(|error| ApiError::missing(error, "number"))?;
            if number.sid.is_none() {
                return Err(ApiError::conflict(
                    "not_at_carrier",
                    "this number was never found at the carrier; take it out of the list instead",
                ));
            }
            let task = Task::Release { number: id.clone() };
            let job = jobs::enqueue(tx, &task.job(now), now).await?;
            audit::note(tx, who, now, "number.release", id.as_str(), json!({})).await?;
            job.ok_or(ApiError::Unavailable)
        })
        .await?;
    let job = outcome(app, &job).await?;
    match job.state {
        JobState::Done => Ok(true),
        JobState::Failed => Err(ApiError::Carrier {
            code: "carrier_refused",
            detail: job
                .error
                .unwrap_or_else(|| "the carrier keeps the number".to_owned()),
            carrier_code: None,
        }),
        _ => Ok(false),
    }
}

/// Gives it back; one that is gone at the carrier already is gone.
pub(crate) async fn give_back(app: &App, job: &Job, id: &NumberId) -> Result<Next, Error> {
    let read = app.db.read(&job.org, async |tx| numbers::get(tx, id).await);
    let number = match read.await {
        Ok(number) => number,
        Err(Error::NotFound) => return Ok(Next::Done(json!({}))),
        Err(error) => return Err(error),
    };
    let (Some(sid), Some(account)) = (
        &number.sid,
        account_of(app, &job.org, &number.carrier).await?,
    ) else {
        return Ok(Next::GiveUp(
            "there is no account to give it back to".to_owned(),
        ));
    };
    let request = number::delete(&account.account_sid, sid);
    match app.carrier.send(&account, &request).await {
        Ok(_) => {}
        Err(error) if error.is_gone() => {}
        Err(SendError::Refused(refusal)) => {
            let known = refusal.code.and_then(explain);
            let why = known.map_or(refusal.message, |known| {
                format!("{} {}", known.meaning, known.cure)
            });
            return Ok(Next::GiveUp(why));
        }
        Err(error) => return Err(Error::Unavailable(error.to_string())),
    }
    let now = app.clock.now();
    app.write(&job.org, async |tx| match numbers::remove(tx, id).await {
        Ok(()) => crate::api::numbers::tell_removed(tx, id, now).await,
        Err(Error::NotFound) => Ok(()),
        Err(error) => Err(error),
    })
    .await?;
    carrier::changed(app, &job.org).await;
    Ok(Next::Done(json!({})))
}
