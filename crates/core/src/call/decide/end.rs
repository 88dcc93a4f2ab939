//! How legs end, and calls with them. A call that is over never comes back; only its outcome may be learnt better.

use chrono::TimeDelta;

use super::{Draft, Refusal, Taken};
use crate::call::deadline::RETRY;
use crate::call::{
    Call, Direction, Effect, EndedBy, LegReport, LegRole, LegStatus, LegTarget, OfferState,
    Outcome, State,
};
use crate::id::UserId;
use crate::{Time, names};

impl Draft {
    /// The carrier told a leg's status: a fact that is kept, never taken back.
    pub(super) fn leg_reported(&mut self, report: &LegReport) {
        let found = self.find(&report.sid, report.label.as_deref());
        let Some(index) = found.or_else(|| self.forward_leg(report)) else {
            return self.device_reported(report);
        };
        let was_live = self.call.legs[index].is_live();
        self.note(index, report);
        let leg = &self.call.legs[index];
        let ended = was_live && leg.status.is_final();
        match leg.role {
            LegRole::Customer => {
                self.note_together();
                if ended {
                    self.customer_is_gone();
                } else if self.call.legs[index].answered_at.is_some() {
                    self.customer_answered();
                }
            }
            LegRole::Agent if ended => self.agent_leg_gone(index),
            LegRole::External => self.forward_reported(),
            LegRole::Agent | LegRole::Supervisor => {}
        }
    }

    /// Writes a report down. The first final status stays; what a report leaves out is not erased.
    pub(super) fn note(&mut self, index: usize, report: &LegReport) {
        let now = self.now;
        let leg = &mut self.call.legs[index];
        leg.duration_seconds = leg.duration_seconds.or(report.duration_seconds);
        leg.error_code = leg.error_code.or(report.error_code);
        leg.parent_sid = leg.parent_sid.take().or_else(|| report.parent_sid.clone());
        if report.status == LegStatus::InProgress {
            let at = leg.ended_at.map_or(now, |ended| ended.min(now));
            leg.answered_at.get_or_insert(at);
        }
        if leg.is_live() && report.status > leg.status {
            leg.status = report.status;
        }
        if leg.status.is_final() && leg.ended_at.is_none() {
            leg.ended_at = Some(now);
            leg.in_room = false;
        }
        if leg.status == LegStatus::Completed && leg.answered_at.is_none() {
            let talked = leg
                .duration_seconds
                .filter(|s| *s > 0)
                .map(|s| TimeDelta::seconds(s.into()));
            let ended = leg.ended_at.unwrap_or(now);
            leg.answered_at = talked.map(|talked| (ended - talked).max(leg.created_at));
        }
    }

    /// A child of the caller's `Dial` to a phone, which we learn of by its callbacks.
    fn forward_leg(&mut self, report: &LegReport) -> Option<usize> {
        let parent = report.parent_sid.as_deref()?;
        if !self.is_customer(parent) || report.label.is_some() {
            return None;
        }
        let to = self.call.forward_to()?.to_owned();
        let index = self.add_leg(LegRole::External, LegStatus::Initiated, String::new(), to);
        let leg = &mut self.call.legs[index];
        leg.sid = Some(report.sid.clone());
        leg.label = names::label(LegRole::External, 0);
        Some(index)
    }

    fn forward_reported(&mut self) {
        let Some(at) = self.call.forwarded_at() else {
            return;
        };
        let latest = self.call.ended_at().unwrap_or(at);
        self.call.answered_at.get_or_insert(at.min(latest));
        if let State::Forwarding { answered_at, .. } = &mut self.call.state {
            answered_at.get_or_insert(at);
        }
        self.steer_recording();
        self.revise();
    }

