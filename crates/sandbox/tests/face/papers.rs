//! Numbers that need papers: a search, the refusals, the bundle from draft to approval, and the purchase.

use crate::support::{AC, NUMBER, Rest, TOKEN};
use serde_json::{Value, json};

const NUMBERS: &str = "/numbers.twilio.com/v2/RegulatoryCompliance";

#[tokio::test]
async fn a_british_number_is_bought_with_an_approved_bundle_and_its_address() {
    let rest = Rest::start().await;
    let stock = rest
        .get("AvailablePhoneNumbers/GB/Local.json?Contains=%2B4420%25&PageSize=5")
        .await;
    let found = stock["available_phone_numbers"].as_array().expect("a list");
    assert_eq!(found.len(), 5);
    assert!(
        found.iter().all(|number| number["locality"] == "London"),
        "{found:?}"
    );
    let wanted = found[0]["phone_number"]
        .as_str()
        .expect("a number")
        .to_owned();

    let bare = [("PhoneNumber", wanted.as_str())];
    assert_eq!(
        rest.refused("IncomingPhoneNumbers.json", &bare).await,
        (400, 21649)
    );

    let address = rest.post("Addresses.json", &ADDRESS).await["sid"]
        .as_str()
        .expect("a SID")
        .to_owned();
    let bundle = complete_bundle(&rest, &address).await;
    let with = |bundle: &str, address: &str| {
        vec![
            ("PhoneNumber", wanted.clone()),
            ("BundleSid", bundle.to_owned()),
            ("AddressSid", address.to_owned()),
        ]
    };
    assert_eq!(
        rest.refused("IncomingPhoneNumbers.json", &with(&bundle, &address))
            .await,
        (400, 21649),
        "not approved yet"
    );

    let review = format!("/sandbox/v1/bundles/{bundle}");
    rest.control("PUT", &review, json!({ "status": "twilio-approved" }))
        .await;
    assert_eq!(
        rest.product("GET", &format!("{NUMBERS}/Bundles/{bundle}"), &[])
            .await
            .1["status"],
        "twilio-approved"
    );
    assert_eq!(
        rest.refused("IncomingPhoneNumbers.json", &with(&bundle, ""))
            .await,
        (400, 21631)
    );
    let other = rest.post("Addresses.json", &ADDRESS).await["sid"]
        .as_str()
        .expect("a SID")
        .to_owned();
    assert_eq!(
        rest.refused("IncomingPhoneNumbers.json", &with(&bundle, &other))
            .await,
        (400, 21651)
    );

    let bought = rest
        .post("IncomingPhoneNumbers.json", &with(&bundle, &address))
        .await;
    assert_eq!(bought["bundle_sid"], bundle.as_str());
    assert_eq!(
        (&bought["type"], &bought["address_requirements"]),
        (&json!("local"), &json!("any"))
    );
    assert_eq!(
        rest.refused("IncomingPhoneNumbers.json", &with(&bundle, &address))
            .await,
        (400, 21422),
        "sold"
    );
    let left = rest
        .get(&format!(
            "AvailablePhoneNumbers/GB/Local.json?Contains={}",
            wanted.trim_start_matches('+')
        ))
        .await;
    assert_eq!(left["available_phone_numbers"], json!([]));

    let depends = rest
        .get(&format!("Addresses/{address}/DependentPhoneNumbers.json"))
        .await;
    assert_eq!(
        depends["dependent_phone_numbers"][0]["phone_number"],
        wanted.as_str()
    );
    let sid = bought["sid"].as_str().expect("a SID");
    assert_eq!(rest.delete(&format!("Addresses/{address}.json")).await, 400);
    assert_eq!(
        rest.delete(&format!("IncomingPhoneNumbers/{sid}.json"))
            .await,
        204
    );
    assert_eq!(rest.delete(&format!("Addresses/{address}.json")).await, 204);
    rest.end().await;
}

const ADDRESS: [(&str, &str); 6] = [
    ("CustomerName", "Harbor Bikes"),
    ("Street", "1 Wharf Road"),
    ("City", "London"),
    ("Region", "London"),
    ("PostalCode", "N1 7GR"),
    ("IsoCountry", "GB"),
];

