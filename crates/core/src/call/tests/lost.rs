//! Agents who vanish, come back, or never come.

use super::world::{Place, World, policy, queue, user};
use crate::call::*;

fn talking() -> World {
    World::inbound(queue(), policy()).script("greeting over, ana accepts, ana connects, 30 s")
}

#[test]
fn a_lost_agent_puts_the_customer_on_hold_and_comes_back() {
    let world = talking().script("ana drops");
    assert!(matches!(world.call.state, State::Lost { .. }));
    assert_eq!(
        world.sent(),
        ["Dequeue", "HoldParticipant", "PauseRecording"]
    );
    assert!(
        world
            .log
            .contains(&Effect::Live(LiveEvent::Join { agent: user("ana") }))
    );
    let world = world.script("5 s, ana connects");
    assert!(matches!(
        world.call.state,
        State::Connected { hold: None, .. }
    ));
    assert_eq!(world.sent()[3..], ["UnholdParticipant", "ResumeRecording"]);
    let world = world.script("10 s, caller hangs up");
    assert_eq!(world.call.outcome(), Some(Outcome::Answered));
    assert_eq!(world.call.talk_seconds(world.now), Some(45));
}

#[test]
fn a_newer_leg_replaces_the_older_and_that_end_is_no_loss() {
    let world = talking().script("ana connects");
    assert!(matches!(world.call.state, State::Connected { .. }));
    assert_eq!(world.sent(), ["Dequeue", "RemoveParticipant"]);
    assert_eq!(
        world.agents.iter().map(|leg| leg.alive).collect::<Vec<_>>(),
        [false, true]
    );
}

#[test]
fn a_lost_agent_who_stays_away_gives_the_caller_back_to_the_front() {
    let world = talking().script("ana drops, 19 s");
    assert!(matches!(world.call.state, State::Lost { .. }));
    let world = world.script("1 s");
    assert_eq!(world.place, Place::Queue);
    assert_eq!(
        world.call.place_in_queue(),
        Some((false, world.now)),
        "before all others, wait anew"
    );
    assert_eq!(world.screens(), ["ana", "ben"]);
    assert_eq!(world.call.status(), LegStatus::InProgress);
    let world = world.script("3 s, ben accepts, ben connects");
    assert_eq!(world.sent().last().unwrap(), "ResumeRecording");
    assert_eq!(world.recordings_started, 1, "one file through it all");
    assert_eq!(
        world.script("ben hangs up").call.outcome(),
        Some(Outcome::Answered)
    );
}

#[test]
fn an_agent_who_never_joins_gives_the_caller_back_after_ten_seconds() {
    let world = World::inbound(queue(), policy()).script("greeting over, ana accepts, 9 s");
    assert!(matches!(world.call.state, State::Connecting { .. }));
    let world = world.script("1 s");
    assert_eq!(
        (world.place.clone(), world.call.agent.clone()),
        (Place::Queue, None)
    );
    let world = world.script("ben accepts, ben connects, ben hangs up");
    assert_eq!(world.call.outcome(), Some(Outcome::Answered));
    assert_eq!(world.recordings_started, 1);
}

#[test]
fn hold_by_the_agent_survives_a_loss() {
    let world = talking().script("ana holds, ana drops, 2 s, ana connects");
    assert!(matches!(
        world.call.state,
        State::Connected { hold: Some(_), .. }
    ));
    assert_eq!(
        world.sent(),
        ["Dequeue", "HoldParticipant", "PauseRecording"]
    );
    assert_eq!(world.call.phase(world.now), Phase::OnHold);
}

#[test]
fn a_browser_that_shows_no_sign_of_life_loses_its_leg() {
    let world = talking().script("ana vanishes");
    assert!(matches!(world.call.state, State::Lost { .. }));
    assert!(world.agents.iter().all(|leg| !leg.alive));
}

#[test]
fn a_caller_who_hangs_up_while_the_agent_is_lost_was_answered() {
    let world = talking().script("ana drops, 3 s, caller hangs up, 60 s");
    assert_eq!(world.call.outcome(), Some(Outcome::Answered));
    assert_eq!(world.call.talk_seconds(world.now), Some(33));
}

#[test]
fn a_return_to_the_queue_is_tried_until_the_carrier_is_back() {
    let world = talking().script("ana drops, carrier down, 20 s");
    assert!(matches!(world.place, Place::Room(_)), "held in the room");
    let world = world.script("14 s, carrier up, 5 s");
    assert_eq!(world.place, Place::Queue);
}

#[test]
fn two_readings_of_the_carrier_end_a_call_whose_callbacks_were_lost() {
    let mut world = talking();
    let legs = world.call.legs.iter().map(|leg| LegReport {
        sid: leg.sid.clone().unwrap(),
        label: None,
        parent_sid: None,
        status: LegStatus::Completed,
        duration_seconds: Some(31),
        error_code: None,
    });
    let legs = legs.collect();
    world.tell(Event::Reconciled { legs, room: None });
    assert_eq!(world.call.outcome(), Some(Outcome::Answered));
    assert!(world.call.legs.iter().all(|leg| !leg.is_live()));
}
