//! Queues: who is rung and how, and who waits.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use offhook_core::call::{Overflow, Ring};
use offhook_core::id::{QueueId, UserId};
use offhook_store::numbers::{self, Destination};
use offhook_store::queues::{self, Queue};
use offhook_store::{Tx, calls, users};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::route::{OverflowView, overflow, overflow_view};
use super::{Body, NamedRef, Page, PageQuery, Params, audit, patch};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change, remove))
        .routes(routes!(set_members))
        .routes(routes!(waiting))
}

/// How agents are rung.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RingView {
    /// Every available agent at once.
    All,
    /// One at a time, the one idle longest first.
    LongestIdle,
}

/// Where inbound callers wait.
#[derive(Serialize, ToSchema)]
pub(crate) struct QueueView {
    id: String,
    /// Its name at the carrier too, such as `support_queue`.
    name: String,
    label: String,
    ring: RingView,
    offer_seconds: u32,
    max_wait_seconds: u32,
    overflow: OverflowView,
    greeting: Option<String>,
    members: Vec<NamedRef>,
    /// How many callers wait now.
    waiting: usize,
}

/// A queue to add or to change; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
pub(crate) struct QueueInput {
    /// Small letters, digits and underscores; cannot be changed.
    name: Option<String>,
    label: Option<String>,
    ring: Option<RingView>,
    /// 5 to 120.
    offer_seconds: Option<u32>,
    /// 10 to 3600.
    max_wait_seconds: Option<u32>,
    overflow: Option<OverflowView>,
    #[serde(default, deserialize_with = "patch::nullable")]
    greeting: Option<Option<String>>,
}

/// The agents of a queue.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Members {
    /// The ids of all of them.
    agents: Vec<String>,
}

/// Somebody who waits.
#[derive(Serialize, ToSchema)]
pub(crate) struct WaitingView {
    call_id: String,
    /// 1 is next.
    position: usize,
    from_number: String,
    contact: Option<NamedRef>,
    waiting_since: DateTime<Utc>,
}

fn id(text: &str) -> Result<QueueId, ApiError> {
    QueueId::parse(text).map_err(|_| ApiError::NotFound("queue"))
}

async fn load(tx: &mut Tx, text: &str) -> Result<Queue, ApiError> {
    queues::get(tx, &id(text)?)
        .await
        .map_err(|error| ApiError::missing(error, "queue"))
}

/// What every queue's view needs beside its row, read once.
struct Around {
    names: BTreeMap<UserId, String>,
    places: Vec<(QueueId, UserId)>,
    waiting: Vec<calls::CallSummary>,
}

async fn around(tx: &mut Tx) -> Result<Around, ApiError> {
    let org = tx.org_id().clone();
    let members = users::members(tx, &org).await?;
    let active = members.into_iter().filter(|m| m.membership.active);
    Ok(Around {
        names: active.map(|m| (m.user.id, m.user.name)).collect(),
        places: queues::all_members(tx).await?,
        waiting: calls::waiting(tx, None).await?,
    })
}

impl Around {
    fn view(&self, queue: Queue) -> QueueView {
        let members = self.places.iter().filter(|(q, _)| *q == queue.id);
        let named = members.filter_map(|(_, user)| {
            self.names.get(user).map(|name| NamedRef {
                id: user.to_string(),
                name: name.clone(),
            })
        });
        QueueView {
            members: named.collect(),
            waiting: self
                .waiting
                .iter()
                .filter(|w| in_queue(w, &queue.id))
                .count(),
            id: queue.id.into(),
            name: queue.name,
            label: queue.label,
            ring: match queue.ring {
                Ring::All => RingView::All,
                Ring::LongestIdle => RingView::LongestIdle,
            },
            offer_seconds: queue.offer_seconds,
            max_wait_seconds: queue.max_wait_seconds,
            overflow: overflow_view(queue.overflow),
            greeting: queue.greeting,
        }
    }
}

