//! A caller arrives, waits, and asks what comes next.

use super::Draft;
use crate::call::{
    Arrival, Begun, Call, DeviceRing, Direction, Effect, EndedBy, LegRole, LegStatus, LiveEvent,
    Mode, Outcome, Prompt, QueueResult, State, Step,
};
use crate::party::Party;
use crate::{Time, names};

impl Call {
    /// A call comes in: the first reply of the voice webhook.
    pub fn arrive(now: Time, arrival: Arrival) -> Begun {
        let state = match arrival.mode {
            Mode::Queue { .. } | Mode::RingAgents { .. } => State::Waiting {
                since: now,
                queued: false,
                returned: false,
                look_at: now
                    + chrono::TimeDelta::seconds(arrival.policy.offer_seconds.max(1).into()),
            },
            Mode::Forward { .. } => State::Forwarding {
                since: now,
                answered_at: None,
                overflow: false,
            },
            Mode::Voicemail
            | Mode::Softphone
            | Mode::PhoneFirst { .. }
            | Mode::DeviceFirst { .. }
            | Mode::Direct => State::Voicemail {
                since: now,
                left: false,
            },
        };
        let waits = matches!(state, State::Waiting { .. });
        let call = Self {
            room: names::room(&arrival.id),
            id: arrival.id,
            org: arrival.org,
            direction: Direction::Inbound,
            mode: arrival.mode,
            party: Party::of(&arrival.party).stored(),
            our_number: arrival.our_number,
            number: arrival.number,
            contact: arrival.contact,
            agent: None,
            ends_with_agent: false,
            policy: arrival.policy,
            state,
            legs: Vec::new(),
            offers: Vec::new(),
            recording: crate::call::RecordingState::default(),
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
        let party = draft.call.party.clone();
        let leg = draft.add_leg(
            LegRole::Customer,
            LegStatus::InProgress,
            names::label(LegRole::Customer, 0),
            party,
        );
        draft.call.legs[leg].sid = Some(arrival.sid);
        let rings = waits && !arrival.free.devices.is_empty();
        if rings {
            draft.agents_free(arrival.free.agents, &arrival.free.devices);
        }
        draft.greet();
        draft.lead_customer();
        draft.live(LiveEvent::CallStatusUpdate);
        if waits && !rings {
            draft.effect(Effect::FindAgents);
        }
        Begun {
            call: draft.call,
            effects: draft.effects,
            reply: draft.reply,
        }
    }
}

impl Draft {
    fn greet(&mut self) {
        let policy = &self.call.policy;
        let greeting = Prompt::Greeting {
            text: policy.greeting.clone(),
        };
        let heard = policy.record && !matches!(self.call.state, State::Voicemail { .. });
        let notice = policy.recording_notice.clone().filter(|_| heard);
        self.say([Step::Speak { prompt: greeting }]);
        self.say(notice.map(|text| Step::Speak {
            prompt: Prompt::RecordingNotice { text },
        }));
    }

    /// One round of waiting: a caller whose agent accepted meanwhile leaves the queue.
    pub(super) fn wait_requested(&mut self, sid: &str) {
        if !self.is_customer(sid) {
            return self.say([Step::Leave]);
        }
        let under_way = self
            .call
            .moving
            .as_ref()
            .is_some_and(|m| m.retry_at.is_none());
        let now = self.now;
        let over = self.call.is_over();
        let rings = self.has_devices_to_ring();
        match &mut self.call.state {
            State::Waiting { .. } if rings && !under_way => self.say([Step::Leave]),
            State::Waiting { since, queued, .. } => {
                if !*queued && !under_way {
                    (*since, *queued) = (now, true);
                }
                self.say([Step::WaitMusic]);
            }
            _ if under_way && !over => self.say([Step::WaitMusic]),
            state => {
                if let State::Connecting { moved, .. } = state {
                    *moved = true;
                }
                self.call.moving = None;
                self.say([Step::Leave]);
            }
        }
    }

    /// The `Enqueue` ended. After a redirect of ours the carrier asks here too: that changes nothing.
    pub(super) fn queue_left(&mut self, sid: &str, result: QueueResult) {
        if !self.is_customer(sid) {
            return self.say([Step::HangUp]);
        }
        match result {
            QueueResult::Redirected => self.say([Step::AskNext]),
            QueueResult::Hangup => {
                self.say([Step::HangUp]);
                self.customer_ended(LegStatus::Completed);
            }
            QueueResult::Leave => self.lead_customer(),
            QueueResult::QueueFull | QueueResult::Error => {
                if matches!(self.call.state, State::Waiting { .. }) {
                    self.overflow();
                }
                self.lead_customer();
            }
        }
    }

    /// The customer's leg has come to the door where we sent it.
    pub(super) fn next_requested(&mut self, sid: &str) {
        if self.is_customer(sid) {
            self.call.moving = None;
            self.lead_customer();
        } else {
            self.say([
                Step::Speak {
                    prompt: Prompt::CallOver,
                },
                Step::HangUp,
            ]);
        }
    }

    /// What the customer's leg does now, by the call's state.
    pub(super) fn lead_customer(&mut self) {
        if self.call.turn >= super::MAX_TURNS && !self.call.is_over() {
            self.end(Outcome::Failed, EndedBy::Carrier);
        }
        if !self.call.is_over() {
            self.next_turn();
        }
        if let Some(index) = self.customer_index() {
            let leg = &mut self.call.legs[index];
            leg.left = leg.left.max(leg.joined);
            leg.in_room = false;
        }
        if !matches!(self.call.state, State::Waiting { .. }) {
            self.call.ring = DeviceRing::default();
        }
        let rings = self.has_devices_to_ring();
        match &mut self.call.state {
            State::Waiting { queued, .. } if rings => {
                *queued = false;
                self.dial_devices();
            }
            State::Waiting { queued, .. } => {
                *queued = false;
                let name = self.queue_name();
                self.say([Step::Enqueue { name }]);
            }
            State::Connecting { moved, .. } => {
                *moved = true;
                self.customer_into_room();
            }
            State::Bridged { since } => {
                let since = *since;
                self.call.state = State::Connected { since, hold: None };
                self.customer_into_room();
            }
            State::Preparing { .. }
            | State::Dialling { .. }
            | State::Connected { .. }
            | State::Lost { .. } => {
                self.customer_into_room();
            }
            State::Forwarding { .. } => self.forward_customer(),
            State::Voicemail { .. } => self.take_message(),
            State::Ended { outcome, by, .. } => {
                let words = match (outcome, by) {
                    (Outcome::Missed, _) => Some(Prompt::NobodyAvailable),
                    (Outcome::Answered, EndedBy::Carrier) => Some(Prompt::AgentLost),
                    (Outcome::Voicemail, _) => Some(Prompt::MessageSaved),
                    _ => None,
                };
                self.say(words.map(|prompt| Step::Speak { prompt }));
                self.say([Step::HangUp]);
            }
        }
    }

    fn queue_name(&self) -> String {
        match &self.call.mode {
            Mode::Queue { name, .. } | Mode::RingAgents { name, .. } => name.clone(),
            _ => names::waiting_place(&self.call.id),
        }
    }
}
