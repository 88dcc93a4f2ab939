//! What becomes of a recording: its status callback. A conference's recording names no leg.

use chrono::{DateTime, Utc};

use super::Form;
use crate::status::{RecordingSource, RecordingStatus};

/// Tells of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingEvent {
    /// The recording.
    pub recording_sid: Option<String>,
    /// The account.
    pub account_sid: Option<String>,
    /// The recorded leg.
    pub call_sid: Option<String>,
    /// The recorded conference.
    pub conference_sid: Option<String>,
    /// Its state.
    pub status: Option<RecordingStatus>,
    /// Where the file is, without an extension.
    pub url: Option<String>,
    /// How long it is, in seconds; only at the end.
    pub duration_seconds: Option<u32>,
    /// How many channels it has.
    pub channels: Option<u32>,
    /// When it began.
    pub start_time: Option<DateTime<Utc>>,
    /// What started it.
    pub source: Option<RecordingSource>,
    /// Which sound it took.
    pub track: Option<String>,
    /// Why there is none.
    pub error_code: Option<u32>,
    /// Everything as it came.
    pub form: Form,
}

impl From<Form> for RecordingEvent {
    fn from(form: Form) -> Self {
        Self {
            recording_sid: form.text("RecordingSid"),
            account_sid: form.text("AccountSid"),
            call_sid: form.text("CallSid"),
            conference_sid: form.text("ConferenceSid"),
            status: form.word("RecordingStatus"),
            url: form.text("RecordingUrl"),
            duration_seconds: form.number("RecordingDuration"),
            channels: form.number("RecordingChannels"),
            start_time: form.time("RecordingStartTime"),
            source: form.word("RecordingSource"),
            track: form.text("RecordingTrack"),
            error_code: form.number("ErrorCode"),
            form,
        }
    }
}
