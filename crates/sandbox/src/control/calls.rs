//! The ground truth of calls: what each leg went through, said and heard.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::records::CallTruth;

/// Calls of all accounts, the newest first.
pub(super) async fn list(State(sandbox): State<Sandbox>) -> Json<Value> {
    let truths = sandbox.engine(|engine, _| engine.truths());
    Json(json!({ "calls": truths.iter().map(show).collect::<Vec<_>>() }))
}

/// One call.
pub(super) async fn fetch(
    State(sandbox): State<Sandbox>,
    Path(sid): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let truth = sandbox.engine(|engine, _| engine.truth(&sid));
    truth
        .map(|truth| Json(show(&truth)))
        .ok_or_else(|| Refusal::none(format!("there is no call {sid}")))
}

/// What somebody is taken to say.
#[derive(Deserialize)]
pub(super) struct Said {
    text: String,
}

/// The leg's far end is taken to say this: Gather, transcriptions and the ground truth have it.
pub(super) async fn say(
    State(sandbox): State<Sandbox>,
    Path(sid): Path<String>,
    body: Result<Json<Said>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(Said { text }) = body?;
    if text.trim().is_empty() {
        return Err(Refusal::invalid("text must say something"));
    }
    sandbox.engine(|engine, now| {
        engine.said_outside(now, &sid, &text)?;
        let truth = engine
            .truth(&sid)
            .ok_or_else(|| Refusal::none(format!("there is no call {sid}")))?;
        Ok(Json(show(&truth)))
    })
}

pub(super) fn show(truth: &CallTruth) -> Value {
    let call = &truth.call;
    json!({
        "sid": call.sid,
        "account_sid": call.account_sid,
        "parent_call_sid": call.parent_call_sid,
        "from": call.from,
        "to": call.to,
        "direction": call.direction.as_str(),
        "status": call.status.as_str(),
        "created_at": call.date_created,
        "answered_at": call.start_time,
        "ended_at": call.end_time,
        "far": truth.far,
        "behaviour": truth.behaviour,
        "events": truth.events,
    })
}
