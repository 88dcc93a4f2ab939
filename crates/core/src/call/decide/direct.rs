//! An agent's leg dials the customer itself, without a room: ringing, talk, end, and how a room is made of it.
//!
//! At the carrier the customer's leg is a child of the agent's `Dial` and ends with it. Whoever holds, takes over or loses the
//! agent therefore redirects the child first; the `Dial` ends by that, and its action leads the agent into the same room.

use super::Draft;
use crate::call::{
    Call, Effect, EndedBy, LegReport, LegRole, LegStatus, LegTarget, Mode, Outcome, State, Step,
};
use crate::names;

/// How a `Dial` of an agent's leg ended.
pub(super) struct DialEnd {
    pub(super) status: LegStatus,
    pub(super) duration_seconds: Option<u32>,
    /// The agent's leg is over.
    pub(super) hung_up: bool,
}

impl Call {
    /// Does the agent's leg dial the customer itself.
    pub(super) fn is_direct(&self) -> bool {
        self.mode == Mode::Direct
    }
}

impl Draft {
    /// A direct call has one leg that dials: while the phone rings there is no room that another could enter.
    pub(super) fn may_come_in(&mut self, known: Option<usize>) -> bool {
        match self.call.state {
            State::Preparing { .. } => true,
            State::Dialling { .. } => known.is_some() && self.customer_is_unknown(),
            State::Bridged { .. } if known.is_some() => false,
            _ => {
                self.make_room();
                true
            }
        }
    }

    /// The carrier has told nothing yet of the leg that it dials.
    fn customer_is_unknown(&self) -> bool {
        self.call.customer().is_some_and(|leg| leg.sid.is_none())
    }

    /// Is the agent's leg to dial now, or to be told once more that it does.
    pub(super) fn dials_itself(&self) -> bool {
        let dials = matches!(
            self.call.state,
            State::Preparing { .. } | State::Dialling { .. }
        );
        self.call.is_direct() && dials
    }

    /// The agent is there and dials. A repeat of the question gets the same answer: the carrier carries out only one.
    pub(super) fn dial_from(&mut self, agent: usize) {
        let to = self.call.party.clone();
        let index = self.customer_index().unwrap_or_else(|| {
            let label = names::label(LegRole::Customer, self.next_turn());
            self.add_leg(LegRole::Customer, LegStatus::Initiated, label, to.clone())
        });
        let parent_sid = self.call.legs[agent].sid.clone();
        self.call.legs[index].parent_sid = parent_sid;
        if matches!(self.call.state, State::Preparing { .. }) {
            self.call.state = State::Dialling { since: self.now };
        }
        let label = self.call.legs[index].label.clone();
        let caller_id = self.call.our_number.clone();
        self.say([Step::DialCustomer {
            label,
            to,
            caller_id,
        }]);
    }

    /// The customer answered: they talk. The leg that was dialled is recorded, so that the file outlives the `Dial`.
    pub(super) fn bridged(&mut self) {
        self.call.state = State::Bridged { since: self.now };
        self.call.answered_at.get_or_insert(self.now);
        let wanted = self.call.policy.record && !self.call.recording.requested;
        if let Some(sid) = self.customer_live_sid().filter(|_| wanted) {
            self.call.recording.requested = true;
            self.effect(Effect::StartRecording { sid });
        }
    }

    /// Makes a room of a talk that has none: the customer is moved, which ends the agent's `Dial`.
    pub(super) fn make_room(&mut self) {
        if let State::Bridged { since } = self.call.state {
            self.call.state = State::Connected { since, hold: None };
            self.move_customer(LegTarget::Room);
        }
    }

    /// Was the customer sent into the room and has not been seen there yet.
    pub(super) fn is_customer_on_the_way(&self) -> bool {
        let sent = |leg: &crate::call::Leg| leg.label_number() > leg.joined;
        self.call.is_direct() && self.call.customer().is_some_and(sent)
    }

    /// The customer came into the room, out of a `Dial` or brought back: held, if so it was meant.
    pub(super) fn customer_has_come(&mut self) {
        let held = matches!(
            self.call.state,
            State::Connected { hold: Some(_), .. } | State::Lost { .. }
        );
        if held {
            self.hold_customer();
        }
    }

