//! `/api/v1`: one module per resource.

pub mod body;
pub mod page;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub use body::{Body, MaybeBody, Params};
pub use page::{Page, PageQuery};

/// The resources' routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
