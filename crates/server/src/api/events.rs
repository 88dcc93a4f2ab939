//! The event stream, and the poll door for clients that cannot keep a socket open.

use axum::Json;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use offhook_store::events::{self, After};
use offhook_store::users;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Params;
use crate::app::App;
use crate::auth::caller::{Presented, identify, presented};
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};
use crate::live::{self, Frame, Opening};

/// How many events one poll gives.
const AT_ONCE: u32 = 200;
/// The largest message that a client may send.
const MESSAGE_LIMIT: usize = 16 * 1024;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(stream))
        .routes(routes!(poll))
}

/// Where to go on.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CursorQuery {
    /// The cursor of the last event that was seen; without it the stream begins now.
    cursor: Option<String>,
}

/// What happened since a cursor.
#[derive(Serialize, ToSchema)]
pub(crate) struct Polled {
    events: Vec<Frame>,
    /// To be sent with the next poll.
    cursor: String,
    /// The cursor was unknown or too old: load everything again.
    reset: bool,
}

/// The event stream, a WebSocket.
///
/// The first frame is `hello` with the current cursor: connect first, then load lists. A credential comes with the
/// request (bearer token, or the cookie from a page of ours) or as the first message, `{"type": "auth", "token": "…"}`.
/// The client may send `{"type": "beat", "device": "ready" | "connecting" | "problem" | "none"}`.
#[utoipa::path(get, path = "/events", tag = "events", params(CursorQuery), responses(
    (status = 101, body = Frame, description = "The stream; each message is one frame"),
    (status = 401, body = Problem), (status = 403, body = Problem, description = "A page of another origin")))]
async fn stream(
    State(app): State<App>,
    headers: HeaderMap,
    Params(query): Params<CursorQuery>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let slug = headers
        .get("x-organization-slug")
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned);
    let mut opening = Opening {
        identity: None,
        token: None,
        cursor: query.cursor,
        slug,
    };
    match presented(&app, &headers) {
        Some(Presented { token, by_cookie }) => {
            if by_cookie && !is_own_page(&app, &headers) {
                return Err(ApiError::Forbidden(
                    "this page is not one of ours; send the token as the first message".to_owned(),
                ));
            }
            match identify(&app, &token, opening.slug.as_deref()).await {
                Ok(identity) => opening.identity = Some(identity),
                // A stale cookie does not stand in the way of a tab that has a token of its own.
                Err(ApiError::Unauthorized) if by_cookie && upgrade.is_ok() => {}
                Err(error) => return Err(error),
            }
            opening.token = Some(token);
        }
        None if upgrade.is_err() => return Err(ApiError::Unauthorized),
        None => {}
    }
    let upgrade = upgrade.map_err(|_| ApiError::Malformed {
        field: "upgrade".to_owned(),
        detail: "this door is a WebSocket; GET /api/v1/events/poll answers plain requests"
            .to_owned(),
    })?;
    let upgrade = upgrade.max_message_size(MESSAGE_LIMIT);
    let node = app.clone();
    Ok(upgrade.on_upgrade(move |socket| async move {
        let tracker = node.tasks.clone();
        tracker
            .track_future(live::serve(node, socket, opening))
            .await;
    }))
}

/// Whether a browser's request comes from a page that we served; without an Origin it comes from no page at all.
fn is_own_page(app: &App, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Some(origin) = origin.to_str().ok().and_then(|text| Url::parse(text).ok()) else {
        return false;
    };
    if origin.origin() == app.config.public_url.origin() {
        return true;
    }
    let authority = match (origin.host_str(), origin.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => return false,
    };
    headers
        .get(header::HOST)
        .is_some_and(|host| host.as_bytes() == authority.as_bytes())
}

/// What happened since a cursor, for clients that cannot keep a socket open.
#[utoipa::path(get, path = "/events/poll", tag = "events", params(CursorQuery), responses((status = 200, body = Polled)))]
async fn poll(
    caller: Caller<may::Work>,
    Params(query): Params<CursorQuery>,
) -> Result<Json<Polled>, ApiError> {
    let role = users::Role::from(caller.role);
    let cursor = query
        .cursor
        .filter(|text| !text.is_empty())
        .map(|text| text.parse::<i64>());
    caller
        .read(async |tx| {
            let head = events::head(tx).await?;
            let now = |reset| Polled {
                events: Vec::new(),
                cursor: head.to_string(),
                reset,
            };
            let cursor = match cursor {
                None => return Ok(now(false)),
                Some(Err(_)) => return Ok(now(true)),
                Some(Ok(cursor)) => cursor,
            };
            let After::Events(events) = events::after(tx, cursor, AT_ONCE).await? else {
                return Ok(now(true));
            };
            let last = events.last().map_or(cursor, |event| event.cursor);
            let seen = events
                .iter()
                .filter(|event| event.audience.includes(&caller.user, role));
            Ok(Polled {
                events: seen.map(Frame::from).collect(),
                cursor: last.to_string(),
                reset: false,
            })
        })
        .await
        .map(Json)
}
