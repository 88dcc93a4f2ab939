//! The agent's leg dials the customer itself; a room is made of it when one is needed.

use super::world::{Place, World, policy};
use crate::call::*;

fn call() -> World {
    World::outbound(Mode::Direct, policy())
}

fn talking() -> World {
    call().script("ana connects, 4 s, customer answers, 30 s")
}

fn room(world: &World) -> bool {
    matches!(world.place, Place::Room(_)) && world.agents.iter().any(|leg| leg.room.is_some())
}

#[test]
fn the_agents_leg_dials_and_they_talk_without_a_room() {
    let world = call();
    assert_eq!(world.sent(), [""; 0]);
    let world = world.script("2 s, ana connects");
    assert_eq!(world.place, Place::Ringing);
    assert_eq!(world.call.status(), LegStatus::Ringing);
    assert_eq!(world.call.phase(world.now), Phase::Connecting);
    let world = world.script("5 s, customer answers");
    assert_eq!(
        (world.call.status(), world.call.phase(world.now)),
        (LegStatus::InProgress, Phase::Connected)
    );
    assert_eq!(
        world.sent(),
        ["StartRecording"],
        "nothing else is asked for"
    );
    let world = world.script("40 s, ana hangs up");
    assert_eq!(
        (world.call.outcome(), world.call.ended_by()),
        (Some(Outcome::Answered), Some(EndedBy::Agent))
    );
    assert_eq!(world.call.talk_seconds(world.now), Some(40));
    assert_eq!(world.place, Place::Gone);
    assert!(world.agents.iter().all(|leg| !leg.alive));
}

#[test]
fn either_side_ends_it_and_it_is_known_which() {
    let world = talking().script("caller hangs up");
    assert_eq!(world.call.ended_by(), Some(EndedBy::Customer));
    assert!(world.agents.iter().all(|leg| !leg.alive));
    let world = talking().script("ana drops");
    assert_eq!(
        (world.call.outcome(), world.call.ended_by()),
        (Some(Outcome::Answered), Some(EndedBy::Agent))
    );
    assert_eq!(
        world.place,
        Place::Gone,
        "the carrier ended what was dialled"
    );
}

#[test]
fn an_agents_end_that_is_told_after_the_customers_is_the_agents_all_the_same() {
    let leg_over = || leg_over("CAcustomer");
    for story in [[leg_over(), dial_over(true)], [dial_over(true), leg_over()]] {
        let world = talking();
        let end = story.into_iter().fold(world.call, |call, event| {
            match call.decide(world.now, event) {
                Decision::Next { call, .. } => *call,
                _ => call,
            }
        });
        assert_eq!(
            (end.outcome(), end.ended_by()),
            (Some(Outcome::Answered), Some(EndedBy::Agent))
        );
    }
}

fn leg_over(sid: &str) -> Event {
    Event::Leg(LegReport {
        sid: sid.to_owned(),
        label: None,
        parent_sid: None,
        status: LegStatus::Completed,
        duration_seconds: Some(30),
        error_code: None,
    })
}

fn dial_over(hung_up: bool) -> Event {
    Event::DialEnded {
        sid: "CAana0".to_owned(),
        status: LegStatus::Completed,
        customer_sid: Some("CAcustomer".to_owned()),
        duration_seconds: Some(30),
        hung_up,
    }
}

#[test]
fn busy_and_no_answer_are_told_and_release_the_agent() {
    for (line, outcome) in [
        ("customer is busy", Outcome::Busy),
        ("customer does not answer", Outcome::NoAnswer),
    ] {
        let world = call().script("ana connects, 5 s").script(line);
        assert_eq!(world.call.outcome(), Some(outcome));
        assert!(world.agents.iter().all(|leg| !leg.alive));
    }
}

#[test]
fn a_dial_that_the_carrier_refuses_is_a_failed_call() {
    let mut world = call().script("ana connects");
    world.pool.clear();
    let reply = world.tell(Event::DialEnded {
        sid: "CAana0".to_owned(),
        status: LegStatus::Failed,
        customer_sid: None,
        duration_seconds: None,
        hung_up: false,
    });
    assert_eq!(reply, [Step::HangUp]);
    assert_eq!(
        (world.call.outcome(), world.call.ended_by()),
        (Some(Outcome::Failed), Some(EndedBy::Carrier))
    );
    assert!(!world.call.customer().unwrap().is_live());
}

#[test]
fn who_hangs_up_while_it_rings_stops_the_ringing() {
    for line in ["ana hangs up", "ana drops"] {
        let world = call().script("ana connects, 3 s").script(line);
        assert_eq!(
            (world.place.clone(), world.call.outcome()),
            (Place::Gone, Some(Outcome::Canceled)),
            "{line}"
        );
    }
}

