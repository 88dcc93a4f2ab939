//! API keys, and secrets that never come back.

use serde_json::json;

use crate::support::stories;

stories! {
    async fn an_api_key_acts_as_its_maker_until_it_is_revoked(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        let made = admin.post("/api-keys", json!({"name": "Reporting"})).await.ok(201);
        let key = made["key"].as_str().unwrap().to_owned();
        assert!(key.starts_with("ohk_"));
        let program = t.nobody().bearer(&key);
        assert_eq!(program.get("/me").await.ok(200)["user"]["id"], t.ours.admin.id.as_str());
        assert!(program.get("/me").await.ok(200).get("csrf").is_none());
        let listed = admin.get("/api-keys").await.ok(200);
        assert_eq!(listed["items"][0]["name"], "Reporting");
        assert!(!listed.to_string().contains(&key), "the key is shown once");
        assert_eq!(program.delete("/session").await.problem(409)["code"], "not_a_session");
        let path = format!("/api-keys/{}", made["id"].as_str().unwrap());
        t.by(&t.theirs.admin).delete(&path).await.problem(404);
        program.get("/me").await.ok(200);
        admin.delete(&path).await.ok(204);
        program.get("/me").await.problem(401);
    }

    async fn a_key_of_somebody_deactivated_opens_nothing(t: &TestApp) {
        let made = t.by(&t.ours.admin).post("/api-keys", json!({"name": "Mine"})).await.ok(201);
        let program = t.nobody().bearer(made["key"].as_str().unwrap());
        t.by(&t.ours.owner).patch(&format!("/users/{}", t.ours.admin.id), json!({"active": false})).await.ok(200);
        program.get("/me").await.problem(401);
    }

    async fn the_carriers_secrets_go_in_and_never_come_out(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        let shown = admin.get("/carrier").await.ok(200);
        assert!(!shown.to_string().contains("never leaves"), "{shown}");
        assert_eq!(shown["has_auth_token"], true);
        assert_eq!(shown["has_api_key_secret"], true);
        let sid = format!("AC{}", uuid::Uuid::now_v7().simple());
        let set = json!({"account_sid": sid, "auth_token": "another secret that stays", "api_key_sid": "SK00000000000000000000000000000002"});
        let changed = t.saves_carrier(&t.ours.admin, set).await.ok(200);
        assert_eq!(changed["account_sid"], sid.as_str());
        assert!(!changed.to_string().contains("stays"), "{changed}");
        let kept = t.saves_carrier(&t.ours.admin, json!({"account_sid": sid, "twiml_app_sid": "AP00000000000000000000000000000002"})).await.ok(200);
        assert_eq!(kept["has_auth_token"], true, "a secret that is left out stays");
        assert!(!admin.get("/audit").await.text.contains("stays"), "nor does the audit trail hold one");
        let bad = admin.put("/carrier", json!({"account_sid": "nonsense"})).await.problem(422);
        assert_eq!(bad["field"], "account_sid");
    }

    async fn an_account_of_another_organization_is_refused(t: &TestApp) {
        let theirs = t.by(&t.theirs.admin).get("/carrier").await.ok(200)["account_sid"].clone();
        let set = json!({"account_sid": theirs, "auth_token": "x"});
        assert_eq!(t.saves_carrier(&t.ours.admin, set).await.problem(409)["code"], "account_taken");
    }

    async fn the_addresses_to_paste_are_under_the_public_url(t: &TestApp) {
        let shown = t.by(&t.ours.admin).get("/carrier").await.ok(200);
        for (name, address) in shown["webhooks"].as_object().unwrap() {
            let address = address.as_str().unwrap();
            assert!(address.starts_with("https://calls.example.com/webhooks/twilio/"), "{name}: {address}");
        }
        assert!(shown["webhooks"]["app_status"].is_string());
    }
}
