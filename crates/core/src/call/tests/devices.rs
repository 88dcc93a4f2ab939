//! A waiting call rings at devices of other systems' front ends: a `Dial` of the customer's own leg.

use chrono::TimeDelta;

use super::world::{policy, queue, user};
use crate::Time;
use crate::call::*;
use crate::id::{CallId, OrgId};

const CUSTOMER: &str = "CAcustomer";

fn at(seconds: i64) -> Time {
    Time::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::seconds(seconds)
}

fn device(agent: &str) -> Device {
    Device {
        agent: user(agent),
        identity: format!("o_1_a_{agent}"),
    }
}

struct Story {
    call: Call,
    effects: Vec<Effect>,
    reply: Vec<Step>,
}

impl Story {
    fn arrives(free: Free) -> Self {
        let arrival = Arrival {
            id: CallId::parse("call_1").unwrap(),
            org: OrgId::parse("org_1").unwrap(),
            sid: CUSTOMER.to_owned(),
            party: "+12025550123".to_owned(),
            our_number: "+12025550100".to_owned(),
            number: None,
            contact: None,
            mode: queue(),
            policy: policy(),
            free,
        };
        let begun = Call::arrive(at(0), arrival);
        Self {
            call: begun.call,
            effects: begun.effects,
            reply: begun.reply,
        }
    }

    /// Two agents at devices.
    fn rings() -> Self {
        Self::arrives(Free {
            agents: vec![user("ana"), user("ben")],
            devices: vec![device("ana"), device("ben")],
        })
    }

    fn hears(&mut self, second: i64, event: Event) -> &mut Self {
        (self.effects, self.reply) = match self.call.decide(at(second), event) {
            Decision::Next {
                call,
                effects,
                reply,
            } => {
                self.call = *call;
                (effects, reply)
            }
            Decision::Stale { reply } => (Vec::new(), reply),
            Decision::Refused { code, .. } => panic!("refused: {code}"),
        };
        self
    }

    fn label(&self, agent: &str) -> String {
        let mut rung = self.call.ring.devices.iter();
        let found = rung.find(|rung| rung.device.agent == user(agent));
        found.expect("the device is rung").label.clone()
    }

    fn answers(&mut self, second: i64, agent: &str) -> &mut Self {
        let (label, sid) = (self.label(agent), format!("CA{agent}"));
        self.hears(second, Event::DeviceAnswers { label, sid })
    }

    fn status(&mut self, second: i64, agent: &str, status: LegStatus) -> &mut Self {
        let report = LegReport {
            sid: format!("CA{agent}"),
            label: Some(self.label(agent)),
            parent_sid: Some(CUSTOMER.to_owned()),
            status,
            duration_seconds: None,
            error_code: None,
        };
        self.hears(second, Event::Leg(report))
    }

    fn dial_ends(&mut self, second: i64, talked: bool) -> &mut Self {
        let ended = Event::DevicesRung {
            sid: CUSTOMER.to_owned(),
            talked,
            duration_seconds: talked.then_some(9),
        };
        self.hears(second, ended)
    }

    fn rung(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for step in &self.reply {
            if let Step::RingDevices { devices, .. } = step {
                names.extend(devices.iter().map(|rung| rung.device.identity.as_str()));
            }
        }
        names
    }

    fn enters(&self, role: LegRole) -> bool {
        let mut steps = self.reply.iter();
        steps.any(|step| matches!(step, Step::Room { role: who, .. } if *who == role))
    }
}

#[test]
fn the_first_answer_rings_every_device_and_one_that_is_taken_up_leads_both_into_the_room() {
    let mut story = Story::rings();
    assert_eq!(story.rung(), ["o_1_a_ana", "o_1_a_ben"]);
    assert!(matches!(story.reply[0], Step::Speak { .. }), "the greeting");
    story.answers(9, "ben");
    assert_eq!(story.reply, [Step::AwaitRoom]);
    assert_eq!(story.call.agent, Some(user("ben")));
    let led = |e: &Effect| matches!(e, Effect::Redirect { sid, to: LegTarget::Room, .. } if sid == "CAben");
    assert!(story.effects.iter().any(led), "{:?}", story.effects);
    let sid = "CAben".to_owned();
    story.hears(9, Event::RoomRequested { sid });
    assert!(story.enters(LegRole::Agent));
    story.dial_ends(10, true);
    assert!(story.enters(LegRole::Customer));
    assert!(story.call.moving.is_none(), "nobody is moved twice");
}

#[test]
fn t_accept_race_a_device_that_is_taken_up_too_late_is_hung_up() {
    let mut story = Story::rings();
    let late = story.label("ana");
    story.answers(9, "ben");
    let sid = "CAana".to_owned();
    story.hears(9, Event::DeviceAnswers { label: late, sid });
    assert_eq!(story.reply, [Step::HangUp]);
    assert_eq!(story.call.agent, Some(user("ben")));
}

#[test]
fn an_agent_at_a_page_of_ours_may_be_quicker_and_the_customer_leaves_the_dial() {
    let mut story = Story::arrives(Free {
        agents: vec![user("ana"), user("ben")],
        devices: vec![device("ana")],
    });
    assert_eq!(story.rung(), ["o_1_a_ana"]);
    let offer = story.call.offers[1].id.clone();
    let agent = user("ben");
    story.hears(8, Event::Accept { agent, offer });
    let led = |e: &Effect| matches!(e, Effect::Redirect { sid, to: LegTarget::Room, .. } if sid == CUSTOMER);
    assert!(story.effects.iter().any(led), "{:?}", story.effects);
    story.dial_ends(8, false);
    assert_eq!(story.reply, [Step::AskNext], "what was planned happens");
    let sid = CUSTOMER.to_owned();
    story.hears(9, Event::RoomRequested { sid });
    assert!(story.enters(LegRole::Customer));
}

