//! Agents at another system's front end: they take calls that were never offered to them, their device comes when it comes, and
//! its end is the end of the call.

use super::world::{Place, World, policy, queue, user};
use crate::call::*;

fn waiting() -> World {
    World::inbound(queue(), policy()).script("greeting over")
}

fn rung() -> World {
    let identity = "o_1_a_ana".to_owned();
    World::outbound(Mode::DeviceFirst { identity }, policy())
}

/// Rung one at a time: it is on ana's screen, and not on ben's.
fn on_anas_screen() -> World {
    let one_at_a_time = Policy {
        ring: Ring::LongestIdle,
        ..policy()
    };
    let world = World::inbound(queue(), one_at_a_time).script("greeting over");
    assert_eq!(world.screens(), ["ana"]);
    world
}

#[test]
fn a_waiting_call_is_taken_by_one_whether_or_not_it_was_offered() {
    let world = on_anas_screen().script("ben takes");
    assert_eq!(world.call.agent, Some(user("ben")));
    assert!(
        matches!(world.place, Place::Room(_)),
        "the room keeps the caller"
    );
    let world = world.script("ana too late already_claimed, ben takes, 8 s, ben connects");
    assert_eq!(world.call.phase(world.now), Phase::Connected);
}

#[test]
fn the_room_keeps_the_caller_for_thirty_seconds_and_then_the_queue_has_him_again() {
    let world = waiting().script("ana takes, 29 s");
    assert_eq!(world.call.phase(world.now), Phase::Connecting);
    let world = world.script("1 s");
    assert_eq!(
        (world.call.agent.clone(), world.place.clone()),
        (None, Place::Queue)
    );
    assert!(
        !world.call.ends_with_agent,
        "the next agent may know a hang-up"
    );
    let world = world.script("ben accepts, ben connects, ben drops");
    assert!(!world.call.is_over(), "our own page's leg was lost");
}

#[test]
fn the_end_of_the_devices_leg_is_the_end_of_the_call() {
    let world = waiting().script("ana takes, ana connects, 40 s, ana drops");
    let call = &world.call;
    assert_eq!(
        (call.outcome(), call.ended_by()),
        (Some(Outcome::Answered), Some(EndedBy::Agent))
    );
    assert_eq!(world.place, Place::Gone);
}

#[test]
fn nobody_of_ours_is_asked_to_join_beside_the_other_front_end() {
    let world = waiting().script("ana takes, ana connects");
    assert_eq!(
        world.count(|e| matches!(e, Effect::Live(LiveEvent::Join { .. }))),
        0
    );
    let world = waiting().script("ana accepts");
    assert_eq!(
        world.count(|e| matches!(e, Effect::Live(LiveEvent::Join { .. }))),
        1
    );
}

#[test]
fn t_decline_local_a_caller_who_was_turned_down_rings_on_for_the_others() {
    let world = waiting().script("ana turns down");
    assert_eq!(world.screens(), ["ben"]);
    let world = on_anas_screen().script("ben turns down, ana declines");
    assert_eq!(world.screens(), [""; 0], "not again at once");
    assert_eq!(world.place, Place::Queue);
    let world = world.script("30 s");
    assert_eq!(world.screens(), ["ana"], "but later");
}

#[test]
fn a_caller_who_is_gone_can_be_taken_by_nobody() {
    let world = waiting().script("caller hangs up, ana too late caller_gone, ana turns down");
    assert_eq!(world.call.outcome(), Some(Outcome::Abandoned));
}

#[test]
fn the_agents_device_is_rung_first_and_the_customer_only_when_the_agent_is_there() {
    let world = rung();
    assert_eq!(world.sent(), ["DialAgent"]);
    assert!(
        world
            .log
            .iter()
            .any(|e| matches!(e, Effect::DialAgent { to, .. } if to == "client:o_1_a_ana"))
    );
    let world = world.script("8 s, ana picks up");
    assert_eq!(world.sent(), ["DialAgent", "DialCustomer"]);
    let world = world.script("customer answers, 9 s, ana drops");
    assert_eq!(world.call.outcome(), Some(Outcome::Answered));
    assert_eq!(world.place, Place::Gone);
}

#[test]
fn an_agent_who_does_not_pick_up_ends_it_as_no_answer_and_no_customer_is_dialled() {
    for script in ["20 s, ana does not pick up", "75 s"] {
        let world = rung().script(script);
        let call = &world.call;
        assert_eq!(
            (call.status(), call.outcome()),
            (LegStatus::NoAnswer, Some(Outcome::NoAnswer)),
            "{script}"
        );
        assert_eq!(world.count(|e| matches!(e, Effect::DialCustomer { .. })), 0);
        assert_eq!(world.place, Place::Nowhere);
    }
}

#[test]
fn a_device_that_connects_by_itself_meanwhile_takes_the_place_of_the_ringing() {
    let world = rung().script("2 s, ana connects");
    assert_eq!(world.sent(), ["DialAgent", "EndLeg", "DialCustomer"]);
    let world = world.script("customer answers");
    assert_eq!(world.call.phase(world.now), Phase::Connected);
}

#[test]
fn a_device_that_was_there_before_the_call_has_the_customer_dialled_at_once() {
    let world = World::foreign().script("ana connects");
    assert_eq!(world.sent(), ["DialCustomer"]);
    let world = world.script("3 s, ana drops");
    assert_eq!(world.call.outcome(), Some(Outcome::Canceled));
    assert_eq!(world.place, Place::Gone);
}
