//! The carrier's doors: repeats, any order, bursts, right types, and addresses that lead somewhere.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;

use crate::stage::{CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    t_idempotent_webhooks_the_voice_door_answers_a_repeat_with_the_same_words,
    t_recording_before_status_the_recording_stays_in_either_order,
    t_webhook_burst_a_thousand_callbacks_from_one_address_are_all_taken,
    t_unsigned_403_a_webhook_with_a_wrong_signature_writes_nothing,
    t_status_first_the_end_of_a_call_whose_beginning_was_lost_is_a_call_all_the_same,
    t_duration_is_seconds_of_talk_not_minutes_of_the_bill,
    after_a_busy_day_t_content_type_t_all_callback_urls_resolve_and_t_self_hosted_media,
}

async fn t_idempotent_webhooks_the_voice_door_answers_a_repeat_with_the_same_words(engine: Engine) {
    let stage = Stage::empty(engine).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(2).await;
    let record = stage.webhooks("/webhooks/twilio/voice").remove(0);
    for _ in 0..3 {
        assert_eq!(stage.sends_again(&record).await, record.body);
    }
    let calls = stage.owner_gets("/calls").await;
    assert_eq!(calls["items"].as_array().map(Vec::len), Some(1), "{calls}");
    stage.end().await;
}

async fn t_recording_before_status_the_recording_stays_in_either_order(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    ana.takes(&stage).await;
    stage.run(15).await;
    caller.hangs_up().await;
    stage.run(20).await;
    let before = stage.newest_call().await;
    assert_eq!(
        before["recordings"].as_array().map(Vec::len),
        Some(1),
        "{before}"
    );
    for path in ["/status", "/recording", "/status", "/conference"] {
        for record in stage.webhooks(&format!("/webhooks/twilio{path}")) {
            stage.sends_again(&record).await;
        }
    }
    stage.run(5).await;
    let after = stage.newest_call().await;
    assert_eq!(before["recordings"], after["recordings"]);
    assert_eq!(before["status"], after["status"]);
    stage.end().await;
}

async fn t_webhook_burst_a_thousand_callbacks_from_one_address_are_all_taken(engine: Engine) {
    let stage = Stage::empty(engine).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(2).await;
    caller.hangs_up().await;
    stage.run(2).await;
    let record = stage.webhooks("/webhooks/twilio/status").remove(0);
    for _ in 0..20 {
        join_all((0..50).map(|_| stage.sends_again(&record))).await;
    }
    assert_eq!(stage.newest_call().await["status"], "no-answer");
    stage.end().await;
}

/// A whole call by way of most doors.
async fn busy_day(engine: Engine) -> Stage {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    let (call, device) = ana.takes(&stage).await;
    stage.run(10).await;
    ana.does(&stage, &call, "hold").await;
    stage.run(10).await;
    ana.does(&stage, &call, "resume").await;
    ana.drops(&stage, &device).await;
    stage.run(40).await;
    stage.kill_browser(&ana);
    stage.run(330).await;
    caller.hangs_up().await;
    stage.run(10).await;
    stage
}

async fn t_unsigned_403_a_webhook_with_a_wrong_signature_writes_nothing(engine: Engine) {
    let stage = Stage::empty(engine).await;
    for path in [
        "voice",
        "status",
        "recording",
        "conference",
        "queue",
        "wait",
        "room",
        "next",
    ] {
        let form = [
            ("AccountSid", crate::stage::ACCOUNT),
            ("CallSid", "CA1"),
            ("From", CUSTOMER),
            ("To", MAIN),
        ];
        let url = format!("{}/webhooks/twilio/{path}", stage.url);
        let body = form
            .map(|(name, value)| format!("{name}={}", value.replace('+', "%2B")))
            .join("&");
        let request = stage
            .http
            .post(&url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let answer = request
            .header("X-Twilio-Signature", "AAAA")
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 403, "{path}");
    }
    let calls = stage.owner_gets("/calls").await;
    assert_eq!(calls["items"], json!([]));
    stage.end().await;
}

