//! Direct calls: the agent's own leg dials, and the carrier is asked by REST only for what a `Dial` cannot do.

use axum::Json;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::carrier::{Carrier, account_of, later, path_of, quiet, webhook};
use super::control::{CUSTOMER, DEVICE, identity};
use crate::support::{Answer, TestApp, stories};

/// The value of an attribute in an answer.
fn attribute(answer: &Answer, name: &str) -> String {
    let rest = answer.text.split(&format!(" {name}=\"")).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("{name} in {}", answer.text));
    rest.split('"').next().unwrap().to_owned()
}

/// The doors of a direct call's `Dial`.
struct Dialling {
    id: String,
    status: String,
    action: String,
}

/// An agent starts a direct call and the device connects; it asks twice and is answered the same.
async fn dialling(t: &TestApp, order: Value) -> Dialling {
    let call = t.by(&t.ours.agent).post("/calls", order).await.ok(201);
    let id = call["id"].as_str().unwrap().to_owned();
    let from = identity(t, &t.ours.agent);
    let fields = [
        ("CallSid", DEVICE),
        ("From", from.as_str()),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
        ("call_id", &id),
    ];
    let answer = webhook(t, &t.ours, "/webhooks/twilio/voice", &fields).await;
    let again = webhook(t, &t.ours, "/webhooks/twilio/voice", &fields).await;
    assert_eq!(answer.text, again.text, "a repeat is answered the same");
    assert!(
        answer.text.contains(">+14155550142</Number>"),
        "{}",
        answer.text
    );
    assert!(!answer.text.contains("record="), "{}", answer.text);
    assert_eq!(attribute(&answer, "callerId"), t.ours.number);
    assert_eq!(attribute(&answer, "answerOnBridge"), "true");
    assert_eq!(
        attribute(&answer, "statusCallbackEvent"),
        "initiated ringing answered completed"
    );
    Dialling {
        id,
        status: path_of(&attribute(&answer, "statusCallback")),
        action: path_of(&attribute(&answer, "action")),
    }
}

/// The dialled leg tells its status; each callback comes twice.
async fn tells(t: &TestApp, call: &Dialling, statuses: &[&str]) {
    for (n, status) in statuses.iter().enumerate() {
        let fields = [
            ("CallSid", CUSTOMER),
            ("ParentCallSid", DEVICE),
            ("CallStatus", status),
            ("SequenceNumber", &n.to_string()),
        ];
        for _ in 0..2 {
            let told = webhook(t, &t.ours, &call.status, &fields).await;
            assert_eq!(told.status, 204, "{}", told.text);
        }
    }
    quiet(t).await;
}

async fn shown(t: &TestApp, call: &Dialling) -> Value {
    let path = format!("/calls/{}", call.id);
    t.by(&t.ours.agent).get(&path).await.ok(200)
}

async fn does(t: &TestApp, call: &Dialling, what: &str) {
    let path = format!("/calls/{}/{what}", call.id);
    t.by(&t.ours.agent).post(&path, json!({})).await.ok(200);
    quiet(t).await;
}

