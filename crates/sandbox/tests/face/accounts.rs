//! Accounts, their secrets and their limits: tokens, keys, regions, verified numbers, and how the REST face misbehaves on demand.

use offhook_twilio::signature;
use serde_json::{Value, json};

use crate::support::{AC, NUMBER, Rest, TOKEN, sid};

#[tokio::test]
async fn a_number_is_verified_by_the_code_that_a_call_asks_for() {
    let rest = Rest::start().await;
    let phone = "%2B14155550177";
    rest.control(
        "PUT",
        &format!("/sandbox/v1/phones/{phone}/behaviour"),
        json!({ "kind": "human" }),
    )
    .await;
    let asked = rest
        .product(
            "POST",
            &format!("/2010-04-01/Accounts/{AC}/OutgoingCallerIds.json"),
            &[("PhoneNumber", "+14155550177".into())],
        )
        .await;
    assert_eq!(asked.0, 200, "{}", asked.1);
    let code = asked.1["validation_code"]
        .as_str()
        .expect("a code")
        .to_owned();
    assert_eq!(code.len(), 6);
    let from = [
        ("To", "+14155550130"),
        ("From", "+14155550177"),
        ("Twiml", "<Response/>"),
    ];
    assert_eq!(rest.refused("Calls.json", &from).await, (400, 21210));

    rest.until("the phone rings", async || {
        rest.try_control(
            "POST",
            &format!("/sandbox/v1/phones/{phone}/answer"),
            json!({}),
        )
        .await
        .is_ok()
    })
    .await;
    rest.control(
        "POST",
        &format!("/sandbox/v1/phones/{phone}/press"),
        json!({ "digits": code }),
    )
    .await;
    rest.until("the number is verified", async || {
        rest.get("OutgoingCallerIds.json").await["outgoing_caller_ids"][0]["phone_number"]
            == "+14155550177"
    })
    .await;
    rest.post("Calls.json", &from).await;
    let again = [("PhoneNumber", "+14155550177")];
    assert_eq!(
        rest.refused("OutgoingCallerIds.json", &again).await,
        (400, 21450)
    );
    rest.end().await;
}

