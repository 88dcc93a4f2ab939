//! Every route that the sandbox serves, asked once; every answer is held against the facts of Twilio's own description.

use crate::facts::FACTS;
use crate::support::{AC, NUMBER, Rest, TOKEN, sid};
use serde_json::json;

const PHONE: &str = "+14155550130";
const COLLEAGUE: &str = "+14155550131";
const LONG: &str = "<Response><Pause length=\"60\"/></Response>";

#[tokio::test]
async fn every_route_answers_as_twilio_describes_it() {
    let rest = Rest::start().await;
    accounts_and_keys(&rest).await;
    papers(&rest).await;
    users_and_documents(&rest).await;
    bundles(&rest).await;
    numbers(&rest).await;
    prices_and_regions(&rest).await;
    look_ups(&rest).await;
    calls(&rest).await;
    transcripts(&rest).await;
    beside(&rest).await;
    messages(&rest).await;
    crate::texts::every_route(&rest).await;
    queues(&rest).await;
    rooms(&rest).await;
    strangers(&rest).await;
    tokens(&rest).await;
    assert_eq!(rest.unseen(), Vec::<String>::new(), "these were not asked");
    rest.end().await;
}

/// A list, one of it, a change and its deletion.
async fn whole(rest: &Rest, list: &str, made: &str, change: &[(&str, &str)]) {
    rest.get(&format!("{list}.json")).await;
    let one = format!("{list}/{made}.json");
    rest.get(&one).await;
    if !change.is_empty() {
        rest.post(&one, change).await;
    }
    assert_eq!(rest.delete(&one).await, 204, "{one}");
    assert_eq!(
        rest.product("GET", &format!("/2010-04-01/Accounts/{AC}/{one}"), &[])
            .await
            .0,
        404
    );
}

async fn accounts_and_keys(rest: &Rest) {
    let (_, below) = rest
        .product(
            "POST",
            "/2010-04-01/Accounts.json",
            &[("FriendlyName", "below".into())],
        )
        .await;
    let own = format!("/2010-04-01/Accounts/{}.json", sid(&below));
    rest.product("GET", "/2010-04-01/Accounts.json", &[]).await;
    rest.product("GET", &own, &[]).await;
    rest.product("POST", &own, &[("Status", "closed".into())])
        .await;
    rest.get("Balance.json").await;
    let key = sid(&rest.post("Keys.json", &[("FriendlyName", "key")]).await);
    whole(rest, "Keys", &key, &[("FriendlyName", "other")]).await;

    let keys = "/iam.twilio.com/v1/Keys";
    let policy = json!({ "allow": ["/twilio/voice/calls/list"] }).to_string();
    let form = [
        ("AccountSid", AC.to_owned()),
        ("KeyType", "restricted".into()),
        ("Policy", policy),
    ];
    let made = rest.product("POST", keys, &form).await.1;
    rest.product("GET", &format!("{keys}?AccountSid={AC}"), &[])
        .await;
    let own = format!("{keys}/{}", sid(&made));
    rest.product("GET", &own, &[]).await;
    rest.product("POST", &own, &[("FriendlyName", "other".into())])
        .await;
    assert_eq!(rest.product("DELETE", &own, &[]).await.0, 204);
}

async fn papers(rest: &Rest) {
    let address = sid(&rest.post("Addresses.json", &ADDRESS).await);
    rest.get(&format!("Addresses/{address}/DependentPhoneNumbers.json"))
        .await;
    whole(rest, "Addresses", &address, &[("Street", "2 Wharf Road")]).await;
    let app = sid(&rest
        .post(
            "Applications.json",
            &[
                ("FriendlyName", "app"),
                ("VoiceUrl", "https://e.com/v"),
                ("SmsUrl", "https://e.com/s"),
            ],
        )
        .await);
    whole(
        rest,
        "Applications",
        &app,
        &[("MessageStatusCallback", "https://e.com/m")],
    )
    .await;

    let phone = "%2B14155550177";
    rest.control(
        "PUT",
        &format!("/sandbox/v1/phones/{phone}/behaviour"),
        json!({ "kind": "human" }),
    )
    .await;
    let asked = rest
        .post("OutgoingCallerIds.json", &[("PhoneNumber", "+14155550177")])
        .await;
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
        json!({ "digits": asked["validation_code"] }),
    )
    .await;
    rest.until("the number is verified", async || {
        rest.get("OutgoingCallerIds.json").await["outgoing_caller_ids"] != json!([])
    })
    .await;
    let id = sid(&rest.get("OutgoingCallerIds.json").await["outgoing_caller_ids"][0]);
    whole(rest, "OutgoingCallerIds", &id, &[("FriendlyName", "mine")]).await;
}

