//! What can happen to a call.

use serde::{Deserialize, Serialize};

use super::state::{Device, LegStatus};
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
    /// The participant label that the callback's URL carries, for a leg that we dialled.
    pub label: Option<String>,
    /// Twilio's `ParentCallSid`, for a leg of a `Dial`.
    pub parent_sid: Option<String>,
    /// Twilio's status.
    pub status: LegStatus,
    /// `CallDuration`, seconds.
    pub duration_seconds: Option<u32>,
    /// Carrier's error code.
    pub error_code: Option<u32>,
}

/// A leg that the carrier lists in a call's room.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InRoom {
    /// Twilio's `CallSid`.
    pub sid: String,
    /// Its participant label.
    pub label: Option<String>,
    /// The room's `CF…` SID.
    pub conference_sid: String,
    /// Can it be heard there, as against being dialled.
    pub connected: bool,
}

/// An event; all have happened by the time they reach the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    // ---- requests of the carrier that want TwiML
    /// The wait URL of the queue was requested by the customer's leg.
    WaitRequested {
        /// The leg.
        sid: String,
    },
    /// The `Enqueue` ended.
    QueueLeft {
        /// The leg.
        sid: String,
        /// Why.
        result: QueueResult,
    },
    /// A leg that we redirected asks for its way into the room.
    RoomRequested {
        /// The leg.
        sid: String,
    },
    /// The customer's leg asks what follows after we redirected it to the overflow or back to the queue.
    NextRequested {
        /// The leg.
        sid: String,
    },
    /// The `Dial` into the room ended for a leg.
    RoomDialEnded {
        /// The leg.
        sid: String,
    },
    /// The `Dial` to a forward phone ended (`DialCallStatus`, seconds).
    ForwardEnded {
        /// The caller's leg.
        sid: String,
        /// `DialCallStatus`; `answered` counts as completed.
        status: LegStatus,
        /// `DialCallDuration`.
        duration_seconds: Option<u32>,
    },
    /// A device that the customer's leg dialled was taken up.
    DeviceAnswers {
        /// The label that its URL carries.
        label: String,
        /// The device's leg.
        sid: String,
    },
    /// The `Dial` of the customer's leg to devices ended.
    DevicesRung {
        /// The customer's leg.
        sid: String,
        /// `DialCallStatus` says that they talked.
        talked: bool,
        /// `DialCallDuration`.
        duration_seconds: Option<u32>,
    },
    /// The `Dial` of an agent's leg to the customer ended: the talk is over, nobody answered, or we took the customer away.
    DialEnded {
        /// The agent's leg.
        sid: String,
        /// `DialCallStatus`; `answered` counts as completed.
        status: LegStatus,
        /// `DialCallSid`, the customer's leg.
        customer_sid: Option<String>,
        /// `DialCallDuration`.
        duration_seconds: Option<u32>,
        /// The agent's leg itself is over (its `CallStatus` is final): the agent hung up.
        hung_up: bool,
    },
    /// The voicemail recording ended (Twilio's `Record` action).
    MessageLeft {
        /// The leg.
        sid: String,
        /// The message's `RE…` SID.
        recording_sid: Option<String>,
        /// Its length.
        seconds: u32,
    },
    /// An agent's device connects with this call's id, or the agent's own phone answered.
    AgentCalls {
        /// Whose.
        agent: UserId,
        /// The leg.
        sid: String,
        /// The label that its URL carries, for an own phone that we dialled.
        label: Option<String>,
        /// Client identity or phone number.
        address: String,
    },

    // ---- callbacks of the carrier
    /// A leg joined the room.
    Joined {
        /// The leg.
        sid: String,
        /// `ParticipantLabel`.
        label: String,
        /// The room's `CF…` SID.
        conference_sid: String,
        /// `SequenceNumber`: tells what came first in this room, whatever comes first to us; 0 where it was not sent.
        sequence: u32,
    },
    /// A leg left the room.
    Left {
        /// The leg.
        sid: String,
        /// `ParticipantLabel`.
        label: String,
        /// `ParticipantCallStatus`: `in-progress` when it was redirected or removed, else how the leg ended.
        status: LegStatus,
        /// The room's `CF…` SID.
        conference_sid: String,
        /// `SequenceNumber`, as in `Joined`.
        sequence: u32,
    },
    /// The room is over.
    RoomEnded {
        /// Its `CF…` SID.
        conference_sid: String,
    },
    /// A leg's status. Any request of the carrier whose `CallStatus` is final is told as this too.
    Leg(LegReport),
    /// The recording of a leg began.
    RecordingStarted {
        /// The leg.
        sid: String,
        /// Its `RE…` SID.
        recording_sid: String,
    },

    // ---- what is known of people
    /// The agent who takes the call is not recorded.
    Unrecorded {
        /// Who.
        agent: UserId,
    },

    // ---- answers of the carrier to our jobs
    /// The customer's leg (or the agent's own phone) was placed under this label.
    Placed {
        /// The label that was asked for.
        label: String,
        /// The leg.
        sid: String,
    },
    /// It was placed, and the carrier's pace lets it wait for so long.
    Paced {
        /// The label that was asked for.
        label: String,
        /// How long, from now.
        milliseconds: u32,
    },
    /// It could not be placed, or was called off before it left: nothing was dialled.
    PlaceRefused {
        /// The label that was asked for.
        label: String,
        /// The carrier's error code.
        code: Option<u32>,
    },
    /// The leg could not be moved: it is not there any more.
    MoveRefused {
        /// The leg.
        sid: String,
        /// The turn of the effect.
        turn: u32,
    },
    /// The carrier could not be reached for a move; nothing happened there.
    MoveFailed {
        /// The leg.
        sid: String,
        /// The turn of the effect.
        turn: u32,
    },

    // ---- what people do
    /// An agent accepts an offer.
    Accept {
        /// Who.
        agent: UserId,
        /// Which offer.
        offer: OfferId,
    },
    /// An agent declines an offer.
    Decline {
        /// Who.
        agent: UserId,
        /// Which offer.
        offer: OfferId,
    },
    /// An agent of the queue takes the waiting call, offered or not, by a front end that knows no hang-up.
    Take {
        /// Who.
        agent: UserId,
    },
    /// An agent does not want the waiting call, offered or not.
    TurnDown {
        /// Who.
        agent: UserId,
    },
    /// An agent ends the call for both.
    HangUp {
        /// Who.
        agent: UserId,
    },
    /// Somebody who may ends it for the agent whose call it is.
    HangUpFor {
        /// Whose call it is.
        agent: UserId,
    },
    /// An agent puts the customer on hold.
    Hold {
        /// Who.
        agent: UserId,
    },
    /// An agent takes the customer off hold.
    Resume {
        /// Who.
        agent: UserId,
    },
    /// An agent pauses the recording.
    PauseRecording {
        /// Who.
        agent: UserId,
    },
    /// An agent goes on recording.
    ResumeRecording {
        /// Who.
        agent: UserId,
    },
    /// An agent saved the wrap-up.
    WrappedUp {
        /// Who.
        agent: UserId,
    },

    // ---- what we find out
    /// These agents of the queue are available now, longest idle first; offers follow as the queue rings.
    AgentsFree {
        /// In the order in which they are rung.
        agents: Vec<UserId>,
        /// The devices of those among them who see no page of ours.
        #[serde(default)]
        devices: Vec<Device>,
    },
    /// No sign of life from the agent's client: its leg is to be ended at the carrier.
    AgentGone {
        /// Who.
        agent: UserId,
    },
    /// The time of [`super::Call::deadline`] has come.
    Deadline,
    /// Two readings of the carrier agree.
    Reconciled {
        /// How the legs are.
        legs: Vec<LegReport>,
        /// Who is in the room; `None` where nobody could look.
        room: Option<Vec<InRoom>>,
    },
}
