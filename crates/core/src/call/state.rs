//! A call's state: enums whose variants hold exactly the data valid then.

use serde::{Deserialize, Serialize};

use super::effect::LegTarget;
use crate::Time;
use crate::id::{CallId, ContactId, LegId, NumberId, OfferId, OrgId, QueueId, UserId};

/// Who called whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A customer called us.
    Inbound,
    /// An agent called a customer.
    Outbound,
}

/// How the outside party and the agent are brought together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Mode {
    /// Inbound: the caller waits in a queue whose members are offered the call.
    Queue {
        /// The queue.
        queue: QueueId,
        /// Its name at the carrier (`support_queue`).
        name: String,
    },
    /// Inbound: the same offers to named agents; the caller waits in a carrier queue of the call's own number.
    RingAgents {
        /// Who is rung.
        agents: Vec<UserId>,
        /// The name of the waiting place at the carrier.
        name: String,
    },
    /// Inbound: dialled on to a phone.
    Forward {
        /// The phone, E.164.
        to: String,
    },
    /// Inbound: straight to voicemail.
    Voicemail,
    /// Outbound: the agent's softphone first, then the customer in the same room.
    Softphone,
    /// Outbound: the agent's own phone first, then the customer in the same room.
    PhoneFirst {
        /// The agent's phone, E.164.
        agent_phone: String,
    },
    /// Outbound: the agent's own device is rung first, then the customer in the same room.
    DeviceFirst {
        /// The agent's name at the carrier.
        identity: String,
    },
    /// Outbound: the agent's softphone dials the customer itself, without a room and without the carrier's pace; a room is
    /// made of it as soon as one is needed.
    Direct,
}

/// How a queue rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Ring {
    /// Every available agent at once.
    #[default]
    All,
    /// One at a time, the one who has been idle longest first.
    LongestIdle,
}

/// What happens to a caller whom nobody took in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Overflow {
    /// Leave a message.
    Voicemail,
    /// Dial on to a phone, then voicemail.
    Forward {
        /// The phone, E.164.
        to: String,
    },
    /// A polite word and the end.
    HangUp,
}

/// The settings a call was started with; changing a queue does not change calls under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// How agents are rung.
    pub ring: Ring,
    /// How long an offer lives, seconds (30).
    pub offer_seconds: u32,
    /// How long a caller waits at most, seconds from entering the queue (300).
    pub max_wait_seconds: u32,
    /// What then.
    pub overflow: Overflow,
    /// Is the call recorded.
    pub record: bool,
    /// The notice spoken first when it is recorded; `None` when an owner switched it off.
    pub recording_notice: Option<String>,
    /// The greeting; `None` for the bundled one.
    pub greeting: Option<String>,
    /// Wrap-up after the call, seconds (30).
    pub wrap_up_seconds: u32,
    /// Show the caller's own number when forwarding (our number otherwise, and for withheld callers).
    pub forward_shows_caller: bool,
    /// Whoever is not answered is not asked for a message at the end of a forward, but told a polite word.
    #[serde(default)]
    pub no_message: bool,
}

/// Role of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegRole {
    /// The outside party.
    Customer,
    /// An agent's softphone or own phone.
    Agent,
    /// A supervisor who listens.
    Supervisor,
    /// A third party or a forward phone.
    External,
}

/// Twilio's call status in Twilio's spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegStatus {
    /// Waiting for the carrier's pace.
    Queued,
    /// Being dialled.
    Initiated,
    /// Ringing.
    Ringing,
    /// Answered.
    InProgress,
    /// Ended after an answer.
    Completed,
    /// Busy.
    Busy,
    /// Not answered.
    NoAnswer,
    /// Could not be placed.
    Failed,
    /// Ended before an answer by us.
    Canceled,
}

