//! An agent's click reaches a phone.

use super::world::{Place, World, policy, user};
use crate::call::*;

fn call() -> World {
    World::outbound(Mode::Softphone, policy())
}

#[test]
fn the_customer_is_dialled_once_and_only_when_the_agent_is_in_the_room() {
    let world = call();
    assert_eq!(world.sent(), [""; 0]);
    let world = world.script("2 s, ana connects");
    assert_eq!(world.sent(), ["DialCustomer"]);
    assert_eq!(world.call.status(), LegStatus::Ringing);
    let world = world.script("5 s, customer answers");
    assert_eq!(world.call.status(), LegStatus::InProgress);
    assert_eq!(world.call.phase(world.now), Phase::Connected);
    let world = world.script("40 s, ana hangs up");
    assert_eq!(
        (world.call.outcome(), world.call.ended_by()),
        (Some(Outcome::Answered), Some(EndedBy::Agent))
    );
    assert_eq!(world.call.talk_seconds(world.now), Some(40));
    assert_eq!(world.place, Place::Gone);
    assert_eq!(world.count(|e| matches!(e, Effect::DialCustomer { .. })), 1);
}

#[test]
fn the_agents_device_is_told_to_connect_and_an_own_phone_is_rung() {
    let join = |e: &Effect| matches!(e, Effect::Live(LiveEvent::Join { .. }));
    assert_eq!(call().count(join), 1);
    assert_eq!(World::outbound(Mode::Direct, policy()).count(join), 1);
    let agent_phone = "+12025550199".to_owned();
    let world = World::outbound(Mode::PhoneFirst { agent_phone }, policy());
    assert_eq!(world.count(join), 0);
}

#[test]
fn joining_the_room_is_not_answering() {
    let mut world = call().script("ana connects");
    let label = world.call.customer().unwrap().label.clone();
    let sid = world.call.customer_sid().unwrap().to_owned();
    world.tell(Event::Joined {
        sid,
        label,
        conference_sid: "CF1".to_owned(),
        sequence: 2,
    });
    assert_eq!(world.call.status(), LegStatus::Ringing);
}

#[test]
fn busy_and_no_answer_are_told_and_release_the_agent() {
    for (line, outcome, status) in [
        ("customer is busy", Outcome::Busy, LegStatus::Busy),
        (
            "customer does not answer",
            Outcome::NoAnswer,
            LegStatus::NoAnswer,
        ),
    ] {
        let world = call().script("ana connects, 5 s").script(line);
        assert_eq!(
            (world.call.outcome(), world.call.status()),
            (Some(outcome), status)
        );
        assert!(world.agents.iter().all(|leg| !leg.alive));
        assert_eq!(
            world.call.phase(world.now),
            Phase::Ended,
            "nothing to wrap up"
        );
    }
}

#[test]
fn an_agent_who_hangs_up_while_it_rings_stops_the_ringing() {
    let world = call().script("ana connects, 3 s, ana hangs up");
    assert_eq!(
        (world.place.clone(), world.call.outcome()),
        (Place::Gone, Some(Outcome::Canceled))
    );
    assert_eq!(world.call.status(), LegStatus::Canceled);
}

#[test]
fn a_leg_whose_sid_comes_after_the_hang_up_is_ended_then() {
    let mut world = call();
    world.prompt = false;
    let mut world = world.script("ana connects");
    world.deliver(0);
    assert_eq!(world.call.customer_sid(), None);
    let world = world.script("ana hangs up");
    let mut world = world;
    assert_eq!(world.sent(), ["DialCustomer", "EndLeg", "EndLegByLabel"]);
    let label = world.call.customer().unwrap().label.clone();
    world.tell(Event::Placed {
        label,
        sid: "CAcustomer".to_owned(),
    });
    assert_eq!(world.sent().last().unwrap(), "EndLeg");
}

#[test]
fn an_agent_who_never_connects_fails_the_call_and_nobody_is_dialled() {
    let world = call().script("20 s");
    assert_eq!(
        (world.call.outcome(), world.call.status()),
        (Some(Outcome::Failed), LegStatus::Failed)
    );
    assert_eq!(world.sent(), [""; 0]);
}

#[test]
fn an_agent_lost_while_it_rings_calls_the_dialling_off() {
    let world = call().script("ana connects, 3 s, ana drops");
    assert_eq!(
        (world.place.clone(), world.call.outcome()),
        (Place::Gone, Some(Outcome::Canceled))
    );
}

#[test]
fn an_outbound_customer_whose_agent_stays_away_is_told_and_released() {
    let world = call().script("ana connects, customer answers, 10 s, ana drops, 20 s");
    assert_eq!(world.heard.last(), Some(&Prompt::AgentLost));
    assert_eq!(world.place, Place::Gone);
    assert_eq!(
        (world.call.outcome(), world.call.ended_by()),
        (Some(Outcome::Answered), Some(EndedBy::Carrier))
    );
}

