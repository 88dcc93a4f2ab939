//! `/api/v1`: one module per resource.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The resources' routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
