//! Calls by REST and by phones: statuses, order, time.

use super::super::phone::{Behaviour, Line};
use super::super::records::CallStatus;
use super::super::requests::UpdateCall;
use super::{AC, CUSTOMER, OTHER, OURS, Stage, after, create, field, url};

const ALL: &[&str] = &["initiated", "ringing", "answered", "completed"];

#[test]
fn a_rest_call_to_a_phone_goes_through_all_statuses_and_tells_each_in_order() {
    let mut stage = Stage::new(&[("/answered", "<Say>Hello</Say>")]);
    let call = stage.rest_calls(CUSTOMER, ALL);
    assert_eq!(stage.status(&call), CallStatus::Initiated);
    stage.run(1.0);
    assert_eq!(stage.status(&call), CallStatus::Ringing);
    stage.run(2.0);
    assert_eq!(stage.status(&call), CallStatus::InProgress);
    stage.run(3.0);
    assert_eq!(stage.status(&call), CallStatus::Completed);
    assert_eq!(
        stage.told("/status", "CallStatus"),
        ["initiated", "ringing", "in-progress", "completed"]
    );
    assert_eq!(
        stage.told("/status", "SequenceNumber"),
        ["0", "1", "2", "3"]
    );
    let last = stage.to("/status")[3];
    assert_eq!(field(last, "CallDuration"), "1");
    assert_eq!(field(last, "Duration"), "1");
    assert_eq!(field(last, "Direction"), "outbound-api");
    assert_eq!(field(stage.to("/answered")[0], "CallStatus"), "in-progress");
    assert!(stage.heard(&call, "hears").contains(&"Hello".to_owned()));
}

#[test]
fn the_price_is_known_ten_seconds_after_the_end() {
    let mut stage = Stage::new(&[("/answered", "<Say>Hello</Say>")]);
    let call = stage.rest_calls(CUSTOMER, &[]);
    stage.run(6.0);
    assert_eq!(stage.engine.call(AC, &call).unwrap().price, None);
    stage.run(10.0);
    assert_eq!(
        stage.engine.call(AC, &call).unwrap().price.as_deref(),
        Some("-0.01400")
    );
}

#[test]
fn busy_unreachable_and_unanswered_phones_end_as_such() {
    for (behaviour, status) in [
        (Behaviour::Busy, CallStatus::Busy),
        (Behaviour::Unreachable, CallStatus::Failed),
        (Behaviour::NoAnswer, CallStatus::NoAnswer),
        (Behaviour::Human, CallStatus::NoAnswer),
    ] {
        let mut stage = Stage::new(&[]);
        stage.engine.set_behaviour(CUSTOMER, Some(behaviour));
        let call = stage.rest_calls(CUSTOMER, &["completed"]);
        stage.run(70.0);
        assert_eq!(stage.status(&call), status);
        assert_eq!(stage.told("/status", "CallStatus"), [status.as_str()]);
        assert!(stage.to("/answered").is_empty());
    }
}

#[test]
fn a_person_at_the_console_answers_speaks_and_hangs_up() {
    let mut stage = Stage::new(&[("/answered", "<Pause length=\"60\"/>")]);
    stage.engine.set_behaviour(CUSTOMER, Some(Behaviour::Human));
    let call = stage.rest_calls(CUSTOMER, &[]);
    stage.run(5.0);
    stage.engine.phone_answer(stage.now, &call).unwrap();
    stage
        .engine
        .phone_say(stage.now, &call, Line::Text("Who is it?".into()))
        .unwrap();
    stage.run(2.0);
    assert_eq!(stage.heard(&call, "says"), ["Who is it?"]);
    stage.engine.phone_hang_up(stage.now, &call).unwrap();
    stage.drain();
    assert_eq!(stage.status(&call), CallStatus::Completed);
}

#[test]
fn an_account_starts_one_rest_call_a_second_and_the_others_wait() {
    let mut stage = Stage::new(&[]);
    let first = stage
        .engine
        .create_call(stage.now, AC, create(CUSTOMER, &[]))
        .unwrap();
    let second = stage
        .engine
        .create_call(stage.now, AC, create(CUSTOMER, &[]))
        .unwrap();
    let third = stage
        .engine
        .create_call(stage.now, AC, create(CUSTOMER, &[]))
        .unwrap();
    assert_eq!(
        [first.queue_time, second.queue_time, third.queue_time],
        [0, 1000, 2000]
    );
    stage.run(1.5);
    assert_eq!(stage.status(&third.sid), CallStatus::Queued);
    assert_eq!(stage.status(&second.sid), CallStatus::Ringing);
}

