//! A carrier in a hundred lines: it carries effects out, asks doors, runs the steps it is answered, and sends callbacks, at once
//! or later and in any order. It also knows the truth: who really was in a room with whom.

use std::collections::VecDeque;

use chrono::TimeDelta;

use crate::Time;
use crate::call::*;
use crate::id::{CallId, OrgId, QueueId, UserId};

/// Where the customer's leg is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Nowhere,
    Greeting,
    Queue,
    Room(String),
    /// Connected by the `Dial` of the agent's leg with this SID.
    Bridge(String),
    Phone,
    Message,
    Ringing,
    Gone,
}

#[derive(Debug, Clone)]
pub(super) struct AgentLeg {
    pub(super) sid: String,
    pub(super) agent: UserId,
    pub(super) room: Option<String>,
    pub(super) alive: bool,
    asked_as: Option<String>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "a world has independent facts"
)]
pub(super) struct World {
    pub(super) now: Time,
    pub(super) call: Call,
    pub(super) place: Place,
    pub(super) agents: Vec<AgentLeg>,
    /// Callbacks on their way.
    pub(super) pool: Vec<Event>,
    /// Callbacks that have arrived, to be repeated.
    pub(super) told: Vec<Event>,
    /// Deliver callbacks at once.
    pub(super) prompt: bool,
    /// The carrier cannot be reached.
    pub(super) down: bool,
    pub(super) free: Vec<UserId>,
    pub(super) log: Vec<Effect>,
    pub(super) heard: Vec<Prompt>,
    pub(super) recordings_started: usize,
    /// An agent and the customer were in the room in one visit, or the dialled customer answered.
    pub(super) together: bool,
    pub(super) message: bool,
    in_room: Vec<String>,
    entered: Vec<(u32, bool)>,
    rooms: u32,
    sequence: u32,
    greeting: Vec<Step>,
    todo: VecDeque<Effect>,
    customer_label: String,
    /// The agent's leg whose `Dial` dialled the customer.
    dialled_by: Option<String>,
}

pub(super) fn user(name: &str) -> UserId {
    UserId::parse(&format!("user_{name}")).unwrap()
}

pub(super) fn policy() -> Policy {
    Policy {
        ring: Ring::All,
        offer_seconds: 30,
        max_wait_seconds: 300,
        overflow: Overflow::Voicemail,
        record: true,
        recording_notice: Some("This call is recorded.".to_owned()),
        greeting: None,
        wrap_up_seconds: 30,
        forward_shows_caller: true,
    }
}

pub(super) fn queue() -> Mode {
    Mode::Queue {
        queue: QueueId::parse("queue_1").unwrap(),
        name: "support_queue".to_owned(),
    }
}

const CUSTOMER: &str = "CAcustomer";
const START: i64 = 1_790_000_000;

impl World {
    pub(super) fn inbound(mode: Mode, policy: Policy) -> Self {
        let now = Time::from_timestamp(START, 0).unwrap();
        let begun = Call::arrive(
            now,
            Arrival {
                id: CallId::parse("call_1").unwrap(),
                org: OrgId::parse("org_1").unwrap(),
                sid: CUSTOMER.to_owned(),
                party: "+12025550123".to_owned(),
                our_number: "+12025550100".to_owned(),
                number: None,
                contact: None,
                mode,
                policy,
            },
        );
        let mut world = Self::new(now, begun.call, Place::Greeting);
        world.greeting = begun.reply;
        world.free = vec![user("ana"), user("ben")];
        world.log.extend(begun.effects.iter().cloned());
        world.todo.extend(begun.effects);
        world.settle();
        world
    }

    pub(super) fn outbound(mode: Mode, policy: Policy) -> Self {
        Self::placed(mode, policy, false)
    }

    /// An agent of another system's front end, whose device connects by itself.
    pub(super) fn foreign() -> Self {
        Self::placed(Mode::Softphone, policy(), true)
    }