async fn t_status_first_the_end_of_a_call_whose_beginning_was_lost_is_a_call_all_the_same(
    engine: Engine,
) {
    let mut stage = Stage::empty(engine).await;
    stage.kill().await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(20).await;
    let lost = stage.webhooks("/webhooks/twilio/status");
    stage.start().await;
    let record = lost.first().expect("the carrier told the end");
    stage.sends_again(record).await;
    stage.run(5).await;
    let call = stage.newest_call().await;
    assert_eq!(
        (&call["status"], &call["from_number"]),
        (&json!("no-answer"), &json!(CUSTOMER)),
        "{call}"
    );
    stage.end().await;
}

async fn t_duration_is_seconds_of_talk_not_minutes_of_the_bill(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    ana.takes(&stage).await;
    stage.run(75).await;
    caller.hangs_up().await;
    stage.run(5).await;
    let call = stage.newest_call().await;
    let (talked, lasted) = (
        call["talk_seconds"].as_i64().unwrap_or(0),
        call["duration_seconds"].as_i64().unwrap_or(0),
    );
    assert!((74..=76).contains(&talked) && lasted >= talked, "{call}");
    assert_eq!(call["outcome"], "answered");
    // What the carrier told of each leg: its `Duration` would have been 2.
    for leg in call["legs"].as_array().expect("legs") {
        let seconds = leg["duration_seconds"].as_i64().unwrap_or(0);
        assert!((74..=90).contains(&seconds), "{leg}");
    }
    stage.end().await;
}

async fn after_a_busy_day_t_content_type_t_all_callback_urls_resolve_and_t_self_hosted_media(
    engine: Engine,
) {
    let stage = busy_day(engine).await;
    every_answer_is_of_the_right_type(&stage);
    every_address_leads_somewhere(&stage).await;
    stage.end().await;
}

fn every_answer_is_of_the_right_type(stage: &Stage) {
    let sent = stage.sandbox.webhooks();
    assert!(sent.len() > 15, "it was a busy day");
    for record in sent {
        assert!(record.error.is_none(), "{}: {:?}", record.url, record.error);
        assert_eq!(
            record.status.map(|status| status / 100),
            Some(2),
            "{}",
            record.url
        );
        let thanked = ["/status", "/recording", "/conference"];
        if !thanked.iter().any(|door| record.url.contains(door)) {
            assert!(
                record.body.contains("<Response"),
                "a door that is asked for TwiML says something: {}",
                record.url
            );
        }
        if !record.body.is_empty() {
            assert!(
                record.content_type.starts_with("text/xml"),
                "{}: {}",
                record.url,
                record.content_type
            );
        }
    }
}

async fn every_address_leads_somewhere(stage: &Stage) {
    let mut addresses = BTreeSet::new();
    for record in stage.sandbox.webhooks() {
        for word in record.body.split(['"', '<', '>']) {
            if word.starts_with("http") {
                addresses.insert(word.replace("&amp;", "&"));
            }
        }
    }
    assert!(addresses.len() > 5, "{addresses:?}");
    for address in addresses {
        assert!(address.starts_with(&stage.url), "not from us: {address}");
        let bare = address.split('#').next().unwrap_or_default();
        if address.contains("/audio/") {
            let answer = stage.http.get(bare).send().await.expect("an answer");
            assert_eq!(answer.status(), 200, "{address}");
            let kind = answer
                .headers()
                .get("content-type")
                .and_then(|kind| kind.to_str().ok())
                .unwrap_or_default();
            assert!(kind.starts_with("audio/"), "{address}: {kind}");
            let sound = answer.bytes().await.expect("bytes");
            assert_eq!(&sound[..4], b"RIFF", "{address}");
        } else {
            let status = stage
                .http
                .post(bare)
                .send()
                .await
                .expect("an answer")
                .status();
            assert_eq!(
                status, 403,
                "there is a door, and it wants a signature: {address}"
            );
        }
    }
}
