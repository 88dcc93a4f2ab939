//! The API's reference page: made in the browser from `/openapi.json`, with nothing from elsewhere.

use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;

use crate::app::App;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// `/openapi.json`, `/docs` and what the page needs.
pub(crate) fn routes(document: String) -> Router<App> {
    let json = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Router::new()
        .route(
            "/openapi.json",
            get(move || async move { (json, document).into_response() }),
        )
        .route("/docs", get(|| async { Html(PAGE) }))
        .route("/docs/problems", get(|| async { Html(PAGE) }))
        .route(
            "/docs/page.js",
            get(|| async {
                (
                    [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
                    SCRIPT,
                )
            }),
        )
        .route(
            "/docs/page.css",
            get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE) }),
        )
}
