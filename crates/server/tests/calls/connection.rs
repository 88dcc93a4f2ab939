//! The connection test: green, or red with the reason and the cure.

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::carrier::{Asked, Carrier, refusal};
use crate::support::{TestApp, stories};

/// An account at the carrier in this state, with key, App and a number.
fn account(asked: &Asked, status: &str, kind: &str) -> Option<Response> {
    let account = asked.path.matches('/').count() == 3;
    let app = asked.path.contains("/Applications/");
    let body = json!({
        "sid": "AC1", "voice_url": "https://calls.example.com/webhooks/twilio/voice",
        "status_callback": "https://calls.example.com/webhooks/twilio/status", "status": status, "type": kind, "friendly_name": "Acme",
        "incoming_phone_numbers": [{ "sid": "PN1", "phone_number": "+14155550100" }],
    });
    (account || app || asked.path.contains("IncomingPhoneNumbers"))
        .then(|| axum::Json(body).into_response())
}

async fn verdict(t: &TestApp) -> Value {
    t.by(&t.ours.admin)
        .post("/carrier/test", json!({}))
        .await
        .ok(200)
}

fn check<'a>(verdict: &'a Value, name: &str) -> &'a Value {
    let checks = verdict["checks"].as_array().unwrap();
    checks
        .iter()
        .find(|check| check["name"] == name)
        .unwrap_or_else(|| panic!("{name} in {verdict}"))
}

stories! {
    async fn the_connection_test_is_green_or_says_what_is_wrong_and_what_helps(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| account(asked, "active", "Full"));
        let good = verdict(t).await;
        assert_eq!(good["ok"], true, "{good}");

        carrier.answers(|_, _| Some(refusal(401, 20003)));
        let wrong = verdict(t).await;
        assert_eq!(wrong["ok"], false);
        let credentials = check(&wrong, "credentials");
        assert!(credentials["detail"].as_str().unwrap().contains("refused the credentials"), "{wrong}");
        assert!(credentials["cure"].as_str().unwrap().contains("region"), "{wrong}");

        carrier.answers(|asked, _| account(asked, "suspended", "Full"));
        assert!(check(&verdict(t).await, "account")["detail"].as_str().unwrap().contains("suspended"));
        carrier.answers(|asked, _| account(asked, "active", "Trial"));
        assert!(check(&verdict(t).await, "account")["detail"].as_str().unwrap().contains("trial"));

        carrier.answers(|asked, _| {
            let key = asked.query.contains("PageSize=1");
            let gone = asked.path.contains("/Applications/");
            match (key, gone) {
                (true, _) => Some(refusal(401, 20003)),
                (_, true) => Some(refusal(404, 20404)),
                _ => account(asked, "active", "Full"),
            }
        });
        let elsewhere = verdict(t).await;
        assert!(check(&elsewhere, "api_key")["detail"].as_str().unwrap().contains("region"), "{elsewhere}");
        assert!(check(&elsewhere, "twiml_app")["detail"].as_str().unwrap().contains("region"), "{elsewhere}");
        t.by(&t.ours.agent).post("/carrier/test", json!({})).await.problem(403);
    }
}
