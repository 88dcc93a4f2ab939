//! The account's phone numbers and what they do when they are called.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::params::Params;
use super::refusal::Refusal;
use super::{date, or_null, page, uri};
use crate::engine::account::{HooksChange, Number, NumberChange};

/// `GET /IncomingPhoneNumbers.json`; `PhoneNumber` may be a part of one.
pub(super) async fn list(ask: Ask) -> Answer {
    let (part, name) = (
        ask.params.filled("PhoneNumber"),
        ask.params.filled("FriendlyName"),
    );
    let wanted = |number: &&Number| {
        part.as_ref()
            .is_none_or(|part| number.phone_number.contains(part.trim_matches('*')))
            && name
                .as_ref()
                .is_none_or(|name| number.friendly_name == *name)
    };
    let numbers: Vec<Number> =
        ask.look(|account| account.numbers.values().filter(wanted).cloned().collect())?;
    Ok(ok(page::page(
        &ask,
        "incoming_phone_numbers",
        &numbers,
        |number| &number.sid,
        show,
    )))
}

/// `POST /IncomingPhoneNumbers.json`: any number that nobody has can be had.
pub(super) async fn create(ask: Ask) -> Answer {
    let number = match (
        ask.params.filled("PhoneNumber"),
        ask.params.filled("AreaCode"),
    ) {
        (Some(number), _) => number,
        (None, Some(area)) => free_number(&ask, &area)?,
        (None, None) => {
            return Err(Refusal::invalid(
                21421,
                "No 'PhoneNumber' or 'AreaCode' parameter is specified",
            ));
        }
    };
    let digits = number.strip_prefix('+').unwrap_or_default();
    if !(8..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::invalid(
            21421,
            format!("{number} is not a valid number"),
        ));
    }
    let change = change(&ask.params);
    created(
        ask.engine(|engine, now, account| engine.create_number(now, account, &number, change)),
        show,
    )
}

/// The first number of an area code that nobody has.
fn free_number(ask: &Ask, area: &str) -> Result<String, Refusal> {
    if area.len() != 3 || !area.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::invalid(
            21451,
            format!("{area} is not an area code"),
        ));
    }
    let candidates = (100..200).map(|line| format!("+1{area}5550{line}"));
    let free = ask.engine(|engine, _, _| {
        candidates
            .into_iter()
            .find(|number| engine.owner_of(number).is_none())
    });
    free.ok_or_else(|| Refusal::invalid(21452, format!("No number is left in area code {area}")))
}

/// `GET /IncomingPhoneNumbers/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let number = ask.look(|account| account.numbers.get(ask.name("number")).map(show))?;
    Ok(ok(ask.found(number)?))
}

/// `POST /IncomingPhoneNumbers/{sid}.json`.
pub(super) async fn update(ask: Ask) -> Answer {
    let change = change(&ask.params);
    answer(
        ask.engine(|engine, now, account| {
            engine.update_number(now, account, ask.name("number"), change)
        }),
        show,
    )
}

/// `DELETE /IncomingPhoneNumbers/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_number(account, ask.name("number"))))
}

fn change(params: &Params) -> NumberChange {
    NumberChange {
        friendly_name: params.text("FriendlyName"),
        hooks: hooks(params),
        voice_application_sid: params.text("VoiceApplicationSid"),
    }
}

/// The voice URLs that numbers and Apps have in common.
pub(super) fn hooks(params: &Params) -> HooksChange {
    HooksChange {
        voice_url: params.text("VoiceUrl"),
        voice_method: params.filled("VoiceMethod"),
        voice_fallback_url: params.text("VoiceFallbackUrl"),
        voice_fallback_method: params.filled("VoiceFallbackMethod"),
        status_callback: params.text("StatusCallback"),
        status_callback_method: params.filled("StatusCallbackMethod"),
    }
}

fn show(number: &Number) -> Value {
    let hooks = &number.hooks;
    json!({
        "sid": number.sid,
        "account_sid": number.account_sid,
        "phone_number": number.phone_number,
        "friendly_name": number.friendly_name,
        "voice_url": or_null(&hooks.voice_url),
        "voice_method": hooks.voice_method,
        "voice_fallback_url": or_null(&hooks.voice_fallback_url),
        "voice_fallback_method": hooks.voice_fallback_method,
        "voice_application_sid": or_null(&number.voice_application_sid),
        "voice_caller_id_lookup": false,
        "voice_receive_mode": "voice",
        "status_callback": or_null(&hooks.status_callback),
        "status_callback_method": hooks.status_callback_method,
        "capabilities": { "voice": true, "sms": false, "mms": false, "fax": false },
        "address_requirements": "none",
        "address_sid": null,
        "api_version": "2010-04-01",
        "beta": false,
        "bundle_sid": null,
        "date_created": date(number.date_created),
        "date_updated": date(number.date_updated),
        "emergency_address_sid": null,
        "emergency_address_status": "unregistered",
        "emergency_status": "Active",
        "identity_sid": null,
        "origin": "twilio",
        "status": "in-use",
        "trunk_sid": null,
        "type": "local",
        "uri": uri(&number.account_sid, &format!("IncomingPhoneNumbers/{}", number.sid)),
    })
}
