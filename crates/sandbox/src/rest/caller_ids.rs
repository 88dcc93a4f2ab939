//! Verified numbers: a call asks the person at the number for a code, then the number may be shown as caller.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, gone, ok};
use super::callbacks;
use super::refusal::Refusal;
use super::{date, page, uri};
use crate::engine::papers::caller_ids::{CallerId, ValidationRequest};
use crate::engine::papers::newest_first;
use crate::engine::regions::{HOME, split};

/// `GET /OutgoingCallerIds.json`.
pub(super) async fn list(ask: Ask) -> Answer {
    let (number, name) = (
        ask.params.filled("PhoneNumber"),
        ask.params.filled("FriendlyName"),
    );
    let number = number.map(|number| number.replace(' ', "+"));
    let ids: Vec<CallerId> = ask.look(|account| {
        newest_first(&account.papers.caller_ids, |id| id.date_created)
            .into_iter()
            .filter(|id| {
                number
                    .as_ref()
                    .is_none_or(|number| id.phone_number == *number)
                    && name.as_ref().is_none_or(|name| id.friendly_name == *name)
            })
            .cloned()
            .collect()
    })?;
    Ok(ok(page::page(
        &ask,
        "outgoing_caller_ids",
        &ids,
        |id| &id.sid,
        show,
    )))
}

/// `POST /OutgoingCallerIds.json`: the answer has the code, and Twilio calls.
pub(super) async fn create(ask: Ask) -> Answer {
    // Only the first region verifies numbers.
    if split(&ask.account).1 != HOME {
        return Err(Refusal::no_such(ask.uri.path()));
    }
    let params = &ask.params;
    let callback = callbacks::callback(params, "StatusCallback")?;
    let request = ValidationRequest {
        phone_number: params.required("PhoneNumber", 21401)?,
        friendly_name: params.filled("FriendlyName"),
        delay: params.number("CallDelay", 20001, 0..=60)?.unwrap_or(0),
        extension: params.filled("Extension").unwrap_or_default(),
        callback: callback.url,
        callback_method: callback.method,
    };
    answer(
        ask.engine(|engine, now, account| engine.validate_number(now, account, request)),
        |validation| {
            json!({
                "account_sid": validation.account_sid,
                "call_sid": validation.call_sid,
                "friendly_name": validation.friendly_name,
                "phone_number": validation.phone_number,
                "validation_code": validation.code,
            })
        },
    )
}

/// `GET /OutgoingCallerIds/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let id = ask.look(|account| {
        account
            .papers
            .caller_ids
            .get(ask.name("caller_id"))
            .map(show)
    })?;
    Ok(ok(ask.found(id)?))
}

/// `POST /OutgoingCallerIds/{sid}.json`.
pub(super) async fn update(ask: Ask) -> Answer {
    let name = ask.params.text("FriendlyName").unwrap_or_default();
    answer(
        ask.engine(|engine, now, account| {
            engine.update_caller_id(now, account, ask.name("caller_id"), name)
        }),
        show,
    )
}

/// `DELETE /OutgoingCallerIds/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_caller_id(account, ask.name("caller_id"))))
}

fn show(id: &CallerId) -> Value {
    json!({
        "sid": id.sid,
        "account_sid": id.account_sid,
        "friendly_name": id.friendly_name,
        "phone_number": id.phone_number,
        "date_created": date(id.date_created),
        "date_updated": date(id.date_updated),
        "uri": uri(&id.account_sid, &format!("OutgoingCallerIds/{}", id.sid)),
    })
}
