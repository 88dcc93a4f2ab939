//! The REST face as our own typed requests see it, and what no official library would ask.

use offhook_sandbox::config::{AccountSeed, Config, NumberSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::phone::Behaviour;
use offhook_twilio::rest::call::{Filter, Instructions, NewCall, RecordOptions};
use offhook_twilio::rest::participant::{Change, NewParticipant};
use offhook_twilio::rest::recording::{self, Turn};
use offhook_twilio::rest::{
    Failure, HttpMethod, Request, account, application, call, conference, number, participant,
    queue,
};
use offhook_twilio::status::{CallStatus, ConferenceStatus, RecordingStatus};
use offhook_twilio::words::{Channels, Track, Trim};
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const AC: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const NUMBER: &str = "+14155550199";
const PHONE: &str = "+14155550130";
/// Waits for the phone in a room of its own.
const LONG: &str = "<Response><Pause length=\"60\"/></Response>";

#[tokio::test]
async fn our_own_requests_are_understood_and_their_answers_read() {
    let rest = Rest::start().await;
    let fetched = rest.ask(account::fetch(AC)).await.expect("the account");
    assert_eq!(fetched.status.as_deref(), Some("active"));
    let key = rest
        .ask(account::create_key(AC, "offhook"))
        .await
        .expect("a key");
    assert_eq!(
        rest.ask(account::fetch_key(AC, &key.sid))
            .await
            .expect("the key")
            .friendly_name
            .as_deref(),
        Some("offhook")
    );
    assert!(rest.ask(account::delete_key(AC, &key.sid)).await.is_ok());
    assert!(
        rest.ask(account::list_keys(AC))
            .await
            .expect("a page")
            .items
            .is_empty()
    );

    let change = application::Change {
        friendly_name: Some("app".into()),
        voice_url: Some("https://e.com/v".into()),
        ..application::Change::default()
    };
    let app = rest
        .ask(application::create(AC, &change))
        .await
        .expect("an App");
    let listed = rest
        .ask(application::list(AC, Some("app")))
        .await
        .expect("a page");
    assert_eq!(listed.items, vec![app]);
    let owned = rest
        .ask(number::list(AC, Some(NUMBER)))
        .await
        .expect("a page")
        .items
        .remove(0);
    let change = number::Change {
        voice_url: Some("https://e.com/v".into()),
        ..number::Change::default()
    };
    assert_eq!(
        rest.ask(number::update(AC, &owned.sid, &change))
            .await
            .expect("changed")
            .voice_url,
        change.voice_url
    );
    rest.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_queue_is_made_resized_and_empty() {
    let rest = Rest::start().await;
    let made = rest
        .ask(queue::create(AC, "support", Some(20)))
        .await
        .expect("a queue");
    assert_eq!(
        rest.ask(queue::resize(AC, &made.sid, 30))
            .await
            .expect("changed")
            .max_size,
        30
    );
    assert!(
        rest.ask(queue::list_members(AC, &made.sid))
            .await
            .expect("a page")
            .items
            .is_empty()
    );
    refused(
        rest.ask(queue::dequeue(
            AC,
            &made.sid,
            "Front",
            "https://e.com/v",
            None,
        ))
        .await,
        404,
    );
    rest.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_leg_is_put_into_a_room_held_and_ended() {
    let rest = Rest::start().await;
    let into = NewParticipant {
        to: PHONE.into(),
        from: NUMBER.into(),
        label: Some("customer 1/2".into()),
        ..NewParticipant::default()
    };
    let added = rest
        .ask(participant::create(AC, "room_1", &into))
        .await
        .expect("a participant");
    assert_eq!(added.label.as_deref(), Some("customer 1/2"));
    let room = added.conference_sid.clone();
    rest.reaches(&added.call_sid, &CallStatus::InProgress).await;

    let by_label = rest
        .ask(participant::fetch(AC, &room, "customer 1/2"))
        .await
        .expect("by label");
    assert_eq!(by_label.call_sid, added.call_sid);
    let held = rest
        .ask(participant::update(
            AC,
            &room,
            &added.call_sid,
            &Change {
                hold: Some(true),
                ..Change::default()
            },
        ))
        .await;
    assert!(held.expect("held").hold);
    let found = rest
        .ask(conference::list(
            AC,
            &conference::Filter {
                friendly_name: Some("room_1".into()),
                ..conference::Filter::default()
            },
        ))
        .await;
    assert_eq!(found.expect("a page").items[0].sid, room);
    let ended = rest
        .ask(conference::complete(AC, &room))
        .await
        .expect("ended");
    assert_eq!(ended.status, ConferenceStatus::Completed);
    rest.reaches(&added.call_sid, &CallStatus::Completed).await;
    refused(
        rest.ask(participant::fetch(AC, &room, &added.call_sid))
            .await,
        404,
    );
    rest.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_participant_is_recorded_from_the_answer_until_it_is_stopped() {
    let rest = Rest::start().await;
    let record = RecordOptions {
        channels: Some(Channels::Dual),
        trim: Some(Trim::DoNotTrim),
        ..RecordOptions::default()
    };
    let into = NewParticipant {
        to: PHONE.into(),
        from: NUMBER.into(),
        record: Some(record),
        ..NewParticipant::default()
    };
    let added = rest
        .ask(participant::create(AC, "room_1", &into))
        .await
        .expect("a participant");
    rest.reaches(&added.call_sid, &CallStatus::InProgress).await;
    let made = rest
        .ask(recording::list_of_call(AC, &added.call_sid))
        .await
        .expect("a page")
        .items
        .remove(0);
    assert_eq!(
        (made.status.clone(), made.channels),
        (RecordingStatus::Processing, Some(2))
    );
    let stopped = rest
        .ask(recording::update(
            AC,
            &added.call_sid,
            recording::CURRENT,
            Turn::Stop,
            None,
        ))
        .await
        .expect("stopped");
    assert_eq!(
        (stopped.sid, stopped.status),
        (made.sid, RecordingStatus::Stopped)
    );

    rest.sandbox.shutdown().await;
}

#[tokio::test]
async fn two_channels_are_refused_where_there_is_one() {
    let rest = Rest::start().await;
    let call = rest.calls_the_phone().await;
    let one_track = RecordOptions {
        track: Some(Track::Inbound),
        channels: Some(Channels::Dual),
        trim: Some(Trim::DoNotTrim),
        ..RecordOptions::default()
    };
    let made = rest
        .ask(recording::create(AC, &call, &one_track))
        .await
        .expect("a recording");
    assert_eq!(
        rest.get(&recording::media_path(AC, &made.sid, 1)).await.0,
        StatusCode::NOT_FOUND,
        "not ready"
    );
    let begun = rest.sandbox.now();
    rest.until(async || rest.sandbox.now() - begun > chrono::TimeDelta::milliseconds(400))
        .await;
    rest.ask(call::complete(AC, &call)).await.expect("ended");
    rest.until(async || {
        rest.ask(recording::fetch(AC, &made.sid))
            .await
            .is_ok_and(|now| now.status == RecordingStatus::Completed)
    })
    .await;
    assert_eq!(
        rest.get(&recording::media_path(AC, &made.sid, 2)).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        rest.get(&recording::media_path(AC, &made.sid, 1)).await.0,
        StatusCode::OK
    );
    assert_eq!(
        rest.get(&format!(
            "/2010-04-01/Accounts/{AC}/Recordings/{}",
            made.sid
        ))
        .await
        .0,
        StatusCode::OK,
        "WAV without an extension"
    );
    rest.sandbox.shutdown().await;
}

#[tokio::test]
async fn events_written_into_one_value_make_a_call_that_tells_nothing() {
    let rest = Rest::start().await;
    let form = [
        ("To", PHONE),
        ("From", NUMBER),
        ("Twiml", LONG),
        ("StatusCallback", "http://127.0.0.1:9/never"),
        (
            "StatusCallbackEvent",
            "initiated ringing answered completed",
        ),
    ];
    let (status, body) = rest
        .post(&format!("/2010-04-01/Accounts/{AC}/Calls.json"), &form)
        .await;
    assert_eq!(status, StatusCode::CREATED);
    let call = body["sid"].as_str().expect("a sid");
    rest.reaches(call, &CallStatus::InProgress).await;
    rest.ask(call::complete(AC, call)).await.expect("ended");
    assert!(rest.sandbox.webhooks().is_empty());
    assert!(
        rest.sandbox
            .traces()
            .iter()
            .any(|trace| trace.kind == "alert" && trace.data["code"] == 21626)
    );
    rest.sandbox.shutdown().await;
}

#[tokio::test]
async fn calls_are_listed_by_their_children_and_their_time() {
    let rest = Rest::start().await;
    let call = rest.calls_the_phone().await;
    let dial = Instructions::Twiml(format!(
        "<Response><Dial callerId=\"{NUMBER}\">+14155550131</Dial></Response>"
    ));
    rest.ask(call::redirect(AC, &call, &dial))
        .await
        .expect("redirected");
    let children = Filter {
        parent_call_sid: Some(call.clone()),
        ..Filter::default()
    };
    rest.until(async || {
        rest.ask(call::list(AC, &children))
            .await
            .is_ok_and(|page| page.items.len() == 1)
    })
    .await;
    let hour = chrono::TimeDelta::hours(1);
    let later = Filter {
        started_after: Some(rest.sandbox.now() + hour),
        ..Filter::default()
    };
    assert!(
        rest.ask(call::list(AC, &later))
            .await
            .expect("a page")
            .items
            .is_empty()
    );
    let earlier = Filter {
        started_after: Some(rest.sandbox.now() - hour),
        page_size: Some(1),
        ..Filter::default()
    };
    let page = rest.ask(call::list(AC, &earlier)).await.expect("a page");
    assert_eq!(page.items.len(), 1);
    rest.sandbox.shutdown().await;
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_allowed_say_so_in_twilios_words() {
    let rest = Rest::start().await;
    let said = |code: u32, message: &str, status: u16| json!({ "code": code, "message": message, "more_info": format!("https://www.twilio.com/docs/errors/{code}"), "status": status });
    let (status, body) = rest
        .get(&format!("/2010-04-01/Accounts/{AC}/Nothing.json"))
        .await;
    assert_eq!(
        (status, body),
        (
            StatusCode::NOT_FOUND,
            said(20404, "The requested resource was not found", 404)
        )
    );
    let missing = format!("/2010-04-01/Accounts/{AC}/Calls/CA1.json");
    let (status, body) = rest.get(&missing).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::NOT_FOUND, &json!(20404))
    );
    let answer = rest
        .client
        .put(rest.url(&missing))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        answer.json::<Value>().await.expect("JSON"),
        said(20004, "Method not allowed", 405)
    );
    let answer = rest
        .client
        .get(rest.url(&missing))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        answer.headers()["www-authenticate"],
        "Basic realm=\"Twilio API\""
    );
    assert_eq!(
        answer.json::<Value>().await.expect("JSON"),
        said(20003, "Authenticate", 401)
    );
    let answer = rest
        .client
        .get(rest.url("/2010-04-01/Accounts/AC2.json"))
        .basic_auth(AC, Some(TOKEN))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "another account");
    rest.sandbox.shutdown().await;
}

