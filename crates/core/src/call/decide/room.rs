//! Into the room and out of it: who joins, who leaves, who is lost.

use super::{Draft, Moment};
use crate::call::{
    Direction, Effect, Leg, LegReport, LegRole, LegStatus, Prompt, State, Stay, Step,
};
use crate::id::UserId;
use crate::names;

impl Draft {
    /// A leg that we redirected asks for its way into the room.
    pub(super) fn room_requested(&mut self, sid: &str) {
        if self.is_customer(sid) {
            return self.next_requested(sid);
        }
        let Some(index) = self.find_sid(sid) else {
            return self.turn_away();
        };
        if self.call.is_over() || self.call.legs[index].agent != self.call.agent {
            return self.turn_away();
        }
        let label = names::label(LegRole::Agent, self.next_turn());
        self.call.legs[index].label.clone_from(&label);
        self.say([Step::Room {
            role: LegRole::Agent,
            label,
        }]);
        self.effect(Effect::CheckRoom);
    }

    pub(super) fn customer_into_room(&mut self) {
        let Some(index) = self.customer_index() else {
            return self.say([Step::HangUp]);
        };
        let label = names::label(LegRole::Customer, self.call.turn);
        self.call.legs[index].label.clone_from(&label);
        if self.call.policy.record && !self.call.recording.requested {
            self.call.recording.requested = true;
            self.say([Step::StartRecording]);
        }
        self.say([Step::Room {
            role: LegRole::Customer,
            label,
        }]);
        self.effect(Effect::CheckRoom);
    }

    /// An agent's device connects, or the agent's own phone was taken up. A repeat gets the same answer.
    pub(super) fn agent_calls(
        &mut self,
        agent: &UserId,
        sid: String,
        label: Option<&str>,
        address: String,
    ) {
        let theirs = self.call.agent.as_ref() == Some(agent);
        let alive = !matches!(
            self.call.state,
            State::Waiting { .. }
                | State::Forwarding { .. }
                | State::Voicemail { .. }
                | State::Ended { .. }
        );
        let known = self.find(&sid, label);
        if !theirs || !alive || known.is_some_and(|i| self.call.legs[i].released) {
            return self.turn_away();
        }
        if self.call.is_direct() && !self.may_come_in(known) {
            return self.turn_away();
        }
        let index = known.unwrap_or_else(|| {
            let label = names::label(LegRole::Agent, self.next_turn());
            self.add_leg(LegRole::Agent, LegStatus::InProgress, label, address)
        });
        let now = self.now;
        let leg = &mut self.call.legs[index];
        let asked = leg.status;
        leg.sid = Some(sid);
        leg.agent = Some(agent.clone());
        if leg.is_live() {
            leg.status = LegStatus::InProgress;
            leg.answered_at.get_or_insert(now);
        }
        if self.dials_itself() {
            return self.dial_from(index);
        }
        let label = self.call.legs[index].label.clone();
        self.say([Step::Room {
            role: LegRole::Agent,
            label,
        }]);
        if asked != LegStatus::InProgress || known.is_none() {
            self.effect(Effect::CheckRoom);
        }
    }

    pub(super) fn turn_away(&mut self) {
        self.say([
            Step::Speak {
                prompt: Prompt::CallOver,
            },
            Step::HangUp,
        ]);
    }

    pub(super) fn joined(&mut self, sid: &str, label: &str, moment: &Moment) {
        let Some(index) = self.find(sid, Some(label)) else {
            return;
        };
        let leg = &mut self.call.legs[index];
        let number = names::number(label).unwrap_or_else(|| leg.label_number());
        let arrives = number > leg.joined && leg.role == LegRole::Customer;
        leg.joined = leg.joined.max(number);
        leg.in_room = leg.joined > leg.left && leg.is_live();
        if let Some(stay) = leg.stay(number, moment) {
            stay.from.get_or_insert(moment.sequence);
        }
        if leg.in_room || self.call.conference_sid.is_none() {
            self.call.conference_sid = Some(moment.conference_sid.clone());
        }
        self.note_together();
        self.retire_older_legs();
        self.come_together();
        if arrives {
            self.customer_has_come();
        }
    }

