//! Where legs are: they run the steps that they are answered, enter rooms, leave them and end.

use super::*;

impl World {
    pub(super) fn run(&mut self, sid: &str, steps: Vec<Step>) {
        let customer = sid == CUSTOMER;
        for step in steps {
            let own = sid.to_owned();
            let next = match step {
                Step::Speak { prompt } => {
                    self.heard.push(prompt);
                    continue;
                }
                Step::StartRecording => {
                    self.recordings_started += 1;
                    continue;
                }
                Step::Enqueue { .. } => {
                    self.place = Place::Queue;
                    Event::WaitRequested { sid: own }
                }
                Step::WaitMusic => return,
                Step::Leave => Event::QueueLeft {
                    sid: own,
                    result: QueueResult::Leave,
                },
                Step::AskNext => Event::NextRequested { sid: own },
                Step::Room { label, .. } => return self.enters(sid, &label),
                Step::DialCustomer { label, .. } => return self.dialled(sid, &label),
                Step::Forward { .. } => return self.place = Place::Phone,
                Step::TakeMessage => return self.place = Place::Message,
                Step::HangUp if customer => return self.customer_ends(LegStatus::Completed),
                Step::HangUp => return self.agent_ends_by_sid(sid),
                Step::RingDevices { .. } | Step::AwaitRoom => {
                    panic!("in this world nobody has a device of another system's")
                }
            };
            let reply = self.tell(next);
            return self.run(sid, reply);
        }
    }

    pub(super) fn enters(&mut self, sid: &str, label: &str) {
        if sid == CUSTOMER {
            self.place = Place::Room(label.to_owned());
        } else if let Some(leg) = self.agents.iter_mut().find(|l| l.sid == sid) {
            leg.room = Some(label.to_owned());
        }
        self.joins(sid, label);
        let agent = self.agents.iter().any(|l| l.alive && l.room.is_some());
        let customer = matches!(self.place, Place::Room(_));
        if agent && customer && self.call.direction == Direction::Inbound {
            self.together = true;
        }
    }

    pub(super) fn joins(&mut self, sid: &str, label: &str) {
        if self.in_room.is_empty() {
            (self.rooms, self.sequence) = (self.rooms + 1, 0);
        }
        self.sequence += 1;
        self.in_room.push(sid.to_owned());
        self.entered.push(Entry {
            visit: self.call.visit,
            conference: self.rooms,
            customer: sid == CUSTOMER,
        });
        self.callback(Event::Joined {
            sid: sid.to_owned(),
            label: label.to_owned(),
            conference_sid: format!("CF{}", self.rooms),
            sequence: self.sequence,
        });
    }

    pub(super) fn leaves(&mut self, sid: &str, label: String, status: LegStatus) {
        self.sequence += 1;
        self.in_room.retain(|other| other != sid);
        self.callback(Event::Left {
            sid: sid.to_owned(),
            label,
            status,
            conference_sid: format!("CF{}", self.rooms),
            sequence: self.sequence,
        });
    }

    pub(super) fn customer_ends(&mut self, status: LegStatus) {
        let was = std::mem::replace(&mut self.place, Place::Gone);
        if matches!(was, Place::Gone | Place::Nowhere) {
            self.place = was;
            return;
        }
        if was == Place::Queue {
            self.tell(Event::QueueLeft {
                sid: CUSTOMER.to_owned(),
                result: QueueResult::Hangup,
            });
        }
        let in_room = match &was {
            Place::Room(label) => Some(label.clone()),
            Place::Ringing if self.dialled_by.is_none() => Some(self.customer_label.clone()),
            _ => None,
        };
        if let Some(label) = in_room {
            self.leaves(CUSTOMER, label, status);
        }
        let seconds = if was == Place::Ringing { 0 } else { 30 };
        let label = self
            .dialled_by
            .as_ref()
            .map(|_| self.customer_label.clone());
        self.callback(leg(CUSTOMER, status, Some(seconds), label.as_deref()));
        if matches!(was, Place::Ringing | Place::Bridge(_)) {
            self.dial_ends(status, Some(seconds));
        }
    }

    /// An agent's leg dials the customer itself.
    pub(super) fn dialled(&mut self, agent: &str, label: &str) {
        assert_eq!(self.place, Place::Nowhere, "the customer was dialled twice");
        self.place = Place::Ringing;
        label.clone_into(&mut self.customer_label);
        self.dialled_by = Some(agent.to_owned());
        self.callback(leg(CUSTOMER, LegStatus::Ringing, None, Some(label)));
    }

    /// The action of the agent's `Dial` is asked; the leg runs the answer, if it is still there.
    pub(super) fn dial_ends(&mut self, status: LegStatus, seconds: Option<u32>) {
        let Some(sid) = self.dialled_by.take() else {
            return;
        };
        let alive = |leg: &AgentLeg| leg.sid == sid && leg.alive;
        let hung_up = !self.agents.iter().any(alive);
        let steps = self.tell(Event::DialEnded {
            sid: sid.clone(),
            status,
            customer_sid: Some(CUSTOMER.to_owned()),
            duration_seconds: seconds,
            hung_up,
        });
        if !hung_up {
            self.run(&sid, steps);
        }
    }

    pub(super) fn agent_ends_by_sid(&mut self, sid: &str) {
        if let Some(index) = self.agents.iter().position(|l| l.sid == sid) {
            self.agent_ends(index);
        }
    }

    pub(super) fn agent_ends(&mut self, index: usize) {
        let agent = &mut self.agents[index];
        if !std::mem::replace(&mut agent.alive, false) {
            return;
        }
        let sid = agent.sid.clone();
        if let Some(label) = agent.room.take() {
            self.leaves(&sid, label, LegStatus::Completed);
        }
        self.callback(leg(&sid, LegStatus::Completed, Some(30), None));
        if self.dialled_by.as_ref() == Some(&sid) {
            self.customer_is_cut();
        }
    }
}

pub(super) fn leg(
    sid: &str,
    status: LegStatus,
    seconds: Option<u32>,
    label: Option<&str>,
) -> Event {
    Event::Leg(LegReport {
        sid: sid.to_owned(),
        label: label.map(str::to_owned),
        parent_sid: None,
        status,
        duration_seconds: seconds,
        error_code: None,
    })
}
