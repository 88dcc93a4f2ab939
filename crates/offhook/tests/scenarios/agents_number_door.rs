//! The door of numbers per agent: whoever calls an agent's number reaches that agent, and whom the agent calls sees that number.
//! Number and App lead to the documented paths.

use serde_json::{Value, json};

use crate::stage::people::ask;
use crate::stage::{Agent, CUSTOMER, Engine, MAIN, Stage, on_both_engines};

on_both_engines! {
    a_caller_of_an_agents_number_reaches_that_agent_alone_who_ends_the_call_by_its_sid,
    a_click_calls_with_the_agents_own_number_and_is_recorded,
    a_number_is_bought_and_assigned_and_its_agent_is_reached_at_it,
}

const DESK: &str = "+14155550177";

/// A team whose console leads here, and whose number is this agent's.
async fn assigned(stage: &Stage, who: &Agent) {
    stage
        .console_leads_to("/api/webhooks/twilio/voice", "/api/webhooks/twilio/status")
        .await;
    let numbers = stage.owner_gets("/numbers").await;
    let number = numbers["items"][0]["id"]
        .as_str()
        .expect("a number")
        .to_owned();
    stage
        .owner_changes(&format!("/numbers/{number}"), json!({ "agent": who.id }))
        .await;
}

/// The front end asks.
async fn asks(stage: &Stage, who: &Agent, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/api/calling/{path}", stage.url);
    let answer = ask(&stage.http, "POST", &url, &who.token, Some(body)).await;
    stage.settle().await;
    answer
}

async fn a_caller_of_an_agents_number_reaches_that_agent_alone_who_ends_the_call_by_its_sid(
    engine: Engine,
) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    assigned(&stage, &ana).await;
    let caller = stage.phone(CUSTOMER);
    let sid = caller.dials(MAIN).await;
    stage.run(9).await;
    assert_eq!(
        (
            ana.offers(&stage).await.len(),
            ben.offers(&stage).await.len()
        ),
        (1, 0),
        "{}",
        stage.tale().await
    );
    let (call, leg) = ana.takes(&stage).await;
    stage.run(15).await;
    stage.call_is("in-progress", None).await;
    let (status, refused) = asks(&stage, &ben, "end-call", json!({ "callSid": sid })).await;
    assert_eq!(status, 403, "{refused}");
    let (status, saved) = asks(
        &stage,
        &ana,
        "save-call",
        json!({ "callSid": leg, "toNumber": CUSTOMER }),
    )
    .await;
    assert_eq!((status, &saved["callId"]), (200, &json!(call)), "{saved}");
    let (status, ended) = asks(&stage, &ana, "end-call", json!({ "callSid": leg })).await;
    assert_eq!((status, &ended["success"]), (200, &json!(true)), "{ended}");
    stage.run(20).await;
    let call = stage.call_is("completed", Some("answered")).await;
    assert_eq!(
        (&call["agent"]["name"], &call["ended_by"]),
        (&json!("ana"), &json!("agent"))
    );
    assert_eq!(
        call["recordings"][0]["status"],
        "ready",
        "{}",
        stage.tale().await
    );
    assert_eq!(caller.truth(&sid).status, "completed");
    assert_eq!(
        stage.webhooks("/api/webhooks/twilio/status").len(),
        2,
        "of the number and of the application, once each"
    );
    stage.end().await;
}

async fn a_click_calls_with_the_agents_own_number_and_is_recorded(engine: Engine) {
    let stage = Stage::empty(engine).await;
    let ana = stage.hire("ana").await;
    let (status, refused) = asks(&stage, &ana, "make-call", json!({ "toNumber": CUSTOMER })).await;
    assert_eq!(
        (status, &refused["code"]),
        (400, &json!("no_number")),
        "{refused}"
    );
    assigned(&stage, &ana).await;
    let desk = stage.callee(DESK).await;
    let customer = stage.callee(CUSTOMER).await;
    stage
        .owner_changes(&format!("/users/{}", ana.id), json!({ "own_phone": DESK }))
        .await;
    let (status, started) = asks(
        &stage,
        &ana,
        "make-call",
        json!({ "toNumber": "(415) 555-0142", "dealId": "7" }),
    )
    .await;
    assert_eq!(
        (status, &started["success"]),
        (200, &json!(true)),
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
    customer.answers().await;
    stage.run(12).await;
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    let rung = legs
        .iter()
        .find(|truth| truth.call.to == CUSTOMER)
        .expect("the customer's phone rang");
    assert_eq!(rung.call.from, MAIN);
    let sid = &started["callSid"];
    let (status, ended) = asks(&stage, &ana, "end-call", json!({ "callSid": sid })).await;
    assert_eq!(
        (status, &ended["callId"]),
        (200, &started["callRecordId"]),
        "{ended}"
    );
    stage.run(20).await;
    let call = stage.call_is("completed", Some("answered")).await;
    assert_eq!(
        call["recordings"][0]["status"],
        "ready",
        "{}",
        stage.tale().await
    );
    stage.end().await;
}

async fn a_number_is_bought_and_assigned_and_its_agent_is_reached_at_it(engine: Engine) {
    const ADMIN: &str = "/api/admin/twilio";
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    let path = format!("{ADMIN}/available-numbers?country=US&areaCode=415");
    let (status, found) = stage.owner_at("GET", &path, None).await;
    assert_eq!((status, &found["success"]), (200, &json!(true)), "{found}");
    let number = found["numbers"][0]["phoneNumber"]
        .as_str()
        .expect("one is for sale")
        .to_owned();
    let path = format!("{ADMIN}/purchase-number");
    let (status, bought) = stage
        .owner_at("POST", &path, Some(json!({ "phoneNumber": number })))
        .await;
    assert_eq!(
        (status, &bought["data"]["phoneNumber"]),
        (200, &json!(number)),
        "{bought}"
    );
    let path = format!("{ADMIN}/assign-number");
    let assignment = json!({ "targetUserId": "ana@example.com", "phoneNumber": number });
    let (status, assigned) = stage.owner_at("POST", &path, Some(assignment)).await;
    assert_eq!(
        (status, &assigned["data"]["userId"]),
        (200, &json!(ana.id)),
        "{assigned}"
    );
    let (status, list) = stage
        .owner_at("GET", &format!("{ADMIN}/purchased-numbers"), None)
        .await;
    let listed = list["numbers"].as_array().cloned().unwrap_or_default();
    let theirs = listed
        .iter()
        .find(|listed| listed["phoneNumber"] == number.as_str())
        .expect("it is in the list");
    assert_eq!(
        (status, &theirs["assignedTo"], &list["total"]),
        (200, &json!("ana"), &json!(2)),
        "{list}"
    );
    // Its webhooks were set with the purchase: a customer who dials it reaches its agent alone.
    stage.run(3).await;
    stage.phone(CUSTOMER).dials(&number).await;
    stage.run(9).await;
    assert_eq!(
        (
            ana.offers(&stage).await.len(),
            ben.offers(&stage).await.len()
        ),
        (1, 0),
        "{}",
        stage.tale().await
    );
    let (_, leg) = ana.takes(&stage).await;
    stage.run(10).await;
    stage.call_is("in-progress", None).await;
    let (status, ended) = asks(&stage, &ana, "end-call", json!({ "callSid": leg })).await;
    assert_eq!((status, &ended["success"]), (200, &json!(true)), "{ended}");
    stage.run(5).await;
    let call = stage.call_is("completed", Some("answered")).await;
    assert_eq!(call["to_number"], json!(number));
    stage.end().await;
}
