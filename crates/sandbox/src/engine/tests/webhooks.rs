//! Webhooks: order of callbacks, applications, and what a repeat of the same seed gives.

use super::super::account::{ApplicationChange, HooksChange};
use super::super::phone::Behaviour;
use super::{AC, CUSTOMER, OURS, Stage, create, field, url};
use crate::seam::{Input, WebhookAnswer};

#[test]
fn callbacks_of_a_call_are_sent_one_after_the_other_was_answered() {
    let mut stage = Stage::new(&[("/answered", "<Hangup/>")]);
    stage.mute = vec!["/status"];
    stage.rest_calls(CUSTOMER, &["initiated", "ringing", "answered", "completed"]);
    stage.run(10.0);
    assert_eq!(stage.told("/status", "CallStatus"), ["initiated"]);
    for expected in ["ringing", "in-progress", "completed"] {
        let id = stage.to("/status").last().unwrap().id;
        let result = Err((11200, "no answer".into()));
        stage.input(Input::Webhook(WebhookAnswer { id, result }));
        assert_eq!(
            stage.told("/status", "CallStatus").last().unwrap(),
            expected
        );
    }
}

#[test]
fn a_numbers_application_answers_instead_of_its_own_urls() {
    let mut stage = Stage::new(&[("/app", "<Hangup/>")]);
    let hooks = HooksChange {
        voice_url: Some(url("/app")),
        status_callback: Some(url("/app-end")),
        ..HooksChange::default()
    };
    let change = ApplicationChange {
        friendly_name: Some("App".into()),
        hooks,
        ..ApplicationChange::default()
    };
    let application = stage
        .engine
        .create_application(stage.now, AC, change)
        .unwrap()
        .sid;
    let number = stage.engine.owner_of(OURS).unwrap().sid.clone();
    let change = super::NumberChange {
        voice_application_sid: Some(application.clone()),
        ..Default::default()
    };
    stage
        .engine
        .update_number(stage.now, AC, &number, change)
        .unwrap();
    stage.phone_calls(Behaviour::Human);
    stage.run(1.0);
    assert_eq!(stage.paths(), ["/app", "/app-end"]);
    assert_eq!(field(&stage.sent[0], "ApplicationSid"), application);
}

#[test]
fn a_rest_call_with_an_application_ignores_its_own_callbacks() {
    let mut stage = Stage::new(&[("/app", "<Hangup/>")]);
    let hooks = HooksChange {
        voice_url: Some(url("/app")),
        status_callback: Some(url("/app-end")),
        ..HooksChange::default()
    };
    let change = ApplicationChange {
        friendly_name: None,
        hooks,
        ..ApplicationChange::default()
    };
    let application = stage
        .engine
        .create_application(stage.now, AC, change)
        .unwrap()
        .sid;
    let mut request = create(CUSTOMER, &["initiated", "completed"]);
    request.twiml = super::TwimlFrom::Application(application);
    stage.engine.create_call(stage.now, AC, request).unwrap();
    stage.run(10.0);
    assert_eq!(stage.paths(), ["/app", "/app-end"]);
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let story = || {
        let mut stage = Stage::new(&[("/answered", "<Say>Hello</Say>")]);
        stage.rest_calls(CUSTOMER, &["initiated", "completed"]);
        stage.run(10.0);
        stage.sent
    };
    assert_eq!(story(), story());
}
