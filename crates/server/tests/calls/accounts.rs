//! Accounts at the carrier: tried before they are saved, refused with the field and the reason; what is made by itself.

use axum::response::{IntoResponse, Response};
use offhook_store::carriers;
use serde_json::{Value, json};

use super::carrier::{Asked, Carrier, later, quiet, refusal};
use crate::support::{TestApp, stories};

const TOKEN: &str = "the token that fits";
const IRELAND: &str = "/api.dublin.ie1.twilio.com";

fn json(body: Value) -> Response {
    axum::Json(body).into_response()
}

/// An account that opens with the token that fits, in this region only: `""` is the first.
fn opens_in(region: &'static str) -> impl Fn(&Asked, usize) -> Option<Response> + Send + Sync {
    move |asked, _| {
        use base64::Engine;
        use base64::engine::general_purpose::STANDARD;
        let credentials = STANDARD.encode(format!("{}:{TOKEN}", sid_in(&asked.path)));
        let fits = asked.authorization == format!("Basic {credentials}");
        let here = match asked.path.strip_prefix(IRELAND) {
            Some(_) => region == IRELAND,
            None => region.is_empty(),
        };
        if !(fits && here) {
            return Some(refusal(401, 20003));
        }
        Some(json(json!({
            "sid": "AP00000000000000000000000000000009", "status": "active", "type": "Full", "secret": "made there",
            "incoming_phone_numbers": [], "calls": [], "keys": [], "applications": [],
        })))
    }
}

fn sid_in(path: &str) -> &str {
    let rest = path.split("/Accounts/").nth(1).unwrap_or_default();
    &rest[..rest.len().min(34)]
}

async fn put(t: &TestApp, body: Value) -> crate::support::Answer {
    t.by(&t.ours.admin).put("/carrier", body).await
}

async fn row(t: &TestApp) -> carriers::CarrierAccount {
    let found = t
        .app
        .db
        .read(&t.ours.org, async |tx| carriers::in_use(tx).await)
        .await;
    found.unwrap().unwrap()
}

/// Takes the stored key and App away, so that they are to be made.
async fn without_key_and_app(t: &TestApp) {
    let bare = carriers::CarrierAccount {
        api_key_sid: None,
        api_key_secret: None,
        twiml_app_sid: None,
        ..row(t).await
    };
    t.app
        .db
        .write(&t.ours.org, async |tx| carriers::save(tx, &bare).await)
        .await
        .unwrap();
}