    pub(super) fn left(&mut self, sid: String, label: &str, status: LegStatus, moment: &Moment) {
        let Some(index) = self.find(&sid, Some(label)) else {
            return;
        };
        let leg = &mut self.call.legs[index];
        let number = names::number(label).unwrap_or_else(|| leg.label_number());
        leg.left = leg.left.max(number);
        leg.in_room = leg.joined > leg.left && leg.is_live();
        if let Some(stay) = leg.stay(number, moment) {
            stay.to.get_or_insert(moment.sequence);
        }
        self.note_together();
        if status.is_final() {
            let report = LegReport {
                sid,
                label: None,
                parent_sid: None,
                status,
                duration_seconds: None,
                error_code: None,
            };
            self.leg_reported(&report);
        } else if !self.call.legs[index].in_room && self.call.legs[index].role == LegRole::Agent {
            self.agent_leg_gone(index);
        }
    }

    /// The `Dial` into the room ended: an agent's leg has nothing more to do, a customer's asks what follows.
    pub(super) fn room_dial_ended(&mut self, sid: &str) {
        let Some(index) = self.find_sid(sid) else {
            return self.say([Step::HangUp]);
        };
        if self.call.legs[index].role != LegRole::Customer {
            self.say([Step::HangUp]);
            let leg = &mut self.call.legs[index];
            if leg.joined > leg.left {
                leg.left = leg.joined;
                leg.in_room = false;
                self.agent_leg_gone(index);
            }
        } else if self.call.is_over() {
            self.say([Step::HangUp]);
        } else {
            if self.call.moving.is_none() {
                self.next_turn();
            }
            self.say([Step::AskNext]);
        }
    }

    /// The newest leg of an agent that is in the room replaces the older ones.
    fn retire_older_legs(&mut self) {
        // The older one may still hold the customer in its `Dial`.
        if self.is_customer_on_the_way() {
            return;
        }
        let Some(newest) = self.call.agent_in_room() else {
            return;
        };
        for index in 0..newest {
            let leg = &self.call.legs[index];
            if leg.role != LegRole::Agent || !leg.is_live() || leg.released {
                continue;
            }
            let in_room = leg.in_room;
            match leg.sid.clone() {
                Some(sid) if in_room => self.effect(Effect::RemoveParticipant { sid }),
                Some(sid) => self.effect(Effect::EndLeg { sid }),
                None => {
                    let label = leg.label.clone();
                    self.effect(Effect::EndLegByLabel { label });
                }
            }
            self.call.legs[index].released = true;
        }
    }

    /// Whoever was waited for is there.
    fn come_together(&mut self) {
        if self.call.agent_in_room().is_none() {
            return;
        }
        match &self.call.state {
            State::Preparing { .. } if !self.call.is_direct() => self.dial_customer(),
            State::Connecting { .. } if self.call.is_customer_in_room() => self.connected(),
            State::Lost {
                connected_at, hold, ..
            } => {
                let (since, hold) = (*connected_at, hold.clone());
                let waits = hold.is_none();
                self.call.state = State::Connected { since, hold };
                if waits {
                    self.unhold_customer();
                }
                self.steer_recording();
            }
            _ => {}
        }
    }

    /// Agent and outside party are together.
    pub(super) fn connected(&mut self) {
        let now = self.now;
        self.call.state = State::Connected {
            since: now,
            hold: None,
        };
        self.call.answered_at.get_or_insert(now);
        self.steer_recording();
        if self.call.agent_in_room().is_none() {
            self.lose();
        }
    }

    /// The facts may show only later that they were together.
    pub(super) fn note_together(&mut self) {
        if self.call.answered_at.is_none() && self.call.were_together() {
            let known = self.call.customer().and_then(|leg| leg.answered_at);
            let known = known.filter(|_| self.call.direction == Direction::Outbound);
            let latest = self.call.ended_at().unwrap_or(self.now);
            self.call.answered_at = Some(known.unwrap_or(self.now).min(latest));
        }
        self.revise();
    }

    pub(super) fn customer_live_sid(&self) -> Option<String> {
        self.call
            .customer()
            .filter(|leg| leg.is_live())
            .and_then(|leg| leg.sid.clone())
    }
}

impl Leg {
    /// The newest stay, if the label is of that one.
    fn stay(&mut self, label: u32, moment: &Moment) -> Option<&mut Stay> {
        if self.stay.as_ref().is_none_or(|known| known.label < label) {
            let conference_sid = moment.conference_sid.clone();
            self.stay = Some(Stay {
                label,
                conference_sid,
                from: None,
                to: None,
            });
        }
        self.stay.as_mut().filter(|known| known.label == label)
    }
}
