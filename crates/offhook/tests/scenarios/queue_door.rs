//! A front end of another system at the door of queue and conference: it polls, accepts by `CallSid`, connects its device under a
//! name of its own, and knows no hang-up. Number and App lead to the documented paths.

use serde_json::{Value, json};

use crate::stage::people::ask;
use crate::stage::{ACCOUNT, APP, Agent, CUSTOMER, Engine, MAIN, Stage, TOKEN, on_both_engines};

on_both_engines! {
    a_caller_is_found_by_polling_and_talks_with_the_agent_who_accepted,
    a_device_that_connected_first_hears_the_customer_whom_the_next_call_dials,
    t_outbound_noanswer_visible_nobody_at_the_device_and_the_customer_is_never_dialled,
    the_agents_own_phone_is_rung_first_and_the_customer_only_when_it_was_taken_up,
}

/// The document's example of a name that a browser made up.
const MADE_UP: &str = "conf-1234567890-abc123";

/// The team's console: its number and its App lead to the documented paths.
async fn points_its_console_here(stage: &Stage) {
    let account = format!("{}/2010-04-01/Accounts/{ACCOUNT}", stage.sandbox.url());
    let list = stage
        .http
        .get(format!("{account}/IncomingPhoneNumbers.json"));
    let list = list.basic_auth(ACCOUNT, Some(TOKEN)).send().await;
    let list: Value = list.expect("the carrier").json().await.expect("numbers");
    let number = list["incoming_phone_numbers"][0]["sid"].as_str();
    let number = format!("IncomingPhoneNumbers/{}", number.expect("a number"));
    let voice = format!("{}/api/twilio/webhook/voice", stage.url);
    for place in [number, format!("Applications/{APP}")] {
        let change = stage.http.post(format!("{account}/{place}.json"));
        let change = change.basic_auth(ACCOUNT, Some(TOKEN));
        let answer = change.form(&[("VoiceUrl", voice.as_str())]).send().await;
        assert_eq!(answer.expect("the carrier").status(), 200, "{place}");
    }
}

/// The front end asks.
async fn asks(stage: &Stage, who: &Agent, method: &str, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/api/twilio{path}", stage.url);
    let body = (method != "GET").then_some(body);
    ask(&stage.http, method, &url, &who.token, body).await
}

async fn polls(stage: &Stage, who: &Agent) -> Value {
    let (status, answer) = asks(stage, who, "GET", "/incoming-calls/pending", json!({})).await;
    assert_eq!(status, 200, "{answer}");
    stage.settle().await;
    answer["incomingCall"].clone()
}

/// The front end's device connects under this name.
async fn connects(stage: &Stage, who: &Agent, named: &str) -> String {
    let params = vec![("conferenceId".to_owned(), named.to_owned())];
    stage
        .sandbox
        .silent_device(ACCOUNT, &who.identity, APP, params);
    stage.settle().await;
    let from = format!("client:{}", who.identity);
    let truths = stage.sandbox.engine(|engine, _| engine.truths());
    let newest = truths.into_iter().find(|truth| truth.call.from == from);
    newest.expect("the device's leg").call.sid
}

fn dialled(stage: &Stage, to: &str) -> usize {
    let truths = stage.sandbox.engine(|engine, _| engine.truths());
    truths.iter().filter(|truth| truth.call.to == to).count()
}

async fn a_caller_is_found_by_polling_and_talks_with_the_agent_who_accepted(engine: Engine) {
    let stage = Stage::empty(engine).await;
    points_its_console_here(&stage).await;
    let ana = stage.hire("ana").await;
    let ben = stage.hire("ben").await;
    assert_eq!(polls(&stage, &ana).await, Value::Null);
    assert_eq!(ana.presence(&stage).await, "available");
    let sid = stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(9).await;
    let shown = polls(&stage, &ana).await;
    assert_eq!(
        (&shown["callSid"], &shown["from"]),
        (&json!(sid), &json!(CUSTOMER))
    );
    assert_eq!(polls(&stage, &ben).await["callSid"], json!(sid));
    let body = json!({ "callSid": sid });
    let (status, accepted) =
        asks(&stage, &ana, "POST", "/incoming-calls/accept", body.clone()).await;
    assert_eq!(
        (status, &accepted["success"]),
        (200, &json!(true)),
        "{accepted}"
    );
    let (status, late) = asks(&stage, &ben, "POST", "/incoming-calls/accept", body).await;
    assert_eq!(
        (status, &late["code"]),
        (409, &json!("already_claimed")),
        "{late}"
    );
    stage.run(12).await;
    let waits = stage.newest_call().await;
    assert_eq!(
        waits["phase"],
        "connecting",
        "the room keeps the customer: {}",
        stage.tale().await
    );
    let leg = connects(
        &stage,
        &ana,
        accepted["conferenceId"].as_str().expect("a room"),
    )
    .await;
    stage.run(20).await;
    let talks = stage.newest_call().await;
    assert_eq!(
        (&talks["status"], &talks["agent"]["name"]),
        (&json!("in-progress"), &json!("ana")),
        "{}",
        stage.tale().await
    );
    ana.drops(&stage, &leg).await;
    stage.run(5).await;
    let over = stage.newest_call().await;
    assert_eq!(
        (&over["status"], &over["outcome"]),
        (&json!("completed"), &json!("answered")),
        "{}",
        stage.tale().await
    );
    assert_eq!(stage.phone(CUSTOMER).truth(&sid).status, "completed");
    stage.run(25).await;
    let recorded = stage.newest_call().await;
    assert_eq!(
        recorded["recordings"][0]["status"],
        "ready",
        "{}",
        stage.tale().await
    );
    stage.end().await;
}

