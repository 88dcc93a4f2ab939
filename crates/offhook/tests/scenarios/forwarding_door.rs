//! The door of forwarding and event log: a caller reaches the team's phone, a click calls the agent first, and everything that the
//! carrier says stands in the event log. Number and App lead to the documented paths.

use serde_json::{Value, json};

use crate::stage::people::ask;
use crate::stage::{CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    a_caller_reaches_the_teams_phone_and_every_status_stands_in_the_event_log,
    a_forward_phone_that_nobody_takes_up_leads_to_a_message,
    t_no_empty_outbound_a_click_rings_the_agents_phone_then_the_customers_and_both_are_recorded,
}

const DESK: &str = "+14155550177";

/// A team whose console leads here, and whose calls go to its phone.
async fn team(engine: Engine) -> Stage {
    let stage = Stage::empty(engine).await;
    stage
        .console_leads_to("/api/twilio/voice/answer", "/api/twilio/voice/status")
        .await;
    let queues = stage.owner_gets("/queues").await;
    let queue = queues["items"][0]["id"]
        .as_str()
        .expect("a queue")
        .to_owned();
    let forward = json!({ "overflow": { "kind": "forward", "to": DESK } });
    stage
        .owner_changes(&format!("/queues/{queue}"), forward)
        .await;
    stage
}

/// What the carrier said of a call's legs, oldest first: which leg, and its status.
async fn statuses(stage: &Stage, call: &Value) -> Vec<(String, String)> {
    let id = call["id"].as_str().expect("an id");
    let log = stage
        .owner_gets(&format!("/call-events?limit=200&call={id}"))
        .await;
    let lines = log["items"].as_array().cloned().unwrap_or_default();
    let said = lines
        .into_iter()
        .rev()
        .map(|line| line["payload"]["said"].clone());
    said.filter_map(|said| {
        Some((
            said["CallSid"].as_str()?.to_owned(),
            said["CallStatus"].as_str()?.to_owned(),
        ))
    })
    .collect()
}

async fn a_caller_reaches_the_teams_phone_and_every_status_stands_in_the_event_log(engine: Engine) {
    let stage = team(engine).await;
    let desk = stage.callee(DESK).await;
    let caller = stage.phone(CUSTOMER);
    let sid = caller.dials(MAIN).await;
    stage.run(10).await;
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    let rung = legs
        .into_iter()
        .find(|truth| truth.call.to == DESK)
        .expect("the team's phone rings");
    assert_eq!(rung.call.from, CUSTOMER, "the original caller is shown");
    assert_eq!(
        stage.newest_call().await["status"],
        "ringing",
        "{}",
        stage.tale().await
    );
    desk.answers().await;
    stage.run(20).await;
    assert_eq!(
        stage.newest_call().await["status"],
        "in-progress",
        "{}",
        stage.tale().await
    );
    caller.hangs_up().await;
    stage.run(20).await;
    let call = stage.call_is("completed", Some("forwarded")).await;
    assert_eq!(
        call["recordings"][0]["status"],
        "ready",
        "{}",
        stage.tale().await
    );
    assert_eq!(call["recordings"][0]["channels"], 2);
    let told = statuses(&stage, &call).await;
    for status in ["initiated", "ringing", "in-progress", "completed"] {
        let of_desk = (rung.call.sid.clone(), status.to_owned());
        assert!(
            told.contains(&of_desk),
            "{status} of the phone's leg: {told:?}"
        );
    }
    let of_number = stage.webhooks("/api/twilio/voice/status");
    assert_eq!(
        of_number.len(),
        1,
        "a number's own status callback comes once, at the end"
    );
    assert!(told.contains(&(sid, "completed".to_owned())), "{told:?}");
    stage.end().await;
}

async fn a_forward_phone_that_nobody_takes_up_leads_to_a_message(engine: Engine) {
    let stage = team(engine).await;
    stage
        .phone(DESK)
        .behaves(json!({ "kind": "no_answer" }))
        .await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(45).await;
    assert_eq!(stage.dialled(DESK), 1);
    let asked = stage.webhooks("/webhooks/twilio/forwarded");
    assert!(
        asked
            .last()
            .is_some_and(|record| record.body.contains("<Record")),
        "{}",
        stage.tale().await
    );
    stage.end().await;
}

async fn t_no_empty_outbound_a_click_rings_the_agents_phone_then_the_customers_and_both_are_recorded(
    engine: Engine,
) {
    let stage = team(engine).await;
    let ana = stage.hire("ana").await;
    let desk = stage.callee(DESK).await;
    let customer = stage.callee(CUSTOMER).await;
    stage
        .owner_changes(&format!("/users/{}", ana.id), json!({ "own_phone": DESK }))
        .await;
    let url = format!("{}/api/calls/initiate", stage.url);
    let body = json!({ "to": CUSTOMER, "record": true });
    let (status, started) = ask(&stage.http, "POST", &url, &ana.token, Some(body)).await;
    assert_eq!(
        (status, &started["success"], &started["status"]),
        (200, &json!(true), &json!("queued")),
        "{started}"
    );
    stage.run(5).await;
    assert_eq!(
        (stage.dialled(DESK), stage.dialled(CUSTOMER)),
        (1, 0),
        "the agent first"
    );
    desk.answers().await;
    stage.run(6).await;
    assert_eq!(stage.dialled(CUSTOMER), 1, "{}", stage.tale().await);
    customer.answers().await;
    stage.run(15).await;
    let talks = stage.newest_call().await;
    assert_eq!(
        (&talks["status"], &talks["to_number"]),
        (&json!("in-progress"), &json!(CUSTOMER)),
        "{}",
        stage.tale().await
    );
    customer.hangs_up().await;
    stage.run(20).await;
    let call = stage.call_is("completed", Some("answered")).await;
    assert_eq!(
        call["recordings"][0]["status"],
        "ready",
        "{}",
        stage.tale().await
    );
    let said = statuses(&stage, &call).await;
    let first = started["callSid"].as_str().expect("a CallSid").to_owned();
    for status in ["ringing", "in-progress", "completed"] {
        assert!(
            said.contains(&(first.clone(), status.to_owned())),
            "{status} of the agent's leg: {said:?}"
        );
    }
    stage.end().await;
}
