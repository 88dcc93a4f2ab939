//! The other ways of a call: forwarded, to named agents, to voicemail, from an own phone first; and what remains of a call.

use serde_json::{Value, json};

use crate::stage::{Agent, CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    what_was_said_is_recorded_in_two_channels_and_can_be_heard_and_seen_and_has_its_price,
    t_fields_populated_after_a_whole_call_nothing_that_is_known_is_missing,
    a_forwarded_caller_is_shown_with_the_own_number_and_the_call_is_forwarded,
    a_message_is_left_told_and_heard,
    named_agents_are_rung_and_nobody_else,
    an_own_phone_rings_first_and_then_the_customer,
    whoever_becomes_free_is_offered_the_caller_who_waits_at_once,
    saving_the_notes_ends_the_wrap_up_and_the_next_caller_is_there,
}

const PHONE: &str = "+14155550177";

/// Sends calls to the main number another way.
async fn route(stage: &Stage, to: Value) {
    let numbers = stage.owner_gets("/numbers").await;
    let id = numbers["items"][0]["id"].as_str().expect("a number");
    let (status, body) = stage
        .owner_asks(
            "PATCH",
            &format!("/numbers/{id}"),
            json!({ "route": { "to": to } }),
        )
        .await;
    assert_eq!(status, 200, "{body}");
}

/// A recording of the newest call as bytes, and its waveform.
async fn sound(stage: &Stage, agent: &Agent, call: &Value) -> (Vec<u8>, Value) {
    let (id, recording) = (
        call["id"].as_str().expect("id"),
        call["recordings"][0]["id"].as_str().expect("a recording"),
    );
    let path = format!("/calls/{id}/recordings/{recording}");
    let peaks = agent.gets(stage, &format!("{path}/peaks")).await;
    let url = format!("{}/api/v1{path}/audio", stage.url);
    let answer = stage
        .http
        .get(&url)
        .bearer_auth(&agent.token)
        .header("range", "bytes=0-1043")
        .send()
        .await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 206);
    assert_eq!(answer.headers()["content-type"], "audio/wav");
    assert!(
        answer.headers()["content-range"]
            .to_str()
            .expect("text")
            .starts_with("bytes 0-1043/")
    );
    (answer.bytes().await.expect("bytes").to_vec(), peaks)
}

async fn what_was_said_is_recorded_in_two_channels_and_can_be_heard_and_seen_and_has_its_price(
    engine: Engine,
) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    ana.takes(&stage).await;
    stage.run(20).await;
    caller.hangs_up().await;
    stage.run(40).await;
    let call = stage.newest_call().await;
    assert_eq!(
        (&call["has_recording"], &call["recordings"][0]["status"]),
        (&json!(true), &json!("ready")),
        "{call}"
    );
    assert_eq!(call["recordings"][0]["channels"], 2);
    let (wav, peaks) = sound(&stage, &ana, &call).await;
    assert_eq!((wav.len(), &wav[..4]), (1044, &b"RIFF"[..]));
    assert_eq!(
        peaks["channels"].as_array().map(Vec::len),
        Some(2),
        "{peaks}"
    );
    assert!(
        peaks["seconds"]
            .as_f64()
            .is_some_and(|seconds| seconds > 15.0),
        "{}",
        peaks["seconds"]
    );
    assert!(
        call["price"]["amount"].is_string(),
        "the carrier has said what it took: {call}"
    );
    let path = format!(
        "/calls/{}/recordings/{}/audio",
        call["id"].as_str().expect("id"),
        call["recordings"][0]["id"].as_str().expect("id")
    );
    let (status, body) = stage.ask("GET", &path, &ben.token, None).await;
    assert_eq!(
        (status, &body["code"]),
        (403, &json!("forbidden")),
        "not one's own call"
    );
    assert!(
        !format!("{call}").contains("api.twilio"),
        "no address at the carrier leaves"
    );
    stage.end().await;
}