    /// The caller's `Dial` says that the phone talked, whether or not its own callbacks came.
    pub(super) fn forward_answered(&mut self, parent: &str, seconds: Option<u32>) {
        let known = self
            .call
            .legs
            .iter()
            .rposition(|leg| leg.role == LegRole::External);
        let index = known.unwrap_or_else(|| {
            let to = self.call.forward_to().unwrap_or_default().to_owned();
            let index = self.add_leg(
                LegRole::External,
                LegStatus::Initiated,
                names::label(LegRole::External, 0),
                to,
            );
            self.call.legs[index].parent_sid = Some(parent.to_owned());
            index
        });
        let talked = TimeDelta::seconds(seconds.unwrap_or(0).into());
        let ended = self.call.ended_at().unwrap_or(self.now);
        let at = (ended - talked).max(self.call.started_at);
        self.call.legs[index].answered_at.get_or_insert(at);
        self.forward_reported();
    }

    /// The customer's leg ended without a report of its own (the queue's, or a refused move).
    pub(super) fn customer_ended(&mut self, status: LegStatus) {
        let now = self.now;
        if let Some(index) = self.customer_index() {
            let leg = &mut self.call.legs[index];
            if leg.is_live() {
                (leg.status, leg.ended_at, leg.in_room) = (status, Some(now), false);
                self.customer_is_gone();
            }
        }
    }

    fn customer_is_gone(&mut self) {
        self.call.moving = None;
        if self.call.is_over() {
            return self.revise();
        }
        let (outcome, by) = match self.call.direction {
            Direction::Inbound => (
                self.call.outcome_of_caller(),
                self.call.customer_or_carrier(),
            ),
            Direction::Outbound => self.call.outcome_of_dialled(),
        };
        self.leave_to_the_dial();
        self.end(outcome, by);
    }

    fn customer_answered(&mut self) {
        if matches!(self.call.state, State::Dialling { .. }) {
            if self.call.is_direct() {
                self.bridged();
            } else {
                self.connected();
            }
        }
    }

    /// A move was refused: the leg is not there any more.
    pub(super) fn move_refused(&mut self, turn: u32) {
        if self.call.moving.as_ref().is_some_and(|m| m.turn == turn) {
            self.customer_ended(LegStatus::Completed);
            self.call.moving = None;
        }
    }

    /// A move could not be sent: an accept is undone, anything else is tried again.
    pub(super) fn move_failed(&mut self, turn: u32) {
        let Some(to) = self
            .call
            .moving
            .as_ref()
            .filter(|m| m.turn == turn)
            .map(|m| m.to)
        else {
            return;
        };
        match self.call.state {
            State::Connecting { .. } if to == LegTarget::Room => self.release_claim(),
            State::Ended { .. } => {
                self.call.moving = None;
                if let Some(sid) = self.customer_live_sid() {
                    self.effect(Effect::EndLeg { sid });
                }
            }
            _ => {
                let again = self.now + RETRY;
                if let Some(moving) = &mut self.call.moving {
                    moving.retry_at = Some(again);
                }
            }
        }
    }

    /// The agent, or a supervisor for the agent, ends the call for both.
    pub(super) fn hang_up(&mut self, agent: &UserId, by: EndedBy) -> Taken {
        self.must_have_it(agent)?;
        let together = self.call.answered_at.is_some();
        match (self.call.is_over(), self.call.direction) {
            (true, _) => {}
            (false, _) if together => self.end(Outcome::Answered, by),
            (false, Direction::Outbound) => self.end(Outcome::Canceled, by),
            (false, Direction::Inbound) => self.end(Outcome::Missed, by),
        }
        Ok(())
    }

    /// The agent saved the notes: the wrap-up is over.
    pub(super) fn wrapped_up(&mut self, agent: &UserId) -> Taken {
        self.must_have_it(agent)?;
        if !self.call.is_over() {
            return Err(Refusal {
                code: "not_ended",
                by: None,
            });
        }
        if self
            .call
            .wrap_up_until()
            .is_some_and(|until| self.now < until)
        {
            self.call.wrapped_up_at = Some(self.now);
        }
        Ok(())
    }

    /// The call is over, and everybody in it is released.
    pub(super) fn end(&mut self, outcome: Outcome, by: EndedBy) {
        self.end_but_customer(outcome, by);
        self.call.moving = None;
        self.end_legs(|role| role == LegRole::Customer);
    }

