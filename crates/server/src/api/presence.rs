//! Presence.
use crate::error::ApiError;
use chrono::{DateTime, Utc};
use offhook_core::id::UserId;
use offhook_store::Tx;
use serde::Serialize;
use utoipa::ToSchema;
/// What an agent is doing.
#[derive(Serialize, ToSchema)]
pub(crate) struct Presence {
    state: String,
}
pub(crate) async fn of_agent(
    _tx: &mut Tx,
    _user: &UserId,
    _now: DateTime<Utc>,
) -> Result<Presence, ApiError> {
    Ok(Presence {
        state: "offline".into(),
    })
}
