//! Scripted callers: who there is, and how they sound, so that one can speak for a person at the console.

use axum::Json;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::media::wav;
use crate::sounds::Sounds;

/// All of them.
pub(super) async fn list() -> Json<Value> {
    Json(json!({ "personas": Sounds::personas() }))
}

/// What one says, as a WAV file.
pub(super) async fn audio(Path(name): Path<String>) -> Result<impl IntoResponse, Refusal> {
    let known = Sounds::personas()
        .iter()
        .any(|persona| persona.name == name);
    let clip = known
        .then(|| Sounds::bundled(&name))
        .flatten()
        .ok_or_else(|| Refusal::none(format!("{name} is not a persona")))?;
    let file = wav::write(&[&clip.pcm]);
    Ok(([(header::CONTENT_TYPE, "audio/wav")], file))
}
