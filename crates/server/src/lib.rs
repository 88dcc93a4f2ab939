//! The server: router, API, webhooks, jobs, live events, log-in and configuration. The only crate that knows HTTP policy.

pub mod api;
mod app;
pub mod auth;
pub mod clock;
pub mod config;
mod console;
mod error;
mod health;
pub mod limits;
pub mod live;
pub mod metrics;
mod operator;
pub mod pii;
mod reference;
mod router;
pub mod seed;
mod serve;
mod web;

pub use app::{App, Parts};
pub use console::console;
pub use error::{ApiError, Problem};
pub use operator::{migrate, setup_link};
pub use router::{openapi_json, router};
pub use serve::{Running, StartError, open, serve};
