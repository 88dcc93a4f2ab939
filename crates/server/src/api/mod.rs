//! `/api/v1`: one module per resource.
#![expect(
    clippy::option_option,
    reason = "in a change, what is left out stays and null means none"
)]

mod api_keys;
pub(crate) mod audit;
pub mod body;
mod call_events;
mod call_notes;
pub(crate) mod calling;
pub(crate) mod calls;
mod carrier;
mod carrier_input;
mod carrier_upkeep;
mod changes;
mod contacts;
mod csv;
mod demo;
mod events;
mod number_import;
mod number_market;
mod number_view;
pub(crate) mod numbers;
mod organization;
pub mod page;
pub(crate) mod patch;
pub(crate) mod phone;
mod presence;
mod queues;
mod route;
mod session;
mod setup;
mod users;
pub(crate) mod view;
mod voicemails;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub use body::{Body, MaybeBody, Params};
pub use page::{Page, PageQuery};

/// Something named, and where to find it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NamedRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// The resources' routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(setup::routes())
        .merge(demo::routes())
        .merge(users::routes())
        .merge(contacts::routes())
        .merge(number_market::routes())
        .merge(number_import::routes())
        .merge(numbers::routes())
        .merge(calling::routes())
        .merge(organization::routes())
        .merge(api_keys::routes())
        .merge(audit::routes())
        .merge(presence::routes())
        .merge(queues::routes())
        .merge(calls::routes())
        .merge(call_events::routes())
        .merge(call_notes::routes())
        .merge(crate::calls::routes())
        .merge(voicemails::routes())
        .merge(carrier::routes())
        .merge(carrier_upkeep::routes())
        .merge(crate::doctor::routes())
        .merge(events::routes())
}
