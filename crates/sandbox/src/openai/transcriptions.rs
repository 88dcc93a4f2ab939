//! `POST /v1/audio/transcriptions`: the words of one of the sandbox's own recordings, as they were truly spoken.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::alike::{Heard, Sent};
use super::formats::{self, Format};
use super::refusal::{Refusal, check_key};
use crate::driver::Sandbox;
use crate::engine::spoken::Spoken;

/// What was asked.
#[derive(Default)]
struct Wanted {
    file: Option<(String, Vec<u8>)>,
    model: String,
    format: String,
    language: String,
    words: bool,
}

/// See the module.
pub(super) async fn transcribe(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Refusal> {
    check_key(&headers)?;
    let form = form.map_err(|error| Refusal::invalid("file", error.body_text()))?;
    let wanted = read(form).await?;
    if wanted.model.is_empty() {
        return Err(Refusal::invalid(
            "model",
            "you must provide a model parameter",
        ));
    }
    let format = Format::read(&wanted.format).ok_or_else(|| {
        Refusal::invalid(
            "response_format",
            format!("{} is none of the formats", wanted.format),
        )
    })?;
    let (name, bytes) = wanted
        .file
        .ok_or_else(|| Refusal::invalid("file", "you must provide a file"))?;
    let recordings = sandbox.engine(|engine, _| engine.recordings_with_sound());
    // Following minutes of sound takes a while.
    let found = tokio::task::spawn_blocking(move || {
        let found = Sent::read(&bytes)?.find(&recordings);
        // A file that is named after its recording needs no likeness.
        let named = || {
            let place = recordings
                .iter()
                .position(|known| name.contains(&known.sid))?;
            Some((place, Heard::All))
        };
        let (place, heard) = found.or_else(named)?;
        Some((recordings[place].sid.clone(), heard))
    });
    let (sid, heard) = found
        .await
        .ok()
        .flatten()
        .ok_or_else(Refusal::unknown_sound)?;
    let mut spoken = sandbox
        .engine(|engine, _| engine.spoken(&sid))
        .ok_or_else(Refusal::unknown_sound)?;
    only(&mut spoken, heard);
    let language = if wanted.language.is_empty() {
        "en"
    } else {
        &wanted.language
    };
    Ok(formats::answer(format, &spoken, language, wanted.words))
}

fn only(spoken: &mut Spoken, heard: Heard) {
    if let Heard::One(channel) = heard {
        spoken.utterances.retain(|said| said.channel == channel);
    }
}

async fn read(mut form: Multipart) -> Result<Wanted, Refusal> {
    let mut wanted = Wanted::default();
    let broken = |error: axum::extract::multipart::MultipartError| {
        Refusal::invalid("file", error.body_text())
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(broken)?;
            wanted.file = Some((file, bytes.to_vec()));
            continue;
        }
        let value = field.text().await.map_err(broken)?;
        match name.as_str() {
            "model" => wanted.model = value,
            "response_format" => wanted.format = value,
            "language" => wanted.language = value,
            "timestamp_granularities[]" | "timestamp_granularities" => {
                wanted.words |= value == "word";
            }
            _ => {}
        }
    }
    Ok(wanted)
}
