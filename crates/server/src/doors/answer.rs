//! What the documented doors answer when they do not do what was asked: one shape, the union of those that the five systems have.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::Problem;

/// Writes an error of ours in the documented shape; anything else goes out as it is.
pub(super) async fn to_people(answer: Response) -> Response {
    let Some(problem) = answer.extensions().get::<Problem>() else {
        return answer;
    };
    let status = usual(answer.status(), &problem.code);
    let mut said = (status, Json(shape(problem))).into_response();
    for kept in [header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = answer.headers().get(&kept) {
            said.headers_mut().insert(kept, value.clone());
        }
    }
    said
}

/// What a person sees who opens a webhook's address to learn whether it can be reached.
pub(super) async fn hint() -> Json<Value> {
    let words = "This is the address of a Twilio webhook, and it can be reached. Twilio sends signed POST requests here: enter it in \
        the console with the method HTTP POST.";
    Json(json!({ "success": true, "message": words }))
}

/// The carrier reads no words; a callback is thanked in the way that the systems document.
pub(super) async fn to_the_carrier(answer: Response) -> Response {
    if answer.status() == StatusCode::NO_CONTENT {
        return Json(json!({ "success": true })).into_response();
    }
    to_people(answer).await
}

/// What a bad field or a missing set-up is at these doors: none of the five knows 409 for it, nor 422, nor 502.
fn usual(status: StatusCode, code: &str) -> StatusCode {
    match (status, code) {
        (StatusCode::UNPROCESSABLE_ENTITY, _)
        | (StatusCode::CONFLICT, "no_carrier" | "no_number") => StatusCode::BAD_REQUEST,
        (StatusCode::BAD_GATEWAY, _) | (StatusCode::CONFLICT, "no_api_key" | "no_twiml_app") => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => status,
    }
}

/// `error` and `message` are what the front ends show, `detail` where one of them reads that; `code` is for programs.
fn shape(problem: &Problem) -> Value {
    let error = match problem.code.as_str() {
        "unauthorized" => "Access denied",
        _ => &problem.detail,
    };
    let mut said = json!({
        "success": false,
        "error": error,
        "message": problem.detail,
        "detail": problem.detail,
        "code": problem.code,
    });
    if let Some(field) = &problem.field {
        said["field"] = json!(field);
        said["details"] = json!([{ "field": field, "message": problem.detail }]);
    }
    for (name, value) in &problem.more {
        said[name] = value.clone();
    }
    said
}
