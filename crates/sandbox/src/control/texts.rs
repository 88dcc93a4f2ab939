//! Messages of phones: somebody writes, and sees what came; and what becomes of messages to or from a number.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::sms::{Bubble, PhoneText};

/// Which messages.
#[derive(Deserialize)]
pub(super) struct Filter {
    number: Option<String>,
    /// Only those after this one.
    after: Option<u64>,
}

/// `GET /sandbox/v1/texts`: what phones wrote and received, oldest first.
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    Query(filter): Query<Filter>,
) -> Json<Value> {
    sandbox.engine(|engine, _| {
        let texts = engine.bubbles(filter.number.as_deref()).into_iter();
        let texts = texts.filter(|text| filter.after.is_none_or(|after| text.number > after));
        Json(json!({ "texts": texts.map(show).collect::<Vec<_>>(), "fails": engine.fates() }))
    })
}

fn show(text: &Bubble) -> Value {
    let media = text
        .media
        .iter()
        .map(|(url, kind)| json!({ "url": url, "content_type": kind }));
    json!({
        "id": text.number,
        "at": text.at,
        "from": text.from,
        "to": text.to,
        "body": text.body,
        "media": media.collect::<Vec<_>>(),
    })
}

/// What somebody writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    to: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    media: Vec<File>,
    /// `sms` or `whatsapp`.
    #[serde(default)]
    channel: Channel,
}

#[derive(Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Channel {
    #[default]
    Sms,
    Whatsapp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    content_type: String,
    base64: String,
}

/// `POST /sandbox/v1/phones/{number}/text`.
pub(super) async fn write(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
    text: Result<Json<Text>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let Json(text) = text?;
    let on_channel = |number: &str| match text.channel {
        Channel::Sms => number.to_owned(),
        Channel::Whatsapp => format!("whatsapp:{number}"),
    };
    let mut media: Vec<(String, Arc<[u8]>)> = Vec::new();
    for file in &text.media {
        let bytes = STANDARD
            .decode(&file.base64)
            .map_err(|_| Refusal::invalid("a file is not Base64"))?;
        media.push((file.content_type.clone(), bytes.into()));
    }
    let written = PhoneText {
        from: on_channel(&number),
        to: on_channel(&text.to),
        body: text.body,
        media,
    };
    let bubble = sandbox.engine(|engine, now| engine.phone_texts(now, written))?;
    Ok((StatusCode::CREATED, Json(show(&bubble))))
}

/// An error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fate {
    fails: u32,
}

/// `PUT /sandbox/v1/phones/{number}/texting`: messages to or from it fail with this code.
pub(super) async fn fail(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
    fate: Result<Json<Fate>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(Fate { fails }) = fate?;
    sandbox.engine(|engine, _| engine.set_fate(&number, Some(fails)))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /sandbox/v1/phones/{number}/texting`: they arrive again.
pub(super) async fn arrive(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
) -> Result<StatusCode, Refusal> {
    sandbox.engine(|engine, _| engine.set_fate(&number, None))?;
    Ok(StatusCode::NO_CONTENT)
}
