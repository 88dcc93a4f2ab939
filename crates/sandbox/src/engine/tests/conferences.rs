//! Conferences: starting, holding, leaving, and who tells of it.

use super::super::phone::{Behaviour, Line};
use super::super::records::{CallStatus, ConferenceStatus};
use super::super::requests::{
    Callback, CreateParticipant, RoomSettings, UpdateCall, UpdateParticipant,
};
use super::{AC, CUSTOMER, OURS, Stage, field, url};

const EVENTS: &str = "statusCallback=\"http://app.test/room\" statusCallbackEvent=\"start end join leave mute hold modify\"";

fn conference(attributes: &str) -> String {
    format!(
        "<Dial action=\"/done\"><Conference beep=\"false\" {EVENTS} {attributes}>room</Conference></Dial>"
    )
}

/// A caller and an agent in one room.
fn two_in_a_room() -> (Stage, String, String, String) {
    let mut stage = Stage::new(&[(
        "/voice",
        &conference("startConferenceOnEnter=\"false\" participantLabel=\"customer\""),
    )]);
    let customer = stage.phone_calls(Behaviour::Human);
    stage.run(2.0);
    stage.page("/voice", &conference("participantLabel=\"agent\""));
    let agent = stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    let room = stage.engine.conferences(AC)[0].sid.clone();
    (stage, customer, agent, room)
}

#[test]
fn who_waits_hears_music_until_somebody_who_may_start_it_comes() {
    let (stage, customer, agent, room) = two_in_a_room();
    let music = stage
        .media
        .iter()
        .any(|command| format!("{command:?}").contains("looped: true"));
    assert!(music, "the first hears the default music");
    assert_eq!(
        stage.engine.conference(AC, &room).unwrap().status,
        ConferenceStatus::InProgress
    );
    for leg in [&customer, &agent] {
        assert_eq!(stage.hears(leg), format!("Room({room:?})"));
    }
    let events = stage.told("/room", "StatusCallbackEvent");
    assert_eq!(
        events,
        ["participant-join", "participant-join", "conference-start"]
    );
    assert_eq!(stage.told("/room", "SequenceNumber"), ["1", "2", "3"]);
    assert_eq!(field(stage.to("/room")[0], "ParticipantLabel"), "customer");
}

#[test]
fn callbacks_are_those_of_the_first_who_joined() {
    let mut stage = Stage::new(&[("/voice", "<Dial><Conference>room</Conference></Dial>")]);
    stage.phone_calls(Behaviour::Human);
    stage.page("/voice", &conference(""));
    stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    assert!(stage.to("/room").is_empty());
}

#[test]
fn the_last_who_leaves_ends_the_conference_and_its_name_begins_a_new_one() {
    let (mut stage, customer, agent, room) = two_in_a_room();
    for leg in [&agent, &customer] {
        stage.engine.phone_hang_up(stage.now, leg).unwrap();
        stage.drain();
    }
    let events = stage.told("/room", "StatusCallbackEvent");
    assert_eq!(
        events[3..],
        ["participant-leave", "participant-leave", "conference-end"]
    );
    let left = stage.to("/room")[3];
    assert_eq!(field(left, "ReasonParticipantLeft"), "participant_hung_up");
    assert_eq!(field(left, "ParticipantCallStatus"), "completed");
    assert_eq!(
        field(stage.to("/room")[5], "ReasonConferenceEnded"),
        "last-participant-left"
    );
    let done = stage.to("/done")[0];
    assert_eq!(
        (field(done, "DialCallStatus"), field(done, "DialCallSid")),
        ("answered", "")
    );
    stage.phone_calls(Behaviour::Human);
    assert_ne!(stage.engine.conferences(AC)[0].sid, room);
}

#[test]
fn one_who_ends_the_conference_by_leaving_sends_all_to_their_actions() {
    let mut stage = Stage::new(&[
        ("/voice", &conference("")),
        ("/done", "<Say>Over</Say><Pause length=\"60\"/>"),
    ]);
    let customer = stage.phone_calls(Behaviour::Human);
    stage.page("/voice", &conference("endConferenceOnExit=\"true\""));
    let agent = stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    stage.engine.phone_hang_up(stage.now, &agent).unwrap();
    stage.run(1.0);
    assert_eq!(stage.status(&customer), CallStatus::InProgress);
    assert!(stage.heard(&customer, "hears").contains(&"Over".to_owned()));
    assert_eq!(
        field(stage.to("/room").last().unwrap(), "CallSidEndingConference"),
        agent
    );
}

#[test]
fn a_label_that_is_taken_keeps_the_second_out() {
    let (mut stage, _, _, room) = two_in_a_room();
    stage.page("/done", "<Say>Not in</Say>");
    let third = stage.phone_calls(Behaviour::Human);
    stage.run(0.5);
    assert_eq!(stage.alerts, [16025]);
    assert_eq!(stage.engine.participants(AC, &room).len(), 2);
    assert!(stage.heard(&third, "hears").contains(&"Not in".to_owned()));
}