stories! {
    async fn a_direct_call_asks_the_carrier_for_a_recording_and_nothing_else(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let call = dialling(t, json!({ "to": "+14155550142", "mode": "direct", "record": true })).await;
        tells(t, &call, &["initiated", "ringing"]).await;
        assert_eq!(shown(t, &call).await["status"], "ringing");
        assert!(carrier.asked("").is_empty(), "the Dial dials: nothing is asked by REST");
        tells(t, &call, &["initiated", "ringing", "in-progress"]).await;
        let talking = shown(t, &call).await;
        assert_eq!((&talking["status"], &talking["phase"]), (&json!("in-progress"), &json!("connected")));
        let asked = carrier.asked("POST");
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert!(asked[0].path.ends_with(&format!("/Calls/{CUSTOMER}/Recordings.json")), "{}", asked[0].path);
        assert_eq!(
            (asked[0].field("RecordingChannels"), asked[0].field("RecordingTrack"), asked[0].field("Trim")),
            ("dual", "both", "do-not-trim")
        );
        assert!(asked[0].field("RecordingStatusCallback").contains("/webhooks/twilio/recording?call="));
        tells(t, &call, &["initiated", "ringing", "in-progress", "completed"]).await;
        let over = shown(t, &call).await;
        assert_eq!((&over["status"], &over["outcome"]), (&json!("completed"), &json!("answered")), "{over}");
    }

    async fn a_hold_moves_the_dialled_leg_first_and_the_dials_action_answers_the_same_room(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let call = dialling(t, json!({ "to": "+14155550142", "mode": "direct", "record": false })).await;
        tells(t, &call, &["initiated", "ringing", "in-progress"]).await;
        assert!(carrier.asked("POST").is_empty(), "not recorded: nothing is asked");
        does(t, &call, "hold").await;
        let asked = carrier.asked("POST");
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert!(asked[0].path.ends_with(&format!("/Calls/{CUSTOMER}.json")), "{}", asked[0].path);
        let ended = [("CallSid", DEVICE), ("CallStatus", "in-progress"), ("DialCallStatus", "completed"), ("DialCallSid", CUSTOMER)];
        let agents = webhook(t, &t.ours, &call.action, &ended).await;
        let door = path_of(asked[0].field("Url"));
        let theirs = webhook(t, &t.ours, &door, &[("CallSid", CUSTOMER), ("CallStatus", "in-progress")]).await;
        let name = |answer: &Answer| answer.text.split("</Conference>").next().unwrap().rsplit('>').next().unwrap().to_owned();
        assert_eq!(name(&agents), name(&theirs), "one room");
        assert!(name(&agents).starts_with("room_"), "{}", agents.text);
        assert!(!theirs.text.contains("<Recording"), "{}", theirs.text);
        assert_eq!(attribute(&agents, "startConferenceOnEnter"), "true");
        let (events, label) = (path_of(&attribute(&theirs, "statusCallback")), attribute(&theirs, "participantLabel"));
        let joined = [
            ("CallSid", CUSTOMER),
            ("ConferenceSid", "CF1"),
            ("StatusCallbackEvent", "participant-join"),
            ("ParticipantLabel", label.as_str()),
            ("SequenceNumber", "1"),
        ];
        for _ in 0..2 {
            assert_eq!(webhook(t, &t.ours, &events, &joined).await.status, 204);
            quiet(t).await;
        }
        let held = carrier.asked("POST");
        let held: Vec<_> = held.iter().filter(|asked| asked.field("Hold") == "true").collect();
        assert_eq!(held.len(), 1, "held once, in the room");
        assert!(held[0].path.ends_with(&format!("/Participants/{CUSTOMER}.json")), "{}", held[0].path);
        assert!(held[0].field("HoldUrl").contains("/webhooks/twilio/music"));
        assert_eq!(shown(t, &call).await["phase"], "on_hold");
    }

    async fn who_hangs_up_before_the_dialled_leg_is_known_leaves_no_leg_behind(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            let lists = asked.method == axum::http::Method::GET && asked.path.ends_with("/Calls.json");
            lists.then(|| Json(json!({ "calls": [] })).into_response())
        });
        let call = dialling(t, json!({ "to": "+14155550142", "mode": "direct" })).await;
        does(t, &call, "hangup").await;
        let ended = carrier.asked(&format!("POST /2010-04-01/Accounts/{}", account_of(t, &t.ours).await));
        assert_eq!(ended.len(), 1, "{ended:?}");
        assert!(ended[0].path.ends_with(&format!("/Calls/{DEVICE}.json")) && ended[0].field("Status") == "completed");
        let lists = carrier.asked("GET");
        assert!(lists.iter().any(|asked| asked.query.contains(&format!("ParentCallSid={DEVICE}"))), "{lists:?}");
        let over = shown(t, &call).await;
        assert_eq!((&over["status"], &over["outcome"]), (&json!("canceled"), &json!("canceled")), "{over}");
        let customer = over["legs"].as_array().unwrap().iter().find(|leg| leg["role"] == "customer").unwrap();
        assert_eq!(customer["status"], "canceled", "{over}");
    }

    async fn a_dialled_leg_of_which_no_callback_came_is_found_by_its_parent(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| {
            let leg = |sid: &str, parent: Option<&str>| json!({ "sid": sid, "parent_call_sid": parent, "status": "in-progress" });
            let theirs = asked.query.contains(&format!("ParentCallSid={DEVICE}"));
            let body = if asked.path.ends_with("/Calls.json") && theirs {
                json!({ "calls": [leg(CUSTOMER, Some(DEVICE))] })
            } else if asked.path.ends_with(&format!("/Calls/{DEVICE}.json")) {
                leg(DEVICE, None)
            } else {
                return None;
            };
            Some(Json(body).into_response())
        });
        offhook_server::reconcile::start(&t.app);
        let call = dialling(t, json!({ "to": "+14155550142", "mode": "direct" })).await;
        later(t, 100).await;
        let found = shown(t, &call).await;
        assert_eq!((&found["status"], &found["phase"]), (&json!("in-progress"), &json!("connected")), "{found}");
        let customer = found["legs"].as_array().unwrap().iter().find(|leg| leg["role"] == "customer").unwrap();
        assert_eq!(customer["sid"], CUSTOMER);
        let recorded = carrier.asked("POST").into_iter().filter(|asked| asked.path.contains(CUSTOMER));
        assert_eq!(recorded.count(), 1, "and it is recorded from now on");
    }

    async fn a_dial_that_the_carrier_refuses_is_a_failed_call(t: &TestApp) {
        let call = dialling(t, json!({ "to": "+14155550142", "mode": "direct" })).await;
        let failed = [("CallSid", DEVICE), ("CallStatus", "in-progress"), ("DialCallStatus", "failed"), ("DialBridged", "false")];
        let answer = webhook(t, &t.ours, &call.action, &failed).await;
        assert!(answer.text.contains("<Hangup"), "{}", answer.text);
        assert_eq!(shown(t, &call).await["status"], "failed");
    }

    async fn a_mode_that_there_is_not_is_named_with_those_that_there_are(t: &TestApp) {
        let order = json!({ "to": "+14155550142", "mode": "sideways" });
        let problem = t.by(&t.ours.agent).post("/calls", order).await.problem(422);
        assert_eq!(problem["field"], "mode");
        assert!(problem["detail"].as_str().unwrap().contains("direct"), "{problem}");
    }
}
