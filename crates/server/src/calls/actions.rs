//! What an agent does in a call: end it, come back into it, hold, go on, and pause the recording.

use axum::Json;
use axum::extract::Path;
use offhook_core::call::{Call, Event, LiveEvent};
use offhook_core::id::{CallId, UserId};
use offhook_store::{Tx, calls, users};
use serde_json::{Map, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::effects;
use super::story::{self, Source, Telling};
use crate::api::NamedRef;
use crate::api::view::CallView;
use crate::app::App;
use crate::auth::permission::Permission;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(hang_up))
        .routes(routes!(join))
        .routes(routes!(hold))
        .routes(routes!(resume))
        .routes(routes!(pause_recording))
        .routes(routes!(resume_recording))
}

/// End the call for both; one's own, or anybody's with the permission for that.
#[utoipa::path(post, path = "/calls/{id}/hangup", tag = "calls", params(("id" = String, Path)), responses(
    (status = 200, body = CallView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn hang_up(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<CallView>, ApiError> {
    act(&caller, &id, end_by(&caller)).await
}

/// Come (back) into the call: the tab that owns the device is told to connect with `call_id`.
#[utoipa::path(post, path = "/calls/{id}/join", tag = "calls", params(("id" = String, Path)), responses(
    (status = 200, body = CallView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn join(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<CallView>, ApiError> {
    let id = parse(&id)?;
    let now = caller.app().clock.now();
    caller
        .write(async |tx| {
            let call = calls::load(tx, &id)
                .await
                .map_err(|error| ApiError::missing(error, "call"))?
                .call;
            if call.is_over() {
                return Err(call_over());
            }
            if call.agent.as_ref() != Some(&caller.user) {
                return Err(refused(tx, "not_yours", call.agent.as_ref()).await);
            }
            let live = LiveEvent::Join {
                agent: caller.user.clone(),
            };
            effects::live(tx, &call, &[live], now).await?;
            view(tx, &call, now).await
        })
        .await
        .map(Json)
}

/// Put the customer on hold, with music; the recording is silent meanwhile.
#[utoipa::path(post, path = "/calls/{id}/hold", tag = "calls", params(("id" = String, Path)), responses(
    (status = 200, body = CallView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn hold(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<CallView>, ApiError> {
    act(&caller, &id, |agent| Event::Hold { agent }).await
}

/// Take the customer off hold.
#[utoipa::path(post, path = "/calls/{id}/resume", tag = "calls", params(("id" = String, Path)), responses(
    (status = 200, body = CallView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn resume(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<CallView>, ApiError> {
    act(&caller, &id, |agent| Event::Resume { agent }).await
}

/// Pause the recording: silence takes its place.
#[utoipa::path(post, path = "/calls/{id}/record/pause", tag = "calls", params(("id" = String, Path)), responses(
    (status = 200, body = CallView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn pause_recording(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<CallView>, ApiError> {
    act(&caller, &id, |agent| Event::PauseRecording { agent }).await
}

/// Go on recording.
#[utoipa::path(post, path = "/calls/{id}/record/resume", tag = "calls", params(("id" = String, Path)), responses(
    (status = 200, body = CallView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn resume_recording(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<CallView>, ApiError> {
    act(&caller, &id, |agent| Event::ResumeRecording { agent }).await
}

/// Ends a call for both, whoever's it is.
pub(super) async fn end(caller: &Caller<may::Work>, id: &CallId) -> Result<(), ApiError> {
    act(caller, id.as_str(), end_by(caller)).await.map(drop)
}

/// One's own call, or somebody else's.
fn end_by(caller: &Caller<may::Work>) -> impl Fn(UserId) -> Event + Clone + Send + use<> {
    let me = caller.user.clone();
    move |agent| {
        if agent == me {
            Event::HangUp { agent }
        } else {
            Event::HangUpFor { agent }
        }
    }
}

/// Tells the call what its agent wants; whoever may manage calls speaks for its agent.
async fn act(
    caller: &Caller<may::Work>,
    id: &str,
    event: impl Fn(UserId) -> Event + Clone + Send,
) -> Result<Json<CallView>, ApiError> {
    let id = parse(id)?;
    let now = caller.app().clock.now();
    let done = caller
        .write(async |tx| {
            let call = calls::load(tx, &id)
                .await
                .map_err(|error| ApiError::missing(error, "call"))?
                .call;
            let agent = match call.agent {
                Some(agent) if agent != caller.user && caller.may(Permission::ManageCalls) => agent,
                _ => caller.user.clone(),
            };
            let telling = Telling::of(vec![event(agent)], Source::Agent(caller.user.clone()));
            let told = story::tell_in(caller.app(), tx, &id, &telling).await?;
            if let Some((code, by)) = &told.refused {
                if told.call.is_over() {
                    return Err(call_over());
                }
                return Err(refused(tx, code, by.as_ref()).await);
            }
            let view = view(tx, &told.call, now).await?;
            Ok((told, view))
        })
        .await?;
    let (told, view) = done;
    told.stir(caller.app(), &caller.org);
    Ok(Json(view))
}

fn call_over() -> ApiError {
    ApiError::conflict("call_over", "this call is over")
}

pub(super) fn parse(id: &str) -> Result<CallId, ApiError> {
    CallId::parse(id).map_err(|_| ApiError::NotFound("call"))
}

pub(super) async fn view(
    tx: &mut Tx,
    call: &Call,
    now: offhook_core::Time,
) -> Result<CallView, ApiError> {
    Ok(CallView::of(calls::summary(tx, &call.id).await?, now))
}

/// The engine's no in words for people.
pub(super) async fn refused(tx: &mut Tx, code: &'static str, by: Option<&UserId>) -> ApiError {
    let org = tx.org_id().clone();
    let by = match by {
        Some(by) => users::member(tx, &org, by).await.ok().flatten(),
        None => None,
    };
    let name = by
        .as_ref()
        .map_or("somebody else", |member| member.user.name.as_str());
    let detail = match code {
        "not_found" => return ApiError::NotFound("offer"),
        "not_yours" => return ApiError::Forbidden(format!("this call belongs to {name}")),
        "already_claimed" => format!("{name} took this call"),
        "caller_gone" => "the caller is not waiting any more".to_owned(),
        "offer_closed" => "this offer is closed".to_owned(),
        "not_connected" => "this works only while you are connected with the customer".to_owned(),
        "not_recorded" => "this call is not recorded".to_owned(),
        "not_ended" => "this call is not over yet".to_owned(),
        other => other.replace('_', " "),
    };
    let mut more = Map::new();
    if let Some(member) = by {
        more.insert(
            "by".to_owned(),
            json!(NamedRef {
                id: member.user.id.into(),
                name: member.user.name
            }),
        );
    }
    ApiError::Conflict { code, detail, more }
}
