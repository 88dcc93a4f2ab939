//! What the REST face shows: the records of calls, conferences, queues and recordings.

use std::fmt;
use std::sync::Arc;

use crate::seam::{Sid, Time};

/// A call's status in Twilio's spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallStatus {
    /// Waiting for the account's turn.
    Queued,
    /// On its way.
    Initiated,
    /// Ringing.
    Ringing,
    /// Answered.
    InProgress,
    /// Over after an answer.
    Completed,
    /// Over: busy.
    Busy,
    /// Over: nobody answered.
    NoAnswer,
    /// Over: could not be reached.
    Failed,
    /// Over: taken back before an answer.
    Canceled,
}

impl CallStatus {
    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Initiated => "initiated",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Whether the call is over.
    pub fn is_terminal(self) -> bool {
        !matches!(
            self,
            Self::Queued | Self::Initiated | Self::Ringing | Self::InProgress
        )
    }
}

impl fmt::Display for CallStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A call's direction in Twilio's spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To a number or an application of the account.
    Inbound,
    /// Made by REST.
    OutboundApi,
    /// Made by `<Dial>`.
    OutboundDial,
}

impl Direction {
    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundApi => "outbound-api",
            Self::OutboundDial => "outbound-dial",
        }
    }
}

/// One call (a leg).
#[derive(Debug, Clone, PartialEq)]
pub struct CallRecord {
    /// `CA…`.
    pub sid: Sid,
    /// The account that owns it.
    pub account_sid: Sid,
    /// The leg whose `<Dial>` made it.
    pub parent_call_sid: Option<Sid>,
    /// Called party.
    pub to: String,
    /// Calling party.
    pub from: String,
    /// The owned number that it came to or went out from.
    pub phone_number_sid: Option<Sid>,
    /// The application that it came to.
    pub application_sid: Option<Sid>,
    /// Where it stands.
    pub status: CallStatus,
    /// Which way.
    pub direction: Direction,
    /// When it was made.
    pub date_created: Time,
    /// When it last changed.
    pub date_updated: Time,
    /// When it was answered.
    pub start_time: Option<Time>,
    /// When it ended.
    pub end_time: Option<Time>,
    /// Negative; set some time after the end.
    pub price: Option<String>,
    /// Milliseconds of waiting for the account's turn.
    pub queue_time: u64,
    /// Allows its `from` on another call.
    pub call_token: Option<String>,
    /// Who was found to have answered: `human`, `machine_start` …
    pub answered_by: Option<&'static str>,
}

impl CallRecord {
    /// Whole seconds from answer to end, once it is over.
    pub fn duration(&self) -> Option<i64> {
        let end = self.end_time?;
        Some(self.start_time.map_or(0, |start| seconds_up(end - start)))
    }
}

/// Whole seconds, a begun one counted.
pub(crate) fn seconds_up(span: chrono::TimeDelta) -> i64 {
    (span.num_milliseconds().max(0) + 999) / 1000
}

/// Where a conference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConferenceStatus {
    /// Nobody talks yet.
    Init,
    /// Started.
    InProgress,
    /// Over.
    Completed,
}

impl ConferenceStatus {
    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
        }
    }
}

/// One conference.
#[derive(Debug, Clone, PartialEq)]
pub struct ConferenceRecord {
    /// `CF…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// The room's name.
    pub friendly_name: String,
    /// Where it stands.
    pub status: ConferenceStatus,
    /// When it was made.
    pub date_created: Time,
    /// When it last changed.
    pub date_updated: Time,
    /// Why it ended.
    pub reason_ended: Option<&'static str>,
    /// Who ended it.
    pub call_sid_ending: Option<Sid>,
}

/// One participant now in a conference.
#[expect(clippy::struct_excessive_bools, reason = "Twilio's own fields")]
#[derive(Debug, Clone, PartialEq)]
pub struct ParticipantRecord {
    /// Its leg.
    pub call_sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// The room.
    pub conference_sid: Sid,
    /// Its label; empty for none.
    pub label: String,
    /// Cannot be heard.
    pub muted: bool,
    /// On hold.
    pub hold: bool,
    /// Coaches somebody.
    pub coaching: bool,
    /// Whom.
    pub call_sid_to_coach: Option<Sid>,
    /// The room started with it.
    pub start_on_enter: bool,
    /// The room ends with it.
    pub end_on_exit: bool,
    /// `queued`, `connecting`, `ringing`, `connected`, `complete`, `failed`.
    pub status: &'static str,
    /// Milliseconds of waiting for the account's turn.
    pub queue_time: u64,
    /// When it was made.
    pub date_created: Time,
    /// When it last changed.
    pub date_updated: Time,
}

/// One queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueRecord {
    /// `QU…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// Its name.
    pub friendly_name: String,
    /// Most members.
    pub max_size: usize,
    /// Members now.
    pub current_size: usize,
    /// Seconds that members have waited on average.
    pub average_wait_time: i64,
    /// When it was made.
    pub date_created: Time,
    /// When it last changed.
    pub date_updated: Time,
}

/// One waiting caller.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberRecord {
    /// Its leg.
    pub call_sid: Sid,
    /// The queue.
    pub queue_sid: Sid,
    /// Since when.
    pub date_enqueued: Time,
    /// From 1.
    pub position: usize,
    /// Seconds waited.
    pub wait_time: i64,
}

/// Where a recording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingStatus {
    /// Taking sound.
    InProgress,
    /// Not taking sound for now.
    Paused,
    /// Stopped, the file is being made.
    Processing,
    /// The file is there.
    Completed,
    /// Nothing was recorded.
    Absent,
}

impl RecordingStatus {
    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "in-progress",
            Self::Paused => "paused",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Absent => "absent",
        }
    }
}

/// One recording.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordingRecord {
    /// `RE…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// The leg; none for a conference's.
    pub call_sid: Option<Sid>,
    /// The conference.
    pub conference_sid: Option<Sid>,
    /// Where it stands.
    pub status: RecordingStatus,
    /// Channels asked for.
    pub channels: u8,
    /// `DialVerb`, `Conference`, `OutboundAPI`, `RecordVerb`, `StartCallRecordingAPI` …
    pub source: &'static str,
    /// `inbound`, `outbound`, `both`.
    pub track: String,
    /// When it began.
    pub start_time: Time,
    /// Whole seconds, once it is completed.
    pub duration: Option<i64>,
    /// Negative; set some time after its end.
    pub price: Option<String>,
    /// When it was made.
    pub date_created: Time,
    /// When it last changed.
    pub date_updated: Time,
    /// The samples by channel, 8 kHz, once completed; gone when deleted.
    pub sound: Option<Arc<Vec<Vec<i16>>>>,
    /// Deleted: kept as metadata only.
    pub deleted: bool,
}

/// Something that a leg said, heard or went through, for tests and the console.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TruthEvent {
    /// When.
    pub at: Time,
    /// `says`, `hears`, `digits`, `status`, `room`, `queue`.
    pub kind: &'static str,
    /// A text, digits, a tone, a status.
    pub what: String,
    /// How many milliseconds it lasts, where it is said.
    pub lasts: i64,
}

/// One call's ground truth.
#[derive(Debug, Clone, PartialEq)]
pub struct CallTruth {
    /// The call.
    pub call: CallRecord,
    /// What is at its other end: `phone`, `client:…`, or the CallSid of the joined call.
    pub far: String,
    /// For a phone: what it does by itself.
    pub behaviour: Option<super::phone::Behaviour>,
    /// What happened, oldest first; bounded.
    pub events: Vec<TruthEvent>,
}
