//! The doctor against the real sandbox: what goes wrong at the carrier is found, named, and repaired where it can be.

use serde_json::{Value, json};

use crate::stage::{ACCOUNT, APP, CUSTOMER, Engine, MAIN, Stage, TOKEN, on_both_engines};

on_both_engines!(
    what_is_deleted_at_the_carrier_is_found_and_repaired,
    a_suspended_account_and_an_empty_purse_are_named,
    a_signed_callback_comes_round_through_the_carrier,
    a_test_call_is_read_as_the_carrier_saw_it,
);

async fn examined(stage: &Stage) -> Value {
    let (status, report) = stage.owner_asks("POST", "/doctor/run", json!({})).await;
    assert_eq!(status, 200, "{report}");
    report
}

fn check<'a>(report: &'a Value, id: &str) -> &'a Value {
    let checks = report["checks"].as_array().expect("checks");
    let found = checks.iter().find(|check| check["id"] == id);
    found.unwrap_or_else(|| panic!("no check {id} in {report:#}"))
}

fn state(report: &Value, id: &str) -> String {
    check(report, id)["state"]
        .as_str()
        .expect("a state")
        .to_owned()
}

async fn repaired(stage: &Stage, id: &str) -> Value {
    let (status, report) = stage
        .owner_asks("POST", "/doctor/repair", json!({ "check": id }))
        .await;
    assert_eq!(status, 200, "{report}");
    report
}

/// What somebody does in the carrier's console.
async fn carrier_is_told(stage: &Stage, path: &str, form: &[(&str, &str)]) {
    let url = format!(
        "{}/2010-04-01/Accounts/{ACCOUNT}/{path}",
        stage.sandbox.url()
    );
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let answer = stage
        .http
        .post(url)
        .basic_auth(ACCOUNT, Some(TOKEN))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await;
    assert!(answer.expect("the sandbox answers").status().is_success());
}

async fn what_is_deleted_at_the_carrier_is_found_and_repaired(engine: Engine) {
    let stage = Stage::empty(engine).await;
    let well = examined(&stage).await;
    for id in [
        "webhooks.twiml_app",
        "numbers.webhooks",
        "carrier.stored",
        "webhooks.address",
        "webhooks.signature",
        "server.websocket",
        "carrier.clock",
        "carrier.credit",
        "webhooks.alerts",
        "numbers.capabilities",
    ] {
        assert_eq!(state(&well, id), "ok", "{:#}", check(&well, id));
    }

    stage
        .sandbox
        .engine(|engine, _| engine.delete_application(ACCOUNT, APP))
        .expect("it was there");
    let report = examined(&stage).await;
    let app = check(&report, "webhooks.twiml_app");
    assert_eq!(
        (&app["state"], &app["repair"]["action"]),
        (&json!("failed"), &json!("repair")),
        "{app}"
    );
    assert_eq!(
        state(
            &repaired(&stage, "webhooks.twiml_app").await,
            "webhooks.twiml_app"
        ),
        "ok"
    );

    let number = stage
        .sandbox
        .engine(|engine, _| engine.owner_of(MAIN).expect("our number").sid.clone());
    carrier_is_told(
        &stage,
        &format!("IncomingPhoneNumbers/{number}.json"),
        &[
            ("VoiceUrl", ""),
            ("VoiceFallbackUrl", ""),
            ("StatusCallback", ""),
        ],
    )
    .await;
    let report = examined(&stage).await;
    assert_eq!(
        state(&report, "numbers.webhooks"),
        "failed",
        "{:#}",
        check(&report, "numbers.webhooks")
    );
    assert_eq!(
        state(
            &repaired(&stage, "numbers.webhooks").await,
            "numbers.webhooks"
        ),
        "ok"
    );
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(5).await;
    assert_eq!(
        stage.newest_call().await["direction"],
        "inbound",
        "calls come again"
    );
    stage.end().await;
}

