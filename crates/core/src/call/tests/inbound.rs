//! A caller reaches an agent, or gives up, or leaves a message.

use super::world::{Place, World, policy, queue, user};
use crate::call::*;

fn call() -> World {
    World::inbound(queue(), policy())
}

#[test]
fn a_caller_is_greeted_told_of_the_recording_and_queued_while_all_agents_ring() {
    let world = call();
    assert_eq!(
        world.screens(),
        ["ana", "ben"],
        "before the greeting is over"
    );
    assert_eq!(world.call.phase(world.now), Phase::Offered);
    let world = world.script("greeting over");
    assert_eq!(world.place, Place::Queue);
    assert_eq!(world.heard.len(), 2);
    assert_eq!(world.recordings_started, 0, "waiting is not recorded");
    assert_eq!(world.call.status(), LegStatus::Ringing);
}

#[test]
fn an_accepted_caller_is_moved_into_the_room_recorded_and_talks() {
    let world = call().script("greeting over, 4 s, ana accepts, 1 s, ana connects");
    assert!(
        matches!(world.call.state, State::Connected { .. }),
        "{:?}",
        world.call.state
    );
    assert_eq!(world.sent(), ["Dequeue"]);
    assert_eq!(
        (world.recordings_started, world.call.wait_seconds(world.now)),
        (1, 5)
    );
    let world = world.script("60 s, caller hangs up");
    assert_eq!(world.call.outcome(), Some(Outcome::Answered));
    assert_eq!(world.call.ended_by(), Some(EndedBy::Customer));
    assert_eq!(world.call.talk_seconds(world.now), Some(60));
    assert_eq!(world.call.status(), LegStatus::Completed);
    assert_eq!(world.call.phase(world.now), Phase::WrapUp);
    assert!(
        world.agents.iter().all(|leg| !leg.alive),
        "the agent's leg was ended"
    );
    let world = world.script("31 s");
    assert_eq!(world.call.phase(world.now), Phase::Ended);
    assert_eq!(world.call.deadline(), None);
}

#[test]
fn an_accept_during_the_greeting_sends_nothing_and_the_first_wait_request_leaves_the_queue() {
    let world = call().script("ana accepts, ana connects, 2 s");
    assert_eq!(world.sent(), [""; 0]);
    let world = world.script("greeting over");
    assert!(matches!(world.place, Place::Room(_)));
    assert!(matches!(world.call.state, State::Connected { .. }));
    assert_eq!(world.sent(), [""; 0]);
}

#[test]
fn exactly_one_agent_wins_and_the_others_are_told_by_whom() {
    let mut world = call().script("greeting over, ben accepts, ana refused already_claimed");
    assert_eq!(world.screens(), [""; 0]);
    assert_eq!(world.accepts("ben"), Ok(()), "the winner may ask again");
    let offer = world.call.offers[0].id.clone();
    let refused = world.call.decide(
        world.now,
        Event::Accept {
            agent: user("ana"),
            offer,
        },
    );
    assert_eq!(
        refused,
        Decision::Refused {
            code: "already_claimed",
            by: Some(user("ben"))
        }
    );
    assert_eq!(world.count(|e| matches!(e, Effect::Dequeue { .. })), 1);
}

#[test]
fn a_decline_touches_only_that_agents_offer() {
    let world = call().script("ana declines");
    assert_eq!(world.screens(), ["ben"]);
    let world = world.script("ben accepts");
    assert_eq!(world.call.agent, Some(user("ben")));
}

#[test]
fn a_declined_call_comes_again_when_the_offer_would_have_ended() {
    let world = call().script("ana declines, ben declines, 29 s");
    assert_eq!(world.screens(), [""; 0]);
    let world = world.script("1 s");
    assert_eq!(world.screens(), ["ana", "ben"]);
}

#[test]
fn what_nobody_accepts_is_offered_again_to_whoever_is_available_then() {
    let mut world = call().script("greeting over");
    world.free = vec![user("cem")];
    let world = world.script("30 s");
    assert_eq!(world.screens(), ["cem"]);
    let missed = world
        .call
        .offers
        .iter()
        .filter(|o| o.state == OfferState::Missed);
    assert_eq!(missed.count(), 2);
}

#[test]
fn with_nobody_available_the_caller_waits_and_is_offered_at_once_when_somebody_comes() {
    let mut world = call();
    world.free.clear();
    let world = world.script("greeting over, ana declines, ben declines, 40 s");
    assert_eq!(world.screens(), [""; 0]);
    assert_eq!(world.place, Place::Queue);
    assert_eq!(world.script("dan free").screens(), ["dan"]);
}

#[test]
fn longest_idle_rings_one_after_the_other() {
    let mut settings = policy();
    settings.ring = Ring::LongestIdle;
    let world = World::inbound(queue(), settings).script("greeting over");
    assert_eq!(world.screens(), ["ana"]);
    let world = world.script("30 s");
    assert_eq!(world.screens(), ["ben"]);
    assert_eq!(world.script("ben declines").screens(), ["ana"]);
}

#[test]
fn a_caller_who_gives_up_is_abandoned_once() {
    let world = call().script("greeting over, 12 s, caller hangs up, 60 s");
    assert_eq!(world.call.outcome(), Some(Outcome::Abandoned));
    assert_eq!(world.call.status(), LegStatus::NoAnswer);
    assert_eq!(world.call.wait_seconds(world.now), 12);
    assert_eq!(world.screens(), [""; 0]);
    let mut world = world;
    assert_eq!(world.accepts("ana"), Err("caller_gone"));
}

