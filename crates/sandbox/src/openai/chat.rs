//! `POST /v1/chat/completions`: an answer that is made of the words of the question, in the shape that was asked for.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::NOTE;
use super::refusal::{Refusal, check_key};
use super::schema::{Digest, fill};
use crate::driver::Sandbox;

/// Letters that a token has on the average.
const LETTERS: usize = 4;
/// What every answer says of itself.
const ABOUT: &str =
    "No model has written this: the sandbox counted and quoted the words of the question.";

/// See the module.
pub(super) async fn complete(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    asked: Result<Json<Value>, JsonRejection>,
) -> Result<Response, Refusal> {
    check_key(&headers)?;
    let Json(asked) = asked.map_err(|error| Refusal::invalid("body", error.body_text()))?;
    let model = asked["model"]
        .as_str()
        .ok_or_else(|| Refusal::invalid("model", "you must provide a model parameter"))?;
    let messages = asked["messages"]
        .as_array()
        .filter(|messages| !messages.is_empty())
        .ok_or_else(|| Refusal::invalid("messages", "you must provide messages"))?;
    let digest = Digest::of(&question(messages));
    let content = content(&asked["response_format"], &digest)?;
    let created = sandbox.engine(|_, now| now.timestamp());
    let id = format!("chatcmpl-{}", uuid::Uuid::now_v7().simple());
    let whole = asked["messages"].to_string().len();
    let (prompt, completion) = (whole.div_ceil(LETTERS), content.len().div_ceil(LETTERS));
    let about = json!({ "source": "the words of the question", "about": ABOUT });
    if asked["stream"] == true {
        return Ok(stream(&id, created, model, &content, &about));
    }
    let body = json!({
        "id": id,
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": content, "refusal": null },
            "logprobs": null,
            "finish_reason": "stop",
        }],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        },
        NOTE: about,
    });
    Ok(Json(body).into_response())
}

/// What the last person to speak said.
fn question(messages: &[Value]) -> String {
    let last = messages.iter().rev().find(|one| one["role"] == "user");
    match last.map(|one| &one["content"]) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

fn content(format: &Value, digest: &Digest) -> Result<String, Refusal> {
    match format["type"].as_str().unwrap_or("text") {
        "text" if digest.summary.is_empty() => Ok("There are no words in the question.".into()),
        "text" => Ok(digest.summary.clone()),
        "json_object" => Ok(digest.object().to_string()),
        "json_schema" => {
            let schema = &format["json_schema"]["schema"];
            if !schema.is_object() {
                return Err(Refusal::invalid(
                    "response_format",
                    "json_schema needs a schema",
                ));
            }
            Ok(fill(schema, digest).to_string())
        }
        other => Err(Refusal::invalid(
            "response_format",
            format!("{other} is none of the formats"),
        )),
    }
}

/// The same as events, a few words each.
fn stream(id: &str, created: i64, model: &str, content: &str, about: &Value) -> Response {
    let chunk = |delta: Value, reason: Option<&str>| {
        let chunk = json!({
            "id": id,
            "object": "chat.completion.chunk",
            "created": created,
            "model": model,
            "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": reason }],
            NOTE: about,
        });
        format!("data: {chunk}\n\n")
    };
    let mut out = chunk(json!({ "role": "assistant", "content": "" }), None);
    for words in content.split_inclusive(' ') {
        out.push_str(&chunk(json!({ "content": words }), None));
    }
    out.push_str(&chunk(json!({}), Some("stop")));
    out.push_str("data: [DONE]\n\n");
    ([(header::CONTENT_TYPE, "text/event-stream")], out).into_response()
}
