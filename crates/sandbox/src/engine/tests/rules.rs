//! Twilio's rules: who may be dialled, who answered, what a trial account may, what the debugger shows.

use super::super::phone::{Behaviour, Line};
use super::super::records::CallStatus;
use super::super::requests::{Callback, MachineDetection};
use super::super::resources::Alert;
use super::{AC, CUSTOMER, Stage, create, field, url};

const WAITS: &str = "<Pause length=\"120\"/>";
const PHONE: &str = "+14155550142";

fn machine(beep: bool) -> Behaviour {
    Behaviour::Machine {
        ring: 1.0,
        lines: vec![
            Line::Text("You have reached us".into()),
            Line::Text("Leave a message".into()),
            Line::Pause(2500),
        ],
        beep,
        stays: None,
    }
}

/// REST calls a phone that behaves so; detection as asked.
fn detects(behaviour: Behaviour, ask: MachineDetection) -> (Stage, String) {
    let mut stage = Stage::new(&[("/answered", WAITS)]);
    stage.engine.set_behaviour(PHONE, Some(behaviour));
    let mut request = create(PHONE, &["completed"]);
    request.machine = Some(ask);
    let call = stage
        .engine
        .create_call(stage.now, AC, request)
        .unwrap()
        .sid;
    (stage, call)
}

#[test]
fn the_first_document_waits_until_it_is_clear_who_answered() {
    for (behaviour, until_end, by) in [
        (Behaviour::Human, false, "human"),
        (machine(true), false, "machine_start"),
        (machine(true), true, "machine_end_beep"),
        (machine(false), true, "machine_end_silence"),
        (Behaviour::Fax, false, "fax"),
        (
            Behaviour::Answers {
                ring: 1.0,
                lines: Vec::new(),
                stays: None,
            },
            false,
            "unknown",
        ),
    ] {
        let ask = MachineDetection {
            until_end,
            ..MachineDetection::default()
        };
        let human = behaviour == Behaviour::Human;
        let (mut stage, call) = detects(behaviour, ask);
        stage.run(1.0);
        if human {
            stage.engine.phone_answer(stage.now, &call).unwrap();
        }
        stage.run(1.0);
        assert!(stage.to("/answered").is_empty(), "{by}: too early");
        stage.run(10.0);
        assert_eq!(stage.told("/answered", "AnsweredBy"), [by]);
        let answered_by = stage.engine.call(AC, &call).unwrap().answered_by;
        assert_eq!(answered_by, Some(by));
    }
}

#[test]
fn detection_beside_the_call_does_not_hold_it_up_and_tells_its_result() {
    let ask = MachineDetection {
        beside: Some(Callback {
            url: url("/amd"),
            ..Callback::default()
        }),
        ..MachineDetection::default()
    };
    let (mut stage, call) = detects(machine(true), ask);
    stage.run(1.5);
    assert_eq!(stage.told("/answered", "AnsweredBy"), [""]);
    assert!(stage.to("/amd").is_empty());
    stage.run(3.0);
    let amd = stage.to("/amd")[0];
    assert_eq!(field(amd, "AnsweredBy"), "machine_start");
    assert_eq!(field(amd, "MachineDetectionDuration"), "2400");
    assert_eq!(field(amd, "CallSid"), call);
}

#[test]
fn a_greeting_without_end_is_unknown_after_the_detections_time() {
    let ask = MachineDetection {
        until_end: true,
        timeout: 3,
        ..MachineDetection::default()
    };
    let (mut stage, _) = detects(machine(true), ask);
    stage.run(8.0);
    assert_eq!(stage.told("/answered", "AnsweredBy"), ["unknown"]);
}

#[test]
fn keys_after_the_answer_switch_detection_off() {
    let mut stage = Stage::new(&[("/answered", WAITS)]);
    stage.engine.set_behaviour(PHONE, Some(machine(true)));
    let mut request = create(PHONE, &[]);
    request.machine = Some(MachineDetection::default());
    request.send_digits = "1".into();
    stage.engine.create_call(stage.now, AC, request).unwrap();
    stage.run(1.5);
    assert_eq!(stage.told("/answered", "AnsweredBy"), [""]);
}

#[test]
fn a_dialled_number_may_be_asked_who_answered() {
    let dial = format!(
        "<Dial><Number machineDetection=\"Enable\" amdStatusCallback=\"/amd\">{PHONE}</Number></Dial>"
    );
    let mut stage = Stage::new(&[("/voice", &dial)]);
    stage.engine.set_behaviour(PHONE, Some(machine(false)));
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(5.0);
    assert_eq!(stage.told("/amd", "AnsweredBy"), ["machine_start"]);
    assert_eq!(stage.told("/amd", "CallSid"), stage.children(&call));
}