async fn a_suspended_account_and_an_empty_purse_are_named(engine: Engine) {
    let stage = Stage::empty(engine).await;
    let happens = async |change: Value| {
        let url = format!("{}/sandbox/v1/accounts/{ACCOUNT}", stage.sandbox.url());
        let answer = stage
            .http
            .put(url)
            .json(&change)
            .send()
            .await
            .expect("the sandbox answers");
        assert!(answer.status().is_success(), "{:?}", answer.text().await);
    };
    happens(json!({ "spent": 10_000 })).await;
    let report = examined(&stage).await;
    assert_eq!(state(&report, "carrier.credit"), "failed");
    assert!(
        check(&report, "carrier.credit")["cure"]
            .as_str()
            .expect("a cure")
            .contains("credit")
    );

    happens(json!({ "spent": 0, "status": "suspended" })).await;
    let report = examined(&stage).await;
    assert_eq!(state(&report, "carrier.account"), "failed", "{report:#}");
    assert_eq!(report["ok"], false);

    happens(json!({ "status": "active", "type": "Trial" })).await;
    let report = examined(&stage).await;
    assert_eq!(
        state(&report, "carrier.account"),
        "warning",
        "a trial account works, but"
    );
    assert_eq!(state(&report, "carrier.credit"), "ok");
    stage.end().await;
}

async fn a_signed_callback_comes_round_through_the_carrier(engine: Engine) {
    let stage = Stage::empty(engine).await;
    let (sent, ()) = tokio::join!(
        stage.owner_asks("POST", "/doctor/callback", json!({})),
        stage.run(5)
    );
    assert_eq!((sent.0, &sent.1["ok"]), (200, &json!(true)), "{}", sent.1);
    assert!(!stage.webhooks("probe=").is_empty(), "the carrier sent it");
    assert_eq!(
        stage.owner_gets("/calls").await["items"],
        json!([]),
        "it is no call of ours"
    );
    assert_eq!(state(&examined(&stage).await, "webhooks.round_trip"), "ok");
    stage.end().await;
}

async fn a_test_call_is_read_as_the_carrier_saw_it(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    stage
        .owner_changes(&format!("/users/{}", ana.id), json!({ "role": "admin" }))
        .await;
    let (status, begun) = ana
        .posts(&stage, "/doctor/test-call", json!({ "to": CUSTOMER }))
        .await;
    assert_eq!(status, 201, "{begun}");
    let call = begun["call_id"].as_str().expect("an id");
    let phone = stage.callee(CUSTOMER).await;
    ana.connects(&stage, call).await;
    stage.run(4).await;
    phone.answers().await;
    stage.run(20).await;
    phone.hangs_up().await;
    stage.run(60).await;
    let report = examined(&stage).await;
    let test = check(&report, "calls.test");
    assert_eq!(test["state"], "ok", "{test}");
    assert!(
        test["finding"]
            .as_str()
            .expect("words")
            .contains("good answer"),
        "{test}"
    );
    assert_eq!(state(&report, "calls.recordings"), "ok");
    assert_eq!(state(&report, "people.listening"), "ok");
    assert_eq!(stage.owner_gets("/setup-progress").await["next"], "done");

    // A voice address that fails: the carrier complains, and the doctor says what that means.
    let number = stage
        .sandbox
        .engine(|engine, _| engine.owner_of(MAIN).expect("our number").sid.clone());
    carrier_is_told(
        &stage,
        &format!("IncomingPhoneNumbers/{number}.json"),
        &[
            ("VoiceUrl", &format!("{}/nowhere", stage.url)),
            ("VoiceFallbackUrl", ""),
        ],
    )
    .await;
    stage.phone("+14155550143").dials(MAIN).await;
    stage.run(5).await;
    let report = examined(&stage).await;
    let alerts = check(&report, "webhooks.alerts");
    assert_eq!(alerts["state"], "failed", "{alerts}");
    assert!(
        !alerts["codes"].as_array().expect("codes").is_empty(),
        "{alerts}"
    );
    stage.end().await;
}