stories! {
    async fn credentials_that_the_carrier_refuses_are_not_saved_and_the_reason_is_named(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        without_key_and_app(t).await;
        let before = row(t).await;
        let refused = async |body: Value| {
            let problem = put(t, body).await.problem(422);
            assert_eq!(problem["code"], "carrier_refused", "{problem}");
            assert_eq!(problem["verdict"]["ok"], false, "{problem}");
            (problem["field"].as_str().unwrap().to_owned(), problem["reason"].as_str().unwrap().to_owned())
        };
        carrier.answers(opens_in(""));
        assert_eq!(refused(json!({ "auth_token": "another" })).await, ("auth_token".into(), "wrong_token".into()));
        carrier.answers(opens_in(IRELAND));
        assert_eq!(refused(json!({ "auth_token": TOKEN })).await, ("region".into(), "other_region".into()));
        for (status, code, field, reason) in [(403, 20008, "auth_token", "test_credentials"), (404, 20404, "account_sid", "wrong_sid")] {
            carrier.answers(move |_, _| Some(refusal(status, code)));
            assert_eq!(refused(json!({ "auth_token": TOKEN })).await, (field.into(), reason.into()));
        }
        for status in ["suspended", "closed"] {
            carrier.answers(move |_, _| {
                Some(json(json!({ "sid": "AC1", "status": status, "type": "Full" })))
            });
            assert_eq!(refused(json!({ "auth_token": TOKEN })).await, ("account_sid".into(), "not_active".into()));
        }
        carrier.answers(|asked, _| {
            Some(if asked.path.contains("/Calls") {
                refusal(403, 20403)
            } else {
                json(json!({ "sid": "AC1", "status": "active", "type": "Full" }))
            })
        });
        assert_eq!(refused(json!({ "auth_token": TOKEN })).await, ("account_sid".into(), "no_voice".into()));
        assert_eq!(row(t).await, before);
    }

    async fn an_account_that_fits_gets_its_key_and_app_once_and_its_secret_is_sealed(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        without_key_and_app(t).await;
        carrier.answers(opens_in(""));
        let both = async { tokio::join!(put(t, json!({ "auth_token": TOKEN })), put(t, json!({ "auth_token": TOKEN }))) };
        let (one, two) = t.while_time_passes(both).await;
        let saved = one.ok(200);
        two.ok(200);
        assert_eq!(carrier.asked("POST").iter().filter(|asked| asked.path.ends_with("/Keys.json")).count(), 1);
        assert_eq!(carrier.asked("POST").iter().filter(|asked| asked.path.ends_with("/Applications.json")).count(), 1);
        assert_eq!(saved["has_api_key_secret"], true, "{saved}");
        assert!(!saved.to_string().contains("made there"), "{saved}");
        let made = carrier.asked("Applications.json").into_iter().find(|asked| asked.method == "POST").unwrap();
        assert!(made.field("VoiceUrl").starts_with("https://calls.example.com/webhooks/twilio/voice#rc=2"), "{made:?}");
        assert!(made.field("FriendlyName").contains(t.ours.org.as_str()), "{made:?}");
        let row = row(t).await;
        let place = carriers::api_key_secret_place(t.ours.org.as_str(), &row.id);
        let opened = t.app.keys.open(place, &row.api_key_secret.unwrap()).unwrap();
        assert_eq!(opened.expose(), "made there");
    }

    async fn a_carrier_that_cannot_be_reached_refuses_nothing_and_can_be_saved_unverified(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let nowhere = json!({ "api_base_url": "http://127.0.0.1:9", "auth_token": "x" });
        let problem = t.while_time_passes(put(t, nowhere.clone())).await.problem(502);
        assert_eq!(problem["code"], "carrier_unreachable");
        let saved = t.saves_carrier(&t.ours.admin, nowhere).await.ok(200);
        assert_eq!(saved["verdict"], Value::Null);
        carrier.answers(|_, _| Some(refusal(401, 20003)));
    }

    /// Seed 004 sets `ie1` with credentials of the US.
    async fn a_region_that_was_set_with_anothers_credentials_is_put_right_by_itself_and_said(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let ireland = carriers::CarrierAccount { region: Some("ie1".into()), ..row(t).await };
        t.app.db.write(&t.ours.org, async |tx| carriers::save(tx, &ireland).await).await.unwrap();
        carrier.answers(|asked, _| asked.path.starts_with(IRELAND).then(|| refusal(401, 20003)));
        offhook_server::carrier::look_soon(&t.app, &t.ours.org);
        quiet(t).await;
        let shown = t.by(&t.ours.admin).get("/carrier").await.ok(200);
        assert_eq!((&shown["region"], &shown["asked_region"]), (&Value::Null, &json!("ie1")), "{shown}");
        let verdict = t.by(&t.ours.admin).post("/carrier/test", json!({})).await.ok(200);
        let said = verdict["checks"].as_array().unwrap().iter().find(|check| check["name"] == "region").unwrap();
        assert_eq!((&said["ok"], &said["warning"]), (&json!(true), &json!(true)));
        assert!(said["detail"].as_str().unwrap().contains("the United States"), "{said}");
    }

    async fn an_account_in_use_stays_and_another_can_be_removed(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|_, _| None);
        let admin = t.by(&t.ours.admin);
        let saved = admin.put("/carrier", json!({ "region": "ie1", "auth_token": "of Ireland" })).await.ok(200);
        assert_eq!((&saved["in_use"], &saved["region"]), (&json!(false), &json!("ie1")));
        assert!(carrier.asked(IRELAND).iter().any(|asked| asked.path.ends_with("/Keys.json")), "a key of that region");
        let path = format!("/carrier/accounts/{}", saved["id"].as_str().unwrap());
        let taken = admin.put(&path, json!({ "region": "us1" })).await.problem(409);
        assert_eq!(taken["code"], "region_taken");
        admin.post(&format!("{path}/use"), json!({})).await.ok(200);
        assert_eq!(admin.get("/carrier").await.ok(200)["region"], "ie1");
        assert_eq!(admin.delete(&path).await.problem(409)["code"], "in_use");
        let accounts = admin.get("/carrier/accounts").await.ok(200);
        let first = accounts["items"][1]["id"].as_str().unwrap().to_owned();
        let first = format!("/carrier/accounts/{first}");
        assert_eq!(admin.delete(&first).await.problem(409)["code"], "has_numbers");
        admin.post(&format!("{first}/use"), json!({})).await.ok(200);
        admin.delete(&path).await.ok(204);
        assert_eq!(admin.get("/carrier/accounts").await.ok(200)["items"].as_array().unwrap().len(), 1);
    }

    async fn a_softphones_token_asks_the_carrier_nothing_while_nothing_is_missing(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let agent = t.by(&t.ours.agent);
        agent.post("/softphone/token", json!({})).await.ok(200);
        quiet(t).await;
        let looked = carrier.asked("").len();
        for _ in 0..5 {
            agent.post("/softphone/token", json!({})).await.ok(200);
        }
        quiet(t).await;
        assert_eq!(carrier.asked("").len(), looked);
        later(t, 601).await;
        agent.post("/softphone/token", json!({})).await.ok(200);
        quiet(t).await;
        assert!(carrier.asked("").len() > looked, "now and then somebody looks");
    }
}
