//! The actions of `<Dial>`, `<Gather>` and `<Record>`: what came of the verb, and how the call goes on.

use super::{Form, VoiceRequest};
use crate::status::CallStatus;

/// What came of a `<Dial>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialAction {
    /// The call's fields.
    pub voice: VoiceRequest,
    /// The result; `answered`, not `completed`, after a conference.
    pub status: Option<CallStatus>,
    /// The dialled leg; none after a conference.
    pub dialled_call_sid: Option<String>,
    /// Its seconds; none after a conference or when it was redirected away.
    pub duration_seconds: Option<u32>,
    /// Whether both sides were connected.
    pub bridged: Option<bool>,
    /// The recording that the Dial made; its file may not be ready.
    pub recording_url: Option<String>,
}

impl From<Form> for DialAction {
    fn from(form: Form) -> Self {
        Self {
            status: form.word("DialCallStatus"),
            dialled_call_sid: form.text("DialCallSid"),
            duration_seconds: form.number("DialCallDuration"),
            bridged: form.flag("DialBridged"),
            recording_url: form.text("RecordingUrl"),
            voice: form.into(),
        }
    }
}

/// What was pressed in a `<Gather>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatherAction {
    /// The call's fields.
    pub voice: VoiceRequest,
    /// The keys, without the one that ended it; empty when nothing was pressed.
    pub digits: String,
    /// The key that ended it.
    pub finished_on_key: Option<String>,
    /// What was said.
    pub speech_result: Option<String>,
}

impl From<Form> for GatherAction {
    fn from(form: Form) -> Self {
        Self {
            digits: form.text("Digits").unwrap_or_default(),
            finished_on_key: form.text("FinishedOnKey"),
            speech_result: form.text("SpeechResult"),
            voice: form.into(),
        }
    }
}

/// What came of a `<Record>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAction {
    /// The call's fields.
    pub voice: VoiceRequest,
    /// The recording.
    pub recording_sid: Option<String>,
    /// Where the file will be, without an extension.
    pub recording_url: Option<String>,
    /// How long it is, in seconds.
    pub duration_seconds: Option<u32>,
    /// The key that ended it, or `hangup`.
    pub digits: Option<String>,
}

impl From<Form> for RecordAction {
    fn from(form: Form) -> Self {
        Self {
            recording_sid: form.text("RecordingSid"),
            recording_url: form.text("RecordingUrl"),
            duration_seconds: form.number("RecordingDuration"),
            digits: form.text("Digits"),
            voice: form.into(),
        }
    }
}
