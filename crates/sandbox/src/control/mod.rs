//! The control API `/sandbox/v1`: phones that a person or a test picks up, and the ground truth of everything that happened.
//!
//! It has no log-in: it answers only to programs and pages of this machine (see [`guard`]).

mod accounts;
mod calls;
mod faults;
mod guard;
mod handset;
mod papers;
mod personas;
mod phones;
mod refusal;
mod setup;
mod texts;
mod webhooks;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post, put};

use crate::driver::Sandbox;
pub use guard::Hosts;

/// The whole table of routes, for the hosts that may ask.
pub fn router(sandbox: Sandbox, hosts: Hosts) -> Router {
    Router::new()
        .route("/sandbox/v1/accounts", get(setup::accounts))
        .route("/sandbox/v1/accounts/{sid}", put(accounts::change))
        .route(
            "/sandbox/v1/accounts/{sid}/regions",
            post(accounts::open_region),
        )
        .route("/sandbox/v1/rest", put(setup::rest))
        .route(
            "/sandbox/v1/faults",
            get(faults::show).put(faults::change).delete(faults::calm),
        )
        .route("/sandbox/v1/faults/sockets", post(faults::drop_sockets))
        .route("/sandbox/v1/clock", get(setup::clock))
        .route("/sandbox/v1/phones", get(phones::list))
        .route(
            "/sandbox/v1/phones/{number}/behaviour",
            put(phones::behave).delete(phones::behave_as_usual),
        )
        .route("/sandbox/v1/phones/{number}/dial", post(phones::dial))
        .route("/sandbox/v1/phones/{number}/answer", post(phones::answer))
        .route("/sandbox/v1/phones/{number}/hangup", post(phones::hang_up))
        .route("/sandbox/v1/phones/{number}/press", post(phones::press))
        .route("/sandbox/v1/phones/{number}/say", post(phones::say))
        .route("/sandbox/v1/phones/{number}/token", post(handset::token))
        .route("/sandbox/v1/phones/{number}/text", post(texts::write))
        .route(
            "/sandbox/v1/phones/{number}/texting",
            put(texts::fail).delete(texts::arrive),
        )
        .route(
            "/sandbox/v1/phones/{number}/attestation",
            put(phones::attest),
        )
        .route("/sandbox/v1/texts", get(texts::list))
        .route(handset::VOICE, post(handset::voice))
        .route("/sandbox/v1/bundles/{sid}", put(papers::review))
        .route("/sandbox/v1/personas", get(personas::list))
        .route("/sandbox/v1/personas/{name}/audio", get(personas::audio))
        .route("/sandbox/v1/calls", get(calls::list))
        .route("/sandbox/v1/calls/{sid}", get(calls::fetch))
        .route("/sandbox/v1/calls/{sid}/say", post(calls::say))
        .route("/sandbox/v1/webhooks", get(webhooks::list))
        .route("/sandbox/v1/insights", get(webhooks::insights))
        .route("/sandbox/v1/traces", get(webhooks::traces))
        .with_state(sandbox)
        .layer(middleware::from_fn_with_state(hosts, guard::check))
}
