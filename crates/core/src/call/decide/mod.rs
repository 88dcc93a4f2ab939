//! The decision: match the event, then the state. One function per event, in files by story.
//!
//! The functions work on a [`Draft`], a copy of the call with the effects and the reply gathered so far; a draft that changed
//! nothing is [`Decision::Stale`]. Callbacks of the carrier leave *facts* on the legs (joined, left, answered, ended, each kept
//! as a maximum), and what happened is read from the facts, so that their order does not matter.

mod compare;
mod devices;
mod direct;
mod due;
mod end;
mod hold;
mod inbound;
mod lost;
mod offers;
mod outbound;
mod overflow;
mod room;

use super::{
    Call, Decision, Effect, EndedBy, Event, Leg, LegRole, LegStatus, LegTarget, LiveEvent, Move,
    State, Step,
};
use crate::Time;
use crate::id::{LegId, UserId};
use direct::DialEnd;

/// More visits to doors than this is a loop of the carrier's and ours.
const MAX_TURNS: u32 = 500;

/// A call in the making.
struct Draft {
    now: Time,
    call: Call,
    effects: Vec<Effect>,
    reply: Vec<Step>,
}

/// Why a person does not get what they asked for.
struct Refusal {
    code: &'static str,
    by: Option<UserId>,
}

/// A moment in a room's own count of events.
struct Moment {
    conference_sid: String,
    sequence: u32,
}

type Taken = Result<(), Refusal>;

impl Call {
    /// Decides what follows from an event. Total: any event in any state has an answer.
    pub fn decide(&self, now: Time, event: Event) -> Decision {
        let mut draft = Draft::of(self, now);
        let heard = event.is_from_carrier();
        if let Err(Refusal { code, by }) = draft.take(event) {
            return Decision::Refused { code, by };
        }
        draft.finish(self, heard)
    }
}

impl Event {
    /// Did the carrier say it, as against people and ourselves.
    pub fn is_from_carrier(&self) -> bool {
        !matches!(
            self,
            Self::Accept { .. }
                | Self::Decline { .. }
                | Self::Take { .. }
                | Self::TurnDown { .. }
                | Self::HangUp { .. }
                | Self::HangUpFor { .. }
                | Self::Hold { .. }
                | Self::Resume { .. }
                | Self::PauseRecording { .. }
                | Self::ResumeRecording { .. }
                | Self::WrappedUp { .. }
                | Self::AgentsFree { .. }
                | Self::AgentGone { .. }
                | Self::Unrecorded { .. }
                | Self::Deadline
        )
    }
}

impl Draft {
    fn of(call: &Call, now: Time) -> Self {
        Self {
            now,
            call: call.clone(),
            effects: Vec::new(),
            reply: Vec::new(),
        }
    }

    /// What people do may be refused; what has happened may not.
    fn take(&mut self, event: Event) -> Taken {
        match event {
            Event::Accept { agent, offer } => self.accept(agent, &offer),
            Event::Decline { agent, offer } => self.decline(&agent, &offer),
            Event::Take { agent } => self.take_unasked(agent),
            Event::TurnDown { agent } => self.turn_down(agent),
            Event::HangUp { agent } => self.hang_up(&agent, EndedBy::Agent),
            Event::HangUpFor { agent } => self.hang_up(&agent, EndedBy::Supervisor),
            Event::Hold { agent } => self.hold(&agent),
            Event::Resume { agent } => self.resume(&agent),
            Event::PauseRecording { agent } => self.pause_recording(&agent),
            Event::ResumeRecording { agent } => self.resume_recording(&agent),
            Event::WrappedUp { agent } => self.wrapped_up(&agent),
            other => {
                self.learn(other);
                Ok(())
            }
        }
    }

    #[expect(clippy::too_many_lines, reason = "an arm for each event")]
    fn learn(&mut self, event: Event) {
        match event {
            Event::WaitRequested { sid } => self.wait_requested(&sid),
            Event::QueueLeft { sid, result } => self.queue_left(&sid, result),
            Event::RoomRequested { sid } => self.room_requested(&sid),
            Event::NextRequested { sid } => self.next_requested(&sid),
            Event::RoomDialEnded { sid } => self.room_dial_ended(&sid),
            Event::ForwardEnded {
                sid,
                status,
                duration_seconds,
            } => {
                self.forward_ended(&sid, status, duration_seconds);
            }
            Event::DialEnded {
                sid,
                status,
                customer_sid,
                duration_seconds,
                hung_up,
            } => {
                let end = DialEnd {
                    status,
                    duration_seconds,
                    hung_up,
                };
                self.dial_ended(&sid, customer_sid.as_deref(), &end);
            }
            Event::DeviceAnswers { label, sid } => self.device_answers(&label, sid),
            Event::DevicesRung {
                sid,
                talked,
                duration_seconds,
            } => self.devices_rung(&sid, talked, duration_seconds),
            Event::MessageLeft {
                sid: _,
                recording_sid,
                seconds,
            } => self.message_left(recording_sid, seconds),
            Event::AgentCalls {
                agent,
                sid,
                label,
                address,
            } => {
                self.agent_calls(&agent, sid, label.as_deref(), address);
            }
            Event::Joined {
                sid,
                label,
                conference_sid,
                sequence,
            } => {
                self.joined(
                    &sid,
                    &label,
                    &Moment {
                        conference_sid,
                        sequence,
                    },
                );
            }
            Event::Left {
                sid,
                label,
                status,
                conference_sid,
                sequence,
            } => {
                self.left(
                    sid,
                    &label,
                    status,
                    &Moment {
                        conference_sid,
                        sequence,
                    },
                );
            }
            Event::Leg(report) => self.leg_reported(&report),
            Event::RecordingStarted { sid, recording_sid } => {
                self.recording_started(&sid, recording_sid);
            }
            Event::Unrecorded { agent } => self.unrecorded(&agent),
            Event::Placed { label, sid } => self.placed(&label, &sid),
            Event::Paced {
                label,
                milliseconds,
            } => self.paced(&label, milliseconds),
            Event::PlaceRefused { label, code } => self.place_refused(&label, code),
            Event::MoveRefused { sid: _, turn } => self.move_refused(turn),
            Event::MoveFailed { sid: _, turn } => self.move_failed(turn),
            Event::AgentsFree { agents, devices } => self.agents_free(agents, &devices),
            Event::AgentGone { agent } => self.agent_gone(&agent),
            Event::Deadline => self.due(),
            Event::Reconciled { legs, room } => self.reconciled(&legs, room.as_deref()),
            // Who left the room told it already, and what people do is taken above.
            Event::RoomEnded { .. }
            | Event::Accept { .. }
            | Event::Decline { .. }
            | Event::Take { .. }
            | Event::TurnDown { .. }
            | Event::HangUp { .. }
            | Event::HangUpFor { .. }
            | Event::Hold { .. }
            | Event::Resume { .. }
            | Event::PauseRecording { .. }
            | Event::ResumeRecording { .. }
            | Event::WrappedUp { .. } => {}
        }
    }

