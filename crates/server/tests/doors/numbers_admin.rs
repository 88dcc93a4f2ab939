//! Numbers per agent, the admins' part: searching, buying and assigning as its admin page does it.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::calls::carrier::{Asked, Carrier, refusal};
use crate::support::{Answer, Client, TestApp, stories};

const LONDON: &str = "+442079460018";

async fn get(t: &TestApp, client: &Client, path: &str) -> Answer {
    let path = format!("/api/admin/twilio/{path}");
    let asks = client.raw(Method::GET, &path, String::new());
    t.while_time_passes(asks).await
}

async fn post(t: &TestApp, client: &Client, path: &str, body: Value) -> Answer {
    let path = format!("/api/admin/twilio/{path}");
    let asks = client.raw(Method::POST, &path, body.to_string());
    t.while_time_passes(asks).await
}

/// An account that has two numbers, and a country that sells one kind without papers.
fn sells(asked: &Asked) -> Option<Value> {
    let can = json!({ "voice": true, "SMS": false, "MMS": false });
    let owned = |sid: &str, number: &str| json!({ "sid": sid, "phone_number": number, "friendly_name": number, "capabilities": can });
    let path = asked.path.as_str();
    let answer = if path.ends_with("/AvailablePhoneNumbers/GB.json") {
        json!({ "country_code": "GB", "country": "United Kingdom", "subresource_uris": { "local": "/Local.json" } })
    } else if path.ends_with("/GB/Local.json") {
        json!({ "available_phone_numbers": [{ "phone_number": LONDON, "friendly_name": LONDON, "locality": "London", "region": "London",
            "iso_country": "GB", "address_requirements": "none", "capabilities": can }] })
    } else if path.ends_with("/IncomingPhoneNumbers.json") && asked.method == Method::GET {
        json!({ "incoming_phone_numbers": [owned("PN1", "+14155550100"), owned("PN2", LONDON), owned("PN3", "+14155550200")] })
    } else if path.ends_with("/IncomingPhoneNumbers/PN2.json") {
        owned("PN2", LONDON)
    } else if path.ends_with("/IncomingPhoneNumbers/PN3.json") {
        owned("PN3", "+14155550200")
    } else if path.ends_with("/OutgoingCallerIds.json") {
        json!({ "outgoing_caller_ids": [] })
    } else if path.ends_with("/PhoneNumbers/Countries/GB") {
        json!({ "country": "United Kingdom", "iso_country": "GB", "price_unit": "USD", "phone_number_prices": [] })
    } else if path.contains("RegulatoryCompliance") || path.contains("Addresses") {
        json!({ "results": [], "addresses": [], "meta": { "key": "results" } })
    } else {
        return None;
    };
    Some(answer)
}

async fn seller(t: &TestApp) -> Carrier {
    let carrier = Carrier::of(t).await;
    carrier.answers(|asked, _| sells(asked).map(|body| Json(body).into_response()));
    carrier
}

/// What a number of the list says of itself.
async fn listed(t: &TestApp, client: &Client, number: &str) -> Value {
    let list = get(t, client, "purchased-numbers").await.ok(200);
    let numbers = list["numbers"].as_array().unwrap();
    assert_eq!(list["total"], numbers.len());
    let found = numbers.iter().find(|n| n["phoneNumber"] == number);
    found.cloned().unwrap_or_default()
}

