//! What happens to an account from outside: it becomes a trial account or is suspended, spends its money, or is opened in another region.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::account::AccountStatus;

/// A change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    status: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Cents.
    spent: Option<i64>,
}

/// `PUT /sandbox/v1/accounts/{sid}`.
pub(super) async fn change(
    State(sandbox): State<Sandbox>,
    Path(sid): Path<String>,
    change: Result<Json<Change>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(change) = change?;
    let status = match change.status.as_deref() {
        Some(word) => Some(
            AccountStatus::read(word)
                .ok_or_else(|| Refusal::invalid("status is active, suspended or closed"))?,
        ),
        None => None,
    };
    let is_trial = match change.kind.as_deref() {
        Some("Trial") => Some(true),
        Some("Full") => Some(false),
        Some(_) => return Err(Refusal::invalid("type is Trial or Full")),
        None => None,
    };
    let account = sandbox.engine(|engine, now| {
        if let Some(cents) = change.spent {
            engine.set_spent(&sid, cents)?;
        }
        engine.set_account(now, &sid, status, is_trial)
    })?;
    Ok(Json(
        json!({ "sid": account.sid, "status": account.status.as_str(), "type": if account.is_trial { "Trial" } else { "Full" } }),
    ))
}

/// A region.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    region: String,
}

/// `POST /sandbox/v1/accounts/{sid}/regions`: the account's secret there.
pub(super) async fn open_region(
    State(sandbox): State<Sandbox>,
    Path(sid): Path<String>,
    place: Result<Json<Place>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(Place { region }) = place?;
    let account = sandbox
        .engine(|engine, now| engine.open_region(now, &sid, &region, None, BTreeMap::new()))?;
    Ok(Json(
        json!({ "sid": sid, "region": region, "auth_token": account.auth_token }),
    ))
}
