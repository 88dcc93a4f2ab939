//! Device SDK: the browser's device places calls by itself and is rung for those that come in; a socket tells of both.

use axum::Json;
use offhook_core::presence::DEVICE_LIVES;
use offhook_store::presence;
use serde_json::Value;

use super::token;
use crate::auth::{Caller, may};
use crate::error::ApiError;

/// Where the App sends a device that dials.
pub(crate) const VOICE: &str = "/api/twilio/client/voice";

/// `GET /api/twilio/client/token`: what the device registers with. Without a carrier account calling is off: 404.
pub(super) async fn token(caller: Caller<may::Work>) -> Result<Json<Value>, ApiError> {
    let given = match token::given(&caller).await {
        Err(ApiError::Conflict {
            code: "no_carrier", ..
        }) => {
            let nothing = "carrier account; an admin has to connect one first, in Settings";
            return Err(ApiError::NotFound(nothing));
        }
        other => other?,
    };
    is_there(&caller).await?;
    Ok(given)
}

/// This front end knows of calls only by its device: it is there while the token lives.
pub(super) async fn is_there(caller: &Caller<may::Work>) -> Result<(), ApiError> {
    let app = caller.app();
    let now = app.clock.now();
    let before = app
        .db
        .write(&caller.org, async |tx| {
            presence::device_given(tx, &caller.user, now).await
        })
        .await?;
    if before.is_none_or(|at| now >= at + DEVICE_LIVES) {
        app.live.stir(&caller.org, &caller.user);
    }
    Ok(())
}
