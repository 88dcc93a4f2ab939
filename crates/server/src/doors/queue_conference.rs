//! Queue and conference: callers wait in a queue, a front end polls for them, and agent and customer meet in a room.
//!
//! `conferenceId` is the front end's own word for the room of a call it starts, and our room's real name in every answer.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use offhook_core::id::ContactId;
use offhook_core::presence::POLL_LIVES;
use offhook_store::{Tx, calls, presence};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::api::{Body, MaybeBody};
use crate::auth::{Caller, may};
use crate::calls::agent_first::{self, Wanted};
use crate::calls::offers;
use crate::calls::start::{NewCall, request_key};
use crate::error::ApiError;

/// What the front end asks for; fields that it does not know are left out, and so are ours that it does not send.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dialled {
    to: Option<String>,
    from: Option<String>,
    conference_id: Option<String>,
    lead_id: Option<String>,
    contact_id: Option<String>,
}

/// A caller, by the leg that the carrier named.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    call_sid: Option<String>,
}

/// A caller who waits, as the front end's pop-up shows him.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Incoming {
    id: String,
    call_sid: String,
    from: String,
    to: String,
    caller_name: String,
    timestamp: DateTime<Utc>,
    status: &'static str,
    conference_id: String,
    contact_id: Option<String>,
    lead_id: Option<String>,
}

/// `POST /api/twilio/calls`: the agent first, then the customer in the same room.
pub(super) async fn call(
    caller: Caller<may::Work>,
    headers: HeaderMap,
    Body(dialled): Body<Dialled>,
) -> Result<Response, ApiError> {
    let sent = request_key(&caller, &headers)?;
    let named = dialled.conference_id.filter(|name| !name.trim().is_empty());
    // A click makes up one name and rings one customer: the same once more is a repeat of it.
    let click = named.as_ref().map(|name| {
        let to = dialled.to.as_deref().unwrap_or_default();
        format!("{}:conference:{name}:{to}", caller.user)
    });
    // The front end's contacts may be another system's, whose ids say nothing here.
    let ours = |id: &String| ContactId::parse(id).is_ok();
    let wanted = Wanted {
        call: NewCall {
            to: dialled.to,
            from: dialled.from,
            contact_id: dialled.contact_id.or(dialled.lead_id).filter(ours),
            ..NewCall::default()
        },
        named,
        key: sent.or(click),
    };
    let started = agent_first::start(&caller, &wanted).await?;
    // Without the carrier's word there is no id yet; the call is on its way all the same.
    let status = match started.first_leg {
        Some(_) => StatusCode::OK,
        None => StatusCode::ACCEPTED,
    };
    let call = started.call;
    let answer = json!({
        "id": started.first_leg,
        "to": call.party,
        "from": call.our_number,
        "status": "queued",
        "conferenceId": call.room,
        "callId": call.id,
    });
    Ok((status, Json(answer)).into_response())
}

/// `GET /api/twilio/incoming-calls/pending`: who has waited longest. To poll is to be there for calls.
pub(super) async fn pending(caller: Caller<may::Work>) -> Result<Json<Value>, ApiError> {
    let app = caller.app();
    let now = app.clock.now();
    let before = app
        .db
        .write(&caller.org, async |tx| {
            presence::polled(tx, &caller.user, now).await
        })
        .await?;
    if before.is_none_or(|at| now >= at + POLL_LIVES) {
        app.live.stir(&caller.org, &caller.user);
    }
    let incoming = caller
        .read(
            async |tx| match calls::next_for(tx, &caller.user, now).await? {
                Some(id) => shown(tx, &id).await,
                None => Ok(None),
            },
        )
        .await?;
    Ok(Json(json!({ "incomingCall": incoming })))
}

async fn shown(tx: &mut Tx, id: &offhook_core::id::CallId) -> Result<Option<Incoming>, ApiError> {
    let call = calls::load(tx, id).await?.call;
    let summary = calls::summary(tx, id).await?;
    let Some(call_sid) = call.customer_sid().map(str::to_owned) else {
        return Ok(None);
    };
    let contact = summary
        .contact
        .map(|contact| (contact.id.into(), contact.name));
    let (contact_id, name): (Option<String>, Option<String>) = contact.unzip();
    Ok(Some(Incoming {
        id: call.id.into(),
        call_sid,
        from: summary.from_number,
        to: summary.to_number,
        caller_name: name.unwrap_or_else(|| "Unknown Caller".to_owned()),
        timestamp: call.started_at,
        status: "ringing",
        conference_id: call.room,
        lead_id: contact_id.clone(),
        contact_id,
    }))
}

/// `POST /api/twilio/incoming-calls/accept`: one agent gets the caller; the answer names the room where he is.
pub(super) async fn accept(
    caller: Caller<may::Work>,
    MaybeBody(which): MaybeBody<Which>,
) -> Result<Json<Value>, ApiError> {
    let call = offers::take(&caller, &which.sid()?).await?;
    Ok(Json(json!({
        "success": true,
        "conferenceId": call.room,
        "callId": call.id,
        "message": "Customer moved to conference. Agent should join now.",
    })))
}

/// `POST /api/twilio/incoming-calls/decline`: not this agent; the caller waits on for the others.
pub(super) async fn decline(
    caller: Caller<may::Work>,
    MaybeBody(which): MaybeBody<Which>,
) -> Result<Json<Value>, ApiError> {
    offers::turn_down(&caller, &which.sid()?).await?;
    Ok(Json(json!({ "success": true, "message": "Call declined" })))
}

impl Which {
    fn sid(self) -> Result<String, ApiError> {
        let sid = self.call_sid.filter(|sid| !sid.trim().is_empty());
        sid.ok_or_else(|| ApiError::Invalid {
            field: "callSid".to_owned(),
            code: "missing",
            detail: "this field is needed".to_owned(),
        })
    }
}
