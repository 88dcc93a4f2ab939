//! Hold, and the recording that is paused with it.

use super::{Draft, Refusal, Taken};
use crate::call::{Effect, HoldState, State};
use crate::id::UserId;

impl Draft {
    pub(super) fn hold(&mut self, agent: &UserId) -> Taken {
        self.must_have_it(agent)?;
        self.make_room();
        let now = self.now;
        match &mut self.call.state {
            State::Connected { hold: Some(_), .. } => Ok(()),
            State::Connected { hold, .. } => {
                *hold = Some(HoldState { since: now });
                self.hold_customer();
                self.steer_recording();
                Ok(())
            }
            _ => Err(Refusal {
                code: "not_connected",
                by: None,
            }),
        }
    }

    pub(super) fn resume(&mut self, agent: &UserId) -> Taken {
        self.must_have_it(agent)?;
        match &mut self.call.state {
            State::Bridged { .. } | State::Connected { hold: None, .. } => Ok(()),
            State::Connected { hold, .. } => {
                *hold = None;
                self.unhold_customer();
                self.steer_recording();
                Ok(())
            }
            _ => Err(Refusal {
                code: "not_connected",
                by: None,
            }),
        }
    }

    /// Music for the customer; one who is still on his way into the room gets it when he has come.
    pub(super) fn hold_customer(&mut self) {
        let there = !self.is_customer_on_the_way();
        if let Some(sid) = self.customer_live_sid().filter(|_| there) {
            self.effect(Effect::HoldParticipant { sid });
        }
    }

    /// And no more music.
    pub(super) fn unhold_customer(&mut self) {
        let there = !self.is_customer_on_the_way();
        if let Some(sid) = self.customer_live_sid().filter(|_| there) {
            self.effect(Effect::UnholdParticipant { sid });
        }
    }

    pub(super) fn pause_recording(&mut self, agent: &UserId) -> Taken {
        self.recording_wish(agent, true)
    }

    pub(super) fn resume_recording(&mut self, agent: &UserId) -> Taken {
        self.recording_wish(agent, false)
    }

    fn recording_wish(&mut self, agent: &UserId, paused: bool) -> Taken {
        self.must_have_it(agent)?;
        if !self.call.recording.requested {
            return Err(Refusal {
                code: "not_recorded",
                by: None,
            });
        }
        if !matches!(
            self.call.state,
            State::Bridged { .. } | State::Connected { .. }
        ) {
            return Err(Refusal {
                code: "not_connected",
                by: None,
            });
        }
        self.call.recording.paused_by_agent = paused;
        self.steer_recording();
        Ok(())
    }

    pub(super) fn recording_started(&mut self, sid: &str, recording_sid: String) {
        if self.is_customer(sid) {
            self.call.recording.sid.get_or_insert(recording_sid);
        }
    }

    /// Recorded is what agent and outside party say to each other: not hold, not waiting, not what the agent kept out.
    pub(super) fn steer_recording(&mut self) {
        let pause = match &self.call.state {
            State::Bridged { .. } => self.call.recording.paused_by_agent,
            State::Connected { hold, .. } => hold.is_some() || self.call.recording.paused_by_agent,
            State::Forwarding { answered_at, .. } => answered_at.is_none(),
            State::Lost { .. } | State::Waiting { .. } | State::Voicemail { .. } => true,
            State::Connecting { .. }
            | State::Preparing { .. }
            | State::Dialling { .. }
            | State::Ended { .. } => return,
        };
        let recording = &mut self.call.recording;
        if !recording.requested || recording.paused == pause {
            return;
        }
        recording.paused = pause;
        let recording_sid = recording.sid.clone();
        let Some(sid) = self.customer_live_sid() else {
            return;
        };
        self.effect(if pause {
            Effect::PauseRecording { sid, recording_sid }
        } else {
            Effect::ResumeRecording { sid, recording_sid }
        });
    }

    pub(super) fn must_have_it(&self, agent: &UserId) -> Taken {
        match &self.call.agent {
            Some(holder) if holder == agent => Ok(()),
            Some(holder) => Err(Refusal {
                code: "not_yours",
                by: Some(holder.clone()),
            }),
            None => Err(Refusal {
                code: "not_connected",
                by: None,
            }),
        }
    }
}
