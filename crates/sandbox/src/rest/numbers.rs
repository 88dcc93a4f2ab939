//! The account's phone numbers: bought, set to addresses, moved and given back.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::params::Params;
use super::refusal::Refusal;
use super::{date, magic, or_null, page, uri};
use crate::engine::account::{HooksChange, Number, NumberChange, SmsHooksChange};
use crate::engine::stock::{self, NumberKind};

/// `GET /IncomingPhoneNumbers.json`; `PhoneNumber` may be a part of one, with `*` for any digit.
pub(super) async fn list(ask: Ask) -> Answer {
    let kind = named_kind(&ask);
    let part = ask.params.filled("PhoneNumber");
    let name = ask.params.filled("FriendlyName");
    let (beta, origin) = (ask.params.flag("Beta"), ask.params.filled("Origin"));
    let wanted = |number: &&Number| {
        kind.is_none_or(|kind| number.kind == kind)
            && part
                .as_ref()
                .is_none_or(|part| holds(&number.phone_number, part))
            && name
                .as_ref()
                .is_none_or(|name| number.friendly_name == *name)
            && beta != Some(true)
            && origin.as_ref().is_none_or(|origin| origin == "twilio")
    };
    let mut numbers: Vec<Number> =
        ask.look(|account| account.numbers.values().filter(wanted).cloned().collect())?;
    numbers.sort_by_key(|number| std::cmp::Reverse(number.date_created));
    Ok(ok(page::page(
        &ask,
        "incoming_phone_numbers",
        &numbers,
        |number| &number.sid,
        |number| show_of(kind, number),
    )))
}

/// The kind in `/IncomingPhoneNumbers/Mobile.json`.
fn named_kind(ask: &Ask) -> Option<NumberKind> {
    let last = ask.uri.path().rsplit('/').next()?.strip_suffix(".json")?;
    NumberKind::ALL
        .into_iter()
        .find(|kind| kind.in_path() == last)
}

/// Whether a number has this part; `*` is any one digit, and at the ends any number of them.
fn holds(number: &str, part: &str) -> bool {
    let wanted: Vec<char> = part
        .trim_matches('*')
        .trim_start_matches(' ')
        .chars()
        .collect();
    let is: Vec<char> = number.chars().collect();
    wanted.is_empty()
        || is.windows(wanted.len()).any(|window| {
            window
                .iter()
                .zip(&wanted)
                .all(|(is, wanted)| *wanted == '*' || is == wanted)
        })
}

