//! What the account already has is taken over, named, and given back; caller IDs are verified.

use serde_json::json;

use super::{OAKLAND, list, number, sells, yes};
use crate::calls::carrier::{Carrier, quiet, refusal};
use crate::support::stories;

const SID: &str = "PN00000000000000000000000000000abc";

/// An account with one number, which leads elsewhere.
fn has_one(asked: &crate::calls::carrier::Asked) -> Option<axum::response::Response> {
    let mut one = number(OAKLAND);
    one["voice_url"] = json!("https://old.example.com/voice");
    if asked.path.ends_with("/IncomingPhoneNumbers.json") {
        return list(&json!([one]));
    }
    if asked
        .path
        .ends_with(&format!("/IncomingPhoneNumbers/{SID}.json"))
    {
        return match asked.method.as_str() {
            "DELETE" => Some(axum::response::IntoResponse::into_response(
                axum::http::StatusCode::NO_CONTENT,
            )),
            _ => yes(one),
        };
    }
    sells(asked, "")
}

stories! {
    async fn a_number_that_the_account_has_is_taken_over_with_a_warning_and_led_here(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| has_one(asked));
        let admin = t.by(&t.ours.admin);
        let seen = admin.get("/numbers/importable").await.ok(200)["items"][0].clone();
        assert_eq!(seen["points_to"], "https://old.example.com/voice");
        assert!(seen["warnings"][0].as_str().unwrap().contains("https://old.example.com/voice"), "{seen}");
        assert_eq!(seen["already"], json!(null));
        let taken = admin.post("/numbers/import", json!({ "sids": [SID] })).await.ok(200);
        assert_eq!(taken["imported"][0]["number"], OAKLAND);
        assert_eq!(taken["imported"][0]["label"], "At the carrier");
        quiet(t).await;
        let set_up = carrier.asked(&format!("POST /2010-04-01/Accounts/{}", crate::calls::carrier::account_of(t, &t.ours).await));
        let led = set_up.iter().any(|asked| asked.path.ends_with(&format!("{SID}.json")) && asked.field("VoiceUrl").contains("calls.example.com"));
        assert!(led, "its calls come here now");
        assert_eq!(admin.get("/numbers/importable").await.ok(200)["items"][0]["already"], "here");
        let twice = admin.post("/numbers/import", json!({ "sids": [SID] })).await.ok(200);
        assert_eq!(twice["refused"][0]["code"], "number_exists");
    }

    /// G6: a number belongs to one organization, whoever holds it at the carrier.
    async fn t_number_unique_another_organizations_number_is_not_taken_over(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| has_one(asked));
        t.by(&t.theirs.admin).post("/numbers", json!({ "number": OAKLAND })).await.ok(201);
        let admin = t.by(&t.ours.admin);
        assert_eq!(admin.get("/numbers/importable").await.ok(200)["items"][0]["already"], "another organization");
        let answer = admin.post("/numbers/import", json!({ "sids": [SID] })).await.ok(200);
        assert_eq!(answer["refused"][0]["code"], "number_taken");
        assert_eq!(answer["imported"], json!([]));
    }

    async fn a_number_is_given_back_by_its_name_only(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| has_one(asked));
        let admin = t.by(&t.ours.admin);
        let taken = admin.post("/numbers/import", json!({ "sids": [SID], "label": "Front desk" })).await.ok(200);
        let path = format!("/numbers/{}/release", taken["imported"][0]["id"].as_str().unwrap());
        quiet(t).await;
        for wrong in ["", "yes", "+15105550187"] {
            let refused = admin.post(&path, json!({ "confirm": wrong })).await.ok(422);
            assert!(refused["detail"].as_str().unwrap().contains("(510) 555-0188"), "{refused}");
        }
        assert!(carrier.asked("DELETE").is_empty());
        let answer = t.while_time_passes(admin.post(&path, json!({ "confirm": "Front desk" }))).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
        assert_eq!(carrier.asked("DELETE").len(), 1);
        let left = admin.get("/numbers").await.ok(200);
        assert!(!left["items"].as_array().unwrap().iter().any(|n| n["number"] == OAKLAND));
        t.by(&t.theirs.admin).post("/numbers", json!({ "number": OAKLAND })).await.ok(201);
    }

    async fn a_carrier_that_keeps_a_number_is_quoted_and_the_number_stays(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            if asked.method == "DELETE" { Some(refusal(400, 20403)) } else { has_one(asked) }
        });
        let admin = t.by(&t.ours.admin);
        let taken = admin.post("/numbers/import", json!({ "sids": [SID] })).await.ok(200);
        let id = taken["imported"][0]["id"].as_str().unwrap();
        quiet(t).await;
        let path = format!("/numbers/{id}/release");
        let answer = t.while_time_passes(admin.post(&path, json!({ "confirm": OAKLAND }))).await.ok(502);
        assert_eq!(answer["code"], "carrier_refused");
        admin.get(&format!("/numbers/{id}")).await.ok(200);
    }

    async fn a_name_here_is_the_name_there(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| has_one(asked));
        let admin = t.by(&t.ours.admin);
        let taken = admin.post("/numbers/import", json!({ "sids": [SID] })).await.ok(200);
        quiet(t).await;
        let path = format!("/numbers/{}", taken["imported"][0]["id"].as_str().unwrap());
        admin.patch(&path, json!({ "label": "Oakland" })).await.ok(200);
        quiet(t).await;
        let named = carrier.asked("POST").into_iter().any(|asked| asked.field("FriendlyName") == "Oakland");
        assert!(named, "the carrier was told");
        let wrong = admin.patch(&path, json!({ "fallback": "http://plain.example.com" })).await.ok(422);
        assert_eq!(wrong["field"], "fallback");
    }

    async fn a_caller_id_is_verified_by_a_code_and_never_abroad(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            if asked.path.ends_with("/OutgoingCallerIds.json") && asked.method == "POST" {
                return yes(json!({ "phone_number": asked.field("PhoneNumber"), "validation_code": "012345", "call_sid": "CA1" }));
            }
            let ids = json!({ "outgoing_caller_ids": [{ "sid": "PN7", "phone_number": "+14155550177", "friendly_name": "Mobile" }] });
            if asked.path.ends_with("/OutgoingCallerIds.json") { yes(ids) } else { None }
        });
        let admin = t.by(&t.ours.admin);
        let asked = admin.post("/caller-ids", json!({ "number": "(415) 555-0177", "label": "Mobile" })).await.ok(201);
        assert_eq!((&asked["number"], &asked["validation_code"]), (&json!("+14155550177"), &json!("012345")));
        assert_eq!(admin.get("/caller-ids").await.ok(200)["items"][0]["number"], "+14155550177");
        let abroad = admin.post("/caller-ids", json!({ "number": "+4930901820" })).await.ok(422);
        assert_eq!(abroad["code"], "country_not_allowed");
        assert_eq!(carrier.asked("POST").iter().filter(|asked| asked.path.ends_with("/OutgoingCallerIds.json")).count(), 1);
    }
}
