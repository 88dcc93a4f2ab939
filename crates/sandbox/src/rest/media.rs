//! A recording's sound as a WAV file, with as many channels as were asked for.

use axum::http::header;
use axum::response::IntoResponse;

use super::ask::{Answer, Ask};
use super::refusal::Refusal;
use crate::engine::records::RecordingRecord;

/// The file; 404 until it is ready, 400 for two channels where there is one.
pub(super) fn wav(ask: &Ask, recording: &RecordingRecord) -> Answer {
    ask.found(recording.sound.as_ref())?;
    // A conference's recording is mono unless more is asked for; a call's has what was asked at its start.
    let usual = if recording.conference_sid.is_some() {
        1
    } else {
        u32::from(recording.channels)
    };
    let channels = ask
        .params
        .number("RequestedChannels", 20001, 1..=2)?
        .unwrap_or(usual);
    let file = recording.wav(channels as usize);
    let file = file.ok_or_else(|| {
        Refusal::invalid(
            20001,
            format!("The recording does not have {channels} channels"),
        )
    })?;
    Ok(([(header::CONTENT_TYPE, "audio/x-wav")], file).into_response())
}
