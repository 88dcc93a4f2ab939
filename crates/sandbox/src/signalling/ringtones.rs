//! The Voice SDK's own sounds, where its host names lead here: without them each incoming call would wait two seconds.

use std::io::Cursor;

use axum::{
    Router,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::Signalling;
use crate::media::frame::{FRAME, RATE};

const OPEN: (HeaderName, &str) = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");

/// `sdk.twilio.com/js/client/sounds/releases/…`.
pub(super) fn router() -> Router<Signalling> {
    let path = "/sdk.twilio.com/js/client/sounds/releases/{release}/{file}";
    Router::new().route(path, get(async || silence()))
}

/// A moment of silence: what the SDK wants is a sound that it can read.
fn silence() -> Response {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = Cursor::new(Vec::new());
    let written = hound::WavWriter::new(&mut file, spec).and_then(|mut writer| {
        for _ in 0..FRAME {
            writer.write_sample(0_i16)?;
        }
        writer.finalize()
    });
    match written {
        Ok(()) => (
            [OPEN, (header::CONTENT_TYPE, "audio/wav")],
            file.into_inner(),
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