async fn made(rest: &Rest, path: &str, form: &[(&str, String)]) -> Value {
    let (status, body) = rest
        .product("POST", &format!("{NUMBERS}{path}"), form)
        .await;
    assert_eq!(status, 201, "{path}: {body}");
    body
}

/// Puts a bundle together, with what its evaluation says on the way.
async fn complete_bundle(rest: &Rest, address: &str) -> String {
    let rules =
        format!("{NUMBERS}/Regulations?IsoCountry=GB&NumberType=local&EndUserType=business");
    let rules = rest.product("GET", &rules, &[]).await.1;
    let rule = rules["results"][0]["sid"]
        .as_str()
        .expect("a regulation")
        .to_owned();
    let form = [
        ("FriendlyName", "GB".to_owned()),
        ("Email", "a@example.com".to_owned()),
        ("RegulationSid", rule),
    ];
    let bundle = made(rest, "/Bundles", &form).await["sid"]
        .as_str()
        .expect("a SID")
        .to_owned();

    let attributes = json!({ "business_name": "Harbor Bikes", "business_registration_number": "1", "first_name": "A", "last_name": "B" });
    let user = made(
        rest,
        "/EndUsers",
        &[
            ("FriendlyName", "us".into()),
            ("Type", "business".into()),
            ("Attributes", attributes.to_string()),
        ],
    )
    .await;
    let items = format!("/Bundles/{bundle}/ItemAssignments");
    made(
        rest,
        &items,
        &[("ObjectSid", user["sid"].as_str().expect("a SID").into())],
    )
    .await;
    let poor = made(rest, &format!("/Bundles/{bundle}/Evaluations"), &[]).await;
    assert_eq!(poor["status"], "noncompliant");
    assert_eq!(poor["results"][1]["error_code"], 22216, "{poor}");
    let early = rest
        .product(
            "POST",
            &format!("{NUMBERS}/Bundles/{bundle}"),
            &[("Status", "pending-review".into())],
        )
        .await;
    assert_eq!(early.0, 400);

    for (kind, attributes) in [
        (
            "commercial_registrar_excerpt",
            json!({ "business_name": "Harbor Bikes" }),
        ),
        ("address", json!({ "address_sids": [address] })),
    ] {
        let form = [
            ("FriendlyName", kind.to_owned()),
            ("Type", kind.to_owned()),
            ("Attributes", attributes.to_string()),
        ];
        let paper = made(rest, "/SupportingDocuments", &form).await;
        made(
            rest,
            &items,
            &[("ObjectSid", paper["sid"].as_str().expect("a SID").into())],
        )
        .await;
    }
    assert_eq!(
        made(rest, &format!("/Bundles/{bundle}/Evaluations"), &[]).await["status"],
        "compliant"
    );
    let handed_in = rest
        .product(
            "POST",
            &format!("{NUMBERS}/Bundles/{bundle}"),
            &[("Status", "pending-review".into())],
        )
        .await;
    assert_eq!(
        (handed_in.0, &handed_in.1["status"]),
        (200, &json!("pending-review"))
    );
    bundle
}

#[tokio::test]
async fn a_rejected_bundle_buys_nothing_and_another_countrys_neither() {
    let rest = Rest::start().await;
    let accounts = rest
        .control("GET", "/sandbox/v1/accounts", Value::Null)
        .await;
    let seeded = &accounts["accounts"][0]["bundles"];
    let sid_of = |status: &str| {
        let all = seeded.as_array().expect("bundles").iter();
        let one = all
            .into_iter()
            .find(|bundle| bundle["status"] == status)
            .expect("seeded");
        one["sid"].as_str().expect("a SID").to_owned()
    };
    let berlin = rest
        .get("AvailablePhoneNumbers/DE/Local.json?InLocality=Berlin")
        .await;
    let wanted = berlin["available_phone_numbers"][0]["phone_number"]
        .as_str()
        .expect("a number")
        .to_owned();
    for status in ["twilio-rejected", "twilio-approved"] {
        let form = [
            ("PhoneNumber", wanted.clone()),
            ("BundleSid", sid_of(status)),
        ];
        assert_eq!(
            rest.refused("IncomingPhoneNumbers.json", &form).await,
            (400, 21649),
            "{status}"
        );
    }
    rest.end().await;
}

