//! Nobody took it: on to a phone, a message, or a polite word.

use super::Draft;
use crate::call::{
    Effect, EndedBy, LegStatus, LegTarget, OfferState, Outcome, Overflow, Prompt, State, Step,
};

impl Draft {
    /// The caller has waited for too long.
    pub(super) fn waited_too_long(&mut self) {
        self.overflow();
        self.move_customer(LegTarget::Next);
    }

    /// Leaves the queue for what the route says, as far as the state goes; the caller's leg is led there by whoever calls this.
    pub(super) fn overflow(&mut self) {
        let now = self.now;
        self.close_offers(|o| o.state == OfferState::Offered, OfferState::Missed, None);
        match self.call.policy.overflow {
            Overflow::Voicemail => self.ask_for_message(),
            Overflow::Forward { .. } => {
                self.call.state = State::Forwarding {
                    since: now,
                    answered_at: None,
                    overflow: true,
                };
            }
            Overflow::HangUp => self.end_unheard(),
        }
        self.steer_recording();
    }

    /// The last of the chain: a message, or a polite word where none is wanted.
    pub(super) fn ask_for_message(&mut self) {
        if self.call.policy.no_message {
            return self.end_unheard();
        }
        self.call.state = State::Voicemail {
            since: self.now,
            left: false,
        };
    }

    fn end_unheard(&mut self) {
        let outcome = if self.call.answered_at.is_some() {
            Outcome::Answered
        } else {
            Outcome::Missed
        };
        self.end_but_customer(outcome, EndedBy::System);
    }

    pub(super) fn forward_customer(&mut self) {
        let Some(to) = self.call.forward_to().map(str::to_owned) else {
            return self.take_message();
        };
        let caller_id = self.call.forward_caller_id();
        let record = self.call.policy.record && !self.call.recording.requested;
        self.say([Step::Forward {
            to,
            caller_id,
            record,
        }]);
    }

    pub(super) fn take_message(&mut self) {
        if self.call.message.is_some() {
            return self.say([
                Step::Speak {
                    prompt: Prompt::MessageSaved,
                },
                Step::HangUp,
            ]);
        }
        self.say([
            Step::Speak {
                prompt: Prompt::LeaveMessage,
            },
            Step::TakeMessage,
            Step::HangUp,
        ]);
    }

    /// The `Dial` to a phone ended: it talked, or nobody was there and the next in the chain follows.
    pub(super) fn forward_ended(&mut self, sid: &str, status: LegStatus, seconds: Option<u32>) {
        if !self.is_customer(sid) {
            return self.say([Step::HangUp]);
        }
        let talked = matches!(status, LegStatus::Completed | LegStatus::InProgress);
        if talked {
            self.forward_answered(sid, seconds);
        }
        match self.call.state {
            State::Forwarding { .. } if talked => {
                self.say([Step::HangUp]);
                self.end(Outcome::Forwarded, EndedBy::Agent);
            }
            State::Forwarding { .. } if status == LegStatus::Canceled => {
                self.say([Step::HangUp]);
                self.end(Outcome::Abandoned, EndedBy::Customer);
            }
            State::Forwarding { overflow: true, .. } => {
                self.ask_for_message();
                self.lead_customer();
            }
            State::Forwarding { .. } => {
                self.overflow();
                self.lead_customer();
            }
            State::Ended { .. } => self.say([Step::HangUp]),
            _ => self.say([Step::AskNext]),
        }
    }

    /// The caller left a message, perhaps with the hang-up that we heard of before it.
    pub(super) fn message_left(&mut self, recording_sid: Option<String>, seconds: u32) {
        self.say([
            Step::Speak {
                prompt: Prompt::MessageSaved,
            },
            Step::HangUp,
        ]);
        if self.call.message.is_some() || seconds == 0 && recording_sid.is_none() {
            return;
        }
        self.call.message = Some(crate::call::Message {
            recording_sid: recording_sid.clone(),
            seconds,
        });
        self.effect(Effect::KeepMessage {
            recording_sid,
            seconds,
        });
        if let State::Voicemail { left, .. } = &mut self.call.state {
            *left = true;
        }
        self.revise();
    }
}