/// H1: what is known of a call stands in its row, and is found by it.
async fn t_fields_populated_after_a_whole_call_nothing_that_is_known_is_missing(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    ana.takes(&stage).await;
    stage.run(20).await;
    caller.hangs_up().await;
    stage.run(40).await;
    let call = stage.newest_call().await;
    for (field, value) in [
        ("direction", json!("inbound")),
        ("status", json!("completed")),
        ("phase", json!("ended")),
        ("outcome", json!("answered")),
        ("from_number", json!(CUSTOMER)),
        ("to_number", json!(MAIN)),
        ("number", json!(MAIN)),
        ("has_recording", json!(true)),
    ] {
        assert_eq!(call[field], value, "{field}: {call}");
    }
    assert_eq!(call["agent"]["id"], ana.id.as_str());
    assert!(call["queue"]["name"].is_string(), "{call}");
    for field in ["started_at", "answered_at", "ended_at"] {
        assert!(call[field].is_string(), "{field}: {call}");
    }
    for (field, least, most) in [
        ("wait_seconds", 1, 9),
        ("talk_seconds", 19, 21),
        ("duration_seconds", 27, 30),
    ] {
        let seconds = call[field].as_i64().unwrap_or(-1);
        assert!((least..=most).contains(&seconds), "{field}: {call}");
    }
    let price = call["price"]["amount"].as_str().unwrap_or_default();
    assert!(
        price.parse::<f64>().is_ok_and(|price| price > 0.0),
        "{call}"
    );
    assert_eq!(call["price"]["currency"], "USD");
    let recording = &call["recordings"][0];
    assert_eq!(recording["status"], "ready");
    assert!(
        recording["seconds"]
            .as_i64()
            .is_some_and(|seconds| seconds > 15),
        "{recording}"
    );
    every_leg_has_its_end(&call);
    assert_eq!(
        ids(&stage, "/calls?agent=me&status=completed", &ana).await,
        [call["id"].clone()]
    );
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(9).await;
    caller.hangs_up().await;
    stage.run(3).await;
    let missed = stage.call_is("no-answer", Some("abandoned")).await;
    assert_eq!(
        ids(&stage, "/calls?status=no-answer", &ana).await,
        [missed["id"].clone()]
    );
    stage.end().await;
}

fn every_leg_has_its_end(call: &Value) {
    let legs = call["legs"].as_array().expect("legs");
    assert_eq!(legs.len(), 2, "{call}");
    for leg in legs {
        for field in ["sid", "started_at", "answered_at", "ended_at"] {
            assert!(leg[field].is_string(), "{field}: {leg}");
        }
        assert!(leg["duration_seconds"].is_i64(), "{leg}");
        assert_eq!(leg["status"], "completed", "{leg}");
    }
}

/// The calls of a list.
async fn ids(stage: &Stage, path: &str, agent: &Agent) -> Vec<Value> {
    let list = agent.gets(stage, path).await;
    let items = list["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|call| call["id"].clone()).collect()
}

async fn a_forwarded_caller_is_shown_with_the_own_number_and_the_call_is_forwarded(engine: Engine) {
    let stage = Stage::empty(engine).await;
    route(&stage, json!({ "kind": "forward", "to": PHONE })).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(25).await;
    let talking = stage.newest_call().await;
    assert_eq!(talking["status"], "in-progress", "{talking}");
    let forwarded = stage
        .sandbox
        .engine(|engine, _| engine.truths())
        .into_iter()
        .find(|truth| truth.call.to == PHONE);
    assert_eq!(
        forwarded.expect("the phone was dialled").call.from,
        CUSTOMER
    );
    caller.hangs_up().await;
    stage.run(20).await;
    let over = stage.call_is("completed", Some("forwarded")).await;
    assert_eq!(over["recordings"][0]["status"], "ready", "{over}");
    stage.end().await;
}

async fn a_message_is_left_told_and_heard(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    route(&stage, json!({ "kind": "voicemail" })).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(25).await;
    caller.hangs_up().await;
    stage.run(20).await;
    let call = stage.call_is("no-answer", Some("voicemail")).await;
    let messages = ana.gets(&stage, "/voicemails").await;
    assert_eq!(
        messages["items"].as_array().map(Vec::len),
        Some(1),
        "{messages}"
    );
    assert_eq!(
        messages["items"][0]["recording_id"], call["recordings"][0]["id"],
        "{messages} {call}"
    );
    assert_eq!(stage.heard_of(&ana, "voicemail").await.len(), 1);
    let (wav, _) = sound(&stage, &ana, &call).await;
    assert_eq!(&wav[..4], b"RIFF");
    stage.end().await;
}

async fn named_agents_are_rung_and_nobody_else(engine: Engine) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    route(
        &stage,
        json!({ "kind": "ring_agents", "agents": [ana.id], "seconds": 40 }),
    )
    .await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(8).await;
    assert_eq!(
        (
            ana.offers(&stage).await.len(),
            ben.offers(&stage).await.len()
        ),
        (1, 0)
    );
    ana.takes(&stage).await;
    stage.run(5).await;
    assert_eq!(stage.newest_call().await["phase"], "connected");
    stage.end().await;
}

