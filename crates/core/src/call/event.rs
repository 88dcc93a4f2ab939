//! What can happen to a call.

use serde::{Deserialize, Serialize};

use super::state::LegStatus;
use crate::id::{OfferId, UserId};

/// Why a leg left the carrier's queue (Twilio's `QueueResult`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueueResult {
    /// Redirected by us, or by REST dequeue.
    Redirected,
    /// Our own `Leave`.
    Leave,
    /// The caller hung up.
    Hangup,
    /// The carrier's queue is full.
    QueueFull,
    /// Anything else.
    Error,
}

/// What the carrier said about a leg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegReport {
    /// Twilio's `CallSid`.
    pub sid: String,
    /// Twilio's status.
    pub status: LegStatus,
    /// `CallDuration`, seconds.
    pub duration_seconds: Option<u32>,
    /// Carrier's error code.
    pub error_code: Option<u32>,
}

/// An event; all have happened by the time they reach the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    // ---- requests of the carrier that want TwiML
    /// The wait URL of the queue was requested by the customer's leg.
    WaitRequested { sid: String },
    /// The `Enqueue` ended.
    QueueLeft { sid: String, result: QueueResult },
    /// A leg that we redirected asks for its way into the room.
    RoomRequested { sid: String },
    /// The customer's leg asks what follows after we redirected it to the overflow or back to the queue.
    NextRequested { sid: String },
    /// The `Dial` into the room ended for a leg.
    RoomDialEnded { sid: String },
    /// The `Dial` to a forward phone ended (`DialCallStatus`, seconds).
    ForwardEnded {
        sid: String,
        status: LegStatus,
        duration_seconds: Option<u32>,
    },
    /// The voicemail recording ended (Twilio's `Record` action).
    MessageLeft {
        sid: String,
        recording_sid: Option<String>,
        seconds: u32,
    },
    /// An agent's device connects with this call's id, or the agent's own phone answered.
    AgentCalls { agent: UserId, sid: String },

    // ---- callbacks of the carrier
    /// A leg joined the room.
    Joined {
        sid: String,
        label: String,
        conference_sid: String,
    },
    /// A leg left the room.
    Left { sid: String, redirected: bool },
    /// The room is over.
    RoomEnded { conference_sid: String },
    /// A leg's status.
    Leg(LegReport),
    /// A leg recording began, or ended, or is absent.
    RecordingStarted { sid: String, recording_sid: String },

    // ---- answers of the carrier to our jobs
    /// The customer's leg (or the agent's own phone) was placed under this label.
    Placed { label: String, sid: String },
    /// It could not be placed: nothing was dialled.
    PlaceRefused { label: String, code: Option<u32> },
    /// The leg could not be moved: it is not there any more.
    MoveRefused { sid: String },
    /// The carrier could not be reached for a move; nothing happened there.
    MoveFailed { sid: String },

    // ---- what people do
    /// An agent accepts an offer.
    Accept { agent: UserId, offer: OfferId },
    /// An agent declines an offer.
    Decline { agent: UserId, offer: OfferId },
    /// An agent ends the call for both.
    HangUp { agent: UserId },
    /// An agent puts the customer on hold.
    Hold { agent: UserId },
    /// An agent takes the customer off hold.
    Resume { agent: UserId },
    /// An agent pauses the recording.
    PauseRecording { agent: UserId },
    /// An agent goes on recording.
    ResumeRecording { agent: UserId },
    /// An agent saved the wrap-up.
    WrappedUp { agent: UserId },

    // ---- what we find out
    /// These agents of the queue are available now, longest idle first; offers follow as the queue rings.
    AgentsFree { agents: Vec<UserId> },
    /// No sign of life from the agent's client: its leg is to be ended at the carrier.
    AgentGone { agent: UserId },
    /// The time of [`super::Call::deadline`] has come.
    Deadline,
    /// Two readings of the carrier agree that these legs have ended so.
    Reconciled { legs: Vec<LegReport> },
}
