//! Whether this server lives, is ready, and how it does.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::App;
use crate::error::ApiError;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "ok"
}

/// The server can do its work: the database answers.
pub(crate) async fn ready(State(app): State<App>) -> Result<Json<Value>, ApiError> {
    app.db.ping().await?;
    Ok(Json(json!({"ready": true, "database": app.db.engine()})))
}
