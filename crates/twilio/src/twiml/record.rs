//! `<Record>` (a message after the tone) and `<Start><Recording>` (the leg's conversation).

use super::from_verb;
use super::piece::{Attributes, Piece};
use crate::words::{Channels, Method, RecordingCallbackEvent, Track, Trim};

/// Records what the caller says, then requests its action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Where to go on; the document's own address when absent.
    pub action: Option<String>,
    /// How `action` is requested.
    pub method: Option<Method>,
    /// Seconds of silence that end it; five when absent.
    pub timeout: Option<u32>,
    /// The keys that end it; any of `0-9*#` when absent.
    pub finish_on_key: Option<String>,
    /// The longest, in seconds; an hour when absent.
    pub max_length: Option<u32>,
    /// Whether a tone is heard before; it is when absent.
    pub play_beep: Option<bool>,
    /// Whether silence at its ends is cut; it is when absent.
    pub trim: Option<Trim>,
    /// Where the recording's events go.
    pub recording_status_callback: Option<String>,
    /// How they are sent.
    pub recording_status_callback_method: Option<Method>,
    /// Which events are wanted; `completed` when empty.
    pub recording_status_callback_event: Vec<RecordingCallbackEvent>,
    /// Whether Twilio transcribes it.
    pub transcribe: Option<bool>,
    /// Where the transcription goes.
    pub transcribe_callback: Option<String>,
}

impl Piece for Record {
    const NAME: &'static str = "Record";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("action", &mut self.action);
        list.one("method", &mut self.method);
        list.one("timeout", &mut self.timeout);
        list.keys("finishOnKey", &mut self.finish_on_key, "0123456789*#");
        list.one("maxLength", &mut self.max_length);
        list.one("playBeep", &mut self.play_beep);
        list.one("trim", &mut self.trim);
        list.one(
            "recordingStatusCallback",
            &mut self.recording_status_callback,
        );
        list.one(
            "recordingStatusCallbackMethod",
            &mut self.recording_status_callback_method,
        );
        list.many(
            "recordingStatusCallbackEvent",
            &mut self.recording_status_callback_event,
        );
        list.one("transcribe", &mut self.transcribe);
        list.one("transcribeCallback", &mut self.transcribe_callback);
    }
}

/// A recording of this leg that lives until the leg ends, across redirects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartRecording {
    /// One or two channels.
    pub channels: Option<Channels>,
    /// Which sound is taken.
    pub track: Option<Track>,
    /// Whether silence at its ends is cut.
    pub trim: Option<Trim>,
    /// Where the recording's events go.
    pub recording_status_callback: Option<String>,
    /// How they are sent.
    pub recording_status_callback_method: Option<Method>,
    /// Which events are wanted; `completed` when empty.
    pub recording_status_callback_event: Vec<RecordingCallbackEvent>,
}

impl Piece for StartRecording {
    const NAME: &'static str = "Recording";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("channels", &mut self.channels);
        list.one("track", &mut self.track);
        list.one("trim", &mut self.trim);
        list.one(
            "recordingStatusCallback",
            &mut self.recording_status_callback,
        );
        list.one(
            "recordingStatusCallbackMethod",
            &mut self.recording_status_callback_method,
        );
        list.many(
            "recordingStatusCallbackEvent",
            &mut self.recording_status_callback_event,
        );
    }
}

impl From<StartRecording> for super::Verb {
    fn from(recording: StartRecording) -> Self {
        Self::Start(super::Start {
            nouns: vec![super::StartNoun::Recording(recording)],
        })
    }
}

from_verb!(Record);
