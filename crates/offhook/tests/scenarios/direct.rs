//! The agent's own leg dials the customer: no pace, no room, until somebody needs one.

use offhook_sandbox::engine::records::CallTruth;
use offhook_sandbox::webhooks::WebhookRecord;
use serde_json::{Value, json};

use crate::stage::{Agent, CUSTOMER, Engine, Stage, on_both_engines};

on_both_engines! {
    a_direct_call_is_dialled_by_the_agents_own_leg_and_recorded_at_the_customers,
    hold_makes_a_room_of_a_direct_call_and_they_talk_on_in_it,
    every_end_of_a_direct_call_is_told_and_frees_the_agent,
    a_device_that_hangs_up_ends_a_direct_call_as_the_carrier_does,
    t_kill_browser_a_direct_calls_customer_waits_in_a_room_and_the_agent_comes_back,
    a_tab_that_takes_over_makes_a_room_of_it_and_the_older_leg_goes,
    an_answer_that_nobody_told_us_is_found_at_the_carrier,
    direct_calls_do_not_wait_for_the_carriers_pace,
}

/// The leg at the customer's phone.
fn customer(stage: &Stage) -> CallTruth {
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    let mut theirs = legs.into_iter().filter(|truth| truth.call.to == CUSTOMER);
    let leg = theirs.next().expect("the customer was dialled");
    assert_eq!(theirs.next().map(|other| other.call.sid), None, "one dial");
    leg
}

/// The conferences that a leg joined, in order.
fn rooms(stage: &Stage, leg: &str) -> Vec<String> {
    let told = stage.webhooks("/webhooks/twilio/conference");
    let joined = told.into_iter().filter(|record| {
        field(record, "CallSid") == leg
            && field(record, "StatusCallbackEvent") == "participant-join"
    });
    joined
        .map(|record| field(&record, "ConferenceSid"))
        .collect()
}

fn field(record: &WebhookRecord, name: &str) -> String {
    let found = record.params.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// A direct call to a phone that a person answers; the answer is the call's id and the device's leg.
async fn rings(stage: &Stage, ana: &Agent) -> (String, String) {
    stage
        .phone(CUSTOMER)
        .behaves(json!({ "kind": "human" }))
        .await;
    stage.heard(ana).await;
    let order = json!({ "to": CUSTOMER, "mode": "direct" });
    let (status, call) = ana.posts(stage, "/calls", order).await;
    assert_eq!(status, 201, "{call}");
    let id = call["id"].as_str().expect("an id").to_owned();
    let told = stage.heard_of(ana, "join").await;
    assert_eq!(told.len(), 1, "the page is told to connect");
    assert_eq!(told[0]["data"]["call_id"], id.as_str());
    let device = ana.connects(stage, &id).await;
    stage.run(4).await;
    (id, device)
}

async fn talks(stage: &Stage, ana: &Agent) -> (String, String) {
    let (id, device) = rings(stage, ana).await;
    stage.phone(CUSTOMER).answers().await;
    stage.run(10).await;
    (id, device)
}

fn words(call: &Value) -> (&str, &str) {
    let word = |field: &str| call[field].as_str().unwrap_or_default();
    (word("status"), word("phase"))
}

async fn a_direct_call_is_dialled_by_the_agents_own_leg_and_recorded_at_the_customers(
    engine: Engine,
) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let (id, device) = rings(&stage, &ana).await;
    assert_eq!(words(&stage.newest_call().await), ("ringing", "connecting"));
    let leg = customer(&stage).call;
    assert_eq!(leg.parent_call_sid.as_ref(), Some(&device), "a child leg");
    assert_eq!(stage.phone(CUSTOMER).truth(&device).status, "ringing");
    stage.phone(CUSTOMER).answers().await;
    stage.run(20).await;
    let talking = stage.newest_call().await;
    assert_eq!(words(&talking), ("in-progress", "connected"));
    assert_eq!(ana.presence(&stage).await, "busy");
    ana.does(&stage, &id, "hangup").await;
    stage.run(8).await;
    let over = stage.newest_call().await;
    assert_eq!(
        (&over["status"], &over["outcome"], &over["ended_by"]),
        (&json!("completed"), &json!("answered"), &json!("agent")),
        "{}",
        stage.tale().await
    );
    let talked = over["talk_seconds"].as_i64().expect("seconds");
    assert!((19..=21).contains(&talked), "{over}");
    assert_eq!(over["recordings"].as_array().map(Vec::len), Some(1));
    assert_eq!(over["recordings"][0]["channels"], 2, "{over}");
    let told = stage.webhooks("/webhooks/twilio/recording");
    let told = told.last().expect("the recording is told");
    assert_eq!(field(told, "CallSid"), leg.sid, "the customer's leg");
    assert_eq!(field(told, "RecordingSource"), "StartCallRecordingAPI");
    let voice = stage.webhooks("/webhooks/twilio/voice");
    let answer = &voice.last().expect("the device asked").body;
    for part in [
        "<Dial",
        "answerOnBridge=\"true\"",
        "callerId=",
        "<Number",
        "statusCallback=",
    ] {
        assert!(answer.contains(part), "{part}: {answer}");
    }
    assert!(rooms(&stage, &device).is_empty(), "no room was needed");
    stage.end().await;
}

