//! Streams and transcriptions beside the call.

use super::super::captions::CaptionsRequest;
use super::super::phone::{Behaviour, Line};
use super::super::records::CallStatus;
use super::super::requests::Callback;
use super::{AC, OURS, Stage, field, url};
use crate::seam::{Input, StreamInput, StreamOpen, StreamOutput};

const WAITS: &str = "<Pause length=\"60\"/>";

fn opened(stage: &mut Stage) -> StreamOpen {
    let open = stage.streams.iter().find_map(|output| match output {
        StreamOutput::Open(open) => Some(open.clone()),
        _ => None,
    });
    let open = open.expect("a stream was opened");
    let stream = open.stream.clone();
    stage.input(Input::Stream(StreamInput::Opened { stream }));
    open
}

#[test]
fn a_stream_beside_the_call_is_told_of_and_ends_with_it() {
    let start = format!(
        "<Start><Stream name=\"ears\" url=\"wss://bot.test/in\" track=\"both_tracks\" statusCallback=\"/stream\"><Parameter name=\"a\" value=\"b\"/></Stream></Start>{WAITS}"
    );
    let mut stage = Stage::new(&[("/voice", &start)]);
    let call = stage.phone_calls(Behaviour::Human);
    let open = opened(&mut stage);
    assert_eq!((&open.call, open.both_ways), (&call, false));
    assert_eq!((open.inbound, open.outbound), (true, true));
    assert_eq!(open.parameters, [("a".to_owned(), "b".to_owned())]);
    assert_eq!(
        stage.status(&call),
        CallStatus::InProgress,
        "the call goes on"
    );
    stage.engine.phone_hang_up(stage.now, &call).unwrap();
    stage.drain();
    assert_eq!(
        stage.told("/stream", "StreamEvent"),
        ["stream-started", "stream-stopped"]
    );
    assert_eq!(field(stage.to("/stream")[0], "StreamName"), "ears");
    assert_eq!(
        stage.streams.last(),
        Some(&StreamOutput::Close {
            stream: open.stream
        })
    );
}

#[test]
fn a_stream_is_stopped_by_its_name_and_a_name_is_taken_once() {
    let verbs = format!(
        "<Start><Stream name=\"a\" url=\"wss://bot.test/\"/><Stream name=\"a\" url=\"wss://bot.test/\"/></Start><Stop><Stream name=\"a\"/></Stop><Stop><Stream name=\"b\"/></Stop>{WAITS}"
    );
    let mut stage = Stage::new(&[("/voice", &verbs)]);
    stage.phone_calls(Behaviour::Human);
    assert_eq!(stage.streams.len(), 2, "{:?}", stage.streams);
    assert!(matches!(stage.streams[1], StreamOutput::Close { .. }));
    assert_eq!(stage.alerts, [20001, 12200]);
}

#[test]
fn a_call_that_is_handed_over_hears_the_other_program_until_that_ends() {
    let connect = "<Connect action=\"/after\"><Stream url=\"wss://bot.test/\"/></Connect>";
    let mut stage = Stage::new(&[("/voice", connect), ("/after", "<Say>Bye</Say>")]);
    let call = stage.phone_calls(Behaviour::Human);
    let stream = opened(&mut stage).stream;
    assert_eq!(stage.hears(&call), format!("Stream({stream:?})"));
    stage.engine.phone_press(stage.now, &call, "5").unwrap();
    stage.drain();
    let digit = StreamOutput::Digit {
        stream: stream.clone(),
        digit: '5',
    };
    assert_eq!(stage.streams.last(), Some(&digit));
    stage.run(30.0);
    assert!(stage.to("/after").is_empty());
    let error = None;
    stage.input(Input::Stream(StreamInput::Ended { stream, error }));
    stage.run(3.0);
    assert_eq!(stage.heard(&call, "hears"), ["Bye"]);
    assert_eq!(stage.status(&call), CallStatus::Completed);
}