/// One Twilio `CallSid` within a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// `leg_<call>_<n>`.
    pub id: LegId,
    /// Twilio's `CallSid`, once known.
    pub sid: Option<String>,
    /// The leg that dialled it, Twilio's `ParentCallSid`.
    pub parent_sid: Option<String>,
    /// Its role.
    pub role: LegRole,
    /// The agent, for an agent's leg.
    pub agent: Option<UserId>,
    /// The participant label in the room, fresh for each attempt.
    pub label: String,
    /// The phone number or client identity at its end.
    pub address: String,
    /// Twilio's status.
    pub status: LegStatus,
    /// Is it in the room now: its newest join is newer than its newest leave.
    pub in_room: bool,
    /// Number of the newest label under which it joined the room; 0 for never. Two numbers, so that order does not matter.
    pub joined: u32,
    /// Number of the newest label under which it left the room; 0 for never.
    pub left: u32,
    /// What we know of its newest stay in the room.
    pub stay: Option<Stay>,
    /// We asked it to go: its end is no loss.
    pub released: bool,
    /// When the carrier will dial it, by its own word: it starts only so many calls in a second.
    #[serde(default)]
    pub dials_at: Option<Time>,
    /// When we learnt of it.
    pub created_at: Time,
    /// When it was answered.
    pub answered_at: Option<Time>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// Twilio's `CallDuration`, seconds.
    pub duration_seconds: Option<u32>,
    /// Error code of the carrier, if it failed.
    pub error_code: Option<u32>,
}

/// From when to when a leg was in a room, by the room's own count of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// The number of the label of this stay.
    pub label: u32,
    /// The room's `CF…` SID; a room that emptied has another one afterwards.
    pub conference_sid: String,
    /// Sequence number of the join, once told.
    pub from: Option<u32>,
    /// Sequence number of the leave, once told.
    pub to: Option<u32>,
}

/// State of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// On the agent's screen until the given time.
    Offered,
    /// This agent took it.
    Accepted,
    /// This agent does not want it.
    Declined,
    /// Nobody reacted in time.
    Missed,
    /// Taken by another, or the caller is gone.
    Withdrawn,
}

/// A waiting call shown to one agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// `off_<call>_<n>`.
    pub id: OfferId,
    /// To whom.
    pub agent: UserId,
    /// Since when.
    pub offered_at: Time,
    /// Until when.
    pub expires_at: Time,
    /// What became of it.
    pub state: OfferState,
    /// When it was closed.
    pub closed_at: Option<Time>,
}

/// Hold of the customer by the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldState {
    /// Since when.
    pub since: Time,
}

/// The recording of the customer's leg, as far as we steer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct RecordingState {
    /// The `RE…` SID from the `in-progress` callback.
    pub sid: Option<String>,
    /// It was asked for on this leg already (never twice).
    pub requested: bool,
    /// Paused by hold, by loss of the agent, or by the agent's own wish.
    pub paused: bool,
    /// The agent's own wish, which outlives a hold.
    pub paused_by_agent: bool,
}

/// The move of the customer's leg that was sent to the carrier last and that the leg has not yet followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The number that its effect and its answers carry.
    pub turn: u32,
    /// Where the leg is sent.
    pub to: LegTarget,
    /// When it is tried again, after the carrier could not be reached.
    pub retry_at: Option<Time>,
}

/// A device of another system's front end, which knows of calls only when it is rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Whose.
    pub agent: UserId,
    /// The agent's name at the carrier.
    pub identity: String,
}

/// A device that the waiting call rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RungDevice {
    /// Which.
    pub device: Device,
    /// The agent's offer.
    pub offer: OfferId,
    /// The label under which its leg tells its status; empty until it is rung.
    pub label: String,
}

/// The devices at which a waiting call rings: a `Dial` of the customer's own leg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct DeviceRing {
    /// The `Dial` was handed out: the customer's leg is in it, and nobody can be added.
    pub dialled: bool,
    /// Those that are to ring, or do.
    pub devices: Vec<RungDevice>,
}

/// A message that the caller left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its `RE…` SID.
    pub recording_sid: Option<String>,
    /// Its length.
    pub seconds: u32,
}

/// What the system saw happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Agent (or forward phone) and outside party were together.
    Answered,
    /// Nobody took it, the caller was led on or sent away.
    Missed,
    /// The caller gave up.
    Abandoned,
    /// The caller left a message.
    Voicemail,
    /// A forward phone took it.
    Forwarded,
    /// The outside party was busy.
    Busy,
    /// The outside party did not answer.
    NoAnswer,
    /// Somebody called it off before an answer.
    Canceled,
    /// It could not be placed.
    Failed,
}

/// Who ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The outside party.
    Customer,
    /// The agent, or the phone that it was forwarded to.
    Agent,
    /// Somebody else of us who may.
    Supervisor,
    /// A rule or a time limit of ours.
    System,
    /// The network or the carrier.
    Carrier,
}

