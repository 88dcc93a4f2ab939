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
    IncomingCall { offer: OfferId, agent: UserId },
    /// And is no more: `accepted`, `declined`, `missed`, `withdrawn`; by whom it was taken.
    OfferClosed {
        offer: OfferId,
        agent: UserId,
        reason: String,
        by: Option<UserId>,
    },
    /// The agent's device should connect with the call's id now.
    Join { agent: UserId },
    /// The call changed (status, phase, times).
    CallStatusUpdate,
}

/// Work for the carrier and for others. Control of one call runs one at a time, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Effect {
    /// Take the customer's leg out of the carrier's queue into the room (Members update; refused means gone).
    Dequeue { sid: String },
    /// Redirect a leg.
    Redirect { sid: String, to: LegTarget },
    /// Add the customer to the room by dialling; paid, never repeated once it may have left.
    DialCustomer {
        label: String,
        to: String,
        from: String,
    },
    /// Dial the agent's own phone; paid, never repeated once it may have left.
    DialAgent {
        label: String,
        to: String,
        from: String,
        agent: UserId,
    },
    /// End a leg (`Status=completed`, or `canceled` while it is queued or rings).
    EndLeg { sid: String },
    /// End a leg that was asked for but whose SID we may not know yet.
    EndLegByLabel { label: String },
    /// Take a participant out of the room (the older leg of an agent who joined again).
    RemoveParticipant { sid: String },
    /// Hold a participant with our music.
    HoldParticipant { sid: String },
    /// Take it off hold.
    UnholdParticipant { sid: String },
    /// Pause the customer's leg recording with silence.
    PauseRecording {
        sid: String,
        recording_sid: Option<String>,
    },
    /// Go on recording.
    ResumeRecording {
        sid: String,
        recording_sid: Option<String>,
    },
    /// Everything of this call that is not yet sent to the carrier is void.
    CancelUnsent,
    /// Find out who is available for the call now and tell it by `AgentsFree`.
    FindAgents,
    /// Read the room's participants if the join callback does not come (3 s).
    CheckRoom,
    /// Tell the app.
    Live(LiveEvent),
}
