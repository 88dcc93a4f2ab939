//! An inbound leg is answered, or its caller goes on hearing it ring.

use super::Engine;
use super::leg::Far;
use super::records::{CallStatus, Direction};
use crate::seam::{ClientOutput, Output};

impl Engine {
    /// Picks up for an inbound caller, if that has not happened yet.
    pub(super) fn pick_up(&mut self, sid: &str) {
        let waits = self.leg(sid).is_some_and(|leg| {
            leg.is_live() && !leg.is_answered() && leg.record.direction == Direction::Inbound
        });
        if !waits {
            return;
        }
        self.set_status(sid, CallStatus::InProgress);
        self.limit_time(sid);
        match self.leg(sid).map(|leg| &leg.far) {
            Some(Far::Client { .. }) => {
                self.out.push_back(Output::Client(ClientOutput::Answer {
                    call: sid.to_owned(),
                }));
                self.endanger_socket(sid);
            }
            Some(Far::Peer(peer)) => {
                let peer = peer.clone();
                self.far_answers(&peer);
            }
            _ => self.phone_is_connected(sid),
        }
    }

    /// The caller is told that it rings, where its leg is not answered yet.
    pub(super) fn let_ring(&mut self, sid: &str) {
        let Some(leg) = self
            .leg(sid)
            .filter(|leg| leg.is_live() && !leg.is_answered())
        else {
            return;
        };
        if matches!(leg.far, Far::Client { .. }) && leg.record.direction == Direction::Inbound {
            let call = sid.to_owned();
            self.out.push_back(Output::Client(ClientOutput::Ringing {
                call,
                early_media: true,
            }));
        }
    }
}
