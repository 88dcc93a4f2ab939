//! What other screens are told of a call and of lists, without asking: each step once, and all that a page shows.

use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::carrier::{Carrier, later, path_of, quiet, webhook, work};
use super::control::{CUSTOMER, DEVICE, agent_in_the_room, dials};
use crate::support::{TestApp, stories, world};

/// The events after a cursor, as the poll door tells them; answers the cursor after them.
async fn events(t: &TestApp, cursor: &str) -> (Vec<Value>, String) {
    quiet(t).await;
    let path = format!("/events/poll?cursor={cursor}");
    let page = t.by(&t.ours.agent).get(&path).await.ok(200);
    let told = page["events"].as_array().unwrap().clone();
    (told, page["cursor"].as_str().unwrap().to_owned())
}

/// The calls that `call_status_update` told of after a cursor.
async fn updates(t: &TestApp, cursor: &mut String) -> Vec<Value> {
    let (told, next) = events(t, cursor).await;
    *cursor = next;
    let ours = told
        .into_iter()
        .filter(|event| event["type"] == "call_status_update");
    ours.map(|event| event["data"]["call"].clone()).collect()
}

async fn leg(t: &TestApp, door: &str, status: &str, sequence: &str) {
    let fields = [
        ("CallSid", CUSTOMER),
        ("CallStatus", status),
        ("SequenceNumber", sequence),
    ];
    let answer = webhook(t, &t.ours, door, &fields).await;
    assert_eq!(answer.status, 204);
    quiet(t).await;
}

fn words(call: &Value) -> (&str, &str, bool, bool) {
    let word = |name: &str| call[name].as_str().unwrap_or_default();
    let is = |name: &str| call[name].as_bool().unwrap();
    (
        word("customer_status"),
        word("phase"),
        is("recording"),
        is("recording_paused"),
    )
}

