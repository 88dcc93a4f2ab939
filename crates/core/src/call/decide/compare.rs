//! What the carrier says when it is asked, compared with what we believe: lost callbacks are made up for, nothing reopens.

use super::{Draft, Moment};
use crate::call::{Call, Effect, InRoom, LegReport, LegRole, LegStatus, LegTarget, Mode, State};
use crate::names;

impl Draft {
    /// Two readings agree. `room` is `None` where nobody could look into the room.
    pub(super) fn reconciled(&mut self, legs: &[LegReport], room: Option<&[InRoom]>) {
        let was_over = self.call.is_over();
        let present = room.unwrap_or_default();
        for found in present {
            self.find(&found.sid, found.label.as_deref());
        }
        self.end_who_stays(legs, present);
        for report in legs {
            self.leg_reported(report);
        }
        if room.is_some() && !was_over && !self.call.is_over() {
            self.compare_room(present);
        }
    }

    /// Whoever was asked to go and is still there is asked again; of a call that is over nobody stays.
    fn end_who_stays(&mut self, legs: &[LegReport], present: &[InRoom]) {
        let reported = legs.iter().filter(|report| !report.status.is_final());
        let there = reported
            .map(|report| &report.sid)
            .chain(present.iter().map(|found| &found.sid));
        for sid in there {
            let known = self.find_sid(sid).map(|index| &self.call.legs[index]);
            let goes = known.is_some_and(|leg| leg.released || !leg.is_live());
            let effect = Effect::EndLeg { sid: sid.clone() };
            if (goes || self.call.is_over()) && !self.effects.contains(&effect) {
                self.effect(effect);
            }
        }
    }

    /// Joins and leaves that nobody told, and whether the outside party is where it belongs.
    fn compare_room(&mut self, present: &[InRoom]) {
        for found in present.iter().filter(|found| found.connected) {
            self.found_in_room(found);
        }
        for index in 0..self.call.legs.len() {
            let leg = &self.call.legs[index];
            let there = present
                .iter()
                .any(|found| leg.sid.as_ref() == Some(&found.sid));
            if leg.in_room && leg.is_live() && !there {
                self.not_in_room(index);
            }
        }
        if !self.call.is_over() {
            self.bring_customer_back(present);
        }
    }

    fn found_in_room(&mut self, found: &InRoom) {
        let Some(leg) = self
            .find_sid(&found.sid)
            .map(|index| &self.call.legs[index])
        else {
            return;
        };
        let label = found.label.clone().unwrap_or_else(|| leg.label.clone());
        let is_news = names::number(&label).is_some_and(|number| number > leg.joined);
        if is_news && leg.is_live() && !leg.released {
            let moment = Moment {
                conference_sid: found.conference_sid.clone(),
                sequence: 0,
            };
            self.joined(&found.sid, &label, &moment);
        }
    }

    fn not_in_room(&mut self, index: usize) {
        let leg = &mut self.call.legs[index];
        leg.left = leg.left.max(leg.joined);
        leg.in_room = false;
        if leg.role == LegRole::Agent {
            self.agent_leg_gone(index);
        }
    }

    /// A leg that lives and is not where it was sent is sent there once more.
    fn bring_customer_back(&mut self, present: &[InRoom]) {
        let Some(leg) = self
            .call
            .customer()
            .filter(|leg| leg.status == LegStatus::InProgress && !leg.released)
        else {
            return;
        };
        let sid = leg.sid.as_ref();
        let found = present.iter().find(|found| sid == Some(&found.sid));
        let tried_again = self
            .call
            .moving
            .as_ref()
            .is_some_and(|m| m.retry_at.is_some());
        let target = match self.call.state {
            State::Connected { .. } | State::Lost { .. } if found.is_none() => LegTarget::Room,
            State::Waiting { .. } | State::Forwarding { .. } | State::Voicemail { .. }
                if found.is_some_and(|found| found.connected) =>
            {
                LegTarget::Next
            }
            _ => return,
        };
        if !tried_again {
            self.move_customer(target);
        }
    }
}

impl Call {
    /// Do its legs meet in a room at the carrier, now or at some time.
    pub fn has_room(&self) -> bool {
        match self.mode {
            Mode::Queue { .. }
            | Mode::RingAgents { .. }
            | Mode::Softphone
            | Mode::PhoneFirst { .. }
            | Mode::DeviceFirst { .. }
            | Mode::Direct => true,
            Mode::Forward { .. } | Mode::Voicemail => false,
        }
    }
}