    /// The agent's leg whose `Dial` may still hold the customer: its end would be the customer's.
    pub(super) fn dialling_leg(&self) -> Option<String> {
        let talks = matches!(
            self.call.state,
            State::Bridged { .. } | State::Connected { .. } | State::Lost { .. }
        );
        let customer = self.call.customer().filter(|_| talks)?;
        let parent = customer.parent_sid.as_ref()?;
        let held = self.is_customer_on_the_way();
        Some(parent).filter(|_| held).cloned()
    }

    /// The agent's client shows no sign of life. Ending its leg now would end the customer's; so the customer goes first, and
    /// the end of the `Dial` is the end of the agent's leg.
    pub(super) fn save_customer(&mut self) {
        self.make_room();
        self.lose();
    }

    /// The `Dial` of an agent's leg ended.
    pub(super) fn dial_ended(&mut self, sid: &str, customer_sid: Option<&str>, end: &DialEnd) {
        let Some(agent) = self
            .find_sid(sid)
            .filter(|&i| self.call.legs[i].role == LegRole::Agent)
        else {
            return self.say([Step::HangUp]);
        };
        match self.call.state {
            State::Dialling { .. } | State::Bridged { .. } if self.call.is_direct() => {
                self.say([Step::HangUp]);
                self.dial_is_over(customer_sid, end);
            }
            State::Connected { .. } if !end.hung_up => self.follow_into_room(agent),
            State::Ended {
                at,
                outcome: Outcome::Answered,
                by: EndedBy::Customer,
            } if end.hung_up && self.is_customer_on_the_way() => {
                // The end of the customer's leg, which the agent's brought about, was told first.
                self.say([Step::HangUp]);
                self.call.state = State::Ended {
                    at,
                    outcome: Outcome::Answered,
                    by: EndedBy::Agent,
                };
            }
            _ => self.say([Step::HangUp]),
        }
    }

    /// Nobody planned that it ends: so does the call.
    fn dial_is_over(&mut self, customer_sid: Option<&str>, end: &DialEnd) {
        let Some(index) = self.customer_index() else {
            return;
        };
        let known = self.call.legs[index].sid.clone();
        let told = known.or_else(|| customer_sid.map(str::to_owned));
        self.call.legs[index].sid.clone_from(&told);
        let status = if end.status.is_final() {
            end.status
        } else {
            LegStatus::Completed
        };
        let report = LegReport {
            sid: told.unwrap_or_default(),
            label: None,
            parent_sid: None,
            status,
            duration_seconds: end.duration_seconds,
            error_code: None,
        };
        self.note(index, &report);
        self.note_together();
        let (outcome, by) = self.call.outcome_of_dialled();
        self.leave_to_the_dial();
        self.end(outcome, if end.hung_up { EndedBy::Agent } else { by });
    }

    /// Where the `Dial` ends by itself, the answer to its action ends the agent's leg: an end by REST would cut the words with
    /// which another system's front end tells how it ended.
    pub(super) fn leave_to_the_dial(&mut self) {
        let dials = matches!(
            self.call.state,
            State::Dialling { .. } | State::Bridged { .. }
        );
        if !dials || !self.call.is_direct() || !self.call.ends_with_agent {
            return;
        }
        let parent = self.call.customer().and_then(|leg| leg.parent_sid.clone());
        for leg in &mut self.call.legs {
            leg.released |= leg.role == LegRole::Agent && leg.sid == parent;
        }
    }

    /// The customer was moved into the room: the agent's leg goes there, too, unless a newer one has replaced it.
    fn follow_into_room(&mut self, agent: usize) {
        let leg = &self.call.legs[agent];
        if leg.released || !leg.is_live() || leg.agent != self.call.agent {
            return self.say([Step::HangUp]);
        }
        let label = names::label(LegRole::Agent, self.next_turn());
        self.call.legs[agent].label.clone_from(&label);
        self.say([Step::Room {
            role: LegRole::Agent,
            label,
        }]);
        self.effect(Effect::CheckRoom);
    }
}
