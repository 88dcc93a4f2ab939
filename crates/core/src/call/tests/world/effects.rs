//! The carrier carries out what the call wants.

use super::*;

impl World {
    pub(super) fn redirect(&mut self, to: LegTarget, turn: u32) {
        let sid = CUSTOMER.to_owned();
        if self.down {
            self.tell(Event::MoveFailed { sid, turn });
            return;
        }
        match self.place.clone() {
            Place::Gone | Place::Nowhere | Place::Ringing => {
                self.tell(Event::MoveRefused { sid, turn });
                return;
            }
            Place::Queue => {
                self.tell(Event::QueueLeft {
                    sid: sid.clone(),
                    result: QueueResult::Redirected,
                });
            }
            Place::Room(label) => {
                self.leaves(&sid, label, LegStatus::InProgress);
                self.tell(Event::RoomDialEnded { sid: sid.clone() });
            }
            Place::Greeting | Place::Phone | Place::Message | Place::Bridge(_) => {}
        }
        let was = std::mem::replace(&mut self.place, Place::Greeting);
        if matches!(was, Place::Bridge(_)) {
            self.dial_ends(LegStatus::Completed, None);
        }
        let door = match to {
            LegTarget::Room => Event::RoomRequested { sid },
            LegTarget::Next | LegTarget::Farewell => Event::NextRequested { sid },
        };
        let steps = self.tell(door);
        self.run(CUSTOMER, steps);
    }

    pub(super) fn carry(&mut self, effect: &Effect) {
        match effect {
            Effect::Dequeue { turn, .. } if self.place == Place::Queue || self.down => {
                self.redirect(LegTarget::Room, *turn);
            }
            Effect::Dequeue { sid, turn } => {
                self.tell(Event::MoveRefused {
                    sid: sid.clone(),
                    turn: *turn,
                });
            }
            Effect::Redirect { to, turn, .. } => self.redirect(*to, *turn),
            Effect::DialCustomer { label, .. } => self.dial_customer(label),
            Effect::DialAgent { label, agent, .. } => {
                let sid = "CAownphone".to_owned();
                self.agents.push(AgentLeg {
                    sid: sid.clone(),
                    agent: agent.clone(),
                    room: None,
                    alive: true,
                    asked_as: Some(label.clone()),
                });
                self.callback(Event::Placed {
                    label: label.clone(),
                    sid,
                });
            }
            Effect::EndLeg { sid } if sid == CUSTOMER => self.customer_is_cut(),
            Effect::EndLegByLabel { label } if *label == self.customer_label => {
                self.customer_is_cut();
            }
            Effect::EndLeg { sid } => self.agent_ends_by_sid(sid),
            Effect::EndLegByLabel { label } => {
                if let Some(index) = self
                    .agents
                    .iter()
                    .position(|l| l.asked_as.as_ref() == Some(label))
                {
                    self.agent_ends(index);
                }
            }
            Effect::RemoveParticipant { sid } => self.remove(sid),
            Effect::FindAgents => {
                let agents = self.free.clone();
                self.tell(Event::AgentsFree {
                    agents,
                    devices: Vec::new(),
                });
            }
            _ => {}
        }
    }

    pub(super) fn customer_is_cut(&mut self) {
        let rings = self.place == Place::Ringing;
        self.customer_ends(if rings {
            LegStatus::Canceled
        } else {
            LegStatus::Completed
        });
    }

    pub(super) fn dial_customer(&mut self, label: &str) {
        assert!(
            self.agents.iter().any(|l| l.room.is_some()) || !self.prompt,
            "dialled into an empty room"
        );
        assert_eq!(self.place, Place::Nowhere, "the customer was dialled twice");
        if self.down {
            self.tell(Event::PlaceRefused {
                label: label.to_owned(),
                code: Some(20500),
            });
            return;
        }
        self.place = Place::Ringing;
        label.clone_into(&mut self.customer_label);
        self.callback(Event::Placed {
            label: label.to_owned(),
            sid: CUSTOMER.to_owned(),
        });
        self.callback(leg(CUSTOMER, LegStatus::Ringing, None, Some(label)));
    }

    pub(super) fn remove(&mut self, sid: &str) {
        let Some(leg) = self.agents.iter_mut().find(|l| l.sid == sid) else {
            return;
        };
        if let Some(label) = leg.room.take() {
            self.leaves(sid, label, LegStatus::InProgress);
            let reply = self.tell(Event::RoomDialEnded {
                sid: sid.to_owned(),
            });
            self.run(sid, reply);
        }
    }
}
