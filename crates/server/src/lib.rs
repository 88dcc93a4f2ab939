//! The server: router, API, webhooks, jobs, live events, log-in and configuration. The only crate that knows HTTP policy.

pub mod api;
mod app;
pub mod audio;
pub mod auth;
pub mod bell;
pub mod calls;
pub mod carrier;
pub mod clock;
pub mod config;
mod console;
mod error;
mod health;
pub mod jobs;
pub mod limits;
pub mod live;
pub mod metrics;
mod operator;
pub mod pii;
pub mod presence;
pub mod reconcile;
pub mod recordings;
mod reference;
mod router;
pub mod seed;
mod serve;
pub mod spool;
pub mod timers;
mod upkeep;
mod web;
pub mod webhooks;

pub use app::{App, Parts};
pub use console::console;
pub use error::{ApiError, Problem};
pub use operator::{migrate, seed_demo, setup_link};
pub use router::{openapi_json, router};
pub use serve::{Running, StartError, open, serve};