#[test]
fn nobody_takes_it_up_and_the_customer_waits_until_it_rings_again() {
    let mut story = Story::rings();
    story.status(40, "ana", LegStatus::NoAnswer);
    assert!(
        story
            .effects
            .iter()
            .all(|e| !matches!(e, Effect::DeviceAbsent { .. }))
    );
    story.dial_ends(40, false);
    assert!(matches!(story.reply[..], [Step::Enqueue { .. }]));
    assert!(story.effects.contains(&Effect::FindAgents));
    let free = Event::AgentsFree {
        agents: vec![user("ben")],
        devices: vec![device("ben")],
    };
    story.hears(40, free);
    let sid = CUSTOMER.to_owned();
    story.hears(41, Event::WaitRequested { sid: sid.clone() });
    assert_eq!(story.reply, [Step::Leave]);
    let result = QueueResult::Leave;
    story.hears(41, Event::QueueLeft { sid, result });
    assert_eq!(story.rung(), ["o_1_a_ben"]);
}

#[test]
fn a_device_that_is_not_at_the_carrier_counts_as_gone_and_one_that_says_no_has_declined() {
    let mut story = Story::rings();
    story.status(1, "ana", LegStatus::NoAnswer);
    let agent = user("ana");
    assert!(story.effects.contains(&Effect::DeviceAbsent { agent }));
    story.status(4, "ben", LegStatus::Busy);
    assert_eq!(story.call.offers[1].state, OfferState::Declined);
    story.dial_ends(4, false);
    let free = Event::AgentsFree {
        agents: vec![user("ben")],
        devices: vec![device("ben")],
    };
    story.hears(5, free);
    assert!(
        story
            .call
            .ring
            .devices
            .iter()
            .all(|rung| !rung.label.is_empty()),
        "not again at once"
    );
}

#[test]
fn an_end_that_is_told_before_its_reason_rings_nobody_again_and_again() {
    let mut story = Story::rings();
    story.dial_ends(1, false);
    let free = Event::AgentsFree {
        agents: vec![user("ana"), user("ben")],
        devices: vec![device("ana"), device("ben")],
    };
    story.hears(1, free.clone());
    let sid = CUSTOMER.to_owned();
    story.hears(2, Event::WaitRequested { sid });
    assert_eq!(story.reply, [Step::WaitMusic], "not at once");
    story.status(2, "ana", LegStatus::NoAnswer);
    let agent = user("ana");
    assert!(story.effects.contains(&Effect::DeviceAbsent { agent }));
    story.hears(12, free);
    assert!(
        story
            .call
            .ring
            .devices
            .iter()
            .any(|rung| rung.label.is_empty()),
        "but later"
    );
}

#[test]
fn a_caller_in_the_queue_is_called_out_of_it_when_an_agent_comes_to_a_device() {
    let mut story = Story::arrives(Free::default());
    let sid = CUSTOMER.to_owned();
    story.hears(6, Event::WaitRequested { sid: sid.clone() });
    let free = Event::AgentsFree {
        agents: vec![user("ana")],
        devices: vec![device("ana")],
    };
    story.hears(20, free);
    let out = |e: &Effect| {
        matches!(
            e,
            Effect::Redirect {
                to: LegTarget::Next,
                ..
            }
        )
    };
    assert!(story.effects.iter().any(out), "{:?}", story.effects);
    story.hears(21, Event::NextRequested { sid });
    assert_eq!(story.rung(), ["o_1_a_ana"]);
}

#[test]
fn at_most_ten_devices_ring_at_once() {
    let names: Vec<String> = (0..14).map(|n| format!("agent{n}")).collect();
    let story = Story::arrives(Free {
        agents: names.iter().map(|name| user(name)).collect(),
        devices: names.iter().map(|name| device(name)).collect(),
    });
    assert_eq!(story.rung().len(), 10);
    assert_eq!(story.call.offers.len(), 10);
}

#[test]
fn put_down_at_once_the_caller_is_back_at_the_front_and_waited_too_long_the_overflow_has_him() {
    let mut story = Story::rings();
    let label = story.label("ana");
    story.answers(9, "ana");
    let gone = LegReport {
        sid: "CAana".to_owned(),
        label: Some(label),
        parent_sid: Some(CUSTOMER.to_owned()),
        status: LegStatus::Completed,
        duration_seconds: Some(0),
        error_code: None,
    };
    story.hears(9, Event::Leg(gone));
    assert_eq!(story.call.agent, None);
    assert_eq!(
        story.call.place_in_queue().map(|(first, _)| first),
        Some(false)
    );
    story.dial_ends(10, true);
    assert_eq!(story.reply, [Step::AskNext]);
    let mut story = Story::rings();
    story.hears(301, Event::Deadline);
    assert!(matches!(story.call.state, State::Voicemail { .. }));
    story.dial_ends(301, false);
    assert_eq!(story.reply, [Step::AskNext]);
    let sid = CUSTOMER.to_owned();
    story.hears(302, Event::NextRequested { sid });
    assert!(story.reply.contains(&Step::TakeMessage));
}

#[test]
fn a_talk_that_nobody_told_us_of_is_a_talk_all_the_same() {
    let mut story = Story::rings();
    story.dial_ends(30, true);
    let call = &story.call;
    assert_eq!(
        (call.outcome(), call.answered_at),
        (Some(Outcome::Answered), Some(at(21)))
    );
}
