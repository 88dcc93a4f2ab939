//! What the authorities decide about a bundle.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::papers::bundles::BundleStatus;

/// A decision.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Review {
    status: String,
    #[serde(default)]
    failure_reason: String,
}

/// `PUT /sandbox/v1/bundles/{sid}`.
pub(super) async fn review(
    State(sandbox): State<Sandbox>,
    Path(sid): Path<String>,
    review: Result<Json<Review>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(review) = review?;
    let status = BundleStatus::read(&review.status)
        .ok_or_else(|| Refusal::invalid("status is not a bundle's"))?;
    let bundle = sandbox
        .engine(|engine, now| engine.review_bundle(now, &sid, status, &review.failure_reason))?;
    Ok(Json(
        json!({ "sid": bundle.sid, "status": bundle.status.as_str(), "failure_reason": bundle.failure_reason }),
    ))
}
