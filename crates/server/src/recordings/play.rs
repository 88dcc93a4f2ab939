//! Recordings through the API: for those who may hear them, with ranges and a waveform; an address at the carrier never leaves.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use offhook_core::id::{CallId, RecordingId};
use offhook_store::recordings::{self as store, Recording, RecordingStatus};
use offhook_store::{Error, Tx, calls, voicemails};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::peaks::Peaks;
use super::range::{Part, part};
use crate::app::App;
use crate::auth::permission::Permission;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};

/// The players' routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(audio))
        .routes(routes!(peaks))
}

/// Hear a recording of a call, or a message that a caller left. Ranges are honoured.
#[utoipa::path(get, path = "/calls/{id}/recordings/{rid}/audio", tag = "calls",
    params(("id" = String, Path), ("rid" = String, Path)), responses(
    (status = 200, content_type = "audio/wav", body = Vec<u8>), (status = 206, content_type = "audio/wav", body = Vec<u8>),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 416, body = Problem)))]
async fn audio(
    caller: Caller<may::Work>,
    Path((id, rid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let recording = allowed(&caller, &id, &rid).await?;
    let (Some(path), Some(length)) = (recording.path, recording.bytes) else {
        return Err(ApiError::NotFound("recording"));
    };
    let asked = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok());
    let (status, first, end) = match part(asked, length) {
        Part::All => (StatusCode::OK, 0, length),
        Part::Bytes(first, last) => (StatusCode::PARTIAL_CONTENT, first, last + 1),
        Part::Outside => {
            let mut answer = ApiError::Range.into_response();
            answer
                .headers_mut()
                .insert(header::CONTENT_RANGE, text(&format!("bytes */{length}")));
            return Ok(answer);
        }
    };
    let body = caller
        .app()
        .storage(|storage| async move { storage.stream(&path, first..end).await })
        .await
        .map_err(|error| ApiError::unexpected(&error))?;
    let mut answer = (status, body).into_response();
    let out = answer.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        text(recording.media_type.as_deref().unwrap_or("audio/wav")),
    );
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(end - first));
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=3600"),
    );
    if status == StatusCode::PARTIAL_CONTENT {
        out.insert(
            header::CONTENT_RANGE,
            text(&format!("bytes {first}-{}/{length}", end - 1)),
        );
    }
    Ok(answer)
}

/// The waveform of a recording.
#[utoipa::path(get, path = "/calls/{id}/recordings/{rid}/peaks", tag = "calls",
    params(("id" = String, Path), ("rid" = String, Path)), responses(
    (status = 200, body = Peaks), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn peaks(
    caller: Caller<may::Work>,
    Path((id, rid)): Path<(String, String)>,
) -> Result<Json<serde_json::Value>, ApiError> {
    let recording = allowed(&caller, &id, &rid).await?;
    let peaks = caller
        .read(async |tx| Ok(store::peaks(tx, &recording.id).await?))
        .await;
    peaks.map(Json).map_err(|error| match error {
        ApiError::NotFound(_) => ApiError::NotFound("recording"),
        other => other,
    })
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// One's own calls, everybody's messages, and all of it with the permission for that.
async fn allowed(caller: &Caller<may::Work>, id: &str, rid: &str) -> Result<Recording, ApiError> {
    let missing = ApiError::NotFound("recording");
    let (Ok(call), Ok(rid)) = (CallId::parse(id), RecordingId::parse(rid)) else {
        return Err(missing);
    };
    let (recording, own) = caller
        .read(async |tx| Ok(find(tx, &call, &rid, caller).await?))
        .await
        .map_err(|error| match error {
            ApiError::NotFound(_) => ApiError::NotFound("recording"),
            other => other,
        })?;
    if !own {
        caller.require(Permission::HearAll)?;
    }
    Ok(recording)
}

async fn find(
    tx: &mut Tx,
    call: &CallId,
    rid: &RecordingId,
    caller: &Caller<may::Work>,
) -> Result<(Recording, bool), Error> {
    let recording = store::get(tx, rid).await?;
    if recording.call != *call || recording.status != RecordingStatus::Ready {
        return Err(Error::NotFound);
    }
    let message = voicemails::of_call(tx, call).await?;
    let is_message = message.is_some_and(|message| message.recording.as_ref() == Some(rid));
    let summary = calls::summary(tx, call).await?;
    let own = is_message || summary.agent.is_some_and(|agent| agent.id == caller.user);
    Ok((recording, own))
}
