//! Forwarding and event log: its document's flows with its own examples.

use axum::http::Method;
use serde_json::{Value, json};

use super::queue_conference::{attribute, client_name, dialled, joined, leg_ends, sids};
use crate::calls::carrier::{Carrier, path_of, quiet, webhook, work};
use crate::set_up::first_run_link;
use crate::support::{Answer, Client, Person, TestApp, World, stories, world};

const ANSWER: &str = "/api/twilio/voice/answer";
const STATUS: &str = "/api/twilio/voice/status";
const RECORDING: &str = "/api/twilio/voice/recording";
const CALLER: &str = "CA123456000000000000000000000000d1";
const PHONE: &str = "CA123456000000000000000000000000d2";
/// Every status that the carrier knows.
const STATUSES: [&str; 9] = [
    "queued",
    "initiated",
    "ringing",
    "in-progress",
    "completed",
    "busy",
    "no-answer",
    "failed",
    "canceled",
];

async fn initiate(client: &Client, body: Value) -> Answer {
    let body = body.to_string();
    client.raw(Method::POST, "/api/calls/initiate", body).await
}

/// A team whose environment had the document's number and `FORWARD_PHONE_NUMBER`.
async fn team(t: &TestApp) -> World {
    work(t);
    let number = ("US", "(877) 780-4236");
    World::of(&t.app, "fieldlite", number, Some("+12345678901")).await
}

