//! The call engine: a call takes an event and the time, and gives the next call, what to do, and what to answer the carrier.
//!
//! ```text
//! inbound   Waiting ──accept──▶ Connecting ──agent joins──▶ Connected ⇄ hold ──▶ Ended
//!              │  ▲                 │ 10 s                      │ agent's leg lost
//!              │  └─────────────────┴──── Lost (20 s) ◀─────────┘
//!              └─ max wait / nobody ─▶ Overflow (voicemail, forward) ─▶ Ended
//! outbound  Preparing ──agent joins──▶ Dialling ──customer answers──▶ Connected ─▶ Ended
//! ```
//! A repeated, late or reordered event gives [`Decision::Stale`] or the same end state; a terminal call never reopens.

mod effect;
mod event;
mod state;
mod step;

pub use effect::{Effect, LegTarget, LiveEvent};
pub use event::{Event, LegReport, QueueResult};
pub use state::{
    Call, Direction, EndedBy, HoldState, Leg, LegRole, LegStatus, Mode, Offer, OfferState, Outcome,
    Overflow, Phase, Policy, RecordingState, Ring, State,
};
pub use step::{Prompt, Step};

use crate::Time;

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

impl Call {
    /// When the engine has to look at the call again by itself; the store keeps it as the call's one timer.
    pub fn deadline(&self) -> Option<Time> {
        match &self.state {
            State::Ended { .. } => None,
            _ => self
                .offers
                .iter()
                .filter(|o| o.state == OfferState::Offered)
                .map(|o| o.expires_at)
                .min(),
        }
    }
}
