//! Buying and giving back against the carrier's own stock, with a server that dies between any two steps: no number is paid for
//! and lost, and none is in the list that is not ours.

use serde_json::{Value, json};

use crate::stage::{CUSTOMER, Dies, Engine, MAIN, Stage, Way, on_both_engines};

on_both_engines! {
    a_number_is_found_bought_called_and_given_back,
    a_purchase_whose_request_never_arrived_buys_nothing_and_says_so,
    a_purchase_whose_request_arrived_before_the_server_died_is_ours,
    a_purchase_whose_answer_came_as_the_server_died_is_ours,
    a_release_that_was_on_its_way_is_carried_out_by_the_next_start,
    who_sends_every_call_on_is_never_rung_and_the_phone_is,
    a_call_that_nobody_took_in_time_reaches_the_agents_phone,
}

const DESK: &str = "+14155550177";
/// The carrier's path of a purchase, and of no other request.
const BUYS: &str =
    "POST /2010-04-01/Accounts/AC00000000000000000000000000000001/IncomingPhoneNumbers.json";

/// A number of Oakland that is for sale.
async fn for_sale(stage: &Stage) -> String {
    let found = stage
        .owner_gets("/numbers/available?country=US&area_code=510")
        .await;
    let number = found["items"][0]["number"].as_str();
    number.expect("a number in stock").to_owned()
}

/// Whether the account has a number, by the carrier's own books.
fn is_owned(stage: &Stage, number: &str) -> bool {
    stage
        .sandbox
        .engine(|engine, _| engine.owner_of(number).is_some())
}

/// Whether the organization has it, by its own list.
async fn is_listed(stage: &Stage, number: &str) -> bool {
    let list = stage.owner_gets("/numbers").await;
    let items = list["items"].as_array().expect("a list");
    items.iter().any(|item| item["number"] == number)
}

async fn order(stage: &Stage) -> Value {
    stage.owner_gets("/numbers/orders").await["items"][0].clone()
}

/// The owner buys, and the server dies on the way.
async fn buys_and_dies(stage: &mut Stage, number: &str, way: Way, words: &str, dies: Dies) {
    let death = stage.lines().carrier.dies_at(way, words, dies);
    let wanted = json!({ "number": number, "country": "US", "type": "local", "label": "Oakland" });
    tokio::select! {
        () = death => (),
        (status, body) = stage.owner_asks("POST", "/numbers/purchase", wanted) =>
            panic!("it was answered before the server died: {status} {body}"),
    }
    stage.restart().await;
}

async fn a_number_is_found_bought_called_and_given_back(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let number = for_sale(&stage).await;
    let wanted = json!({ "number": number, "label": "Oakland", "agent": ana.id });
    let (status, bought) = stage.owner_asks("POST", "/numbers/purchase", wanted).await;
    assert_eq!(status, 201, "{bought}");
    assert_eq!(
        bought["monthly"],
        json!({ "amount": "1.15", "currency": "USD" })
    );
    assert_eq!(
        bought["way"]["sentence"],
        "Calls ring ana; after a minute, they go to voicemail."
    );
    stage.run(3).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(&number).await;
    stage.run(8).await;
    ana.takes(&stage).await;
    stage.run(5).await;
    assert_eq!(
        stage.newest_call().await["phase"],
        "connected",
        "{}",
        stage.tale().await
    );
    caller.hangs_up().await;
    stage.run(5).await;
    let path = format!("/numbers/{}/release", bought["id"].as_str().expect("an id"));
    let (status, refused) = stage
        .owner_asks("POST", &path, json!({ "confirm": "yes" }))
        .await;
    assert_eq!(status, 422, "{refused}");
    let (status, body) = stage
        .owner_asks("POST", &path, json!({ "confirm": "Oakland" }))
        .await;
    assert_eq!(status, 204, "{body}");
    assert!(!is_owned(&stage, &number) && !is_listed(&stage, &number).await);
    stage.end().await;
}

async fn a_purchase_whose_request_never_arrived_buys_nothing_and_says_so(engine: Engine) {
    let (mut stage, []) = Stage::on_lines(engine, []).await;
    let number = for_sale(&stage).await;
    buys_and_dies(&mut stage, &number, Way::There, BUYS, Dies::Before).await;
    stage.run(180).await;
    assert_eq!(
        order(&stage).await["state"],
        "failed",
        "{}",
        order(&stage).await
    );
    assert!(!is_owned(&stage, &number) && !is_listed(&stage, &number).await);
    // Nothing stands in the way of buying it after all.
    let (status, body) = stage
        .owner_asks("POST", "/numbers/purchase", json!({ "number": number }))
        .await;
    assert_eq!(status, 201, "{body}");
    stage.end().await;
}

