//! Nothing sticks: not an agent in a call that is over, not a call that rings for ever, not a status out of order.

use serde_json::{Value, json};

use crate::stage::{Agent, CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    t_kill_browser_the_agent_is_freed_and_the_caller_goes_on,
    a_lost_agent_who_comes_back_finds_the_customer_on_hold,
    t_all_provider_statuses_storable_every_end_of_a_dialled_call_is_a_status,
    t_outbound_noanswer_visible_the_agent_is_told_and_released,
    t_monotonic_status_a_late_callback_changes_nothing,
    t_timestamps_are_those_of_the_carriers_events,
    t_event_per_status_every_change_of_a_call_reaches_the_pages,
}

async fn t_kill_browser_the_agent_is_freed_and_the_caller_goes_on(engine: Engine) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    stage.run(8).await;
    let (_, device) = ana.takes(&stage).await;
    stage.run(20).await;
    stage.kill_browser(&ana);
    stage.run(31).await;
    assert_eq!(
        caller.truth(&device).status,
        "completed",
        "the dead browser's leg was ended at the carrier"
    );
    assert_eq!(ana.presence(&stage).await, "offline");
    stage.run(21).await;
    assert_eq!(
        caller.truth(&leg).status,
        "in-progress",
        "the caller was not dropped"
    );
    assert_eq!(
        ben.offers(&stage).await.len(),
        1,
        "the caller is offered to others"
    );
    ben.takes(&stage).await;
    stage.run(5).await;
    let call = stage.newest_call().await;
    assert_eq!(
        (&call["status"], &call["agent"]["id"]),
        (&json!("in-progress"), &json!(ben.id)),
        "{call}"
    );
    stage.end().await;
}

async fn a_lost_agent_who_comes_back_finds_the_customer_on_hold(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(8).await;
    let (call, device) = ana.takes(&stage).await;
    stage.run(10).await;
    stage.heard(&ana).await;
    ana.drops(&stage, &device).await;
    assert_eq!(
        stage.heard_of(&ana, "join").await.len(),
        1,
        "the page is called back into the room"
    );
    stage.run(5).await;
    ana.connects(&stage, &call).await;
    stage.run(5).await;
    let now = stage.newest_call().await;
    assert_eq!(
        (&now["status"], &now["phase"]),
        (&json!("in-progress"), &json!("connected")),
        "{now}"
    );
    ana.does(&stage, &call, "hangup").await;
    stage.run(3).await;
    assert_eq!(stage.newest_call().await["outcome"], "answered");
    stage.end().await;
}

async fn t_all_provider_statuses_storable_every_end_of_a_dialled_call_is_a_status(engine: Engine) {
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
        ana.calls(&stage, &number).await;
        stage.run(75).await;
        let call = stage.newest_call().await;
        assert_eq!(
            (&call["status"], &call["direction"]),
            (&json!(status), &json!("outbound")),
            "{call}"
        );
        assert!(call["ended_at"].is_string(), "{call}");
        assert_ne!(ana.presence(&stage).await, "busy");
    }
    stage.end().await;
}

async fn t_outbound_noanswer_visible_the_agent_is_told_and_released(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    stage
        .phone("+14155550170")
        .behaves(json!({ "kind": "no_answer" }))
        .await;
    let (_, device) = ana.calls(&stage, "+14155550170").await;
    stage.run(75).await;
    let told = stage.heard_of(&ana, "call_status_update").await;
    let last = told.last().expect("it was told");
    assert!(last.to_string().contains("no-answer"), "{last}");
    assert_eq!(
        stage.phone(CUSTOMER).truth(&device).status,
        "completed",
        "nobody waits alone with music"
    );
    stage.end().await;
}

async fn t_monotonic_status_a_late_callback_changes_nothing(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let customer = stage.callee(CUSTOMER).await;
    let (id, _) = ana.calls(&stage, CUSTOMER).await;
    stage.run(4).await;
    customer.answers().await;
    stage.run(30).await;
    ana.does(&stage, &id, "hangup").await;
    stage.run(5).await;
    let before = stage.newest_call().await;
    assert_eq!(before["status"], "completed", "{before}");
    for record in stage.webhooks("/webhooks/twilio/") {
        if !record.url.contains("/voice") {
            stage.sends_again(&record).await;
        }
    }
    stage.run(5).await;
    let after = stage.newest_call().await;
    for field in [
        "status",
        "outcome",
        "answered_at",
        "ended_at",
        "talk_seconds",
        "duration_seconds",
    ] {
        assert_eq!(before[field], after[field], "{field}");
    }
    stage.end().await;
}

async fn t_timestamps_are_those_of_the_carriers_events(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let customer = stage.callee(CUSTOMER).await;
    ana.calls(&stage, CUSTOMER).await;
    stage.run(4).await;
    let ringing = stage.newest_call().await;
    assert_eq!(
        (&ringing["status"], &ringing["answered_at"]),
        (&json!("ringing"), &json!(null)),
        "{ringing}"
    );
    customer.answers().await;
    stage.run(20).await;
    customer.hangs_up().await;
    stage.run(2).await;
    let call = stage.newest_call().await;
    assert!(
        call["answered_at"].is_string() && call["ended_at"].is_string(),
        "{call}"
    );
    let talked = call["talk_seconds"].as_i64().expect("seconds");
    assert!((19..=21).contains(&talked), "{call}");
    stage.end().await;
}

/// The statuses that an agent's page was told of a call, without repeats; what else changed tells the same status again.
async fn told(stage: &Stage, agent: &Agent, call: &str) -> Vec<Value> {
    let mut statuses = Vec::new();
    for frame in stage.heard_of(agent, "call_status_update").await {
        let shown = &frame["data"]["call"];
        assert_eq!(shown["id"], call, "{frame}");
        statuses.push(shown["status"].clone());
    }
    statuses.dedup();
    statuses
}

/// E2: whoever watches the stream alone knows every status that a call had, in order, as soon as it has it.
async fn t_event_per_status_every_change_of_a_call_reaches_the_pages(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let caller = stage.callee(CUSTOMER).await;
    let (id, _) = ana.calls(&stage, CUSTOMER).await;
    stage.run(4).await;
    assert_eq!(
        told(&stage, &ana, &id).await.last(),
        Some(&json!("ringing"))
    );
    caller.answers().await;
    stage.run(5).await;
    assert_eq!(
        told(&stage, &ana, &id).await.last(),
        Some(&json!("in-progress"))
    );
    caller.hangs_up().await;
    stage.run(2).await;
    assert_eq!(
        told(&stage, &ana, &id).await.last(),
        Some(&json!("completed"))
    );
    stage.run(40).await;
    stage.heard(&ana).await;

    caller.dials(MAIN).await;
    stage.run(8).await;
    let (id, _) = ana.takes(&stage).await;
    stage.run(10).await;
    caller.hangs_up().await;
    stage.run(2).await;
    assert_eq!(
        told(&stage, &ana, &id).await,
        ["ringing", "in-progress", "completed"],
        "{}",
        stage.tale().await
    );
    stage.end().await;
}
