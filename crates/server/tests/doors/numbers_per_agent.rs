//! Numbers per agent: its document's flows with its own examples.

use axum::http::Method;
use serde_json::{Value, json};

use super::devices::{self, CALLER, arrives, attribute, identity, presence, way_of};
use super::queue_conference::{client_name, dialled, joined, leg_ends, room, sids};
use crate::calls::carrier::{Carrier, path_of, quiet, refusal, webhook};
use crate::support::{Answer, Client, Person, TestApp, stories, world};

const VOICE: &str = "/api/webhooks/twilio/voice";
const STATUS: &str = "/api/webhooks/twilio/status";
const RECORDING: &str = "/api/webhooks/twilio/recording";

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    let path = format!("/api/calling/{path}");
    client.raw(Method::POST, &path, body.to_string()).await
}

/// The organization's number is this agent's own.
async fn assigned(t: &TestApp, who: &Person) {
    let admin = t.by(&t.ours.admin);
    let id = admin.get("/numbers").await.ok(200)["items"][0]["id"].clone();
    let path = format!("/numbers/{}", id.as_str().unwrap());
    admin.patch(&path, json!({ "agent": who.id })).await.ok(200);
}

async fn only_call(t: &TestApp) -> Value {
    let list = t.by(&t.ours.owner).get("/calls").await.ok(200);
    let calls = list["items"].as_array().unwrap();
    assert_eq!(calls.len(), 1, "{list}");
    calls[0].clone()
}

/// A call whose agent stands in the room and whose customer is being dialled; the `CallSid` of the agent's leg.
async fn under_way(t: &TestApp, carrier: &Carrier) -> String {
    assigned(t, &t.ours.agent).await;
    let clicked = json!({ "toNumber": "+12025550123" });
    let started = post(&t.by(&t.ours.agent), "make-call", clicked)
        .await
        .ok(200);
    let sid = started["callSid"].as_str().unwrap().to_owned();
    let rung = carrier.asked("/Calls.json").remove(0);
    let fields = [
        ("CallSid", sid.as_str()),
        ("From", t.ours.number.as_str()),
        ("To", rung.field("To")),
        ("Direction", "outbound-api"),
        ("CallStatus", "in-progress"),
    ];
    let taken_up = webhook(t, &t.ours, &path_of(rung.field("Url")), &fields).await;
    joined(t, &taken_up.text, &sid, "1").await;
    sid
}

