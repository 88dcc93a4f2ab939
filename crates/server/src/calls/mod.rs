//! Calls as stories: what the carrier and people tell them, and what agents can do with them.

mod actions;
mod effects;
pub mod identity;
mod offers;
mod softphone;
mod start;
pub mod story;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::recordings;

/// The routes of agents' stories.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(start::routes())
        .merge(actions::routes())
        .merge(offers::routes())
        .merge(softphone::routes())
        .merge(recordings::routes())
}