async fn an_own_phone_rings_first_and_then_the_customer(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let change = json!({ "own_phone": PHONE });
    let (status, body) = stage
        .owner_asks("PATCH", &format!("/users/{}", ana.id), change)
        .await;
    assert_eq!(status, 200, "{body}");
    let (status, call) = ana
        .posts(
            &stage,
            "/calls",
            json!({ "to": CUSTOMER, "mode": "phone_first" }),
        )
        .await;
    assert_eq!(status, 201, "{call}");
    let id = call["id"].as_str().expect("id").to_owned();
    stage.run(25).await;
    let talking = stage.newest_call().await;
    assert_eq!(
        (&talking["id"], &talking["phase"]),
        (&json!(id), &json!("connected")),
        "{talking}"
    );
    ana.does(&stage, &id, "hangup").await;
    stage.run(20).await;
    stage.call_is("completed", Some("answered")).await;
    assert!(
        stage
            .sandbox
            .engine(|engine, _| engine.truths())
            .iter()
            .all(|truth| truth.call.status.as_str() == "completed")
    );
    stage.end().await;
}

async fn whoever_becomes_free_is_offered_the_caller_who_waits_at_once(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    stage
        .ask(
            "PUT",
            "/me/availability",
            &ana.token,
            Some(json!({ "state": "away" })),
        )
        .await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(12).await;
    assert!(ana.offers(&stage).await.is_empty());
    stage
        .ask(
            "PUT",
            "/me/availability",
            &ana.token,
            Some(json!({ "state": "available" })),
        )
        .await;
    stage.settle().await;
    assert_eq!(
        ana.offers(&stage).await.len(),
        1,
        "without waiting for a round"
    );
    stage.end().await;
}

async fn saving_the_notes_ends_the_wrap_up_and_the_next_caller_is_there(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let first = stage.phone(CUSTOMER);
    first.dials(MAIN).await;
    stage.run(8).await;
    let (call, _) = ana.takes(&stage).await;
    stage.run(10).await;
    stage.phone("+14155550143").dials(MAIN).await;
    stage.run(8).await;
    first.hangs_up().await;
    stage.run(2).await;
    assert_eq!(ana.presence(&stage).await, "wrap_up");
    assert!(ana.offers(&stage).await.is_empty());
    let note = json!({ "note": "calls again on Monday", "disposition": "Follow up" });
    let (status, body) = stage
        .ask("PATCH", &format!("/calls/{call}"), &ana.token, Some(note))
        .await;
    assert_eq!(status, 200, "{body}");
    stage.settle().await;
    assert_eq!(ana.presence(&stage).await, "available");
    assert_eq!(ana.offers(&stage).await.len(), 1, "the next caller");
    stage.end().await;
}
