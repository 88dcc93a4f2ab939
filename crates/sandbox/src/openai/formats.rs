//! A transcript in the formats that `OpenAI` has; each says where its words come from.

use std::fmt::Write;

use axum::Json;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::NOTE;
use crate::engine::spoken::{Spoken, Utterance};

/// The header that says where the words come from, for formats that have no place for it.
const SOURCE: HeaderName = HeaderName::from_static("x-transcript-source");
const GROUND_TRUTH: &str = "sandbox-ground-truth";

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Text,
    Verbose,
    Diarized,
    Srt,
    Vtt,
}

impl Format {
    pub(super) fn read(word: &str) -> Option<Self> {
        Some(match word {
            "" | "json" => Self::Json,
            "text" => Self::Text,
            "verbose_json" => Self::Verbose,
            "diarized_json" => Self::Diarized,
            "srt" => Self::Srt,
            "vtt" => Self::Vtt,
            _ => return None,
        })
    }
}

/// The answer.
pub(super) fn answer(format: Format, spoken: &Spoken, language: &str, words: bool) -> Response {
    let text = text(spoken);
    let body = match format {
        Format::Text => return plain("text/plain; charset=utf-8", format!("{text}\n")),
        Format::Srt => return plain("application/x-subrip", subtitles(spoken, ',')),
        Format::Vtt => {
            return plain("text/vtt", format!("WEBVTT\n\n{}", subtitles(spoken, '.')));
        }
        Format::Json => json!({ "text": text, NOTE: note(spoken) }),
        Format::Verbose => verbose(spoken, &text, language, words),
        Format::Diarized => json!({
            "task": "transcribe",
            "duration": length(spoken),
            "text": text,
            "segments": spoken.utterances.iter().enumerate().map(|(place, said)| json!({
                "type": "transcript.text.segment",
                "id": format!("seg_{place:03}"),
                "start": seconds(said.from),
                "end": seconds(said.to),
                "text": said.text,
                "speaker": speaker(said),
            })).collect::<Vec<_>>(),
            "usage": { "type": "duration", "seconds": length(spoken) },
            NOTE: note(spoken),
        }),
    };
    ([(SOURCE, GROUND_TRUTH)], Json(body)).into_response()
}

fn plain(kind: &'static str, body: String) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (SOURCE, GROUND_TRUTH)];
    (headers, body).into_response()
}

/// Where the words come from, and who is who.
fn note(spoken: &Spoken) -> Value {
    json!({
        "source": "ground truth",
        "about": "These words were not recognised: the sandbox spoke them itself in this recording.",
        "recording_sid": spoken.recording.sid,
        "call_sid": spoken.recording.call_sid,
        "speakers": { "A": spoken.parties[0], "B": spoken.parties[1] },
    })
}

fn verbose(spoken: &Spoken, text: &str, language: &str, words: bool) -> Value {
    let segments = spoken.utterances.iter().enumerate().map(|(place, said)| {
        json!({
            "id": place,
            "seek": said.from / 10,
            "start": seconds(said.from),
            "end": seconds(said.to),
            "text": said.text,
            "tokens": [],
            "temperature": 0.0,
            "avg_logprob": 0.0,
            "compression_ratio": 1.0,
            "no_speech_prob": 0.0,
            "speaker": speaker(said),
        })
    });
    let mut body = json!({
        "task": "transcribe",
        "language": language,
        "duration": length(spoken),
        "text": text,
        "segments": segments.collect::<Vec<_>>(),
        NOTE: note(spoken),
    });
    if words {
        body["words"] = spoken.utterances.iter().flat_map(words_of).collect();
    }
    body
}

/// The words of something said, spread over its time by their letters.
fn words_of(said: &Utterance) -> Vec<Value> {
    let count = |text: &str| i64::try_from(text.chars().count() + 1).unwrap_or(1);
    let whole = count(said.text.trim());
    let span = said.to - said.from;
    let mut before = 0;
    said.text
        .split_whitespace()
        .map(|word| {
            let from = said.from + span * before / whole;
            before += count(word);
            let to = said.from + span * (before - 1).min(whole) / whole;
            json!({ "word": word, "start": seconds(from), "end": seconds(to) })
        })
        .collect()
}

fn speaker(said: &Utterance) -> &'static str {
    if said.channel == 0 { "A" } else { "B" }
}

fn text(spoken: &Spoken) -> String {
    let texts: Vec<&str> = spoken
        .utterances
        .iter()
        .map(|said| said.text.trim())
        .collect();
    texts.join(" ")
}

#[expect(clippy::cast_precision_loss, reason = "hours in milliseconds fit")]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "hours in seconds fit")]
fn length(spoken: &Spoken) -> f64 {
    spoken.recording.duration.unwrap_or_default() as f64
}

fn subtitles(spoken: &Spoken, point: char) -> String {
    let mut out = String::new();
    for (place, said) in spoken.utterances.iter().enumerate() {
        let (from, to) = (stamp(said.from, point), stamp(said.to, point));
        // Writing into a text cannot fail.
        let _written = write!(out, "{}\n{from} --> {to}\n{}\n\n", place + 1, said.text);
    }
    out
}

fn stamp(millis: i64, point: char) -> String {
    let (seconds, rest) = (millis / 1000, millis % 1000);
    format!(
        "{:02}:{:02}:{:02}{point}{rest:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::{Utterance, stamp, words_of};

    #[test]
    fn words_fill_the_time_of_what_was_said() {
        let said = Utterance {
            channel: 0,
            from: 1000,
            to: 3000,
            text: "Hello dear caller".into(),
        };
        let words = words_of(&said);
        assert_eq!(words.len(), 3);
        assert_eq!(words[0]["start"], 1.0);
        assert!(
            words[2]["end"]
                .as_f64()
                .is_some_and(|end| (2.5..=3.0).contains(&end))
        );
    }

    #[test]
    fn a_time_is_written_as_subtitles_have_it() {
        assert_eq!(stamp(3_723_004, ','), "01:02:03,004");
    }
}