#[test]
fn a_held_participant_hears_the_hold_document_and_the_room_nothing_of_it() {
    let (mut stage, customer, agent, room) = two_in_a_room();
    stage.page("/hold", "<Say>One moment</Say>");
    let hold = UpdateParticipant {
        hold: Some(true),
        hold_url: Some(url("/hold")),
        ..Default::default()
    };
    stage
        .engine
        .update_participant(stage.now, AC, &room, &customer, hold)
        .unwrap();
    stage.run(0.5);
    assert_eq!(stage.to("/hold")[0].method, "GET");
    assert!(
        stage
            .heard(&customer, "hears")
            .contains(&"One moment".to_owned())
    );
    assert!(
        !stage
            .heard(&agent, "hears")
            .contains(&"One moment".to_owned())
    );
    assert!(
        stage
            .engine
            .participant_by(AC, &room, "customer")
            .unwrap()
            .hold
    );
    stage
        .engine
        .phone_say(stage.now, &customer, Line::Text("Hello?".into()))
        .unwrap();
    stage.run(3.0);
    assert!(
        !stage.heard(&agent, "hears").contains(&"Hello?".to_owned()),
        "a held participant is not heard"
    );
    let ignored = UpdateParticipant {
        end_conference_on_exit: Some(true),
        ..Default::default()
    };
    assert!(
        !stage
            .engine
            .update_participant(stage.now, AC, &room, &customer, ignored)
            .unwrap()
            .end_on_exit
    );
    let back = UpdateParticipant {
        hold: Some(false),
        ..Default::default()
    };
    stage
        .engine
        .update_participant(stage.now, AC, &room, &customer, back)
        .unwrap();
    stage.drain();
    assert_eq!(stage.hears(&customer), format!("Room({room:?})"));
    let events = stage.told("/room", "StatusCallbackEvent");
    assert_eq!(events[3..], ["participant-hold", "participant-unhold"]);
}

#[test]
fn what_one_says_all_others_hear_unless_muted() {
    let (mut stage, customer, agent, room) = two_in_a_room();
    stage
        .engine
        .phone_say(stage.now, &customer, Line::Text("Good morning".into()))
        .unwrap();
    stage.run(2.0);
    assert!(
        stage
            .heard(&agent, "hears")
            .contains(&"Good morning".to_owned())
    );
    let mute = UpdateParticipant {
        muted: Some(true),
        ..Default::default()
    };
    stage
        .engine
        .update_participant(stage.now, AC, &room, "agent", mute)
        .unwrap();
    stage
        .engine
        .phone_say(stage.now, &agent, Line::Text("Secret".into()))
        .unwrap();
    stage.run(2.0);
    assert!(
        !stage
            .heard(&customer, "hears")
            .contains(&"Secret".to_owned())
    );
    stage.engine.phone_press(stage.now, &customer, "5").unwrap();
    stage.drain();
    assert!(
        stage
            .heard(&agent, "hears")
            .contains(&"(keys 5)".to_owned())
    );
}

fn participant(to: &str) -> CreateParticipant {
    CreateParticipant {
        to: to.into(),
        from: OURS.into(),
        label: "them".into(),
        status: Callback {
            url: url("/leg"),
            method: String::new(),
            events: vec!["ringing answered completed".into()],
        },
        room: RoomSettings {
            beep: "false".into(),
            ..RoomSettings::default()
        },
        ..CreateParticipant::default()
    }
}

#[test]
fn a_participant_dialled_by_rest_is_heard_ringing_and_then_talks() {
    let mut stage = Stage::new(&[("/voice", &conference("waitUrl=\"\""))]);
    let agent = stage.phone_calls(Behaviour::Human);
    assert_eq!(
        stage.hears(&agent),
        "",
        "a silent wait is never told to the media plane"
    );
    stage
        .engine
        .create_participant(stage.now, AC, "room", participant("+14155550142"))
        .unwrap();
    stage.run(1.0);
    let room = stage.engine.conferences(AC)[0].sid.clone();
    assert_eq!(
        stage.hears(&agent),
        format!("Room({room:?})"),
        "early media starts the room"
    );
    let them = stage.engine.participant_by(AC, &room, "them").unwrap();
    assert_eq!(them.status, "ringing");
    assert!(
        stage
            .heard(&agent, "hears")
            .contains(&"(ringing)".to_owned())
    );
    stage.run(3.0);
    assert_eq!(
        stage
            .engine
            .participant_by(AC, &room, "them")
            .unwrap()
            .status,
        "connected"
    );
    assert_eq!(stage.hears(&them.call_sid), format!("Room({room:?})"));
    assert_eq!(stage.told("/leg", "CallStatus"), ["ringing", "in-progress"]);
    stage.engine.phone_hang_up(stage.now, &agent).unwrap();
    stage.drain();
    stage
        .engine
        .remove_participant(stage.now, AC, &room, "them")
        .unwrap();
    stage.drain();
    assert_eq!(stage.status(&them.call_sid), CallStatus::Completed);
}

