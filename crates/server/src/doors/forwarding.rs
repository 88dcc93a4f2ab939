//! Forwarding and event log: callers go on to a phone, and a click calls the agent first and then the customer.
//!
//! Its webhooks are our doors at its paths; what it forwards to is the number's route (`default_route`), and what its event log
//! holds is every call's timeline.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use offhook_core::id::ContactId;
use serde::Deserialize;
use serde_json::json;

use crate::api::Body;
use crate::auth::{Caller, may};
use crate::calls::agent_first::{self, Wanted};
use crate::calls::start::{NewCall, request_key};
use crate::error::ApiError;

/// A click on a contact's phone icon.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Click {
    to: Option<String>,
    from: Option<String>,
    #[serde(alias = "contact_id")]
    contact_id: Option<String>,
    record: Option<bool>,
}

/// `POST /api/calls/initiate`: the agent first, then the customer; recorded unless somebody says no.
pub(super) async fn initiate(
    caller: Caller<may::Work>,
    headers: HeaderMap,
    Body(click): Body<Click>,
) -> Result<Response, ApiError> {
    let key = request_key(&caller, &headers)?;
    // The front end's contacts may be another system's, whose ids say nothing here.
    let ours = |id: &String| ContactId::parse(id).is_ok();
    let wanted = Wanted {
        call: NewCall {
            to: click.to,
            from: click.from,
            contact_id: click.contact_id.filter(ours),
            record: click.record,
            ..NewCall::default()
        },
        named: None,
        key,
    };
    let started = agent_first::start(&caller, &wanted).await?;
    // Without the carrier's word there is no id yet; the call is on its way all the same.
    let status = match started.first_leg {
        Some(_) => StatusCode::OK,
        None => StatusCode::ACCEPTED,
    };
    let (call, sid) = (started.call, started.first_leg);
    let answer = json!({
        "success": true,
        "callSid": sid,
        "status": "queued",
        "to": call.party,
        "from": call.our_number,
        "callId": call.id,
        // What the device SDK's front end reads at this path.
        "call_id": call.id,
        "twilio_sid": sid,
    });
    Ok((status, Json(answer)).into_response())
}