stories! {
    async fn each_step_of_the_customers_leg_is_told_once_with_all_that_a_page_shows(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let mut cursor = "0".to_owned();
        let id = agent_in_the_room(t).await;
        let begun = updates(t, &mut cursor).await;
        let last = begun.last().unwrap();
        assert_eq!(words(last), ("queued", "connecting", false, false));
        assert_eq!(last["dials_at"], "2026-11-20T09:00:01.500Z", "the carrier's pace: {last}");
        assert_eq!(last["legs"][0]["role"], "agent");
        assert_eq!((&last["legs"][0]["status"], &last["legs"][0]["agent"]["name"]), (&json!("in-progress"), &json!("agent ours")));

        let door = path_of(dials(&carrier)[0].field("StatusCallback"));
        for (status, sequence) in [("initiated", "0"), ("ringing", "1"), ("ringing", "1"), ("in-progress", "2"), ("ringing", "1")] {
            leg(t, &door, status, sequence).await;
        }
        let told = updates(t, &mut cursor).await;
        let steps: Vec<_> = told.iter().map(words).collect();
        assert_eq!(steps, [
            ("initiated", "connecting", false, false),
            ("ringing", "connecting", false, false),
            ("in-progress", "connected", false, false),
        ]);
        assert_eq!(told[1]["dials_at"], Value::Null, "what rings waits for nothing");
        assert_eq!(told[2]["legs"][1]["answered_at"], told[2]["answered_at"]);

        let recording = [("CallSid", CUSTOMER), ("RecordingSid", "RE1"), ("RecordingStatus", "in-progress")];
        webhook(t, &t.ours, &format!("/webhooks/twilio/recording?call={id}"), &recording).await;
        quiet(t).await;
        let ana = t.by(&t.ours.agent);
        for act in ["hold", "resume", "record/pause", "record/resume"] {
            ana.post(&format!("/calls/{id}/{act}"), json!({})).await.ok(200);
        }
        let told = updates(t, &mut cursor).await;
        let steps: Vec<_> = told.iter().map(words).collect();
        assert_eq!(steps, [
            ("in-progress", "connected", true, false),
            ("in-progress", "on_hold", false, true),
            ("in-progress", "connected", true, false),
            ("in-progress", "connected", false, true),
            ("in-progress", "connected", true, false),
        ]);
        let asked = ana.get(&format!("/calls/{id}")).await.ok(200);
        for (member, value) in told.last().unwrap().as_object().unwrap() {
            assert_eq!(asked[member], *value, "the event tells what the page would ask for: {member}");
        }
    }

    async fn the_price_is_told_when_it_is_known_and_only_then(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            let leg = asked.method == "GET" && asked.path.contains("/Calls/CA");
            let body = json!({ "sid": CUSTOMER, "status": "completed", "price": "-0.0130", "price_unit": "USD" });
            leg.then(|| axum::Json(body).into_response())
        });
        let id = agent_in_the_room(t).await;
        let door = path_of(dials(&carrier)[0].field("StatusCallback"));
        leg(t, &door, "in-progress", "1").await;
        leg(t, &door, "completed", "2").await;
        let mut cursor = "0".to_owned();
        updates(t, &mut cursor).await;
        later(t, 20).await;
        let told = updates(t, &mut cursor).await;
        let prices: Vec<_> = told.iter().filter(|call| call["price"].is_object()).collect();
        assert_eq!(prices.len(), 1, "{told:?}");
        assert_eq!((&prices[0]["id"], &prices[0]["price"]["amount"]), (&json!(id), &json!("0.0260")));
        later(t, 90).await;
        assert_eq!(updates(t, &mut cursor).await, Vec::<Value>::new(), "nothing new, nothing told");
        assert!(!carrier.asked(DEVICE).is_empty());
    }

    async fn what_is_saved_on_a_call_is_told_and_what_is_being_typed_is_not(t: &TestApp) {
        work(t);
        let id = world::wrapping_up(&t.app, &t.ours, &t.ours.agent).await;
        let ana = t.by(&t.ours.agent);
        let path = format!("/calls/{id}");
        let mut cursor = "0".to_owned();
        ana.patch(&path, json!({"note": "wants a qu", "draft": true})).await.ok(200);
        assert_eq!(updates(t, &mut cursor).await, Vec::<Value>::new());
        ana.patch(&path, json!({"note": "wants a quote", "disposition": "Sale"})).await.ok(200);
        t.by(&t.ours.supervisor).patch(&path, json!({"note": "wants two quotes"})).await.ok(200);
        let told = updates(t, &mut cursor).await;
        let notes: Vec<_> = told.iter().map(|call| (&call["note"], &call["disposition"], &call["phase"])).collect();
        let (sale, ended) = (json!("Sale"), json!("ended"));
        assert_eq!(notes, [(&json!("wants a quote"), &sale, &ended), (&json!("wants two quotes"), &sale, &ended)]);
    }

    async fn contacts_and_numbers_that_change_are_told_whole(t: &TestApp) {
        work(t);
        let (ana, admin) = (t.by(&t.ours.agent), t.by(&t.ours.admin));
        let (_, cursor) = events(t, "0").await;
        let id = world::contact(&ana, "Ada Byron", "+14155550142").await;
        ana.patch(&format!("/contacts/{id}"), json!({"name": "Ada Lovelace"})).await.ok(200);
        ana.patch(&format!("/contacts/{id}"), json!({"name": ""})).await.problem(422);
        t.by(&t.ours.supervisor).delete(&format!("/contacts/{id}")).await.ok(204);
        let number = ana.get("/numbers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        admin.patch(&format!("/numbers/{number}"), json!({"label": "Main line"})).await.ok(200);
        let added = admin.post("/numbers", json!({"number": "+14155550101"})).await.ok(201);
        admin.delete(&format!("/numbers/{}", added["id"].as_str().unwrap())).await.ok(204);
        let (told, _) = events(t, &cursor).await;
        let mut seen = Vec::new();
        for event in &told {
            let (kind, data) = (event["type"].as_str().unwrap(), &event["data"]);
            let whole = &data[kind];
            assert!(whole.is_null() || whole["id"] == data["id"], "{event}");
            let shown = whole["name"].as_str().or(whole["label"].as_str());
            seen.push((kind, data["change"].as_str().unwrap(), shown));
        }
        assert_eq!(seen, [
            ("contact", "added", Some("Ada Byron")),
            ("contact", "changed", Some("Ada Lovelace")),
            ("contact", "removed", None),
            ("number", "changed", Some("Main line")),
            ("number", "added", None),
            ("number", "removed", None),
        ]);
        let theirs = t.by(&t.theirs.agent).get("/events/poll?cursor=0").await.ok(200);
        assert!(!theirs.to_string().contains("Ada"), "{theirs}");
    }
}