#[test]
fn a_busy_participant_leaves_with_its_status() {
    let mut stage = Stage::new(&[("/voice", &conference("waitUrl=\"\""))]);
    stage.engine.set_behaviour(CUSTOMER, Some(Behaviour::Busy));
    stage.phone_calls(Behaviour::Human);
    stage
        .engine
        .create_participant(stage.now, AC, "room", participant(CUSTOMER))
        .unwrap();
    stage.run(1.0);
    let left = stage
        .to("/room")
        .into_iter()
        .rfind(|r| field(r, "StatusCallbackEvent") == "participant-leave")
        .unwrap();
    assert_eq!(field(left, "ParticipantCallStatus"), "busy");
    assert_eq!(
        field(left, "ReasonParticipantLeft"),
        "participant_add_failed"
    );
    assert_eq!(stage.told("/leg", "CallStatus"), ["busy"]);
}

#[test]
fn a_redirected_participant_leaves_as_updated_and_its_old_action_comes_first() {
    let (mut stage, customer, _, _) = two_in_a_room();
    stage.page("/parked", "<Pause length=\"60\"/>");
    let change = UpdateCall {
        twiml: Some(super::fetch("/parked")),
        ..Default::default()
    };
    stage
        .engine
        .update_call(stage.now, AC, &customer, change)
        .unwrap();
    stage.drain();
    let left = stage.to("/room").last().copied().unwrap();
    assert_eq!(
        field(left, "ReasonParticipantLeft"),
        "participant_updated_via_api"
    );
    assert_eq!(field(left, "ParticipantCallStatus"), "in-progress");
    let paths: Vec<_> = stage
        .paths()
        .into_iter()
        .filter(|path| *path != "/room")
        .collect();
    assert_eq!(paths[2..], ["/done", "/parked"]);
}

#[test]
fn a_wait_url_that_fails_keeps_its_leg_out() {
    let mut stage = Stage::new(&[
        ("/voice", &conference("waitUrl=\"/wait\"")),
        ("/done", "<Say>Out</Say>"),
    ]);
    stage.broken = vec!["/wait"];
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(0.5);
    assert!(stage.to("/room").is_empty());
    assert_eq!(stage.heard(&call, "hears"), ["Out"]);
}

#[test]
fn a_wait_document_is_not_requested_again_at_its_end() {
    let mut stage = Stage::new(&[
        ("/voice", &conference("waitUrl=\"/wait\"")),
        ("/wait", "<Say>Wait</Say>"),
    ]);
    stage.phone_calls(Behaviour::Human);
    stage.run(30.0);
    assert_eq!(stage.to("/wait").len(), 1);
    stage.page("/wait", "<Say>Wait</Say><Redirect/>");
    stage.page(
        "/voice",
        &conference("waitUrl=\"/wait\"").replace("room<", "other<"),
    );
    stage.phone_calls(Behaviour::Human);
    stage.run(3.5);
    assert_eq!(stage.to("/wait").len(), 5);
}

#[test]
fn a_coach_is_heard_by_the_agent_only_and_nobody_is_coached_who_is_not_there() {
    let (mut stage, customer, agent, room) = two_in_a_room();
    stage.page("/voice", &conference(&format!("coach=\"{agent}\"")));
    let coach = stage.phone_calls(Behaviour::Human);
    stage.run(0.5);
    stage
        .engine
        .phone_say(stage.now, &coach, Line::Text("Offer a discount".into()))
        .unwrap();
    stage.run(2.0);
    let said = "Offer a discount".to_owned();
    assert!(stage.heard(&agent, "hears").contains(&said));
    assert!(!stage.heard(&customer, "hears").contains(&said));
    let open = UpdateParticipant {
        coaching: Some(false),
        ..Default::default()
    };
    stage
        .engine
        .update_participant(stage.now, AC, &room, &coach, open)
        .unwrap();
    stage
        .engine
        .phone_say(stage.now, &coach, Line::Text("Hello both".into()))
        .unwrap();
    stage.run(2.0);
    assert!(
        stage
            .heard(&customer, "hears")
            .contains(&"Hello both".to_owned())
    );
    stage.page("/voice", &conference("coach=\"CA0\""));
    stage.phone_calls(Behaviour::Human);
    stage.run(0.5);
    assert_eq!(stage.alerts, [13240]);
}