#[tokio::test]
async fn stock_is_searched_by_twilios_rules() {
    let rest = Rest::start().await;
    let count = async |query: &str| {
        let body = rest.get(&format!("AvailablePhoneNumbers/{query}")).await;
        body["available_phone_numbers"]
            .as_array()
            .expect("a list")
            .len()
    };
    assert_eq!(
        count("US/Local.json?AreaCode=415&PageSize=1000").await,
        99,
        "one of a hundred is ours already"
    );
    assert_eq!(count("US/Local.json?InRegion=WA&PageSize=200").await, 100);
    assert_eq!(
        count("US/Local.json?NearLatLong=40.7,-74.0&Distance=10&PageSize=1000").await,
        300
    );
    assert_eq!(
        count("US/Local.json?ExcludeAllAddressRequired=true").await,
        50
    );
    assert_eq!(
        count("DE/Local.json?ExcludeLocalAddressRequired=true").await,
        0
    );
    assert_eq!(count("GB/Mobile.json?SmsEnabled=true&PageSize=3").await, 3);
    for (query, refusal) in [
        ("GB/Local.json?AreaCode=20", (400, 20001)),
        ("GB/Local.json?Contains=2", (400, 20001)),
        ("US/Local.json?AreaCode=4", (400, 21451)),
        ("PK/Local.json", (404, 20404)),
        ("US/Mobile.json", (404, 20404)),
        ("US/Nonsense.json", (404, 20404)),
    ] {
        let (status, body) = rest
            .product(
                "GET",
                &format!("/2010-04-01/Accounts/{AC}/AvailablePhoneNumbers/{query}"),
                &[],
            )
            .await;
        assert_eq!(
            (status, body["code"].as_u64()),
            (refusal.0, Some(refusal.1)),
            "{query}"
        );
    }
    rest.end().await;
}

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
async fn keys_have_their_limits_and_accounts_below_have_tokens_of_their_own() {
    let rest = Rest::start().await;
    let standard = rest
        .post("Keys.json", &[("FriendlyName", "standard")])
        .await;
    let of = |key: &Value| {
        (
            key["sid"].as_str().expect("a SID").to_owned(),
            key["secret"].as_str().expect("a secret").to_owned(),
        )
    };
    let (key, secret) = of(&standard);
    let root = format!("/2010-04-01/Accounts/{AC}");
    assert_eq!(
        rest.with(
            &key,
            &secret,
            "GET",
            &format!("{root}/IncomingPhoneNumbers.json"),
            &[]
        )
        .await
        .0,
        200
    );
    assert_eq!(
        rest.with(&key, &secret, "GET", &format!("{root}.json"), &[])
            .await
            .0,
        401
    );
    assert_eq!(
        rest.with(&key, &secret, "POST", &format!("{root}/Keys.json"), &[])
            .await
            .0,
        401
    );

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
        rest.with(&key, &secret, "GET", &format!("{root}/Calls.json"), &[])
            .await
            .0,
        200
    );
    assert_eq!(
        rest.with(&key, &secret, "GET", &format!("{root}/Queues.json"), &[])
            .await
            .0,
        403
    );

    let (status, below) = rest
        .product(
            "POST",
            "/2010-04-01/Accounts.json",
            &[("FriendlyName", "branch".to_owned())],
        )
        .await;
    assert_eq!((status, &below["owner_account_sid"]), (201, &json!(AC)));
    let (branch, token) = (
        below["sid"].as_str().expect("a SID").to_owned(),
        below["auth_token"].as_str().expect("a token").to_owned(),
    );
    let numbers = format!("/2010-04-01/Accounts/{branch}/IncomingPhoneNumbers.json");
    assert_eq!(
        rest.with(AC, TOKEN, "GET", &numbers, &[]).await.0,
        200,
        "the parent sees it"
    );
    assert_eq!(
        rest.with(&branch, &token, "GET", &format!("{root}/Calls.json"), &[])
            .await
            .0,
        401,
        "it does not see the parent"
    );
    let own = format!("/2010-04-01/Accounts/{branch}.json");
    assert_eq!(
        rest.with(AC, TOKEN, "POST", &own, &[("Status", "suspended".into())])
            .await
            .1["status"],
        "suspended"
    );
    assert_eq!(
        rest.with(&branch, &token, "GET", &numbers, &[]).await.0,
        403
    );
    assert_eq!(
        rest.with(&branch, &token, "GET", &own, &[]).await.1["status"],
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
