//! An agent calls a customer: the agent's leg first, then the customer is dialled into the same room. (Without a room: `direct`.)

use chrono::TimeDelta;

use super::Draft;
use crate::call::{
    Begun, Call, DeviceRing, Direction, Effect, EndedBy, LegRole, LegStatus, LiveEvent, Outcome,
    Placing, RecordingState, State,
};
use crate::{Time, names};

impl Call {
    /// An agent places a call; nothing is dialled to the customer before the agent is in the room.
    pub fn place(now: Time, placing: Placing) -> Begun {
        let rings = placing.mode.rings_agent_at().is_some();
        let call = Self {
            room: names::room(&placing.id),
            id: placing.id,
            org: placing.org,
            direction: Direction::Outbound,
            mode: placing.mode,
            party: placing.party,
            our_number: placing.our_number,
            number: placing.number,
            contact: placing.contact,
            agent: Some(placing.agent),
            ends_with_agent: placing.ends_with_agent || rings,
            policy: placing.policy,
            state: State::Preparing { since: now },
            legs: Vec::new(),
            offers: Vec::new(),
            recording: RecordingState::default(),
            conference_sid: None,
            turn: 0,
            visit: 0,
            moving: None,
            ring: DeviceRing::default(),
            message: None,
            started_at: now,
            answered_at: None,
            wrapped_up_at: None,
            heard_at: now,
        };
        let mut draft = Draft::of(&call, now);
        draft.ring_agent();
        draft.live(LiveEvent::CallStatusUpdate);
        // The page that asked connects anyway; one that did not, since the call was started by another program, is told to.
        if !rings {
            draft.call_to_join();
        }
        Begun {
            call: draft.call,
            effects: draft.effects,
            reply: draft.reply,
        }
    }
}

impl Draft {
    fn ring_agent(&mut self) {
        let Some(address) = self.call.mode.rings_agent_at() else {
            return;
        };
        let Some(agent) = self.call.agent.clone() else {
            return;
        };
        let label = names::label(LegRole::Agent, self.next_turn());
        let leg = self.add_leg(
            LegRole::Agent,
            LegStatus::Queued,
            label.clone(),
            address.clone(),
        );
        self.call.legs[leg].agent = Some(agent.clone());
        let from = self.call.our_number.clone();
        self.effect(Effect::DialAgent {
            label,
            to: address,
            from,
            agent,
        });
    }

    /// The agent is in the room: now the customer, once.
    pub(super) fn dial_customer(&mut self) {
        if self.call.customer().is_some() {
            return;
        }
        let label = names::label(LegRole::Customer, self.next_turn());
        let to = self.call.party.clone();
        self.add_leg(
            LegRole::Customer,
            LegStatus::Queued,
            label.clone(),
            to.clone(),
        );
        let record = self.call.policy.record;
        self.call.recording.requested = record;
        self.call.state = State::Dialling { since: self.now };
        let from = self.call.our_number.clone();
        self.effect(Effect::DialCustomer {
            label,
            to,
            from,
            record,
        });
    }

    /// The carrier gave a leg that we asked for its SID.
    pub(super) fn placed(&mut self, label: &str, sid: &str) {
        self.find(sid, Some(label));
    }

    /// The carrier lets it wait: pages say when it will be dialled.
    pub(super) fn paced(&mut self, label: &str, milliseconds: u32) {
        let at = self.now + TimeDelta::milliseconds(milliseconds.into());
        let mut legs = self.call.legs.iter_mut();
        if let Some(leg) = legs.find(|leg| leg.label == label && leg.status < LegStatus::Ringing) {
            leg.dials_at = Some(at);
        }
    }

    /// The carrier would not place it: nothing was dialled.
    pub(super) fn place_refused(&mut self, label: &str, code: Option<u32>) {
        let asked = self
            .call
            .legs
            .iter()
            .position(|leg| leg.label == label && leg.sid.is_none());
        let Some(index) = asked.filter(|&i| self.call.legs[i].is_live()) else {
            return;
        };
        // What was called off before it left is no failure.
        let over = self.call.is_over();
        let leg = &mut self.call.legs[index];
        leg.status = if over {
            LegStatus::Canceled
        } else {
            LegStatus::Failed
        };
        leg.ended_at = Some(self.now);
        leg.error_code = code;
        if !over {
            self.end(Outcome::Failed, EndedBy::Carrier);
        }
    }
}