stories! {
    async fn the_token_is_the_agents_own_and_names_the_agents_number(t: &TestApp) {
        let client = t.by(&t.ours.agent);
        let given = client.raw(Method::GET, "/api/calling/token", String::new()).await.ok(200);
        assert_eq!(given["token"].as_str().unwrap().split('.').count(), 3);
        assert_eq!(given["identity"], client_name(&t.ours, &t.ours.agent).trim_start_matches("client:"));
        assert_eq!((&given["phoneNumber"], &given["userId"]), (&json!(t.ours.number), &json!(t.ours.agent.id)));
    }

    /// The assigned agent's device rings, and nobody else's. A2 T-room-single-source, A5 T-claim-before-audio, D9 T-identity-parse.
    async fn t_claim_before_audio_a_caller_rings_at_the_assigned_agents_device_and_both_meet_in_one_room(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        assigned(t, &t.ours.agent).await;
        for who in [&t.ours.agent, &t.ours.supervisor] {
            devices::get(t, who, "/api/calling/token").await.ok(200);
            assert_eq!(presence(t, who).await, "available", "whoever has a token is there");
        }
        let answer = arrives(t, VOICE, CALLER).await;
        let own = identity(t, &t.ours.agent);
        assert!(answer.matches("<Client").count() == 1 && answer.contains(&own), "the assigned agent's alone: {answer}");
        let device = "CA123456000000000000000000000000e9";
        let asks = [("CallSid", device), ("ParentCallSid", CALLER), ("CallStatus", "in-progress")];
        let waits = webhook(t, &t.ours, &way_of(&answer, &own), &asks).await.text;
        assert!(waits.contains("<Pause"), "{waits}");
        quiet(t).await;
        let led = carrier.asked(&format!("/Calls/{device}.json"));
        let agents = webhook(t, &t.ours, &path_of(led[0].field("Url")), &[("CallSid", device), ("CallStatus", "in-progress")]).await.text;
        let ended = [("CallSid", CALLER), ("CallStatus", "in-progress"), ("DialCallStatus", "completed"), ("DialCallSid", device)];
        let callers = webhook(t, &t.ours, &attribute(&answer, "action"), &ended).await.text;
        assert_eq!(room(&agents), room(&callers));
        devices::joined(t, &agents, device, "1").await;
        devices::joined(t, &callers, CALLER, "2").await;
        assert_eq!(only_call(t).await["status"], "in-progress");
        let saved = post(&t.by(&t.ours.agent), "save-call", json!({ "callSid": device })).await.ok(200);
        assert_eq!(saved["callId"], only_call(t).await["id"]);
        post(&t.by(&t.ours.agent), "end-call", json!({ "callSid": device })).await.ok(200);
        quiet(t).await;
        assert_eq!(only_call(t).await["outcome"], "answered");
    }

    /// A1 T-accept-race: a route of several agents, their devices taken up at the same moment, again and again.
    async fn t_accept_race_of_two_devices_at_once_one_has_the_caller(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        let people = [&t.ours.agent, &t.ours.supervisor];
        let admin = t.by(&t.ours.admin);
        let number = admin.get("/numbers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let both = json!({ "route": { "to": { "kind": "ring_agents", "agents": people.map(|who| who.id.clone()), "seconds": 40 } } });
        admin.patch(&format!("/numbers/{number}"), both).await.ok(200);
        for who in people {
            devices::get(t, who, "/api/calling/token").await.ok(200);
        }
        quiet(t).await;
        let answer = arrives(t, VOICE, CALLER).await;
        let ways = people.map(|who| way_of(&answer, &identity(t, who)));
        let mut won = Vec::new();
        for _ in 0..5 {
            let [one, two] = [("CAdevice0", &ways[0]), ("CAdevice1", &ways[1])].map(|(sid, way)| async move {
                let asks = [("CallSid", sid), ("ParentCallSid", CALLER), ("CallStatus", "in-progress")];
                (sid, webhook(t, &t.ours, way, &asks).await.text)
            });
            let (one, two) = tokio::join!(one, two);
            won.extend([one, two].into_iter().filter(|(_, text)| text.contains("<Pause")).map(|(sid, _)| sid));
        }
        won.dedup();
        assert_eq!(won.len(), 1, "one device, however often they ask: {won:?}");
        let agent = only_call(t).await["agent"]["id"].clone();
        assert_eq!(agent, people[usize::from(won[0] == "CAdevice1")].id.as_str());
    }

    /// The document's test call: the agent first, then the customer, who sees the agent's number.
    async fn a_click_calls_the_agent_first_and_shows_the_customer_the_agents_number(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let more = json!({ "number": "+14155550188" });
        t.by(&t.ours.admin).post("/numbers", more).await.ok(201);
        assigned(t, &t.ours.agent).await;
        let own = t.by(&t.ours.admin).get("/numbers").await.ok(200)["items"].as_array().unwrap().iter()
            .find(|number| number["agent"] == t.ours.agent.id.as_str()).unwrap()["number"].clone();
        let ada = world::contact(&t.by(&t.ours.owner), "Ada", "+12025550199").await;
        let clicked = json!({ "toNumber": "(202) 555-0123", "leadId": ada, "customerId": "cus_elsewhere", "dealId": "deal-7" });
        let started = post(&t.by(&t.ours.agent), "make-call", clicked).await.ok(200);
        assert_eq!(started["success"], true);
        let rung = carrier.asked("/Calls.json").remove(0);
        assert_eq!((rung.field("To"), rung.field("From")), (client_name(&t.ours, &t.ours.agent).as_str(), own.as_str().unwrap()));
        let call = only_call(t).await;
        assert_eq!((&started["callRecordId"], &call["from_number"], &call["contact"]["id"]), (&call["id"], &own, &json!(ada)));
        leg_ends(t, started["callSid"].as_str().unwrap(), "no-answer").await;
        assert_eq!(only_call(t).await["status"], "no-answer");
        assert_eq!(dialled(&carrier).len(), 1, "the customer is never called into an empty room");
    }

    async fn each_documented_error_says_what_it_always_said(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let client = t.by(&t.ours.agent);
        let refused = post(&client, "make-call", json!({ "toNumber": "+12025550123" })).await.ok(400);
        assert!(refused["error"].as_str().unwrap().starts_with("No phone number assigned to user"), "{refused}");
        assigned(t, &t.ours.agent).await;
        for body in [json!({}), json!({ "toNumber": "+1" }), json!({ "toNumber": "" })] {
            let refused = post(&client, "make-call", body).await.ok(400);
            assert_eq!(refused["field"], "toNumber", "{refused}");
            assert!(refused["error"].as_str().unwrap().contains("(202) 555-0123"), "the formats are named: {refused}");
        }
        assert!(carrier.asked("").is_empty());
        carrier.answers(|asked, _| (asked.method == Method::POST).then(|| refusal(401, 20003)));
        let clicked = json!({ "toNumber": "+12025550123" });
        let refused = t.while_time_passes(post(&client, "make-call", clicked)).await.ok(500);
        assert!(refused["error"].as_str().unwrap().starts_with("Failed to make call: authentication failed"), "{refused}");
        for path in ["save-call", "end-call"] {
            let refused = post(&client, path, json!({})).await.ok(400);
            assert_eq!((&refused["field"], &refused["code"]), (&json!("callSid"), &json!("missing")));
            assert_eq!(post(&client, path, json!({ "callSid": "CAnobody" })).await.ok(404)["code"], "not_found");
        }
    }

    async fn a_call_is_saved_by_its_sid_with_whom_it_was(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let sid = under_way(t, &carrier).await;
        let ada = world::contact(&t.by(&t.ours.owner), "Ada", "+12025550199").await;
        let client = t.by(&t.ours.agent);
        let body = json!({ "callSid": sid, "toNumber": "+12025550123", "leadId": "lead-1", "customerId": null, "dealId": null });
        let saved = post(&client, "save-call", body).await.ok(200);
        let call = only_call(t).await;
        assert_eq!((&saved["success"], &saved["callId"], &call["contact"]), (&json!(true), &call["id"], &Value::Null));
        let with = json!({ "callSid": sid, "customerId": ada });
        post(&client, "save-call", with.clone()).await.ok(200);
        assert_eq!(only_call(t).await["contact"]["name"], "Ada");
        let ben = world::contact(&t.by(&t.ours.owner), "Ben", "+12025550198").await;
        post(&client, "save-call", json!({ "callSid": sid, "leadId": ben })).await.ok(200);
        assert_eq!(only_call(t).await["contact"]["name"], "Ada", "what is known stays");
        let meddles = post(&t.by(&t.theirs.owner), "save-call", with.clone()).await;
        meddles.ok(404);
        let made: Value = post(&t.by(&t.ours.admin), "save-call", with).await.ok(200);
        assert_eq!(made["callId"], call["id"], "whoever looks after calls may");
    }

    /// The system that this door takes the place of let anybody end any call. G3 T-authz-matrix.
    async fn t_authz_matrix_a_call_is_ended_by_its_agent_or_whoever_looks_after_calls_and_nobody_else(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let sid = under_way(t, &carrier).await;
        let body = json!({ "callSid": sid });
        assert_eq!(post(&t.nobody(), "end-call", body.clone()).await.ok(401)["error"], "Access denied");
        post(&t.by(&t.theirs.owner), "end-call", body.clone()).await.ok(404);
        let other = json!({ "email": "other@ours.example", "name": "Other", "role": "agent" });
        let link = t.by(&t.ours.admin).post("/users", other).await.ok(201)["link"].as_str().unwrap().to_owned();
        let path = format!("/setup/{}", link.rsplit('/').next().unwrap());
        let session = t.nobody().post(&path, json!({ "password": "a horse that staples" })).await.ok(201);
        let other = t.nobody().bearer(session["token"].as_str().unwrap());
        let refused = post(&other, "end-call", body.clone()).await.ok(403);
        assert!(refused["error"].as_str().unwrap().contains("belongs to"), "{refused}");
        post(&other, "save-call", body.clone()).await.ok(403);
        assert_eq!(only_call(t).await["ended_at"], Value::Null);
        let ended = post(&t.by(&t.ours.agent), "end-call", body.clone()).await.ok(200);
        assert_eq!((&ended["success"], &ended["callId"]), (&json!(true), &only_call(t).await["id"]));
        quiet(t).await;
        let call = only_call(t).await;
        assert_eq!((&call["status"], &call["ended_by"]), (&json!("canceled"), &json!("agent")));
        post(&t.by(&t.ours.agent), "end-call", body.clone()).await.ok(200);
        post(&t.by(&t.ours.supervisor), "end-call", body).await.ok(200);
        assert_eq!(only_call(t).await["ended_at"], call["ended_at"]);
    }

    async fn a_supervisor_ends_an_agents_call(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let sid = under_way(t, &carrier).await;
        post(&t.by(&t.ours.supervisor), "end-call", json!({ "callSid": sid })).await.ok(200);
        assert_eq!(only_call(t).await["ended_by"], "supervisor");
    }

    /// The document's webhooks, in an order that the carrier may well choose: recording, status, then nothing more.
    async fn a_callers_end_and_recording_are_kept_in_any_order(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        let sid = "CA123456000000000000000000000000e1";
        let fields = [("CallSid", sid), ("From", "+14155550142"), ("To", t.ours.number.as_str()), ("Direction", "inbound"), ("CallStatus", "ringing")];
        let answer = webhook(t, &t.ours, VOICE, &fields).await;
        assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");
        let recording = [("CallSid", sid), ("RecordingSid", "RE1"), ("RecordingUrl", "https://api.twilio.com/RE1"), ("RecordingStatus", "completed"), ("RecordingDuration", "31")];
        assert_eq!(webhook(t, &t.ours, RECORDING, &recording).await.ok(200), json!({ "success": true }));
        let status = [("CallSid", sid), ("CallStatus", "Completed"), ("CallDuration", "33"), ("From", "+14155550142"), ("To", t.ours.number.as_str())];
        webhook(t, &t.ours, STATUS, &status).await.ok(200);
        let status = [("CallSid", sid), ("CallStatus", "completed"), ("CallDuration", "33"), ("From", "+14155550142"), ("To", t.ours.number.as_str())];
        webhook(t, &t.ours, STATUS, &status).await.ok(200);
        quiet(t).await;
        let call = only_call(t).await;
        assert_eq!((&call["outcome"], &call["duration_seconds"]), (&json!("abandoned"), &json!(33)));
        let whole = t.by(&t.ours.owner).get(&format!("/calls/{}", call["id"].as_str().unwrap())).await.ok(200);
        assert_eq!(whole["recordings"][0]["seconds"], 31, "not erased by what came after it");
    }
}