async fn hold_makes_a_room_of_a_direct_call_and_they_talk_on_in_it(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let (id, device) = talks(&stage, &ana).await;
    let leg = customer(&stage).call.sid;
    ana.does(&stage, &id, "hold").await;
    stage.run(4).await;
    assert_eq!(
        words(&stage.newest_call().await),
        ("in-progress", "on_hold")
    );
    assert_eq!(rooms(&stage, &leg), rooms(&stage, &device), "one room");
    assert_eq!(rooms(&stage, &leg).len(), 1, "{}", stage.tale().await);
    let music = stage.webhooks("/webhooks/twilio/music").len();
    assert!(music > 0, "the customer hears our music");
    ana.does(&stage, &id, "resume").await;
    stage.run(10).await;
    assert_eq!(
        words(&stage.newest_call().await),
        ("in-progress", "connected")
    );
    for sid in [&leg, &device] {
        assert_eq!(stage.phone(CUSTOMER).truth(sid).status, "in-progress");
    }
    ana.does(&stage, &id, "hold").await;
    stage.run(3).await;
    assert!(stage.webhooks("/webhooks/twilio/music").len() > music);
    ana.does(&stage, &id, "resume").await;
    stage.phone(CUSTOMER).hangs_up().await;
    stage.run(8).await;
    let over = stage.newest_call().await;
    assert_eq!(
        (&over["outcome"], &over["ended_by"]),
        (&json!("answered"), &json!("customer")),
        "{}",
        stage.tale().await
    );
    let recordings = over["recordings"].as_array().expect("a list");
    assert_eq!(recordings.len(), 1, "one file through hold: {over}");
    assert_eq!(recordings[0]["channels"], 2);
    let doors: Vec<_> = stage
        .webhooks("/webhooks/twilio/")
        .into_iter()
        .filter(|record| record.url.contains("/dialled") || record.url.contains("/room?"))
        .collect();
    assert_eq!(doors.len(), 2, "the child's room and the Dial's action");
    assert!(
        doors
            .iter()
            .all(|record| record.body.contains("<Conference"))
    );
    customer(&stage);
    assert_ne!(ana.presence(&stage).await, "busy");
    stage.end().await;
}

async fn every_end_of_a_direct_call_is_told_and_frees_the_agent(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    for (n, (kind, status)) in [
        ("busy", "busy"),
        ("no_answer", "no-answer"),
        ("unreachable", "failed"),
    ]
    .iter()
    .enumerate()
    {
        let number = format!("+1415555017{n}");
        stage.phone(&number).behaves(json!({ "kind": kind })).await;
        let order = json!({ "to": number, "mode": "direct" });
        let (_, call) = ana.posts(&stage, "/calls", order).await;
        let id = call["id"].as_str().expect("an id");
        let device = ana.connects(&stage, id).await;
        stage.run(60).await;
        let call = stage.newest_call().await;
        assert_eq!(call["status"], *status, "{}", stage.tale().await);
        let truth = stage.phone(&number).truth(&device);
        assert!(truth.status != "in-progress" && truth.status != "ringing");
        assert_ne!(ana.presence(&stage).await, "busy");
    }
    let (id, _) = rings(&stage, &ana).await;
    ana.does(&stage, &id, "hangup").await;
    stage.run(3).await;
    assert_eq!(stage.newest_call().await["status"], "canceled");
    assert!(
        customer(&stage).call.status.is_terminal(),
        "it rings no more"
    );
    stage.end().await;
}

