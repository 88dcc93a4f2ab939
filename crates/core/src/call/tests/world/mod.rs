//! A carrier in a hundred lines: it carries effects out, asks doors, runs the steps it is answered, and sends callbacks, at once
//! or later and in any order. It also knows the truth: who really was in a room with whom.

mod asked;
mod callbacks;
mod effects;
mod legs;
mod people;
mod reading;
mod script;

use std::collections::VecDeque;

use crate::Time;
use crate::call::*;
use crate::id::{CallId, OrgId, QueueId, UserId};
use legs::leg;

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
    entered: Vec<Entry>,
    rooms: u32,
    sequence: u32,
    greeting: Vec<Step>,
    todo: VecDeque<Effect>,
    customer_label: String,
    /// The agent's leg whose `Dial` dialled the customer.
    dialled_by: Option<String>,
}

/// Somebody came into the room.
#[derive(Debug)]
struct Entry {
    visit: u32,
    conference: u32,
    customer: bool,
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
        no_message: false,
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
                free: Free::default(),
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
}
