//! Verbs: prompts, keys, messages, dialling, fallbacks.

use super::super::phone::{Behaviour, Line};
use super::super::records::CallStatus;
use super::{AC, CUSTOMER, OURS, Stage, field, url};

const WAITS: &str = "<Pause length=\"60\"/>";

#[test]
fn prompts_play_one_after_the_other_and_the_call_ends_after_the_last() {
    let mut stage = Stage::new(&[(
        "/voice",
        "<Say>One</Say><Play>/two.wav</Play><Say loop=\"2\">Three</Say>",
    )]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(20.0);
    assert_eq!(
        stage.heard(&call, "hears"),
        ["One", &url("/two.wav"), "Three"]
    );
    assert_eq!(stage.engine.call(AC, &call).unwrap().duration(), Some(5));
}

#[test]
fn an_empty_document_ends_the_call() {
    let mut stage = Stage::new(&[("/voice", "")]);
    let call = stage.phone_calls(Behaviour::Human);
    assert_eq!(stage.status(&call), CallStatus::Completed);
}

#[test]
fn gather_collects_keys_stops_its_prompt_and_requests_its_action() {
    let gather = "<Gather numDigits=\"3\" action=\"/got?x=1\"><Say>Press</Say><Play loop=\"0\">/music.wav</Play></Gather>";
    let mut stage = Stage::new(&[("/voice", gather)]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(2.0);
    stage.engine.phone_press(stage.now, &call, "1").unwrap();
    stage.drain();
    assert_eq!(stage.hears(&call), "Silence");
    stage.engine.phone_press(stage.now, &call, "23").unwrap();
    stage.drain();
    assert_eq!(stage.told("/got?x=1", "Digits"), ["123"]);
}

#[test]
fn gather_ends_by_its_finish_key_or_by_time_and_goes_on_where_nothing_was_pressed() {
    let mut stage = Stage::new(&[(
        "/voice",
        "<Gather action=\"/got\" timeout=\"3\"/><Say>Nobody?</Say><Pause/>",
    )]);
    let quick = stage.phone_calls(Behaviour::Human);
    stage.engine.phone_press(stage.now, &quick, "12#").unwrap();
    stage.drain();
    assert_eq!(
        (
            stage.told("/got", "Digits"),
            stage.told("/got", "FinishedOnKey")
        ),
        (vec!["12".into()], vec!["#".into()])
    );
    let slow = stage.phone_calls(Behaviour::Human);
    stage.engine.phone_press(stage.now, &slow, "4").unwrap();
    stage.run(4.0);
    assert_eq!(stage.told("/got", "Digits"), ["12", "4"]);
    let silent = stage.phone_calls(Behaviour::Human);
    stage.run(4.0);
    assert_eq!(stage.told("/got", "Digits").len(), 2);
    assert_eq!(stage.heard(&silent, "hears"), ["Nobody?"]);
}

#[test]
fn a_message_is_recorded_after_the_beep_until_the_caller_falls_silent() {
    let record = "<Record action=\"/left\" maxLength=\"60\" timeout=\"3\" recordingStatusCallback=\"http://app.test/rec\"/>";
    let mut stage = Stage::new(&[("/voice", record), ("/left", "<Hangup/>")]);
    let lines = vec![Line::Pause(500), Line::Text("Call me back".into())];
    let call = stage.phone_calls(Behaviour::Answers {
        ring: 0.0,
        lines,
        stays: None,
    });
    stage.run(10.0);
    assert_eq!(stage.heard(&call, "hears"), ["(beep)"]);
    assert_eq!(stage.to("/left").len(), 1);
    assert!(!field(stage.to("/left")[0], "RecordingUrl").is_empty());
    assert_eq!(stage.told("/rec", "RecordingSource"), ["RecordVerb"]);
    assert_eq!(stage.status(&call), CallStatus::Completed);
}

#[test]
fn hanging_up_in_a_message_requests_its_action_with_hangup() {
    let mut stage = Stage::new(&[("/voice", "<Record action=\"/left\"/>")]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(4.0);
    stage.engine.phone_hang_up(stage.now, &call).unwrap();
    stage.drain();
    assert_eq!(stage.told("/left", "Digits"), ["hangup"]);
    assert_eq!(stage.told("/left", "CallStatus"), ["completed"]);
}

#[test]
fn a_dialled_phone_rings_is_connected_and_its_end_requests_the_action() {
    let dial = "<Dial action=\"/done\"><Number statusCallback=\"http://app.test/leg\" \
        statusCallbackEvent=\"initiated ringing answered completed\">+14155550142</Number></Dial>";
    let mut stage = Stage::new(&[("/voice", dial), ("/done", "<Say>Bye</Say>")]);
    let behaviour = Behaviour::Answers {
        ring: 2.0,
        lines: vec![Line::Text("Yes?".into())],
        stays: Some(10.0),
    };
    stage.engine.set_behaviour("+14155550142", Some(behaviour));
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    assert_eq!(stage.hears(&call), "Ringback");
    stage.run(3.0);
    let child = stage.children(&call).remove(0);
    assert_eq!(stage.hears(&call), format!("Leg({child:?})"));
    assert_eq!(stage.hears(&child), format!("Leg({call:?})"));
    assert!(stage.heard(&call, "hears").contains(&"Yes?".to_owned()));
    stage.run(15.0);
    assert_eq!(
        stage.told("/leg", "CallStatus"),
        ["initiated", "ringing", "in-progress", "completed"]
    );
    assert_eq!(field(stage.to("/leg")[0], "ParentCallSid"), call);
    assert_eq!(field(stage.to("/leg")[0], "From"), CUSTOMER);
    let done = stage.to("/done")[0];
    assert_eq!(field(done, "DialCallStatus"), "completed");
    assert_eq!(
        (field(done, "DialCallSid"), field(done, "DialCallDuration")),
        (child.as_str(), "10")
    );
    assert_eq!(stage.status(&call), CallStatus::Completed);
}

#[test]
fn the_first_to_answer_wins_and_the_others_are_canceled() {
    let dial = "<Dial><Number>+14155550141</Number><Number>+14155550142</Number></Dial>";
    let mut stage = Stage::new(&[("/voice", dial)]);
    stage
        .engine
        .set_behaviour("+14155550141", Some(Behaviour::NoAnswer));
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(4.0);
    let statuses: Vec<_> = stage
        .children(&call)
        .iter()
        .map(|child| stage.status(child))
        .collect();
    assert_eq!(statuses, [CallStatus::Canceled, CallStatus::InProgress]);
}

#[test]
fn a_dial_that_nobody_answers_ends_at_its_timeout() {
    let mut stage = Stage::new(&[(
        "/voice",
        "<Dial timeout=\"10\" action=\"/done\">+14155550142</Dial>",
    )]);
    stage
        .engine
        .set_behaviour("+14155550142", Some(Behaviour::NoAnswer));
    stage.phone_calls(Behaviour::Human);
    stage.run(9.0);
    assert!(stage.to("/done").is_empty());
    stage.run(2.0);
    assert_eq!(stage.told("/done", "DialCallStatus"), ["no-answer"]);
}

#[test]
fn a_busy_phone_is_told_and_without_an_action_the_next_verb_runs() {
    let mut stage = Stage::new(&[("/voice", "<Dial>+14155550142</Dial><Say>Sorry</Say>")]);
    stage
        .engine
        .set_behaviour("+14155550142", Some(Behaviour::Busy));
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(5.0);
    assert_eq!(stage.heard(&call, "hears"), ["Sorry"]);
}

#[test]
fn phones_are_dialled_in_turn_where_that_is_asked() {
    let dial = "<Dial sequential=\"true\" timeout=\"5\"><Number>+14155550141</Number><Number>+14155550142</Number></Dial>";
    let mut stage = Stage::new(&[("/voice", dial)]);
    stage
        .engine
        .set_behaviour("+14155550141", Some(Behaviour::NoAnswer));
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(4.0);
    assert_eq!(stage.children(&call).len(), 1);
    stage.run(5.0);
    assert_eq!(
        stage.status(&stage.children(&call)[1]),
        CallStatus::InProgress
    );
}

#[test]
fn answer_on_bridge_leaves_the_caller_ringing_until_somebody_answers() {
    let mut stage = Stage::new(&[(
        "/voice",
        "<Dial answerOnBridge=\"true\">+14155550142</Dial>",
    )]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(2.0);
    assert_eq!(stage.status(&call), CallStatus::Ringing);
    stage.run(1.0);
    assert_eq!(stage.status(&call), CallStatus::InProgress);
}

#[test]
fn a_caller_id_that_is_not_ours_is_refused() {
    let dial = "<Dial action=\"/done\" callerId=\"+14155550177\">+14155550142</Dial>";
    let mut stage = Stage::new(&[("/voice", dial)]);
    stage.phone_calls(Behaviour::Human);
    assert_eq!(stage.alerts, [13214]);
    assert_eq!(stage.told("/done", "DialCallStatus"), ["failed"]);
    stage.page(
        "/voice",
        &format!("<Dial callerId=\"{OURS}\">+14155550142</Dial>"),
    );
    let call = stage.phone_calls(Behaviour::Human);
    let child = stage.children(&call).remove(0);
    assert_eq!(stage.engine.call(AC, &child).unwrap().from, OURS);
}

#[test]
fn a_whisper_is_heard_by_the_called_party_before_both_are_connected() {
    let dial = "<Dial><Number url=\"/whisper\">+14155550142</Number></Dial>";
    let mut stage = Stage::new(&[("/voice", dial), ("/whisper", "<Say>A call for you</Say>")]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(2.8);
    let child = stage.children(&call).remove(0);
    assert_eq!(stage.heard(&child, "hears"), ["A call for you"]);
    assert!(!stage.hears(&call).starts_with("Leg"));
    stage.run(1.0);
    assert!(stage.hears(&call).starts_with("Leg"));
}

#[test]
fn a_star_drops_the_called_party_where_that_is_allowed() {
    let mut stage = Stage::new(&[(
        "/voice",
        "<Dial hangupOnStar=\"true\">+14155550142</Dial><Say>Next</Say>",
    )]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(4.0);
    stage.engine.phone_press(stage.now, &call, "*").unwrap();
    stage.run(0.5);
    assert!(stage.heard(&call, "hears").contains(&"Next".to_owned()));
}

#[test]
fn a_failing_page_asks_the_fallback_and_without_one_says_so_and_hangs_up() {
    let mut stage = Stage::new(&[("/fallback", "<Say>Please wait</Say>")]);
    stage.broken = vec!["/voice"];
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(10.0);
    assert_eq!(stage.heard(&call, "hears"), ["application-error"]);
    assert_eq!(stage.status(&call), CallStatus::Completed);
    assert_eq!(stage.alerts, [11200]);
    let number = stage.engine.owner_of(OURS).unwrap().sid.clone();
    let hooks = super::HooksChange {
        voice_fallback_url: Some(url("/fallback")),
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
    stage.run(10.0);
    assert_eq!(stage.heard(&call, "hears"), ["Please wait"]);
    let asked = stage.to("/fallback")[0];
    assert_eq!(
        (field(asked, "ErrorCode"), field(asked, "ErrorUrl")),
        ("11200", url("/voice").as_str())
    );
}

#[test]
fn a_redirect_is_followed_relative_to_its_document_and_empty_means_the_same() {
    let mut stage = Stage::new(&[
        ("/voice", "<Redirect>a/b</Redirect>"),
        ("/a/b", "<Pause length=\"5\"/><Redirect/>"),
    ]);
    stage.phone_calls(Behaviour::Human);
    stage.run(6.0);
    assert_eq!(stage.paths(), ["/voice", "/a/b", "/a/b"]);
}

#[test]
fn a_redirected_leg_requests_the_old_action_ignores_it_and_then_the_new_document() {
    let mut stage = Stage::new(&[
        ("/voice", "<Dial action=\"/done\">+14155550142</Dial>"),
        ("/done", "<Say>Wrong</Say>"),
        ("/new", "<Say>Right</Say><Pause length=\"60\"/>"),
    ]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(5.0);
    let child = stage.children(&call).remove(0);
    let change = super::super::requests::UpdateCall {
        twiml: Some(super::fetch("/new")),
        ..Default::default()
    };
    stage
        .engine
        .update_call(stage.now, AC, &call, change)
        .unwrap();
    stage.run(2.0);
    assert_eq!(stage.status(&child), CallStatus::Completed);
    assert_eq!(stage.paths(), ["/voice", "/done", "/new"]);
    assert_eq!(stage.told("/done", "DialCallStatus"), ["completed"]);
    let heard = stage.heard(&call, "hears");
    assert!(heard.contains(&"Right".to_owned()) && !heard.contains(&"Wrong".to_owned()));
}

#[test]
fn redirecting_the_dialled_leg_ends_the_dial_of_its_parent() {
    let mut stage = Stage::new(&[
        ("/voice", "<Dial action=\"/done\">+14155550142</Dial>"),
        ("/done", WAITS),
        ("/room", WAITS),
    ]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(5.0);
    let child = stage.children(&call).remove(0);
    let change = super::super::requests::UpdateCall {
        twiml: Some(super::fetch("/room")),
        ..Default::default()
    };
    stage
        .engine
        .update_call(stage.now, AC, &child, change)
        .unwrap();
    stage.run(1.0);
    assert_eq!(
        (stage.status(&call), stage.status(&child)),
        (CallStatus::InProgress, CallStatus::InProgress)
    );
    let done = stage.to("/done")[0];
    assert_eq!(
        (
            field(done, "DialCallStatus"),
            field(done, "DialCallDuration")
        ),
        ("completed", "")
    );
    assert_eq!(field(stage.to("/room")[0], "CallSid"), child);
}

#[test]
fn a_dial_is_recorded_with_the_parent_in_the_first_channel() {
    let dial = "<Dial record=\"record-from-answer-dual\" recordingStatusCallback=\"http://app.test/rec\" action=\"/done\">\
        +14155550142</Dial>";
    let mut stage = Stage::new(&[("/voice", dial)]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(8.0);
    stage.engine.phone_hang_up(stage.now, &call).unwrap();
    stage.drain();
    let told = stage.to("/rec")[0];
    assert_eq!(
        (field(told, "CallSid"), field(told, "RecordingSource")),
        (call.as_str(), "DialVerb")
    );
    assert_eq!(field(told, "RecordingChannels"), "2");
    assert_eq!(
        stage.told("/done", "RecordingSid"),
        [field(told, "RecordingSid")]
    );
}

#[test]
fn a_message_from_a_joined_call_ends_when_its_document_falls_silent() {
    let record = "<Record action=\"/left\" timeout=\"4\"/>";
    let speaks = "<Say>Call me</Say><Pause length=\"60\"/>";
    let mut stage = Stage::new(&[
        ("/voice", record),
        ("/answered", speaks),
        ("/left", "<Hangup/>"),
    ]);
    let call = stage.rest_calls(OURS, &[]);
    stage.run(4.0);
    assert!(stage.to("/left").is_empty());
    stage.run(3.0);
    assert_eq!(stage.to("/left").len(), 1);
    assert_eq!(stage.status(&call), CallStatus::Completed);
}
