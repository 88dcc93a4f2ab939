//! Recordings of legs and rooms.

use super::super::phone::Behaviour;
use super::super::records::RecordingStatus;
use super::super::requests::{Callback, RecordingRequest, UpdateRecording};
use super::{AC, CUSTOMER, Stage, create, field, url};
use crate::seam::{MediaCommand, Tap};

const START: &str = "<Start><Recording channels=\"dual\" trim=\"do-not-trim\" recordingStatusCallback=\"http://app.test/rec\" \
    recordingStatusCallbackEvent=\"in-progress completed absent\"/></Start>";

#[test]
fn a_recording_started_by_twiml_lives_across_redirects_until_the_call_ends() {
    let mut stage = Stage::new(&[
        ("/voice", &format!("{START}<Redirect>/next</Redirect>")),
        ("/next", "<Pause length=\"5\"/>"),
    ]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(10.0);
    assert_eq!(
        stage.told("/rec", "RecordingStatus"),
        ["in-progress", "completed"]
    );
    let done = stage.to("/rec")[1];
    assert_eq!(
        (
            field(done, "RecordingDuration"),
            field(done, "RecordingChannels")
        ),
        ("5", "2")
    );
    assert_eq!(field(done, "CallSid"), call);
    let sid = field(done, "RecordingSid");
    let record = stage.engine.recording(AC, sid).unwrap();
    assert_eq!(record.status, RecordingStatus::Completed);
    let wav = hound::WavReader::new(std::io::Cursor::new(record.wav(2).unwrap())).unwrap();
    assert_eq!((wav.spec().channels, wav.duration()), (2, 40_000));
    let tap = MediaCommand::StartRecording {
        recording: sid.to_owned(),
        tap: Tap::Leg(call),
        channels: 2,
    };
    assert!(stage.media.contains(&tap));
}

#[test]
fn a_recording_by_rest_is_paused_resumed_and_stopped() {
    let mut stage = Stage::new(&[("/voice", "<Say>Hi</Say><Pause length=\"60\"/>")]);
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    let request = RecordingRequest {
        dual: true,
        callback: Callback {
            url: url("/rec"),
            ..Callback::default()
        },
        ..RecordingRequest::default()
    };
    let record = stage
        .engine
        .start_recording(stage.now, AC, &call, request)
        .unwrap();
    assert_eq!(
        (record.channels, record.source),
        (2, "StartCallRecordingAPI")
    );
    let change = |status: &str| UpdateRecording {
        status: status.into(),
        skip_pause: false,
    };
    let paused = stage
        .engine
        .update_recording(
            stage.now,
            AC,
            "Twilio.CURRENT",
            Some(&call),
            change("paused"),
        )
        .unwrap();
    assert_eq!(paused.status, RecordingStatus::Paused);
    stage.drain();
    assert!(stage.media.contains(&MediaCommand::PauseRecording {
        recording: record.sid.clone(),
        silence: true
    }));
    stage
        .engine
        .update_recording(stage.now, AC, &record.sid, None, change("in-progress"))
        .unwrap();
    stage.run(2.0);
    stage
        .engine
        .update_recording(stage.now, AC, &record.sid, None, change("stopped"))
        .unwrap();
    stage.drain();
    assert_eq!(stage.told("/rec", "RecordingStatus"), ["completed"]);
    let late = stage
        .engine
        .update_recording(stage.now, AC, &record.sid, None, change("paused"))
        .unwrap_err();
    assert_eq!(late.code, 21220);
    stage
        .engine
        .delete_recording(stage.now, AC, &record.sid)
        .unwrap();
    assert!(stage.engine.recording(AC, &record.sid).is_none());
}

#[test]
fn a_call_made_with_record_names_its_recording_at_the_end() {
    let mut stage = Stage::new(&[("/answered", "<Pause length=\"4\"/>")]);
    let mut request = create(CUSTOMER, &["completed"]);
    request.record = Some(RecordingRequest {
        dual: true,
        ..RecordingRequest::default()
    });
    stage.engine.create_call(stage.now, AC, request).unwrap();
    stage.run(12.0);
    let end = stage.to("/status")[0];
    assert!(field(end, "RecordingSid").starts_with("RE"));
    assert!(field(end, "RecordingUrl").starts_with("http://localhost:8081/2010-04-01/Accounts/AC"));
    assert_eq!(stage.engine.recordings(AC, None)[0].source, "OutboundAPI");
}

#[test]
fn a_rooms_recording_begins_with_its_first_two_and_cannot_be_stopped() {
    let room = "<Dial><Conference record=\"record-from-start\" recordingStatusCallback=\"http://app.test/rec\">r</Conference></Dial>";
    let mut stage = Stage::new(&[("/voice", room)]);
    let first = stage.phone_calls(Behaviour::Human);
    assert!(stage.engine.recordings(AC, None).is_empty());
    let second = stage.phone_calls(Behaviour::Human);
    stage.run(3.0);
    let record = stage.engine.recordings(AC, None)[0].clone();
    assert_eq!(
        (record.source, record.call_sid.clone()),
        ("Conference", None)
    );
    let change = UpdateRecording {
        status: "stopped".into(),
        skip_pause: false,
    };
    assert_eq!(
        stage
            .engine
            .update_recording(stage.now, AC, &record.sid, None, change)
            .unwrap_err()
            .status,
        400
    );
    let tap = Tap::Conference {
        conference: record.conference_sid.clone().unwrap(),
        first: first.clone(),
    };
    assert!(stage.media.contains(&MediaCommand::StartRecording {
        recording: record.sid,
        tap,
        channels: 2
    }));
    for leg in [first, second] {
        stage.engine.phone_hang_up(stage.now, &leg).unwrap();
    }
    stage.drain();
    let told = stage.to("/rec")[0];
    assert_eq!(
        (field(told, "CallSid"), field(told, "RecordingSource")),
        ("", "Conference")
    );
}
