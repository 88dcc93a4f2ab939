//! Numbers per agent, the admins' part: numbers are searched, bought, and given to an agent.
//!
//! The stories are those of `/api/v1/numbers` and of an agent's calling settings; a number that the account has already is taken
//! over when it is first assigned.

use std::collections::HashMap;

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use offhook_core::id::UserId;
use offhook_core::phone::PhoneNumber;
use offhook_store::numbers::{Number, list};
use offhook_store::{organizations, users};
use offhook_twilio::rest::available::NumberKind;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::calling::{self, CallingInput};
use crate::api::{Body, Params};
use crate::auth::{Caller, may};
use crate::calls::start::request_key;
use crate::error::ApiError;
use crate::numbers::{self, Bought, Purchase, Wanted};

/// The system's own country.
const COUNTRY: &str = "GB";
/// How many numbers it shows.
const SHOWN: usize = 20;

/// What to look for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Search {
    area_code: Option<String>,
    country: Option<String>,
}

/// What to buy.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Choice {
    phone_number: Option<String>,
}

/// Whose number it will be, and how that agent calls.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Assignment {
    target_user_id: Option<String>,
    phone_number: Option<String>,
    caller_id_number: Option<String>,
    auto_record: Option<bool>,
}

/// `GET /api/admin/twilio/available-numbers`: what can be bought, in Great Britain where no country is named.
pub(super) async fn available(
    caller: Caller<may::ManageNumbers>,
    Params(search): Params<Search>,
) -> Result<Json<Value>, ApiError> {
    let country = given(search.country).unwrap_or_else(|| COUNTRY.to_owned());
    let wanted = Wanted {
        kind: (country == COUNTRY).then_some(NumberKind::Local),
        country,
        area_code: search.area_code,
        ..Wanted::default()
    };
    let found = numbers::search(caller.app(), &caller.org, &wanted).await;
    let found = found.map_err(named)?;
    let shown = found.items.into_iter().take(SHOWN).map(|offered| {
        let can = offered.capabilities;
        json!({
            "phoneNumber": offered.number,
            "friendlyName": offered.national,
            "locality": offered.locality,
            "region": offered.region,
            "capabilities": capabilities(can.voice, can.sms, can.mms),
        })
    });
    let shown: Vec<Value> = shown.collect();
    Ok(Json(
        json!({ "success": true, "total": shown.len(), "numbers": shown }),
    ))
}

/// `POST /api/admin/twilio/purchase-number`: buys one; its webhooks are set by us.
pub(super) async fn purchase(
    caller: Caller<may::ManageNumbers>,
    headers: HeaderMap,
    Body(choice): Body<Choice>,
) -> Result<Response, ApiError> {
    let number = needed("phoneNumber", choice.phone_number)?;
    let key = request_key(&caller, &headers)?;
    let wanted = Purchase {
        number,
        ..Purchase::default()
    };
    let bought = numbers::purchase(caller.app(), &caller, key.as_deref(), &wanted).await;
    let (status, words, e164, sid, name) = match bought.map_err(named)? {
        Bought::Number(number) => {
            let name = friendly_name(&number);
            (
                StatusCode::OK,
                "Phone number purchased successfully",
                number.e164,
                number.sid,
                name,
            )
        }
        Bought::Pending(order) => {
            let words = "The phone number is being purchased; it will be in the list";
            (
                StatusCode::ACCEPTED,
                words,
                order.e164.clone(),
                None,
                order.e164,
            )
        }
    };
    let data = json!({ "phoneNumber": e164, "sid": sid, "friendlyName": name });
    let answer = json!({ "success": true, "message": words, "data": data });
    Ok((status, Json(answer)).into_response())
}

/// `POST /api/admin/twilio/assign-number`: the number is this agent's own, and nobody else's; the agent has no other.
pub(super) async fn assign(
    caller: Caller<may::ManageUsers>,
    Body(wanted): Body<Assignment>,
) -> Result<Json<Value>, ApiError> {
    let agent = person(&caller, &needed("targetUserId", wanted.target_user_id)?).await?;
    let number = here(&caller, &needed("phoneNumber", wanted.phone_number)?).await?;
    let shown = given(wanted.caller_id_number).unwrap_or_else(|| number.e164.clone());
    let settings = CallingInput::own(&number.id, shown, wanted.auto_record);
    let path = Path(agent.to_string());
    let Json(now) = calling::put(caller, path, Body(settings))
        .await
        .map_err(named)?;
    let data = json!({
        "userId": agent,
        "assignedPhoneNumber": number.e164,
        "callerIdNumber": now.caller_id,
        "autoRecord": now.record,
        "autoTranscribe": false,
    });
    let message = "Phone number assigned successfully";
    Ok(Json(
        json!({ "success": true, "message": message, "data": data }),
    ))
}

