//! What the API answers when it does not do what was asked: RFC 9457 problem details with a stable `code`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Every way in which a request can fail. Each variant names its status.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// 401 `unauthorized`: no credential, or one that is unknown, expired or revoked.
    #[error("log in first")]
    Unauthorized,
    /// 401 `wrong_login`: e-mail and password do not belong together.
    #[error("the e-mail or the password is wrong")]
    WrongLogin,
    /// 403 `csrf`: a cookie caller sent a changing request without its CSRF token.
    #[error("the CSRF token is missing or stale")]
    Csrf,
    /// 403 `forbidden`: the caller's role does not allow this.
    #[error("not allowed: {0}")]
    Forbidden(String),
    /// 404 `not_found`: no such thing in the caller's organization.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// 405 `method_not_allowed`: the path exists, the method does not.
    #[error("this path does not answer to that method")]
    MethodNotAllowed,
    /// 400 `malformed_body`: the body is not JSON; or another part of the request cannot be read.
    #[error("the {field} cannot be read: {detail}")]
    Malformed {
        /// Which part: `body`, `query` or a name.
        field: String,
        /// What was wrong, in words.
        detail: String,
    },
    /// 422: a field is missing or not acceptable; names the field and the cure.
    #[error("{field}: {detail}")]
    Invalid {
        /// The field, as the caller spelled it.
        field: String,
        /// A stable word for the reason.
        code: &'static str,
        /// What would be accepted.
        detail: String,
    },
    /// 422 `carrier_refused`: the carrier does not take what was entered; names the field, the reason and every check.
    #[error("{detail}")]
    Verdict {
        /// The field to correct.
        field: &'static str,
        /// What was wrong, in words.
        detail: String,
        /// `reason` and `verdict`.
        more: Map<String, Value>,
    },
    /// 409: the request was understood, but things are not so that it could be done.
    #[error("{detail}")]
    Conflict {
        /// A stable word for the reason, such as `already_claimed`.
        code: &'static str,
        /// What happened and what to do.
        detail: String,
        /// More members of the problem, such as `by`.
        more: Map<String, Value>,
    },
    /// 410 `gone`: a one-time link that was used or ran out.
    #[error("{0}")]
    Gone(String),
    /// 413 `too_large`: the body is over the limit.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// 416 `range_not_satisfiable`: a range outside the file.
    #[error("the range lies outside the file")]
    Range,
    /// 429: too much in too short a time; `Retry-After` says when again.
    #[error("{detail}")]
    TooMany {
        /// `rate_limited`, `locked_out` or another stable word.
        code: &'static str,
        /// What was too much.
        detail: String,
        /// Seconds until it makes sense to try again.
        retry_after: u64,
    },
    /// 502: the carrier refused or could not be reached.
    #[error("{detail}")]
    Carrier {
        /// A stable word, such as `carrier_unreachable`.
        code: &'static str,
        /// What the carrier said.
        detail: String,
        /// The carrier's own code, where it gave one.
        carrier_code: Option<i64>,
    },
    /// 503 `unavailable`: the database cannot be reached just now; nothing was lost, try again.
    #[error("the database cannot be reached")]
    Unavailable,
    /// 500 `internal`: our fault; logged once under the id in the answer.
    #[error("{0}")]
    Internal(String),
}

/// Codes of [`ApiError::Invalid`] whose words mean nothing without the field's name.
const GENERAL: [&str; 3] = ["invalid", "missing", "wrong_kind"];

/// The body of every error answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A URI naming this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// A stable word for programs.
    pub code: String,
    /// What happened here and what to do.
    pub detail: String,
    /// The field that was not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Members of one kind of problem only, such as `by`.
    #[serde(flatten)]
    #[schema(ignore)]
    pub more: Map<String, Value>,
}

