//! The whole route table on one page.

use std::any::Any;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
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
    components(schemas(Problem)),
    security(("token" = []), ("cookie" = [])),
    modifiers(&Credentials)
)]
struct Document;

/// How one may be known, as the document tells it.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A session's token, or an API key"))
            .build();
        let cookie = ApiKeyValue::with_description(
            "__Host-offhook",
            "A browser's session; changing requests need the header `X-CSRF-Token` with the `csrf` of `GET /me`",
        );
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Every route of `/api/v1`; the OpenAPI document is made from the same table.
fn v1() -> OpenApiRouter<App> {
    let mut routes =
        OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api::routes());
    for_each_operation(routes.get_openapi_mut(), |method, path, operation| {
        name(method, path, operation);
        describe_answers(operation);
        if is_public(method, path) {
            operation.security = Some(Vec::new());
        }
    });
    routes
}

fn for_each_operation(
    document: &mut utoipa::openapi::OpenApi,
    mut each: impl FnMut(&str, &str, &mut Operation),
) {
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                each(method, path, operation);
            }
        }
    }
}

/// Handlers are named within their module; in the document every operation has a name of its own, made of method and path.
fn name(method: &str, path: &str, operation: &mut Operation) {
    let place = path.trim_start_matches("/api/v1/").replace(['{', '}'], "");
    let place = place.replace(['/', '-'], "_");
    operation.operation_id = Some(format!("{method}_{place}"));
}

/// OpenAPI wants words with every answer; where a handler adds none, the status says enough.
fn describe_answers(operation: &mut Operation) {
    for (status, answer) in &mut operation.responses.responses {
        if let RefOr::T(answer) = answer
            && answer.description.is_empty()
        {
            let status = status
                .parse()
                .ok()
                .and_then(|s| StatusCode::from_u16(s).ok());
            let words = status.and_then(|status| status.canonical_reason());
            words
                .unwrap_or("The answer")
                .clone_into(&mut answer.description);
        }
    }
}

/// What answers without a credential.
fn is_public(method: &str, path: &str) -> bool {
    path.starts_with("/api/v1/setup/")
        || matches!(
            (method, path),
            ("post", "/api/v1/session") | ("get", "/api/v1/demo")
        )
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