    fn placed(mode: Mode, policy: Policy, ends_with_agent: bool) -> Self {
        let now = Time::from_timestamp(START, 0).unwrap();
        let begun = Call::place(
            now,
            Placing {
                id: CallId::parse("call_1").unwrap(),
                org: OrgId::parse("org_1").unwrap(),
                agent: user("ana"),
                party: "+12025550123".to_owned(),
                our_number: "+12025550100".to_owned(),
                number: None,
                contact: None,
                mode,
                ends_with_agent,
                policy,
            },
        );
        let mut world = Self::new(now, begun.call, Place::Nowhere);
        world.log.extend(begun.effects.iter().cloned());
        world.todo.extend(begun.effects);
        world.settle();
        world
    }

    fn new(now: Time, call: Call, place: Place) -> Self {
        Self {
            now,
            call,
            place,
            agents: Vec::new(),
            pool: Vec::new(),
            told: Vec::new(),
            prompt: true,
            down: false,
            free: Vec::new(),
            log: Vec::new(),
            heard: Vec::new(),
            recordings_started: 0,
            together: false,
            message: false,
            in_room: Vec::new(),
            entered: Vec::new(),
            rooms: 0,
            sequence: 0,
            greeting: Vec::new(),
            todo: VecDeque::new(),
            customer_label: String::new(),
            dialled_by: None,
        }
    }

