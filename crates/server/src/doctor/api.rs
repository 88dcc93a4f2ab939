//! `/doctor` and the wizard's progress, for an organization's admins; and the door at which browsers report of themselves.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use offhook_core::id::CallId;
use offhook_store::checkups::{self, BrowserReport};
use offhook_store::users;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::browser::{self, Tried};
use super::callback::{self, RoundTrip};
use super::progress::{self, Progress};
use super::report::Report;
use super::wiring;
use crate::api::{Body, MaybeBody, audit};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::calls::start::{self, NewCall};
use crate::error::{ApiError, Problem};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get))
        .routes(routes!(run))
        .routes(routes!(repair))
        .routes(routes!(test_call))
        .routes(routes!(round_trip))
        .routes(routes!(browser_says))
        .routes(routes!(setup_progress))
}

/// The doctor's last report, with the checklists as they stand now.
#[utoipa::path(get, path = "/doctor", tag = "doctor", responses((status = 200, body = Report)))]
async fn get(caller: Caller<may::ManageCarrier>) -> Result<Json<Report>, ApiError> {
    Ok(Json(super::last(caller.app(), &caller.org).await?))
}

/// Look at everything now; takes up to ten seconds. While somebody else lets it be made, the last report with `running`.
#[utoipa::path(post, path = "/doctor/run", tag = "doctor", responses((status = 200, body = Report)))]
async fn run(caller: Caller<may::ManageCarrier>) -> Result<Json<Report>, ApiError> {
    Ok(Json(super::examined(caller.app(), &caller.org).await?))
}

/// What to repair.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(crate) struct ToRepair {
    /// The check whose finding is to be repaired; all that can be when it is left out.
    check: Option<String>,
}

/// Repair what can be repaired at the carrier, then look again.
#[utoipa::path(post, path = "/doctor/repair", tag = "doctor", request_body = ToRepair, responses(
    (status = 200, body = Report), (status = 409, body = Problem, description = "`no_carrier`"), (status = 422, body = Problem)))]
async fn repair(
    caller: Caller<may::ManageCarrier>,
    MaybeBody(what): MaybeBody<ToRepair>,
) -> Result<Json<Report>, ApiError> {
    let app = caller.app();
    wiring::repair(app, &caller.org, what.check.as_deref()).await?;
    let now = app.clock.now();
    let detail = json!({ "check": what.check });
    caller
        .write(async |tx| {
            audit::note(tx, &caller, now, "doctor.repair", "carrier", detail.clone()).await
        })
        .await?;
    Ok(Json(super::examined(app, &caller.org).await?))
}

/// Whom to call for a test.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(crate) struct TestCall {
    /// A phone that somebody can pick up, in any format; the caller's own phone, where one is entered, when it is left out.
    to: Option<String>,
}

/// A test call that was begun.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TestCallBegun {
    /// The call: the page connects its device with it, as for every call.
    call_id: String,
}

/// Begin a test call: an ordinary call to a phone at hand. The page then connects its device with the call's id, and the doctor reads
/// afterwards how Twilio saw it. It costs what such a call costs.
#[utoipa::path(post, path = "/doctor/test-call", tag = "doctor", request_body = TestCall, responses(
    (status = 201, body = TestCallBegun), (status = 409, body = Problem, description = "`no_carrier`, `no_number` or `agent_busy`"),
    (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn test_call(
    admin: Caller<may::ManageCarrier>,
    caller: Caller<may::Work>,
    headers: HeaderMap,
    MaybeBody(wanted): MaybeBody<TestCall>,
) -> Result<(StatusCode, Json<TestCallBegun>), ApiError> {
    let app = admin.app();
    let to = match wanted.to {
        Some(to) => Some(to),
        None => own_phone(&admin).await?,
    };
    let call = NewCall {
        to,
        ..NewCall::default()
    };
    let (_, Json(view)) = start::start(caller, headers, Body(call)).await?;
    let now = app.clock.now();
    let id = CallId::parse(&view.id).map_err(|error| ApiError::unexpected(&error))?;
    admin
        .write(async |tx| Ok(checkups::test_called(tx, &id, now).await?))
        .await?;
    let begun = TestCallBegun { call_id: view.id };
    Ok((StatusCode::CREATED, Json(begun)))
}

async fn own_phone(admin: &Caller<may::ManageCarrier>) -> Result<Option<String>, ApiError> {
    let member = admin
        .read(async |tx| Ok(users::member(tx, &admin.org, &admin.user).await?))
        .await?;
    Ok(member.and_then(|member| member.membership.own_phone))
}

/// Send a signed callback round: Twilio is asked to call a device that nobody has and to tell us so by way of the public address. Waits
/// up to 15 s; costs nothing, since nobody takes the call.
#[utoipa::path(post, path = "/doctor/callback", tag = "doctor", responses(
    (status = 200, body = RoundTrip), (status = 409, body = Problem, description = "`no_carrier` or `no_number`")))]
async fn round_trip(caller: Caller<may::ManageCarrier>) -> Result<Json<RoundTrip>, ApiError> {
    Ok(Json(callback::send(caller.app(), &caller.org).await?))
}

/// What a browser found out about itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct BrowserSays {
    /// Which browser, in words.
    browser: Option<String>,
    checks: Vec<Tried>,
}

/// A browser reports of itself: its microphone, its way to the carrier. The doctor shows the last report of each person.
#[utoipa::path(post, path = "/doctor/browser", tag = "doctor", request_body = BrowserSays, responses(
    (status = 204), (status = 422, body = Problem)))]
async fn browser_says(
    caller: Caller<may::Work>,
    Body(said): Body<BrowserSays>,
) -> Result<StatusCode, ApiError> {
    let report = BrowserReport {
        user: caller.user.clone(),
        at: caller.app().clock.now(),
        browser: said.browser.unwrap_or_default().chars().take(200).collect(),
        checks: json!(browser::sound(said.checks)),
    };
    caller
        .write(async |tx| Ok(checkups::browser_said(tx, &report).await?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How far the set-up of the organization is: credentials, number, test call, done.
#[utoipa::path(get, path = "/setup-progress", tag = "doctor", responses((status = 200, body = Progress)))]
async fn setup_progress(caller: Caller<may::ManageCarrier>) -> Result<Json<Progress>, ApiError> {
    Ok(Json(progress::of(caller.app(), &caller.org).await?))
}