const ADDRESS: [(&str, &str); 6] = [
    ("CustomerName", "Harbor Bikes"),
    ("Street", "1 Wharf Road"),
    ("City", "London"),
    ("Region", "London"),
    ("PostalCode", "N1 7GR"),
    ("IsoCountry", "GB"),
];

const PAPERS: &str = "/numbers.twilio.com/v2/RegulatoryCompliance";

async fn users_and_documents(rest: &Rest) {
    let root = PAPERS;
    for (list, form) in [
        (
            "EndUsers",
            vec![
                ("FriendlyName", "us".to_owned()),
                ("Type", "business".into()),
                ("Attributes", "{}".into()),
            ],
        ),
        (
            "SupportingDocuments",
            vec![
                ("FriendlyName", "pass".to_owned()),
                ("Type", "passport".into()),
            ],
        ),
    ] {
        let made = rest
            .product("POST", &format!("{root}/{list}"), &form)
            .await
            .1;
        let own = format!("{root}/{list}/{}", sid(&made));
        rest.product("GET", &format!("{root}/{list}"), &[]).await;
        rest.product("GET", &own, &[]).await;
        rest.product("POST", &own, &[("FriendlyName", "other".into())])
            .await;
        assert_eq!(rest.product("DELETE", &own, &[]).await.0, 204);
    }
}

async fn bundles(rest: &Rest) {
    let root = PAPERS;
    for (list, key) in [
        ("Regulations", "results"),
        ("EndUserTypes", "end_user_types"),
        ("SupportingDocumentTypes", "supporting_document_types"),
    ] {
        let all = rest.product("GET", &format!("{root}/{list}"), &[]).await.1;
        rest.product("GET", &format!("{root}/{list}/{}", sid(&all[key][0])), &[])
            .await;
    }
    let form = [
        ("FriendlyName", "b".to_owned()),
        ("Email", "a@e.com".into()),
        ("IsoCountry", "GB".into()),
        ("NumberType", "local".into()),
    ];
    let bundle = sid(&rest
        .product("POST", &format!("{root}/Bundles"), &form)
        .await
        .1);
    let own = format!("{root}/Bundles/{bundle}");
    rest.product("GET", &format!("{root}/Bundles?Status=draft"), &[])
        .await;
    rest.product("GET", &own, &[]).await;
    rest.product("POST", &own, &[("FriendlyName", "other".into())])
        .await;
    let user = [
        ("FriendlyName", "us".to_owned()),
        ("Type", "individual".into()),
    ];
    let user = sid(&rest
        .product("POST", &format!("{root}/EndUsers"), &user)
        .await
        .1);
    let item = rest
        .product(
            "POST",
            &format!("{own}/ItemAssignments"),
            &[("ObjectSid", user)],
        )
        .await
        .1;
    rest.product("GET", &format!("{own}/ItemAssignments"), &[])
        .await;
    rest.product("GET", &format!("{own}/ItemAssignments/{}", sid(&item)), &[])
        .await;
    let one = rest
        .product("POST", &format!("{own}/Evaluations"), &[])
        .await
        .1;
    rest.product("GET", &format!("{own}/Evaluations"), &[])
        .await;
    rest.product("GET", &format!("{own}/Evaluations/{}", sid(&one)), &[])
        .await;
    rest.product(
        "POST",
        &format!("{own}/Copies"),
        &[("FriendlyName", "copy".into())],
    )
    .await;
    rest.product("GET", &format!("{own}/Copies"), &[]).await;
    assert_eq!(
        rest.product(
            "DELETE",
            &format!("{own}/ItemAssignments/{}", sid(&item)),
            &[]
        )
        .await
        .0,
        204
    );
    assert_eq!(rest.product("DELETE", &own, &[]).await.0, 204);
}

