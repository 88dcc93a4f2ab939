//! Calls on an agent's screen: exactly one agent wins each, and a decline is nobody else's business.

use axum::Json;
use axum::extract::Path;
use chrono::{DateTime, Utc};
use offhook_core::call::{Call, Direction, Event, Mode};
use offhook_core::id::{CallId, OfferId};
use offhook_store::presence as presence_store;
use offhook_store::{Tx, agent_calling, calls, queues};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{refused, view};
use super::story::{self, Source, Telling, Told};
use crate::api::Page;
use crate::api::view::CallView;
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(accept))
        .routes(routes!(decline))
}

/// A waiting call on this agent's screen.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfferView {
    id: String,
    offered_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    call: CallView,
}

/// What the winner gets.
#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {
    call: CallView,
}

/// What is on one's own screen now.
#[utoipa::path(get, path = "/offers", tag = "offers", responses((status = 200, body = Page<OfferView>)))]
async fn list(caller: Caller<may::Work>) -> Result<Json<Page<OfferView>>, ApiError> {
    let now = caller.app().clock.now();
    let open = caller
        .read(async |tx| Ok(calls::open_offers(tx, Some(&caller.user)).await?))
        .await?;
    let views = open.into_iter().map(|offer| OfferView {
        id: offer.id.into(),
        offered_at: offer.offered_at,
        expires_at: offer.expires_at,
        call: CallView::of(offer.call, now),
    });
    Ok(Json(Page::whole(views.collect())))
}

/// Take the call. Again by the winner gives the same call; anybody else is told who was quicker.
#[utoipa::path(post, path = "/offers/{id}/accept", tag = "offers", params(("id" = String, Path)), responses(
    (status = 200, body = Accepted), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`already_claimed` with `by`, `caller_gone`, or `agent_busy`")))]
async fn accept(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<Accepted>, ApiError> {
    let (offer, call) = parse(&id)?;
    let now = caller.app().clock.now();
    let (told, view) = caller
        .write(async |tx| {
            presence_store::take_turn(tx, &caller.user).await?;
            free(tx, &caller, &call, now).await?;
            let event = Event::Accept {
                agent: caller.user.clone(),
                offer: offer.clone(),
            };
            let told = tell(tx, &caller, &call, event).await?;
            let view = view(tx, &told.call, now).await?;
            Ok((told, view))
        })
        .await?;
    told.stir(caller.app(), &caller.org);
    Ok(Json(Accepted { call: view }))
}

/// Not me: the call goes on ringing for the others.
#[utoipa::path(post, path = "/offers/{id}/decline", tag = "offers", params(("id" = String, Path)), responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn decline(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<axum::http::StatusCode, ApiError> {
    let (offer, call) = parse(&id)?;
    let told = caller
        .write(async |tx| {
            let event = Event::Decline {
                agent: caller.user.clone(),
                offer: offer.clone(),
            };
            tell(tx, &caller, &call, event).await
        })
        .await?;
    told.stir(caller.app(), &caller.org);
    Ok(axum::http::StatusCode::NO_CONTENT)
}

/// An agent of the queue takes the waiting call that this `CallSid` is of, offered to this agent or not.
pub(crate) async fn take(caller: &Caller<may::Work>, sid: &str) -> Result<Call, ApiError> {
    let now = caller.app().clock.now();
    let told = caller
        .write(async |tx| {
            presence_store::take_turn(tx, &caller.user).await?;
            let call = waiting(tx, caller, sid).await?;
            free(tx, caller, &call.id, now).await?;
            let agent = caller.user.clone();
            tell(tx, caller, &call.id, Event::Take { agent }).await
        })
        .await?;
    told.stir(caller.app(), &caller.org);
    Ok(told.call)
}

/// Not me: nobody else hears of it, and the caller waits on.
pub(crate) async fn turn_down(caller: &Caller<may::Work>, sid: &str) -> Result<(), ApiError> {
    let told = caller
        .write(async |tx| {
            let call = waiting(tx, caller, sid).await?;
            let agent = caller.user.clone();
            tell(tx, caller, &call.id, Event::TurnDown { agent }).await
        })
        .await?;
    told.stir(caller.app(), &caller.org);
    Ok(())
}

/// The call of a caller's leg, if it may be shown to this agent: a member of its queue, or somebody whom it was offered to.
async fn waiting(tx: &mut Tx, caller: &Caller<may::Work>, sid: &str) -> Result<Call, ApiError> {
    let found = calls::by_leg_sid(tx, sid).await?.map(|stored| stored.call);
    let call = found
        .filter(|call| call.direction == Direction::Inbound && call.customer_sid() == Some(sid))
        .ok_or(ApiError::NotFound("call"))?;
    let theirs = match &call.mode {
        Mode::Queue { queue, .. } => queues::members(tx, queue).await?.contains(&caller.user),
        Mode::RingAgents { agents, .. } => agents.contains(&caller.user),
        _ => false,
    };
    let offered = call.offers.iter().any(|offer| offer.agent == caller.user);
    if theirs || offered {
        Ok(call)
    } else {
        Err(ApiError::NotFound("call"))
    }
}

async fn tell(
    tx: &mut Tx,
    caller: &Caller<may::Work>,
    call: &CallId,
    event: Event,
) -> Result<Told, ApiError> {
    let set = agent_calling::find(tx, &caller.user).await?;
    let agent = caller.user.clone();
    let unrecorded = set.is_some_and(|set| set.record == Some(false));
    let unrecorded = unrecorded.then_some(Event::Unrecorded { agent });
    let events = [event].into_iter().chain(unrecorded).collect();
    let telling = Telling::of(events, Source::Agent(caller.user.clone()));
    let told = story::tell_in(caller.app(), tx, call, &telling)
        .await
        .map_err(|error| ApiError::missing(error, "offer"))?;
    match &told.refused {
        Some((code, by)) => Err(refused(tx, code, by.as_ref()).await),
        None => Ok(told),
    }
}

/// Whoever is in a call cannot take another one.
async fn free(
    tx: &mut Tx,
    caller: &Caller<may::Work>,
    call: &CallId,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    let facts = presence_store::facts(tx, Some(&caller.user), now).await?;
    let elsewhere = facts.iter().any(|row| {
        let keeps = [&row.live_call, &row.awaited_call];
        keeps.into_iter().flatten().any(|other| other != call)
    });
    if elsewhere {
        Err(ApiError::conflict("agent_busy", "you are in another call"))
    } else {
        Ok(())
    }
}

/// An offer's id holds its call's.
fn parse(id: &str) -> Result<(OfferId, CallId), ApiError> {
    let missing = || ApiError::NotFound("offer");
    let offer = OfferId::parse(id).map_err(|_| missing())?;
    let (body, _) = offer.body().rsplit_once('_').ok_or_else(missing)?;
    let call = CallId::parse(&format!("{}{body}", CallId::PREFIX)).map_err(|_| missing())?;
    Ok((offer, call))
}