#[tokio::test]
async fn the_second_token_opens_but_only_the_promoted_one_stays() {
    let rest = Rest::start().await;
    let tokens = "/accounts.twilio.com/v1/AuthTokens";
    let (status, made) = rest
        .product("POST", &format!("{tokens}/Secondary"), &[])
        .await;
    assert_eq!(status, 201);
    let second = made["secondary_auth_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let account = format!("/2010-04-01/Accounts/{AC}.json");
    assert_eq!(rest.with(AC, &second, "GET", &account, &[]).await.0, 200);
    assert_eq!(
        rest.with(AC, &second, "POST", &format!("{tokens}/Promote"), &[])
            .await
            .1["auth_token"],
        second.as_str()
    );
    assert_eq!(rest.with(AC, TOKEN, "GET", &account, &[]).await.0, 401);
    assert_eq!(
        rest.with(AC, &second, "POST", &format!("{tokens}/Promote"), &[])
            .await
            .0,
        404
    );
    rest.end().await;
}

#[tokio::test]
async fn webhooks_are_signed_by_the_promoted_token() {
    let rest = Rest::start().await;
    let app = rest.app("<Response/>").await;
    let root = "/accounts.twilio.com/v1/AuthTokens";
    let made = rest
        .product("POST", &format!("{root}/Secondary"), &[])
        .await
        .1;
    let second = made["secondary_auth_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let calls = format!("/2010-04-01/Accounts/{AC}/Calls.json");
    let form = [
        ("To", "+14155550130".to_owned()),
        ("From", NUMBER.to_owned()),
        ("Url", app.clone()),
    ];
    let signed_by = async |token: &str, call: &str| {
        let path = format!("/sandbox/v1/webhooks?call={call}");
        rest.until("the webhook", async || {
            rest.control("GET", &path, Value::Null).await["webhooks"] != json!([])
        })
        .await;
        let sent = rest.control("GET", &path, Value::Null).await["webhooks"][0].clone();
        let params: Vec<(String, String)> =
            serde_json::from_value(sent["params"].clone()).expect("parameters");
        sent["signature"] == signature::sign(token, &app, &params).as_str()
    };
    let before = sid(&rest.with(AC, &second, "POST", &calls, &form).await.1);
    assert!(
        signed_by(TOKEN, &before).await,
        "the second token does not sign yet"
    );
    assert_eq!(
        rest.product("POST", &format!("{root}/Promote"), &[])
            .await
            .0,
        200
    );
    let after = sid(&rest.with(AC, &second, "POST", &calls, &form).await.1);
    assert!(signed_by(&second, &after).await);
    rest.end().await;
}

#[tokio::test]
async fn keys_have_their_limits() {
    let rest = Rest::start().await;
    let of = |key: &Value| {
        (
            sid(key),
            key["secret"].as_str().expect("a secret").to_owned(),
        )
    };
    let (key, secret) = of(&rest
        .post("Keys.json", &[("FriendlyName", "standard")])
        .await);
    let root = format!("/2010-04-01/Accounts/{AC}");
    let below = |name: &str| format!("{root}/{name}.json");
    for (method, path, status) in [
        ("GET", below("IncomingPhoneNumbers"), 200),
        ("GET", format!("{root}.json"), 401),
        ("POST", below("Keys"), 401),
    ] {
        assert_eq!(
            rest.status(&key, &secret, method, &path).await,
            status,
            "{method} {path}"
        );
    }
    let form = [
        ("AccountSid", AC.to_owned()),
        ("KeyType", "restricted".to_owned()),
        (
            "Policy",
            r#"{"allow":["/twilio/voice/calls/list"]}"#.to_owned(),
        ),
    ];
    let (status, restricted) = rest.product("POST", "/iam.twilio.com/v1/Keys", &form).await;
    assert_eq!(status, 201, "{restricted}");
    let (key, secret) = of(&restricted);
    assert_eq!(
        rest.status(&key, &secret, "GET", &below("Calls")).await,
        200
    );
    assert_eq!(
        rest.status(&key, &secret, "GET", &below("Queues")).await,
        403
    );
    rest.end().await;
}

#[tokio::test]
async fn an_account_below_has_a_token_of_its_own_and_does_not_see_the_one_above() {
    let rest = Rest::start().await;
    let form = [("FriendlyName", "branch".to_owned())];
    let (status, below) = rest
        .product("POST", "/2010-04-01/Accounts.json", &form)
        .await;
    assert_eq!((status, &below["owner_account_sid"]), (201, &json!(AC)));
    let (branch, token) = (sid(&below), below["auth_token"].as_str().expect("a token"));
    let numbers = format!("/2010-04-01/Accounts/{branch}/IncomingPhoneNumbers.json");
    assert_eq!(
        rest.status(AC, TOKEN, "GET", &numbers).await,
        200,
        "the parent sees it"
    );
    let above = format!("/2010-04-01/Accounts/{AC}/Calls.json");
    assert_eq!(rest.status(&branch, token, "GET", &above).await, 401);
    let own = format!("/2010-04-01/Accounts/{branch}.json");
    let suspended = rest
        .product("POST", &own, &[("Status", "suspended".into())])
        .await
        .1;
    assert_eq!(suspended["status"], "suspended");
    assert_eq!(rest.status(&branch, token, "GET", &numbers).await, 403);
    assert_eq!(
        rest.with(&branch, token, "GET", &own, &[]).await.1["status"],
        "suspended"
    );
    rest.end().await;
}

#[tokio::test]
async fn a_region_has_credentials_and_settings_of_its_own_and_a_dead_host_is_dead() {
    let rest = Rest::start().await;
    let opened = rest
        .control(
            "POST",
            &format!("/sandbox/v1/accounts/{AC}/regions"),
            json!({ "region": "ie1" }),
        )
        .await;
    let token = opened["auth_token"].as_str().expect("a token").to_owned();
    let dublin = format!("/api.dublin.ie1.twilio.com/2010-04-01/Accounts/{AC}");
    let home = format!("/2010-04-01/Accounts/{AC}");
    let numbers = "IncomingPhoneNumbers.json";
    let there = rest
        .with(AC, &token, "GET", &format!("{dublin}/{numbers}"), &[])
        .await;
    assert_eq!(there.0, 200);
    let number = &there.1["incoming_phone_numbers"][0];
    assert_eq!(
        (&number["account_sid"], &number["phone_number"]),
        (&json!(AC), &json!(NUMBER))
    );
    for (token, path) in [(TOKEN, &dublin), (token.as_str(), &home)] {
        assert_eq!(
            rest.with(AC, token, "GET", &format!("{path}/{numbers}"), &[])
                .await
                .0,
            401,
            "{path}"
        );
    }
    let own = format!(
        "{dublin}/IncomingPhoneNumbers/{}.json",
        number["sid"].as_str().expect("a SID")
    );
    let set = rest
        .with(
            AC,
            &token,
            "POST",
            &own,
            &[("VoiceUrl", "https://e.com/ie".to_owned())],
        )
        .await
        .1;
    assert_eq!(set["voice_url"], "https://e.com/ie");
    let at_home = rest.get(numbers).await;
    assert_eq!(
        at_home["incoming_phone_numbers"][0]["voice_url"],
        Value::Null
    );
    assert!(
        rest.is_dead(&format!("/api.ie1.twilio.com{home}.json"))
            .await
    );
    rest.end().await;
}

#[tokio::test]
async fn a_number_bought_in_a_region_is_everywhere_and_its_settings_are_not() {
    let rest = Rest::start().await;
    let opened = rest
        .control(
            "POST",
            &format!("/sandbox/v1/accounts/{AC}/regions"),
            json!({ "region": "ie1" }),
        )
        .await;
    let token = opened["auth_token"].as_str().expect("a token").to_owned();
    let dublin = format!("/api.dublin.ie1.twilio.com/2010-04-01/Accounts/{AC}");
    let bought = format!("{dublin}/IncomingPhoneNumbers.json");
    let form = [
        ("AreaCode", "206".to_owned()),
        ("VoiceUrl", "https://e.com/ie".to_owned()),
    ];
    let (status, bought) = rest.with(AC, &token, "POST", &bought, &form).await;
    assert_eq!(
        (status, &bought["voice_url"]),
        (201, &json!("https://e.com/ie"))
    );
    let here = rest
        .get(&format!("IncomingPhoneNumbers/{}.json", sid(&bought)))
        .await;
    assert_eq!(
        here["voice_url"],
        Value::Null,
        "a number is everywhere, its settings are not"
    );
    let gone = format!("{dublin}/IncomingPhoneNumbers/{}.json", sid(&bought));
    assert_eq!(rest.with(AC, &token, "DELETE", &gone, &[]).await.0, 204);
    assert_eq!(
        rest.delete(&format!("IncomingPhoneNumbers/{}.json", sid(&bought)))
            .await,
        404
    );
    let code = format!("{dublin}/OutgoingCallerIds.json");
    let form = [("PhoneNumber", "+14155550177".to_owned())];
    assert_eq!(rest.with(AC, &token, "POST", &code, &form).await.0, 404);
    rest.end().await;
}

#[tokio::test]
async fn a_trial_account_and_a_suspended_one_say_what_they_are() {
    let rest = Rest::start().await;
    let account = format!("/sandbox/v1/accounts/{AC}");
    rest.control("PUT", &account, json!({ "type": "Trial" }))
        .await;
    let own = format!("/2010-04-01/Accounts/{AC}.json");
    assert_eq!(rest.product("GET", &own, &[]).await.1["type"], "Trial");
    assert_eq!(
        rest.refused("IncomingPhoneNumbers.json", &[("AreaCode", "415")])
            .await,
        (400, 21404)
    );
    rest.control("PUT", &account, json!({ "status": "suspended" }))
        .await;
    assert_eq!(
        rest.product("GET", &own, &[]).await.1["status"],
        "suspended"
    );
    assert_eq!(
        rest.refused("Calls.json", &[("To", NUMBER)]).await,
        (403, 20005)
    );
    rest.end().await;
}

#[tokio::test]
async fn looks_at_calls_may_lag_and_too_many_requests_are_refused() {
    let rest = Rest::start().await;
    rest.control("PUT", "/sandbox/v1/rest", json!({ "read_lag": 60_000 }))
        .await;
    let call = rest
        .post(
            "Calls.json",
            &[
                ("To", "+14155550130"),
                ("From", NUMBER),
                ("Twiml", "<Response/>"),
            ],
        )
        .await;
    let call = call["sid"].as_str().expect("a SID").to_owned();
    rest.until("the end", async || {
        let truth = rest
            .try_control("GET", &format!("/sandbox/v1/calls/{call}"), Value::Null)
            .await;
        truth.is_ok_and(|truth| truth.to_string().contains("completed"))
    })
    .await;
    let path = format!("Calls/{call}.json");
    assert_eq!(
        rest.get(&path).await["status"],
        "queued",
        "a look is behind"
    );
    rest.control(
        "PUT",
        "/sandbox/v1/rest",
        json!({ "read_lag": 0, "requests_per_second": 1 }),
    )
    .await;
    rest.until("a refusal", async || {
        let (status, body) = rest
            .product("GET", &format!("/2010-04-01/Accounts/{AC}/{path}"), &[])
            .await;
        assert!(
            status == 200 || (status, &body["code"]) == (429, &json!(20429)),
            "{body}"
        );
        status == 429
    })
    .await;
    rest.control(
        "PUT",
        "/sandbox/v1/rest",
        json!({ "requests_per_second": 0 }),
    )
    .await;
    assert_eq!(rest.get(&path).await["status"], "completed");
    rest.end().await;
}
