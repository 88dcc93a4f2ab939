//! The whole route table on one page.

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::error::Problem;
use crate::{api, health};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Offhook",
        description = "The API of Offhook, the calling platform that you run yourself."
    ),
    components(schemas(Problem))
)]
struct Document;

/// Every route of `/api/v1`; the OpenAPI document is made from the same table.
fn v1() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api::routes())
}

/// The complete service.
pub fn router(app: &App) -> Router {
    let (api, _document) = v1().split_for_parts();
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(api)
        .with_state(app.clone())
}

/// The OpenAPI document of this build.
pub fn openapi_json() -> String {
    let (_, document) = v1().split_for_parts();
    document
        .to_pretty_json()
        .expect("the document is plain data")
}
