//! Callbacks get lost: two readings of calls and rooms at the carrier make up for them, and one alone does nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::carrier::{Asked, Carrier, later, path_of, quiet, refusal, webhook};
use super::control::{CUSTOMER, DEVICE, agent_in_the_room, call, dials};
use crate::support::{TestApp, stories};

/// How things really are at the carrier.
#[derive(Default)]
struct Truth {
    legs: BTreeMap<String, &'static str>,
    /// Who is in the room, with their labels.
    room: Vec<(String, String)>,
    name: String,
    /// What a list of calls shows.
    listed: Vec<Value>,
    /// What the list of a leg's recordings shows.
    recordings: Vec<Value>,
    /// Dialling is answered with an error, whatever happens.
    answers_get_lost: bool,
}

type Shared = Arc<Mutex<Truth>>;

/// A carrier that answers as things are. Whoever is ended leaves.
async fn carrier(t: &TestApp) -> (Carrier, Shared) {
    let carrier = Carrier::of(t).await;
    let truth = Shared::default();
    let known = Arc::clone(&truth);
    carrier.answers(move |asked, _| known.lock().unwrap().answer(asked));
    offhook_server::reconcile::start(&t.app);
    (carrier, truth)
}

impl Truth {
    fn answer(&mut self, asked: &Asked) -> Option<Response> {
        let last = asked.path.rsplit('/').next().unwrap_or_default();
        let name = last.trim_end_matches(".json");
        if asked.method == "POST" {
            if asked.path.ends_with("/Participants.json") && self.answers_get_lost {
                return Some(refusal(500, 20500));
            }
            if asked.path.contains("/Calls/") && asked.field("Status") == "completed" {
                self.legs.insert(name.to_owned(), "completed");
                self.room.retain(|(sid, _)| sid != name);
                return Some(
                    axum::Json(json!({ "sid": name, "status": "completed" })).into_response(),
                );
            }
            return None;
        }
        let body = match name {
            "Conferences" => json!({ "conferences": self.conferences(asked) }),
            "Participants" => json!({ "participants": self.room.iter().map(|(sid, label)| json!({
                "call_sid": sid, "conference_sid": "CF1", "label": label, "status": "connected",
            })).collect::<Vec<_>>() }),
            "Recordings" => json!({ "recordings": self.recordings }),
            "Calls" => json!({ "calls": self.listed }),
            sid => {
                let status = self.legs.get(sid)?;
                json!({ "sid": sid, "status": status })
            }
        };
        Some(axum::Json(body).into_response())
    }

    fn conferences(&self, asked: &Asked) -> Vec<Value> {
        let open = !self.room.is_empty() && asked.query.contains("Status=in-progress");
        let strangers =
            json!({ "sid": "CF8", "friendly_name": "somebody else's", "status": "in-progress" });
        let ours = json!({ "sid": "CF1", "friendly_name": self.name, "status": "in-progress" });
        if open {
            vec![strangers, ours]
        } else {
            Vec::new()
        }
    }
}

/// Agent and customer talk, and the carrier knows it.
async fn talking(t: &TestApp, carrier: &Carrier, truth: &Shared) -> String {
    let id = agent_in_the_room(t).await;
    let dialled = &dials(carrier)[0];
    let (door, label) = (
        path_of(dialled.field("StatusCallback")),
        dialled.field("Label").to_owned(),
    );
    let answered = [
        ("CallSid", CUSTOMER),
        ("CallStatus", "in-progress"),
        ("SequenceNumber", "2"),
    ];
    webhook(t, &t.ours, &door, &answered).await;
    let room = path_of(dialled.field("ConferenceStatusCallback"));
    let joined = [
        ("CallSid", CUSTOMER),
        ("ConferenceSid", "CF1"),
        ("StatusCallbackEvent", "participant-join"),
        ("ParticipantLabel", label.as_str()),
        ("SequenceNumber", "2"),
    ];
    webhook(t, &t.ours, &room, &joined).await;
    quiet(t).await;
    let agent = label_of(&call_legs(t, &id).await, "agent");
    {
        let mut truth = truth.lock().unwrap();
        truth.name = format!("room_{}", id.trim_start_matches("call_"));
        truth.legs = [(CUSTOMER, "in-progress"), (DEVICE, "in-progress")]
            .map(|(sid, status)| (sid.to_owned(), status))
            .into();
        truth.room = vec![(DEVICE.to_owned(), agent), (CUSTOMER.to_owned(), label)];
    }
    assert_eq!(call(t, &id).await["phase"], "connected");
    id
}

