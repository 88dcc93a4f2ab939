//! What callers hear from us: short spoken files and the wait music, served by our own routes (never by a third party).

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use offhook_core::call::Prompt;
use rust_embed::RustEmbed;

/// The path under which the files are served.
pub const PATH: &str = "/audio/{file}";

/// The recording notice that the bundled file speaks; another text is spoken by the carrier.
pub const NOTICE: &str = "This call may be recorded.";

/// A second of silence.
pub const SILENCE: &str = "silence";

/// 8 kHz, 16 bit, mono: what every carrier plays without converting.
#[derive(RustEmbed)]
#[folder = "assets"]
struct Files;

/// A prompt as the carrier gets it.
pub enum Heard {
    /// One of our files, by name.
    File(&'static str),
    /// A text of the organization's own, for the carrier's voice.
    Text(String),
}

/// What a prompt sounds like.
pub fn heard(prompt: &Prompt) -> Heard {
    match prompt {
        Prompt::RecordingNotice { text } if text == NOTICE => Heard::File("recording-notice"),
        Prompt::Greeting { text: Some(text) } | Prompt::RecordingNotice { text } => {
            Heard::Text(text.clone())
        }
        Prompt::Greeting { text: None } => Heard::File("greeting"),
        Prompt::LeaveMessage => Heard::File("leave-message"),
        Prompt::MessageSaved => Heard::File("message-saved"),
        Prompt::NobodyAvailable => Heard::File("nobody-available"),
        Prompt::AgentLost => Heard::File("agent-lost"),
        Prompt::NumberUnknown => Heard::File("number-unknown"),
        Prompt::OneMoment => Heard::File("one-moment"),
        Prompt::Apology => Heard::File("apology"),
        Prompt::CallOver => Heard::File("call-over"),
    }
}

/// The file that tells a caller his place in line, for the places that have one.
pub fn position(place: usize) -> Option<String> {
    (1..=9)
        .contains(&place)
        .then(|| format!("position-{place}"))
}

/// `GET /audio/{file}`: public, since it says nothing about anybody.
pub async fn play(Path(file): Path<String>) -> Response {
    let Some(found) = Files::get(&file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "audio/wav"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    (headers, found.data.into_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prompt_has_its_file_and_the_greeting_with_its_notice_is_short() {
        let fixed = [
            Prompt::Greeting { text: None },
            Prompt::RecordingNotice {
                text: NOTICE.into(),
            },
            Prompt::LeaveMessage,
            Prompt::MessageSaved,
            Prompt::NobodyAvailable,
            Prompt::AgentLost,
            Prompt::NumberUnknown,
            Prompt::OneMoment,
            Prompt::Apology,
            Prompt::CallOver,
        ];
        let mut lengths = Vec::new();
        for prompt in &fixed {
            let Heard::File(name) = heard(prompt) else {
                panic!("{prompt:?} has a file")
            };
            let file = Files::get(&format!("{name}.wav")).expect(name);
            let wav = hound::WavReader::new(&file.data[..]).expect("a WAV file");
            assert_eq!((wav.spec().sample_rate, wav.spec().channels), (8000, 1));
            lengths.push(f64::from(wav.duration()) / 8000.0);
        }
        assert!(
            lengths[0] + lengths[1] <= 6.0,
            "greeting and notice take {lengths:?}"
        );
        let silence = Files::get(&format!("{SILENCE}.wav")).expect(SILENCE);
        let wav = hound::WavReader::new(&silence.data[..]).expect("a WAV file");
        assert_eq!(
            wav.duration(),
            8000,
            "it is counted in seconds by how often it is played"
        );
        for place in 1..=9 {
            let name = position(place).expect("there is a file for it");
            assert!(Files::get(&format!("{name}.wav")).is_some());
        }
        assert!(position(10).is_none());
    }
}