/// The queues, newest first.
#[utoipa::path(get, path = "/queues", tag = "queues", params(PageQuery), responses((status = 200, body = Page<QueueView>)))]
async fn list(
    caller: Caller<may::Work>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<QueueView>>, ApiError> {
    let (around, all) = caller
        .read(async |tx| Ok((around(tx).await?, queues::list(tx).await?)))
        .await?;
    let place = |queue: &Queue| (queue.created_at, queue.id.to_string());
    Page::of_all(all, &query, place, |queue| around.view(queue)).map(Json)
}

/// One queue.
#[utoipa::path(get, path = "/queues/{id}", tag = "queues", params(("id" = String, Path)), responses(
    (status = 200, body = QueueView), (status = 404, body = Problem)))]
async fn get(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<QueueView>, ApiError> {
    caller.read(async |tx| shown(tx, &id).await).await.map(Json)
}

async fn shown(tx: &mut Tx, id: &str) -> Result<QueueView, ApiError> {
    let queue = load(tx, id).await?;
    Ok(around(tx).await?.view(queue))
}

/// Add a queue.
#[utoipa::path(post, path = "/queues", tag = "queues", request_body = QueueInput, responses(
    (status = 201, body = QueueView), (status = 409, body = Problem, description = "`queue_name_taken`")))]
async fn create(
    caller: Caller<may::ManageQueues>,
    Body(input): Body<QueueInput>,
) -> Result<(StatusCode, Json<QueueView>), ApiError> {
    let now = caller.app().clock.now();
    let name = carrier_name(input.name.as_deref().unwrap_or_default())?;
    let blank = Queue {
        id: QueueId::new(uuid::Uuid::now_v7()),
        label: name.replace('_', " "),
        name,
        ring: Ring::All,
        offer_seconds: 30,
        max_wait_seconds: 300,
        overflow: Overflow::Voicemail,
        greeting: None,
        created_at: now,
        updated_at: now,
    };
    let view = caller
        .write(async |tx| {
            let queue = merged(tx, blank.clone(), &input).await?;
            queues::save(tx, &queue).await.map_err(name_taken)?;
            audit::note(
                tx,
                &caller,
                now,
                "queue.add",
                queue.id.as_str(),
                json!({"name": queue.name}),
            )
            .await?;
            shown(tx, queue.id.as_str()).await
        })
        .await?;
    Ok((StatusCode::CREATED, Json(view)))
}

fn name_taken(error: offhook_store::Error) -> ApiError {
    if error.is_conflict("queues_name") {
        return ApiError::conflict(
            "queue_name_taken",
            "another queue has this name; choose another",
        );
    }
    error.into()
}

/// A name that the carrier takes in an address.
fn carrier_name(name: &str) -> Result<String, ApiError> {
    let name = patch::text("name", name, 60)?;
    let fits = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if fits {
        Ok(name)
    } else {
        Err(ApiError::invalid(
            "name",
            "use small letters, digits and underscores, such as support_queue",
        ))
    }
}

/// Change a queue; calls under way keep the settings they began with.
#[utoipa::path(patch, path = "/queues/{id}", tag = "queues", params(("id" = String, Path)), request_body = QueueInput, responses(
    (status = 200, body = QueueView), (status = 404, body = Problem)))]
async fn change(
    caller: Caller<may::ManageQueues>,
    Path(id): Path<String>,
    Body(input): Body<QueueInput>,
) -> Result<Json<QueueView>, ApiError> {
    let now = caller.app().clock.now();
    caller
        .write(async |tx| {
            let mut queue = load(tx, &id).await?;
            if input.name.as_ref().is_some_and(|name| *name != queue.name) {
                return Err(ApiError::invalid(
                    "name",
                    "the name stays, since the carrier knows the queue by it; change the label",
                ));
            }
            queue.updated_at = now;
            let queue = merged(tx, queue, &input).await?;
            queues::save(tx, &queue).await?;
            audit::note(
                tx,
                &caller,
                now,
                "queue.change",
                queue.id.as_str(),
                json!({}),
            )
            .await?;
            shown(tx, &id).await
        })
        .await
        .map(Json)
}

