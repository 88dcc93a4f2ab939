//! Numbers that the account already has, and numbers that it has verified as caller IDs.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::number_view::{CapabilitiesView, NumberView, Scene};
use super::route::{RouteView, route};
use super::{Body, Page, patch, phone};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};
use crate::numbers::{self, Importable, Refusal};

/// The most numbers that one request takes over.
const AT_ONCE: usize = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(importable))
        .routes(routes!(import))
        .routes(routes!(caller_ids, verify))
        .routes(routes!(forget))
}

/// A number that the carrier account has.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportableView {
    /// `PN…`.
    sid: String,
    /// E.164.
    number: String,
    friendly_name: Option<String>,
    capabilities: CapabilitiesView,
    /// Where its calls go now, if not here.
    points_to: Option<String>,
    /// `here` or `another organization`; null where it can be taken over.
    already: Option<String>,
    /// What should be known before it is taken over.
    warnings: Vec<String>,
}

/// Which numbers to take over.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ImportInput {
    /// `PN…`, up to 50.
    sids: Option<Vec<String>>,
    /// The carrier's name for each by default.
    label: Option<String>,
    /// The first queue by default.
    route: Option<RouteView>,
}

/// What was taken over.
#[derive(Serialize, ToSchema)]
pub(crate) struct Imported {
    imported: Vec<NumberView>,
    refused: Vec<RefusedView>,
}

/// What was not.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefusedView {
    sid: String,
    /// `not_found`, `number_taken`, `number_exists` or `no_voice`.
    code: String,
    detail: String,
}

/// A number that may be shown as caller without being owned.
#[derive(Serialize, ToSchema)]
pub(crate) struct CallerIdView {
    sid: String,
    /// E.164.
    number: String,
    label: Option<String>,
}

/// A number to verify.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CallerIdInput {
    number: Option<String>,
    label: Option<String>,
}

/// The carrier calls the number now and asks for the code.
#[derive(Serialize, ToSchema)]
pub(crate) struct ValidationView {
    /// E.164.
    number: String,
    /// Six digits, to be keyed at that phone.
    validation_code: String,
    call_sid: Option<String>,
}

/// The numbers that the carrier account already has.
#[utoipa::path(get, path = "/numbers/importable", tag = "numbers", responses(
    (status = 200, body = Page<ImportableView>), (status = 409, body = Problem, description = "`no_carrier`"), (status = 502, body = Problem)))]
async fn importable(
    caller: Caller<may::ManageNumbers>,
) -> Result<Json<Page<ImportableView>>, ApiError> {
    let all = numbers::importable(caller.app(), &caller.org).await?;
    let view = |seen: Importable| ImportableView {
        sid: seen.number.sid,
        number: seen.number.phone_number,
        friendly_name: seen.number.friendly_name,
        capabilities: CapabilitiesView {
            voice: seen.number.capabilities.voice,
            sms: seen.number.capabilities.sms,
            mms: seen.number.capabilities.mms,
        },
        points_to: seen.points_to,
        already: seen.already.map(str::to_owned),
        warnings: seen.warnings,
    };
    Ok(Json(Page::whole(all.into_iter().map(view).collect())))
}

/// Take over numbers that the carrier account already has; their calls come here from then on.
#[utoipa::path(post, path = "/numbers/import", tag = "numbers", request_body = ImportInput, responses(
    (status = 200, body = Imported), (status = 422, body = Problem), (status = 502, body = Problem)))]
async fn import(
    caller: Caller<may::ManageNumbers>,
    Body(input): Body<ImportInput>,
) -> Result<Json<Imported>, ApiError> {
    let sids = input.sids.unwrap_or_default();
    if sids.is_empty() || sids.len() > AT_ONCE {
        return Err(ApiError::invalid("sids", "name 1 to 50 numbers (PN…)"));
    }
    let label = patch::optional("label", input.label.as_deref(), 60)?;
    let wanted = caller
        .read(async |tx| {
            Ok(match &input.route {
                Some(view) => Some(route(tx, view).await?),
                None => None,
            })
        })
        .await?;
    let app = caller.app();
    let (taken, refused) =
        numbers::import(app, &caller, &sids, label.as_deref(), wanted.as_ref()).await?;
    let scene = caller.read(async |tx| Ok(Scene::read(tx).await?)).await?;
    let why = |refusal: Refusal| RefusedView {
        sid: refusal.sid,
        code: refusal.code.to_owned(),
        detail: refusal.detail,
    };
    Ok(Json(Imported {
        imported: taken.into_iter().map(|number| scene.view(number)).collect(),
        refused: refused.into_iter().map(why).collect(),
    }))
}

/// The numbers that may be shown as caller without being owned.
#[utoipa::path(get, path = "/caller-ids", tag = "numbers", responses(
    (status = 200, body = Page<CallerIdView>), (status = 409, body = Problem, description = "`not_in_region` or `no_carrier`"),
    (status = 502, body = Problem)))]
async fn caller_ids(
    caller: Caller<may::ManageNumbers>,
) -> Result<Json<Page<CallerIdView>>, ApiError> {
    let all = numbers::verified(caller.app(), &caller.org).await?;
    let items = all.into_iter().map(|id| CallerIdView {
        sid: id.sid,
        number: id.phone_number,
        label: id.friendly_name,
    });
    Ok(Json(Page::whole(items.collect())))
}

/// Verify a number: the carrier calls it at once, and the person there keys the code of the answer.
#[utoipa::path(post, path = "/caller-ids", tag = "numbers", request_body = CallerIdInput, responses(
    (status = 201, body = ValidationView),
    (status = 409, body = Problem, description = "`not_in_region`, `already_verified` or `no_carrier`"),
    (status = 422, body = Problem), (status = 502, body = Problem)))]
async fn verify(
    caller: Caller<may::ManageNumbers>,
    Body(input): Body<CallerIdInput>,
) -> Result<(StatusCode, Json<ValidationView>), ApiError> {
    let label = patch::optional("label", input.label.as_deref(), 60)?;
    let number = input.number.unwrap_or_default();
    // It is a call like any other: where the organization may not call, nothing is verified.
    let e164 = caller
        .read(async |tx| phone::diallable(tx, "number", &number).await)
        .await?;
    let asked = numbers::verify(caller.app(), &caller.org, &e164, label.as_deref()).await?;
    let view = ValidationView {
        number: asked.phone_number,
        validation_code: asked.validation_code,
        call_sid: asked.call_sid,
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// Forget a verified number; it is not shown any more.
#[utoipa::path(delete, path = "/caller-ids/{sid}", tag = "numbers", params(("sid" = String, Path)), responses(
    (status = 204, description = "Forgotten"), (status = 404, body = Problem), (status = 409, body = Problem), (status = 502, body = Problem)))]
async fn forget(
    caller: Caller<may::ManageNumbers>,
    Path(sid): Path<String>,
) -> Result<StatusCode, ApiError> {
    numbers::forget(caller.app(), &caller.org, &sid).await?;
    Ok(StatusCode::NO_CONTENT)
}
