//! Participants of a conference: added by dialling, held, muted and removed. They are named by CallSid or by label.

use serde::Deserialize;

use super::call::RecordOptions;
use super::{Listed, Nothing, Page, Params, Request, path, wire};
use crate::words::{CallEvent, ConferenceCallbackEvent, Method};

/// A leg in a conference.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the shape of Twilio's answer"
)]
pub struct Participant {
    /// The leg.
    pub call_sid: String,
    /// The conference.
    pub conference_sid: String,
    /// The participant's label.
    pub label: Option<String>,
    /// `queued`, `connecting`, `ringing`, `connected`, `complete` or `failed`.
    pub status: Option<String>,
    /// Whether the others do not hear it.
    #[serde(default)]
    pub muted: bool,
    /// Whether it is on hold.
    #[serde(default)]
    pub hold: bool,
    /// Whether it is heard by one alone.
    #[serde(default)]
    pub coaching: bool,
    /// Who that is.
    pub call_sid_to_coach: Option<String>,
    /// Whether the conference ends with it.
    #[serde(default)]
    pub end_conference_on_exit: bool,
    /// Whether the conference may start with it.
    #[serde(default)]
    pub start_conference_on_enter: bool,
    /// Milliseconds that it waited for the account's calls per second.
    #[serde(default, deserialize_with = "wire::number")]
    pub queue_time: Option<u32>,
}

impl Listed for Participant {
    const KEY: &'static str = "participants";
}

/// Somebody to be dialled into a conference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewParticipant {
    /// Who is called: E.164 or `client:…`.
    pub to: String,
    /// Which number is shown.
    pub from: String,
    /// A name, unique in the room.
    pub label: Option<String>,
    /// Whether those in the room hear the ringing; they do when absent.
    pub early_media: Option<bool>,
    /// Seconds to ring; 60 when absent.
    pub timeout: Option<u32>,
    /// The longest, in seconds.
    pub time_limit: Option<u32>,
    /// `true`, `false`, `onEnter` or `onExit`.
    pub beep: Option<crate::twiml::Beep>,
    /// Whether the others do not hear it.
    pub muted: Option<bool>,
    /// Whether the conference may start with it.
    pub start_conference_on_enter: Option<bool>,
    /// Whether the conference ends with it.
    pub end_conference_on_exit: Option<bool>,
    /// What is heard before the start.
    pub wait_url: Option<String>,
    /// Where the leg's progress goes.
    pub status_callback: Option<String>,
    /// Which events are wanted; `completed` when empty.
    pub status_callback_events: Vec<CallEvent>,
    /// Where the conference's events go, if this is the first to join.
    pub conference_status_callback: Option<String>,
    /// Which of them are wanted.
    pub conference_status_callback_events: Vec<ConferenceCallbackEvent>,
    /// How much delay may smooth the sound.
    pub jitter_buffer_size: Option<crate::twiml::JitterBufferSize>,
    /// What allows showing an inbound caller's number.
    pub call_token: Option<String>,
    /// Whether and how the leg is recorded from the answer.
    pub record: Option<RecordOptions>,
}

/// Dials somebody into a conference, named by SID or by name.
pub fn create(
    account_sid: &str,
    conference: &str,
    participant: &NewParticipant,
) -> Request<Participant> {
    let new = participant;
    let mut params = Params::default()
        .put("To", &new.to)
        .put("From", &new.from)
        .maybe("Label", new.label.as_ref())
        .maybe("EarlyMedia", new.early_media)
        .maybe("Timeout", new.timeout)
        .maybe("TimeLimit", new.time_limit)
        .maybe("Beep", new.beep)
        .maybe("Muted", new.muted)
        .maybe("StartConferenceOnEnter", new.start_conference_on_enter)
        .maybe("EndConferenceOnExit", new.end_conference_on_exit)
        .maybe("WaitUrl", new.wait_url.as_ref())
        .maybe("StatusCallback", new.status_callback.as_ref())
        .spaced("StatusCallbackEvent", &new.status_callback_events)
        .maybe(
            "ConferenceStatusCallback",
            new.conference_status_callback.as_ref(),
        )
        .spaced(
            "ConferenceStatusCallbackEvent",
            &new.conference_status_callback_events,
        )
        .maybe("JitterBufferSize", new.jitter_buffer_size)
        .maybe("CallToken", new.call_token.as_ref());
    if let Some(record) = &new.record {
        params = record.put(params.put("Record", true));
    }
    Request::create(
        path(account_sid, &["Conferences", conference, "Participants"]),
        params,
    )
}

/// Lists who is in the room now.
pub fn list(account_sid: &str, conference_sid: &str) -> Request<Page<Participant>> {
    Request::get(
        path(
            account_sid,
            &["Conferences", conference_sid, "Participants"],
        ),
        Params::default(),
    )
}

/// Looks at a participant.
pub fn fetch(account_sid: &str, conference_sid: &str, participant: &str) -> Request<Participant> {
    Request::get(
        path(
            account_sid,
            &["Conferences", conference_sid, "Participants", participant],
        ),
        Params::default(),
    )
}

/// What changes about a participant; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Whether the others hear it.
    pub muted: Option<bool>,
    /// Whether it is on hold.
    pub hold: Option<bool>,
    /// What is heard on hold; Twilio's music when absent.
    pub hold_url: Option<String>,
    /// How it is requested; GET when absent.
    pub hold_method: Option<Method>,
    /// Whether the conference ends with it; silently ignored while on hold.
    pub end_conference_on_exit: Option<bool>,
    /// Whether it is heard by one alone.
    pub coaching: Option<bool>,
    /// Who that is.
    pub call_sid_to_coach: Option<String>,
}

/// Changes a participant.
pub fn update(
    account_sid: &str,
    conference_sid: &str,
    participant: &str,
    change: &Change,
) -> Request<Participant> {
    let params = Params::default()
        .maybe("Muted", change.muted)
        .maybe("Hold", change.hold)
        .maybe("HoldUrl", change.hold_url.as_ref())
        .maybe("HoldMethod", change.hold_method)
        .maybe("EndConferenceOnExit", change.end_conference_on_exit)
        .maybe("Coaching", change.coaching)
        .maybe("CallSidToCoach", change.call_sid_to_coach.as_ref());
    Request::set(
        path(
            account_sid,
            &["Conferences", conference_sid, "Participants", participant],
        ),
        params,
    )
}

/// Removes a participant; its leg ends.
pub fn delete(account_sid: &str, conference_sid: &str, participant: &str) -> Request<Nothing> {
    Request::delete(path(
        account_sid,
        &["Conferences", conference_sid, "Participants", participant],
    ))
}