/// `GET /api/admin/twilio/purchased-numbers`: all that the account has, and whose each is.
pub(super) async fn purchased(caller: Caller<may::ManageNumbers>) -> Result<Json<Value>, ApiError> {
    let account = numbers::importable(caller.app(), &caller.org).await?;
    let (ours, people) = caller
        .read(async |tx| Ok((list(tx).await?, users::members(tx, &caller.org).await?)))
        .await?;
    let names: HashMap<_, _> = people
        .into_iter()
        .map(|m| (m.user.id, m.user.name))
        .collect();
    let ours: HashMap<_, _> = ours.into_iter().map(|n| (n.e164.clone(), n)).collect();
    let mine = account
        .into_iter()
        .filter(|seen| seen.already.is_none_or(|at| at == "here"));
    let shown: Vec<_> = mine
        .map(|seen| {
            let known = ours.get(&seen.number.phone_number);
            let agent = known.and_then(|number| number.agent.as_ref());
            let can = seen.number.capabilities;
            json!({
                "phoneNumber": seen.number.phone_number,
                "friendlyName": known.map(friendly_name).or(seen.number.friendly_name),
                "sid": seen.number.sid,
                "capabilities": capabilities(can.voice, can.sms, can.mms),
                "assigned": agent.is_some(),
                "assignedTo": agent.and_then(|agent| names.get(agent)),
                "assignedToId": agent,
            })
        })
        .collect();
    Ok(Json(
        json!({ "success": true, "total": shown.len(), "numbers": shown }),
    ))
}

fn capabilities(voice: bool, sms: bool, mms: bool) -> Value {
    json!({ "voice": voice, "sms": sms, "mms": mms })
}

fn friendly_name(number: &Number) -> String {
    number.label.clone().unwrap_or_else(|| number.e164.clone())
}

fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

fn needed(field: &'static str, text: Option<String>) -> Result<String, ApiError> {
    given(text).ok_or_else(|| ApiError::Invalid {
        field: field.to_owned(),
        code: "missing",
        detail: "this field is needed".to_owned(),
    })
}

/// Somebody of the team, by id or e-mail: the ids are another system's until its front end has asked for ours.
async fn person(caller: &Caller<may::ManageUsers>, text: &str) -> Result<UserId, ApiError> {
    let found = caller
        .read(async |tx| Ok(users::members(tx, &caller.org).await?))
        .await?
        .into_iter()
        .find(|member| {
            member.user.id.as_str() == text || member.user.email.eq_ignore_ascii_case(text)
        });
    found.map(|member| member.user.id).ok_or_else(|| {
        let words = "there is nobody with this id or e-mail in the organization";
        ApiError::invalid("targetUserId", words)
    })
}

/// The number as it is here; one that only the account has is taken over.
async fn here(caller: &Caller<may::ManageUsers>, text: &str) -> Result<Number, ApiError> {
    let (e164, ours) = caller
        .read(async |tx| {
            let country = organizations::get(tx, &caller.org).await?.country;
            let e164 = PhoneNumber::parse(text, &country)
                .map_err(|error| ApiError::invalid("phoneNumber", error.to_string()))?;
            let ours = list(tx).await?.into_iter();
            Ok((
                e164.to_string(),
                ours.into_iter().find(|number| number.e164 == e164.as_str()),
            ))
        })
        .await?;
    if let Some(number) = ours {
        return Ok(number);
    }
    let account = numbers::importable(caller.app(), &caller.org)
        .await?
        .into_iter();
    let sid = account
        .map(|seen| seen.number)
        .find(|number| number.phone_number == e164);
    let nobodys = || {
        ApiError::invalid(
            "phoneNumber",
            "the carrier account has no such number; buy it first",
        )
    };
    let sids = [sid.ok_or_else(nobodys)?.sid];
    let (taken, refused) = numbers::import(caller.app(), caller, &sids, None, None).await?;
    match (taken.into_iter().next(), refused.into_iter().next()) {
        (Some(number), _) => Ok(number),
        (None, Some(refusal)) => Err(ApiError::invalid("phoneNumber", refusal.detail)),
        (None, None) => Err(nobodys()),
    }
}

/// Fields have this system's names here, and what cannot be done with a number is a bad request.
fn named(error: ApiError) -> ApiError {
    let as_written = |field: &str| match field {
        "number" | "number_id" => "phoneNumber",
        "area_code" => "areaCode",
        "caller_id" => "callerIdNumber",
        "bundle_sid" => "bundleSid",
        "address_sid" => "addressSid",
        _ => "country",
    };
    match error {
        ApiError::Invalid {
            field,
            code,
            detail,
        } => ApiError::Invalid {
            field: as_written(&field).to_owned(),
            code,
            detail,
        },
        ApiError::Conflict { code, detail, .. }
            if code.starts_with("number_") || code == "trial" =>
        {
            ApiError::Invalid {
                field: "phoneNumber".to_owned(),
                code,
                detail,
            }
        }
        other => other,
    }
}
