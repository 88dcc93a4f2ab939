//! Numbers per agent: each agent has a number of his own, calls with it, and is called at it.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use offhook_core::id::ContactId;
use offhook_store::{numbers, users};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::{Body, MaybeBody};
use crate::auth::{Caller, may};
use crate::calls::agent_first::{self, Wanted};
use crate::calls::of_leg;
use crate::calls::start::{NewCall, request_key};
use crate::error::ApiError;

/// What the carrier says of credentials that it does not take.
const WRONG_CREDENTIALS: i64 = 20003;

/// A click on the phone icon of a lead or a customer; deals are the front end's own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Click {
    to_number: Option<String>,
    customer_id: Option<String>,
    lead_id: Option<String>,
}

/// A call that the front end knows by the `CallSid` of a leg.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    call_sid: Option<String>,
    customer_id: Option<String>,
    lead_id: Option<String>,
}

/// The front end's leads and customers may be another system's, whose ids say nothing here.
fn ours(customer: Option<String>, lead: Option<String>) -> Option<ContactId> {
    let mut known = [customer, lead].into_iter().flatten();
    known.find_map(|id| ContactId::parse(&id).ok())
}

/// `POST /api/calling/make-call`: the agent first, then the customer, who sees the agent's own number.
pub(super) async fn make_call(
    caller: Caller<may::Work>,
    headers: HeaderMap,
    Body(click): Body<Click>,
) -> Result<Response, ApiError> {
    let key = request_key(&caller, &headers)?;
    has_number(&caller).await?;
    let wanted = Wanted {
        call: NewCall {
            to: click.to_number,
            contact_id: ours(click.customer_id, click.lead_id).map(String::from),
            ..NewCall::default()
        },
        named: None,
        key,
    };
    let started = agent_first::start(&caller, &wanted).await.map_err(told)?;
    // Without the carrier's word there is no id yet; the call is on its way all the same.
    let status = match started.first_leg {
        Some(_) => StatusCode::OK,
        None => StatusCode::ACCEPTED,
    };
    let answer = json!({
        "success": true,
        "callSid": started.first_leg,
        "callRecordId": started.call.id,
        "status": "queued",
        "to": started.call.party,
        "from": started.call.our_number,
    });
    Ok((status, Json(answer)).into_response())
}

/// Whoever has no number of his own calls nobody here.
async fn has_number(caller: &Caller<may::Work>) -> Result<(), ApiError> {
    let assigned = caller
        .read(async |tx| {
            let member = users::member(tx, &caller.org, &caller.user)
                .await?
                .ok_or(ApiError::Unauthorized)?;
            let shown = member.membership.caller_number.is_some();
            let own = |number: &numbers::Number| number.agent.as_ref() == Some(&caller.user);
            Ok(shown || numbers::list(tx).await?.iter().any(own))
        })
        .await?;
    if assigned {
        return Ok(());
    }
    Err(ApiError::conflict(
        "no_number",
        "No phone number assigned to user; an admin can assign one in Numbers",
    ))
}

/// The number's field has this system's name, and the carrier's no the words that its document tells people to look for.
fn told(error: ApiError) -> ApiError {
    match error {
        ApiError::Invalid {
            field,
            code,
            detail,
        } if field == "to" => ApiError::Invalid {
            field: "toNumber".to_owned(),
            code,
            detail,
        },
        ApiError::Carrier {
            code,
            detail,
            carrier_code,
        } => {
            let why = match carrier_code {
                Some(WRONG_CREDENTIALS) => format!("authentication failed. {detail}"),
                _ => detail,
            };
            ApiError::Carrier {
                code,
                detail: format!("Failed to make call: {why}"),
                carrier_code,
            }
        }
        other => other,
    }
}

/// `POST /api/calling/save-call`: the call is written down already; it learns whom it was with.
pub(super) async fn save_call(
    caller: Caller<may::Work>,
    MaybeBody(which): MaybeBody<Which>,
) -> Result<Json<Value>, ApiError> {
    let sid = sid(which.call_sid)?;
    let contact = ours(which.customer_id, which.lead_id);
    let id = of_leg::keep(&caller, &sid, contact.as_ref()).await?;
    Ok(Json(json!({ "success": true, "callId": id })))
}

/// `POST /api/calling/end-call`: ends the caller's own call, or anybody's with the permission for that.
pub(super) async fn end_call(
    caller: Caller<may::Work>,
    MaybeBody(which): MaybeBody<Which>,
) -> Result<Json<Value>, ApiError> {
    let sid = sid(which.call_sid)?;
    let id = of_leg::end(&caller, &sid).await?;
    let message = "Call ended";
    Ok(Json(
        json!({ "success": true, "callId": id, "message": message }),
    ))
}

fn sid(given: Option<String>) -> Result<String, ApiError> {
    let given = given.filter(|sid| !sid.trim().is_empty());
    given.ok_or_else(|| ApiError::Invalid {
        field: "callSid".to_owned(),
        code: "missing",
        detail: "this field is needed".to_owned(),
    })
}
