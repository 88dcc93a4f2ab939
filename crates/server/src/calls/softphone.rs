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
    /// The carrier's entrance for the device, where its region has one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) edge: Option<&'static str>,
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
    let account = complete(app, account).await?;
    // What somebody deleted at the carrier is found by this look, which nobody waits for.
    carrier::look_soon(app, &caller.org);
    let (key_sid, secret) = account.api_key.clone().ok_or_else(|| {
        ApiError::conflict(
            "no_api_key",
            "the carrier account has no API key, and none could be made; an admin sees why in Settings, Carrier",
        )
    })?;
    if account.twiml_app_sid.is_none() {
        return Err(ApiError::conflict(
            "no_twiml_app",
            "the carrier account has no TwiML App, and none could be made; an admin sees why in Settings, Carrier",
        ));
    }
    let identity = Identity {
        org: caller.org.clone(),
        agent: caller.user.clone(),
    }
    .name();
    let expires_at = now + LIFE;
    let edge = account
        .signaling_url
        .is_none()
        .then(|| account.in_region().edge())
        .flatten();
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
        edge,
    })
}

/// The account with its key and its App: the first softphone makes what is missing. Otherwise the carrier is not asked.
async fn complete(app: &App, account: carrier::Account) -> Result<carrier::Account, ApiError> {
    if account.api_key.is_some() && account.twiml_app_sid.is_some() {
        return Ok(account);
    }
    let made = carrier::set_up(app, &account, false).await?;
    for check in made.iter().filter(|check| !check.ok) {
        tracing::warn!(org.id = %account.org, what = check.name, detail = check.detail, "a softphone lacks something at the carrier that could not be made");
    }
    let found = carrier::of_id(&app.db, &app.keys, &account.org, &account.id).await?;
    Ok(found.unwrap_or(account))
}
