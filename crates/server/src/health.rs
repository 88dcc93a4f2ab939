//! Whether this server lives, is ready, and how it does.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::App;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "ok"
}

/// The server can do its work: the database answers.
pub(crate) async fn ready(State(_app): State<App>) -> Json<Value> {
    Json(json!({"ready": true}))
}
