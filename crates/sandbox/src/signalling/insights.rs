//! Where the Voice SDK sends its figures: taken, answered, and not kept.

use axum::{
    Router,
    http::{HeaderName, StatusCode, header},
    routing::{MethodRouter, options},
};

use super::Signalling;

const OPEN: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "*"),
];

/// `/v4/EndpointEvents` and `/v4/EndpointMetrics`, for pages of any origin.
pub(super) fn router() -> Router<Signalling> {
    Router::new()
        .route("/v4/EndpointEvents", door())
        .route("/v4/EndpointMetrics", door())
}

fn door() -> MethodRouter<Signalling> {
    options(async || (StatusCode::NO_CONTENT, OPEN)).post(async || (OPEN, "{}"))
}