async fn comes(t: &TestApp, team: &World, from: &str) -> Answer {
    let fields = [
        ("CallSid", CALLER),
        ("From", from),
        ("To", "+18777804236"),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    webhook(t, team, ANSWER, &fields).await
}

async fn thanked(t: &TestApp, team: &World, path: &str, fields: &[(&str, &str)]) {
    let answer = webhook(t, team, path, fields).await;
    assert!(matches!(answer.status.as_u16(), 200 | 204), "{path}");
    quiet(t).await;
}

async fn only_call(t: &TestApp, owner: &Person) -> Value {
    let list = t.by(owner).get("/calls").await.ok(200);
    let calls = list["items"].as_array().unwrap();
    assert_eq!(calls.len(), 1, "{list}");
    calls[0].clone()
}

/// What the event log holds of a leg's call, oldest first: the fields as the carrier sent them.
async fn logged(t: &TestApp, owner: &Person, leg: &str) -> Vec<Value> {
    let log = t.by(owner).get(&format!("/call-events?leg={leg}")).await;
    let log = log.ok(200)["items"].as_array().unwrap().clone();
    log.into_iter()
        .rev()
        .map(|e| e["payload"]["said"].clone())
        .collect()
}

stories! {
    /// The document's flow of an incoming call, from `FORWARD_PHONE_NUMBER` to the row in the history.
    async fn a_caller_reaches_the_forward_phone_shown_as_the_original_caller_recorded_and_written_down(t: &TestApp) {
        let team = team(t).await;
        let answer = comes(t, &team, "+14155550142").await;
        assert_eq!((answer.status.as_u16(), &answer.headers["content-type"]), (200, &"text/xml; charset=utf-8".parse().unwrap()));
        let twiml = answer.text;
        assert!(twiml.contains("record=\"record-from-ringing-dual\"") && twiml.contains(">+12345678901</Number>"), "{twiml}");
        assert!(twiml.contains("callerId=\"+14155550142\""), "the original caller's number is shown: {twiml}");
        assert_eq!(only_call(t, &team.owner).await["status"], "ringing");
        let of_phone = attribute(&twiml, "statusCallback=\"");
        for (n, status) in ["initiated", "ringing", "in-progress", "completed"].into_iter().enumerate() {
            let sequence = n.to_string();
            let fields = [("CallSid", PHONE), ("ParentCallSid", CALLER), ("CallStatus", status), ("Direction", "outbound-dial"),
                ("From", "+14155550142"), ("To", "+12345678901"), ("SequenceNumber", sequence.as_str())];
            thanked(t, &team, &of_phone, &fields).await;
            if status == "in-progress" {
                assert_eq!(only_call(t, &team.owner).await["status"], "in-progress");
            }
        }
        let ended = [("CallSid", CALLER), ("CallStatus", "in-progress"), ("DialCallSid", PHONE), ("DialCallStatus", "completed"), ("DialCallDuration", "140")];
        let after = webhook(t, &team, &attribute(&twiml, "action=\""), &ended).await;
        assert!(after.text.contains("<Hangup/>") && after.headers["content-type"].to_str().unwrap().starts_with("text/xml"), "{}", after.text);
        thanked(t, &team, STATUS, &[("CallSid", CALLER), ("CallStatus", "completed"), ("CallDuration", "145"), ("Direction", "inbound")]).await;
        let recording = [("CallSid", CALLER), ("RecordingSid", "RE00000000000000000000000000000001"),
            ("RecordingUrl", "https://api.twilio.com/recording.mp3"), ("RecordingDuration", "145")];
        assert_eq!(webhook(t, &team, RECORDING, &recording).await.ok(200), json!({ "success": true }));
        quiet(t).await;
        let call = only_call(t, &team.owner).await;
        assert_eq!((&call["direction"], &call["from_number"], &call["to_number"]), (&json!("inbound"), &json!("+14155550142"), &json!("+18777804236")));
        assert_eq!((&call["status"], &call["outcome"], &call["duration_seconds"]), (&json!("completed"), &json!("forwarded"), &json!(145)), "{call}");
        let whole = t.by(&team.owner).get(&format!("/calls/{}", call["id"].as_str().unwrap())).await.ok(200);
        assert_eq!((&whole["recordings"][0]["seconds"], whole["recordings"].as_array().unwrap().len()), (&json!(145), 1));
        // What the carrier said stands in the event log to the letter; the file is played by us, never from that address.
        let log = logged(t, &team.owner, CALLER).await;
        assert_eq!(log[0]["CallStatus"], "ringing");
        assert!(log.iter().any(|said| said["CallDuration"] == "145"), "{log:?}");
        assert!(log.iter().any(|said| said["RecordingUrl"] == "https://api.twilio.com/recording.mp3"), "{log:?}");
        assert!(!whole["recordings"].to_string().contains("api.twilio.com"));
    }

    async fn a_caller_without_a_number_is_shown_as_ours_and_a_phone_that_nobody_takes_up_leads_to_a_message(t: &TestApp) {
        let team = team(t).await;
        let twiml = comes(t, &team, "anonymous").await.text;
        assert!(twiml.contains("callerId=\"+18777804236\""), "{twiml}");
        let ended = [("CallSid", CALLER), ("CallStatus", "in-progress"), ("DialCallSid", PHONE), ("DialCallStatus", "no-answer")];
        let after = webhook(t, &team, &attribute(&twiml, "action=\""), &ended).await.text;
        assert!(after.contains("<Record"), "{after}");
        // The document's own example of a caller, which is no number that exists, and a number that nobody has here.
        let odd = [("CallSid", "CAxxxx"), ("From", "+1234567890"), ("To", "+0987654321"), ("Direction", "inbound"), ("CallStatus", "ringing")];
        let answer = webhook(t, &team, ANSWER, &odd).await;
        assert!(answer.status == 200 && answer.text.contains("number-unknown.wav"), "{}", answer.text);
    }

    /// T-all-provider-statuses-storable, T-verbatim-body, T-monotonic-status: every status of the carrier, in the worst order.
    async fn every_status_stands_in_the_event_log_with_all_that_was_said_and_none_reopens_the_call(t: &TestApp) {
        let team = team(t).await;
        let twiml = comes(t, &team, "+14155550142").await.text;
        let of_phone = attribute(&twiml, "statusCallback=\"");
        let odd = "Confirm Monday=yes, see javascript:void <b>Zoë & 🙂</b> +1\t";
        for (n, status) in STATUSES.iter().rev().enumerate() {
            let sequence = n.to_string();
            let fields = [("CallSid", PHONE), ("ParentCallSid", CALLER), ("CallStatus", *status), ("SequenceNumber", sequence.as_str()), ("CallerName", odd)];
            for _ in 0..2 {
                thanked(t, &team, &of_phone, &fields).await;
            }
        }
        let log = logged(t, &team.owner, PHONE).await;
        for status in STATUSES {
            let said: Vec<_> = log.iter().filter(|said| said["CallStatus"] == status && said["CallerName"] == odd).collect();
            assert_eq!(said.len(), 1, "{status}, once: {log:?}");
        }
        thanked(t, &team, STATUS, &[("CallSid", CALLER), ("CallStatus", "completed"), ("CallDuration", "9")]).await;
        let over = only_call(t, &team.owner).await;
        thanked(t, &team, STATUS, &[("CallSid", CALLER), ("CallStatus", "ringing")]).await;
        thanked(t, &team, STATUS, &[("CallSid", CALLER), ("CallStatus", "in-progress")]).await;
        let still = only_call(t, &team.owner).await;
        assert_eq!((&still["status"], &still["ended_at"], &still["duration_seconds"]), (&over["status"], &over["ended_at"], &json!(9)));
    }

    async fn the_event_log_is_read_by_time_by_call_and_page_by_page_and_only_by_admins_of_its_organization(t: &TestApp) {
        let team = team(t).await;
        comes(t, &team, "+14155550142").await;
        thanked(t, &team, STATUS, &[("CallSid", CALLER), ("CallStatus", "completed"), ("CallDuration", "9")]).await;
        let admin = t.by(&team.admin);
        let all = admin.get("/call-events?from=2026-11-20T08:00:00Z").await.ok(200);
        let lines = all["items"].as_array().unwrap().clone();
        assert!(lines.len() >= 2, "{all}");
        let mut paged = Vec::new();
        let mut next = Some(String::new());
        while let Some(cursor) = next {
            let page = admin.get(&format!("/call-events?limit=1&cursor={cursor}")).await.ok(200);
            paged.extend(page["items"].as_array().unwrap().clone());
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(paged, lines, "page by page the same");
        let call = lines[0]["call_id"].as_str().unwrap();
        assert_eq!(admin.get(&format!("/call-events?call={call}&leg={CALLER}")).await.ok(200)["items"], json!(lines));
        for nothing in ["leg=CAnobody", "to=2026-11-20T08:00:00Z"] {
            assert_eq!(admin.get(&format!("/call-events?{nothing}")).await.ok(200)["items"], json!([]), "{nothing}");
        }
        admin.get("/call-events?call=nonsense").await.problem(422);
        admin.get("/call-events?cursor=nonsense").await.problem(422);
        let elsewhere = t.by(&t.ours.admin).get(&format!("/call-events?leg={CALLER}")).await.ok(200);
        assert_eq!(elsewhere["items"], json!([]));
    }

    /// The document's flow of an outgoing call: `{to, contactId, record}` → `{success, callSid, status}`.
    async fn a_click_calls_the_agent_first_and_then_the_customer_recorded(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let client = t.by(&t.ours.agent);
        let ada = world::contact(&t.by(&t.ours.owner), "Ada", "+12025550123").await;
        let body = json!({ "to": "+12025550123", "contactId": "6b1d7f0e-0000-4000-8000-000000000000", "record": true, "dealId": "d1" });
        let started = initiate(&client, body).await.ok(200);
        assert_eq!((&started["success"], &started["status"]), (&json!(true), &json!("queued")));
        let sid = started["callSid"].as_str().unwrap();
        let rung = carrier.asked("POST").into_iter().find(|asked| asked.path.ends_with("/Calls.json")).unwrap();
        assert_eq!((rung.field("To"), sid), (client_name(&t.ours, &t.ours.agent).as_str(), format!("CAa{:031}", 0).as_str()));
        assert_eq!(dialled(&carrier), [rung.field("To")], "nobody is called into an empty room");
        let fields = [("CallSid", sid), ("From", t.ours.number.as_str()), ("To", rung.field("To")), ("Direction", "outbound-api"), ("CallStatus", "in-progress")];
        let taken_up = webhook(t, &t.ours, &path_of(rung.field("Url")), &fields).await.text;
        joined(t, &taken_up, sid, "1").await;
        assert_eq!(dialled(&carrier)[1..], ["+12025550123"]);
        assert_eq!(carrier.asked("Participants.json")[0].field("Record"), "true");
        let call = only_call(t, &t.ours.owner).await;
        assert_eq!((&call["contact"]["id"], &call["agent"]["id"], &call["direction"]), (&json!(ada), &json!(t.ours.agent.id), &json!("outbound")));
        // The document's own example of a status.
        let status = [("CallSid", sid), ("CallStatus", "completed"), ("CallDuration", "145"), ("Direction", "outbound-api")];
        thanked(t, &t.ours, STATUS, &status).await;
        assert_eq!(only_call(t, &t.ours.owner).await["status"], "canceled", "the agent left while it rang");
        let log = logged(t, &t.ours.admin, sid).await;
        assert!(log.iter().any(|said| said["CallDuration"] == "145" && said["Direction"] == "outbound-api"), "{log:?}");
    }

    async fn recording_is_left_out_where_the_click_says_so_and_a_repeat_is_the_same_call(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let client = t.by(&t.ours.agent).header("idempotency-key", "click-1");
        let body = json!({ "to": "(202) 555-0123", "record": false });
        let (one, two) = tokio::join!(initiate(&client, body.clone()), initiate(&client, body));
        let (one, two) = (one.ok(200), two.ok(200));
        assert_eq!((&one["callId"], &one["callSid"]), (&two["callId"], &two["callSid"]));
        let rung = &carrier.asked("/Calls.json")[0];
        let sid = one["callSid"].as_str().unwrap();
        let fields = [("CallSid", sid), ("From", t.ours.number.as_str()), ("To", rung.field("To")), ("Direction", "outbound-api"), ("CallStatus", "in-progress")];
        let taken_up = webhook(t, &t.ours, &path_of(rung.field("Url")), &fields).await.text;
        joined(t, &taken_up, sid, "1").await;
        let customer = &carrier.asked("Participants.json")[0];
        assert_eq!((customer.field("To"), customer.field("Record")), ("+12025550123", ""));
        assert_eq!(dialled(&carrier).len(), 2, "one click, one call");
    }

    async fn nobody_at_the_agents_ends_it_as_no_answer_and_the_customer_is_never_dialled(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let started = initiate(&t.by(&t.ours.agent), json!({ "to": "+12025550123" })).await.ok(200);
        leg_ends(t, started["callSid"].as_str().unwrap(), "no-answer").await;
        assert_eq!(only_call(t, &t.ours.owner).await["status"], "no-answer");
        assert_eq!(dialled(&carrier).len(), 1);
    }

    /// Each documented error: no recipient, no carrier account, no number, the carrier's no.
    async fn what_cannot_be_called_is_refused_in_words_before_the_carrier_is_asked(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let client = t.by(&t.ours.agent);
        for to in [json!({}), json!({ "to": "" }), json!({ "to": "12" }), json!({ "to": null, "contactId": "" })] {
            let refused = initiate(&client, to).await.ok(400);
            assert_eq!((&refused["success"], &refused["field"]), (&json!(false), &json!("to")));
            assert!(refused["error"].as_str().unwrap().contains("(202) 555-0123"), "the formats are named: {refused}");
        }
        assert!(carrier.asked("").is_empty());
        let theirs = t.by(&t.theirs.admin);
        let number = theirs.get("/numbers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        theirs.delete(&format!("/numbers/{number}")).await.ok(204);
        let refused = initiate(&theirs, json!({ "to": "+12025550123" })).await.ok(400);
        assert_eq!(refused["code"], "no_number");
        let answers = json!({ "organization": "New", "country": "us", "name": "Nia", "email": "nia@new.example", "password": "wheels go round" });
        let new = t.nobody().post(&format!("/setup/{}", first_run_link(t).await), answers).await.ok(201);
        let refused = initiate(&t.nobody().bearer(new["token"].as_str().unwrap()), json!({ "to": "+12025550123" })).await.ok(400);
        assert_eq!(refused["code"], "no_carrier");
        carrier.answers(|asked, _| (asked.method == Method::POST).then(|| crate::calls::carrier::refusal(401, 20003)));
        let refused = t.while_time_passes(initiate(&client, json!({ "to": "+12025550123" }))).await.ok(500);
        assert_eq!((&refused["code"], &refused["carrier_code"]), (&json!("call_refused"), &json!(20003)));
    }
}
