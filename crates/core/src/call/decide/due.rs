//! The call's own deadline has come. A timer that fires early, late or twice does no harm.

use super::Draft;
use crate::call::deadline::{CUSTOMER_ANSWERS, CUSTOMER_JOINS, FORWARD_ANSWERS, MESSAGE, REJOIN};
use crate::call::{Direction, Effect, EndedBy, LegTarget, Outcome, State};
use crate::id::UserId;

impl Draft {
    pub(super) fn due(&mut self) {
        self.move_again();
        let now = self.now;
        match self.call.state {
            State::Waiting { since, .. } if now >= self.call.max_wait(since) => {
                self.waited_too_long();
            }
            State::Waiting { .. } => self.look_for_agents(),
            State::Connecting { since, .. } => {
                let patience = if self.call.agent_in_room().is_some() {
                    CUSTOMER_JOINS
                } else {
                    self.call.agent_joins()
                };
                if now >= since + patience {
                    self.back_to_queue();
                }
            }
            State::Preparing { since } if now >= since + self.call.preparing() => {
                let outcome = if self.call.mode.rings_agent_at().is_some() {
                    Outcome::NoAnswer
                } else {
                    Outcome::Failed
                };
                self.end(outcome, EndedBy::System);
            }
            State::Dialling { since } if now >= since + CUSTOMER_ANSWERS => {
                self.end(Outcome::NoAnswer, EndedBy::System);
            }
            State::Lost { since, .. } if now >= since + REJOIN => self.agent_stays_away(),
            State::Forwarding {
                since,
                answered_at: None,
                overflow,
            } if now >= since + FORWARD_ANSWERS => {
                if overflow {
                    self.ask_for_message();
                } else {
                    self.overflow();
                }
                self.move_customer(LegTarget::Next);
            }
            State::Voicemail { since, .. } if now >= since + MESSAGE => {
                self.message_takes_too_long();
            }
            State::Ended { .. } if self.call.wrap_up_until().is_some_and(|until| now >= until) => {
                self.call.wrapped_up_at = Some(now);
            }
            State::Preparing { .. }
            | State::Dialling { .. }
            | State::Bridged { .. }
            | State::Connected { .. }
            | State::Lost { .. }
            | State::Forwarding { .. }
            | State::Voicemail { .. }
            | State::Ended { .. } => {}
        }
    }

    /// The carrier could not be reached for a move: once more.
    fn move_again(&mut self) {
        let due = self
            .call
            .moving
            .as_ref()
            .filter(|m| m.retry_at.is_some_and(|at| at <= self.now));
        if let Some(to) = due.map(|m| m.to) {
            self.call.moving = None;
            self.move_customer(to);
        }
    }

    fn agent_stays_away(&mut self) {
        match self.call.direction {
            Direction::Inbound => self.back_to_queue(),
            Direction::Outbound => {
                self.end_but_customer(Outcome::Answered, EndedBy::Carrier);
                self.move_customer(LegTarget::Farewell);
            }
        }
    }

    fn message_takes_too_long(&mut self) {
        let outcome = self.call.outcome_of_caller();
        self.end(outcome, EndedBy::System);
    }

    /// The agent's client shows no sign of life: its leg is ended, which makes it lost by its end. Not so a leg that no page of
    /// ours carries: an own phone, or another system's front end.
    pub(super) fn agent_gone(&mut self, agent: &UserId) {
        let elsewhere = self.call.ends_with_agent;
        if elsewhere || self.call.is_over() || self.call.agent.as_ref() != Some(agent) {
            return;
        }
        let dials = self.dialling_leg();
        let theirs = self
            .call
            .legs
            .iter()
            .filter(|leg| self.call.is_present_agents(leg) && leg.is_live());
        let sids: Vec<String> = theirs.filter_map(|leg| leg.sid.clone()).collect();
        for sid in sids.into_iter().filter(|sid| Some(sid) != dials.as_ref()) {
            self.effect(Effect::EndLeg { sid });
        }
        if dials.is_some() {
            self.save_customer();
        }
    }
}
