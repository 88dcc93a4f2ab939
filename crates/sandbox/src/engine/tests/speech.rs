//! Speech: gathered, with partial results; messages as text; who speaks in a room.

use super::super::phone::{Behaviour, Line};
use super::{AC, CUSTOMER, OURS, Stage, field, url};

fn says(lines: &[&str]) -> Behaviour {
    Behaviour::Answers {
        ring: 0.0,
        lines: lines
            .iter()
            .map(|line| Line::Text((*line).into()))
            .collect(),
        stays: None,
    }
}

#[test]
fn speech_is_gathered_after_its_pause_with_partial_results_before() {
    let gather = "<Gather input=\"speech\" action=\"/said\" speechTimeout=\"2\" hints=\"Acme\" \
        partialResultCallback=\"/part\"><Play loop=\"0\">/music.wav</Play></Gather>";
    let mut stage = Stage::new(&[("/voice", gather), ("/said", "<Hangup/>")]);
    let lines = ["I want acme", "now please"].map(|line| Line::Text(line.into()));
    let call = stage.phone_calls(Behaviour::Answers {
        ring: 0.0,
        lines: std::iter::once(Line::Pause(300)).chain(lines).collect(),
        stays: None,
    });
    stage.run(0.2);
    assert!(stage.hears(&call).starts_with("Clip"));
    stage.run(0.2);
    assert_eq!(stage.hears(&call), "Silence", "speech silences the prompt");
    stage.run(3.5);
    assert!(stage.to("/said").is_empty(), "the pause is not over");
    stage.run(1.0);
    let said = stage.to("/said")[0];
    assert_eq!(field(said, "SpeechResult"), "I want Acme now please");
    assert_eq!(field(said, "Confidence"), "0.95");
    assert_eq!(field(said, "Digits"), "");
    assert_eq!(
        stage.told("/part", "StableSpeechResult"),
        ["", "I want Acme", "I want Acme", "I want Acme now please"]
    );
    assert_eq!(stage.told("/part", "UnstableSpeechResult")[0], "I");
    assert_eq!(stage.told("/part", "SequenceNumber"), ["0", "1", "2", "3"]);
}

#[test]
fn a_prompt_that_may_not_be_interrupted_is_heard_to_its_end() {
    let gather = "<Gather input=\"speech\" action=\"/said\" bargeIn=\"false\" timeout=\"3\"><Say>Please listen</Say></Gather><Say>Nothing</Say><Pause length=\"9\"/>";
    let mut stage = Stage::new(&[("/voice", gather)]);
    let call = stage.phone_calls(says(&["I talk at once"]));
    stage.run(6.0);
    assert!(stage.to("/said").is_empty());
    assert_eq!(stage.heard(&call, "hears"), ["Please listen", "Nothing"]);
}

#[test]
fn keys_end_speech_where_both_are_taken_and_mean_nothing_where_only_speech_is() {
    let both = "<Gather input=\"dtmf speech\" numDigits=\"1\" action=\"/got\"/>";
    let mut stage = Stage::new(&[("/voice", both)]);
    let call = stage.phone_calls(says(&["Well, let me think"]));
    stage.run(0.3);
    stage.engine.phone_press(stage.now, &call, "4").unwrap();
    stage.drain();
    assert_eq!(stage.told("/got", "Digits"), ["4"]);
    assert_eq!(stage.told("/got", "SpeechResult"), [""]);
    let only = "<Gather input=\"speech\" numDigits=\"1\" action=\"/only\" timeout=\"2\"/><Pause length=\"9\"/>";
    stage.page("/voice", only);
    let call = stage.phone_calls(Behaviour::Human);
    stage.engine.phone_press(stage.now, &call, "4").unwrap();
    stage.run(4.0);
    assert!(stage.to("/only").is_empty());
}

#[test]
fn a_call_joined_by_the_network_is_understood_too() {
    let gather = "<Gather input=\"speech\" action=\"/said\" speechTimeout=\"auto\"/>";
    let mut stage = Stage::new(&[
        ("/voice", gather),
        (
            "/answered",
            "<Say>Yes of course</Say><Pause length=\"30\"/>",
        ),
        ("/said", "<Hangup/>"),
    ]);
    stage.rest_calls(OURS, &[]);
    stage.run(4.0);
    assert_eq!(stage.told("/said", "SpeechResult"), ["Yes of course"]);
}

#[test]
fn a_browser_is_understood_by_what_it_is_said_to_say() {
    let gather = "<Gather input=\"speech\" action=\"/said\" speechTimeout=\"1\"/>";
    let mut stage = Stage::new(&[("/voice", gather), ("/said", "<Hangup/>")]);
    let call = stage.phone_calls(Behaviour::Human);
    let now = stage.now;
    stage.engine.said_outside(now, &call, "my invoice").unwrap();
    stage.run(1.5);
    assert!(stage.to("/said").is_empty(), "two words and a pause");
    stage.run(0.5);
    assert_eq!(stage.told("/said", "SpeechResult"), ["my invoice"]);
    assert!(stage.engine.said_outside(stage.now, &call, "more").is_err());
}

#[test]
fn a_message_becomes_text_where_that_is_asked() {
    let record =
        "<Record action=\"/left\" timeout=\"2\" transcribe=\"true\" transcribeCallback=\"/text\"/>";
    let mut stage = Stage::new(&[("/voice", record), ("/left", "<Hangup/>")]);
    let lines = vec![
        Line::Pause(800),
        Line::Text("Please call me back".into()),
        Line::Text("Thank you".into()),
    ];
    stage.phone_calls(Behaviour::Answers {
        ring: 0.0,
        lines,
        stays: None,
    });
    stage.run(20.0);
    let text = stage.to("/text")[0];
    assert_eq!(
        field(text, "TranscriptionText"),
        "Please call me back Thank you"
    );
    assert_eq!(field(text, "TranscriptionStatus"), "completed");
    assert_eq!(
        field(text, "RecordingSid"),
        field(stage.to("/left")[0], "RecordingSid")
    );
    let all = stage.engine.transcripts(AC, None);
    assert_eq!(all[0].sid, field(text, "TranscriptionSid"));
}

#[test]
fn a_room_tells_who_speaks_and_who_has_done() {
    let room = "<Dial><Conference statusCallback=\"http://app.test/room\" statusCallbackEvent=\"speaker\">Team</Conference></Dial>";
    let mut stage = Stage::new(&[("/voice", room)]);
    let one = stage.phone_calls(Behaviour::Human);
    stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    stage
        .engine
        .phone_say(stage.now, &one, Line::Text("Hello all".into()))
        .unwrap();
    stage.run(0.2);
    assert_eq!(
        stage.told("/room", "StatusCallbackEvent"),
        ["participant-speech-start"]
    );
    stage.run(2.0);
    assert_eq!(
        stage.told("/room", "StatusCallbackEvent"),
        ["participant-speech-start", "participant-speech-stop"]
    );
    assert_eq!(stage.told("/room", "CallSid"), [one.clone(), one]);
    assert_eq!(field(stage.to("/voice")[0], "From"), CUSTOMER);
    assert_eq!(url("/room"), "http://app.test/room");
}
