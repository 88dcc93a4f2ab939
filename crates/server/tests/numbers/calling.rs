//! What agents set for their calls has effects: where calls go instead, what is shown, what is recorded.

use serde_json::{Value, json};

use super::yes;
use crate::calls::carrier::{Carrier, later, quiet, webhook};
use crate::support::{Person, TestApp, stories};

const MOBILE: &str = "+14155550177";

/// The agent's calling settings are changed.
async fn set(t: &TestApp, agent: &Person, change: Value) -> Value {
    let path = format!("/agents/{}/calling", agent.id);
    let admin = t.by(&t.ours.admin);
    t.while_time_passes(admin.put(&path, change)).await.ok(200)
}

/// The organization's number becomes this agent's own.
async fn owns(t: &TestApp, agent: &Person) {
    let numbers = t.by(&t.ours.admin).get("/numbers").await.ok(200);
    set(t, agent, json!({ "number_id": numbers["items"][0]["id"] })).await;
}

async fn comes(t: &TestApp, sid: &str) -> String {
    let number = t.ours.number.clone();
    let fields = [
        ("CallSid", sid),
        ("From", "+14155550142"),
        ("To", number.as_str()),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    webhook(t, &t.ours, "/webhooks/twilio/voice", &fields)
        .await
        .text
}

stories! {
    async fn a_number_given_to_an_agent_rings_that_agent_and_goes_back_when_it_is_taken(t: &TestApp) {
        owns(t, &t.ours.agent).await;
        let number = t.by(&t.ours.admin).get("/numbers").await.ok(200)["items"][0].clone();
        assert_eq!(number["route"]["to"], json!({ "kind": "ring_agents", "agents": [t.ours.agent.id], "seconds": 60 }));
        assert_eq!(number["way"]["sentence"], "Calls ring agent ours; after a minute, they go to voicemail.");
        set(t, &t.ours.agent, json!({ "number_id": null })).await;
        let number = t.by(&t.ours.admin).get("/numbers").await.ok(200)["items"][0].clone();
        assert_eq!(number["route"]["to"]["kind"], "queue");
        assert_eq!(number["agent"], json!(null));
    }

    async fn who_sends_every_call_on_is_never_rung(t: &TestApp) {
        owns(t, &t.ours.agent).await;
        set(t, &t.ours.agent, json!({ "own_phone": "+14155550160", "forward_always": MOBILE })).await;
        t.by(&t.ours.agent).put("/me/availability", json!({ "state": "available" })).await.ok(200);
        let text = comes(t, "CA00000000000000000000000000000f01").await;
        assert!(text.contains(">+14155550177</Number>"), "{text}");
        assert_eq!(t.by(&t.ours.agent).get("/offers").await.ok(200)["items"], json!([]));
        let number = t.by(&t.ours.admin).get("/numbers").await.ok(200)["items"][0].clone();
        assert!(number["way"]["sentence"].as_str().unwrap().contains("as agent ours has set"), "{number}");
        // Nor by the queue.
        let queue = t.by(&t.ours.admin).get("/queues").await.ok(200)["items"][0]["id"].clone();
        let path = format!("/numbers/{}", number["id"].as_str().unwrap());
        t.by(&t.ours.admin).patch(&path, json!({ "route": { "to": { "kind": "queue", "queue": queue } } })).await.ok(200);
        comes(t, "CA00000000000000000000000000000f02").await;
        assert_eq!(t.by(&t.ours.agent).get("/offers").await.ok(200)["items"], json!([]));
    }

    async fn who_talks_sends_calls_on_and_who_does_not_is_rung(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        owns(t, &t.ours.agent).await;
        set(t, &t.ours.agent, json!({ "own_phone": "+14155550160", "forward_on_busy": MOBILE })).await;
        t.by(&t.ours.agent).put("/me/availability", json!({ "state": "available" })).await.ok(200);
        let text = comes(t, "CA00000000000000000000000000000f01").await;
        assert!(text.contains("<Enqueue"), "{text}");
        let offer = t.by(&t.ours.agent).get("/offers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        t.by(&t.ours.agent).post(&format!("/offers/{offer}/accept"), json!({})).await.ok(200);
        let text = comes(t, "CA00000000000000000000000000000f02").await;
        assert!(text.contains(">+14155550177</Number>"), "{text}");
        quiet(t).await;
        drop(carrier);
    }

    async fn a_call_that_is_not_taken_in_time_goes_on_and_ends_without_a_message_where_none_is_wanted(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        owns(t, &t.ours.agent).await;
        set(t, &t.ours.agent, json!({ "forward_on_no_answer": MOBILE, "voicemail": false })).await;
        let sid = "CA00000000000000000000000000000f01";
        assert!(comes(t, sid).await.contains("<Enqueue"));
        later(t, 62).await;
        assert!(!carrier.asked(&format!("POST /2010-04-01/Accounts/{}/Calls/{sid}", crate::calls::carrier::account_of(t, &t.ours).await)).is_empty(), "the caller is led on");
        let call = t.by(&t.ours.admin).get("/calls").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let next = format!("/webhooks/twilio/next?call={call}&turn=1");
        let fields = [("CallSid", sid), ("CallStatus", "in-progress"), ("From", "+14155550142"), ("To", "+14155550100")];
        let text = webhook(t, &t.ours, &next, &fields).await.text;
        assert!(text.contains(">+14155550177</Number>"), "{text}");
        let ended = format!("/webhooks/twilio/forwarded?call={call}&turn=2");
        let over = [("CallSid", sid), ("CallStatus", "in-progress"), ("DialCallStatus", "no-answer")];
        let text = webhook(t, &t.ours, &ended, &over).await.text;
        assert!(text.contains("<Hangup") && !text.contains("<Record"), "{text}");
    }

    async fn a_phone_that_may_not_be_called_is_no_place_for_calls(t: &TestApp) {
        let path = format!("/agents/{}/calling", t.ours.agent.id);
        let admin = t.by(&t.ours.admin);
        for (to, code) in [
            ("+4930901820", "country_not_allowed"),
            ("+19005550123", "premium_number"),
            (t.ours.number.as_str(), "forward_loop"),
            ("911", "invalid"),
        ] {
            let refused = admin.put(&path, json!({ "forward_always": to })).await.ok(422);
            assert_eq!(refused["code"], code, "{to}: {refused}");
        }
        let number = admin.get("/numbers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let route = json!({ "route": { "to": { "kind": "forward", "to": "+4930901820" } } });
        let refused = admin.patch(&format!("/numbers/{number}"), route).await.ok(422);
        assert_eq!(refused["code"], "country_not_allowed");
    }

    async fn what_was_right_when_it_was_set_is_looked_at_again_when_a_call_comes(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        admin.patch("/organization", json!({ "allowed_countries": ["DE"] })).await.ok(200);
        owns(t, &t.ours.agent).await;
        set(t, &t.ours.agent, json!({ "forward_always": "+4930901820" })).await;
        assert!(comes(t, "CA00000000000000000000000000000f01").await.contains("+4930901820"));
        admin.patch("/organization", json!({ "allowed_countries": [] })).await.ok(200);
        assert!(!comes(t, "CA00000000000000000000000000000f02").await.contains("+4930901820"));
    }

    async fn calls_that_come_back_again_and_again_are_not_sent_on_for_ever(t: &TestApp) {
        owns(t, &t.ours.agent).await;
        set(t, &t.ours.agent, json!({ "forward_always": MOBILE })).await;
        let mut sent_on = 0;
        for n in 0..13 {
            let text = comes(t, &format!("CA00000000000000000000000000000f{n:02}")).await;
            sent_on += usize::from(text.contains("</Number>"));
        }
        assert_eq!(sent_on, 10, "then it is a circle");
    }

    async fn a_verified_number_is_shown_and_one_that_is_not_is_refused(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            let ids = json!({ "outgoing_caller_ids": [{ "sid": "PN7", "phone_number": MOBILE, "friendly_name": "Mobile" }] });
            if asked.path.ends_with("/OutgoingCallerIds.json") { yes(ids) } else { None }
        });
        let path = format!("/agents/{}/calling", t.ours.agent.id);
        let refused = t.by(&t.ours.admin).put(&path, json!({ "caller_id": "+14155550199" })).await.ok(422);
        assert_eq!(refused["code"], "caller_id_not_owned");
        let kept = set(t, &t.ours.agent, json!({ "caller_id": MOBILE, "record": false })).await;
        assert_eq!(kept["caller_id"], MOBILE);
        let call = t.by(&t.ours.agent).post("/calls", json!({ "to": "+12125550142" })).await.ok(201);
        assert_eq!(call["from_number"], MOBILE, "{call}");
        let own = t.by(&t.ours.agent).get(&path).await.ok(200);
        assert_eq!((&own["record"], &own["caller_id"]), (&json!(false), &json!(MOBILE)));
        t.by(&t.ours.agent).get(&format!("/agents/{}/calling", t.ours.admin.id)).await.ok(403);
    }

    /// Organization, number, agent: the later word counts, with the notice that belongs to it.
    async fn the_agents_word_on_recording_comes_after_the_numbers_and_the_organizations(t: &TestApp) {
        owns(t, &t.ours.agent).await;
        let admin = t.by(&t.ours.admin);
        let number = admin.get("/numbers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let mut said = Vec::new();
        for (n, (of_number, of_agent)) in [(None, None), (Some(false), None), (Some(false), Some(true)), (None, Some(false))].into_iter().enumerate() {
            admin.patch(&format!("/numbers/{number}"), json!({ "record": of_number })).await.ok(200);
            set(t, &t.ours.agent, json!({ "record": of_agent })).await;
            let text = comes(t, &format!("CA00000000000000000000000000000e{n:02}")).await;
            said.push(text.contains("/audio/recording-notice"));
        }
        assert_eq!(said, [true, false, true, false]);
    }
}
