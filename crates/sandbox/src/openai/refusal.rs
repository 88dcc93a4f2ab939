//! What is refused, with `OpenAI`'s error body.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refusal.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    param: Option<&'static str>,
    message: String,
}

impl Refusal {
    /// 400 for a parameter.
    pub(super) fn invalid(param: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "invalid_value",
            param: Some(param),
            message: message.into(),
        }
    }

    /// 400: sound that is none of the sandbox's.
    pub(super) fn unknown_sound() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "unknown_recording",
            param: Some("file"),
            message: "The sandbox hears nothing: it knows the words of its own recordings only, and this is none of them".into(),
        }
    }
}

/// Any key opens; none does not.
pub(super) fn check_key(headers: &HeaderMap) -> Result<(), Refusal> {
    let key = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if key.is_some_and(|key| !key.trim().is_empty()) {
        return Ok(());
    }
    Err(Refusal {
        status: StatusCode::UNAUTHORIZED,
        code: "invalid_api_key",
        param: None,
        message: "You didn't provide an API key: send `Authorization: Bearer` with any text".into(),
    })
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error": {
            "message": self.message,
            "type": "invalid_request_error",
            "param": self.param,
            "code": self.code,
        }});
        (self.status, Json(body)).into_response()
    }
}
