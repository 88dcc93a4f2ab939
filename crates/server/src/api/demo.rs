//! What the demo's log-in page offers; in every other installation there is no such thing.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::config::DemoDoor;
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(demo))
}

/// The demo's one-click log-ins and phones.
#[utoipa::path(get, path = "/demo", tag = "session", responses(
    (status = 200, body = DemoDoor), (status = 404, body = Problem, description = "This is no demo")))]
async fn demo(State(app): State<App>) -> Result<Json<DemoDoor>, ApiError> {
    app.config
        .demo
        .clone()
        .map(Json)
        .ok_or(ApiError::NotFound("demo"))
}
