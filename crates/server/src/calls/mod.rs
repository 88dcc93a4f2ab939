//! Calls as stories: what the carrier and people tell them, and what agents can do with them.

mod actions;
pub(crate) mod agent_first;
pub(crate) mod by_device;
mod effects;
pub mod identity;
mod now;
pub(crate) mod of_leg;
pub(crate) mod offers;
pub(crate) mod softphone;
pub(crate) mod standing_room;
pub(crate) mod start;
pub mod story;

pub(crate) use effects::changed;
pub(crate) use now::CallNow;

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