#[test]
fn a_queued_call_that_is_taken_back_is_never_told_of() {
    let mut stage = Stage::new(&[]);
    stage.rest_calls(CUSTOMER, &[]);
    let call = stage.rest_calls(CUSTOMER, ALL);
    let change = UpdateCall {
        status: Some("canceled".into()),
        ..UpdateCall::default()
    };
    stage
        .engine
        .update_call(stage.now, AC, &call, change)
        .unwrap();
    stage.run(5.0);
    assert_eq!(stage.status(&call), CallStatus::Canceled);
    assert!(
        stage
            .told("/status", "CallSid")
            .iter()
            .all(|told| *told != call)
    );
}

#[test]
fn an_ended_call_takes_no_more_orders() {
    let mut stage = Stage::new(&[("/answered", "<Hangup/>")]);
    let call = stage.rest_calls(CUSTOMER, &[]);
    stage.run(10.0);
    let change = UpdateCall {
        status: Some("completed".into()),
        ..UpdateCall::default()
    };
    let refused = stage
        .engine
        .update_call(stage.now, AC, &call, change)
        .unwrap_err();
    assert_eq!((refused.status, refused.code), (400, 21220));
    let change = UpdateCall {
        twiml: Some(super::fetch("/other")),
        ..UpdateCall::default()
    };
    assert_eq!(
        stage
            .engine
            .update_call(stage.now, AC, &call, change)
            .unwrap_err()
            .code,
        21220
    );
}

#[test]
fn wrong_requests_get_twilios_codes() {
    let mut stage = Stage::new(&[]);
    let code = |stage: &mut Stage, change: &dyn Fn(&mut super::CreateCall)| {
        let mut request = create(CUSTOMER, &[]);
        change(&mut request);
        stage
            .engine
            .create_call(stage.now, AC, request)
            .unwrap_err()
            .code
    };
    assert_eq!(code(&mut stage, &|r| r.to.clear()), 21201);
    assert_eq!(code(&mut stage, &|r| r.to = "12".into()), 21211);
    assert_eq!(code(&mut stage, &|r| r.to = "client:a.b".into()), 21211);
    assert_eq!(code(&mut stage, &|r| r.from = "+14155550177".into()), 21210);
    assert_eq!(code(&mut stage, &|r| r.from.clear()), 21213);
    assert_eq!(code(&mut stage, &|r| r.timeout = Some(601)), 21208);
    assert_eq!(code(&mut stage, &|r| r.send_digits = "x".into()), 21206);
    let bad = super::TwimlFrom::Inline("x".repeat(4001));
    assert_eq!(code(&mut stage, &|r| r.twiml = bad.clone()), 32018);
}

#[test]
fn a_wrong_event_list_makes_the_call_without_callbacks() {
    let mut stage = Stage::new(&[("/answered", "<Hangup/>")]);
    stage.rest_calls(CUSTOMER, &["ringing answered"]);
    stage.run(10.0);
    assert!(stage.to("/status").is_empty());
    assert_eq!(stage.alerts, [21626]);
}

#[test]
fn an_inbound_call_rings_asks_the_voice_url_and_tells_its_end_only() {
    let mut stage = Stage::new(&[("/voice", "<Say>Welcome</Say>")]);
    let number = stage.engine.owner_of(OURS).unwrap().sid.clone();
    let hooks = super::HooksChange {
        status_callback: Some(url("/end")),
        ..Default::default()
    };
    let change = super::NumberChange {
        hooks,
        ..Default::default()
    };
    stage
        .engine
        .update_number(stage.now, AC, &number, change)
        .unwrap();
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(5.0);
    assert_eq!(stage.status(&call), CallStatus::Completed);
    let first = stage.to("/voice")[0];
    assert_eq!(field(first, "CallStatus"), "ringing");
    assert_eq!(field(first, "Direction"), "inbound");
    assert_eq!(
        (field(first, "From"), field(first, "Caller")),
        (CUSTOMER, CUSTOMER)
    );
    assert!(!field(first, "CallToken").is_empty());
    assert_eq!(stage.told("/end", "CallStatus"), ["completed"]);
    assert_eq!(stage.told("/end", "SequenceNumber"), ["0"]);
}

#[test]
fn a_callers_number_may_be_shown_on_another_call_only_with_its_token() {
    let mut stage = Stage::new(&[("/voice", "<Pause length=\"30\"/>")]);
    stage.phone_calls(Behaviour::Human);
    let token = field(stage.to("/voice")[0], "CallToken").to_owned();
    let mut request = create("+14155550123", &[]);
    request.from = CUSTOMER.into();
    assert_eq!(
        stage
            .engine
            .create_call(stage.now, AC, request.clone())
            .unwrap_err()
            .code,
        21210
    );
    request.call_token = Some(token);
    stage.engine.create_call(stage.now, AC, request).unwrap();
}

