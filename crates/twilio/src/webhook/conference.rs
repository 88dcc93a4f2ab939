//! What happens in a conference: its status callback.

use chrono::{DateTime, Utc};

use super::Form;
use crate::status::{CallStatus, ConferenceEventKind};

/// Tells of a conference or of somebody in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConferenceEvent {
    /// The conference.
    pub conference_sid: Option<String>,
    /// The room's name.
    pub friendly_name: Option<String>,
    /// The account.
    pub account_sid: Option<String>,
    /// Counts this conference's events; never to be compared with a leg's count.
    pub sequence_number: Option<u32>,
    /// When it happened.
    pub timestamp: Option<DateTime<Utc>>,
    /// What happened.
    pub event: Option<ConferenceEventKind>,
    /// The participant's leg.
    pub call_sid: Option<String>,
    /// The participant's label.
    pub participant_label: Option<String>,
    /// Whether the participant is muted.
    pub muted: Option<bool>,
    /// Whether the participant is on hold.
    pub hold: Option<bool>,
    /// Whether the participant coaches another.
    pub coaching: Option<bool>,
    /// Whether the conference ends with this participant.
    pub end_conference_on_exit: Option<bool>,
    /// Whether it may start with this participant.
    pub start_conference_on_enter: Option<bool>,
    /// On leaving: the leg's state; `in-progress` when it was redirected.
    pub participant_call_status: Option<CallStatus>,
    /// On leaving: why.
    pub reason_participant_left: Option<String>,
    /// At the end: why.
    pub reason_conference_ended: Option<String>,
    /// At the end: whose leaving ended it.
    pub call_sid_ending_conference: Option<String>,
    /// At the end: that participant's label.
    pub participant_label_ending_conference: Option<String>,
    /// At the end: the same in words.
    pub reason: Option<String>,
    /// Everything as it came.
    pub form: Form,
}

impl From<Form> for ConferenceEvent {
    fn from(form: Form) -> Self {
        Self {
            conference_sid: form.text("ConferenceSid"),
            friendly_name: form.text("FriendlyName"),
            account_sid: form.text("AccountSid"),
            sequence_number: form.number("SequenceNumber"),
            timestamp: form.time("Timestamp"),
            event: form.word("StatusCallbackEvent"),
            call_sid: form.text("CallSid"),
            participant_label: form.text("ParticipantLabel"),
            muted: form.flag("Muted"),
            hold: form.flag("Hold"),
            coaching: form.flag("Coaching"),
            end_conference_on_exit: form.flag("EndConferenceOnExit"),
            start_conference_on_enter: form.flag("StartConferenceOnEnter"),
            participant_call_status: form.word("ParticipantCallStatus"),
            reason_participant_left: form.text("ReasonParticipantLeft"),
            reason_conference_ended: form.text("ReasonConferenceEnded"),
            call_sid_ending_conference: form.text("CallSidEndingConference"),
            participant_label_ending_conference: form.text("ParticipantLabelEndingConference"),
            reason: form.text("Reason"),
            form,
        }
    }
}
