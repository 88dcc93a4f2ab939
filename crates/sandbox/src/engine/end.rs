//! The end of a leg: the only place where a call ends, whatever the reason.

use super::Engine;
use super::leg::{Far, Role};
use super::records::{CallStatus, Direction};
use super::redirect::Leaving;
use crate::seam::{ClientOutput, MediaCommand, Output};

impl Engine {
    /// Ends a leg with a terminal status; `by_far` where its own far end did it and needs not be told.
    pub(super) fn end(&mut self, sid: &str, status: CallStatus, by_far: bool) {
        let now = self.now;
        let Some(leg) = self.leg_mut(sid).filter(|leg| leg.is_live()) else {
            return;
        };
        let was_queued = leg.record.status == CallStatus::Queued;
        let role = std::mem::replace(&mut leg.role, Role::Own);
        // A queued call that is taken back is never told of.
        if was_queued {
            leg.progress.url.clear();
            leg.end_callback = None;
        }
        leg.record.status = status;
        leg.record.end_time = Some(now);
        let action = self.leave_doing(sid, Leaving::HungUp);
        if let Role::Participant { conference } = &role {
            self.participant_gone(conference, sid);
        }
        self.stop_recordings_of(sid);
        self.close_streams_of(sid);
        self.end_captions_of(sid);
        if !by_far {
            self.tell_far(sid, status);
        }
        if self.leg(sid).is_some_and(|leg| leg.told.open) {
            self.media(MediaCommand::Close {
                leg: sid.to_owned(),
            });
        }
        self.set_status(sid, status);
        if let Some(action) = action {
            self.request_last(sid, action);
        }
        if let Role::Child { parent, .. } = &role {
            self.child_gone(parent, sid, false);
        }
        self.verification_over(sid);
        self.price_later(sid);
    }

    fn tell_far(&mut self, sid: &str, status: CallStatus) {
        let Some(leg) = self.leg(sid) else { return };
        let (answered, inbound) = (
            leg.is_answered(),
            leg.record.direction == Direction::Inbound,
        );
        match &leg.far {
            Far::Client { .. } => {
                let call = sid.to_owned();
                let output = if inbound || answered {
                    ClientOutput::Hangup { call, error: None }
                } else {
                    ClientOutput::Cancel { call }
                };
                self.out.push_back(Output::Client(output));
            }
            Far::Peer(peer) => {
                let peer = peer.clone();
                let status = match status {
                    _ if answered => CallStatus::Completed,
                    CallStatus::Busy | CallStatus::Failed if inbound => status,
                    _ => CallStatus::NoAnswer,
                };
                self.end(&peer, status, true);
            }
            Far::Phone(_) => {}
        }
    }
}
