//! A click reaches a phone: one call, one dial, and every end said in words.

use serde_json::json;

use crate::stage::{CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    an_agents_click_reaches_a_phone_and_they_talk,
    t_no_empty_outbound_one_click_dials_one_leg_with_a_conversation_in_it,
    one_click_sent_twice_is_one_call,
    what_cannot_be_dialled_is_said_before_the_carrier_is_asked,
    t_direction_matrix_a_rest_leg_never_hears_the_voicemail,
    t_status_callback_on_leg_the_dialled_leg_tells_every_step_itself,
    a_call_that_is_hung_up_while_it_rings_rings_no_more,
}

async fn an_agents_click_reaches_a_phone_and_they_talk(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let customer = stage.callee(CUSTOMER).await;
    let (status, call) = ana
        .posts(&stage, "/calls", json!({ "to": "(415) 555-0142" }))
        .await;
    assert_eq!(
        (status, &call["to_number"]),
        (201, &json!(CUSTOMER)),
        "{call}"
    );
    let id = call["id"].as_str().expect("an id").to_owned();
    assert!(
        stage.sandbox.engine(|engine, _| engine.truths()).is_empty(),
        "nobody is dialled before the agent is there"
    );
    ana.connects(&stage, &id).await;
    stage.run(4).await;
    assert_eq!(stage.newest_call().await["status"], "ringing");
    customer.answers().await;
    stage.run(15).await;
    let talking = stage.newest_call().await;
    assert_eq!(
        (&talking["status"], &talking["phase"]),
        (&json!("in-progress"), &json!("connected")),
        "{talking}"
    );
    ana.does(&stage, &id, "hold").await;
    assert_eq!(stage.newest_call().await["phase"], "on_hold");
    ana.does(&stage, &id, "resume").await;
    ana.does(&stage, &id, "hangup").await;
    stage.run(3).await;
    stage.call_is("completed", Some("answered")).await;
    stage.end().await;
}

async fn t_no_empty_outbound_one_click_dials_one_leg_with_a_conversation_in_it(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let (status, call) = ana.posts(&stage, "/calls", json!({ "to": CUSTOMER })).await;
    assert_eq!(status, 201, "{call}");
    stage.run(25).await;
    assert!(
        stage.sandbox.engine(|engine, _| engine.truths()).is_empty(),
        "no agent, no dial"
    );
    assert_eq!(stage.newest_call().await["status"], "failed");
    ana.calls(&stage, CUSTOMER).await;
    stage.run(10).await;
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    assert_eq!(
        legs.iter()
            .filter(|truth| truth.call.to == CUSTOMER)
            .count(),
        1,
        "one dial"
    );
    for record in stage.webhooks("/webhooks/twilio/voice") {
        assert!(
            record.body.contains("<Dial") || record.body.contains("<Hangup"),
            "nobody hears nothing: {}",
            record.body
        );
    }
    stage.end().await;
}

async fn one_click_sent_twice_is_one_call(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let url = format!("{}/api/v1/calls", stage.url);
    let click = || async {
        let request = stage
            .http
            .post(&url)
            .bearer_auth(&ana.token)
            .header("Idempotency-Key", "click-1");
        let answer = request
            .json(&json!({ "to": CUSTOMER }))
            .send()
            .await
            .expect("an answer");
        answer.json::<serde_json::Value>().await.expect("a call")["id"].clone()
    };
    let (first, second) = tokio::join!(click(), click());
    assert_eq!(first, second);
    stage.end().await;
}

async fn what_cannot_be_dialled_is_said_before_the_carrier_is_asked(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    for (to, code, words) in [
        ("12345", 422, "(202) 555-0123"),
        ("+44 20 7183 8750", 403, "GB"),
        ("+1 900 555 0123", 403, "premium"),
        ("911", 403, "another phone"),
    ] {
        let (status, body) = ana.posts(&stage, "/calls", json!({ "to": to })).await;
        assert!(
            status == code || (400..500).contains(&status),
            "{to}: {status} {body}"
        );
        assert!(
            body["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(words)),
            "{to}: {body}"
        );
    }
    assert!(stage.sandbox.engine(|engine, _| engine.truths()).is_empty());
    stage.end().await;
}

async fn t_direction_matrix_a_rest_leg_never_hears_the_voicemail(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let customer = stage.callee(CUSTOMER).await;
    ana.calls(&stage, CUSTOMER).await;
    stage.run(3).await;
    customer.answers().await;
    stage.run(5).await;
    for record in stage.webhooks("/webhooks/twilio/") {
        assert!(
            !record.body.contains("<Record ") && !record.body.contains("<Enqueue"),
            "{}",
            record.body
        );
    }
    stage.phone("+14155550143").dials(MAIN).await;
    stage.run(8).await;
    let inbound = stage.webhooks("/webhooks/twilio/voice");
    assert!(inbound.last().expect("a request").body.contains("<Enqueue"));
    stage.end().await;
}

async fn t_status_callback_on_leg_the_dialled_leg_tells_every_step_itself(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let customer = stage.callee(CUSTOMER).await;
    ana.calls(&stage, CUSTOMER).await;
    stage.run(3).await;
    customer.answers().await;
    stage.run(3).await;
    customer.hangs_up().await;
    stage.run(3).await;
    let told: Vec<String> = stage
        .webhooks("label=customer_")
        .into_iter()
        .filter(|record| record.url.contains("/status"))
        .filter_map(|record| {
            record
                .params
                .into_iter()
                .find(|(name, _)| name == "CallStatus")
        })
        .map(|(_, status)| status)
        .collect();
    assert_eq!(told, ["initiated", "ringing", "in-progress", "completed"]);
    stage.end().await;
}

async fn a_call_that_is_hung_up_while_it_rings_rings_no_more(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    stage.callee(CUSTOMER).await;
    let (id, _) = ana.calls(&stage, CUSTOMER).await;
    stage.run(4).await;
    ana.does(&stage, &id, "hangup").await;
    stage.run(3).await;
    let over = stage.newest_call().await;
    assert_eq!(over["status"], "canceled", "{}", stage.tale().await);
    assert!(
        over["ended_at"].is_string() && over["answered_at"].is_null(),
        "T-timestamps: called off is over as well: {over}"
    );
    let live = stage.sandbox.engine(|engine, _| engine.truths());
    assert!(
        live.iter().all(|truth| truth.call.status.is_terminal()),
        "{}",
        stage.tale().await
    );
    assert_ne!(ana.presence(&stage).await, "busy");
    stage.end().await;
}
