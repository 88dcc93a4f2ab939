//! Click-to-call and presence: a front end's device dials a number by itself, and agents are On Call and Available by themselves.

use axum::Json;
use offhook_core::call::LegStatus;
use serde_json::Value;

use super::device_sdk;
use super::token;
use crate::auth::{Caller, may};
use crate::error::ApiError;

/// Where the App sends a device that dials.
pub(crate) const OUTBOUND: &str = "/api/twilio/outbound";
/// Where the dialled leg tells its status.
pub(crate) const EVENTS: &str = "/api/twilio/outbound-events";
/// How long the customer's phone rings, seconds.
pub(crate) const RINGS: u32 = 30;

/// `GET /api/twilio/token`: this front end has neither socket nor poll; it is there while its device's token lives.
pub(super) async fn token(caller: Caller<may::Work>) -> Result<Json<Value>, ApiError> {
    let given = token::given(&caller).await?;
    device_sdk::is_there(&caller).await?;
    Ok(given)
}

/// What the agent is told of a call that was not answered.
pub(crate) fn words(status: LegStatus) -> Option<&'static str> {
    match status {
        LegStatus::Busy => Some("The line is busy. Please try again later."),
        LegStatus::NoAnswer => Some("The call was not answered."),
        LegStatus::Failed => Some("The call could not be completed. Please check the number."),
        LegStatus::Queued
        | LegStatus::Initiated
        | LegStatus::Ringing
        | LegStatus::InProgress
        | LegStatus::Completed
        | LegStatus::Canceled => None,
    }
}