    /// Plays a story: `"greeting over, ana accepts, ana connects, 60 s, caller hangs up"`.
    pub(super) fn script(mut self, story: &str) -> Self {
        for line in story.split(',').map(str::trim) {
            self.line(line);
        }
        self
    }

    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["greeting", "over"] => self.greeting_over(),
            ["caller", "hangs", "up"] => self.caller_hangs_up(),
            ["customer", "answers"] => self.customer_answers(),
            ["customer", "is", "busy"] => self.customer_refuses(LegStatus::Busy),
            ["customer", "does", "not", "answer"] => self.customer_refuses(LegStatus::NoAnswer),
            ["carrier", "down"] => self.down = true,
            ["carrier", "up"] => self.down = false,
            ["phone", "answers"] => self.phone_answers(),
            ["phone", "hangs", "up"] => self.forward_ends(LegStatus::Completed),
            ["phone", "is", "silent"] => self.forward_ends(LegStatus::NoAnswer),
            ["message", "left"] => self.leaves_message(),
            ["nobody", "free"] => self.free.clear(),
            [agent, "free"] => self.becomes_free(agent),
            [agent, "accepts"] => assert_eq!(self.accepts(agent), Ok(()), "{line}"),
            [agent, "refused", code] => assert_eq!(self.accepts(agent), Err(code), "{line}"),
            [agent, "declines"] => self.declines(agent),
            [agent, "takes"] => {
                assert_eq!(
                    self.ask(Event::Take { agent: user(agent) }),
                    Ok(()),
                    "{line}"
                );
            }
            [agent, "too", "late", code] => {
                assert_eq!(
                    self.ask(Event::Take { agent: user(agent) }),
                    Err(code),
                    "{line}"
                );
            }
            [agent, "turns", "down"] => self.person(|agent| Event::TurnDown { agent }, agent),
            [agent, "does", "not", "pick", "up"] => self.device_rings_out(agent),
            [agent, "connects"] => self.connects(agent),
            [agent, "drops"] => self.drops(agent),
            [agent, "picks", "up"] => self.own_phone_answers(agent),
            [agent, "hangs", "up"] => self.person(|agent| Event::HangUp { agent }, agent),
            [agent, "holds"] => self.person(|agent| Event::Hold { agent }, agent),
            [agent, "resumes"] => self.person(|agent| Event::Resume { agent }, agent),
            [agent, "pauses"] => self.person(|agent| Event::PauseRecording { agent }, agent),
            [agent, "records"] => self.person(|agent| Event::ResumeRecording { agent }, agent),
            [agent, "saves"] => self.person(|agent| Event::WrappedUp { agent }, agent),
            [agent, "vanishes"] => self.person(|agent| Event::AgentGone { agent }, agent),
            [seconds, "s"] => self.wait(seconds.parse().unwrap()),
            _ => panic!("no such line: {line}"),
        }
    }

    // ---- what people do

    pub(super) fn greeting_over(&mut self) {
        if self.place == Place::Greeting {
            let steps = std::mem::take(&mut self.greeting);
            self.run(CUSTOMER, steps);
            self.settle();
        }
    }

    pub(super) fn caller_hangs_up(&mut self) {
        let rings = self.place == Place::Ringing;
        self.customer_ends(if rings {
            LegStatus::NoAnswer
        } else {
            LegStatus::Completed
        });
        self.settle();
    }

    pub(super) fn customer_answers(&mut self) {
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

    pub(super) fn customer_refuses(&mut self, status: LegStatus) {
        if self.place == Place::Ringing {
            self.customer_ends(status);
            self.settle();
        }
    }

    pub(super) fn accepts(&mut self, agent: &str) -> Result<(), &'static str> {
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

    pub(super) fn declines(&mut self, agent: &str) {
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

    pub(super) fn becomes_free(&mut self, agent: &str) {
        self.free.push(user(agent));
        let agents = vec![user(agent)];
        self.tell(Event::AgentsFree { agents });
        self.settle();
    }

    pub(super) fn person(&mut self, event: impl Fn(UserId) -> Event, agent: &str) {
        let _refused = self.ask(event(user(agent)));
    }

    fn ask(&mut self, event: Event) -> Result<(), &'static str> {
        if let Decision::Refused { code, .. } = self.call.decide(self.now, event.clone()) {
            return Err(code);
        }
        self.tell(event);
        self.settle();
        Ok(())
    }

    /// The agent's device connects with the call's id.
    pub(super) fn connects(&mut self, agent: &str) {
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

    pub(super) fn own_phone_answers(&mut self, agent: &str) {
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
    pub(super) fn device_rings_out(&mut self, agent: &str) {
        let rings = |l: &AgentLeg| l.alive && l.agent == user(agent) && l.room.is_none();
        if let Some(index) = self.agents.iter().position(rings) {
            self.agents[index].alive = false;
            let sid = self.agents[index].sid.clone();
            self.callback(leg(&sid, LegStatus::NoAnswer, None, None));
            self.settle();
        }
    }

    /// The agent's newest leg dies without a word.
    pub(super) fn drops(&mut self, agent: &str) {
        let dies = self
            .agents
            .iter()
            .rposition(|l| l.alive && l.agent == user(agent));
        if let Some(index) = dies {
            self.agent_ends(index);
            self.settle();
        }
    }

    pub(super) fn phone_answers(&mut self) {
        let mut event = leg("CAphone", LegStatus::InProgress, None, None);
        if let Event::Leg(report) = &mut event {
            report.parent_sid = Some(CUSTOMER.to_owned());
        }
        self.callback(event);
        self.settle();
    }

    pub(super) fn forward_ends(&mut self, status: LegStatus) {
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

    pub(super) fn leaves_message(&mut self) {
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
    pub(super) fn wait(&mut self, seconds: i64) {
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

    // ---- the carrier

    /// Delivers a callback from the pool.
    pub(super) fn deliver(&mut self, index: usize) {
        if !self.pool.is_empty() {
            let event = self.pool.remove(index % self.pool.len());
            self.told.push(event.clone());
            self.tell(event);
            self.settle();
        }
    }

    /// Delivers one again that has arrived before.
    pub(super) fn repeat(&mut self, index: usize) {
        if !self.told.is_empty() {
            let event = self.told[index % self.told.len()].clone();
            self.tell(event);
            self.settle();
        }
    }

    fn callback(&mut self, event: Event) {
        self.pool.push(event);
    }

    fn settle(&mut self) {
        loop {
            if let Some(effect) = self.todo.pop_front() {
                self.carry(&effect);
            } else if self.prompt && !self.pool.is_empty() {
                let event = self.pool.remove(0);
                self.told.push(event.clone());
                self.tell(event);
            } else {
                return;
            }
        }
    }

    pub(super) fn tell(&mut self, event: Event) -> Vec<Step> {
        let over = self.call.is_over();
        match self.call.decide(self.now, event) {
            Decision::Next {
                call,
                effects,
                reply,
            } => {
                assert!(!over || call.is_over(), "a call that was over came back");
                self.call = *call;
                self.log.extend(effects.iter().cloned());
                self.todo.extend(effects);
                reply
            }
            Decision::Stale { reply } => reply,
            Decision::Refused { .. } => Vec::new(),
        }
    }

    fn run(&mut self, sid: &str, steps: Vec<Step>) {
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
            };
            let reply = self.tell(next);
            return self.run(sid, reply);
        }
    }

    fn enters(&mut self, sid: &str, label: &str) {
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

    fn joins(&mut self, sid: &str, label: &str) {
        if self.in_room.is_empty() {
            (self.rooms, self.sequence) = (self.rooms + 1, 0);
        }
        self.sequence += 1;
        self.in_room.push(sid.to_owned());
        self.entered.push((self.call.visit, sid == CUSTOMER));
        self.callback(Event::Joined {
            sid: sid.to_owned(),
            label: label.to_owned(),
            conference_sid: format!("CF{}", self.rooms),
            sequence: self.sequence,
        });
    }

    fn leaves(&mut self, sid: &str, label: String, status: LegStatus) {
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

    fn customer_ends(&mut self, status: LegStatus) {
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
    fn dialled(&mut self, agent: &str, label: &str) {
        assert_eq!(self.place, Place::Nowhere, "the customer was dialled twice");
        self.place = Place::Ringing;
        label.clone_into(&mut self.customer_label);
        self.dialled_by = Some(agent.to_owned());
        self.callback(leg(CUSTOMER, LegStatus::Ringing, None, Some(label)));
    }

    /// The action of the agent's `Dial` is asked; the leg runs the answer, if it is still there.
    fn dial_ends(&mut self, status: LegStatus, seconds: Option<u32>) {
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

    fn agent_ends_by_sid(&mut self, sid: &str) {
        if let Some(index) = self.agents.iter().position(|l| l.sid == sid) {
            self.agent_ends(index);
        }
    }

    fn agent_ends(&mut self, index: usize) {
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

    fn redirect(&mut self, to: LegTarget, turn: u32) {
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

    fn carry(&mut self, effect: &Effect) {
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
                self.tell(Event::AgentsFree { agents });
            }
            _ => {}
        }
    }

    fn customer_is_cut(&mut self) {
        let rings = self.place == Place::Ringing;
        self.customer_ends(if rings {
            LegStatus::Canceled
        } else {
            LegStatus::Completed
        });
    }

    fn dial_customer(&mut self, label: &str) {
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

    fn remove(&mut self, sid: &str) {
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

    // ---- what is asked of the world

    /// Names of the effects for the carrier, in order, without those for pages.
    pub(super) fn sent(&self) -> Vec<String> {
        let shown = |effect: &Effect| match effect {
            Effect::Live(_) | Effect::FindAgents | Effect::CheckRoom | Effect::CancelUnsent => None,
            Effect::Redirect { to, .. } => Some(format!("Redirect {to:?}")),
            other => Some(
                format!("{other:?}")
                    .split([' ', '{'])
                    .next()
                    .unwrap()
                    .to_owned(),
            ),
        };
        self.log.iter().filter_map(shown).collect()
    }

    /// Agents on whose screens it is.
    pub(super) fn screens(&self) -> Vec<&str> {
        let open = self
            .call
            .offers
            .iter()
            .filter(|o| o.state == OfferState::Offered);
        open.map(|o| o.agent.body()).collect()
    }

    /// Customer and agent entered the room in one visit, perhaps not at one time.
    pub(super) fn crossed(&self) -> bool {
        self.entered
            .iter()
            .any(|(visit, customer)| self.entered.contains(&(*visit, !customer)))
    }

    pub(super) fn count(&self, which: fn(&Effect) -> bool) -> usize {
        self.log.iter().filter(|e| which(e)).count()
    }
}

fn leg(sid: &str, status: LegStatus, seconds: Option<u32>, label: Option<&str>) -> Event {
    Event::Leg(LegReport {
        sid: sid.to_owned(),
        label: label.map(str::to_owned),
        parent_sid: None,
        status,
        duration_seconds: seconds,
        error_code: None,
    })
}
