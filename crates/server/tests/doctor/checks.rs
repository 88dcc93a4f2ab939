//! Each check, well and not well.

use std::collections::BTreeSet;

use axum::http::Method;
use axum::response::IntoResponse;
use offhook_core::call::Outcome;
use offhook_server::App;
use offhook_store::seal::Keyring;
use serde_json::{Value, json};

use super::public::{Front, Public, places};
use super::{check, examined};
use crate::calls::carrier::refusal;
use crate::support::{Client, TestApp, World, world};

/// The ids of a report's checks in a state.
fn ids<'a>(report: &'a Value, state: &str) -> BTreeSet<&'a str> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks
        .filter(|check| check["state"] == state)
        .map(|check| check["id"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_all_is_well_nothing_fails_and_every_group_has_looked() {
    for place in places().await {
        let p = Public::at(place).await;
        let report = p.report().await;
        assert_eq!(ids(&report, "failed"), BTreeSet::new(), "{report:#}");
        assert_eq!(report["ok"], true);
        let ok = ids(&report, "ok");
        for id in [
            "settings.environment",
            "server.database",
            "server.storage",
            "server.encryption_key",
            "server.work",
            "server.inbox",
            "server.spool",
            "server.websocket",
            "carrier.credentials",
            "carrier.account",
            "carrier.credit",
            "carrier.pace",
            "carrier.clock",
            "webhooks.address",
            "webhooks.signature",
            "webhooks.alerts",
            "webhooks.twiml_app",
            "numbers.known",
            "numbers.directory",
            "numbers.capabilities",
            "numbers.strays",
            "numbers.webhooks",
            "calls.failed",
            "calls.left",
            "people.queues",
            "people.numbers",
            "browser.secure_context",
        ] {
            assert!(ok.contains(id), "{id}: {report:#}");
        }
        let mut seeds = BTreeSet::new();
        for check in report["checks"].as_array().unwrap() {
            assert!(!check["finding"].as_str().unwrap().is_empty());
            let well = matches!(check["state"].as_str().unwrap(), "ok" | "skipped");
            assert_eq!(well, check["cure"].is_null(), "{check}");
            seeds.extend(
                check["seeds"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|seed| seed.as_str().unwrap()),
            );
        }
        assert_eq!(seeds, BTreeSet::from(["000", "001", "002", "003", "004"]));
        p.t.end().await;
    }
}

/// D12: T-no-redirect, and every other way in which the public address does not lead here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_no_redirect_a_public_address_that_does_not_lead_here_is_told_with_its_reason() {
    for place in places().await {
        let p = Public::at(place).await;
        p.front(Front::Redirects);
        let report = p.report().await;
        let address = check(&report, "webhooks.address");
        assert_eq!(address["state"], "failed", "{address}");
        assert!(
            address["finding"]
                .as_str()
                .unwrap()
                .contains("redirect to https://www.example.com"),
            "{address}"
        );
        assert_eq!(check(&report, "webhooks.signature")["state"], "skipped");
        assert_eq!(check(&report, "server.websocket")["state"], "skipped");

        p.front(Front::Stranger);
        let report = p.report().await;
        let address = check(&report, "webhooks.address");
        assert_eq!(address["state"], "failed");
        assert!(
            address["finding"]
                .as_str()
                .unwrap()
                .contains("Something else answers"),
            "{address}"
        );

        p.front(Front::SpoilsQueries);
        let report = p.report().await;
        assert_eq!(check(&report, "webhooks.address")["state"], "ok");
        let signed = check(&report, "webhooks.signature");
        assert_eq!(signed["state"], "failed");
        assert!(
            signed["finding"]
                .as_str()
                .unwrap()
                .contains("changed on the way"),
            "{signed}"
        );

        p.front(Front::NoSockets);
        assert_eq!(p.state("server.websocket").await, "failed");
        p.front(Front::Through);
        assert_eq!(p.state("server.websocket").await, "ok");
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_at_the_public_address_is_told() {
    for place in places().await {
        let t = TestApp::under(place, "http://127.0.0.1:9").await;
        let report = examined(&t, &t.by(&t.ours.admin)).await;
        let address = check(&report, "webhooks.address");
        assert_eq!(address["state"], "failed");
        assert!(
            address["finding"]
                .as_str()
                .unwrap()
                .contains("Nobody answers"),
            "{address}"
        );
        assert!(
            address["cure"].as_str().unwrap().contains("PUBLIC_URL"),
            "{address}"
        );
        t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_the_account_is_told_in_words_with_twilios_code() {
    for place in places().await {
        let p = Public::at(place).await;
        p.carrier_says_at(
            "/Balance.json",
            || json!({"balance": "-1.20", "currency": "USD"}),
        );
        let report = p.report().await;
        let credit = check(&report, "carrier.credit");
        assert_eq!(credit["state"], "failed", "{credit}");
        assert!(
            credit["finding"]
                .as_str()
                .unwrap()
                .contains("no credit left")
        );

        // A subaccount has no balance of its own, which is no fault.
        p.carrier_says(|asked| {
            asked
                .path
                .ends_with("/Balance.json")
                .then(|| refusal(404, 20404))
        });
        assert_eq!(p.state("carrier.credit").await, "skipped");

        p.carrier_says(|asked| {
            let account = json!({"sid": "AC", "status": "suspended", "type": "Full"});
            let is_account = !asked
                .path
                .trim_start_matches("/2010-04-01/Accounts/")
                .contains('/');
            is_account.then(|| axum::Json(account).into_response())
        });
        assert_eq!(p.state("carrier.account").await, "failed");

        p.carrier_says(|asked| (asked.path != "/2010-04-01").then(|| refusal(401, 20003)));
        let report = p.report().await;
        assert_eq!(check(&report, "carrier.credentials")["state"], "failed");
        assert_eq!(check(&report, "carrier.credit")["state"], "skipped");
        assert_eq!(check(&report, "webhooks.alerts")["codes"][0]["code"], 20003);

        p.carrier_says_at("/Calls.json", || {
            json!({"calls": [{"sid": "CA1", "status": "completed", "queue_time": "9000"}], "next_page_uri": null})
        });
        assert_eq!(p.state("carrier.pace").await, "warning");

        p.carrier_says(|asked| {
            let late = [("date", "Fri, 20 Nov 2026 09:07:00 GMT")];
            (asked.path == "/2010-04-01").then(|| late.into_response())
        });
        let report = p.report().await;
        let clock = check(&report, "carrier.clock");
        assert_eq!(clock["state"], "failed");
        assert!(
            clock["finding"].as_str().unwrap().contains("s slow"),
            "{clock}"
        );
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_twilio_complains_about_is_explained() {
    for place in places().await {
        let p = Public::at(place).await;
        let alert = |code: &str, at: &str| json!({"sid": "NO1", "error_code": code, "log_level": "error", "date_created": at});
        p.carrier_says_at("/Alerts", move || {
            json!({"alerts": [alert("11200", "2026-11-20T08:55:00Z"), alert("11200", "2026-11-19T12:00:00Z")], "meta": {"key": "alerts"}})
        });
        let report = p.report().await;
        let alerts = check(&report, "webhooks.alerts");
        assert_eq!(alerts["state"], "failed");
        assert_eq!(
            alerts["codes"].as_array().unwrap().len(),
            1,
            "each code once: {alerts}"
        );
        assert!(
            alerts["codes"][0]["meaning"]
                .as_str()
                .unwrap()
                .contains("webhook"),
            "{alerts}"
        );
        p.carrier_says_at("/Alerts", move || {
            json!({"alerts": [alert("12200", "2026-11-19T12:00:00Z")], "meta": {"key": "alerts"}})
        });
        assert_eq!(
            p.state("webhooks.alerts").await,
            "warning",
            "yesterday's error is no emergency"
        );
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_number_is_told() {
    for place in places().await {
        let p = Public::at(place).await;
        let held = |number: &str, voice: bool, url: String| json!({"incoming_phone_numbers": [{"sid": "PN1", "phone_number": number, "voice_url": url, "capabilities": {"voice": voice}}]});
        p.carrier_says_at("/IncomingPhoneNumbers.json", move || {
            held("+14155550100", false, String::new())
        });
        assert_eq!(p.state("numbers.capabilities").await, "failed");
        let here = format!("{}webhooks/twilio/voice", p.t.app.config.public_url);
        p.carrier_says_at("/IncomingPhoneNumbers.json", move || {
            held("+14155550177", true, here.clone())
        });
        let report = p.report().await;
        assert_eq!(
            check(&report, "numbers.capabilities")["state"],
            "failed",
            "ours is not in the account"
        );
        let strays = check(&report, "numbers.strays");
        assert_eq!(strays["state"], "warning");
        assert!(
            strays["finding"].as_str().unwrap().contains("+14155550177"),
            "{strays}"
        );
        p.t.end().await;
    }
}

/// A new organization: everything that is missing is named, each once, and leads to its page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_organization_is_told_what_is_missing() {
    for place in places().await {
        let p = Public::at(place).await;
        let new = World::bare(&p.t.app, "new").await;
        let report = examined(&p.t, &p.t.by(&new.admin)).await;
        for id in [
            "settings.environment",
            "carrier.credentials",
            "numbers.known",
        ] {
            let check = check(&report, id);
            assert_eq!(check["state"], "failed", "{check}");
            assert_eq!(check["repair"]["action"], "open", "{check}");
        }
        for text in ["+14155550100", "ours.example", "AC00"] {
            assert!(
                !report.to_string().contains(text),
                "{text} is another organization's"
            );
        }
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_is_told_to_be_ill_and_to_admins_nothing_of_its_insides() {
    for place in places().await {
        let p = Public::at(place).await;
        let data = &p.t.app.config.data_dir;
        std::fs::write(data.join("recordings"), "a file, not a folder").unwrap();
        std::fs::create_dir_all(data.join("spool")).unwrap();
        std::fs::write(data.join("spool/1.unreadable"), "").unwrap();
        let report = p.report().await;
        assert_eq!(check(&report, "server.storage")["state"], "failed");
        assert_eq!(check(&report, "server.spool")["state"], "failed");
        let folder = data.to_str().unwrap();
        assert!(
            !report.to_string().contains(folder),
            "an admin learns nothing of the machine: {report:#}"
        );
        std::fs::remove_file(data.join("recordings")).unwrap();
        std::fs::rename(data.join("spool/1.unreadable"), data.join("spool/1.spool")).unwrap();
        let report = p.report().await;
        assert_eq!(check(&report, "server.storage")["state"], "ok");
        assert_eq!(check(&report, "server.spool")["state"], "warning");

        let other = Keyring::new("a key with which nothing here was ever sealed").unwrap();
        let stranger = App::new(p.t.app.config.clone(), p.t.app.db.clone(), other);
        let client = Client::new(offhook_server::router(&stranger)).bearer(&p.t.ours.admin.token);
        let report = client.post("/doctor/run", Value::Null).await.ok(200);
        assert_eq!(check(&report, "server.encryption_key")["state"], "failed");
        assert_eq!(check(&report, "carrier.credentials")["state"], "skipped");
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_there_is_told() {
    for place in places().await {
        let p = Public::at(place).await;
        assert_eq!(
            p.state("people.listening").await,
            "warning",
            "nobody has a page open"
        );
        let agent = p.t.by(&p.t.ours.agent);
        let poll = agent
            .raw(
                Method::GET,
                "/api/twilio/incoming-calls/pending",
                String::new(),
            )
            .await;
        assert_eq!(poll.status, 200);
        assert_eq!(
            p.state("people.listening").await,
            "ok",
            "who polls is there"
        );
        let admin = p.t.by(&p.t.ours.admin);
        let queues = admin.get("/queues").await.ok(200);
        let queue = queues["items"][0]["id"].as_str().unwrap();
        admin
            .put(&format!("/queues/{queue}/members"), json!({"agents": []}))
            .await
            .ok(200);
        assert_eq!(p.state("people.queues").await, "failed");
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recordings_that_do_not_come_are_missed() {
    for place in places().await {
        let p = Public::at(place).await;
        world::past_call(
            &p.t.app,
            &p.t.ours,
            Outcome::Answered,
            Some(&p.t.ours.agent),
        )
        .await;
        assert_eq!(
            p.state("calls.recordings").await,
            "skipped",
            "it may still come"
        );
        p.t.app.clock.advance(chrono::TimeDelta::minutes(15));
        assert_eq!(p.state("calls.recordings").await, "warning");
        world::past_call(&p.t.app, &p.t.ours, Outcome::Failed, Some(&p.t.ours.agent)).await;
        assert_eq!(p.state("calls.failed").await, "warning");
        p.t.end().await;
    }
}
