//! A server that dies at the worst moments: what was acknowledged is there after the next start, and nothing is done twice.

use serde_json::{Value, json};

use crate::stage::{
    Agent, CUSTOMER, Caller, Dies, Engine, MAIN, Stage, Way, on_both_engines, on_postgres,
};

on_both_engines! {
    a_caller_whose_webhook_was_just_answered_is_not_forgotten,
    a_callback_that_was_just_acknowledged_is_not_forgotten,
    a_call_whose_start_was_never_answered_is_found_out_and_ended,
    an_accept_whose_request_was_on_its_way_is_carried_out_by_the_next_start,
    a_dial_that_never_left_is_not_made_later_and_the_agent_is_told,
    a_dial_that_left_is_not_made_again_and_the_call_goes_on,
    a_hang_up_that_was_on_its_way_is_carried_out_by_the_next_start,
    a_recording_whose_download_broke_off_is_fetched_anew,
}
on_postgres! {
    a_callback_that_was_written_down_and_not_decided_is_decided_by_the_next_start,
}

/// A caller and an agent who talk.
async fn talking(stage: &Stage, agent: &Agent) -> (Caller, String) {
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    stage.run(8).await;
    agent.takes(stage).await;
    stage.run(20).await;
    assert_eq!(stage.newest_call().await["phase"], "connected");
    (caller, leg)
}

/// The server dies and comes back, and so do the pages.
async fn dies(stage: &mut Stage, agent: &Agent) {
    stage.restart().await;
    stage.open_tab(agent).await;
}

/// How often a customer's phone was dialled.
fn dials(stage: &Stage) -> usize {
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    legs.iter()
        .filter(|truth| truth.call.to == CUSTOMER)
        .count()
}

/// It came to this end, and nobody is left at the carrier.
async fn is_over(stage: &Stage, status: &str, outcome: &str) -> Value {
    let call = stage.call_is(status, Some(outcome)).await;
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    assert!(
        legs.iter().all(|truth| truth.call.status.is_terminal()),
        "somebody is left at the carrier: {}",
        stage.tale().await
    );
    call
}

async fn a_caller_whose_webhook_was_just_answered_is_not_forgotten(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let answered = stage
        .lines()
        .door
        .dies_at(Way::Back, "<Enqueue", Dies::After);
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    answered.await;
    dies(&mut stage, &ana).await;
    stage.run(10).await;
    ana.takes(&stage).await;
    stage.run(5).await;
    let call = stage.newest_call().await;
    assert_eq!(call["phase"], "connected", "{}", stage.tale().await);
    caller.hangs_up().await;
    stage.run(5).await;
    is_over(&stage, "completed", "answered").await;
    stage.end().await;
}

async fn a_callback_that_was_just_acknowledged_is_not_forgotten(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let (caller, _) = talking(&stage, &ana).await;
    let told = stage
        .lines()
        .door
        .dies_at(Way::Back, "204 No Content", Dies::After);
    caller.hangs_up().await;
    told.await;
    dies(&mut stage, &ana).await;
    stage.run(90).await;
    is_over(&stage, "completed", "answered").await;
    assert_eq!(ana.presence(&stage).await, "available");
    stage.end().await;
}

/// The request came, the answer never did: the carrier gives the caller up, and nobody is rung for a call that is no more.
async fn a_call_whose_start_was_never_answered_is_found_out_and_ended(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let asked = stage
        .lines()
        .door
        .dies_at(Way::There, "CallStatus=ringing", Dies::After);
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    asked.await;
    dies(&mut stage, &ana).await;
    stage.run(150).await;
    assert!(caller.truth(&leg).status != "in-progress");
    assert!(ana.offers(&stage).await.is_empty());
    let calls = stage.owner_gets("/calls").await;
    for call in calls["items"].as_array().expect("a list") {
        assert!(call["ended_at"].is_string(), "{}", stage.tale().await);
    }
    assert_eq!(ana.presence(&stage).await, "available");
    stage.end().await;
}

async fn an_accept_whose_request_was_on_its_way_is_carried_out_by_the_next_start(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(8).await;
    let sent = stage
        .lines()
        .carrier
        .dies_at(Way::There, "/Members/", Dies::Before);
    let call = ana.claims(&stage).await;
    sent.await;
    dies(&mut stage, &ana).await;
    ana.connects(&stage, &call).await;
    stage.run(25).await;
    let call = stage.newest_call().await;
    assert_eq!(call["phase"], "connected", "{}", stage.tale().await);
    caller.hangs_up().await;
    stage.run(5).await;
    is_over(&stage, "completed", "answered").await;
    stage.end().await;
}

