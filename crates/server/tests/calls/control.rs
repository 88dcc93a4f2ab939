//! What the carrier is asked during a call: the exact words, once, and again only where that is safe.

use offhook_core::id::UserId;
use offhook_server::calls::identity::Identity;
use serde_json::{Value, json};

use super::carrier::{Asked, Carrier, account_of, path_of, quiet, refusal, webhook};
use crate::support::{Person, TestApp, stories};

pub(crate) const DEVICE: &str = "CA000000000000000000000000000000d1";
pub(crate) const CUSTOMER: &str = "CA00000000000000000000000000000abc";

pub(super) fn identity(t: &TestApp, who: &Person) -> String {
    let agent = UserId::parse(&who.id).unwrap();
    format!(
        "client:{}",
        Identity {
            org: t.ours.org.clone(),
            agent
        }
        .name()
    )
}

/// An agent starts a call and the device joins the room; answers the call's id.
pub(crate) async fn agent_in_the_room(t: &TestApp) -> String {
    let call = t
        .by(&t.ours.agent)
        .post("/calls", json!({ "to": "+14155550142" }))
        .await
        .ok(201);
    let id = call["id"].as_str().unwrap().to_owned();
    let from = identity(t, &t.ours.agent);
    let fields = [
        ("CallSid", DEVICE),
        ("From", &from),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
        ("call_id", &id),
    ];
    let answer = webhook(t, &t.ours, "/webhooks/twilio/voice", &fields).await;
    assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");
    let attribute = |name: &str| {
        let rest = answer
            .text
            .split(&format!("{name}=\""))
            .nth(1)
            .unwrap_or_else(|| panic!("{name} in {}", answer.text));
        rest.split('"').next().unwrap().to_owned()
    };
    assert_eq!(
        (
            attribute("beep").as_str(),
            attribute("endConferenceOnExit").as_str()
        ),
        ("false", "false")
    );
    assert_eq!(
        attribute("waitUrl"),
        "",
        "nothing but real ringing is heard"
    );
    let (door, label) = (
        path_of(&attribute("statusCallback")),
        attribute("participantLabel"),
    );
    let joined = [
        ("CallSid", DEVICE),
        ("ConferenceSid", "CF1"),
        ("StatusCallbackEvent", "participant-join"),
        ("ParticipantLabel", label.as_str()),
        ("SequenceNumber", "1"),
    ];
    assert_eq!(webhook(t, &t.ours, &door, &joined).await.status, 204);
    quiet(t).await;
    id
}

/// The requests that ring a customer's phone.
pub(crate) fn dials(carrier: &Carrier) -> Vec<Asked> {
    let mut asked = carrier.asked("POST");
    asked.retain(|asked| asked.path.ends_with("/Participants.json"));
    asked
}

pub(crate) async fn call(t: &TestApp, id: &str) -> Value {
    t.by(&t.ours.agent)
        .get(&format!("/calls/{id}"))
        .await
        .ok(200)
}

stories! {
    async fn the_customer_is_dialled_into_the_room_once_with_early_media_and_two_channels(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let id = agent_in_the_room(t).await;
        let asked = dials(&carrier);
        assert_eq!(asked.len(), 1);
        let dialled = &asked[0];
        assert!(dialled.path.contains(&format!("/Conferences/room_{}/", id.trim_start_matches("call_"))), "{}", dialled.path);
        for (name, value) in [
            ("To", "+14155550142"), ("From", t.ours.number.as_str()), ("EarlyMedia", "true"), ("Beep", "false"),
            ("EndConferenceOnExit", "false"), ("StartConferenceOnEnter", "false"), ("Record", "true"),
            ("RecordingChannels", "dual"), ("Trim", "do-not-trim"),
        ] {
            assert_eq!(dialled.field(name), value, "{name}");
        }
        let door = dialled.field("StatusCallback");
        assert!(door.contains(&format!("call={id}")) && door.contains("label=") && door.contains("#rc=5&rp=ct,rt,5xx"), "{door}");
        assert!(dialled.authorization.starts_with("Basic "));
        let busy = [("CallSid", CUSTOMER), ("CallStatus", "busy"), ("SequenceNumber", "2"), ("CallDuration", "0")];
        assert_eq!(webhook(t, &t.ours, &path_of(door), &busy).await.status, 204);
        quiet(t).await;
        let over = call(t, &id).await;
        assert_eq!((&over["status"], &over["outcome"]), (&json!("busy"), &json!("busy")), "{over}");
        assert_eq!(dials(&carrier).len(), 1);
    }

    async fn a_paid_request_whose_answer_never_came_is_not_sent_again_and_the_callback_settles_it(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| asked.path.contains("/Participants").then(|| refusal(500, 20500)));
        let id = agent_in_the_room(t).await;
        assert_eq!(dials(&carrier).len(), 1, "one request, though it failed");
        assert_eq!(call(t, &id).await["status"], "ringing", "nobody knows");
        let door = path_of(dials(&carrier)[0].field("StatusCallback"));
        let ringing = [("CallSid", CUSTOMER), ("CallStatus", "ringing"), ("SequenceNumber", "1")];
        webhook(t, &t.ours, &door, &ringing).await;
        let answered = [("CallSid", CUSTOMER), ("CallStatus", "in-progress"), ("SequenceNumber", "2")];
        webhook(t, &t.ours, &door, &answered).await;
        quiet(t).await;
        assert_eq!(call(t, &id).await["status"], "in-progress", "it was placed after all");
    }

    async fn what_the_carrier_did_not_take_up_for_its_pace_is_sent_again(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, before| (asked.path.contains("/Participants") && before < 2).then(|| refusal(429, 20429)));
        let id = agent_in_the_room_with_time(t).await;
        let thrice = async {
            while dials(&carrier).len() < 3 {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        let in_time = tokio::time::timeout(std::time::Duration::from_secs(20), t.while_time_passes(thrice)).await;
        assert_eq!(in_time, Ok(()), "twice refused, then taken");
        quiet(t).await;
        assert_eq!(dials(&carrier).len(), 3, "and not again");
        assert_eq!(call_status(t, &id).await, "ringing");
    }

    async fn a_number_that_the_carrier_refuses_is_said_in_words_and_the_agent_is_released(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        carrier.answers(|asked, _| asked.path.contains("/Participants").then(|| refusal(400, 21211)));
        let id = agent_in_the_room(t).await;
        quiet(t).await;
        let over = call(t, &id).await;
        assert_eq!(over["status"], "failed", "{over}");
        let customer = over["legs"].as_array().unwrap().iter().find(|leg| leg["role"] == "customer").unwrap();
        assert_eq!(customer["error_code"], 21211);
        let ended = carrier.asked(&format!("POST /2010-04-01/Accounts/{}/Calls/{DEVICE}", account_of(t, &t.ours).await));
        assert!(ended.iter().any(|asked| asked.field("Status") == "completed"), "the agent's leg is ended: {ended:?}");
    }
}

async fn call_status(t: &TestApp, id: &str) -> String {
    call(t, id).await["status"].as_str().unwrap().to_owned()
}

/// As [`agent_in_the_room`], while the server's time goes on for the waits between tries.
async fn agent_in_the_room_with_time(t: &TestApp) -> String {
    let clock = t.app.clock.clone();
    let mover = tokio::spawn(async move {
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            clock.advance(chrono::TimeDelta::milliseconds(250));
        }
    });
    let id = agent_in_the_room(t).await;
    mover.abort();
    id
}