impl ApiError {
    /// A field that is missing or not acceptable.
    pub fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            code: "invalid",
            detail: detail.into(),
        }
    }

    /// Names what was not found.
    pub fn missing(error: offhook_store::Error, what: &'static str) -> Self {
        match error {
            offhook_store::Error::NotFound => Self::NotFound(what),
            other => other.into(),
        }
    }

    /// A conflict with nothing more to say than its words.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict {
            code,
            detail: detail.into(),
            more: Map::new(),
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized | Self::WrongLogin => StatusCode::UNAUTHORIZED,
            Self::Csrf | Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed { .. } => StatusCode::BAD_REQUEST,
            Self::Invalid { .. } | Self::Verdict { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::Gone(_) => StatusCode::GONE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Range => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Carrier { .. } => StatusCode::BAD_GATEWAY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::WrongLogin => "wrong_login",
            Self::Csrf => "csrf",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Malformed { .. } => "malformed",
            Self::Gone(_) => "gone",
            Self::TooLarge(_) => "too_large",
            Self::Range => "range_not_satisfiable",
            Self::Unavailable => "unavailable",
            Self::Internal(_) => "internal",
            Self::Verdict { .. } => "carrier_refused",
            Self::Invalid { code, .. }
            | Self::Conflict { code, .. }
            | Self::TooMany { code, .. }
            | Self::Carrier { code, .. } => code,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Unauthorized => {
                "Send a session token or an API key as \"Authorization: Bearer …\", or log in with POST /api/v1/session."
                    .to_owned()
            }
            Self::Csrf => {
                "Send the X-CSRF-Token header with the csrf value of GET /api/v1/me, or use a bearer token.".to_owned()
            }
            Self::Unavailable => "The database cannot be reached just now. Nothing was changed; try again in a few seconds.".to_owned(),
            Self::Internal(id) => format!("Something failed on our side. It is in the server's log under {id}."),
            // A reason of its own is a sentence of its own; a general one needs its field before it.
            Self::Invalid { code, detail, .. } if !GENERAL.contains(code) => sentence(detail),
            other => sentence(&other.to_string()),
        }
    }

    fn problem(self) -> Problem {
        let (status, code, detail) = (self.status(), self.code(), self.detail());
        let (field, more) = match self {
            Self::Invalid { field, .. } | Self::Malformed { field, .. } => {
                (Some(field), Map::new())
            }
            Self::Verdict { field, more, .. } => (Some(field.to_owned()), more),
            Self::Conflict { more, .. } => (None, more),
            Self::Carrier {
                carrier_code: Some(carrier),
                ..
            } => (
                None,
                Map::from_iter([("carrier_code".to_owned(), carrier.into())]),
            ),
            _ => (None, Map::new()),
        };
        Problem {
            kind: format!("/docs/problems#{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail,
            field,
            more,
        }
    }
}

/// Makes a sentence of an error's words.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut text: String = first.to_uppercase().chain(letters).collect();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retry_after = match &self {
            Self::TooMany { retry_after, .. } => Some(*retry_after),
            Self::Unavailable => Some(2),
            _ => None,
        };
        let status = self.status();
        let problem = self.problem();
        let mut answer = (status, Json(&problem)).into_response();
        answer.extensions_mut().insert(problem);
        let headers = answer.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
    }
}

impl From<offhook_store::Error> for ApiError {
    fn from(error: offhook_store::Error) -> Self {
        use offhook_store::Error as Stored;
        match error {
            Stored::NotFound => Self::NotFound("thing"),
            Stored::Conflict { what } if what == "cursor" => {
                Self::invalid("cursor", "use the value of next, or leave it out")
            }
            Stored::Conflict { what } => Self::conflict(
                "conflict",
                format!("this cannot be beside something that exists already ({what})"),
            ),
            Stored::Unavailable(reason) => {
                tracing::warn!(%reason, "the database cannot be reached");
                Self::Unavailable
            }
            other => Self::unexpected(&other),
        }
    }
}

impl ApiError {
    /// Logs an error that nobody foresaw and answers with its id only.
    pub fn unexpected(error: &(dyn std::error::Error + 'static)) -> Self {
        let id = uuid::Uuid::now_v7().to_string();
        tracing::error!(error.id = %id, error = %error, "a request failed for a reason that nobody foresaw");
        Self::Internal(id)
    }
}