#[test]
fn a_refused_dial_is_a_failed_call() {
    let world = call().script("carrier down, ana connects");
    assert_eq!(world.call.outcome(), Some(Outcome::Failed));
    assert_eq!(world.call.customer().unwrap().error_code, Some(20500));
}

#[test]
fn phone_first_rings_the_agents_phone_and_then_the_customer() {
    let mode = Mode::PhoneFirst {
        agent_phone: "+12025550199".to_owned(),
    };
    let world = World::outbound(mode.clone(), policy());
    assert_eq!(world.sent(), ["DialAgent"]);
    let world = world.script("8 s, ana picks up");
    assert_eq!(world.sent(), ["DialAgent", "DialCustomer"]);
    let world = world.script("customer answers, 9 s, ana drops");
    assert_eq!(
        (world.call.outcome(), world.call.ended_by()),
        (Some(Outcome::Answered), Some(EndedBy::Agent))
    );
    let world = World::outbound(mode, policy()).script("ana drops");
    assert_eq!(world.call.outcome(), Some(Outcome::Failed));
}

#[test]
fn the_wrap_up_ends_early_by_saving() {
    let world = call().script("ana connects, customer answers, 9 s, caller hangs up, 3 s");
    assert_eq!(world.call.phase(world.now), Phase::WrapUp);
    assert_eq!(world.call.agent, Some(user("ana")));
    let world = world.script("ana saves");
    assert_eq!(
        (world.call.phase(world.now), world.call.deadline()),
        (Phase::Ended, None)
    );
}

#[test]
fn a_dial_that_was_called_off_before_it_left_leaves_no_live_leg() {
    let mode = Mode::PhoneFirst {
        agent_phone: "+12025550199".to_owned(),
    };
    let mut world = World::outbound(mode, policy());
    world.call.legs[0].sid = None;
    let mut world = world.script("ana hangs up");
    let label = world.call.legs[0].label.clone();
    world.tell(Event::PlaceRefused { label, code: None });
    assert!(!world.call.legs[0].is_live());
    assert_eq!(world.call.outcome(), Some(Outcome::Canceled));
}

fn told(world: &World) -> usize {
    world.count(|e| matches!(e, Effect::Live(LiveEvent::CallStatusUpdate)))
}

#[test]
fn pages_are_told_each_step_that_the_carrier_takes_and_no_repeat_of_it() {
    let mut world = call().script("ana connects");
    let label = world.call.customer().unwrap().label.clone();
    let before = told(&world);
    let paced = Event::Paced {
        label,
        milliseconds: 2_500,
    };
    world.tell(paced.clone());
    assert_eq!(told(&world), before, "it rings already: nothing waits");
    let mut world = world.script("customer answers");
    assert_eq!(told(&world), before + 1);
    assert!(!world.call.is_recording());
    let started = Event::RecordingStarted {
        sid: world.call.customer_sid().unwrap().to_owned(),
        recording_sid: "RE1".to_owned(),
    };
    world.tell(started.clone());
    world.tell(started);
    assert_eq!(told(&world), before + 2);
    assert!(world.call.is_recording());
    let world = world.script("ana holds");
    assert_eq!(told(&world), before + 3);
    assert!(!world.call.is_recording() && world.call.is_recording_paused());
}

#[test]
fn a_start_that_the_carrier_lets_wait_says_until_when() {
    let mut world = call();
    world.prompt = false;
    let mut world = world.script("ana connects");
    world.deliver(0);
    let leg = world.call.customer().unwrap();
    assert_eq!(leg.status, LegStatus::Queued);
    let paced = Event::Paced {
        label: leg.label.clone(),
        milliseconds: 2_500,
    };
    let (now, before) = (world.now, told(&world));
    world.tell(paced);
    let waits = world.call.customer().unwrap().dials_at.unwrap() - now;
    assert_eq!(
        (waits.num_milliseconds(), told(&world)),
        (2_500, before + 1)
    );
}

#[test]
fn who_ended_it_is_told_apart() {
    let talking = || call().script("ana connects, customer answers, 9 s");
    let by = |world: World| world.call.ended_by().unwrap();
    assert_eq!(by(talking().script("caller hangs up")), EndedBy::Customer);
    assert_eq!(by(talking().script("ana hangs up")), EndedBy::Agent);
    let mut world = talking();
    world.tell(Event::HangUpFor { agent: user("ana") });
    assert_eq!(by(world), EndedBy::Supervisor);
    let mut world = talking();
    world.tell(Event::Leg(LegReport {
        sid: world.call.customer_sid().unwrap().to_owned(),
        label: None,
        parent_sid: None,
        status: LegStatus::Failed,
        duration_seconds: None,
        error_code: None,
    }));
    assert_eq!(
        by(world),
        EndedBy::Carrier,
        "a leg that breaks was not hung up"
    );
}
