//! A number at the carrier follows what it is here: its name, and where its calls ask.

use offhook_core::id::NumberId;
use offhook_store::Error;
use offhook_store::jobs::Job;
use offhook_store::numbers::{self, Number};
use offhook_twilio::rest::number::{self, Change};
use offhook_twilio::words::Method;
use serde_json::json;

use super::account_of;
use super::found::{facts, has_emergency_address};
use crate::app::App;
use crate::carrier::{self, Account, SetUpError};
use crate::jobs::Next;
use crate::webhooks::urls::{Door, Doors};

/// The longest name that the carrier keeps.
const LONGEST_NAME: usize = 64;

/// What a new number's settings at the carrier are: its calls come here from the first one on.
pub(super) fn settings(app: &App, label: Option<&str>) -> Change {
    let doors = Doors::of(&app.config);
    Change {
        friendly_name: label.map(name),
        voice_url: Some(doors.bare(Door::Voice)),
        voice_method: Some(Method::Post),
        voice_fallback_url: Some(doors.bare(Door::Fallback)),
        voice_fallback_method: Some(Method::Post),
        status_callback: Some(doors.bare(Door::Status)),
        status_callback_method: Some(Method::Post),
        ..Change::default()
    }
}

fn name(label: &str) -> String {
    label.chars().take(LONGEST_NAME).collect()
}

/// Sets a number up, as often as it takes.
pub(crate) async fn set_up(app: &App, job: &Job, id: &NumberId) -> Result<Next, Error> {
    let read = app.db.read(&job.org, async |tx| numbers::get(tx, id).await);
    let number = match read.await {
        Ok(number) => number,
        Err(Error::NotFound) => return Ok(Next::Done(json!({ "gone": true }))),
        Err(error) => return Err(error),
    };
    let Some(account) = account_of(app, &job.org, &number.carrier).await? else {
        return Ok(Next::Done(json!({ "unknown": true })));
    };
    let told = match at_carrier(app, &account, &number).await {
        Ok(told) => told,
        Err(SetUpError::Store(error)) => return Err(error),
        Err(SetUpError::Send(error)) if error.is_gone() => {
            return Ok(Next::GiveUp("the account has no such number".to_owned()));
        }
        Err(SetUpError::Send(error)) => return Err(Error::Unavailable(error.to_string())),
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

/// Where its calls ask, and its name.
async fn at_carrier(
    app: &App,
    account: &Account,
    number: &Number,
) -> Result<number::Number, SetUpError> {
    let found = carrier::numbers::configure(app, account, number)
        .await?
        .number;
    let wanted = number.label.as_deref().map(name);
    if wanted.is_none() || wanted == found.friendly_name {
        return Ok(found);
    }
    let change = Change {
        friendly_name: wanted,
        ..Change::default()
    };
    let request = number::update(&account.account_sid, &found.sid, &change);
    Ok(app.carrier.send(account, &request).await?)
}
