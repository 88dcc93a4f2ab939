//! Who hung up: told apart, kept with the call, and exported.

use serde_json::json;

use super::carrier::{Carrier, path_of, quiet, webhook};
use super::control::{CUSTOMER, agent_in_the_room, dials};
use crate::support::{TestApp, stories};

async fn ended_by(t: &TestApp, id: &str) -> String {
    quiet(t).await;
    let call = t.by(&t.ours.agent).get(&format!("/calls/{id}")).await;
    let by = &call.ok(200)["ended_by"];
    by.as_str().unwrap_or_default().to_owned()
}

/// An agent and a customer talk; answers the call's id and the door of the customer's leg.
async fn talking(t: &TestApp, carrier: &Carrier) -> (String, String) {
    let id = agent_in_the_room(t).await;
    let door = path_of(dials(carrier).last().unwrap().field("StatusCallback"));
    let answered = [
        ("CallSid", CUSTOMER),
        ("CallStatus", "in-progress"),
        ("SequenceNumber", "1"),
    ];
    webhook(t, &t.ours, &door, &answered).await;
    assert_eq!(ended_by(t, &id).await, "", "it goes on");
    (id, door)
}

/// A caller whose number's route is a phone, which answers and talks; then the `Dial` ends, the caller's leg standing as told.
async fn forwarded(t: &TestApp, sid: &str, callers_leg: &str) -> String {
    let voice = [
        ("CallSid", sid),
        ("From", "+14155550142"),
        ("To", t.ours.number.as_str()),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    let twiml = webhook(t, &t.ours, "/webhooks/twilio/voice", &voice)
        .await
        .text;
    let action = twiml.split("action=\"").nth(1).unwrap();
    let action = path_of(action.split('"').next().unwrap());
    let over = [
        ("CallSid", sid),
        ("CallStatus", callers_leg),
        ("DialCallSid", "CA000000000000000000000000000000f2"),
        ("DialCallStatus", "completed"),
        ("DialCallDuration", "30"),
    ];
    assert_eq!(webhook(t, &t.ours, &action, &over).await.status, 200);
    let id = action.split("call=").nth(1).unwrap();
    id.split('&').next().unwrap().to_owned()
}

stories! {
    async fn whoever_ended_a_call_is_shown_and_exported(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let (id, door) = talking(t, &carrier).await;
        let gone = [("CallSid", CUSTOMER), ("CallStatus", "completed"), ("SequenceNumber", "2")];
        webhook(t, &t.ours, &door, &gone).await;
        assert_eq!(ended_by(t, &id).await, "customer");
        let listed = t.by(&t.ours.agent).get("/calls").await.ok(200);
        assert_eq!(listed["items"][0]["ended_by"], "customer");
        let file = t.by(&t.ours.supervisor).get("/calls/export").await;
        let mut lines = file.text.lines().map(|line| line.trim_start_matches('\u{feff}').split(',').collect::<Vec<_>>());
        let column = lines.next().unwrap().iter().position(|name| *name == "ended_by").expect("a column");
        assert_eq!(lines.next().unwrap()[column], "customer");
    }

    async fn an_agent_and_a_supervisor_who_end_a_call_are_told_apart(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let (id, _) = talking(t, &carrier).await;
        let path = format!("/calls/{id}/hangup");
        t.by(&t.theirs.supervisor).post(&path, json!({})).await.problem(404);
        t.by(&t.ours.supervisor).post(&path, json!({})).await.ok(200);
        assert_eq!(ended_by(t, &id).await, "supervisor");
        t.by(&t.ours.agent).post(&path, json!({})).await.ok(200);
        assert_eq!(ended_by(t, &id).await, "supervisor", "the first end stays");
    }

    async fn the_agents_own_end_is_the_agents(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let (id, door) = talking(t, &carrier).await;
        t.by(&t.ours.agent).post(&format!("/calls/{id}/hangup"), json!({})).await.ok(200);
        let gone = [("CallSid", CUSTOMER), ("CallStatus", "completed"), ("SequenceNumber", "2")];
        webhook(t, &t.ours, &door, &gone).await;
        assert_eq!(ended_by(t, &id).await, "agent", "the customer's leg ends because of it");
    }

    async fn of_a_forwarded_call_it_is_known_which_side_hung_up(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        let number = t.by(&t.ours.agent).get("/numbers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let route = json!({"route": {"to": {"kind": "forward", "to": "+14155550177"}}});
        t.by(&t.ours.admin).patch(&format!("/numbers/{number}"), route).await.ok(200);
        let phone = forwarded(t, "CA00000000000000000000000000000f11", "in-progress").await;
        assert_eq!(ended_by(t, &phone).await, "agent", "our side: the phone");
        let caller = forwarded(t, "CA00000000000000000000000000000f12", "completed").await;
        assert_eq!(ended_by(t, &caller).await, "customer");
        let shown = t.by(&t.ours.agent).get(&format!("/calls/{caller}")).await.ok(200);
        assert_eq!(shown["outcome"], "forwarded");
    }
}
