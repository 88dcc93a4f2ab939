//! The documented doors: the endpoints of the five systems at their own paths, as thin adapters onto the stories of `/api/v1`.
//!
//! One module per system, named by what it is; what several systems share answers the union of their fields. No handler here
//! decides anything: it reads the documented request, tells the story, and writes the documented answer.

mod answer;
pub(crate) mod click_to_call;
pub(crate) mod default_route;
mod device_events;
mod device_sdk;
mod device_socket;
mod forwarding;
mod numbers_admin;
mod numbers_per_agent;
mod queue_conference;
mod token;

use axum::Router;
use axum::http::{HeaderName, Method, header};
use axum::middleware::map_response;
use axum::routing::{get, post};
use tower_http::cors::{Any, CorsLayer};

use crate::app::App;
use crate::error::ApiError;
use crate::webhooks::knocked;
use crate::webhooks::reply::Manner;
use crate::webhooks::urls::Door;

use default_route::ByDefault;

/// A documented webhook's path, the door of ours that answers there, and what it does with a number nobody chose a route for.
struct Webhook {
    path: &'static str,
    door: Door,
    by_default: ByDefault,
}

const fn webhook_at(path: &'static str, door: Door, by_default: ByDefault) -> Webhook {
    Webhook {
        path,
        door,
        by_default,
    }
}

/// The documented webhooks: signed, written down and decided like our own.
const WEBHOOKS: [Webhook; 13] = {
    use ByDefault::{Everybody, Forward, Owner, Queue};
    [
        // Queue and conference.
        webhook_at("/api/twilio/webhook/voice", Door::Voice, Queue),
        webhook_at("/api/twilio/webhook/recording", Door::Recording, Queue),
        // Forwarding and event log.
        webhook_at("/api/twilio/voice/answer", Door::Voice, Forward),
        webhook_at("/api/twilio/voice/status", Door::Status, Forward),
        webhook_at("/api/twilio/voice/recording", Door::Recording, Forward),
        // Device SDK.
        webhook_at("/api/webhooks/twilio/voice/incoming", Door::Voice, Owner),
        webhook_at(device_sdk::VOICE, Door::Voice, Owner),
        // Click-to-call and presence.
        webhook_at("/api/twilio/voice", Door::Voice, Everybody),
        webhook_at(click_to_call::OUTBOUND, Door::Voice, Everybody),
        webhook_at(click_to_call::EVENTS, Door::Status, Everybody),
        // Numbers per agent.
        webhook_at("/api/webhooks/twilio/voice", Door::Voice, Owner),
        webhook_at("/api/webhooks/twilio/status", Door::Status, Owner),
        webhook_at("/api/webhooks/twilio/recording", Door::Recording, Owner),
    ]
};

/// The documented endpoints for people and their front ends, by path.
fn people() -> Router<App> {
    Router::new()
        // Queue and conference (POST); click-to-call (GET), whose front end is there by its device.
        .route(
            "/api/twilio/token",
            get(click_to_call::token).post(token::token),
        )
        // Queue and conference.
        .route("/api/twilio/calls", post(queue_conference::call))
        .route(
            "/api/twilio/incoming-calls/pending",
            get(queue_conference::pending),
        )
        .route(
            "/api/twilio/incoming-calls/accept",
            post(queue_conference::accept),
        )
        .route(
            "/api/twilio/incoming-calls/decline",
            post(queue_conference::decline),
        )
        // Device SDK.
        .route("/api/twilio/client/token", get(device_sdk::token))
        .route("/ws", get(device_socket::open))
        // Forwarding and event log.
        .route("/api/calls/initiate", post(forwarding::initiate))
        // Numbers per agent.
        .route("/api/calling/token", get(click_to_call::token))
        .route("/api/calling/make-call", post(numbers_per_agent::make_call))
        .route("/api/calling/save-call", post(numbers_per_agent::save_call))
        .route("/api/calling/end-call", post(numbers_per_agent::end_call))
        .route(
            "/api/admin/twilio/available-numbers",
            get(numbers_admin::available),
        )
        .route(
            "/api/admin/twilio/purchase-number",
            post(numbers_admin::purchase),
        )
        .route(
            "/api/admin/twilio/assign-number",
            post(numbers_admin::assign),
        )
        .route(
            "/api/admin/twilio/purchased-numbers",
            get(numbers_admin::purchased),
        )
}

/// All documented paths.
pub fn routes() -> Router<App> {
    let webhooks = WEBHOOKS
        .iter()
        .fold(Router::new(), |router, webhook| {
            router.route(webhook.path, knocked(webhook.door).get(answer::hint))
        })
        .layer(map_response(answer::to_the_carrier));
    people()
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(map_response(answer::to_people))
        .layer(from_anywhere())
        .merge(webhooks)
}

/// A front end of another system lives at an address of its own. It proves who it is by a token that it was given, never by a
/// cookie of ours, so it may call from anywhere.
fn from_anywhere() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-organization-slug"),
        ])
        .expose_headers([header::RETRY_AFTER])
}

/// The door of ours that answers at a documented webhook's path.
pub(crate) fn webhook(path: &str) -> Option<Door> {
    known(path).map(|webhook| webhook.door)
}

/// How an agent's device that dials by itself at this path is answered.
pub(crate) fn manner(path: &str) -> Manner {
    match path {
        device_sdk::VOICE => Manner::DeviceSdk,
        click_to_call::OUTBOUND => Manner::ClickToCall,
        _ => Manner::Ours,
    }
}

fn known(path: &str) -> Option<&'static Webhook> {
    WEBHOOKS.iter().find(|webhook| webhook.path == path)
}

/// Every documented webhook's path, for the tests that walk through each.
pub fn webhook_paths() -> impl Iterator<Item = (&'static str, Door)> {
    WEBHOOKS.iter().map(|webhook| (webhook.path, webhook.door))
}
