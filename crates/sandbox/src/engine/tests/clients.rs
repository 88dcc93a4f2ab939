//! Voice SDK clients: calling through an application, and being called.

use super::super::account::{ApplicationChange, HooksChange, NumberChange};
use super::super::held::identity_of;
use super::super::phone::Behaviour;
use super::super::records::CallStatus;
use super::{AC, CUSTOMER, OTHER, OURS, Stage, field, url};
use crate::seam::{ClientInput, ClientOutput, Input, MediaEvent};

const THEIRS: &str = "+14155550188";

fn with_application(pages: &[(&'static str, &str)]) -> (Stage, String) {
    let mut stage = Stage::new(pages);
    let hooks = HooksChange {
        voice_url: Some(url("/sdk")),
        status_callback: Some(url("/sdk-end")),
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
    (stage, application)
}

fn connects(stage: &mut Stage, application: &str, params: &[(&str, &str)]) -> String {
    let params = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let (account, identity, application) =
        (AC.to_owned(), "anna".to_owned(), application.to_owned());
    stage.input(Input::Client(ClientInput::Invite {
        connection: 3,
        account,
        identity,
        application,
        params,
    }));
    match stage.clients.first() {
        Some(ClientOutput::Created {
            connection: 3,
            call,
        }) => call.clone(),
        other => panic!("the call is named first, not {other:?}"),
    }
}

#[test]
fn a_client_calls_through_its_application_with_its_parameters_as_fields() {
    let (mut stage, application) = with_application(&[(
        "/sdk",
        &format!("<Dial callerId=\"{OURS}\">{CUSTOMER}</Dial>"),
    )]);
    let call = connects(
        &mut stage,
        &application,
        &[("To", "x"), ("call_id", "c1"), ("From", "client:boss")],
    );
    let first = stage.to("/sdk")[0];
    assert_eq!(
        (field(first, "From"), field(first, "To")),
        ("client:anna", "x")
    );
    assert_eq!(
        (field(first, "call_id"), field(first, "ApplicationSid")),
        ("c1", application.as_str())
    );
    assert_eq!(
        (field(first, "Direction"), field(first, "CallStatus")),
        ("inbound", "ringing")
    );
    assert!(
        stage
            .clients
            .contains(&ClientOutput::Answer { call: call.clone() })
    );
    stage.run(4.0);
    let child = stage.children(&call).remove(0);
    assert_eq!(stage.hears(&call), format!("Leg({child:?})"));
    stage.input(Input::Client(ClientInput::HungUp { call: call.clone() }));
    assert_eq!(stage.status(&child), CallStatus::Completed);
    assert_eq!(stage.told("/sdk-end", "CallStatus"), ["completed"]);
    assert!(
        !stage
            .clients
            .iter()
            .any(|output| matches!(output, ClientOutput::Hangup { .. })),
        "it hung up by itself"
    );
}

#[test]
fn with_answer_on_bridge_a_client_rings_first() {
    let dial = format!("<Dial answerOnBridge=\"true\" callerId=\"{OURS}\">{CUSTOMER}</Dial>");
    let (mut stage, application) = with_application(&[("/sdk", &dial)]);
    let call = connects(&mut stage, &application, &[]);
    stage.run(1.0);
    assert!(stage.clients.contains(&ClientOutput::Ringing {
        call: call.clone(),
        early_media: true
    }));
    assert!(
        !stage
            .clients
            .contains(&ClientOutput::Answer { call: call.clone() })
    );
    stage.run(2.0);
    assert!(stage.clients.contains(&ClientOutput::Answer { call }));
}

#[test]
fn a_client_without_a_caller_id_may_not_call_a_phone() {
    let (mut stage, application) =
        with_application(&[("/sdk", &format!("<Dial>{CUSTOMER}</Dial>"))]);
    connects(&mut stage, &application, &[]);
    assert_eq!(stage.alerts, [13214]);
}

#[test]
fn a_client_without_an_application_is_refused() {
    let (mut stage, _) = with_application(&[]);
    let (account, identity, application) = (AC.to_owned(), "anna".to_owned(), "AP1".to_owned());
    stage.input(Input::Client(ClientInput::Invite {
        connection: 3,
        account,
        identity,
        application,
        params: Vec::new(),
    }));
    assert!(matches!(
        stage.clients[..],
        [ClientOutput::InviteRefused { connection: 3, .. }]
    ));
}

fn registered(stage: &mut Stage) {
    let (account, identity) = (AC.to_owned(), "anna".to_owned());
    stage.input(Input::Client(ClientInput::Registered {
        connection: 3,
        account,
        identity,
    }));
}

#[test]
fn a_dialled_client_gets_its_parameters_answers_and_presses_keys() {
    let dial = "<Dial action=\"/done\"><Client><Identity>anna</Identity><Parameter name=\"who\" value=\"VIP\"/></Client></Dial>";
    let mut stage = Stage::new(&[("/voice", dial)]);
    registered(&mut stage);
    let call = stage.phone_calls(Behaviour::Human);
    let Some(ClientOutput::Invite {
        call: child,
        identity,
        custom,
        parameters,
        ..
    }) = stage.clients.first().cloned()
    else {
        panic!("the client is invited");
    };
    assert_eq!(
        (identity.as_str(), custom),
        ("anna", vec![("who".into(), "VIP".into())])
    );
    assert!(parameters.contains(&("From".into(), CUSTOMER.into())));
    stage.input(Input::Client(ClientInput::Answered {
        call: child.clone(),
        connection: 3,
    }));
    assert_eq!(stage.hears(&call), format!("Leg({child:?})"));
    stage.input(Input::Media(MediaEvent::Digit {
        leg: child.clone(),
        digit: '5',
    }));
    assert!(stage.heard(&call, "hears").contains(&"(keys 5)".to_owned()));
    stage.engine.phone_hang_up(stage.now, &call).unwrap();
    stage.drain();
    assert!(stage.clients.contains(&ClientOutput::Hangup {
        call: child,
        error: None
    }));
}

#[test]
fn a_phone_in_the_hand_rings_there_and_once_put_down_it_answers_by_itself() {
    let mut stage = Stage::new(&[("/voice", &format!("<Dial>{THEIRS}</Dial>"))]);
    let theirs = NumberChange::default();
    stage
        .engine
        .create_number(stage.now, OTHER, THEIRS, theirs)
        .unwrap();
    let (account, identity) = (OTHER.to_owned(), identity_of(THEIRS));
    stage.input(Input::Client(ClientInput::Registered {
        connection: 7,
        account,
        identity,
    }));
    let call = stage.phone_calls(Behaviour::Human);
    let child = stage.children(&call).remove(0);
    let rung = stage.clients.iter().any(|told| {
        matches!(told, ClientOutput::Invite { call, account, .. } if *call == child && account == OTHER)
    });
    assert!(rung, "the client of the number's account is rung");
    stage.input(Input::Client(ClientInput::Refused {
        call: child.clone(),
    }));
    assert_eq!(stage.status(&child), CallStatus::Busy);

    stage.input(Input::Client(ClientInput::Unregistered { connection: 7 }));
    let call = stage.phone_calls(Behaviour::Human);
    stage.run(5.0);
    let child = stage.children(&call).remove(0);
    assert_eq!(stage.status(&child), CallStatus::InProgress);
    assert_eq!(stage.engine.truth(&child).unwrap().far, "phone");
}

#[test]
fn a_client_that_rejects_is_busy_one_that_is_not_there_does_not_answer_and_one_that_ignores_is_canceled()
 {
    let mut stage = Stage::new(&[(
        "/voice",
        "<Dial action=\"/done\" timeout=\"10\"><Client>anna</Client></Dial>",
    )]);
    stage.phone_calls(Behaviour::Human);
    assert_eq!(stage.told("/done", "DialCallStatus"), ["no-answer"]);
    registered(&mut stage);
    let call = stage.phone_calls(Behaviour::Human);
    let child = stage.children(&call).remove(0);
    stage.input(Input::Client(ClientInput::Refused { call: child }));
    assert_eq!(
        stage.told("/done", "DialCallStatus").last().unwrap(),
        "busy"
    );
    let call = stage.phone_calls(Behaviour::Human);
    let child = stage.children(&call).remove(0);
    stage.run(11.0);
    assert!(
        stage
            .clients
            .contains(&ClientOutput::Cancel { call: child })
    );
    assert_eq!(
        stage.told("/done", "DialCallStatus").last().unwrap(),
        "no-answer"
    );
}

#[test]
fn the_networks_word_of_a_caller_reaches_the_application_and_the_softphone() {
    for (chosen, told) in [
        (None, "TN-Validation-Passed-A"),
        (Some("TN-Validation-Passed-C"), "TN-Validation-Passed-C"),
        (Some(""), ""),
    ] {
        let mut stage = Stage::new(&[("/voice", "<Dial><Client>ana</Client></Dial>")]);
        let wrong = stage.engine.set_attestation(CUSTOMER, Some("sure".into()));
        assert_eq!(wrong.unwrap_err().code, 20001);
        let chosen = chosen.map(str::to_owned);
        stage.engine.set_attestation(CUSTOMER, chosen).unwrap();
        stage.input(Input::Client(ClientInput::Registered {
            connection: 1,
            account: AC.into(),
            identity: "ana".into(),
        }));
        stage.phone_calls(Behaviour::Human);
        stage.run(2.0);
        assert_eq!(field(stage.to("/voice")[0], "StirVerstat"), told);
        let invited = stage.clients.iter().find_map(|output| match output {
            ClientOutput::Invite { parameters, .. } => Some(parameters.clone()),
            _ => None,
        });
        let stir = invited.expect("she is rung").into_iter();
        let stir: Vec<String> = stir
            .filter(|(name, _)| name == "StirStatus")
            .map(|(_, value)| value)
            .collect();
        assert_eq!(stir.concat(), told);
    }
}
