//! The sandbox's console page, which is built with the web app and served on the sandbox's own port.

use axum::Router;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::error::ApiError;
use crate::web;

/// The console and the files it loads, as routes for the sandbox's port.
pub fn console() -> Router {
    Router::new()
        .route("/", get(page))
        .route("/assets/{*path}", get(asset))
        .route("/sounds/{*path}", get(asset))
        .route("/icons/{*path}", get(asset))
        .route("/{file}", get(asset))
}

async fn page(headers: HeaderMap) -> Response {
    web::file("console.html", &headers).unwrap_or_else(web::not_built)
}

async fn asset(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    web::file(path, &headers).unwrap_or_else(|| ApiError::NotFound("file").into_response())
}