stories! {
    async fn an_area_is_a_pattern_in_great_britain_which_is_meant_where_no_country_is_named(t: &TestApp) {
        let carrier = seller(t).await;
        let admin = t.by(&t.ours.admin);
        let all = get(t, &admin, "available-numbers").await.ok(200);
        assert_eq!((&all["success"], &all["total"], &all["numbers"][0]["phoneNumber"]), (&json!(true), &json!(1), &json!(LONDON)));
        assert_eq!(all["numbers"][0]["capabilities"]["voice"], true);
        assert!(!carrier.asked("/GB/Local.json")[0].query.contains("Contains"));
        get(t, &admin, "available-numbers?areaCode=20").await.ok(200);
        let query = carrier.asked("/GB/Local.json")[1].query.clone();
        assert!(query.contains("Contains=%2B4420") && !query.contains("AreaCode"), "{query}");
        let refused = get(t, &admin, "available-numbers?areaCode=London").await.ok(400);
        assert_eq!((&refused["field"], &refused["success"]), (&json!("areaCode"), &json!(false)));
        get(t, &admin, "available-numbers?country=Nowhere").await.ok(400);
        carrier.answers(|_, _| Some(refusal(401, 20003)));
        assert_eq!(get(t, &admin, "available-numbers").await.ok(500)["carrier_code"], 20003);
    }

    /// T-credential-rotation: a search and a purchase after new credentials are made with them. C5.
    async fn t_credential_rotation_the_next_search_is_made_with_the_new_token(t: &TestApp) {
        let carrier = seller(t).await;
        let admin = t.by(&t.ours.admin);
        get(t, &admin, "available-numbers").await.ok(200);
        let change = json!({ "auth_token": "the new token", "twiml_app_sid": "AP00000000000000000000000000000001" });
        t.while_time_passes(admin.put("/carrier?unverified=true", change)).await.ok(200);
        get(t, &admin, "available-numbers").await.ok(200);
        let by: Vec<_> = carrier.asked("/GB/Local.json").into_iter().map(|asked| asked.authorization).collect();
        assert_eq!(by.len(), 2);
        assert_ne!(by[0], by[1], "no client of before is kept");
    }

    async fn a_purchase_names_what_is_missing_and_buys_what_is_for_sale_once(t: &TestApp) {
        let carrier = seller(t).await;
        carrier.answers(|asked, _| {
            let buys = asked.method == Method::POST && asked.path.ends_with("/IncomingPhoneNumbers.json");
            let bought = json!({ "sid": "PN9", "phone_number": LONDON, "friendly_name": "London", "capabilities": { "voice": true } });
            if buys {
                return Some((StatusCode::CREATED, Json(bought)).into_response());
            }
            sells(asked).map(|body| Json(body).into_response())
        });
        let admin = t.by(&t.ours.admin).header("idempotency-key", "buy-1");
        for body in [json!({}), json!({ "phoneNumber": " " })] {
            let refused = post(t, &admin, "purchase-number", body).await.ok(400);
            assert_eq!((&refused["field"], &refused["code"]), (&json!("phoneNumber"), &json!("missing")));
        }
        assert_eq!(post(t, &admin, "purchase-number", json!({ "phoneNumber": "12" })).await.ok(400)["field"], "phoneNumber");
        let bought = post(t, &admin, "purchase-number", json!({ "phoneNumber": LONDON })).await.ok(200);
        assert_eq!((&bought["success"], &bought["data"]["phoneNumber"], &bought["data"]["sid"]), (&json!(true), &json!(LONDON), &json!("PN9")));
        let again = post(t, &admin, "purchase-number", json!({ "phoneNumber": LONDON })).await.ok(200);
        assert_eq!(again["data"], bought["data"]);
        let asked = carrier.asked("POST").into_iter().filter(|asked| asked.path.ends_with("/IncomingPhoneNumbers.json"));
        assert_eq!(asked.count(), 1, "one click, one number");
        let taken = post(t, &t.by(&t.ours.admin), "purchase-number", json!({ "phoneNumber": LONDON })).await.ok(400);
        assert_eq!(taken["field"], "phoneNumber");
    }

    /// G6 T-number-unique: a number is one agent's and one organization's, whatever the format it is written in.
    async fn t_number_unique_a_number_is_one_agents_and_is_taken_over_when_only_the_account_has_it(t: &TestApp) {
        let _carrier = seller(t).await;
        let admin = t.by(&t.ours.admin);
        assert_eq!(listed(t, &admin, LONDON).await["assigned"], false, "the account has it, and nobody here");
        assert_eq!(listed(t, &admin, "+14155550200").await, Value::Null, "another organization's is not shown");
        let wanted = json!({ "targetUserId": t.ours.agent.id, "phoneNumber": "+44 (20) 7946 0018", "autoRecord": false, "autoTranscribe": true });
        let given = post(t, &admin, "assign-number", wanted).await.ok(200);
        let data = &given["data"];
        assert_eq!((&data["assignedPhoneNumber"], &data["callerIdNumber"]), (&json!(LONDON), &json!(LONDON)));
        assert_eq!((&data["autoRecord"], &data["autoTranscribe"]), (&json!(false), &json!(false)));
        let theirs = listed(t, &admin, LONDON).await;
        assert_eq!((&theirs["assigned"], &theirs["assignedTo"], &theirs["sid"]), (&json!(true), &json!("agent ours"), &json!("PN2")));
        let token = t.by(&t.ours.agent).raw(Method::GET, "/api/calling/token", String::new()).await.ok(200);
        assert_eq!(token["phoneNumber"], LONDON);
        // By e-mail, and with the other number: this agent's and nobody else's from now on.
        let wanted = json!({ "targetUserId": "Supervisor@ours.example", "phoneNumber": "+442079460018", "callerIdNumber": "(415) 555-0100" });
        let given = post(t, &admin, "assign-number", wanted).await.ok(200);
        assert_eq!((&given["data"]["userId"], &given["data"]["callerIdNumber"]), (&json!(t.ours.supervisor.id), &json!("+14155550100")));
        assert_eq!(listed(t, &admin, LONDON).await["assignedToId"], t.ours.supervisor.id.as_str());
        let first = json!({ "targetUserId": t.ours.supervisor.id, "phoneNumber": t.ours.number });
        post(t, &admin, "assign-number", first).await.ok(200);
        assert_eq!(listed(t, &admin, LONDON).await["assigned"], false, "an agent has one number");
        let numbers = admin.get("/numbers").await.ok(200);
        let london = numbers["items"].as_array().unwrap().iter().filter(|number| number["number"] == LONDON).count();
        assert_eq!(london, 1);
    }

    async fn what_cannot_be_assigned_is_refused_with_its_field(t: &TestApp) {
        let _carrier = seller(t).await;
        let admin = t.by(&t.ours.admin);
        let agent = &t.ours.agent.id;
        for (body, field) in [
            (json!({ "phoneNumber": LONDON }), "targetUserId"),
            (json!({ "targetUserId": agent }), "phoneNumber"),
            (json!({ "targetUserId": t.theirs.agent.id, "phoneNumber": LONDON }), "targetUserId"),
            (json!({ "targetUserId": agent, "phoneNumber": "+442079460999" }), "phoneNumber"),
            (json!({ "targetUserId": agent, "phoneNumber": "twelve" }), "phoneNumber"),
            (json!({ "targetUserId": agent, "phoneNumber": t.theirs.number }), "phoneNumber"),
            (json!({ "targetUserId": agent, "phoneNumber": t.ours.number, "callerIdNumber": "+14155550999" }), "callerIdNumber"),
        ] {
            let refused = post(t, &admin, "assign-number", body.clone()).await.ok(400);
            assert_eq!((&refused["field"], &refused["success"]), (&json!(field), &json!(false)), "{body}");
        }
        let theirs = t.by(&t.theirs.admin).get("/numbers").await.ok(200);
        assert_eq!(theirs["items"][0]["agent"], Value::Null);
    }

    async fn t_authz_matrix_these_four_are_for_admins(t: &TestApp) {
        let _carrier = seller(t).await;
        for person in [&t.ours.agent, &t.ours.supervisor] {
            let client = t.by(person);
            for path in ["available-numbers", "purchased-numbers"] {
                assert_eq!(get(t, &client, path).await.ok(403)["code"], "forbidden", "{path}");
            }
            for path in ["purchase-number", "assign-number"] {
                let body = json!({ "phoneNumber": LONDON, "targetUserId": person.id });
                assert_eq!(post(t, &client, path, body).await.ok(403)["code"], "forbidden", "{path}");
            }
        }
        get(t, &t.by(&t.ours.owner), "purchased-numbers").await.ok(200);
    }
}