#[test]
fn the_same_question_has_the_same_answer_and_a_second_tab_dials_nobody() {
    let mut world = call();
    world.prompt = false;
    let mut world = world.script("ana connects");
    let asks = |sid: &str| Event::AgentCalls {
        agent: super::world::user("ana"),
        sid: sid.to_owned(),
        label: None,
        address: "client:ana".to_owned(),
    };
    let now = world.now;
    let Decision::Stale { reply } = world.call.decide(now, asks("CAana0")) else {
        panic!("a repeat changes nothing");
    };
    assert!(matches!(&reply[..], [Step::DialCustomer { .. }]));
    let Decision::Stale { reply } = world.call.decide(now, asks("CAana7")) else {
        panic!("a second tab changes nothing while it rings");
    };
    assert_eq!(reply.last(), Some(&Step::HangUp));
    world.deliver(0);
    let Decision::Stale { reply } = world.call.decide(now, asks("CAana0")) else {
        panic!("a repeat changes nothing");
    };
    assert_eq!(reply.last(), Some(&Step::HangUp), "the phone rings already");
}

#[test]
fn hold_makes_a_room_of_it_and_the_customer_hears_music_there() {
    let world = talking().script("ana holds");
    assert!(room(&world), "{:?} {:?}", world.place, world.agents);
    assert_eq!(world.call.phase(world.now), Phase::OnHold);
    assert_eq!(
        world.sent(),
        [
            "StartRecording",
            "Redirect Room",
            "PauseRecording",
            "HoldParticipant"
        ]
    );
    assert_eq!(world.recordings_started, 0, "one recording, begun before");
    let world = world.script("10 s, ana resumes");
    assert_eq!(world.sent()[4..], ["UnholdParticipant", "ResumeRecording"]);
    assert_eq!(world.call.phase(world.now), Phase::Connected);
    let world = world.script("20 s, ana holds, 5 s, ana resumes, 5 s, caller hangs up");
    assert_eq!(
        (world.call.outcome(), world.call.ended_by()),
        (Some(Outcome::Answered), Some(EndedBy::Customer))
    );
    assert_eq!(world.call.talk_seconds(world.now), Some(70));
    assert!(world.agents.iter().all(|leg| !leg.alive));
}

#[test]
fn a_hold_that_is_taken_back_before_the_customer_has_come_holds_nobody() {
    let mut world = talking();
    world.prompt = false;
    let mut world = world.script("ana holds, ana resumes");
    while !world.pool.is_empty() {
        world.deliver(0);
    }
    assert!(room(&world));
    assert_eq!(world.call.phase(world.now), Phase::Connected);
    assert_eq!(
        world.count(|e| matches!(e, Effect::HoldParticipant { .. })),
        0
    );
}

#[test]
fn a_hold_that_cannot_be_sent_is_tried_again() {
    let world = talking().script("carrier down, ana holds");
    assert!(matches!(world.place, Place::Bridge(_)), "they still talk");
    let world = world.script("3 s, carrier up, 2 s");
    assert!(room(&world));
    assert_eq!(
        world.count(|e| matches!(e, Effect::HoldParticipant { .. })),
        1
    );
}

#[test]
fn another_tab_takes_over_by_a_room_and_the_older_leg_goes() {
    let world = talking().script("ana connects");
    assert!(room(&world));
    assert!(matches!(
        world.call.state,
        State::Connected { hold: None, .. }
    ));
    assert_eq!(
        world.agents.iter().map(|leg| leg.alive).collect::<Vec<_>>(),
        [false, true]
    );
    let world = world.script("9 s, caller hangs up");
    assert_eq!(world.call.outcome(), Some(Outcome::Answered));
}

#[test]
fn a_browser_without_a_sign_of_life_loses_the_agent_and_not_the_customer() {
    let world = talking().script("ana vanishes");
    assert!(matches!(world.call.state, State::Lost { .. }));
    assert!(matches!(world.place, Place::Room(_)));
    assert!(
        world.agents.iter().all(|leg| !leg.alive),
        "its Dial is over"
    );
    assert_eq!(
        world.sent(),
        [
            "StartRecording",
            "Redirect Room",
            "PauseRecording",
            "HoldParticipant"
        ]
    );
    let back = world.script("8 s, ana connects");
    assert!(matches!(
        back.call.state,
        State::Connected { hold: None, .. }
    ));
    assert!(room(&back));
    let world = talking().script("ana vanishes, 20 s");
    assert_eq!(world.heard.last(), Some(&Prompt::AgentLost));
    assert_eq!(
        (world.call.outcome(), world.call.ended_by()),
        (Some(Outcome::Answered), Some(EndedBy::Carrier))
    );
}

#[test]
fn a_call_that_is_not_recorded_starts_no_recording() {
    let quiet = Policy {
        record: false,
        ..policy()
    };
    let world = World::outbound(Mode::Direct, quiet).script("ana connects, customer answers");
    assert_eq!(world.sent(), [""; 0]);
    let world = world.script("ana holds");
    assert_eq!(world.sent(), ["Redirect Room", "HoldParticipant"]);
    assert_eq!(world.recordings_started, 0);
}

#[test]
fn a_recording_is_paused_and_goes_on_while_there_is_no_room() {
    let world = talking().script("ana pauses, ana records");
    assert_eq!(
        world.sent(),
        ["StartRecording", "PauseRecording", "ResumeRecording"]
    );
}