async fn numbers(rest: &Rest) {
    rest.get("AvailablePhoneNumbers.json").await;
    rest.get("AvailablePhoneNumbers/GB.json").await;
    for kind in ["Local", "Mobile", "National", "TollFree"] {
        rest.get(&format!("AvailablePhoneNumbers/GB/{kind}.json?PageSize=2"))
            .await;
    }
    for kind in ["Local", "Mobile", "TollFree"] {
        rest.get(&format!("IncomingPhoneNumbers/{kind}.json")).await;
    }
    rest.post(
        "IncomingPhoneNumbers/Local.json",
        &[("PhoneNumber", "+12065550101")],
    )
    .await;
    rest.post(
        "IncomingPhoneNumbers/TollFree.json",
        &[("PhoneNumber", "+18005550101")],
    )
    .await;
    let address = sid(&rest.post("Addresses.json", &ADDRESS).await);
    let root = "/numbers.twilio.com/v2/RegulatoryCompliance/Bundles";
    let form = [
        ("FriendlyName", "b".to_owned()),
        ("Email", "a@e.com".into()),
        ("IsoCountry", "GB".into()),
        ("NumberType", "mobile".into()),
    ];
    let bundle = sid(&rest.product("POST", root, &form).await.1);
    rest.control(
        "PUT",
        &format!("/sandbox/v1/bundles/{bundle}"),
        json!({ "status": "twilio-approved" }),
    )
    .await;
    rest.post(
        "IncomingPhoneNumbers/Mobile.json",
        &[
            ("PhoneNumber", "+447700900123"),
            ("BundleSid", &bundle),
            ("AddressSid", &address),
        ],
    )
    .await;
    let bought = sid(&rest
        .post("IncomingPhoneNumbers.json", &[("AreaCode", "415")])
        .await);
    whole(
        rest,
        "IncomingPhoneNumbers",
        &bought,
        &[("VoiceUrl", "https://e.com/v"), ("FriendlyName", "first")],
    )
    .await;
}

async fn prices_and_regions(rest: &Rest) {
    for list in ["v1/PhoneNumbers", "v1/Messaging", "v1/Voice", "v2/Voice"] {
        let root = format!("/pricing.twilio.com/{list}/Countries");
        rest.product("GET", &root, &[]).await;
        rest.product("GET", &format!("{root}/GB"), &[]).await;
    }
    rest.product(
        "GET",
        "/pricing.twilio.com/v1/Voice/Numbers/+442079460000",
        &[],
    )
    .await;
    rest.product(
        "GET",
        &format!("/pricing.twilio.com/v2/Voice/Numbers/{NUMBER}?OriginationNumber=%2B442079460000"),
        &[],
    )
    .await;
    let route = format!("/routes.twilio.com/v2/PhoneNumbers/{NUMBER}");
    assert_eq!(
        rest.product("GET", &route, &[]).await.0,
        404,
        "nobody chose a region"
    );
    rest.product("POST", &route, &[("VoiceRegion", "ie1".into())])
        .await;
    assert_eq!(
        rest.product("GET", &route, &[]).await.1["voice_region"],
        "ie1"
    );
}