/// Where a call stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum State {
    /// Inbound: the caller hears the greeting or waits; open offers make it `offered`.
    Waiting {
        /// Since when this wait counts (entering the queue; a return to the front starts it anew).
        since: Time,
        /// The carrier has requested the wait URL: the leg is in the carrier's queue.
        queued: bool,
        /// It had an agent before: stands before all others of the queue.
        returned: bool,
        /// When we look for agents again, whatever happens.
        look_at: Time,
    },
    /// Inbound: an agent accepted; the customer's leg is moving to the room, the agent's device connects.
    Connecting {
        /// The winner.
        agent: UserId,
        /// Since when.
        since: Time,
        /// Since when the caller has waited, to go back to the queue's front with.
        waiting_since: Time,
        /// It had an agent before this one.
        returned: bool,
        /// The customer's leg was told to leave the queue (`false`: accepted before the wait URL was requested).
        moved: bool,
    },
    /// Outbound: waiting for the agent's leg in the room.
    Preparing {
        /// Since when.
        since: Time,
    },
    /// Outbound: the agent is there, the customer is being dialled.
    Dialling {
        /// Since when.
        since: Time,
    },
    /// Outbound, direct: both are together by the `Dial` of the agent's leg; there is no room yet.
    Bridged {
        /// Since when.
        since: Time,
    },
    /// Both are together in the room, or on their way from a `Dial` into it.
    Connected {
        /// Since when.
        since: Time,
        /// The customer is on hold.
        hold: Option<HoldState>,
    },
    /// The agent's leg was lost; the customer is held and the agent may join again.
    Lost {
        /// Since when.
        since: Time,
        /// When they had come together.
        connected_at: Time,
        /// The customer had been on hold by the agent.
        hold: Option<HoldState>,
    },
    /// Inbound: a forward phone rings or talks.
    Forwarding {
        /// Since when.
        since: Time,
        /// When the phone answered.
        answered_at: Option<Time>,
        /// This is the overflow's forward, not the route's.
        overflow: bool,
    },
    /// Inbound: the caller is asked for a message.
    Voicemail {
        /// Since when.
        since: Time,
        /// A message was recorded.
        left: bool,
    },
    /// Over.
    Ended {
        /// When.
        at: Time,
        /// What happened.
        outcome: Outcome,
        /// Who ended it.
        by: EndedBy,
    },
}

/// A finer word than the status, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nobody is rung.
    Waiting,
    /// On at least one agent's screen.
    Offered,
    /// Agent and outside party are being brought together.
    Connecting,
    /// Together.
    Connected,
    /// Customer on hold.
    OnHold,
    /// The agent finishes notes.
    WrapUp,
    /// Over.
    Ended,
}

/// One conversation with one outside party: the aggregate that decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its id.
    pub id: CallId,
    /// Its organization.
    pub org: OrgId,
    /// Who called whom.
    pub direction: Direction,
    /// How they are brought together.
    pub mode: Mode,
    /// The outside party: E.164, or what the carrier gave (`anonymous`).
    pub party: String,
    /// Our number, E.164.
    pub our_number: String,
    /// The number's id.
    pub number: Option<NumberId>,
    /// The contact, if known.
    pub contact: Option<ContactId>,
    /// The agent: who accepted, or who dials.
    pub agent: Option<UserId>,
    /// The agent's front end knows no hang-up: the end of the agent's leg is the end of the call, and no loss.
    #[serde(default)]
    pub ends_with_agent: bool,
    /// The settings it runs under.
    pub policy: Policy,
    /// Where it stands.
    pub state: State,
    /// Its legs, in order of our learning of them.
    pub legs: Vec<Leg>,
    /// All its offers, in order.
    pub offers: Vec<Offer>,
    /// Its recording.
    pub recording: RecordingState,
    /// The name of its room at the carrier, made by us.
    pub room: String,
    /// The room's `CF…` SID once known.
    pub conference_sid: Option<String>,
    /// Counts what was handed to the carrier. Labels hold it, and every URL that we hand out carries it, so that a repeated
    /// request is told from a second visit to the same door.
    pub turn: u32,
    /// The turn at which the present agent took the call: labels above it belong to this bringing-together.
    pub visit: u32,
    /// The customer's leg on its way to another door.
    pub moving: Option<Move>,
    /// The devices at which the waiting call rings.
    #[serde(default)]
    pub ring: DeviceRing,
    /// The message that the caller left.
    pub message: Option<Message>,
    /// When it began.
    pub started_at: Time,
    /// When agent (or forward phone) and outside party first came together.
    pub answered_at: Option<Time>,
    /// The agent ended wrap-up early.
    pub wrapped_up_at: Option<Time>,
    /// When the carrier last said something about it; the reconciler waits after this.
    pub heard_at: Time,
}
