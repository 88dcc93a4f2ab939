//! What the API shows of a call: in lists, in details and in live events alike.

use chrono::{DateTime, Utc};
use offhook_core::call::{Direction, EndedBy, Leg, Outcome, Phase};
use offhook_store::calls::{CallEvent, CallSummary, Note};
use offhook_store::recordings::{Recording, RecordingStatus};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{NamedRef, csv};

/// An amount of money.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Money {
    /// Decimal text, such as `0.0120`.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}

/// One conversation with one outside party.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CallView {
    pub id: String,
    /// `inbound` or `outbound`.
    pub direction: String,
    /// `ringing`, `in-progress`, `completed`, `busy`, `no-answer`, `failed` or `canceled`.
    pub status: String,
    /// `waiting`, `offered`, `connecting`, `connected`, `on_hold`, `wrap_up` or `ended`.
    pub phase: String,
    /// E.164, or what the carrier gave, such as `anonymous`.
    pub from_number: String,
    pub to_number: String,
    /// Our number, E.164.
    pub number: Option<String>,
    pub contact: Option<NamedRef>,
    pub agent: Option<NamedRef>,
    pub queue: Option<NamedRef>,
    /// What the system saw: `answered`, `missed`, `abandoned`, `voicemail`, `forwarded`, `busy` …
    pub outcome: Option<String>,
    /// Who ended it: `customer`, `agent`, `supervisor`, `system` (a rule or a time limit) or `carrier` (the connection).
    pub ended_by: Option<String>,
    /// What the agent says it meant.
    pub disposition: Option<String>,
    /// The agent's wrap-up note.
    pub note: Option<String>,
    pub started_at: DateTime<Utc>,
    /// When agent (or forward phone) and outside party came together.
    pub answered_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// Since when the caller waits for an agent.
    pub waiting_since: Option<DateTime<Utc>>,
    pub wrap_up_ends_at: Option<DateTime<Utc>>,
    pub duration_seconds: Option<i64>,
    pub wait_seconds: Option<i64>,
    pub talk_seconds: Option<i64>,
    /// What the carrier takes for it, once it has said so.
    pub price: Option<Money>,
    /// A recording can be played.
    pub has_recording: bool,
    pub has_transcript: bool,
    pub sentiment: Option<String>,
}

/// A leg of a call.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LegView {
    pub id: String,
    /// `customer`, `agent`, `supervisor` or `external`.
    pub role: String,
    /// The carrier's status in its spelling.
    pub status: String,
    /// The carrier's id (`CA…`), once known.
    pub sid: Option<String>,
    /// Whose device or phone it is, for an agent's leg.
    pub agent: Option<NamedRef>,
    /// The phone number at its end; null for a softphone.
    pub number: Option<String>,
    pub started_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub duration_seconds: Option<u32>,
    /// The carrier's error code, where it failed.
    pub error_code: Option<u32>,
}

/// A line of a call's timeline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CallEventView {
    pub sequence: i64,
    pub at: DateTime<Utc>,
    /// `carrier`, `agent` or `system`.
    pub source: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub payload: Value,
}

/// The audio of a call.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RecordingView {
    pub id: String,
    /// `in-progress`, `waiting`, `ready`, `absent` or `failed`.
    pub status: String,
    /// 1 or 2; with 2 the first is the customer, the second what the customer hears.
    pub channels: Option<u32>,
    pub seconds: Option<u32>,
    pub started_at: Option<DateTime<Utc>>,
    /// Why there is nothing to hear.
    pub reason: Option<String>,
}

/// A note that somebody wrote on a call.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NoteView {
    pub id: String,
    pub author: NamedRef,
    pub text: String,
    pub created_at: DateTime<Utc>,
}

