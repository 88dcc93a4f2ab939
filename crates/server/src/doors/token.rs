//! What the token endpoints of all systems answer: what the agent's own device registers with.

use axum::Json;
use offhook_store::{organizations, users};
use serde_json::{Value, json};

use crate::auth::{Caller, may};
use crate::calls::{softphone, start};
use crate::error::ApiError;

/// The token, the identity in it, and the number that the agent shows.
pub(super) async fn token(caller: Caller<may::Work>) -> Result<Json<Value>, ApiError> {
    given(&caller).await
}

/// The same, for a door that does more with it.
pub(super) async fn given(caller: &Caller<may::Work>) -> Result<Json<Value>, ApiError> {
    let minted = softphone::mint(caller).await?;
    let number = number_of(caller).await?;
    Ok(Json(json!({
        "token": minted.token,
        "identity": minted.identity,
        "phoneNumber": number,
        "userId": caller.user,
        "expires_at": minted.expires_at,
        "signaling_url": minted.signaling_url,
    })))
}

/// The number that the agent shows, where the organization has any.
pub(super) async fn number_of(caller: &Caller<may::Work>) -> Result<Option<String>, ApiError> {
    caller
        .read(async |tx| {
            let organization = organizations::get(tx, &caller.org).await?;
            let member = users::member(tx, &caller.org, &caller.user)
                .await?
                .ok_or(ApiError::Unauthorized)?;
            match start::caller_id(tx, &organization, &member, None).await {
                Ok(number) => Ok(Some(number.e164)),
                Err(ApiError::Conflict { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        })
        .await
}
