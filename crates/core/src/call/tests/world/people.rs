//! What people do in this world, and that time goes by.

use chrono::TimeDelta;

use super::*;

impl World {
    pub(in super::super) fn greeting_over(&mut self) {
        if self.place == Place::Greeting {
            let steps = std::mem::take(&mut self.greeting);
            self.run(CUSTOMER, steps);
            self.settle();
        }
    }

    pub(in super::super) fn caller_hangs_up(&mut self) {
        let rings = self.place == Place::Ringing;
        self.customer_ends(if rings {
            LegStatus::NoAnswer
        } else {
            LegStatus::Completed
        });
        self.settle();
    }

    pub(in super::super) fn customer_answers(&mut self) {
        if self.place == Place::Ringing {
            let label = self.customer_label.clone();
            self.together = true;
            if let Some(parent) = self.dialled_by.clone() {
                self.place = Place::Bridge(parent);
                self.callback(leg(CUSTOMER, LegStatus::InProgress, None, Some(&label)));
                return self.settle();
            }
            self.place = Place::Room(label.clone());
            self.callback(leg(CUSTOMER, LegStatus::InProgress, None, Some(&label)));
            self.joins(CUSTOMER, &label);
            self.settle();
        }
    }

    pub(in super::super) fn customer_refuses(&mut self, status: LegStatus) {
        if self.place == Place::Ringing {
            self.customer_ends(status);
            self.settle();
        }
    }

    pub(in super::super) fn accepts(&mut self, agent: &str) -> Result<(), &'static str> {
        let agent = user(agent);
        let offer = self
            .call
            .offers
            .iter()
            .rev()
            .find(|o| o.agent == agent)
            .map(|o| o.id.clone());
        let offer = offer.ok_or("no_offer")?;
        self.ask(Event::Accept { agent, offer })
    }

    pub(in super::super) fn declines(&mut self, agent: &str) {
        let agent = user(agent);
        if let Some(offer) = self
            .call
            .offers
            .iter()
            .rev()
            .find(|o| o.agent == agent)
            .map(|o| o.id.clone())
        {
            let _refused = self.ask(Event::Decline { agent, offer });
        }
    }

    pub(in super::super) fn becomes_free(&mut self, agent: &str) {
        self.free.push(user(agent));
        let agents = vec![user(agent)];
        self.tell(Event::AgentsFree {
            agents,
            devices: Vec::new(),
        });
        self.settle();
    }

    pub(in super::super) fn person(&mut self, event: impl Fn(UserId) -> Event, agent: &str) {
        let _refused = self.ask(event(user(agent)));
    }

    pub(super) fn ask(&mut self, event: Event) -> Result<(), &'static str> {
        if let Decision::Refused { code, .. } = self.call.decide(self.now, event.clone()) {
            return Err(code);
        }
        self.tell(event);
        self.settle();
        Ok(())
    }

    /// The agent's device connects with the call's id.
    pub(in super::super) fn connects(&mut self, agent: &str) {
        let sid = format!("CA{agent}{}", self.agents.len());
        self.agents.push(AgentLeg {
            sid: sid.clone(),
            agent: user(agent),
            room: None,
            alive: true,
            asked_as: None,
        });
        let event = Event::AgentCalls {
            agent: user(agent),
            sid: sid.clone(),
            label: None,
            address: format!("client:{agent}"),
        };
        let steps = self.tell(event);
        self.run(&sid, steps);
        self.settle();
    }

    pub(in super::super) fn own_phone_answers(&mut self, agent: &str) {
        let Some(leg) = self
            .agents
            .iter()
            .find(|l| l.agent == user(agent) && l.alive)
        else {
            return;
        };
        let (sid, label) = (leg.sid.clone(), leg.asked_as.clone());
        let event = Event::AgentCalls {
            agent: user(agent),
            sid: sid.clone(),
            label,
            address: "+12025550199".to_owned(),
        };
        let steps = self.tell(event);
        self.run(&sid, steps);
        self.settle();
    }

    /// What rang at the agent's stops ringing.
    pub(in super::super) fn device_rings_out(&mut self, agent: &str) {
        let rings = |l: &AgentLeg| l.alive && l.agent == user(agent) && l.room.is_none();
        if let Some(index) = self.agents.iter().position(rings) {
            self.agents[index].alive = false;
            let sid = self.agents[index].sid.clone();
            self.callback(leg(&sid, LegStatus::NoAnswer, None, None));
            self.settle();
        }
    }

    /// The agent's newest leg dies without a word.
    pub(in super::super) fn drops(&mut self, agent: &str) {
        let dies = self
            .agents
            .iter()
            .rposition(|l| l.alive && l.agent == user(agent));
        if let Some(index) = dies {
            self.agent_ends(index);
            self.settle();
        }
    }

    pub(in super::super) fn phone_answers(&mut self) {
        let mut event = leg("CAphone", LegStatus::InProgress, None, None);
        if let Event::Leg(report) = &mut event {
            report.parent_sid = Some(CUSTOMER.to_owned());
        }
        self.callback(event);
        self.settle();
    }

    pub(in super::super) fn forward_ends(&mut self, status: LegStatus) {
        if self.place == Place::Phone {
            let event = Event::ForwardEnded {
                sid: CUSTOMER.to_owned(),
                status,
                duration_seconds: Some(20),
            };
            let steps = self.tell(event);
            self.run(CUSTOMER, steps);
            self.settle();
        }
    }

    pub(in super::super) fn leaves_message(&mut self) {
        if self.place == Place::Message {
            self.message = true;
            let event = Event::MessageLeft {
                sid: CUSTOMER.to_owned(),
                recording_sid: Some("RE1".to_owned()),
                seconds: 7,
            };
            let steps = self.tell(event);
            self.run(CUSTOMER, steps);
            self.settle();
        }
    }

    /// Time passes; deadlines come when they are due.
    pub(in super::super) fn wait(&mut self, seconds: i64) {
        let until = self.now + TimeDelta::seconds(seconds);
        let mut fired = 0;
        while let Some(due) = self.call.deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.tell(Event::Deadline);
            self.settle();
            fired += 1;
            assert!(
                fired < 200,
                "a deadline that does not move: {:?}",
                self.call
            );
        }
        self.now = until;
    }
}
