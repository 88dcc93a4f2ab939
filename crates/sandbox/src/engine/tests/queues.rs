//! Queues: waiting, being taken, leaving.

use super::super::phone::Behaviour;
use super::super::records::CallStatus;
use super::{AC, Stage, field, url};

const ENQUEUE: &str = "<Enqueue action=\"/left\" waitUrl=\"/wait\">support_queue</Enqueue>";
const ROOM: &str = "<Dial><Conference beep=\"false\">room</Conference></Dial>";

fn waiting() -> (Stage, String) {
    let mut stage = Stage::new(&[
        ("/voice", ENQUEUE),
        ("/wait", "<Say>Please hold</Say><Pause length=\"9\"/>"),
        ("/left", "<Say>After the queue</Say><Pause length=\"60\"/>"),
        ("/room", ROOM),
    ]);
    let call = stage.phone_calls(Behaviour::Human);
    (stage, call)
}

#[test]
fn the_wait_document_is_requested_again_at_its_end_with_position_and_time() {
    let (mut stage, first) = waiting();
    stage.run(5.0);
    let second = stage.phone_calls(Behaviour::Human);
    stage.run(6.0);
    let waits = stage.to("/wait");
    assert_eq!(waits.len(), 3);
    let fields = |n: usize| {
        ["CallSid", "QueuePosition", "QueueTime", "CurrentQueueSize"]
            .map(|name| field(waits[n], name))
    };
    assert_eq!(fields(0), [first.as_str(), "1", "0", "1"]);
    assert_eq!(fields(1), [second.as_str(), "2", "0", "2"]);
    assert_eq!(fields(2), [first.as_str(), "1", "10", "2"]);
}

#[test]
fn a_member_is_taken_by_rest_into_a_room_and_the_old_action_is_ignored() {
    let (mut stage, call) = waiting();
    stage.run(4.0);
    let queue = stage.engine.queues(AC).remove(0);
    assert_eq!(
        (queue.friendly_name.as_str(), queue.current_size),
        ("support_queue", 1)
    );
    let member = stage
        .engine
        .update_member(stage.now, AC, &queue.sid, &call, &url("/room"), "POST")
        .unwrap();
    assert_eq!(member.wait_time, 4);
    stage.run(2.0);
    assert_eq!(stage.paths(), ["/voice", "/wait", "/left", "/room"]);
    assert_eq!(stage.told("/left", "QueueResult"), ["redirected"]);
    assert_eq!(stage.told("/left", "QueueTime"), ["4"]);
    assert!(stage.engine.members(AC, &queue.sid).is_empty());
    let room = stage.engine.conferences(AC)[0].sid.clone();
    assert_eq!(stage.engine.participants(AC, &room)[0].call_sid, call);
    let gone = stage
        .engine
        .update_member(stage.now, AC, &queue.sid, &call, &url("/room"), "POST")
        .unwrap_err();
    assert_eq!((gone.status, gone.code), (404, 22002));
}

#[test]
fn leaving_by_the_wait_document_runs_the_action() {
    let (mut stage, call) = waiting();
    stage.page("/wait", "<Leave/>");
    stage.run(10.0);
    assert_eq!(stage.told("/left", "QueueResult"), ["leave"]);
    assert!(
        stage
            .heard(&call, "hears")
            .contains(&"After the queue".to_owned())
    );
}

#[test]
fn hanging_up_in_the_queue_requests_the_action_with_hangup() {
    let (mut stage, call) = waiting();
    stage.run(3.0);
    stage.engine.phone_hang_up(stage.now, &call).unwrap();
    stage.drain();
    assert_eq!(stage.told("/left", "QueueResult"), ["hangup"]);
    assert_eq!(stage.told("/left", "CallStatus"), ["completed"]);
    assert_eq!(stage.engine.queues(AC)[0].current_size, 0);
}

#[test]
fn a_full_queue_takes_nobody() {
    let mut stage = Stage::new(&[("/voice", ENQUEUE), ("/left", "<Say>Full</Say>")]);
    stage
        .engine
        .create_queue(stage.now, AC, "support_queue", Some(1))
        .unwrap();
    stage.phone_calls(Behaviour::Human);
    stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    assert_eq!(stage.told("/left", "QueueResult"), ["queue-full"]);
}

#[test]
fn an_agent_who_dials_the_queue_talks_with_the_first_who_waits() {
    let (mut stage, caller) = waiting();
    stage.run(3.0);
    stage.page(
        "/voice",
        "<Dial action=\"/done\"><Queue url=\"/about\">support_queue</Queue></Dial>",
    );
    stage.page("/about", "<Say>An agent comes</Say>");
    let agent = stage.phone_calls(Behaviour::Human);
    stage.run(2.0);
    assert_eq!(stage.hears(&agent), format!("Leg({caller:?})"));
    assert_eq!(stage.hears(&caller), format!("Leg({agent:?})"));
    assert_eq!(stage.told("/about", "DequeingCallSid"), [agent.as_str()]);
    stage.engine.phone_hang_up(stage.now, &agent).unwrap();
    stage.run(2.0);
    assert_eq!(stage.told("/left", "QueueResult"), ["bridged"]);
    assert_eq!(stage.told("/done", "DialCallStatus"), ["completed"]);
    assert_eq!(stage.status(&caller), CallStatus::InProgress);
}

#[test]
fn an_agent_who_dials_an_empty_queue_waits_for_a_caller_until_the_timeout() {
    let mut stage = Stage::new(&[(
        "/voice",
        "<Dial timeout=\"20\" action=\"/done\"><Queue>support_queue</Queue></Dial>",
    )]);
    let agent = stage.phone_calls(Behaviour::Human);
    stage.run(10.0);
    stage.page("/voice", ENQUEUE);
    let caller = stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    assert_eq!(stage.hears(&agent), format!("Leg({caller:?})"));
    stage.page(
        "/voice",
        "<Dial timeout=\"20\" action=\"/none\"><Queue>support_queue</Queue></Dial>",
    );
    stage.phone_calls(Behaviour::Human);
    stage.run(25.0);
    assert_eq!(stage.told("/none", "DialCallStatus"), ["no-answer"]);
}

#[test]
fn a_wait_document_that_fails_ends_the_wait_with_an_error() {
    let (mut stage, _) = waiting();
    stage.broken = vec!["/wait"];
    stage.run(12.0);
    assert_eq!(stage.told("/left", "QueueResult"), ["error"]);
}