impl CallView {
    /// Shows a call as it is now.
    pub(crate) fn of(call: CallSummary, now: DateTime<Utc>) -> Self {
        let (duration_seconds, wait_seconds, talk_seconds) = (
            call.duration_seconds(),
            call.wait_seconds(),
            call.talk_seconds(),
        );
        Self {
            direction: direction(call.direction).to_owned(),
            status: call.status.as_str().to_owned(),
            phase: phase(call.phase_at(now)).to_owned(),
            id: call.id.into(),
            from_number: call.from_number,
            to_number: call.to_number,
            number: call.number.map(|n| n.e164),
            contact: call.contact.map(|c| NamedRef {
                id: c.id.into(),
                name: c.name,
            }),
            agent: call.agent.map(|a| NamedRef {
                id: a.id.into(),
                name: a.name,
            }),
            queue: call.queue.map(|q| NamedRef {
                id: q.id.into(),
                name: q.label,
            }),
            outcome: call.outcome.map(|o| outcome(o).to_owned()),
            ended_by: call.ended_by.map(|by| ended_by(by).to_owned()),
            disposition: call.disposition,
            note: call.note,
            started_at: call.started_at,
            answered_at: call.answered_at,
            ended_at: call.ended_at,
            waiting_since: call.waiting_since,
            wrap_up_ends_at: call.wrap_up_until.filter(|until| *until > now),
            duration_seconds,
            wait_seconds,
            talk_seconds,
            price: call
                .price
                .zip(call.price_currency)
                .map(|(amount, currency)| Money { amount, currency }),
            has_recording: call.has_recording,
            has_transcript: false,
            sentiment: None,
        }
    }
}

impl LegView {
    /// Shows a leg; `name` knows agents' names.
    pub(crate) fn of(leg: &Leg, name: impl Fn(&str) -> Option<String>) -> Self {
        let agent = leg.agent.as_ref().map(|id| NamedRef {
            id: id.to_string(),
            name: name(id.as_str()).unwrap_or_default(),
        });
        Self {
            id: leg.id.to_string(),
            role: csv::word(&leg.role),
            status: leg.status.as_str().to_owned(),
            sid: leg.sid.clone(),
            agent,
            number: Some(leg.address.clone()).filter(|address| !address.starts_with("client:")),
            started_at: leg.created_at,
            answered_at: leg.answered_at,
            ended_at: leg.ended_at,
            duration_seconds: leg.duration_seconds,
            error_code: leg.error_code,
        }
    }
}

impl From<CallEvent> for CallEventView {
    fn from(line: CallEvent) -> Self {
        let event = line.event;
        Self {
            sequence: line.sequence,
            at: event.at,
            source: event.source,
            kind: event.kind,
            payload: event.payload,
        }
    }
}

impl From<Recording> for RecordingView {
    fn from(recording: Recording) -> Self {
        let reason = match recording.status {
            RecordingStatus::Failed => recording.error,
            RecordingStatus::Absent => Some("the carrier has no recording of this call".to_owned()),
            _ => None,
        };
        Self {
            id: recording.id.into(),
            status: csv::word(&recording.status),
            channels: recording.channels,
            seconds: recording.seconds,
            started_at: recording.started_at,
            reason,
        }
    }
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        let author = NamedRef {
            id: note.author.id.into(),
            name: note.author.name,
        };
        Self {
            id: note.id.into(),
            author,
            text: note.text,
            created_at: note.created_at,
        }
    }
}

/// The direction's word.
pub(crate) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    }
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Waiting => "waiting",
        Phase::Offered => "offered",
        Phase::Connecting => "connecting",
        Phase::Connected => "connected",
        Phase::OnHold => "on_hold",
        Phase::WrapUp => "wrap_up",
        Phase::Ended => "ended",
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "answered",
        Outcome::Missed => "missed",
        Outcome::Abandoned => "abandoned",
        Outcome::Voicemail => "voicemail",
        Outcome::Forwarded => "forwarded",
        Outcome::Busy => "busy",
        Outcome::NoAnswer => "no_answer",
        Outcome::Canceled => "canceled",
        Outcome::Failed => "failed",
    }
}

fn ended_by(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Customer => "customer",
        EndedBy::Agent => "agent",
        EndedBy::Supervisor => "supervisor",
        EndedBy::System => "system",
        EndedBy::Carrier => "carrier",
    }
}
