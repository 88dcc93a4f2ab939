//! Calls that do not go as planned: a phone that is busy, a caller without a number, a carrier that is away, an agent who does not come.

use serde_json::{Value, json};

use crate::stage::{CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    a_withheld_caller_who_is_forwarded_shows_our_number,
    a_forward_that_nobody_answers_ends_in_voicemail,
    a_carrier_that_is_away_undoes_the_accept_and_the_caller_is_offered_again,
    a_carrier_that_is_away_when_the_customer_is_dialled_fails_the_call_and_says_so,
    an_accept_that_is_not_followed_by_a_device_gives_the_caller_back,
}

const DESK: &str = "+14155550177";

/// The owner changes what a call to the organization's number does.
async fn routed(stage: &Stage, to: Value) {
    let numbers = stage.owner_gets("/numbers").await;
    let id = numbers["items"][0]["id"]
        .as_str()
        .expect("a number")
        .to_owned();
    stage
        .owner_changes(&format!("/numbers/{id}"), json!({ "route": { "to": to } }))
        .await;
}

async fn a_withheld_caller_who_is_forwarded_shows_our_number(engine: Engine) {
    let stage = Stage::empty(engine).await;
    stage.phone(DESK).behaves(json!({ "kind": "human" })).await;
    routed(&stage, json!({ "kind": "forward", "to": DESK })).await;
    stage.phone("anonymous").dials(MAIN).await;
    stage.run(10).await;
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    let leg = legs
        .iter()
        .find(|truth| truth.call.to == DESK)
        .expect("the desk rings");
    assert_eq!(leg.call.from, MAIN);
    assert_eq!(stage.newest_call().await["from_number"], "anonymous");
    stage.end().await;
}

async fn a_forward_that_nobody_answers_ends_in_voicemail(engine: Engine) {
    let stage = Stage::empty(engine).await;
    stage.phone(DESK).behaves(json!({ "kind": "busy" })).await;
    routed(&stage, json!({ "kind": "forward", "to": DESK })).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(15).await;
    let answers = stage.webhooks("/webhooks/twilio/forwarded");
    assert!(
        answers
            .last()
            .is_some_and(|record| record.body.contains("<Record")),
        "{}",
        stage.tale().await
    );
    stage.end().await;
}

async fn a_carrier_that_is_away_undoes_the_accept_and_the_caller_is_offered_again(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    stage.run(8).await;
    stage.carrier_is_away(true).await;
    ana.accepts(&stage).await;
    stage.run(5).await;
    let call = stage.newest_call().await;
    assert_eq!(
        (&call["phase"], &call["agent"]),
        (&json!("offered"), &json!(null)),
        "{}",
        stage.tale().await
    );
    assert_eq!(
        caller.truth(&leg).status,
        "in-progress",
        "the caller waits on"
    );
    stage.carrier_is_away(false).await;
    ana.takes(&stage).await;
    stage.run(3).await;
    assert_eq!(
        stage.newest_call().await["status"],
        "in-progress",
        "{}",
        stage.tale().await
    );
    stage.end().await;
}

async fn a_carrier_that_is_away_when_the_customer_is_dialled_fails_the_call_and_says_so(
    engine: Engine,
) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let (_, call) = ana.posts(&stage, "/calls", json!({ "to": CUSTOMER })).await;
    stage.carrier_is_away(true).await;
    ana.connects(&stage, call["id"].as_str().expect("an id"))
        .await;
    stage.run(5).await;
    assert_eq!(
        stage.newest_call().await["status"],
        "failed",
        "{}",
        stage.tale().await
    );
    stage.carrier_is_away(false).await;
    stage.run(90).await;
    assert_ne!(ana.presence(&stage).await, "busy", "{}", stage.tale().await);
    stage.end().await;
}

async fn an_accept_that_is_not_followed_by_a_device_gives_the_caller_back(engine: Engine) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(8).await;
    ana.accepts(&stage).await;
    stage.run(12).await;
    assert_eq!(ben.offers(&stage).await.len(), 1, "{}", stage.tale().await);
    ben.takes(&stage).await;
    stage.run(3).await;
    assert_eq!(
        stage.newest_call().await["agent"]["id"],
        ben.id.as_str(),
        "{}",
        stage.tale().await
    );
    stage.end().await;
}
