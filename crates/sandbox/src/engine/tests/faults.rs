//! Misbehaviour on demand: each switch does what it says, and the same seed does it again.

use serde_json::{Value, json};

use super::super::faults::{Plan, RestFault};
use super::{CUSTOMER, Stage, field};
use crate::seam::{ClientInput, ClientOutput, Input, Sid};

const ALL: [&str; 4] = ["initiated", "ringing", "answered", "completed"];

fn plan(change: &Value) -> Plan {
    Plan::default()
        .with(change.as_object().expect("groups"))
        .expect("switches")
}

fn stage(change: &Value) -> Stage {
    let mut stage = Stage::new(&[("/answered", "<Pause length=\"2\"/>")]);
    stage.engine.set_faults(plan(change), Some(7));
    stage
}

/// What the callbacks of a call told, in the order in which they arrived.
fn story(change: &Value) -> Vec<String> {
    let mut stage = stage(change);
    stage.rest_calls(CUSTOMER, &ALL);
    stage.run(60.0);
    stage.told("/status", "CallStatus")
}

#[test]
fn a_dropped_callback_never_comes_and_the_next_does_not_wait() {
    assert_eq!(story(&json!({ "webhooks": { "dropped": 1.0 } })), [""; 0]);
    let some = story(&json!({ "webhooks": { "dropped": 0.8 } }));
    assert!(some.len() < 4, "{some:?}");
}

#[test]
fn a_duplicate_is_the_same_once_more_and_its_answer_does_nothing() {
    let change = json!({ "webhooks": { "duplicated": 1.0, "delay": 500 } });
    let mut stage = stage(&change);
    stage.rest_calls(CUSTOMER, &ALL);
    stage.run(60.0);
    let told = stage.to("/status");
    assert_eq!(told.len(), 8);
    for word in ["initiated", "ringing", "in-progress", "completed"] {
        let same: Vec<_> = told
            .iter()
            .filter(|request| field(request, "CallStatus") == word)
            .collect();
        assert_eq!(same.len(), 2, "{word}");
        assert_eq!(same[0].params, same[1].params);
        assert!(same.iter().all(|request| request.is_genuine));
    }
    assert_eq!(stage.to("/answered").len(), 2, "a page comes twice too");
    assert_eq!(stage.engine.faults().counts()["webhooks.duplicated"], 5);
}

#[test]
fn reordered_callbacks_overtake_one_another_and_none_is_lost() {
    let change = json!({ "webhooks": { "reordered": 0.5, "delay": 5000 } });
    let mut told = story(&change);
    assert_ne!(told, ["initiated", "ringing", "in-progress", "completed"]);
    told.sort();
    assert_eq!(told, ["completed", "in-progress", "initiated", "ringing"]);
}

#[test]
fn delayed_callbacks_keep_their_order() {
    let change = json!({ "webhooks": { "delayed": 1.0, "delay": 3000 } });
    assert_eq!(
        story(&change),
        ["initiated", "ringing", "in-progress", "completed"]
    );
}

#[test]
fn a_stalled_page_arrives_and_counts_as_failed_after_fifteen_seconds() {
    let mut stage = stage(&json!({ "webhooks": { "stalled": 1.0 } }));
    let call = stage.rest_calls(CUSTOMER, &[]);
    stage.run(10.0);
    assert_eq!(stage.to("/answered").len(), 1);
    assert!(stage.alerts.is_empty());
    stage.run(20.0);
    assert_eq!(stage.alerts, [11200]);
    assert!(stage.status(&call).is_terminal());
}

#[test]
fn a_stalled_webhook_is_tried_again_where_its_address_says_so() {
    let mut stage = Stage::new(&[]);
    let change = json!({ "webhooks": { "stalled": 1.0 } });
    let mut request = super::create(CUSTOMER, &[]);
    request.twiml = super::fetch("/answered#rc=2&rp=rt&rt=4000");
    stage.engine.set_faults(plan(&change), Some(7));
    stage
        .engine
        .create_call(stage.now, super::AC, request)
        .unwrap();
    stage.run(12.0);
    let tries = stage.to("/answered#rc=2&rp=rt&rt=4000");
    assert_eq!(tries.len(), 2, "{:?}", stage.paths());
    assert!(stage.alerts.is_empty());
}

