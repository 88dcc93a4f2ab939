//! Numbers that need papers: a search, the refusals, the bundle from draft to approval, and the purchase.

use crate::support::{AC, Rest, sid};
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

    let address = sid(&rest.post("Addresses.json", &ADDRESS).await);
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
    let other = sid(&rest.post("Addresses.json", &ADDRESS).await);
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

    given_back(&rest, &sid(&bought), &address, &wanted).await;
    rest.end().await;
}

/// An address stays as long as a number depends on it.
async fn given_back(rest: &Rest, number: &str, address: &str, phone_number: &str) {
    let depends = rest
        .get(&format!("Addresses/{address}/DependentPhoneNumbers.json"))
        .await;
    assert_eq!(
        depends["dependent_phone_numbers"][0]["phone_number"],
        phone_number
    );
    let (address, number) = (
        format!("Addresses/{address}.json"),
        format!("IncomingPhoneNumbers/{number}.json"),
    );
    assert_eq!(rest.delete(&address).await, 400);
    assert_eq!(rest.delete(&number).await, 204);
    assert_eq!(rest.delete(&address).await, 204);
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

    finished(rest, &bundle, address).await;
    bundle
}

/// Adds the documents that are missing and hands the bundle in.
async fn finished(rest: &Rest, bundle: &str, address: &str) {
    let items = format!("/Bundles/{bundle}/ItemAssignments");
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