/// An agent in the room, and a dial whose answer never comes.
async fn dialled_into_silence(t: &TestApp, truth: &Shared) -> String {
    truth.lock().unwrap().answers_get_lost = true;
    let id = agent_in_the_room(t).await;
    let agent = label_of(&call_legs(t, &id).await, "agent");
    let mut truth = truth.lock().unwrap();
    truth.name = format!("room_{}", id.trim_start_matches("call_"));
    truth.legs = [(DEVICE.to_owned(), "in-progress")].into();
    truth.room = vec![(DEVICE.to_owned(), agent)];
    id
}

/// Somebody calls a number of ours that leads there; answers the leg.
async fn calls_in(t: &TestApp, to: Value) -> &'static str {
    const CALLER: &str = "CA000000000000000000000000000000c1";
    let admin = t.by(&t.ours.admin);
    let numbers = admin.get("/numbers").await.ok(200);
    let path = format!("/numbers/{}", numbers["items"][0]["id"].as_str().unwrap());
    admin
        .patch(&path, json!({ "route": { "to": to } }))
        .await
        .ok(200);
    let fields = [
        ("CallSid", CALLER),
        ("From", "+14155550142"),
        ("To", t.ours.number.as_str()),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    let answer = webhook(t, &t.ours, "/webhooks/twilio/voice", &fields).await;
    assert!(
        answer.text.contains("<Dial") || answer.text.contains("<Record"),
        "{}",
        answer.text
    );
    CALLER
}

async fn call_legs(t: &TestApp, id: &str) -> Value {
    call(t, id).await["legs"].clone()
}

/// The label of a leg is in the address of its callbacks only; ours are counted.
fn label_of(legs: &Value, role: &str) -> String {
    let n = legs
        .as_array()
        .unwrap()
        .iter()
        .position(|leg| leg["role"] == role)
        .unwrap();
    format!("{role}_{}", n + 1)
}

async fn told(t: &TestApp, id: &str) -> usize {
    let call = call(t, id).await;
    let events = call["events"].as_array().unwrap();
    events
        .iter()
        .filter(|event| event["type"] == "reconciled")
        .count()
}

fn ended(carrier: &Carrier, sid: &str) -> usize {
    let asked = carrier.asked(&format!("/Calls/{sid}"));
    asked
        .iter()
        .filter(|asked| asked.field("Status") == "completed")
        .count()
}