/// `POST /IncomingPhoneNumbers.json`, and of one kind `/IncomingPhoneNumbers/Local.json`.
pub(super) async fn create(ask: Ask) -> Answer {
    if ask.test {
        return magic::number(&ask);
    }
    let number = match (
        ask.params.filled("PhoneNumber"),
        ask.params.filled("AreaCode"),
    ) {
        (Some(number), _) => number,
        (None, Some(area)) if named_kind(&ask).is_none() => free_number(&ask, &area)?,
        _ => {
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
    let kind = named_kind(&ask);
    if kind.is_some() && stock::item(&number).map(|item| item.shelf.kind) != kind {
        return Err(Refusal::invalid(
            21422,
            format!("{number} is not available."),
        ));
    }
    let change = change(&ask.params)?;
    created(
        ask.engine(|engine, now, account| engine.buy_number(now, account, &number, change)),
        |number| show_of(kind, number),
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
    ask.engine(|engine, _, _| engine.first_of_area(area))
        .ok_or_else(|| {
            Refusal::invalid(21452, format!("No phone numbers found in area code {area}"))
        })
}

/// `GET /IncomingPhoneNumbers/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let number = ask.look(|account| account.numbers.get(ask.name("number")).map(show))?;
    Ok(ok(ask.found(number)?))
}

/// `POST /IncomingPhoneNumbers/{sid}.json`.
pub(super) async fn update(ask: Ask) -> Answer {
    let change = change(&ask.params)?;
    let (sid, target) = (ask.name("number"), ask.params.filled("AccountSid"));
    let target = target.filter(|target| *target != ask.account);
    if target.is_some() {
        ask.only_main()?;
    }
    answer(
        ask.engine(|engine, now, account| {
            let updated = engine.update_number(now, account, sid, change)?;
            match &target {
                Some(target) => engine.move_number(now, account, sid, target),
                None => Ok(updated),
            }
        }),
        show,
    )
}

/// `DELETE /IncomingPhoneNumbers/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_number(account, ask.name("number"))))
}

pub(super) fn change(params: &Params) -> Result<NumberChange, Refusal> {
    let mode = params.one_of("VoiceReceiveMode", 20001, &["voice", "fax"])?;
    Ok(NumberChange {
        friendly_name: params.text("FriendlyName"),
        hooks: hooks(params),
        sms: sms_hooks(params),
        voice_application_sid: params.text("VoiceApplicationSid"),
        sms_application_sid: params.text("SmsApplicationSid"),
        trunk_sid: params.text("TrunkSid"),
        receives_fax: mode.map(|mode| mode == "fax"),
        voice_caller_id_lookup: params.flag("VoiceCallerIdLookup"),
        address_sid: params.text("AddressSid"),
        bundle_sid: params.text("BundleSid"),
        identity_sid: params.text("IdentitySid"),
        emergency_address_sid: params.text("EmergencyAddressSid"),
    })
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

/// The SMS URLs that numbers and Apps have in common.
pub(super) fn sms_hooks(params: &Params) -> SmsHooksChange {
    SmsHooksChange {
        sms_url: params.text("SmsUrl"),
        sms_method: params.filled("SmsMethod"),
        sms_fallback_url: params.text("SmsFallbackUrl"),
        sms_fallback_method: params.filled("SmsFallbackMethod"),
    }
}

/// The lists of one kind do not say which.
fn show_of(kind: Option<NumberKind>, number: &Number) -> Value {
    let mut body = show(number);
    if let (Some(_), Some(fields)) = (kind, body.as_object_mut()) {
        fields.remove("type");
    }
    body
}

pub(super) fn show(number: &Number) -> Value {
    let (hooks, sms) = (&number.hooks, &number.sms);
    let item = stock::item(&number.phone_number);
    let can = item.as_ref().map(|item| item.shelf.capabilities);
    let emergency = if number.emergency_address_sid.is_empty() {
        "unregistered"
    } else {
        "registered"
    };
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
        "voice_caller_id_lookup": number.voice_caller_id_lookup,
        "voice_receive_mode": if number.receives_fax { "fax" } else { "voice" },
        "status_callback": or_null(&hooks.status_callback),
        "status_callback_method": hooks.status_callback_method,
        "sms_url": or_null(&sms.sms_url),
        "sms_method": sms.sms_method,
        "sms_fallback_url": or_null(&sms.sms_fallback_url),
        "sms_fallback_method": sms.sms_fallback_method,
        "sms_application_sid": or_null(&number.sms_application_sid),
        "capabilities": {
            "voice": true,
            "sms": can.is_none_or(|can| can.sms),
            "mms": can.is_none_or(|can| can.mms),
            "fax": false,
        },
        "address_requirements": item.map_or("none", |item| item.shelf.address.as_str()),
        "address_sid": or_null(&number.address_sid),
        "api_version": "2010-04-01",
        "beta": false,
        "bundle_sid": or_null(&number.bundle_sid),
        "date_created": date(number.date_created),
        "date_updated": date(number.date_updated),
        "emergency_address_sid": or_null(&number.emergency_address_sid),
        "emergency_address_status": emergency,
        "emergency_status": if number.emergency_address_sid.is_empty() { "Inactive" } else { "Active" },
        "identity_sid": or_null(&number.identity_sid),
        "origin": "twilio",
        "status": "in-use",
        "trunk_sid": or_null(&number.trunk_sid),
        "type": number.kind.in_answers(),
        "uri": uri(&number.account_sid, &format!("IncomingPhoneNumbers/{}", number.sid)),
    })
}
