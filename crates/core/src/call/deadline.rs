//! When the engine has to look at a call again by itself. Derived from the state, so that no timer can be forgotten.

use chrono::TimeDelta;

use super::{Call, Mode, OfferState, State};
use crate::Time;

/// An accepted call whose agent has not joined goes back to the queue.
const AGENT_JOINS: TimeDelta = TimeDelta::seconds(10);
/// The same where a front end of another system brings the agent, which takes its time.
const FOREIGN_AGENT_JOINS: TimeDelta = TimeDelta::seconds(30);
/// Agent there, customer not: the move got lost.
pub(super) const CUSTOMER_JOINS: TimeDelta = TimeDelta::seconds(30);
/// A lost agent may join again.
pub(super) const REJOIN: TimeDelta = TimeDelta::seconds(20);
/// The softphone of an outbound call connects.
pub(super) const SOFTPHONE_CONNECTS: TimeDelta = TimeDelta::seconds(20);
/// The agent's own phone or device is dialled, rings and is taken up.
pub(super) const OWN_PHONE_CONNECTS: TimeDelta = TimeDelta::seconds(75);
/// The carrier paces, dials, rings, and tells the end of ringing itself; this is for the case that it does not.
pub(super) const CUSTOMER_ANSWERS: TimeDelta = TimeDelta::seconds(120);
/// As above for a forward phone.
pub(super) const FORWARD_ANSWERS: TimeDelta = TimeDelta::seconds(90);
/// The longest message and some time.
pub(super) const MESSAGE: TimeDelta = TimeDelta::seconds(900);
/// A move that could not be sent is tried again.
pub(super) const RETRY: TimeDelta = TimeDelta::seconds(5);

impl Call {
    /// When [`super::Event::Deadline`] is due; the store keeps it as the call's one timer.
    pub fn deadline(&self) -> Option<Time> {
        let retry = self.moving.as_ref().and_then(|m| m.retry_at);
        match (self.state_deadline(), retry) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// When the caller has waited for too long.
    pub(super) fn max_wait(&self, since: Time) -> Time {
        since + TimeDelta::seconds(self.policy.max_wait_seconds.into())
    }

    /// How long an offer lives.
    pub(super) fn offer_life(&self) -> TimeDelta {
        TimeDelta::seconds(self.policy.offer_seconds.max(1).into())
    }

    fn state_deadline(&self) -> Option<Time> {
        match &self.state {
            State::Waiting { since, look_at, .. } => {
                let open = self
                    .offers
                    .iter()
                    .filter(|o| o.state == OfferState::Offered);
                let due = open
                    .map(|o| o.expires_at)
                    .chain([self.max_wait(*since), *look_at]);
                due.min()
            }
            State::Connecting { since, .. } if self.agent_in_room().is_some() => {
                Some(*since + CUSTOMER_JOINS)
            }
            State::Connecting { since, .. } => Some(*since + self.agent_joins()),
            State::Preparing { since } => Some(*since + self.preparing()),
            State::Dialling { since } => Some(*since + CUSTOMER_ANSWERS),
            State::Lost { since, .. } => Some(*since + REJOIN),
            State::Forwarding {
                since,
                answered_at: None,
                ..
            } => Some(*since + FORWARD_ANSWERS),
            State::Voicemail { since, .. } => Some(*since + MESSAGE),
            State::Bridged { .. } | State::Connected { .. } | State::Forwarding { .. } => None,
            State::Ended { .. } => self.wrap_up_until(),
        }
    }

    /// How long the agent of an outbound call has to be there.
    pub(super) fn preparing(&self) -> TimeDelta {
        match self.mode {
            Mode::PhoneFirst { .. } | Mode::DeviceFirst { .. } => OWN_PHONE_CONNECTS,
            _ => SOFTPHONE_CONNECTS,
        }
    }

    /// How long an accepted call waits for its agent.
    pub(super) fn agent_joins(&self) -> TimeDelta {
        if self.ends_with_agent {
            FOREIGN_AGENT_JOINS
        } else {
            AGENT_JOINS
        }
    }
}
