//! What goes wrong on demand, as a program that asks the REST face sees it.

use serde_json::{Value, json};

use crate::support::{AC, NUMBER, Rest, TOKEN};

const FAULTS: &str = "/sandbox/v1/faults";
const PHONE: &str = "+14155550130";

async fn only(rest: &Rest, switch: &str) {
    let change = json!({ "profile": "calm", "rest": { switch: 1.0 } });
    rest.control("PUT", FAULTS, change).await;
}

/// Calls that there are; nothing goes wrong while they are counted.
async fn calls(rest: &Rest) -> usize {
    rest.control("DELETE", FAULTS, Value::Null).await;
    let list = rest.get("Calls.json").await;
    list["calls"].as_array().expect("calls").len()
}

#[tokio::test]
async fn requests_are_refused_broken_off_or_done_without_an_answer() {
    let rest = Rest::start().await;
    let form = [
        ("To", PHONE.to_owned()),
        ("From", NUMBER.to_owned()),
        ("Twiml", "<Response/>".to_owned()),
    ];
    let path = format!("/2010-04-01/Accounts/{AC}/Calls.json");
    let place = async || {
        let client = reqwest::Client::new();
        let request = client
            .post(format!("{}{path}", rest.sandbox.url()))
            .basic_auth(AC, Some(TOKEN))
            .form(&form);
        match request.send().await {
            Ok(answer) => Some(answer.status().as_u16()),
            Err(_) => None,
        }
    };
    for (switch, status) in [
        ("too_many", Some(429)),
        ("server_error", Some(500)),
        ("reset", None),
    ] {
        only(&rest, switch).await;
        assert_eq!(place().await, status, "{switch}");
        assert_eq!(calls(&rest).await, 0, "{switch} does nothing");
    }
    only(&rest, "answer_lost").await;
    assert_eq!(place().await, None);
    assert_eq!(calls(&rest).await, 1, "it was done all the same");
    assert_eq!(place().await, Some(201), "and nothing goes wrong any more");
    rest.end().await;
}

#[tokio::test]
async fn profiles_and_switches_are_set_shown_and_refused_where_they_are_none() {
    let rest = Rest::start().await;
    let shown = rest.control("GET", FAULTS, Value::Null).await;
    assert_eq!(shown["profile"], "calm");
    let rough = rest
        .control("PUT", FAULTS, json!({ "profile": "rough", "seed": 42 }))
        .await;
    assert_eq!(
        (&rough["profile"], &rough["seed"]),
        (&json!("rough"), &json!(42))
    );
    assert_eq!(rough["switches"], shown["profiles"]["rough"]);
    let turned = rest
        .control(
            "PUT",
            FAULTS,
            json!({ "profile": "calm", "rest": { "too_many": 1.0 } }),
        )
        .await;
    assert_eq!(
        (&turned["profile"], &turned["rest"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(turned["switches"]["rest"]["too_many"], 1.0);
    assert_eq!(turned["switches"]["rest"]["reset"], 0.0);
    let balance = format!("/2010-04-01/Accounts/{AC}/Balance.json");
    assert_eq!(rest.status(AC, TOKEN, "GET", &balance).await, 429);
    let told = rest.control("GET", FAULTS, Value::Null).await;
    assert_eq!(told["counts"]["rest.too_many"], 1);
    assert_eq!(told["happened"][0]["switch"], "rest.too_many");
    for wrong in [
        json!({ "profile": "sunny" }),
        json!({ "seed": -1 }),
        json!({ "rest": { "too_many": 2 } }),
        json!({ "weather": {} }),
    ] {
        assert_eq!(
            rest.try_control("PUT", FAULTS, &wrong).await,
            Err(400),
            "{wrong}"
        );
    }
    rest.control("DELETE", FAULTS, Value::Null).await;
    assert_eq!(rest.status(AC, TOKEN, "GET", &balance).await, 200);
    rest.end().await;
}