#[test]
fn the_longest_wait_counts_from_the_queue_and_ends_in_voicemail() {
    let world = call().script("nobody free, 5 s, greeting over, 299 s");
    assert_eq!(world.place, Place::Queue);
    let world = world.script("1 s");
    assert_eq!(world.place, Place::Message);
    let world = world.script("message left");
    assert_eq!(world.call.outcome(), Some(Outcome::Voicemail));
    assert_eq!(world.count(|e| matches!(e, Effect::KeepMessage { .. })), 1);
    assert_eq!(world.call.status(), LegStatus::NoAnswer);
}

#[test]
fn a_message_told_after_the_hang_up_still_counts() {
    let mut world = call().script("nobody free, greeting over, 300 s, caller hangs up");
    assert_eq!(world.call.outcome(), Some(Outcome::Missed));
    let sid = world.call.customer_sid().unwrap().to_owned();
    world.tell(Event::MessageLeft {
        sid,
        recording_sid: Some("RE1".to_owned()),
        seconds: 9,
    });
    assert_eq!(world.call.outcome(), Some(Outcome::Voicemail));
}

#[test]
fn overflow_may_go_to_a_phone_and_then_to_voicemail() {
    let mut settings = policy();
    settings.overflow = Overflow::Forward {
        to: "+12025550177".to_owned(),
    };
    let world = World::inbound(queue(), settings).script("nobody free, greeting over, 300 s");
    assert_eq!(world.place, Place::Phone);
    assert_eq!(world.script("phone is silent").place, Place::Message);
}

#[test]
fn overflow_may_be_a_polite_word() {
    let mut settings = policy();
    settings.overflow = Overflow::HangUp;
    let world = World::inbound(queue(), settings).script("nobody free, greeting over, 300 s");
    assert_eq!(world.heard.last(), Some(&Prompt::NobodyAvailable));
    assert_eq!(world.call.outcome(), Some(Outcome::Missed));
    assert_eq!(world.place, Place::Gone);
}

#[test]
fn a_forwarded_call_talks_on_a_phone() {
    let mode = Mode::Forward {
        to: "+12025550177".to_owned(),
    };
    let world = World::inbound(mode, policy()).script("greeting over, 6 s, phone answers");
    assert_eq!(world.call.status(), LegStatus::InProgress);
    let world = world.script("20 s, phone hangs up");
    assert_eq!(world.call.outcome(), Some(Outcome::Forwarded));
    assert_eq!(world.call.status(), LegStatus::Completed);
    assert_eq!(world.call.talk_seconds(world.now), Some(20));
    assert_eq!(world.place, Place::Gone);
}

#[test]
fn a_forward_shows_the_caller_unless_withheld() {
    let mode = Mode::Forward {
        to: "+12025550177".to_owned(),
    };
    let mut world = World::inbound(mode, policy());
    assert_eq!(world.call.forward_caller_id(), "+12025550123");
    world.call.party = "anonymous".to_owned();
    assert_eq!(world.call.forward_caller_id(), "+12025550100");
}

#[test]
fn a_carrier_that_is_down_undoes_the_claim_and_the_caller_waits_on() {
    let world = call().script("greeting over, 10 s, carrier down, ana accepts");
    assert_eq!(world.call.agent, None);
    assert_eq!(world.screens(), ["ana", "ben"]);
    let since = world.call.place_in_queue().unwrap().1;
    assert_eq!((world.now - since).num_seconds(), 10, "the wait goes on");
    let world = world.script("carrier up, ben accepts, ben connects");
    assert!(matches!(world.call.state, State::Connected { .. }));
}

#[test]
fn a_refused_move_means_that_the_caller_is_gone() {
    let mut world = call().script("greeting over");
    world.place = Place::Gone;
    let world = world.script("ana accepts");
    assert_eq!(world.call.outcome(), Some(Outcome::Abandoned));
}

#[test]
fn hold_pauses_the_recording_and_resume_goes_on() {
    let world = call()
        .script("greeting over, ana accepts, ana connects, ana holds, 9 s, ana holds, ana resumes");
    assert_eq!(
        world.sent(),
        [
            "Dequeue",
            "HoldParticipant",
            "PauseRecording",
            "UnholdParticipant",
            "ResumeRecording"
        ]
    );
}

#[test]
fn the_agents_own_pause_outlives_a_hold() {
    let world = call().script(
        "greeting over, ana accepts, ana connects, ana pauses, ana holds, ana resumes, ana records",
    );
    assert_eq!(
        world.sent(),
        [
            "Dequeue",
            "PauseRecording",
            "HoldParticipant",
            "UnholdParticipant",
            "ResumeRecording"
        ]
    );
}

#[test]
fn only_the_agent_who_has_the_call_steers_it() {
    let world = call().script("greeting over, ana accepts, ana connects");
    for event in [
        Event::HangUp { agent: user("ben") },
        Event::Hold { agent: user("ben") },
    ] {
        let refused = world.call.decide(world.now, event);
        assert_eq!(
            refused,
            Decision::Refused {
                code: "not_yours",
                by: Some(user("ana"))
            }
        );
    }
}

#[test]
fn a_device_that_did_not_accept_does_not_get_in() {
    let world = call().script("greeting over, ana accepts, ben connects");
    assert_eq!(world.heard.last(), Some(&Prompt::CallOver));
    assert!(!world.agents[0].alive);
}

#[test]
fn a_full_queue_leads_to_the_overflow_at_once() {
    let world = call();
    let sid = world.call.customer_sid().unwrap().to_owned();
    let decision = world.call.decide(
        world.now,
        Event::QueueLeft {
            sid,
            result: QueueResult::QueueFull,
        },
    );
    let Decision::Next { call, reply, .. } = decision else {
        panic!("{decision:?}")
    };
    assert!(matches!(call.state, State::Voicemail { .. }));
    assert!(reply.contains(&Step::TakeMessage));
}