#[test]
fn a_forgery_says_that_the_call_is_over_and_is_signed_wrongly() {
    let mut stage = stage(&json!({ "webhooks": { "forged": 1.0 } }));
    stage.rest_calls(CUSTOMER, &ALL);
    stage.run(60.0);
    let told = stage.to("/status");
    let (genuine, forged): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|request| request.is_genuine);
    assert_eq!((genuine.len(), forged.len()), (4, 4));
    assert!(
        forged
            .iter()
            .all(|request| field(request, "CallStatus") == "completed")
    );
}

#[test]
fn the_same_seed_fails_in_the_same_way() {
    let rough = json!({ "webhooks": { "duplicated": 0.4, "reordered": 0.3, "dropped": 0.2, "delay": 2000 } });
    assert_eq!(story(&rough), story(&rough));
}

#[test]
fn a_recording_comes_late_or_never() {
    let verbs =
        "<Start><Recording recordingStatusCallback=\"/recorded\"/></Start><Pause length=\"5\"/>";
    for (change, after_ten, after_all) in [
        (
            json!({ "recordings": { "late": 1.0, "lateness": 60_000 } }),
            0,
            1,
        ),
        (json!({ "recordings": { "never": 1.0 } }), 0, 0),
        (json!({}), 1, 1),
    ] {
        let mut stage = Stage::new(&[("/answered", verbs)]);
        stage.engine.set_faults(plan(&change), Some(7));
        stage.rest_calls(CUSTOMER, &[]);
        stage.run(12.0);
        assert_eq!(stage.to("/recorded").len(), after_ten, "{change}");
        stage.run(90.0);
        assert_eq!(stage.to("/recorded").len(), after_all, "{change}");
        assert!(!stage.engine.is_waiting(), "{change}");
    }
}

#[test]
fn the_socket_of_a_client_breaks_once_in_its_call() {
    let mut stage = stage(&json!({ "sockets": { "dropped": 1.0, "after": 3000 } }));
    stage.page("/voice", "<Say>Hello</Say><Pause length=\"60\"/>");
    let application = {
        let change = super::super::account::ApplicationChange {
            hooks: super::HooksChange {
                voice_url: Some(super::url("/voice")),
                ..Default::default()
            },
            ..Default::default()
        };
        let made = stage
            .engine
            .create_application(stage.now, super::AC, change);
        made.unwrap().sid
    };
    stage.input(Input::Client(ClientInput::Invite {
        connection: 1,
        account: super::AC.into(),
        identity: "ana".into(),
        application,
        params: Vec::new(),
    }));
    stage.run(30.0);
    let broken: Vec<&Option<Sid>> = stage
        .clients
        .iter()
        .filter_map(|output| match output {
            ClientOutput::DropSockets { call } => Some(call),
            _ => None,
        })
        .collect();
    assert_eq!(broken.len(), 1);
    assert!(broken[0].is_some());
}

#[test]
fn only_a_request_that_changes_something_loses_its_answer() {
    let mut stage = stage(&json!({ "rest": { "answer_lost": 1.0 } }));
    let engine = &mut stage.engine;
    assert_eq!(engine.rest_fault("GET Calls.json", false), None);
    assert_eq!(
        engine.rest_fault("POST Calls.json", true),
        Some(RestFault::AnswerLost)
    );
    engine.set_faults(
        plan(&json!({ "rest": { "slow": 1.0, "slowness": 400 } })),
        None,
    );
    let Some(RestFault::Slow(millis)) = engine.rest_fault("GET Calls.json", false) else {
        panic!("it is slow");
    };
    assert!((40..=400).contains(&millis));
}