async fn look_ups(rest: &Rest) {
    let fields = "line_type_intelligence,caller_name,sim_swap";
    let known = rest
        .product(
            "GET",
            &format!("/lookups.twilio.com/v2/PhoneNumbers/{NUMBER}?Fields={fields}"),
            &[],
        )
        .await
        .1;
    assert_eq!(
        (&known["valid"], &known["national_format"]),
        (&json!(true), &json!("(415) 555-0199"))
    );
    assert_eq!(known["sim_swap"]["error_code"], 60606);
    let short = rest
        .product(
            "GET",
            "/lookups.twilio.com/v2/PhoneNumbers/555?CountryCode=US",
            &[],
        )
        .await
        .1;
    assert_eq!(
        (&short["valid"], &short["validation_errors"]),
        (&json!(false), &json!(["TOO_SHORT"]))
    );

    let root = "/voice.twilio.com/v1/DialingPermissions";
    rest.product("GET", &format!("{root}/Countries?Continent=EUROPE"), &[])
        .await;
    rest.product(
        "GET",
        &format!("{root}/Countries/DE/HighRiskSpecialPrefixes"),
        &[],
    )
    .await;
    let off = json!([{ "iso_code": "DE", "low_risk_numbers_enabled": "false" }]).to_string();
    rest.product(
        "POST",
        &format!("{root}/BulkCountryUpdates"),
        &[("UpdateRequest", off)],
    )
    .await;
    assert_eq!(
        rest.product("GET", &format!("{root}/Countries/DE"), &[])
            .await
            .1["low_risk_numbers_enabled"],
        false
    );
    let call = [("To", "+493023125000"), ("From", NUMBER), ("Twiml", LONG)];
    assert_eq!(rest.refused("Calls.json", &call).await, (400, 21215));

    rest.post("Tokens.json", &[("Ttl", "60")]).await;
    for span in [
        "",
        "/AllTime",
        "/Daily",
        "/LastMonth",
        "/Monthly",
        "/ThisMonth",
        "/Today",
        "/Yearly",
        "/Yesterday",
    ] {
        rest.get(&format!("Usage/Records{span}.json")).await;
    }
}

