//! What the carrier knows and should know, set right on request; and the change of the auth token.

use axum::Json;
use axum::http::StatusCode;
use offhook_core::id::CarrierId;
use offhook_store::carriers::{self, CarrierAccount};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, Params, audit};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::carrier::drift::{self, Report};
use crate::carrier::rotation::{self, Rotation};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(drift))
        .routes(routes!(repair))
        .routes(routes!(rotate))
        .routes(routes!(rotation))
}

/// What to repair.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RepairInput {
    /// Ids of items of the report; all that can be repaired when left out.
    items: Option<Vec<String>>,
}

/// Which account; the one in use when left out.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct WhichAccount {
    account: Option<String>,
}

/// A change of the token that was begun.
#[derive(Serialize, ToSchema)]
pub(crate) struct Begun {
    rotation: Rotation,
}

/// How the App, the numbers and the account stand at the carrier, read just now.
#[utoipa::path(get, path = "/carrier/drift", tag = "carrier", responses((status = 200, body = Report)))]
async fn drift(caller: Caller<may::ManageCarrier>) -> Result<Json<Report>, ApiError> {
    Ok(Json(drift::read(caller.app(), &caller.org).await?))
}

/// Set right what differs; answers how things stand afterwards.
#[utoipa::path(post, path = "/carrier/repair", tag = "carrier", request_body = RepairInput, responses((status = 200, body = Report)))]
async fn repair(
    caller: Caller<may::ManageCarrier>,
    Body(input): Body<RepairInput>,
) -> Result<Json<Report>, ApiError> {
    let app = caller.app();
    let report = drift::repair(app, &caller.org, input.items.as_deref()).await?;
    let (now, detail) = (
        app.clock.now(),
        json!({ "items": input.items, "ok": report.ok }),
    );
    caller
        .write(async |tx| {
            audit::note(
                tx,
                &caller,
                now,
                "carrier.repair",
                caller.org.as_str(),
                detail,
            )
            .await
        })
        .await?;
    Ok(Json(report))
}

/// Change the auth token: a second one is made, stored, promoted and tried, without one refused webhook.
#[utoipa::path(post, path = "/carrier/rotate", tag = "carrier", params(WhichAccount), responses(
    (status = 202, body = Begun), (status = 404, body = Problem), (status = 409, body = Problem, description = "`no_carrier`")))]
async fn rotate(
    caller: Caller<may::ManageCarrier>,
    Params(which): Params<WhichAccount>,
) -> Result<(StatusCode, Json<Begun>), ApiError> {
    let now = caller.app().clock.now();
    let id = row(&caller, &which).await?.ok_or_else(no_carrier)?.id;
    let rotation = caller
        .write(async |tx| {
            audit::note(tx, &caller, now, "carrier.rotate", id.as_str(), json!({})).await?;
            Ok(rotation::begin(tx, &id, now).await?)
        })
        .await?;
    Ok((StatusCode::ACCEPTED, Json(Begun { rotation })))
}

/// How far the last change of the auth token came.
#[utoipa::path(get, path = "/carrier/rotation", tag = "carrier", params(WhichAccount), responses(
    (status = 200, body = Rotation), (status = 404, body = Problem), (status = 409, body = Problem, description = "`no_carrier`")))]
async fn rotation(
    caller: Caller<may::ManageCarrier>,
    Params(which): Params<WhichAccount>,
) -> Result<Json<Rotation>, ApiError> {
    let row = row(&caller, &which).await?.ok_or_else(no_carrier)?;
    Ok(Json(Rotation::of(&row)))
}

fn no_carrier() -> ApiError {
    ApiError::conflict("no_carrier", "enter the carrier account first")
}

async fn row(
    caller: &Caller<may::ManageCarrier>,
    which: &WhichAccount,
) -> Result<Option<CarrierAccount>, ApiError> {
    let missing = || ApiError::NotFound("carrier account");
    let id = which
        .account
        .as_deref()
        .map(CarrierId::parse)
        .transpose()
        .map_err(|_| missing())?;
    let Some(id) = id else {
        return caller
            .read(async |tx| Ok(carriers::in_use(tx).await?))
            .await;
    };
    let found = caller
        .read(async |tx| Ok(carriers::find(tx, &id).await?))
        .await?;
    found.ok_or_else(missing).map(Some)
}