#[test]
fn numbers_that_cannot_or_may_not_be_dialled_have_codes_of_their_own() {
    for (noun, code) in [
        ("<Number>hello</Number>", 13223),
        ("<Number>+19005550100</Number>", 13225),
        ("<Number>+4915155550100</Number>", 13227),
        ("<Sip>nobody</Sip>", 13243),
    ] {
        let dial = format!("<Dial action=\"/done\">{noun}</Dial>");
        let mut stage = Stage::new(&[("/voice", &dial), ("/done", WAITS)]);
        stage
            .engine
            .permit_dialing(AC, &[("DE", [Some(false), None, None])])
            .unwrap();
        let call = stage.phone_calls(Behaviour::Human);
        stage.run(1.0);
        assert_eq!(stage.alerts, [code], "{noun}");
        assert_eq!(stage.told("/done", "DialCallStatus"), ["failed"]);
        assert!(stage.children(&call).is_empty());
    }
}

#[test]
fn one_wrong_number_does_not_keep_the_others_from_ringing() {
    let dial = format!("<Dial><Number>12</Number><Number>{PHONE}</Number></Dial>");
    let mut stage = Stage::new(&[("/voice", &dial)]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    assert_eq!(
        (stage.alerts.clone(), stage.children(&call).len()),
        (vec![13223], 1)
    );
}

#[test]
fn sip_addresses_and_sim_cards_are_phones() {
    let dial = "<Dial><Sip statusCallback=\"/leg\" statusCallbackEvent=\"answered\">sip:desk@office.test;transport=tls?x-a=b</Sip><Sim>DE00000000000000000000000000000001</Sim></Dial>";
    let mut stage = Stage::new(&[("/voice", dial)]);
    let answers = Behaviour::persona(1, 1.0, None);
    stage
        .engine
        .set_behaviour("sip:desk@office.test", Some(answers));
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(3.0);
    assert_eq!(stage.told("/leg", "To"), ["sip:desk@office.test"]);
    let children = stage.children(&call);
    assert_eq!(stage.status(&children[0]), CallStatus::InProgress);
    assert_eq!(stage.status(&children[1]), CallStatus::Canceled);
    assert!(
        stage
            .engine
            .call(AC, &children[1])
            .unwrap()
            .to
            .starts_with("sim:DE")
    );
}

#[test]
fn what_the_sandbox_does_not_serve_fails_as_a_broken_document_would() {
    for verb in [
        "<Pay/>",
        "<Refer/>",
        "<Connect><ConversationRelay url=\"wss://a.test\"/></Connect>",
        "<Start><Siprec/></Start>",
    ] {
        let document = format!("{verb}<Say>Never heard</Say>");
        let mut stage = Stage::new(&[("/voice", &document)]);
        let call = stage.phone_calls(Behaviour::Human);
        stage.run(10.0);
        assert_eq!(stage.alerts, [12400], "{verb}");
        assert_eq!(stage.heard(&call, "hears"), ["application-error"]);
        assert_eq!(stage.status(&call), CallStatus::Completed);
    }
}

#[test]
fn a_whisper_cannot_dial_and_a_wait_document_cannot_record() {
    let dial = format!("<Dial><Number url=\"/whisper\">{PHONE}</Number></Dial>");
    let mut stage = Stage::new(&[("/voice", &dial), ("/whisper", "<Dial>+14155550143</Dial>")]);
    stage.phone_calls(Behaviour::Human);
    stage.run(4.0);
    assert_eq!(stage.alerts, [13201]);
    let room = "<Dial><Conference waitUrl=\"/wait\">Team</Conference></Dial>";
    let mut stage = Stage::new(&[("/voice", room), ("/wait", "<Record/>")]);
    stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    assert_eq!(stage.alerts, [13238]);
}

#[test]
fn who_takes_a_caller_out_of_a_queue_is_told_how_long_he_waited() {
    let mut stage = Stage::new(&[("/voice", "<Enqueue>Support</Enqueue>")]);
    let waiting = stage.phone_calls(Behaviour::Human);
    stage.run(7.0);
    stage.page(
        "/answered",
        "<Dial action=\"/done\"><Queue>Support</Queue></Dial>",
    );
    let answers = Behaviour::Answers {
        ring: 1.0,
        lines: Vec::new(),
        stays: None,
    };
    stage.engine.set_behaviour(PHONE, Some(answers));
    stage.rest_calls(PHONE, &[]);
    stage.run(5.0);
    stage.engine.phone_hang_up(stage.now, &waiting).unwrap();
    stage.run(0.0);
    let done = stage.to("/done")[0];
    assert_eq!(field(done, "DialCallStatus"), "completed");
    assert_eq!(field(done, "DequeueResult"), "bridged");
    assert_eq!(field(done, "DequeuedCallSid"), waiting);
    assert_eq!(field(done, "DequeuedCallQueueTime"), "8");
    assert_eq!(field(done, "DequeuedCallDuration"), "4");
    assert!(field(done, "QueueSid").starts_with("QU"));
}

#[test]
fn a_callback_that_is_not_taken_is_shown_and_changes_nothing() {
    let mut stage = Stage::new(&[("/answered", "<Hangup/>")]);
    stage.broken.push("/status");
    let call = stage.rest_calls("+14155550142", &["ringing", "completed"]);
    stage.run(10.0);
    assert_eq!(stage.status(&call), CallStatus::Completed);
    assert_eq!(stage.alerts, [15003, 15003]);
    assert!(stage.engine.alerts(AC).all(Alert::is_warning));
    assert!(stage.engine.alerts(AC).all(|alert| alert.call_sid == call));
}

#[test]
fn an_announcement_tells_its_end_or_its_failure() {
    let room = "<Dial><Conference statusCallback=\"http://app.test/room\" statusCallbackEvent=\"announcement\">Team</Conference></Dial>";
    let mut stage = Stage::new(&[("/voice", room), ("/say", "<Say>One minute left</Say>")]);
    let one = stage.phone_calls(Behaviour::Human);
    stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    let sid = stage.engine.conferences(AC)[0].sid.clone();
    for path in ["/say", "/broken"] {
        if path == "/broken" {
            stage.broken.push("/broken");
        }
        let change = super::super::requests::UpdateParticipant {
            announce_url: Some(url(path)),
            ..Default::default()
        };
        let now = stage.now;
        stage
            .engine
            .update_participant(now, AC, &sid, &one, change)
            .unwrap();
        stage.run(2.0);
    }
    assert_eq!(
        stage.told("/room", "StatusCallbackEvent"),
        ["announcement-end", "announcement-fail"]
    );
    assert_eq!(
        stage.told("/room", "AnnounceUrl"),
        [url("/say"), url("/broken")]
    );
    assert!(
        stage
            .heard(&one, "hears")
            .contains(&"One minute left".into())
    );
}

#[test]
fn who_is_dialled_into_a_full_room_does_not_get_in() {
    let room = "<Dial><Conference maxParticipants=\"2\" statusCallback=\"/room\" statusCallbackEvent=\"leave\">Team</Conference></Dial>";
    let mut stage = Stage::new(&[("/voice", room)]);
    stage.phone_calls(Behaviour::Human);
    stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    let request = super::super::requests::CreateParticipant {
        to: PHONE.into(),
        from: super::OURS.into(),
        ..Default::default()
    };
    let now = stage.now;
    let made = stage
        .engine
        .create_participant(now, AC, "Team", request)
        .unwrap();
    stage.run(5.0);
    assert_eq!(stage.alerts, [16020]);
    assert_eq!(stage.status(&made.call_sid), CallStatus::Completed);
    assert_eq!(
        stage.told("/room", "ReasonParticipantLeft"),
        ["participant_add_failed"]
    );
    let inside = stage.engine.participants(AC, &made.conference_sid);
    assert_eq!(inside.len(), 2);
}

#[test]
fn a_client_from_whom_no_sound_comes_is_cut_off_and_the_debugger_says_why() {
    let mut stage = Stage::new(&[("/voice", WAITS)]);
    let call = stage.phone_calls(Behaviour::Human);
    let silent = crate::seam::ClientInput::Silent { call: call.clone() };
    stage.input(crate::seam::Input::Client(silent));
    assert_eq!(stage.alerts, [32014]);
    assert!(stage.status(&call).is_terminal());
}

#[test]
fn a_trial_account_reaches_verified_numbers_for_ten_minutes_after_a_notice() {
    let mut stage = Stage::new(&[("/voice", "<Pause length=\"900\"/>")]);
    stage
        .engine
        .set_account(stage.now, AC, None, Some(true))
        .unwrap();
    let refused = stage.engine.create_call(stage.now, AC, create(PHONE, &[]));
    assert_eq!(refused.unwrap_err().code, 21219);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    assert!(stage.heard(&call, "hears")[0].starts_with("You have a trial account"));
    stage.run(610.0);
    assert_eq!(stage.status(&call), CallStatus::Completed);
    assert_eq!(stage.engine.call(AC, &call).unwrap().duration(), Some(600));
    assert_eq!(stage.alerts, [13805]);
}

#[test]
fn a_recording_has_its_price_ten_seconds_after_its_end() {
    let record = "<Record action=\"/left\" timeout=\"2\"/>";
    let mut stage = Stage::new(&[("/voice", record), ("/left", WAITS)]);
    stage.phone_calls(Behaviour::Answers {
        ring: 0.0,
        lines: vec![Line::Pause(600), Line::Text("Hello".into())],
        stays: None,
    });
    stage.run(6.0);
    let price = |stage: &Stage| stage.engine.recordings(AC, None)[0].price.clone();
    assert_eq!(price(&stage), None);
    stage.run(10.0);
    assert_eq!(price(&stage).as_deref(), Some("-0.00250"));
}

#[test]
fn a_voice_that_does_not_exist_is_warned_of_and_the_default_one_speaks() {
    let mut stage = Stage::new(&[("/voice", "<Say voice=\"Robot\">Hello</Say>")]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(3.0);
    assert_eq!(stage.alerts, [13511]);
    assert_eq!(stage.heard(&call, "hears"), ["Hello"]);
    assert_eq!(field(stage.to("/voice")[0], "From"), CUSTOMER);
}
