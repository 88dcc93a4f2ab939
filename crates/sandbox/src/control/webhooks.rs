//! The webhooks that went by, with their answers, and what the engine noted meanwhile.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::driver::Sandbox;
use crate::signalling::Report;

/// As many as are shown when nobody says how many.
const USUAL: usize = 200;

/// Which ones.
#[derive(Deserialize)]
pub(super) struct Filter {
    /// Only those sent after this one.
    after: Option<u64>,
    /// Only those about this call.
    call: Option<String>,
    limit: Option<usize>,
}

/// Webhooks, the newest first. One that is still out has neither `millis` nor an answer.
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    Query(filter): Query<Filter>,
) -> Json<Value> {
    let about = |params: &[(String, String)]| {
        filter.call.as_ref().is_none_or(|call| {
            params
                .iter()
                .any(|(name, value)| name == "CallSid" && value == call)
        })
    };
    let sent = sandbox
        .webhooks()
        .into_iter()
        .filter(|sent| filter.after.is_none_or(|after| sent.id > after) && about(&sent.params));
    Json(json!({ "webhooks": sent.take(filter.limit.unwrap_or(USUAL)).collect::<Vec<_>>() }))
}

/// What Voice SDK clients reported of their calls; the newest first.
pub(super) async fn insights(
    State(sandbox): State<Sandbox>,
    Query(filter): Query<Filter>,
) -> Json<Value> {
    let about = |report: &Report| {
        filter
            .call
            .as_deref()
            .is_none_or(|call| report.is_about(call))
    };
    let reports = sandbox.reports().into_iter().filter(about);
    let reports: Vec<Report> = reports.take(filter.limit.unwrap_or(USUAL)).collect();
    Json(json!({ "insights": reports }))
}

/// What happened in calls, conferences, queues and recordings, and what Twilio's debugger would show; the newest first.
pub(super) async fn traces(
    State(sandbox): State<Sandbox>,
    Query(filter): Query<Filter>,
) -> Json<Value> {
    let traces = sandbox.traces().into_iter().filter(|trace| {
        filter
            .call
            .as_deref()
            .is_none_or(|call| trace.data["call_sid"] == call || trace.data["sid"] == call)
    });
    Json(json!({ "traces": traces.take(filter.limit.unwrap_or(USUAL)).collect::<Vec<_>>() }))
}
