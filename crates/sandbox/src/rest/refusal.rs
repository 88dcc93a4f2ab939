//! What the REST face says no with: Twilio's error body.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::engine::error::RestError;

/// A refusal.
#[derive(Debug)]
pub(super) struct Refusal(RestError);

impl Refusal {
    /// 400 with one of Twilio's codes.
    pub(super) fn invalid(code: u32, message: impl Into<String>) -> Self {
        Self(RestError::invalid(code, message))
    }

    /// 401: the credentials are wrong, or may not do this.
    pub(super) fn authenticate() -> Self {
        Self(RestError {
            status: 401,
            code: 20003,
            message: "Authenticate".into(),
        })
    }

    /// 404 for a path that is none.
    pub(super) fn not_found() -> Self {
        Self(RestError {
            status: 404,
            code: 20404,
            message: "The requested resource was not found".into(),
        })
    }

    /// 404 for a resource that is none.
    pub(super) fn no_such(uri: &str) -> Self {
        Self(RestError::not_found(uri))
    }

    /// 403: an account that is suspended.
    pub(super) fn inactive() -> Self {
        Self(RestError {
            status: 403,
            code: 20005,
            message: "Account is not active".into(),
        })
    }

    /// 403: credentials that may not do this.
    pub(super) fn forbidden() -> Self {
        Self(RestError {
            status: 403,
            code: 20403,
            message: "The credentials do not have the permission for this".into(),
        })
    }

    /// 403: test credentials, which cannot do this.
    pub(super) fn not_for_tests() -> Self {
        Self(RestError {
            status: 403,
            code: 20008,
            message: "Resource not accessible with Test Account Credentials".into(),
        })
    }

    /// 413: a form that is too large, or broke off.
    pub(super) fn unreadable() -> Self {
        Self(RestError {
            status: 413,
            code: 20413,
            message: "The request is too large".into(),
        })
    }

    /// 429: too many at once; nothing was done.
    pub(super) fn too_many() -> Self {
        Self(RestError {
            status: 429,
            code: 20429,
            message: "Too Many Requests".into(),
        })
    }

    /// 500: something broke; nothing was done.
    pub(super) fn broken() -> Self {
        Self(RestError {
            status: 500,
            code: 20500,
            message: "Internal Server Error".into(),
        })
    }

    /// 405.
    pub(super) fn method_not_allowed() -> Self {
        Self(RestError {
            status: 405,
            code: 20004,
            message: "Method not allowed".into(),
        })
    }
}

impl From<RestError> for Refusal {
    fn from(error: RestError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(RestError {
            status,
            code,
            message,
        }) = self;
        let body = json!({
            "code": code,
            "message": message,
            "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
            "status": status,
        });
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"Twilio API\""),
            );
        }
        response
    }
}
