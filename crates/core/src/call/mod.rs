//! The call engine: a call takes an event and the time, and gives the next call, what to do, and what to answer the carrier.
//!
//! ```text
//! inbound   Waiting ──accept──▶ Connecting ──agent joins──▶ Connected ⇄ hold ──▶ Ended
//!              │  ▲                 │ 10 s                      │ agent's leg lost
//!              │  └─────────────────┴──── Lost (20 s) ◀─────────┘
//!              └─ max wait / nobody ─▶ Overflow (voicemail, forward) ─▶ Ended
//! outbound  Preparing ──agent joins──▶ Dialling ──customer answers──▶ Connected ─▶ Ended
//!   direct  Preparing ──agent calls──▶ Dialling ──customer answers──▶ Bridged ──a room is needed──▶ Connected
//! ```
//! A repeated, late or reordered event gives [`Decision::Stale`] or the same end state; a terminal call never reopens.

mod deadline;
mod decide;
mod effect;
mod event;
mod personal;
mod state;
mod step;
mod view;

#[cfg(test)]
mod tests;

pub use effect::{Effect, LegTarget, LiveEvent};
pub use event::{Event, InRoom, LegReport, QueueResult};
pub use personal::Personal;
pub use state::{
    Call, Device, DeviceRing, Direction, EndedBy, HoldState, Leg, LegRole, LegStatus, Message,
    Mode, Move, Offer, OfferState, Outcome, Overflow, Phase, Policy, RecordingState, Ring,
    RungDevice, State, Stay,
};
pub use step::{Prompt, Step};

/// What follows from an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// The call went on; `deadline` of the new call is [`Call::deadline`].
    Next {
        /// The call after the event.
        call: Box<Call>,
        /// What has to be done; each becomes a job or a live event, in this order.
        effects: Vec<Effect>,
        /// What the carrier hears, when the event was a request for TwiML.
        reply: Vec<Step>,
    },
    /// The event changes nothing: a repeat, or too late. The carrier, when it asked for TwiML, gets these steps.
    Stale {
        /// Harmless steps that fit the call's present state.
        reply: Vec<Step>,
    },
    /// A person asked for something that cannot be; the code is stable (`already_claimed`, `caller_gone`, `not_connected` …).
    Refused {
        /// Stable code for the API.
        code: &'static str,
        /// Who has it instead, for `already_claimed`.
        by: Option<crate::id::UserId>,
    },
}

/// A call that comes in, as the voice webhook and the number's route tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The new call's id, minted by the caller.
    pub id: crate::id::CallId,
    /// Its organization.
    pub org: crate::id::OrgId,
    /// The caller's leg.
    pub sid: String,
    /// The caller: E.164, or what the carrier gave.
    pub party: String,
    /// The number that was called, E.164.
    pub our_number: String,
    /// Its id.
    pub number: Option<crate::id::NumberId>,
    /// Who calls, if known.
    pub contact: Option<crate::id::ContactId>,
    /// What the route does.
    pub mode: Mode,
    /// The settings.
    pub policy: Policy,
    /// Who can take the call at this moment, as in [`Event::AgentsFree`]; needed only where some can be reached by their devices
    /// alone, which then ring with the first answer.
    pub free: Free,
}

/// Who can take a call now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Free {
    /// In the order in which they are rung.
    pub agents: Vec<crate::id::UserId>,
    /// The devices of those among them who see no page of ours.
    pub devices: Vec<Device>,
}

/// A call that an agent places; every check was passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placing {
    /// The new call's id, minted by the caller.
    pub id: crate::id::CallId,
    /// Its organization.
    pub org: crate::id::OrgId,
    /// Who calls.
    pub agent: crate::id::UserId,
    /// Whom, E.164.
    pub party: String,
    /// The number shown, E.164.
    pub our_number: String,
    /// Its id.
    pub number: Option<crate::id::NumberId>,
    /// Who is called, if known.
    pub contact: Option<crate::id::ContactId>,
    /// [`Mode::Softphone`], [`Mode::PhoneFirst`], [`Mode::DeviceFirst`] or [`Mode::Direct`].
    pub mode: Mode,
    /// The agent's front end knows no hang-up: see [`Call::ends_with_agent`].
    pub ends_with_agent: bool,
    /// The settings.
    pub policy: Policy,
}

/// A new call and what follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    /// The call.
    pub call: Call,
    /// What has to be done, in this order.
    pub effects: Vec<Effect>,
    /// What the carrier hears, for a call that came in.
    pub reply: Vec<Step>,
}