struct Rest {
    sandbox: Sandbox,
    client: reqwest::Client,
}

impl Rest {
    async fn start() -> Self {
        let account = AccountSeed {
            sid: AC.into(),
            auth_token: TOKEN.into(),
            friendly_name: "Test".into(),
            calls_per_second: 10,
            keys: Vec::new(),
            applications: Vec::new(),
            numbers: vec![NumberSeed {
                phone_number: NUMBER.into(),
                ..NumberSeed::default()
            }],
        };
        let quick = Behaviour::persona(1, 0.1, None);
        let config = Config {
            accounts: vec![account],
            phones: vec![(PHONE.into(), quick)],
            ..Config::default()
        };
        Self {
            sandbox: Sandbox::start(config).await.expect("free ports"),
            client: reqwest::Client::new(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.url())
    }

    async fn ask<A: DeserializeOwned>(&self, request: Request<A>) -> Result<A, Failure> {
        let (url, params) = (self.url(&request.path), request.encoded_params());
        let builder = match request.method {
            HttpMethod::Get => self.client.get(format!("{url}?{params}")),
            HttpMethod::Post => self
                .client
                .post(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(params),
            HttpMethod::Delete => self.client.delete(url),
        };
        let answer = builder
            .basic_auth(AC, Some(TOKEN))
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        request.read(status, &answer.bytes().await.expect("a body"))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self
            .client
            .get(self.url(path))
            .basic_auth(AC, Some(TOKEN))
            .send()
            .await
            .expect("an answer");
        (
            answer.status(),
            serde_json::from_slice(&answer.bytes().await.expect("a body")).unwrap_or_default(),
        )
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> (StatusCode, Value) {
        let answer = self
            .client
            .post(self.url(path))
            .basic_auth(AC, Some(TOKEN))
            .form(form)
            .send()
            .await
            .expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    /// A call to the phone that it has answered.
    async fn calls_the_phone(&self) -> String {
        let made = self
            .ask(call::create(
                AC,
                &NewCall::new(PHONE, NUMBER, Instructions::Twiml(LONG.into())),
            ))
            .await
            .expect("a call");
        self.reaches(&made.sid, &CallStatus::InProgress).await;
        made.sid
    }

    async fn reaches(&self, call: &str, status: &CallStatus) {
        self.until(async || {
            self.ask(call::fetch(AC, call))
                .await
                .is_ok_and(|now| now.status == *status)
        })
        .await;
    }

    /// Asks again and again, for 20 seconds at most.
    async fn until(&self, so: impl AsyncFn() -> bool) {
        let asking = async {
            while !so().await {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), asking)
            .await
            .expect("it becomes so");
    }
}

fn refused<A: std::fmt::Debug>(answer: Result<A, Failure>, status: u16) {
    let Err(Failure::Refused(error)) = answer else {
        panic!("{answer:?} should have been refused")
    };
    assert_eq!(error.status, status, "{error}");
}