async fn a_purchase_whose_request_arrived_before_the_server_died_is_ours(engine: Engine) {
    let (mut stage, []) = Stage::on_lines(engine, []).await;
    let number = for_sale(&stage).await;
    buys_and_dies(&mut stage, &number, Way::There, BUYS, Dies::After).await;
    stage.run(120).await;
    assert_eq!(
        order(&stage).await["state"],
        "done",
        "{}",
        order(&stage).await
    );
    assert!(is_owned(&stage, &number) && is_listed(&stage, &number).await);
    stage.end().await;
}

async fn a_purchase_whose_answer_came_as_the_server_died_is_ours(engine: Engine) {
    let (mut stage, []) = Stage::on_lines(engine, []).await;
    let number = for_sale(&stage).await;
    buys_and_dies(
        &mut stage,
        &number,
        Way::Back,
        "\"bundle_sid\"",
        Dies::Before,
    )
    .await;
    stage.run(120).await;
    assert_eq!(
        order(&stage).await["state"],
        "done",
        "{}",
        order(&stage).await
    );
    assert!(is_owned(&stage, &number) && is_listed(&stage, &number).await);
    stage.end().await;
}

async fn a_release_that_was_on_its_way_is_carried_out_by_the_next_start(engine: Engine) {
    for dies in [Dies::Before, Dies::After] {
        let (mut stage, []) = Stage::on_lines(engine, []).await;
        let number = stage.owner_gets("/numbers").await["items"][0].clone();
        stage.owner_asks("POST", "/carrier/repair", json!({})).await;
        stage.run(5).await;
        let id = number["id"].as_str().expect("an id");
        let path = format!("/numbers/{id}/release");
        let death = stage
            .lines()
            .carrier
            .dies_at(Way::There, "DELETE /2010-04-01", dies);
        tokio::select! {
            () = death => (),
            (status, body) = stage.owner_asks("POST", &path, json!({ "confirm": MAIN })) =>
                panic!("it was answered before the server died: {status} {body}"),
        }
        stage.restart().await;
        stage.run(60).await;
        assert!(
            !is_owned(&stage, MAIN) && !is_listed(&stage, MAIN).await,
            "{dies:?}"
        );
        stage.end().await;
    }
}

/// The organization's number becomes an agent's own, with these settings.
async fn set(stage: &Stage, agent: &str, mut change: Value) {
    let numbers = stage.owner_gets("/numbers").await;
    change["number_id"] = numbers["items"][0]["id"].clone();
    let path = format!("/agents/{agent}/calling");
    let (status, body) = stage.owner_asks("PUT", &path, change).await;
    assert_eq!(status, 200, "{body}");
}

/// How often the desk was rung.
fn rung(stage: &Stage) -> usize {
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    legs.iter().filter(|truth| truth.call.to == DESK).count()
}

async fn who_sends_every_call_on_is_never_rung_and_the_phone_is(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let desk = stage.phone(DESK);
    desk.behaves(json!({ "kind": "human" })).await;
    set(&stage, &ana.id, json!({ "forward_always": DESK })).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(12).await;
    assert_eq!(rung(&stage), 1, "{}", stage.tale().await);
    desk.answers().await;
    stage.run(5).await;
    assert!(ana.offers(&stage).await.is_empty());
    assert!(stage.heard_of(&ana, "incoming_call").await.is_empty());
    assert_eq!(stage.newest_call().await["status"], "in-progress");
    stage.end().await;
}

async fn a_call_that_nobody_took_in_time_reaches_the_agents_phone(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    stage.phone(DESK).behaves(json!({ "kind": "busy" })).await;
    let wanted = json!({ "forward_on_no_answer": DESK, "voicemail": false });
    set(&stage, &ana.id, wanted).await;
    let caller = stage.phone(CUSTOMER);
    let leg = caller.dials(MAIN).await;
    stage.run(8).await;
    assert_eq!((ana.offers(&stage).await.len(), rung(&stage)), (1, 0));
    stage.run(75).await;
    assert_eq!(rung(&stage), 1, "{}", stage.tale().await);
    stage.run(20).await;
    // The phone is busy and no message is wanted: a polite word and the end.
    assert_eq!(
        caller.truth(&leg).status,
        "completed",
        "{}",
        stage.tale().await
    );
    stage.call_is("no-answer", Some("missed")).await;
    stage.end().await;
}
