//! Recordings come home: not before they are ready, in two channels where there are two, with the account's credentials.

use std::io::Cursor;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::carrier::{Carrier, later, quiet, refusal, webhook};
use crate::support::{TestApp, stories};

const CALLER: &str = "CA000000000000000000000000000000c1";

fn wav(channels: u16) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
    for n in 0..16_000_i16 * i16::try_from(channels).unwrap() / i16::try_from(channels).unwrap() {
        for _ in 0..channels {
            writer.write_sample(n % 1000).unwrap();
        }
    }
    writer.finalize().unwrap();
    file.into_inner()
}

/// A call comes in and its recording is told; answers the call's id.
async fn recorded(t: &TestApp) -> String {
    let fields = [
        ("CallSid", CALLER),
        ("From", "+14155550142"),
        ("To", t.ours.number.as_str()),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    let answer = webhook(t, &t.ours, "/webhooks/twilio/voice", &fields).await;
    let call = answer
        .text
        .split("call=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    let done = [
        ("RecordingSid", "RE1"),
        ("RecordingStatus", "completed"),
        ("CallSid", CALLER),
        ("RecordingDuration", "2"),
        ("RecordingChannels", "2"),
        ("RecordingSource", "StartCallRecordingTwiML"),
    ];
    assert_eq!(
        webhook(
            t,
            &t.ours,
            &format!("/webhooks/twilio/recording?call={call}"),
            &done
        )
        .await
        .status,
        204
    );
    quiet(t).await;
    call
}

stories! {
    async fn a_recording_that_is_not_ready_is_asked_for_again_and_one_channel_is_taken_where_two_are_refused(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, before| {
            let media = asked.path.ends_with("/RE1.wav");
            match (media, before, asked.query.as_str()) {
                (false, ..) => None,
                (true, 0, _) => Some(refusal(404, 20404)),
                (true, _, "RequestedChannels=2") => Some(refusal(400, 21220)),
                (true, ..) => Some(Response::new(Body::from(wav(1)))),
            }
        });
        let call = recorded(t).await;
        later(t, 10).await;
        let asked = carrier.asked("/RE1.wav");
        let queries: Vec<_> = asked.iter().map(|asked| asked.query.as_str()).collect();
        assert_eq!(queries, ["RequestedChannels=2", "RequestedChannels=2", "RequestedChannels=1"]);
        assert!(asked.iter().all(|asked| asked.authorization.starts_with("Basic ")));
        let shown = t.by(&t.ours.supervisor).get(&format!("/calls/{call}")).await.ok(200);
        assert_eq!((&shown["recordings"][0]["status"], &shown["recordings"][0]["channels"]), (&json!("ready"), &json!(1)), "{shown}");
    }

    async fn t_recording_authz_only_those_who_may_hear_it_hear_it_and_in_parts_if_they_like(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| asked.path.ends_with("/RE1.wav").then(|| Response::new(Body::from(wav(2)))));
        let call = recorded(t).await;
        later(t, 5).await;
        let shown = t.by(&t.ours.owner).get(&format!("/calls/{call}")).await.ok(200);
        let id = shown["recordings"][0]["id"].as_str().unwrap_or_else(|| panic!("{shown}"));
        let path = format!("/calls/{call}/recordings/{id}/audio");
        t.nobody().get(&path).await.problem(401);
        t.by(&t.theirs.owner).get(&path).await.problem(404);
        t.by(&t.ours.agent).get(&path).await.problem(403);
        let supervisor = t.by(&t.ours.supervisor);
        let whole = supervisor.get(&path).await;
        assert_eq!((whole.status.as_u16(), &whole.headers["content-type"]), (200, &"audio/wav".parse().unwrap()));
        let part = supervisor.clone().header("range", "bytes=0-3").get(&path).await;
        assert_eq!((part.status.as_u16(), part.text.as_str()), (206, "RIFF"));
        assert_eq!(part.headers["content-range"], format!("bytes 0-3/{}", wav(2).len()));
        supervisor.clone().header("range", "bytes=9999999-").get(&path).await.problem(416);
        let peaks = supervisor.get(&format!("/calls/{call}/recordings/{id}/peaks")).await.ok(200);
        assert_eq!((peaks["channels"].as_array().unwrap().len(), &peaks["seconds"]), (2, &json!(2.0)));
    }

    async fn a_recording_whose_callback_was_lost_is_found_when_the_call_is_over(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            let list = json!({ "recordings": [{ "sid": "RE1", "status": "completed", "duration": "2", "source": "StartCallRecordingTwiML" }] });
            match asked.path.as_str() {
                path if path.ends_with("/RE1.wav") => Some(Response::new(Body::from(wav(2)))),
                path if path.ends_with("/Recordings.json") => Some(axum::Json(list).into_response()),
                _ => None,
            }
        });
        let arrives = [("CallSid", CALLER), ("From", "+14155550142"), ("To", t.ours.number.as_str()), ("Direction", "inbound"), ("CallStatus", "ringing")];
        let answer = webhook(t, &t.ours, "/webhooks/twilio/voice", &arrives).await;
        let call = answer.text.split("call=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let begun = [("RecordingSid", "RE1"), ("RecordingStatus", "in-progress"), ("CallSid", CALLER)];
        webhook(t, &t.ours, &format!("/webhooks/twilio/recording?call={call}"), &begun).await;
        let ended = [("CallSid", CALLER), ("CallStatus", "completed"), ("SequenceNumber", "3")];
        webhook(t, &t.ours, "/webhooks/twilio/status", &ended).await;
        later(t, 30).await;
        let shown = t.by(&t.ours.owner).get(&format!("/calls/{call}")).await.ok(200);
        assert_eq!(shown["recordings"][0]["status"], "ready", "{shown}");
    }
}
