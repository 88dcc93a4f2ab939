//! What has to be done: plain data; each effect becomes a job or a live event in the transaction of its decision.

use serde::{Deserialize, Serialize};

use crate::id::{OfferId, UserId};

/// Where a leg is sent by redirecting it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegTarget {
    /// Into the call's room.
    Room,
    /// To whatever the call's state says when the leg asks (queue again, overflow).
    Next,
    /// A few words ("your agent was disconnected, we will call you back"), then the end.
    Farewell,
}

/// What the app's pages and phones are told at once; the server adds names and numbers and decides who may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "live")]
pub enum LiveEvent {
    /// A call is on this agent's screen.
    IncomingCall {
        /// The offer.
        offer: OfferId,
        /// Whose screen.
        agent: UserId,
    },
    /// And is no more: `accepted`, `declined`, `missed`, `withdrawn`; by whom it was taken.
    OfferClosed {
        /// The offer.
        offer: OfferId,
        /// Whose screen.
        agent: UserId,
        /// Why.
        reason: String,
        /// Who took the call.
        by: Option<UserId>,
    },
    /// The agent's device should connect with the call's id now.
    Join {
        /// Whose device.
        agent: UserId,
    },
    /// The call changed (status, phase, times).
    CallStatusUpdate,
}

/// Work for the carrier and for others. Control of one call runs one at a time, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Effect {
    /// Take the customer's leg out of the carrier's queue into the room (Members update; refused means gone).
    Dequeue {
        /// The leg.
        sid: String,
        /// The number for the URL, and for [`super::Event::MoveRefused`] or [`super::Event::MoveFailed`].
        turn: u32,
    },
    /// Redirect a leg.
    Redirect {
        /// The leg.
        sid: String,
        /// To which door.
        to: LegTarget,
        /// As in `Dequeue`.
        turn: u32,
    },
    /// Add the customer to the room by dialling; paid, never repeated once it may have left.
    DialCustomer {
        /// The participant label; the status callback's URL carries it too.
        label: String,
        /// The customer, E.164.
        to: String,
        /// Our number, E.164.
        from: String,
        /// Record the leg, dual.
        record: bool,
    },
    /// Dial the agent's own phone; paid, never repeated once it may have left.
    DialAgent {
        /// The participant label; the URLs of the leg carry it too.
        label: String,
        /// The agent's phone, E.164.
        to: String,
        /// Our number, E.164.
        from: String,
        /// Whose phone it is.
        agent: UserId,
    },
    /// End a leg (`Status=completed`, or `canceled` while it is queued or rings).
    EndLeg {
        /// The leg.
        sid: String,
    },
    /// End a leg that was asked for but whose SID we may not know yet.
    EndLegByLabel {
        /// The participant label under which it was asked for.
        label: String,
    },
    /// Take a participant out of the room (the older leg of an agent who joined again).
    RemoveParticipant {
        /// The leg.
        sid: String,
    },
    /// Hold a participant with our music.
    HoldParticipant {
        /// The leg.
        sid: String,
    },
    /// Take it off hold.
    UnholdParticipant {
        /// The leg.
        sid: String,
    },
    /// Begin the dual recording of the customer's leg, which another leg's `Dial` dialled.
    StartRecording {
        /// The customer's leg.
        sid: String,
    },
    /// Pause the customer's leg recording with silence.
    PauseRecording {
        /// The customer's leg.
        sid: String,
        /// The recording, once its `in-progress` callback has come; otherwise the call's recordings are read.
        recording_sid: Option<String>,
    },
    /// Go on recording.
    ResumeRecording {
        /// The customer's leg.
        sid: String,
        /// The recording, once its `in-progress` callback has come; otherwise the call's recordings are read.
        recording_sid: Option<String>,
    },
    /// A message was left: fetch and keep it, tell who may hear it.
    KeepMessage {
        /// Its `RE…` SID.
        recording_sid: Option<String>,
        /// Its length.
        seconds: u32,
    },
    /// Everything of this call that is not yet sent to the carrier is void.
    CancelUnsent,
    /// Find out who is available for the call now and tell it by `AgentsFree`.
    FindAgents,
    /// This agent's device is not at the carrier: it counts as gone until it asks for a token again.
    DeviceAbsent {
        /// Whose.
        agent: UserId,
    },
    /// In 3 s: read the room's participants if a leg's join has not come by then, and tell those found as `Joined`.
    CheckRoom,
    /// Tell the app.
    Live(LiveEvent),
}