async fn merged(tx: &mut Tx, mut queue: Queue, input: &QueueInput) -> Result<Queue, ApiError> {
    if let Some(label) = &input.label {
        queue.label = patch::text("label", label, 60)?;
    }
    if let Some(ring) = input.ring {
        queue.ring = match ring {
            RingView::All => Ring::All,
            RingView::LongestIdle => Ring::LongestIdle,
        };
    }
    if let Some(seconds) = input.offer_seconds {
        queue.offer_seconds = patch::within("offer_seconds", seconds, 5, 120)?;
    }
    if let Some(seconds) = input.max_wait_seconds {
        queue.max_wait_seconds = patch::within("max_wait_seconds", seconds, 10, 3600)?;
    }
    if let Some(wanted) = &input.overflow {
        queue.overflow = overflow(tx, "overflow", wanted).await?;
    }
    if let Some(greeting) = &input.greeting {
        queue.greeting = patch::optional("greeting", greeting.as_deref(), 1000)?;
    }
    Ok(queue)
}

/// Remove a queue that no number leads to and where nobody waits.
#[utoipa::path(delete, path = "/queues/{id}", tag = "queues", params(("id" = String, Path)), responses(
    (status = 204, description = "Removed"), (status = 404, body = Problem), (status = 409, body = Problem, description = "`queue_in_use`")))]
async fn remove(
    caller: Caller<may::ManageQueues>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let now = caller.app().clock.now();
    caller
        .write(async |tx| {
            let queue = load(tx, &id).await?;
            let leads_here = |d: &Destination| matches!(d, Destination::Queue { queue: to } if *to == queue.id);
            let led = numbers::list(tx).await?.iter().any(|number| leads_here(&number.route.to));
            let waited = !calls::waiting(tx, Some(&queue.id)).await?.is_empty();
            if led || waited {
                let why = "a number leads to this queue, or somebody waits in it; change the number's route first";
                return Err(ApiError::conflict("queue_in_use", why));
            }
            queues::remove(tx, &queue.id).await?;
            audit::note(tx, &caller, now, "queue.remove", queue.id.as_str(), json!({"name": queue.name})).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set the agents of a queue.
#[utoipa::path(put, path = "/queues/{id}/members", tag = "queues", params(("id" = String, Path)), request_body = Members, responses(
    (status = 200, body = QueueView), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn set_members(
    caller: Caller<may::ManageQueues>,
    Path(id): Path<String>,
    Body(wanted): Body<Members>,
) -> Result<Json<QueueView>, ApiError> {
    let now = caller.app().clock.now();
    caller
        .write(async |tx| {
            let queue = load(tx, &id).await?;
            let known = users::members(tx, &caller.org).await?;
            if let Some(stranger) = wanted
                .agents
                .iter()
                .find(|a| !known.iter().any(|m| m.user.id.as_str() == *a))
            {
                return Err(ApiError::invalid(
                    "agents",
                    format!("{stranger} is nobody in this organization"),
                ));
            }
            for member in known {
                if wanted.agents.iter().any(|a| a == member.user.id.as_str()) {
                    queues::add_member(tx, &queue.id, &member.user.id).await?;
                } else {
                    queues::remove_member(tx, &queue.id, &member.user.id).await?;
                }
            }
            audit::note(
                tx,
                &caller,
                now,
                "queue.members",
                queue.id.as_str(),
                json!({"agents": wanted.agents}),
            )
            .await?;
            shown(tx, &id).await
        })
        .await
        .map(Json)
}

/// Who waits in a queue, the next one first.
#[utoipa::path(get, path = "/queues/{id}/waiting", tag = "queues", params(("id" = String, Path)), responses(
    (status = 200, body = Page<WaitingView>), (status = 404, body = Problem)))]
async fn waiting(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<Page<WaitingView>>, ApiError> {
    let items = caller
        .read(async |tx| {
            let queue = load(tx, &id).await?;
            let here = calls::waiting(tx, Some(&queue.id)).await?;
            Ok(here
                .into_iter()
                .zip(1..)
                .map(|(call, position)| waiting_view(call, position))
                .collect())
        })
        .await?;
    Ok(Json(Page::whole(items)))
}

fn waiting_view(call: calls::CallSummary, position: usize) -> WaitingView {
    WaitingView {
        call_id: call.id.into(),
        position,
        from_number: call.from_number,
        contact: call.contact.map(|c| NamedRef {
            id: c.id.into(),
            name: c.name,
        }),
        waiting_since: call.waiting_since.unwrap_or(call.started_at),
    }
}

fn in_queue(call: &calls::CallSummary, queue: &QueueId) -> bool {
    call.queue.as_ref().is_some_and(|q| q.id == *queue)
}