async fn a_device_that_hangs_up_ends_a_direct_call_as_the_carrier_does(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let (_, device) = talks(&stage, &ana).await;
    ana.drops(&stage, &device).await;
    stage.run(3).await;
    let over = stage.newest_call().await;
    assert_eq!(
        (&over["outcome"], &over["ended_by"]),
        (&json!("answered"), &json!("agent")),
        "{}",
        stage.tale().await
    );
    assert!(customer(&stage).call.status.is_terminal());
    stage.end().await;
}

async fn t_kill_browser_a_direct_calls_customer_waits_in_a_room_and_the_agent_comes_back(
    engine: Engine,
) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let (id, device) = talks(&stage, &ana).await;
    let leg = customer(&stage).call.sid;
    stage.kill_browser(&ana);
    stage.run(31).await;
    assert_eq!(
        stage.phone(CUSTOMER).truth(&device).status,
        "completed",
        "the dead browser's leg is over: {}",
        stage.tale().await
    );
    assert_eq!(stage.phone(CUSTOMER).truth(&leg).status, "in-progress");
    assert_eq!(rooms(&stage, &leg).len(), 1);
    stage.open_tab(&ana).await;
    ana.connects(&stage, &id).await;
    stage.run(5).await;
    let again = stage.newest_call().await;
    assert_eq!(words(&again), ("in-progress", "connected"), "{again}");
    ana.does(&stage, &id, "hangup").await;
    stage.run(3).await;
    assert!(customer(&stage).call.status.is_terminal());
    stage.end().await;
}

async fn a_tab_that_takes_over_makes_a_room_of_it_and_the_older_leg_goes(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let (id, older) = talks(&stage, &ana).await;
    let newer = ana.connects(&stage, &id).await;
    assert_ne!(older, newer);
    stage.run(5).await;
    assert_eq!(stage.phone(CUSTOMER).truth(&older).status, "completed");
    assert_eq!(stage.phone(CUSTOMER).truth(&newer).status, "in-progress");
    assert_eq!(
        words(&stage.newest_call().await),
        ("in-progress", "connected"),
        "{}",
        stage.tale().await
    );
    ana.does(&stage, &id, "hangup").await;
    stage.run(3).await;
    assert!(customer(&stage).call.status.is_terminal());
    stage.end().await;
}

async fn an_answer_that_nobody_told_us_is_found_at_the_carrier(engine: Engine) {
    let (mut stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let (id, _) = rings(&stage, &ana).await;
    stage.stop().await;
    stage.phone(CUSTOMER).answers().await;
    stage.run(20).await;
    stage.start().await;
    stage.open_tab(&ana).await;
    stage.run(75).await;
    let found = stage.newest_call().await;
    assert_eq!(
        words(&found),
        ("in-progress", "connected"),
        "{}",
        stage.tale().await
    );
    stage.run(60).await;
    assert_eq!(words(&stage.newest_call().await).0, "in-progress");
    ana.does(&stage, &id, "hangup").await;
    stage.run(8).await;
    let over = stage.newest_call().await;
    assert_eq!(over["outcome"], "answered", "{over}");
    assert_eq!(over["recordings"].as_array().map(Vec::len), Some(1));
    stage.end().await;
}

async fn direct_calls_do_not_wait_for_the_carriers_pace(engine: Engine) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    for (n, agent) in [&ana, &ben].into_iter().enumerate() {
        let number = format!("+1415555018{n}");
        stage
            .phone(&number)
            .behaves(json!({ "kind": "human" }))
            .await;
        let order = json!({ "to": number, "mode": "direct" });
        let (_, call) = agent.posts(&stage, "/calls", order).await;
        agent
            .connects(&stage, call["id"].as_str().expect("an id"))
            .await;
    }
    stage.run(2).await;
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    let dialled = legs.iter().filter(|t| t.call.to.starts_with("+1415555018"));
    let status: Vec<_> = dialled.map(|t| t.call.status.as_str()).collect();
    assert_eq!(status, ["ringing", "ringing"], "both at once");
    stage.end().await;
}
