//! Test credentials and their magic numbers; pages that cannot be.

use crate::support::{AC, NUMBER, Rest, TOKEN};

#[tokio::test]
async fn test_credentials_do_nothing_and_magic_numbers_stand_for_what_may_go_wrong() {
    let rest = Rest::start().await;
    let accounts = rest.control("GET", "/sandbox/v1/accounts", ()).await;
    let own = accounts["accounts"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["sid"] == AC))
        .expect("our account");
    let credential = |name: &str| own[name].as_str().expect("a text").to_owned();
    let (test, token) = (credential("test_sid"), credential("test_token"));
    let path = |list: &str| format!("/2010-04-01/Accounts/{test}/{list}.json");
    let call = async |from: &str, to: &str| {
        let form = [
            ("From", from.to_owned()),
            ("To", to.to_owned()),
            ("Url", "https://app.test/voice".into()),
        ];
        let (status, body) = rest
            .with(&test, &token, "POST", &path("Calls"), &form)
            .await;
        (status, body["code"].as_u64().unwrap_or_default())
    };
    let good = "+15005550006";
    assert_eq!(call(good, "+14155550123").await, (201, 0));
    for (from, to, code) in [
        ("+15005550001", good, 21212),
        (NUMBER, good, 21210),
        (good, "+15005550001", 21217),
        (good, "+15005550002", 21214),
        (good, "+15005550003", 21215),
        (good, "+15005550004", 21216),
    ] {
        assert_eq!(call(from, to).await, (400, code), "{from} {to}");
    }
    for (name, value, code) in [
        ("PhoneNumber", "+15005550000", 21422),
        ("PhoneNumber", "+15005550001", 21421),
        ("PhoneNumber", good, 0),
        ("AreaCode", "533", 21452),
        ("AreaCode", "500", 0),
    ] {
        let form = [(name, value.to_owned())];
        let (_, body) = rest
            .with(&test, &token, "POST", &path("IncomingPhoneNumbers"), &form)
            .await;
        assert_eq!(body["code"].as_u64().unwrap_or_default(), code, "{value}");
    }
    for (from, to, code) in [
        (good, "+14155550123", 0),
        ("+15005550001", good, 21212),
        ("+15005550007", good, 21606),
        ("+15005550008", good, 21611),
        (NUMBER, "+14155550123", 21606),
        (good, "+15005550001", 21211),
        (good, "+15005550002", 21612),
        (good, "+15005550003", 21408),
        (good, "+15005550004", 21610),
        (good, "+15005550009", 21614),
    ] {
        let form = [
            ("From", from.to_owned()),
            ("To", to.to_owned()),
            ("Body", "Hello".into()),
        ];
        let (_, body) = rest
            .with(&test, &token, "POST", &path("Messages"), &form)
            .await;
        let found = body["code"].as_u64().unwrap_or_default();
        assert_eq!(found, code, "{from} {to}: {body}");
    }
    // Nothing was made, and nothing else is open.
    let sent = rest.get("Messages.json").await;
    assert_eq!(sent["messages"], serde_json::json!([]));
    assert_eq!(rest.get("Calls.json").await["calls"], serde_json::json!([]));
    for (method, list) in [("GET", "Calls"), ("POST", "Queues")] {
        let (status, body) = rest.with(&test, &token, method, &path(list), &[]).await;
        assert_eq!((status, &body["code"]), (403, &20008.into()), "{list}");
    }
    let live = format!("/2010-04-01/Accounts/{AC}/Calls.json");
    assert_eq!(rest.status(&test, &token, "POST", &live).await, 401);
    assert_eq!(rest.status(&test, TOKEN, "POST", &path("Calls")).await, 401);
    rest.end().await;
}

#[tokio::test]
async fn a_page_before_the_first_is_refused() {
    let rest = Rest::start().await;
    let list = format!("/2010-04-01/Accounts/{AC}/Calls.json?Page=-1");
    let (status, body) = rest.product("GET", &list, &[]).await;
    assert_eq!((status, &body["code"]), (400, &20001.into()));
    rest.end().await;
}
