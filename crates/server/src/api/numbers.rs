//! The organization's phone numbers and where calls to them go.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use offhook_core::id::{NumberId, UserId};
use offhook_store::numbers::{self, Number};
use offhook_store::{Error, Tx, carriers, jobs, users};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::changes::{self, Change};
use super::number_view::{NumberView, Scene};
use super::route::{RouteView, route};
use super::{Body, Page, PageQuery, Params, audit, patch, phone};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};
use crate::numbers::{Task, first_route};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, change, remove))
}

/// A number to add or to change; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NumberInput {
    /// Any format of the organization's country, or with a country's code; cannot be changed.
    number: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    label: Option<Option<String>>,
    /// The first queue when a new number has none.
    route: Option<RouteView>,
    #[serde(default, deserialize_with = "patch::nullable")]
    agent: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    sid: Option<Option<String>>,
    emergency_address: Option<bool>,
    /// Whether its calls are recorded; null: as the organization says.
    #[serde(default, deserialize_with = "patch::nullable")]
    record: Option<Option<bool>>,
    /// An https address with TwiML elsewhere, which the carrier asks when this server does not answer.
    #[serde(default, deserialize_with = "patch::nullable")]
    fallback: Option<Option<String>>,
}

pub(super) async fn load(tx: &mut Tx, text: &str) -> Result<Number, ApiError> {
    let id = NumberId::parse(text).map_err(|_| ApiError::NotFound("number"))?;
    numbers::get(tx, &id)
        .await
        .map_err(|error| ApiError::missing(error, "number"))
}

/// The numbers, newest first.
#[utoipa::path(get, path = "/numbers", tag = "numbers", params(PageQuery), responses((status = 200, body = Page<NumberView>)))]
async fn list(
    caller: Caller<may::Work>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<NumberView>>, ApiError> {
    let (all, scene) = caller
        .read(async |tx| Ok((numbers::list(tx).await?, Scene::read(tx).await?)))
        .await?;
    let place = |number: &Number| (number.created_at, number.id.to_string());
    Page::of_all(all, &query, place, |number| scene.view(number)).map(Json)
}

/// One number.
#[utoipa::path(get, path = "/numbers/{id}", tag = "numbers", params(("id" = String, Path)), responses(
    (status = 200, body = NumberView), (status = 404, body = Problem)))]
async fn get(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<NumberView>, ApiError> {
    caller
        .read(async |tx| {
            let number = load(tx, &id).await?;
            Ok(Json(Scene::read(tx).await?.view(number)))
        })
        .await
}

/// Add a number that the carrier account holds.
#[utoipa::path(post, path = "/numbers", tag = "numbers", request_body = NumberInput, responses(
    (status = 201, body = NumberView),
    (status = 409, body = Problem, description = "`number_taken`, `number_exists` or `no_carrier`"),
    (status = 422, body = Problem)))]
async fn add(
    caller: Caller<may::ManageNumbers>,
    Body(input): Body<NumberInput>,
) -> Result<(StatusCode, Json<NumberView>), ApiError> {
    let now = caller.app().clock.now();
    let id = NumberId::new(uuid::Uuid::now_v7());
    let number = caller
        .write(async |tx| {
            let e164 =
                phone::required(tx, "number", input.number.as_deref().unwrap_or_default()).await?;
            let Some(account) = carriers::list(tx).await?.into_iter().next() else {
                return Err(ApiError::conflict(
                    "no_carrier",
                    "connect a carrier account first, in Settings",
                ));
            };
            let blank = Number {
                id: id.clone(),
                e164,
                label: None,
                carrier: account.id,
                sid: None,
                agent: None,
                route: first_route(tx, None).await?,
                emergency_address: false,
                record: None,
                fallback_url: None,
                facts: numbers::Facts::default(),
                created_at: now,
                updated_at: now,
            };
            let number = merged(tx, blank, &input).await?;
            numbers::insert(tx, &number).await.map_err(taken)?;
            audit::note(
                tx,
                &caller,
                now,
                "number.add",
                number.id.as_str(),
                json!({}),
            )
            .await?;
            set_up(tx, &number, now).await?;
            tell(tx, number, Change::Added, now).await
        })
        .await?;
    crate::carrier::changed(caller.app(), &caller.org).await;
    Ok((StatusCode::CREATED, Json(number)))
}

/// The number is set up at the carrier as it is here.
async fn set_up(tx: &mut Tx, number: &Number, now: DateTime<Utc>) -> Result<(), ApiError> {
    if number.sid.is_some() {
        let task = Task::SetUp {
            number: number.id.clone(),
        };
        jobs::enqueue(tx, &task.job(now), now).await?;
    }
    Ok(())
}

/// Why a number could not be added.
pub(crate) fn taken(error: Error) -> ApiError {
    if error.is_conflict("number_taken") {
        return ApiError::conflict(
            "number_taken",
            "this number belongs to another organization here",
        );
    }
    if error.is_conflict("numbers_e164") {
        return ApiError::conflict("number_exists", "this number is in the list already");
    }
    error.into()
}