    fn finish(mut self, before: &Call, heard: bool) -> Decision {
        if self.call == *before && self.effects.is_empty() {
            return Decision::Stale { reply: self.reply };
        }
        if heard {
            self.call.heard_at = self.now;
        }
        if self.shown(before) != self.shown(&self.call) {
            self.live(LiveEvent::CallStatusUpdate);
        }
        Decision::Next {
            call: Box::new(self.call),
            effects: self.effects,
            reply: self.reply,
        }
    }

    /// What a page shows of a call.
    fn shown(&self, call: &Call) -> impl PartialEq + use<> {
        let words = (call.status(), call.phase(self.now), call.outcome());
        let recording = (call.is_recording(), call.is_recording_paused());
        let legs: Vec<_> = call
            .legs
            .iter()
            .map(|leg| (leg.status, leg.dials_at))
            .collect();
        (words, call.agent.clone(), call.answered_at, recording, legs)
    }

    fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn live(&mut self, event: LiveEvent) {
        self.effects.push(Effect::Live(event));
    }

    fn say(&mut self, steps: impl IntoIterator<Item = Step>) {
        self.reply.extend(steps);
    }

    /// A fresh number for a label or a URL.
    fn next_turn(&mut self) -> u32 {
        self.call.turn += 1;
        self.call.turn
    }

    fn is_customer(&self, sid: &str) -> bool {
        self.call.customer_sid() == Some(sid)
    }

    fn customer_index(&self) -> Option<usize> {
        self.call
            .legs
            .iter()
            .position(|leg| leg.role == LegRole::Customer)
    }

    fn find_sid(&self, sid: &str) -> Option<usize> {
        self.call
            .legs
            .iter()
            .position(|leg| leg.sid.as_deref() == Some(sid))
    }

    /// Finds a leg by SID, or by the label under which it was asked for; then its SID is learnt.
    fn find(&mut self, sid: &str, label: Option<&str>) -> Option<usize> {
        if let Some(known) = self.find_sid(sid) {
            return Some(known);
        }
        let asked = |leg: &Leg| leg.sid.is_none() && Some(leg.label.as_str()) == label;
        let index = self.call.legs.iter().position(asked)?;
        let leg = &mut self.call.legs[index];
        leg.sid = Some(sid.to_owned());
        if leg.released && leg.is_live() {
            self.effect(Effect::EndLeg {
                sid: sid.to_owned(),
            });
        }
        Some(index)
    }

    fn add_leg(
        &mut self,
        role: LegRole,
        status: LegStatus,
        label: String,
        address: String,
    ) -> usize {
        let n = self.call.legs.len();
        self.call.legs.push(Leg {
            id: LegId::nth(&self.call.id, n + 1),
            sid: None,
            parent_sid: None,
            role,
            agent: None,
            label,
            address,
            status,
            in_room: false,
            joined: 0,
            left: 0,
            stay: None,
            released: false,
            dials_at: None,
            created_at: self.now,
            answered_at: (status == LegStatus::InProgress).then_some(self.now),
            ended_at: None,
            duration_seconds: None,
            error_code: None,
        });
        n
    }

    /// Sends the customer's leg to another door; an earlier move is forgotten.
    fn move_customer(&mut self, to: LegTarget) {
        let Some(sid) = self
            .call
            .customer()
            .filter(|leg| leg.is_live())
            .and_then(|leg| leg.sid.clone())
        else {
            return;
        };
        let turn = self.next_turn();
        self.call.moving = Some(Move {
            turn,
            to,
            retry_at: None,
        });
        let accepted = matches!(self.call.state, State::Connecting { .. });
        let waits = accepted && to == LegTarget::Room && !self.is_in_dial();
        self.effect(if waits {
            Effect::Dequeue { sid, turn }
        } else {
            Effect::Redirect { sid, to, turn }
        });
    }
}
