//! Recordings of legs: started, paused, stopped, listed, deleted, and where the sound is.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::call::RecordOptions;
use super::{Listed, Nothing, Page, Params, Request, path, wire};
use crate::status::{RecordingSource, RecordingStatus};
use crate::words::words;

/// The name of a leg's only recording, where its SID is not known.
pub const CURRENT: &str = "Twilio.CURRENT";

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Recording {
    /// `RE…`.
    pub sid: String,
    /// The recorded leg.
    pub call_sid: Option<String>,
    /// The recorded conference.
    pub conference_sid: Option<String>,
    /// Its state; fetched, only `processing` or `completed` and the like.
    pub status: RecordingStatus,
    /// How many channels it has.
    #[serde(default, deserialize_with = "wire::number")]
    pub channels: Option<u32>,
    /// What started it.
    pub source: Option<RecordingSource>,
    /// When it began.
    #[serde(default, deserialize_with = "wire::time")]
    pub start_time: Option<DateTime<Utc>>,
    /// How long it is, in seconds.
    #[serde(default, deserialize_with = "wire::number")]
    pub duration: Option<u32>,
    /// What it cost, negative; missing until some time after the end.
    #[serde(default, deserialize_with = "wire::text")]
    pub price: Option<String>,
    /// The price's currency.
    pub price_unit: Option<String>,
    /// Why it is absent.
    #[serde(default, deserialize_with = "wire::number")]
    pub error_code: Option<u32>,
    /// Present where the account has recordings encrypted, so that nobody but the key's owner can play them.
    #[serde(default)]
    pub encryption_details: Option<serde_json::Value>,
}

impl Listed for Recording {
    const KEY: &'static str = "recordings";
}

/// Starts to record a leg; the recording lives across redirects.
pub fn create(account_sid: &str, call_sid: &str, options: &RecordOptions) -> Request<Recording> {
    Request::create(
        path(account_sid, &["Calls", call_sid, "Recordings"]),
        options.put(Params::default()),
    )
}

words! {
    /// What becomes of a running recording.
    Turn {
        /// It waits.
        Pause = "paused",
        /// It goes on.
        Resume = "in-progress",
        /// It ends; not for a conference's recording.
        Stop = "stopped",
    }
}

words! {
    /// What a pause leaves in the file.
    PauseBehavior {
        /// Silence of the same length, so that times stay right.
        Silence = "silence",
        /// Nothing.
        Skip = "skip",
    }
}

/// Pauses, resumes or stops a leg's recording, named by SID or by [`CURRENT`].
pub fn update(
    account_sid: &str,
    call_sid: &str,
    recording: &str,
    turn: Turn,
    pause: Option<PauseBehavior>,
) -> Request<Recording> {
    let params = Params::default()
        .put("Status", turn)
        .maybe("PauseBehavior", pause);
    Request::set(
        path(account_sid, &["Calls", call_sid, "Recordings", recording]),
        params,
    )
}

/// Lists a leg's recordings.
pub fn list_of_call(account_sid: &str, call_sid: &str) -> Request<Page<Recording>> {
    Request::get(
        path(account_sid, &["Calls", call_sid, "Recordings"]),
        Params::default(),
    )
}

/// Lists the account's recordings that began at this time or later, the newest first.
pub fn list(account_sid: &str, since: Option<DateTime<Utc>>) -> Request<Page<Recording>> {
    let since = since.map(|since| since.format("%Y-%m-%dT%H:%M:%SZ"));
    Request::get(
        path(account_sid, &["Recordings"]),
        Params::default().maybe("DateCreated>", since),
    )
}

/// Looks at a recording.
pub fn fetch(account_sid: &str, sid: &str) -> Request<Recording> {
    Request::get(path(account_sid, &["Recordings", sid]), Params::default())
}

/// Deletes a recording's sound; what is known about it stays at Twilio for 40 days.
pub fn delete(account_sid: &str, sid: &str) -> Request<Nothing> {
    Request::delete(path(account_sid, &["Recordings", sid]))
}

/// The path and query of the sound as WAV. Two channels where there is one are refused with 400, and before it is ready there is 404.
pub fn media_path(account_sid: &str, sid: &str, channels: u32) -> String {
    let json = path(account_sid, &["Recordings", sid]);
    format!(
        "{}.wav?RequestedChannels={channels}",
        json.trim_end_matches(".json")
    )
}