/// Change a number: its label, route or agent.
#[utoipa::path(patch, path = "/numbers/{id}", tag = "numbers", params(("id" = String, Path)), request_body = NumberInput, responses(
    (status = 200, body = NumberView), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn change(
    caller: Caller<may::ManageNumbers>,
    Path(id): Path<String>,
    Body(input): Body<NumberInput>,
) -> Result<Json<NumberView>, ApiError> {
    let now = caller.app().clock.now();
    caller
        .write(async |tx| {
            let mut number = load(tx, &id).await?;
            if input.number.is_some()
                && phone::required(tx, "number", input.number.as_deref().unwrap_or_default())
                    .await?
                    != number.e164
            {
                return Err(ApiError::invalid(
                    "number",
                    "the number itself stays; remove it and add the other",
                ));
            }
            number.updated_at = now;
            let before = number.clone();
            let number = merged(tx, number, &input).await?;
            numbers::update(tx, &number).await?;
            let shown_there = |number: &Number| {
                let named = (number.label.clone(), number.fallback_url.clone());
                (named, number.sid.clone())
            };
            if shown_there(&number) != shown_there(&before) {
                set_up(tx, &number, now).await?;
            }
            audit::note(
                tx,
                &caller,
                now,
                "number.change",
                number.id.as_str(),
                json!({}),
            )
            .await?;
            tell(tx, number, Change::Changed, now).await
        })
        .await
        .map(Json)
}

/// Tells the other screens.
async fn tell(
    tx: &mut Tx,
    number: Number,
    change: Change,
    now: DateTime<Utc>,
) -> Result<NumberView, ApiError> {
    let view = Scene::read(tx).await?.view(number);
    changes::tell(tx, "number", change, &view.id, Some(&view), now).await?;
    Ok(view)
}

/// Tells the other screens of a number that was bought or taken over.
pub(crate) async fn tell_added(
    tx: &mut Tx,
    number: &Number,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let view = Scene::read(tx).await?.view(number.clone());
    changes::tell(tx, "number", Change::Added, &view.id, Some(&view), now).await
}

/// Tells the other screens of what changed about a number.
pub(crate) async fn tell_changed(
    tx: &mut Tx,
    number: &Number,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let view = Scene::read(tx).await?.view(number.clone());
    changes::tell(tx, "number", Change::Changed, &view.id, Some(&view), now).await
}

/// Tells the other screens that a number is gone.
pub(crate) async fn tell_removed(
    tx: &mut Tx,
    id: &NumberId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let gone = None::<&NumberView>;
    changes::tell(tx, "number", Change::Removed, id.as_str(), gone, now).await
}

async fn merged(tx: &mut Tx, mut number: Number, input: &NumberInput) -> Result<Number, ApiError> {
    if let Some(label) = &input.label {
        number.label = patch::optional("label", label.as_deref(), 60)?;
    }
    if let Some(wanted) = &input.route {
        number.route = route(tx, wanted).await?;
    }
    if let Some(agent) = &input.agent {
        number.agent = known_agent(tx, agent.as_deref()).await?;
    }
    if let Some(record) = input.record {
        number.record = record;
    }
    if let Some(fallback) = &input.fallback {
        number.fallback_url = fallback_url(fallback.as_deref())?;
    }
    if let Some(sid) = &input.sid {
        number.sid = patch::optional("sid", sid.as_deref(), 34)?;
    }
    number.emergency_address = input.emergency_address.unwrap_or(number.emergency_address);
    Ok(number)
}

/// An address elsewhere: one of this server's would be away with it.
fn fallback_url(text: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(text) = patch::optional("fallback", text, 1000)? else {
        return Ok(None);
    };
    let fits =
        url::Url::parse(&text).is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some());
    if fits {
        Ok(Some(text))
    } else {
        Err(ApiError::invalid(
            "fallback",
            "use an https address that answers with TwiML",
        ))
    }
}

pub(super) async fn known_agent(tx: &mut Tx, id: Option<&str>) -> Result<Option<UserId>, ApiError> {
    let Some(id) = id else { return Ok(None) };
    let org = tx.org_id().clone();
    let known = users::members(tx, &org)
        .await?
        .into_iter()
        .find(|m| m.user.id.as_str() == id);
    known
        .map(|m| Some(m.user.id))
        .ok_or_else(|| ApiError::invalid("agent", "there is no such agent in this organization"))
}

/// Let a number go; its calls stay.
#[utoipa::path(delete, path = "/numbers/{id}", tag = "numbers", params(("id" = String, Path)), responses(
    (status = 204, description = "Removed"), (status = 404, body = Problem)))]
async fn remove(
    caller: Caller<may::ManageNumbers>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let now = caller.app().clock.now();
    caller
        .write(async |tx| {
            let number = load(tx, &id).await?;
            numbers::remove(tx, &number.id).await?;
            tell_removed(tx, &number.id, now).await?;
            audit::note(
                tx,
                &caller,
                now,
                "number.remove",
                number.id.as_str(),
                json!({}),
            )
            .await
        })
        .await?;
    crate::carrier::changed(caller.app(), &caller.org).await;
    Ok(StatusCode::NO_CONTENT)
}