/// A call from one account to a number of another: two calls, joined.
fn across(voice: &str) -> (Stage, String, String) {
    let mut stage = Stage::new(&[("/answered", "<Pause length=\"60\"/>"), ("/theirs", voice)]);
    let hooks = super::HooksChange {
        voice_url: Some(url("/theirs")),
        ..Default::default()
    };
    let change = super::NumberChange {
        hooks,
        ..Default::default()
    };
    stage
        .engine
        .create_number(stage.now, OTHER, CUSTOMER, change)
        .unwrap();
    let out = stage.rest_calls(CUSTOMER, ALL);
    let inbound = field(stage.to("/theirs")[0], "CallSid").to_owned();
    (stage, out, inbound)
}

#[test]
fn nobody_is_told_of_an_empty_message_and_the_next_verb_runs() {
    let record = "<Record action=\"http://app.test/left\" maxLength=\"60\" timeout=\"3\"/><Redirect>http://app.test/on</Redirect>";
    let (mut stage, _, _) = across(record);
    stage.run(8.0);
    assert_eq!((stage.to("/left").len(), stage.to("/on").len()), (0, 1));
}

#[test]
fn a_call_to_an_owned_number_arrives_there_as_a_call_of_its_own() {
    let (mut stage, out, inbound) = across("<Say>Their side</Say><Pause length=\"60\"/>");
    assert_ne!(out, inbound);
    assert_eq!(
        stage
            .engine
            .call(OTHER, &inbound)
            .unwrap()
            .direction
            .as_str(),
        "inbound"
    );
    assert!(stage.engine.call(AC, &inbound).is_none());
    stage.run(2.0);
    assert_eq!(stage.status(&out), CallStatus::InProgress);
    assert!(
        stage.heard(&out, "says").contains(&"Their side".to_owned()),
        "what they hear is what our far end says"
    );
    let change = UpdateCall {
        status: Some("completed".into()),
        ..UpdateCall::default()
    };
    stage
        .engine
        .update_call(stage.now, AC, &out, change)
        .unwrap();
    stage.drain();
    assert_eq!(stage.status(&inbound), CallStatus::Completed);
}

#[test]
fn rejecting_a_call_as_busy_makes_the_caller_busy() {
    let (mut stage, out, inbound) = across("<Reject reason=\"busy\"/>");
    stage.run(1.0);
    assert_eq!(
        (stage.status(&out), stage.status(&inbound)),
        (CallStatus::Busy, CallStatus::Busy)
    );
    assert!(stage.to("/answered").is_empty());
}

#[test]
fn a_first_pause_delays_the_answer() {
    let (mut stage, out, _) = across("<Pause length=\"4\"/><Say>Now</Say><Pause length=\"60\"/>");
    stage.run(3.0);
    assert_eq!(stage.status(&out), CallStatus::Ringing);
    stage.run(2.0);
    assert_eq!(stage.status(&out), CallStatus::InProgress);
}

#[test]
fn keys_travel_over_joined_calls() {
    let (mut stage, out, _) = across("<Gather numDigits=\"2\" action=\"/got\"/>");
    stage.run(1.0);
    stage.page("/digits", "<Play digits=\"42\"/><Pause length=\"9\"/>");
    let change = UpdateCall {
        twiml: Some(super::fetch("/digits")),
        ..UpdateCall::default()
    };
    stage
        .engine
        .update_call(stage.now, AC, &out, change)
        .unwrap();
    stage.run(1.0);
    assert_eq!(stage.told("/got", "Digits"), ["42"]);
}

#[test]
fn a_call_ends_at_its_time_limit() {
    let mut stage = Stage::new(&[("/answered", "<Pause length=\"600\"/>")]);
    let mut request = create(CUSTOMER, &[]);
    request.time_limit = Some(20);
    let call = stage
        .engine
        .create_call(stage.now, AC, request)
        .unwrap()
        .sid;
    stage.run(60.0);
    let record = stage.engine.call(AC, &call).unwrap();
    assert_eq!(
        (record.status, record.duration()),
        (CallStatus::Completed, Some(20))
    );
    assert!(record.end_time.unwrap() < after(stage.now, -30));
}

#[test]
fn a_scripted_caller_speaks_presses_keys_and_leaves() {
    let mut stage = Stage::new(&[
        ("/voice", "<Gather numDigits=\"1\" action=\"/got\"/>"),
        ("/got", "<Pause length=\"60\"/>"),
    ]);
    let lines = vec![
        Line::Pause(500),
        Line::Text("Hi".into()),
        Line::Digits("7".into()),
    ];
    let call = stage.phone_calls(Behaviour::Answers {
        ring: 0.0,
        lines,
        stays: Some(6.0),
    });
    stage.run(3.0);
    assert_eq!(stage.told("/got", "Digits"), ["7"]);
    stage.run(5.0);
    assert_eq!(stage.engine.call(AC, &call).unwrap().duration(), Some(6));
}
