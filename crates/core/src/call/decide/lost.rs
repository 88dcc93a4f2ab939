//! An agent's leg is gone, or never came: hold, call back into the room, or back to the queue.

use chrono::TimeDelta;

use super::Draft;
use crate::call::{
    Effect, EndedBy, LegRole, LegStatus, LegTarget, LiveEvent, Offer, OfferState, Outcome, State,
};

impl Draft {
    /// A leg of the agent is gone, or has left the room: is the agent lost.
    pub(super) fn agent_leg_gone(&mut self, index: usize) {
        let leg = &self.call.legs[index];
        if leg.released || !self.call.is_present_agents(leg) || self.call.agent_in_room().is_some()
        {
            return;
        }
        let for_good = self.call.ends_with_agent;
        let by = if for_good {
            EndedBy::Agent
        } else {
            EndedBy::Carrier
        };
        let comes_again = self.call.legs.iter().any(|other| {
            self.call.is_present_agents(other)
                && other.is_live()
                && !other.released
                && other.joined == 0
        });
        match &self.call.state {
            State::Connected { .. } if for_good => self.end(Outcome::Answered, by),
            State::Connected { .. } => self.lose(),
            // With the leg that dials, the carrier ends the one that it dialled.
            State::Bridged { .. } => self.end(Outcome::Answered, EndedBy::Agent),
            State::Dialling { .. } if !comes_again => self.end(Outcome::Canceled, by),
            State::Preparing { .. } if for_good && !comes_again => {
                let status = self.call.legs[index].status;
                let unheard = matches!(
                    status,
                    LegStatus::NoAnswer | LegStatus::Busy | LegStatus::Canceled
                );
                let outcome = if unheard {
                    Outcome::NoAnswer
                } else {
                    Outcome::Failed
                };
                self.end(outcome, by);
            }
            // Taken up at a device and put down at once.
            State::Connecting { .. } if self.is_from_ring(index) && !comes_again => {
                self.back_to_queue();
            }
            State::Connecting { .. } | State::Preparing { .. } if !comes_again => {
                self.call_to_join();
            }
            _ => {}
        }
    }

    /// The agent's leg was lost: the customer is held, the agent is called back into the room.
    pub(super) fn lose(&mut self) {
        let State::Connected { since, hold } = &self.call.state else {
            return;
        };
        let (connected_at, hold) = (*since, hold.clone());
        let waits = hold.is_none();
        self.call.state = State::Lost {
            since: self.now,
            connected_at,
            hold,
        };
        if waits {
            self.hold_customer();
        }
        self.steer_recording();
        self.call_to_join();
    }

    pub(super) fn call_to_join(&mut self) {
        let knows = !self.call.ends_with_agent;
        if let Some(agent) = self.call.agent.clone().filter(|_| knows) {
            self.live(LiveEvent::Join { agent });
        }
    }

    /// No agent came, or came back: the caller waits again, before all others.
    pub(super) fn back_to_queue(&mut self) {
        let moved = match self.call.state {
            State::Connecting { moved, .. } => moved,
            _ => true,
        };
        self.effect(Effect::CancelUnsent);
        self.release_agent();
        self.call.state = State::Waiting {
            since: self.now,
            queued: false,
            returned: true,
            look_at: self.now + self.call.offer_life(),
        };
        if moved {
            self.move_customer(LegTarget::Next);
        }
        self.steer_recording();
        self.effect(Effect::FindAgents);
    }

    /// The claim is void, and the agent's legs end.
    pub(super) fn release_agent(&mut self) {
        let agent = self.call.agent.take();
        self.call.ends_with_agent = false;
        let claimed =
            |o: &Offer| o.state == OfferState::Accepted && Some(&o.agent) == agent.as_ref();
        self.close_offers(claimed, OfferState::Withdrawn, None);
        self.end_legs(|role| role == LegRole::Agent);
    }

    /// The waiting since then goes on, as if nobody had accepted.
    pub(super) fn release_claim(&mut self) {
        let State::Connecting {
            waiting_since,
            returned,
            ..
        } = self.call.state
        else {
            return;
        };
        self.call.moving = None;
        self.release_agent();
        self.call.state = State::Waiting {
            since: waiting_since,
            queued: true,
            returned,
            look_at: self.now + TimeDelta::seconds(2),
        };
        self.effect(Effect::FindAgents);
    }
}
