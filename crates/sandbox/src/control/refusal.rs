//! What the control API says no with: a status and a sentence.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::engine::error::RestError;

/// A refusal.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    /// 403: not from this machine.
    pub(super) fn foreign() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            message: "The control API answers to this machine only".into(),
        }
    }

    /// 404.
    pub(super) fn none(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            message: message.into(),
        }
    }

    /// 400.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
        }
    }
}

impl From<RestError> for Refusal {
    fn from(error: RestError) -> Self {
        // What is asked at the wrong moment (21220) is a conflict here.
        let status = if error.code == 21220 {
            StatusCode::CONFLICT
        } else {
            StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST)
        };
        Self {
            status,
            message: error.message,
        }
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self {
            status: rejection.status(),
            message: rejection.body_text(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "message": self.message }))).into_response()
    }
}
