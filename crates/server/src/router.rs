//! The whole route table on one page.

use std::any::Any;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::error::{ApiError, Problem};
use crate::{api, doors, health, metrics, reference, web, webhooks};

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
    let mut routes =
        OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api::routes());
    name_operations(routes.get_openapi_mut());
    routes
}

/// Handlers are named within their module; in the document every operation has a name of its own, made of method and path.
fn name_operations(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let place = path.trim_start_matches("/api/v1/").replace(['{', '}'], "");
        let place = place.replace(['/', '-'], "_");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{place}"));
            }
        }
    }
}

/// The complete service.
pub fn router(app: &App) -> Router {
    let (api, document) = v1().split_for_parts();
    let document = document
        .to_pretty_json()
        .expect("the document is plain data");
    metrics::handle();
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::metrics))
        .merge(reference::routes(document))
        .merge(api)
        .merge(webhooks::routes())
        .merge(doors::routes())
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .fallback(web::page)
        .layer(from_fn_with_state(app.clone(), web::secure))
        .layer(from_fn_with_state(app.clone(), metrics::measure))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app.clone())
}

/// A handler that panicked is a mistake of ours: the caller is told so, the others go on.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    ApiError::Internal(uuid::Uuid::now_v7().to_string()).into_response()
}

/// The OpenAPI document of this build.
pub fn openapi_json() -> String {
    let (_, document) = v1().split_for_parts();
    document
        .to_pretty_json()
        .expect("the document is plain data")
}
