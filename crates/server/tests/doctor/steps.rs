//! The last report, the wizard's steps, the test call, the callback that comes round, and what may be repaired.

use serde_json::{Value, json};

use super::check;
use super::public::{Public, places};
use crate::calls::carrier::{path_of, quiet, refusal, webhook};
use crate::support::{World, world};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_report_is_kept_and_its_checklists_follow_the_rows() {
    for place in places().await {
        let p = Public::at(place).await;
        let admin = p.t.by(&p.t.ours.admin);
        let never = admin.get("/doctor").await.ok(200);
        assert_eq!((&never["at"], &never["ok"]), (&Value::Null, &json!(false)));
        let lists = never["checklists"].as_array().unwrap();
        assert_eq!(
            lists
                .iter()
                .map(|list| list["items"].as_array().unwrap().len())
                .collect::<Vec<_>>(),
            [13, 6, 7, 15, 11]
        );
        let item = |report: &Value, list: usize, text: &str| {
            let items = report["checklists"][list]["items"].as_array().unwrap();
            items.iter().find(|item| item["text"] == text).unwrap()["done"].clone()
        };
        assert_eq!(item(&never, 0, "Test incoming call received"), json!(false));
        assert_eq!(
            item(&never, 1, "The app's URL is publicly reachable"),
            Value::Null,
            "nobody has looked"
        );
        assert_eq!(item(&never, 0, "Customer can hear the agent"), Value::Null);

        let made = p.report().await;
        world::ended_call(&p.t.app, &p.t.ours).await;
        let last = admin.get("/doctor").await.ok(200);
        assert_eq!(
            (&last["at"], &last["checks"]),
            (&made["at"], &made["checks"])
        );
        assert_eq!(last["running"], false);
        assert_eq!(item(&last, 0, "Test incoming call received"), json!(true));
        assert_eq!(
            item(&last, 1, "The app's URL is publicly reachable"),
            Value::Null,
            "the carrier is on this machine"
        );
        assert_eq!(
            item(&last, 1, "Database migrations have been run"),
            json!(true)
        );
        let theirs = p.t.by(&p.t.theirs.admin).get("/doctor").await.ok(200);
        assert_eq!(theirs["at"], Value::Null);
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wizard_goes_on_where_one_was() {
    for place in places().await {
        let p = Public::at(place).await;
        let new = World::bare(&p.t.app, "new").await;
        let progress = p.t.by(&new.admin).get("/setup-progress").await.ok(200);
        assert_eq!(progress["next"], "carrier");
        let admin = p.t.by(&p.t.ours.admin);
        assert_eq!(
            admin.get("/setup-progress").await.ok(200)["next"],
            "test_call"
        );
        world::past_call(
            &p.t.app,
            &p.t.ours,
            offhook_core::call::Outcome::Answered,
            Some(&p.t.ours.agent),
        )
        .await;
        let progress = admin.get("/setup-progress").await.ok(200);
        assert_eq!(progress["next"], "done");
        assert!(
            progress["steps"]
                .as_array()
                .unwrap()
                .iter()
                .all(|step| step["done"] == true)
        );
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_call_is_an_ordinary_call_and_the_doctor_reads_how_it_went() {
    for place in places().await {
        let p = Public::at(place).await;
        let admin = p.t.by(&p.t.ours.admin);
        let nobody = admin
            .post("/doctor/test-call", json!({}))
            .await
            .problem(422);
        assert_eq!(nobody["field"], "to");
        let begun = admin
            .post("/doctor/test-call", json!({"to": "(415) 555-0142"}))
            .await
            .ok(201);
        let id = begun["call_id"].as_str().unwrap();
        let call = admin.get(&format!("/calls/{id}")).await.ok(200);
        assert_eq!(call["to_number"], "+14155550142");
        assert_eq!(p.state("calls.test").await, "skipped", "it goes on");
        admin.post(&format!("/calls/{id}/hangup"), json!({})).await;
        quiet(&p.t).await;
        let report = p.report().await;
        let test = check(&report, "calls.test");
        assert_eq!(test["state"], "failed", "nobody took it: {test}");
        assert_eq!(test["repair"]["target"], format!("/calls/{id}"));
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_comes_round_signed_by_the_carrier() {
    for place in places().await {
        let p = Public::at(place).await;
        let admin = p.t.by(&p.t.ours.admin);
        let sending = async {
            let asked = async || {
                loop {
                    let asked = p
                        .carrier
                        .asked("POST /2010-04-01")
                        .into_iter()
                        .find(|asked| asked.path.ends_with("/Calls.json"));
                    match asked {
                        Some(asked) => return asked,
                        None => tokio::task::yield_now().await,
                    }
                }
            };
            let asked = asked().await;
            assert_eq!(asked.field("To"), "client:offhook_doctor_nobody");
            let callback = asked.field("StatusCallback").to_owned();
            let public =
                p.t.app
                    .config
                    .public_url
                    .as_str()
                    .trim_end_matches('/')
                    .to_owned();
            let path = path_of(callback.strip_prefix(&public).unwrap());
            let fields = [
                ("CallSid", "CA00000000000000000000000000000abc"),
                ("CallStatus", "no-answer"),
            ];
            webhook(&p.t, &p.t.ours, &path, &fields).await
        };
        let (answer, told) = tokio::join!(admin.post("/doctor/callback", Value::Null), sending);
        assert_eq!(told.status, 204, "{}", told.text);
        let trip = answer.ok(200);
        assert_eq!(trip["ok"], true, "{trip}");
        assert!(trip["cost"].as_str().unwrap().starts_with("Nothing"));
        assert_eq!(p.state("webhooks.round_trip").await, "ok");

        p.carrier_says(|asked| {
            asked
                .path
                .ends_with("/Calls.json")
                .then(|| refusal(400, 21210))
        });
        let trip = admin.post("/doctor/callback", Value::Null).await.ok(200);
        assert_eq!(
            (&trip["ok"], &trip["codes"][0]["code"]),
            (&json!(false), &json!(21210))
        );
        p.t.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_click_can_repair_is_refused_by_name() {
    for place in places().await {
        let p = Public::at(place).await;
        let admin = p.t.by(&p.t.ours.admin);
        let refused = admin
            .post("/doctor/repair", json!({"check": "carrier.credit"}))
            .await
            .problem(422);
        assert_eq!(refused["field"], "check");
        let repaired =
            p.t.while_time_passes(admin.post("/doctor/repair", json!({})))
                .await
                .ok(200);
        assert_eq!(repaired["running"], false);
        p.t.end().await;
    }
}
