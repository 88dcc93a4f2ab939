//! Click-to-call and presence: its document's flows, with its own examples.

use axum::http::Method;
use serde_json::json;

use super::devices::{
    CALLER, addresses, arrives, attribute, calls, dials, get, identity, leg, presence, way_of,
};
use crate::calls::carrier::{Carrier, later, quiet, webhook, work};
use crate::support::{TestApp, stories};

const OUTBOUND: &str = "/api/twilio/outbound";
/// The document's own `CallSid` and number.
const DEVICE: &str = "CAxxxx";
const PHONE: &str = "CAcustomer";
const TO: &str = "+12025551234";

async fn outbound(t: &TestApp, to: &str) -> String {
    let more = [("To", to), ("contactName", "John Doe")];
    dials(t, &t.ours.agent, OUTBOUND, DEVICE, &more).await
}

/// Much time passes at once.
async fn jump(t: &TestApp, seconds: i64) {
    t.app
        .clock
        .advance_to(t.app.clock.now() + chrono::TimeDelta::seconds(seconds));
    quiet(t).await;
}

stories! {
    async fn the_token_is_the_agents_own_and_whoever_has_one_is_available(t: &TestApp) {
        work(t);
        let given = get(t, &t.ours.agent, "/api/twilio/token").await.ok(200);
        assert_eq!(given["identity"], identity(t, &t.ours.agent));
        assert_eq!(given["token"].as_str().unwrap().split('.').count(), 3);
        assert_eq!(presence(t, &t.ours.agent).await, "available", "nobody ever clicked a switch");
        jump(t, 3590).await;
        get(t, &t.ours.agent, "/api/twilio/token").await.ok(200);
        jump(t, 3590).await;
        assert_eq!(presence(t, &t.ours.agent).await, "available", "it asked for another one");
        jump(t, 15).await;
        assert_eq!(presence(t, &t.ours.agent).await, "offline");
        t.by(&t.ours.agent).put("/me/availability", json!({ "state": "away" })).await.ok(200);
        get(t, &t.ours.agent, "/api/twilio/token").await.ok(200);
        assert_eq!(presence(t, &t.ours.agent).await, "away", "a token does not overrule a choice");
    }

    /// The document's flow of an outgoing call, to its "Call status updates to completed, agent status returns to Available".
    async fn a_click_dials_as_documented_and_the_agent_is_on_call_and_available_by_itself(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        get(t, &t.ours.agent, "/api/twilio/token").await.ok(200);
        let answer = outbound(t, TO).await;
        let call = calls(t).await.remove(0);
        let id = call["id"].as_str().unwrap();
        assert_eq!((&call["direction"], &call["status"]), (&json!("outbound"), &json!("ringing")));
        assert_eq!((&call["to_number"], &call["from_number"]), (&json!(TO), &json!(t.ours.number)));
        assert_eq!(call["agent"]["id"], t.ours.agent.id.as_str());
        let (action, events) = (attribute(&answer, "action"), attribute(&answer, "statusCallback"));
        assert!(action.starts_with(&format!("/api/twilio/outbound-status?callId={id}&")), "{answer}");
        assert!(events.starts_with(&format!("/api/twilio/outbound-events?callId={id}&")), "{answer}");
        assert!(answer.contains(&format!(">{TO}</Number>")) && answer.contains("timeout=\"30\""), "{answer}");
        assert!(answer.contains(&format!("callerId=\"{}\"", t.ours.number)), "{answer}");
        assert_eq!(presence(t, &t.ours.agent).await, "busy");
        assert_eq!(outbound(t, TO).await, answer, "the same question again is the same call");
        for (n, status) in ["initiated", "ringing", "in-progress"].iter().enumerate() {
            let fields = [("CallSid", PHONE), ("ParentCallSid", DEVICE), ("CallStatus", status), ("SequenceNumber", &n.to_string()), ("Timestamp", "now")];
            let thanked = webhook(t, &t.ours, &events, &fields).await.ok(200);
            assert_eq!(thanked, json!({ "success": true }));
            quiet(t).await;
        }
        let talking = calls(t).await.remove(0);
        assert_eq!((&talking["status"], talking["answered_at"].is_string()), (&json!("in-progress"), true));
        later(t, 40).await;
        leg(t, &events, PHONE, "completed", &[("ParentCallSid", DEVICE), ("CallDuration", "40"), ("SequenceNumber", "3")]).await;
        let ended = [("CallSid", DEVICE), ("CallStatus", "in-progress"), ("DialCallStatus", "completed"), ("DialCallDuration", "40"), ("DialCallSid", PHONE)];
        let last = webhook(t, &t.ours, &action, &ended).await.text;
        assert!(last.contains("<Hangup/>") && !last.contains("<Say"), "{last}");
        assert!(carrier.asked(&format!("/Calls/{DEVICE}.json")).is_empty(), "the answer ends the leg, and no request beside it");
        leg(t, "/webhooks/twilio/status", DEVICE, "completed", &[("CallDuration", "50")]).await;
        let over = calls(t).await.remove(0);
        assert_eq!((&over["status"], &over["outcome"]), (&json!("completed"), &json!("answered")));
        assert_eq!(over["talk_seconds"], 40);
        later(t, 31).await;
        assert_eq!(presence(t, &t.ours.agent).await, "available", "nothing sticks");
        assert_eq!(calls(t).await.len(), 1);
    }

    async fn a_call_that_nobody_answers_is_told_in_words_at_the_documented_address(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let mut spoken = Vec::new();
        for (n, status) in ["busy", "no-answer", "failed", "canceled"].iter().enumerate() {
            let sid = format!("CAdevice{n}");
            let answer = dials(t, &t.ours.agent, OUTBOUND, &sid, &[("To", TO)]).await;
            let phone = format!("CAphone{n}");
            let events = attribute(&answer, "statusCallback");
            leg(t, &events, &phone, status, &[("ParentCallSid", &sid), ("SequenceNumber", "2")]).await;
            assert_eq!(calls(t).await.remove(0)["status"], *status);
            let ended = [("CallSid", sid.as_str()), ("CallStatus", "in-progress"), ("DialCallStatus", status), ("DialCallSid", &phone)];
            let action = attribute(&answer, "action");
            let last = webhook(t, &t.ours, &action, &ended).await.text;
            assert!(last.ends_with("<Hangup/></Response>"), "{last}");
            assert_eq!(webhook(t, &t.ours, &action, &ended).await.text, last);
            spoken.push(last.contains("<Say>"));
            assert!(carrier.asked(&format!("/Calls/{sid}.json")).is_empty(), "nothing cuts the words");
            leg(t, "/webhooks/twilio/status", &sid, "completed", &[]).await;
            assert_ne!(presence(t, &t.ours.agent).await, "busy");
        }
        assert_eq!(spoken, [true, true, true, false]);
    }

    async fn all_documented_formats_are_dialled_and_others_are_refused_in_words_before_any_call(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        for (n, to) in ["202-555-1234", "(202) 555-1234", "2025551234", "+12025551234", "12025551234"].iter().enumerate() {
            let sid = format!("CAdevice{n}");
            let answer = dials(t, &t.ours.agent, OUTBOUND, &sid, &[("To", to)]).await;
            assert!(answer.contains(&format!(">{TO}</Number>")), "{to}: {answer}");
            leg(t, "/webhooks/twilio/status", &sid, "completed", &[]).await;
        }
        let before = calls(t).await.len();
        for (n, to) in ["12", "555-1234", "202555123", "hello", "+1 900 555 0123", "+49 30 901820"].iter().enumerate() {
            let answer = dials(t, &t.ours.agent, OUTBOUND, &format!("CArefused{n}"), &[("To", to)]).await;
            assert!(answer.contains("<Say>") && answer.contains("<Hangup/>") && !answer.contains("<Dial"), "{to}: {answer}");
        }
        let words = dials(t, &t.ours.agent, OUTBOUND, "CArefused9", &[("To", "12")]).await;
        assert!(words.contains("(202) 555-0123"), "the formats are named: {words}");
        let silent = dials(t, &t.ours.agent, OUTBOUND, "CAnoto", &[]).await;
        assert!(silent.contains("<Hangup/>") && !silent.contains("<Dial"), "{silent}");
        assert_eq!(calls(t).await.len(), before, "nothing was begun");
        assert!(carrier.asked("/Calls.json").iter().all(|asked| asked.method == Method::GET), "nobody is called");
    }

    /// G7 T-callerid-owned, T-dial-limits: an agent cannot show a number that is not ours, nor be in two calls, nor dial without end.
    async fn t_callerid_owned_a_device_shows_only_our_numbers_and_dials_within_the_limits(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        let theirs = t.theirs.number.clone();
        let refused = dials(t, &t.ours.agent, OUTBOUND, "CA1", &[("To", TO), ("from_number", &theirs)]).await;
        assert!(refused.contains("<Say>") && !refused.contains("<Dial"), "{refused}");
        let first = dials(t, &t.ours.agent, OUTBOUND, "CA2", &[("To", TO)]).await;
        assert!(first.contains("<Dial"));
        let second = dials(t, &t.ours.agent, OUTBOUND, "CA3", &[("To", TO)]).await;
        assert!(second.contains("another call") && !second.contains("<Dial"), "{second}");
        leg(t, "/webhooks/twilio/status", "CA2", "completed", &[]).await;
        let mut told = String::new();
        for n in 0..12 {
            let sid = format!("CAmany{n}");
            told = dials(t, &t.ours.agent, OUTBOUND, &sid, &[("To", TO)]).await;
            leg(t, "/webhooks/twilio/status", &sid, "completed", &[]).await;
        }
        assert!(told.contains("<Say>") && !told.contains("<Dial"), "{told}");
    }

    async fn t_status_first_an_event_of_an_unknown_call_is_thanked_and_one_without_call_is_refused(t: &TestApp) {
        let fields = [("CallSid", "CA9"), ("CallStatus", "ringing")];
        let path = "/api/twilio/outbound-events";
        let refused = webhook(t, &t.ours, path, &fields).await.ok(400);
        assert_eq!((&refused["field"], &refused["success"]), (&json!("callId"), &json!(false)));
        let thanked = webhook(t, &t.ours, &format!("{path}?callId=123"), &fields).await.ok(200);
        assert_eq!(thanked, json!({ "success": true }));
        let ended = [("CallSid", "CA9"), ("CallStatus", "in-progress"), ("DialCallStatus", "completed")];
        for query in ["", "?callId=123", "?callId=call_nobodys&turn=1"] {
            let answer = webhook(t, &t.ours, &format!("/api/twilio/outbound-status{query}"), &ended).await;
            assert!(answer.status == 200 && answer.text.contains("<Hangup/>"), "{query}: {}", answer.text);
        }
        let hint = t.nobody().raw(Method::GET, path, String::new()).await;
        assert!(hint.status == 200, "{}", hint.text);
    }

    /// Its inbound calls ring at every available agent's device, and one of them has the call.
    async fn a_caller_rings_at_the_devices_of_all_who_are_available_and_one_has_him(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        for who in [&t.ours.agent, &t.ours.supervisor, &t.ours.admin] {
            get(t, who, "/api/twilio/token").await.ok(200);
        }
        t.by(&t.ours.admin).put("/me/availability", json!({ "state": "away" })).await.ok(200);
        quiet(t).await;
        let answer = arrives(t, "/api/twilio/voice", CALLER).await;
        assert!(answer.contains("timeout=\"30\"") && !answer.contains("Enqueue"), "{answer}");
        assert_eq!(addresses(&answer, "url").len(), 2, "whoever is away is not rung: {answer}");
        let (one, other) = (identity(t, &t.ours.agent), identity(t, &t.ours.supervisor));
        let late = way_of(&answer, &other);
        let won = webhook(t, &t.ours, &way_of(&answer, &one), &[("CallSid", "CAone"), ("CallStatus", "in-progress")]).await.text;
        assert!(won.contains("<Pause"), "{won}");
        let lost = webhook(t, &t.ours, &late, &[("CallSid", "CAother"), ("CallStatus", "in-progress")]).await.text;
        assert!(lost.contains("<Hangup/>"), "{lost}");
        quiet(t).await;
        assert_eq!(carrier.asked("/Calls/CAone.json").len(), 1, "the winner's leg is led into the room");
        assert_eq!(calls(t).await.remove(0)["agent"]["id"], t.ours.agent.id.as_str());
    }
}