/// A device of the Voice SDK in a call that lasts; the messages of both sides.
async fn messages(rest: &Rest) {
    let voice = rest
        .app("<Response><Say>Hello</Say><Pause length=\"60\"/></Response>")
        .await;
    let app = sid(&rest
        .post("Applications.json", &[("VoiceUrl", voice.as_str())])
        .await);
    rest.sandbox.silent_device(AC, "anna", &app, Vec::new());
    let from = "Calls.json?From=client:anna";
    rest.until("the device's call", async || {
        rest.get(from).await["calls"] != json!([])
    })
    .await;
    let call = sid(&rest.get(from).await["calls"][0]);
    rest.post(
        &format!("Calls/{call}/UserDefinedMessages.json"),
        &[("Content", r#"{"a":1}"#)],
    )
    .await;
    let all = format!("Calls/{call}/UserDefinedMessageSubscriptions");
    let made = rest
        .post(
            &format!("{all}.json"),
            &[("Callback", voice.as_str()), ("Method", "POST")],
        )
        .await;
    assert_eq!(
        rest.delete(&format!("{all}/{}.json", sid(&made))).await,
        204
    );
    rest.post(&format!("Calls/{call}.json"), &[("Status", "completed")])
        .await;
}

async fn status(rest: &Rest, call: &str) -> String {
    let body = rest.get(&format!("Calls/{call}.json")).await;
    body["status"].as_str().expect("a status").to_owned()
}

async fn reaches(rest: &Rest, call: &str, wanted: &str) {
    rest.until("the status", async || status(rest, call).await == wanted)
        .await;
}

/// A message left by a persona, written down in two ways.
async fn transcripts(rest: &Rest) {
    let record =
        "<Response><Record transcribe=\"true\" maxLength=\"3\" playBeep=\"false\"/></Response>";
    rest.post(
        "Calls.json",
        &[("To", PHONE), ("From", NUMBER), ("Twiml", record)],
    )
    .await;
    let all = "Transcriptions";
    rest.until("the text", async || {
        let list = rest.get(&format!("{all}.json")).await;
        list["transcriptions"][0]["status"] == "completed"
    })
    .await;
    let made = rest.get(&format!("{all}.json")).await["transcriptions"][0].clone();
    let recording = made["recording_sid"].as_str().expect("its recording");
    let below = format!("Recordings/{recording}/{all}");
    rest.get(&format!("{below}.json")).await;
    let one = format!("{}.json", sid(&made));
    assert_eq!(rest.get(&format!("{all}/{one}")).await["duration"], "3");
    rest.get(&format!("{below}/{one}")).await;
    assert_eq!(rest.delete(&format!("{below}/{one}")).await, 204);
    rest.post(
        "Calls.json",
        &[("To", PHONE), ("From", NUMBER), ("Twiml", record)],
    )
    .await;
    rest.until("the next", async || {
        rest.get(&format!("{all}.json")).await["transcriptions"] != json!([])
    })
    .await;
    let next = rest.get(&format!("{all}.json")).await["transcriptions"][0].clone();
    assert_eq!(
        rest.delete(&format!("{all}/{}.json", sid(&next))).await,
        204
    );
}

/// A stream and a transcription beside a call.
async fn beside(rest: &Rest) {
    let call = sid(&rest
        .post(
            "Calls.json",
            &[("To", PHONE), ("From", NUMBER), ("Twiml", LONG)],
        )
        .await);
    reaches(rest, &call, "in-progress").await;
    for (list, form) in [
        ("Streams", ("Url", "ws://127.0.0.1:9/")),
        ("Transcriptions", ("Name", "words")),
    ] {
        let list = format!("Calls/{call}/{list}");
        let made = sid(&rest.post(&format!("{list}.json"), &[form]).await);
        let one = format!("{list}/{made}.json");
        let over = rest.post(&one, &[("Status", "stopped")]).await;
        assert_eq!(over["status"], "stopped");
    }
    rest.post(&format!("Calls/{call}.json"), &[("Status", "completed")])
        .await;
}

async fn calls(rest: &Rest) {
    let failing = [
        ("To", PHONE),
        ("From", NUMBER),
        ("Url", "http://127.0.0.1:9/voice"),
    ];
    let failing = sid(&rest.post("Calls.json", &failing).await);
    let call = sid(&rest
        .post(
            "Calls.json",
            &[("To", PHONE), ("From", NUMBER), ("Twiml", LONG)],
        )
        .await);
    rest.get("Calls.json").await;
    reaches(rest, &call, "in-progress").await;
    let recordings = format!("Calls/{call}/Recordings");
    let recording = sid(&rest.post::<&str>(&format!("{recordings}.json"), &[]).await);
    rest.get(&format!("{recordings}.json")).await;
    rest.get(&format!("{recordings}/{recording}.json")).await;
    rest.post(
        &format!("{recordings}/{recording}.json"),
        &[("Status", "stopped")],
    )
    .await;
    rest.until("the first recording", async || {
        rest.get(&format!("Recordings/{recording}.json")).await["status"] != "processing"
    })
    .await;
    rest.get("Recordings.json").await;
    assert_eq!(
        rest.delete(&format!("{recordings}/{recording}.json")).await,
        204
    );
    let second = sid(&rest.post::<&str>(&format!("{recordings}.json"), &[]).await);
    rest.post(&format!("Calls/{call}.json"), &[("Status", "completed")])
        .await;
    rest.until("the second recording", async || {
        rest.get(&format!("Recordings/{second}.json")).await["status"] != "processing"
    })
    .await;
    assert_eq!(rest.delete(&format!("Recordings/{second}.json")).await, 204);
    let ever = rest.get("Recordings.json?IncludeSoftDeleted=true").await;
    assert_eq!(ever["recordings"][0]["status"], "deleted");

    rest.until("the call's events", async || {
        rest.get(&format!("Calls/{failing}/Events.json")).await["events"] != json!([])
    })
    .await;
    rest.until("the call's notifications", async || {
        rest.get(&format!("Calls/{failing}/Notifications.json"))
            .await["notifications"]
            != json!([])
    })
    .await;
    let note = sid(&rest.get("Notifications.json").await["notifications"][0]);
    rest.get(&format!("Notifications/{note}.json")).await;
    rest.get(&format!("Calls/{failing}/Notifications/{note}.json"))
        .await;
    let alerts = "/monitor.twilio.com/v1/Alerts";
    let alert = rest.product("GET", alerts, &[]).await.1["alerts"][0].clone();
    assert_eq!(
        (&alert["error_code"], &alert["resource_sid"]),
        (&json!("11205"), &json!(failing))
    );
    let alert = rest
        .product("GET", &format!("{alerts}/{}", sid(&alert)), &[])
        .await
        .1;
    assert!(
        alert["request_variables"]
            .as_str()
            .is_some_and(|text| text.contains(&failing)),
        "{alert}"
    );
    reaches(rest, &failing, "completed").await;
    assert_eq!(rest.delete(&format!("Calls/{failing}.json")).await, 204);
}

async fn queues(rest: &Rest) {
    let queue = sid(&rest.post("Queues.json", &[("FriendlyName", "line")]).await);
    let waits = "<Response><Enqueue>line</Enqueue></Response>";
    let call = sid(&rest
        .post(
            "Calls.json",
            &[("To", PHONE), ("From", NUMBER), ("Twiml", waits)],
        )
        .await);
    let members = format!("Queues/{queue}/Members");
    rest.until("the queue's member", async || {
        rest.get(&format!("{members}.json")).await["queue_members"] != json!([])
    })
    .await;
    rest.get(&format!("{members}/Front.json")).await;
    let out = [("Url", "http://127.0.0.1:9/voice")];
    assert_eq!(
        rest.post(&format!("{members}/{call}.json"), &out).await["call_sid"],
        call.as_str()
    );
    whole(rest, "Queues", &queue, &[("MaxSize", "7")]).await;
}

async fn rooms(rest: &Rest) {
    let into = |who: &'static str| {
        [
            ("To", who),
            ("From", NUMBER),
            ("Label", who),
            ("StartConferenceOnEnter", "true"),
            ("ConferenceRecord", "record-from-start"),
        ]
    };
    let people = |room: &str| format!("Conferences/{room}/Participants");
    let first = rest
        .post(&format!("{}.json", people("room_1")), &into(PHONE))
        .await;
    rest.post(&format!("{}.json", people("room_1")), &into(COLLEAGUE))
        .await;
    let room = first["conference_sid"].as_str().expect("a SID").to_owned();
    rest.until("the conference's start", async || {
        rest.get(&format!("Conferences/{room}.json")).await["status"] == "in-progress"
    })
    .await;
    rest.get("Conferences.json").await;
    rest.get(&format!("{}.json", people(&room))).await;
    let call = first["call_sid"].as_str().expect("a SID");
    rest.get(&format!("{}/{call}.json", people(&room))).await;
    rest.post(
        &format!("{}/{call}.json", people(&room)),
        &[("Muted", "true")],
    )
    .await;

    let recordings = format!("Conferences/{room}/Recordings");
    rest.until("the conference's recording", async || {
        rest.get(&format!("{recordings}.json")).await["recordings"] != json!([])
    })
    .await;
    let recording = sid(&rest.get(&format!("{recordings}.json")).await["recordings"][0]);
    rest.get(&format!("{recordings}/{recording}.json")).await;
    let paused = rest
        .post(
            &format!("{recordings}/{recording}.json"),
            &[("Status", "paused")],
        )
        .await;
    assert_eq!(paused["status"], "paused");
    assert_eq!(
        rest.refused(
            &format!("{recordings}/{recording}.json"),
            &[("Status", "stopped")]
        )
        .await
        .0,
        400
    );
    rest.post(
        &format!("{recordings}/{recording}.json"),
        &[("Status", "in-progress")],
    )
    .await;
    assert_eq!(
        rest.delete(&format!("{}/{call}.json", people(&room))).await,
        204
    );
    rest.post(
        &format!("Conferences/{room}.json"),
        &[("Status", "completed")],
    )
    .await;
    rest.until("the recording's end", async || {
        rest.get(&format!("{recordings}/{recording}.json")).await["status"] != "processing"
    })
    .await;
    assert_eq!(
        rest.delete(&format!("{recordings}/{recording}.json")).await,
        204
    );
}

async fn tokens(rest: &Rest) {
    let root = "/accounts.twilio.com/v1/AuthTokens";
    rest.product("POST", &format!("{root}/Secondary"), &[])
        .await;
    assert_eq!(
        rest.product("DELETE", &format!("{root}/Secondary"), &[])
            .await
            .0,
        204
    );
    let made = rest
        .product("POST", &format!("{root}/Secondary"), &[])
        .await
        .1;
    let second = made["secondary_auth_token"].as_str().expect("a token");
    assert_eq!(
        rest.product("POST", &format!("{root}/Promote"), &[])
            .await
            .0,
        200
    );
    assert_eq!(
        rest.with(
            AC,
            TOKEN,
            "GET",
            &format!("/2010-04-01/Accounts/{AC}.json"),
            &[]
        )
        .await
        .0,
        401
    );
    assert_eq!(
        rest.with(
            AC,
            second,
            "GET",
            &format!("/2010-04-01/Accounts/{AC}.json"),
            &[]
        )
        .await
        .0,
        200
    );
}

#[tokio::test]
async fn what_twilio_demands_is_demanded() {
    let rest = Rest::start().await;
    for route in FACTS
        .routes
        .iter()
        .filter(|route| route.method == "POST" && !route.need.is_empty())
    {
        let path = route.path.replace("{AccountSid}", AC);
        // Below a resource that is not there, that comes first.
        if path.contains('{') {
            continue;
        }
        let (status, body) = rest.product("POST", &path, &[]).await;
        assert_eq!(status, 400, "{path} without {:?}: {body}", route.need);
    }
    rest.end().await;
}

/// Another account, at every place that was looked at, under the owner's name and under its own: nothing of the owner's shows.
async fn strangers(rest: &Rest) {
    let other = rest
        .product(
            "POST",
            "/2010-04-01/Accounts.json",
            &[("FriendlyName", "other".into())],
        )
        .await
        .1;
    let token = other["auth_token"].as_str().expect("a token");
    let stranger = sid(&other);
    for path in rest.looked() {
        if path.contains(AC) {
            assert_eq!(
                rest.with(&stranger, token, "GET", &path, &[]).await.0,
                401,
                "{path}"
            );
        }
        let own = path.replace(AC, &stranger);
        let (status, body) = rest.with(&stranger, token, "GET", &own, &[]).await;
        // An account's parent is no secret.
        let is_account = own == format!("/2010-04-01/Accounts/{stranger}.json")
            || own == "/2010-04-01/Accounts.json";
        assert!(
            is_account || !body.to_string().contains(AC),
            "{own}: {status} {body}"
        );
    }
}

#[tokio::test]
async fn whatever_is_sent_is_answered() {
    let rest = Rest::start().await;
    let long = "x".repeat(70_000);
    let odd = [
        "",
        "\u{2603}\u{2603}",
        "-1",
        "99999999999999999999",
        "{\"a\":[{}]}",
        "[1,null]",
        "+",
        "client:",
        "2026-02-30",
        &long,
    ];
    for route in &FACTS.routes {
        for value in odd {
            let short: String = value.chars().take(40).collect();
            let name: String = url::form_urlencoded::byte_serialize(short.as_bytes()).collect();
            let name = if name.is_empty() { "x" } else { &name };
            let path = route.path.split('/').map(|piece| match piece {
                "{AccountSid}" => AC.to_owned(),
                piece if piece.starts_with('{') => {
                    piece.replacen(piece.trim_end_matches(".json"), name, 1)
                }
                piece => piece.to_owned(),
            });
            let path = path.collect::<Vec<_>>().join("/");
            let form: Vec<(&str, String)> = route
                .need
                .iter()
                .chain(&route.take)
                .map(|name| (name.as_str(), value.to_owned()))
                .collect();
            let path = match route.method.as_str() {
                "GET" if !form.is_empty() => {
                    let query = form
                        .iter()
                        .map(|(name, value)| (*name, value.chars().take(500).collect::<String>()));
                    format!(
                        "{path}?{}",
                        url::form_urlencoded::Serializer::new(String::new())
                            .extend_pairs(query)
                            .finish()
                    )
                }
                _ => path,
            };
            // The account's own secrets stay.
            if path.contains("AuthTokens") {
                continue;
            }
            let (status, body) = rest.product(&route.method, &path, &form).await;
            assert!(
                status < 500,
                "{} {path} with {short}: {status} {body}",
                route.method
            );
        }
    }
    rest.end().await;
}
