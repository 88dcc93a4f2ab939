//! The softphone's access token: an hour for this agent's own identity.

use axum::Json;
use chrono::{DateTime, TimeDelta, Utc};
use offhook_twilio::token::VoiceToken;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::identity::Identity;
use crate::app::App;
use crate::auth::{Caller, may};
use crate::carrier;
use crate::error::{ApiError, Problem};

/// How long a token lives; the device asks for another one before its end.
const LIFE: TimeDelta = TimeDelta::hours(1);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(token))
}

/// What a softphone registers with.
#[derive(Serialize, ToSchema)]
pub(crate) struct SoftphoneToken {
    pub(crate) token: String,
    /// The agent's name at the carrier.
    pub(crate) identity: String,
    pub(crate) expires_at: DateTime<Utc>,
    /// Where to signal, only with the sandbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signaling_url: Option<String>,
}

/// A token for one's own softphone.
#[utoipa::path(post, path = "/softphone/token", tag = "softphone", responses(
    (status = 200, body = SoftphoneToken), (status = 409, body = Problem, description = "`no_carrier`, `no_api_key` or `no_twiml_app`")))]
async fn token(caller: Caller<may::Work>) -> Result<Json<SoftphoneToken>, ApiError> {
    mint(&caller).await.map(Json)
}

/// Mints a token for the caller's own device.
pub(crate) async fn mint(caller: &Caller<may::Work>) -> Result<SoftphoneToken, ApiError> {
    let app = caller.app();
    let now = app.clock.now();
    let account = carrier::of_org(&app.db, &app.keys, &caller.org)
        .await?
        .ok_or_else(|| {
            ApiError::conflict(
                "no_carrier",
                "an admin has to connect a carrier account first, in Settings",
            )
        })?;
    let (key_sid, secret) = account.api_key.clone().ok_or_else(|| {
        ApiError::conflict(
            "no_api_key",
            "the carrier account has no API key; an admin can enter it in Settings",
        )
    })?;
    if account.twiml_app_sid.is_none() {
        return Err(ApiError::conflict(
            "no_twiml_app",
            "the carrier account has no TwiML App; an admin can enter it in Settings",
        ));
    }
    let identity = Identity {
        org: caller.org.clone(),
        agent: caller.user.clone(),
    }
    .name();
    let expires_at = now + LIFE;
    let token = VoiceToken {
        account_sid: account.account_sid,
        key_sid,
        identity: identity.clone(),
        // Calls come as offers, never as a ring of the device; but only a device that may be rung can register, and
        // registering is how it knows that it is ready.
        incoming: true,
        application_sid: account.twiml_app_sid,
        params: serde_json::Map::new(),
        region: account.region,
        issued_at: now,
        expires_at,
    };
    let token = token
        .mint(secret.expose())
        .map_err(|error| ApiError::unexpected(&error))?;
    Ok(SoftphoneToken {
        token,
        identity,
        expires_at,
        signaling_url: account.signaling_url,
    })
}