    /// The same, but the customer's leg still hears a few words.
    pub(super) fn end_but_customer(&mut self, outcome: Outcome, by: EndedBy) {
        self.effect(Effect::CancelUnsent);
        self.close_offers(
            |o| o.state == OfferState::Offered,
            OfferState::Withdrawn,
            None,
        );
        self.end_legs(|role| matches!(role, LegRole::Agent | LegRole::Supervisor));
        self.call.state = State::Ended {
            at: self.now,
            outcome,
            by,
        };
        let latest = self.now;
        if let Some(answered_at) = &mut self.call.answered_at {
            *answered_at = (*answered_at).min(latest);
        }
    }

    pub(super) fn end_legs(&mut self, which: impl Fn(LegRole) -> bool) {
        let mut effects = Vec::new();
        for leg in self.call.legs.iter_mut().filter(|leg| which(leg.role)) {
            if !leg.is_live() || leg.released {
                continue;
            }
            leg.released = true;
            effects.push(match leg.sid.clone() {
                Some(sid) => Effect::EndLeg { sid },
                None => Effect::EndLegByLabel {
                    label: leg.label.clone(),
                },
            });
        }
        self.effects.extend(effects);
    }

    /// A late fact may tell better what happened to a call that is over; it never makes less of it.
    pub(super) fn revise(&mut self) {
        let State::Ended { at, outcome, by } = self.call.state else {
            return;
        };
        let told = match self.call.direction {
            Direction::Inbound => self.call.outcome_of_caller(),
            Direction::Outbound => self.call.outcome_of_dialled().0,
        };
        let called_off = matches!(by, EndedBy::Agent | EndedBy::Supervisor)
            || !matches!(outcome, Outcome::Canceled | Outcome::NoAnswer);
        let better = match told {
            Outcome::Answered => true,
            Outcome::Forwarded => outcome != Outcome::Answered,
            Outcome::Voicemail => !matches!(outcome, Outcome::Answered | Outcome::Forwarded),
            Outcome::Busy | Outcome::NoAnswer | Outcome::Failed => {
                self.call.direction == Direction::Outbound && !called_off
            }
            Outcome::Missed | Outcome::Abandoned | Outcome::Canceled => false,
        };
        if better {
            self.call.state = State::Ended {
                at,
                outcome: told,
                by,
            };
        }
    }
}

impl Call {
    /// What the facts say about a caller whose leg is over.
    pub(in crate::call) fn outcome_of_caller(&self) -> Outcome {
        let agent_first = |phone: Time| self.answered_at.is_some_and(|at| at < phone);
        if self.forwarded_at().is_some_and(|at| !agent_first(at)) {
            Outcome::Forwarded
        } else if self.answered_at.is_some() {
            Outcome::Answered
        } else if self.message.is_some() {
            Outcome::Voicemail
        } else if matches!(self.state, State::Voicemail { .. }) {
            Outcome::Missed
        } else {
            Outcome::Abandoned
        }
    }

    /// Whose doing the end of the customer's leg was: a leg that fails was not hung up.
    fn customer_or_carrier(&self) -> EndedBy {
        match self.customer().map(|leg| leg.status) {
            Some(LegStatus::Failed) => EndedBy::Carrier,
            _ => EndedBy::Customer,
        }
    }

    /// What the facts say about a customer whom we dialled, and who ended it.
    pub(super) fn outcome_of_dialled(&self) -> (Outcome, EndedBy) {
        let status = self.customer().map(|leg| leg.status);
        if self.answered_at.is_some() || self.were_together() {
            return (Outcome::Answered, self.customer_or_carrier());
        }
        match status {
            Some(LegStatus::Busy) => (Outcome::Busy, EndedBy::Customer),
            Some(LegStatus::NoAnswer) => (Outcome::NoAnswer, EndedBy::Customer),
            Some(LegStatus::Failed) => (Outcome::Failed, EndedBy::Carrier),
            _ => (Outcome::Canceled, EndedBy::Carrier),
        }
    }
}
