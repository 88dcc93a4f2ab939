//! Buying: the price and the papers first, once for each key, and nothing that is paid for and not ours, or ours and not paid for.

use serde_json::{Value, json};

use super::{LONDON, OAKLAND, bought, list, number, sells};
use crate::calls::carrier::{Carrier, later, quiet, refusal};
use crate::support::{TestApp, stories};

/// What the owner's request to buy is answered.
async fn buy(t: &TestApp, key: &str, body: Value) -> crate::support::Answer {
    let client = t.by(&t.ours.admin).header("idempotency-key", key);
    t.while_time_passes(client.post("/numbers/purchase", body))
        .await
}

async fn orders(t: &TestApp) -> Value {
    t.by(&t.ours.admin).get("/numbers/orders").await.ok(200)["items"].clone()
}

stories! {
    async fn a_number_is_found_with_its_price_and_bought_once_for_each_key(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| sells(asked, "twilio-approved"));
        let admin = t.by(&t.ours.admin);
        let found = admin.get("/numbers/available?country=us&area_code=510").await.ok(200);
        assert_eq!(found["items"][0]["number"], OAKLAND);
        assert_eq!(found["items"][0]["national"], "(510) 555-0188");
        assert_eq!(found["items"][0]["monthly"], json!({ "amount": "1.15", "currency": "USD" }));
        assert_eq!(found["papers"]["sentence"], "No papers are needed for these numbers.");
        let asked = carrier.asked("/US/Local.json");
        assert!(asked[0].query.contains("AreaCode=510") && asked[0].query.contains("VoiceEnabled=true"), "{}", asked[0].query);

        let wanted = json!({ "number": OAKLAND, "country": "US", "type": "local", "label": "Oakland" });
        let first = buy(t, "click", wanted.clone()).await.ok(201);
        let again = buy(t, "click", wanted.clone()).await.ok(201);
        assert_eq!(first["id"], again["id"]);
        assert_eq!(bought(&carrier), 1, "one click never buys twice");
        let twice = buy(t, "another click", wanted).await.ok(409);
        assert_eq!(twice["code"], "number_exists");
        let request = &carrier.asked("POST").into_iter().find(|asked| asked.path.ends_with("/IncomingPhoneNumbers.json")).unwrap();
        assert_eq!(request.field("FriendlyName"), "Oakland");
        assert!(request.field("VoiceUrl").starts_with("https://calls.example.com/webhooks/twilio/voice#"));
        assert!(!request.field("VoiceFallbackUrl").is_empty() && !request.field("StatusCallback").is_empty());
        assert_eq!(first["monthly"]["amount"], "1.15");
        assert_eq!(first["emergency_status"], "unregistered");
        assert!(first["way"]["sentence"].as_str().unwrap().starts_with("Calls wait in "), "{first}");
        assert_eq!(orders(t).await[0]["state"], "done");
    }

    async fn an_area_abroad_is_a_pattern_and_its_papers_are_chosen(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| sells(asked, "twilio-approved"));
        let found = t.by(&t.ours.admin).get("/numbers/available?country=GB&area_code=020").await.ok(200);
        let asked = &carrier.asked("/GB/Local.json")[0];
        assert!(asked.query.contains("Contains=%2B4420%25") && !asked.query.contains("AreaCode"), "{}", asked.query);
        assert_eq!(found["papers"]["ready"], true);
        assert_eq!(found["papers"]["bundles"][0]["fits"], true);
        buy(t, "click", json!({ "number": LONDON })).await.ok(201);
        let request = &carrier.asked("POST").into_iter().find(|asked| asked.path.ends_with("/IncomingPhoneNumbers.json")).unwrap();
        assert_eq!((request.field("BundleSid"), request.field("AddressSid")), ("BU1", "AD1"));
    }

    async fn a_purchase_that_must_fail_is_not_begun(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| sells(asked, "twilio-rejected"));
        let found = t.by(&t.ours.admin).get("/numbers/available?country=GB").await.ok(200);
        assert_eq!(found["papers"]["ready"], false);
        assert_eq!(found["papers"]["bundles"][0]["why_not"], "it is rejected");
        assert!(found["papers"]["link"].as_str().unwrap().contains("regulatory-compliance"));
        let refused = buy(t, "click", json!({ "number": LONDON, "country": "GB" })).await.ok(422);
        assert_eq!((&refused["code"], &refused["field"]), (&json!("papers_needed"), &json!("bundle_sid")));
        assert!(refused["detail"].as_str().unwrap().contains("rejected"), "{refused}");
        let gone = buy(t, "other", json!({ "number": "+15105550177", "country": "US" })).await.ok(409);
        assert_eq!(gone["code"], "number_gone");
        assert_eq!(bought(&carrier), 0);
        assert_eq!(orders(t).await, json!([]));
    }

    async fn a_number_that_was_just_sold_is_said_to_be_gone_and_is_not_claimed(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            let buys = asked.method == "POST" && asked.path.ends_with("/IncomingPhoneNumbers.json");
            let lists = asked.method == "GET" && asked.path.ends_with("/IncomingPhoneNumbers.json");
            if buys {
                return Some(refusal(400, 21422));
            }
            if lists { list(&json!([])) } else { sells(asked, "") }
        });
        let refused = buy(t, "click", json!({ "number": OAKLAND })).await.ok(409);
        assert_eq!(refused["code"], "number_gone");
        assert_eq!(orders(t).await[0]["state"], "failed");
        let again = buy(t, "click", json!({ "number": OAKLAND })).await.ok(409);
        assert_eq!((again["code"].clone(), bought(&carrier)), (json!("number_gone"), 1));
        // Nobody has it now: the other organization may add it.
        t.by(&t.theirs.admin).post("/numbers", json!({ "number": OAKLAND })).await.ok(201);
    }

    async fn an_answer_that_never_came_is_settled_by_looking(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            let buys = asked.method == "POST" && asked.path.ends_with("/IncomingPhoneNumbers.json");
            let lists = asked.method == "GET" && asked.path.ends_with("/IncomingPhoneNumbers.json");
            if buys {
                return Some(refusal(503, 20503));
            }
            if lists { list(&json!([number(OAKLAND)])) } else { sells(asked, "") }
        });
        let pending = buy(t, "click", json!({ "number": OAKLAND })).await.ok(202);
        assert_eq!(pending["order"]["state"], "unknown");
        later(t, 40).await;
        assert_eq!(orders(t).await[0]["state"], "done");
        let ours = t.by(&t.ours.admin).get("/numbers").await.ok(200);
        assert!(ours["items"].as_array().unwrap().iter().any(|n| n["number"] == OAKLAND && n["sid"] == number(OAKLAND)["sid"]));
        assert_eq!(bought(&carrier), 1, "it is looked, never bought again");
    }

    async fn an_answer_that_never_came_to_a_request_that_never_arrived_is_no_number(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            let buys = asked.method == "POST" && asked.path.ends_with("/IncomingPhoneNumbers.json");
            let lists = asked.method == "GET" && asked.path.ends_with("/IncomingPhoneNumbers.json");
            if buys {
                return Some(refusal(503, 20503));
            }
            if lists { list(&json!([])) } else { sells(asked, "") }
        });
        buy(t, "click", json!({ "number": OAKLAND })).await.ok(202);
        later(t, 150).await;
        let order = &orders(t).await[0];
        assert_eq!(order["state"], "failed");
        assert!(order["reason"].as_str().unwrap().contains("nothing was bought"), "{order}");
        assert_eq!(bought(&carrier), 1);
        quiet(t).await;
    }
}