/// An agent who clicked, whose device is there, and whose customer is about to be dialled.
async fn about_to_dial(stage: &Stage, agent: &Agent, dies: Dies) {
    stage.callee(CUSTOMER).await;
    let (status, call) = agent
        .posts(stage, "/calls", json!({ "to": CUSTOMER }))
        .await;
    assert_eq!(status, 201, "{call}");
    let sent = stage
        .lines()
        .carrier
        .dies_at(Way::There, "/Participants.json HTTP", dies);
    agent.rings_up(stage, call["id"].as_str().expect("an id"));
    sent.await;
}

async fn a_dial_that_never_left_is_not_made_later_and_the_agent_is_told(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    about_to_dial(&stage, &ana, Dies::Before).await;
    dies(&mut stage, &ana).await;
    stage.run(150).await;
    assert_eq!(dials(&stage), 0, "nobody knows, so nobody is dialled");
    let call = stage.newest_call().await;
    assert!(call["ended_at"].is_string(), "{}", stage.tale().await);
    assert!(call["answered_at"].is_null(), "{call}");
    assert_eq!(ana.presence(&stage).await, "available");
    stage.end().await;
}

async fn a_dial_that_left_is_not_made_again_and_the_call_goes_on(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    about_to_dial(&stage, &ana, Dies::After).await;
    dies(&mut stage, &ana).await;
    stage.run(5).await;
    stage.phone(CUSTOMER).answers().await;
    stage.run(30).await;
    let call = stage.newest_call().await;
    assert_eq!(
        (&call["status"], &call["phase"]),
        (&json!("in-progress"), &json!("connected")),
        "{}",
        stage.tale().await
    );
    stage.run(120).await;
    assert_eq!(dials(&stage), 1, "one click, one paid call");
    stage.phone(CUSTOMER).hangs_up().await;
    stage.run(5).await;
    is_over(&stage, "completed", "answered").await;
    stage.end().await;
}

async fn a_hang_up_that_was_on_its_way_is_carried_out_by_the_next_start(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    talking(&stage, &ana).await;
    let id = stage.newest_call().await["id"].clone();
    let sent = stage
        .lines()
        .carrier
        .dies_at(Way::There, "Status=completed", Dies::Before);
    let path = format!("/calls/{}/hangup", id.as_str().expect("an id"));
    let (status, body) = stage.ask("POST", &path, &ana.token, Some(json!({}))).await;
    assert!(status < 300, "{body}");
    sent.await;
    dies(&mut stage, &ana).await;
    stage.run(25).await;
    is_over(&stage, "completed", "answered").await;
    stage.end().await;
}

async fn a_recording_whose_download_broke_off_is_fetched_anew(engine: Engine) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let (caller, _) = talking(&stage, &ana).await;
    let arrives = stage
        .lines()
        .carrier
        .dies_at(Way::Back, "WAVE", Dies::After);
    caller.hangs_up().await;
    stage.runs_until(arrives).await;
    dies(&mut stage, &ana).await;
    assert_eq!(
        stage.newest_call().await["recordings"][0]["status"],
        "waiting"
    );
    stage.run(90).await;
    let call = is_over(&stage, "completed", "answered").await;
    let recording = &call["recordings"][0];
    assert_eq!(recording["status"], "ready", "{call}");
    let (id, recording) = (
        call["id"].as_str().expect("an id"),
        recording["id"].as_str().expect("an id"),
    );
    let url = format!(
        "{}/api/v1/calls/{id}/recordings/{recording}/audio",
        stage.url
    );
    let answer = stage.http.get(url).bearer_auth(&ana.token).send().await;
    let sound = answer.expect("an answer").bytes().await.expect("bytes");
    let length = u32::from_le_bytes(sound[4..8].try_into().expect("four bytes"));
    assert_eq!(sound.len(), length as usize + 8, "whole");
    let arriving = std::fs::read_dir(stage.place().dir().join("arriving"));
    assert_eq!(
        arriving.into_iter().flatten().count(),
        0,
        "nothing is left lying about"
    );
    stage.end().await;
}

/// Between the acknowledgement and the decision: a lock holds the decision up until the server is dead.
async fn a_callback_that_was_written_down_and_not_decided_is_decided_by_the_next_start(
    engine: Engine,
) {
    let (mut stage, [ana]) = Stage::on_lines(engine, ["ana"]).await;
    let (caller, _) = talking(&stage, &ana).await;
    let lock = stage.place().lock("calls").await;
    caller.hangs_up().await;
    stage
        .comes_to(|| {
            let told = stage.webhooks("/webhooks/twilio/status");
            told.iter().any(|record| {
                record.status == Some(204) && format!("{:?}", record.params).contains("completed")
            })
        })
        .await;
    stage.kill().await;
    lock.release().await;
    stage.start().await;
    stage.open_tab(&ana).await;
    stage.run(30).await;
    is_over(&stage, "completed", "answered").await;
    stage.end().await;
}