stories! {
    async fn t_reconcile_a_conversation_that_is_as_the_carrier_says_is_left_alone(t: &TestApp) {
        let (carrier, truth) = carrier(t).await;
        let id = talking(t, &carrier, &truth).await;
        later(t, 300).await;
        assert_eq!((told(t, &id).await, &call(t, &id).await["phase"]), (0, &json!("connected")));
        assert!(carrier.asked("GET").iter().any(|asked| asked.path.ends_with("/Participants.json")), "it was looked at");
    }

    async fn t_reconcile_an_agent_who_is_not_in_the_room_any_more_is_lost_and_the_customer_is_not_left_alone(t: &TestApp) {
        let (carrier, truth) = carrier(t).await;
        let id = talking(t, &carrier, &truth).await;
        truth.lock().unwrap().room.retain(|(sid, _)| sid != DEVICE);
        later(t, 55).await;
        assert_eq!(call(t, &id).await["phase"], "connected", "a young call is left alone");
        later(t, 35).await;
        let held = carrier.asked(&format!("/Participants/{CUSTOMER}"));
        let held = held.first();
        assert_eq!(held.map(|asked| asked.field("Hold")), Some("true"), "{}", call(t, &id).await);
        later(t, 30).await;
        assert_eq!(call(t, &id).await["outcome"], "answered", "nobody came back, and it is over");
    }

    async fn t_reconcile_one_reading_alone_proves_nothing(t: &TestApp) {
        let (carrier, truth) = carrier(t).await;
        let id = talking(t, &carrier, &truth).await;
        later(t, 59).await;
        let whole = truth.lock().unwrap().room.clone();
        for _ in 0..4 {
            truth.lock().unwrap().room.retain(|(sid, _)| sid != DEVICE);
            later(t, 10).await;
            truth.lock().unwrap().room.clone_from(&whole);
            later(t, 10).await;
        }
        assert_eq!((told(t, &id).await, &call(t, &id).await["phase"]), (0, &json!("connected")));
    }

    async fn t_reconcile_whoever_stays_in_the_room_of_a_call_that_is_over_is_ended(t: &TestApp) {
        let (carrier, truth) = carrier(t).await;
        let id = talking(t, &carrier, &truth).await;
        later(t, 50).await;
        t.by(&t.ours.agent).post(&format!("/calls/{id}/hangup"), json!({})).await.ok(200);
        quiet(t).await;
        assert_eq!(ended(&carrier, CUSTOMER), 1);
        let stranger = "CA00000000000000000000000000000eee";
        {
            let mut truth = truth.lock().unwrap();
            truth.room = vec![(stranger.to_owned(), "agent_9".to_owned()), (CUSTOMER.to_owned(), "customer_2".to_owned())];
        }
        later(t, 12).await;
        assert_eq!(ended(&carrier, stranger), 0, "not before two readings");
        later(t, 30).await;
        assert_eq!((ended(&carrier, stranger), ended(&carrier, CUSTOMER)), (1, 2), "and not twice, now that they are gone");
        assert_eq!(call(t, &id).await["outcome"], "answered", "it stays as it ended");
    }

    async fn t_reconcile_a_leg_whose_end_was_never_told_keeps_nobody_busy(t: &TestApp) {
        let (carrier, truth) = carrier(t).await;
        let id = talking(t, &carrier, &truth).await;
        later(t, 50).await;
        let known = Arc::clone(&truth);
        carrier.answers(move |asked, _| {
            let ends = asked.method == "POST" && asked.field("Status") == "completed";
            if ends { Some(refusal(403, 20403)) } else { known.lock().unwrap().answer(asked) }
        });
        t.by(&t.ours.agent).post(&format!("/calls/{id}/hangup"), json!({})).await.ok(200);
        {
            let mut truth = truth.lock().unwrap();
            truth.room.clear();
            truth.legs.values_mut().for_each(|status| *status = "completed");
        }
        quiet(t).await;
        let live = |legs: &Value| legs.as_array().unwrap().iter().any(|leg| leg["ended_at"].is_null());
        assert!(live(&call_legs(t, &id).await), "nobody told that they ended");
        later(t, 40).await;
        assert!(!live(&call_legs(t, &id).await));
    }

    async fn a_dial_whose_answer_and_callbacks_got_lost_is_found_at_the_carrier(t: &TestApp) {
        let (carrier, truth) = carrier(t).await;
        let id = dialled_into_silence(t, &truth).await;
        let since = t.app.clock.now().to_rfc2822();
        truth.lock().unwrap().listed = vec![
            json!({ "sid": CUSTOMER, "status": "in-progress", "date_created": since }),
            json!({ "sid": "CAold", "status": "completed", "date_created": "Thu, 19 Nov 2026 09:00:00 +0000" }),
        ];
        assert_eq!(call(t, &id).await["status"], "ringing");
        later(t, 90).await;
        assert_eq!(call(t, &id).await["status"], "in-progress", "it was placed after all: {}", call(t, &id).await);
        assert_eq!(dials(&carrier).len(), 1);
    }

    async fn a_dial_that_never_left_is_failed_and_the_agent_is_free(t: &TestApp) {
        let (carrier, truth) = carrier(t).await;
        let id = dialled_into_silence(t, &truth).await;
        later(t, 90).await;
        assert_eq!(call(t, &id).await["status"], "failed");
        assert_eq!((dials(&carrier).len(), ended(&carrier, DEVICE)), (1, 1));
    }

    async fn a_forward_phone_whose_answer_was_never_told_is_not_cut_off_for_voicemail(t: &TestApp) {
        let (_carrier, truth) = carrier(t).await;
        let admin = t.by(&t.ours.admin);
        let caller = calls_in(t, json!({ "kind": "forward", "to": "415 555 0199" })).await;
        {
            let mut truth = truth.lock().unwrap();
            truth.legs = [(caller.to_owned(), "in-progress")].into();
            truth.listed = vec![json!({ "sid": "CAphone", "status": "in-progress", "parent_call_sid": caller })];
        }
        later(t, 120).await;
        let calls = admin.get("/calls").await.ok(200);
        assert_eq!((&calls["items"][0]["status"], &calls["items"][0]["phase"]), (&json!("in-progress"), &json!("connected")), "{calls}");
    }

    async fn a_message_that_nobody_told_of_is_found_with_its_recording(t: &TestApp) {
        let (_carrier, truth) = carrier(t).await;
        let admin = t.by(&t.ours.admin);
        let caller = calls_in(t, json!({ "kind": "voicemail" })).await;
        truth.lock().unwrap().recordings = vec![json!({
            "sid": "RE1", "call_sid": caller, "status": "completed", "source": "RecordVerb", "duration": "7", "channels": 1,
        })];
        let over = [("CallSid", caller), ("CallStatus", "completed"), ("CallDuration", "30")];
        webhook(t, &t.ours, "/webhooks/twilio/status", &over).await;
        quiet(t).await;
        assert_eq!(admin.get("/calls").await.ok(200)["items"][0]["outcome"], "missed");
        later(t, 30).await;
        assert_eq!(admin.get("/calls").await.ok(200)["items"][0]["outcome"], "voicemail");
        let left = admin.get("/voicemails").await.ok(200);
        assert_eq!((left["items"].as_array().unwrap().len(), &left["items"][0]["seconds"]), (1, &json!(7)), "{left}");
    }
}
