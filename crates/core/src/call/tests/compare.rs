//! Callbacks that never come: what the carrier says when it is asked makes up for them.

use super::world::{Place, World, policy, queue};
use crate::call::*;

fn talking() -> World {
    World::inbound(queue(), policy()).script("greeting over, ana accepts, ana connects, 70 s")
}

fn ended(world: &World) -> usize {
    world.count(|effect| matches!(effect, Effect::EndLeg { .. }))
}

#[test]
fn a_comparison_that_finds_all_as_it_is_changes_nothing() {
    let world = talking();
    let (legs, room) = world.reading();
    let room = Some(room);
    let decided = world
        .call
        .decide(world.now, Event::Reconciled { legs, room });
    assert!(matches!(decided, Decision::Stale { .. }), "{decided:?}");
}

#[test]
fn an_agent_whose_leave_nobody_told_is_lost_and_called_back() {
    let world = talking().script("callbacks get lost, ana drops, 15 s");
    assert!(matches!(world.call.state, State::Connected { .. }));
    let world = world.script("compared");
    assert!(matches!(world.call.state, State::Lost { .. }));
    let world = world.script("callbacks come, 20 s");
    assert_eq!(world.place, Place::Queue, "the caller is not left alone");
}

#[test]
fn an_agents_leg_that_lives_outside_the_room_is_lost_as_well() {
    let mut world = talking();
    world.agents[0].room = None;
    world.compare();
    assert!(matches!(world.call.state, State::Lost { .. }));
    assert!(
        world.call.legs[1].is_live(),
        "its leg was not said to be over"
    );
}

#[test]
fn a_room_that_ended_under_a_conversation_brings_the_customer_back_into_it() {
    let mut world = talking();
    world.agents[0].room = None;
    world.place = Place::Greeting;
    world.compare();
    assert!(matches!(world.place, Place::Room(_)), "{:?}", world.place);
    let world = world.script("2 s, ana connects");
    assert!(matches!(world.call.state, State::Connected { .. }));
}

#[test]
fn a_room_that_nobody_could_look_into_proves_nothing() {
    let mut world = talking();
    world.agents[0].room = None;
    let (legs, _) = world.reading();
    world.tell(Event::Reconciled { legs, room: None });
    assert!(matches!(world.call.state, State::Connected { .. }));
}

#[test]
fn joins_that_nobody_told_are_found_in_the_room() {
    let world = World::inbound(queue(), policy())
        .script("greeting over, ana accepts, callbacks get lost, ana connects, 5 s");
    assert!(matches!(world.call.state, State::Connecting { .. }));
    let world = world.script("compared");
    assert!(matches!(world.call.state, State::Connected { .. }));
}

#[test]
fn a_caller_who_should_wait_but_sits_alone_in_the_room_is_led_out_of_it() {
    let mut world = talking().script("ana drops, 19 s");
    world.call.moving = None;
    world.call = match world.call.decide(world.now + REJOIN_OVER, Event::Deadline) {
        Decision::Next { call, .. } => *call,
        other => panic!("he goes back to the queue: {other:?}"),
    };
    assert!(matches!(world.place, Place::Room(_)), "the move got lost");
    world.now += REJOIN_OVER;
    let world = world.script("20 s, compared");
    assert_eq!(world.place, Place::Queue);
}

const REJOIN_OVER: chrono::TimeDelta = chrono::TimeDelta::seconds(2);

#[test]
fn whoever_stays_in_the_room_of_a_call_that_is_over_is_ended_at_the_carrier() {
    let mut world = talking().script("ana hangs up");
    assert!(world.call.is_over());
    let asked = ended(&world);
    world.place = Place::Room("customer_9".to_owned());
    world.agents[0].alive = true;
    world.agents[0].room = Some("agent_9".to_owned());
    world.compare();
    assert_eq!(ended(&world), asked + 2);
    assert!(world.agents.iter().all(|leg| !leg.alive));
    assert_eq!(world.place, Place::Gone);
}

#[test]
fn a_leg_of_a_call_that_is_over_whose_end_nobody_told_does_not_stay_alive() {
    let world = talking().script("callbacks get lost, ana hangs up, 20 s");
    assert!(world.call.is_over() && world.call.legs.iter().any(Leg::is_live));
    let world = world.script("compared");
    assert!(world.call.legs.iter().all(|leg| !leg.is_live()));
    assert_eq!(world.call.outcome(), Some(Outcome::Answered));
}

#[test]
fn a_customer_who_rings_in_the_room_is_known_by_the_label_alone() {
    let mut world =
        World::outbound(Mode::Softphone, policy()).script("callbacks get lost, ana connects");
    world.compare();
    assert!(matches!(world.call.state, State::Dialling { .. }));
    world.pool.clear();
    assert_eq!(world.call.customer_sid(), None, "the answer got lost too");
    let mut world = world.script("5 s, compared");
    assert!(world.call.customer_sid().is_some());
    world.customer_answers();
    let world = world.script("30 s, compared");
    assert!(matches!(world.call.state, State::Connected { .. }));
    assert_eq!(world.count(|e| matches!(e, Effect::DialCustomer { .. })), 1);
}
