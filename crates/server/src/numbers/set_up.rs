//! A number at the carrier follows what it is here: its name, and where its calls ask.

use offhook_core::id::NumberId;
use offhook_store::jobs::Job;
use offhook_store::{Error, numbers};
use offhook_twilio::rest::number::{self, Change};
use offhook_twilio::words::Method;
use serde_json::json;

use super::account_of;
use super::found::{facts, has_emergency_address};
use crate::app::App;
use crate::jobs::Next;
use crate::webhooks::urls::{Door, Doors};

/// The longest name that the carrier keeps.
const LONGEST_NAME: usize = 64;

/// What a number's settings at the carrier shall be.
pub(super) fn settings(app: &App, label: Option<&str>, fallback: Option<&str>) -> Change {
    let doors = Doors::of(&app.config);
    Change {
        friendly_name: label.map(|label| label.chars().take(LONGEST_NAME).collect()),
        voice_url: Some(doors.bare(Door::Voice)),
        voice_method: Some(Method::Post),
        voice_fallback_url: fallback.map(str::to_owned),
        voice_fallback_method: fallback.map(|_| Method::Post),
        status_callback: Some(doors.bare(Door::Status)),
        status_callback_method: Some(Method::Post),
        ..Change::default()
    }
}

/// Sets a number up, as often as it takes.
pub(crate) async fn set_up(app: &App, job: &Job, id: &NumberId) -> Result<Next, Error> {
    let read = app.db.read(&job.org, async |tx| numbers::get(tx, id).await);
    let number = match read.await {
        Ok(number) => number,
        Err(Error::NotFound) => return Ok(Next::Done(json!({ "gone": true }))),
        Err(error) => return Err(error),
    };
    let (Some(sid), Some(account)) = (
        &number.sid,
        account_of(app, &job.org, &number.carrier).await?,
    ) else {
        return Ok(Next::Done(json!({ "unknown": true })));
    };
    let wanted = settings(app, number.label.as_deref(), number.fallback_url.as_deref());
    let request = number::update(&account.account_sid, sid, &wanted);
    let told = match app.carrier.send(&account, &request).await {
        Ok(told) => told,
        Err(error) if error.is_gone() => {
            return Ok(Next::GiveUp("the account has no such number".to_owned()));
        }
        Err(error) => return Err(Error::Unavailable(error.to_string())),
    };
    let now = app.clock.now();
    app.write(&job.org, async |tx| {
        let mut number = match numbers::get(tx, id).await {
            Ok(number) => number,
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        number.facts = facts(&told, &number.facts);
        number.emergency_address |= has_emergency_address(&told);
        numbers::update(tx, &number).await?;
        crate::api::numbers::tell_changed(tx, &number, now).await
    })
    .await?;
    Ok(Next::Done(json!({})))
}