async fn a_device_that_connected_first_hears_the_customer_whom_the_next_call_dials(engine: Engine) {
    let stage = Stage::empty(engine).await;
    points_its_console_here(&stage).await;
    let ana = stage.hire("ana").await;
    stage
        .phone(CUSTOMER)
        .behaves(json!({ "kind": "human" }))
        .await;
    polls(&stage, &ana).await;
    let leg = connects(&stage, &ana, MADE_UP).await;
    stage.run(2).await;
    assert_eq!(dialled(&stage, CUSTOMER), 0);
    let body = json!({ "to": CUSTOMER, "conferenceId": MADE_UP });
    let (status, started) = asks(&stage, &ana, "POST", "/calls", body).await;
    assert_eq!(
        (status, &started["id"], &started["from"]),
        (200, &json!(leg), &json!(MAIN)),
        "{started}"
    );
    stage.run(4).await;
    assert_eq!(
        stage.newest_call().await["status"],
        "ringing",
        "{}",
        stage.tale().await
    );
    stage.phone(CUSTOMER).answers().await;
    stage.run(10).await;
    assert_eq!(
        stage.newest_call().await["status"],
        "in-progress",
        "{}",
        stage.tale().await
    );
    ana.drops(&stage, &leg).await;
    stage.run(3).await;
    let over = stage.newest_call().await;
    assert_eq!(
        (&over["status"], &over["outcome"]),
        (&json!("completed"), &json!("answered"))
    );
    assert_eq!(dialled(&stage, CUSTOMER), 1);
    stage.end().await;
}

async fn t_outbound_noanswer_visible_nobody_at_the_device_and_the_customer_is_never_dialled(
    engine: Engine,
) {
    let stage = Stage::empty(engine).await;
    points_its_console_here(&stage).await;
    let ana = stage.hire("ana").await;
    let (status, started) = asks(&stage, &ana, "POST", "/calls", json!({ "to": CUSTOMER })).await;
    assert_eq!(
        (status, &started["status"]),
        (200, &json!("queued")),
        "{started}"
    );
    assert!(started["id"].as_str().expect("a CallSid").starts_with("CA"));
    stage.run(80).await;
    let over = stage.newest_call().await;
    assert_eq!(
        (&over["status"], &over["outcome"]),
        (&json!("no-answer"), &json!("no_answer")),
        "{}",
        stage.tale().await
    );
    assert_eq!(dialled(&stage, CUSTOMER), 0);
    stage.end().await;
}

async fn the_agents_own_phone_is_rung_first_and_the_customer_only_when_it_was_taken_up(
    engine: Engine,
) {
    const DESK: &str = "+14155550177";
    let stage = Stage::empty(engine).await;
    let ana = stage.hire("ana").await;
    for phone in [CUSTOMER, DESK] {
        stage.phone(phone).behaves(json!({ "kind": "human" })).await;
    }
    stage
        .owner_changes(&format!("/users/{}", ana.id), json!({ "own_phone": DESK }))
        .await;
    let (status, started) = asks(&stage, &ana, "POST", "/calls", json!({ "to": CUSTOMER })).await;
    assert_eq!(status, 200, "{started}");
    stage.run(5).await;
    assert_eq!((dialled(&stage, DESK), dialled(&stage, CUSTOMER)), (1, 0));
    stage.phone(DESK).answers().await;
    stage.run(6).await;
    assert_eq!(dialled(&stage, CUSTOMER), 1, "{}", stage.tale().await);
    stage.phone(CUSTOMER).answers().await;
    stage.run(10).await;
    let calls = stage.owner_gets("/calls?status=in-progress").await;
    assert_eq!(
        calls["items"][0]["to_number"],
        CUSTOMER,
        "{}",
        stage.tale().await
    );
    stage.phone(DESK).hangs_up().await;
    stage.run(5).await;
    let calls = stage.owner_gets("/calls?status=completed").await;
    assert_eq!(calls["items"][0]["outcome"], "answered");
    stage.end().await;
}