#[test]
fn a_program_that_cannot_be_reached_is_an_error_and_the_next_verb_runs() {
    let connect = "<Connect><Stream url=\"wss://bot.test/\" statusCallback=\"/stream\"/></Connect><Say>Nobody there</Say>";
    let mut stage = Stage::new(&[("/voice", connect)]);
    let call = stage.phone_calls(Behaviour::Human);
    let Some(StreamOutput::Open(open)) = stage.streams.first().cloned() else {
        panic!("a stream")
    };
    let error = Some((31920, "refused".to_owned()));
    let stream = open.stream;
    stage.input(Input::Stream(StreamInput::Ended { stream, error }));
    stage.run(3.0);
    assert_eq!(stage.alerts, [31920]);
    assert_eq!(stage.told("/stream", "StreamEvent"), ["stream-error"]);
    assert_eq!(stage.told("/stream", "StreamError"), ["refused"]);
    assert_eq!(stage.heard(&call, "hears"), ["Nobody there"]);
}

#[test]
fn both_sides_are_transcribed_while_they_speak() {
    let start = format!(
        "<Start><Transcription name=\"words\" statusCallbackUrl=\"/words\" partialResults=\"true\" inboundTrackLabel=\"customer\"/></Start><Pause length=\"3\"/><Say>How can I help?</Say>{WAITS}"
    );
    let mut stage = Stage::new(&[("/voice", &start)]);
    let call = stage.phone_calls(Behaviour::Answers {
        ring: 0.0,
        lines: vec![Line::Pause(500), Line::Text("Good morning".into())],
        stays: Some(8.0),
    });
    stage.run(10.0);
    assert_eq!(
        stage.told("/words", "TranscriptionEvent"),
        [
            "transcription-started",
            "transcription-content",
            "transcription-content",
            "transcription-content",
            "transcription-content",
            "transcription-stopped"
        ]
    );
    assert_eq!(
        stage.told("/words", "SequenceId"),
        ["1", "2", "3", "4", "5", "6"]
    );
    assert_eq!(
        stage.told("/words", "Track")[1..5],
        [
            "inbound_track",
            "inbound_track",
            "outbound_track",
            "outbound_track"
        ]
    );
    assert_eq!(
        stage.told("/words", "Final")[1..5],
        ["false", "true", "false", "true"]
    );
    let data = stage.told("/words", "TranscriptionData");
    assert!(data[1].contains("\"Good\""), "{data:?}");
    assert!(data[2].contains("\"Good morning\"") && data[4].contains("How can I help?"));
    assert_eq!(
        field(stage.to("/words")[0], "InboundTrackLabel"),
        "customer"
    );
    assert_eq!(stage.status(&call), CallStatus::Completed);
}

#[test]
fn a_transcription_by_rest_takes_one_side_until_it_is_stopped() {
    let answers = format!("<Say>Hello</Say>{WAITS}");
    let mut stage = Stage::new(&[("/voice", &answers)]);
    let call = stage.phone_calls(Behaviour::Human);
    let request = CaptionsRequest {
        name: "agent".into(),
        track: "outbound_track".into(),
        callback: Callback {
            url: url("/words"),
            ..Callback::default()
        },
        ..CaptionsRequest::default()
    };
    let now = stage.now;
    stage
        .engine
        .start_captions(now, AC, &call, &request)
        .unwrap();
    let line = Line::Text("Only the other side counts".into());
    stage.engine.phone_say(now, &call, line).unwrap();
    stage.run(3.0);
    let now = stage.now;
    let over = stage.engine.end_captions(now, AC, &call, "agent").unwrap();
    stage.drain();
    assert!(over.stopped);
    assert_eq!(
        stage.told("/words", "TranscriptionEvent"),
        ["transcription-started", "transcription-stopped"]
    );
    assert!(stage.engine.end_captions(now, AC, &call, "nobody").is_err());
    assert_eq!(field(stage.to("/voice")[0], "To"), OURS);
}
