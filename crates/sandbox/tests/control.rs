//! The control API: a person at the console picks up phones, and sees the truth of what happened.

use axum::Router;
use axum::extract::Form;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use offhook_sandbox::config::{AccountSeed, Config, NumberSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::account::VoiceHooks;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const AC: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const MENU: &str = "+14155550199";
const PERSONA: &str = "+14155550198";
const ANA: &str = "+14155550130";

#[tokio::test]
async fn a_person_dials_a_menu_presses_a_key_and_hangs_up() {
    let console = Console::start().await;
    let (status, call) = console
        .ask(
            Method::POST,
            &format!("phones/{ANA}/dial"),
            json!({ "to": MENU }),
        )
        .await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(
        (&call["direction"], &call["far"], &call["from"]),
        (&json!("inbound"), &json!("phone"), &json!(ANA))
    );
    console
        .until("calls", |calls| {
            calls["calls"][0]["status"] == "in-progress"
        })
        .await;

    let (status, _) = console
        .ask(
            Method::POST,
            &format!("phones/{ANA}/press"),
            json!({ "digits": "2" }),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    let webhooks = console
        .until("webhooks", |sent| {
            sent["webhooks"]
                .as_array()
                .is_some_and(|sent| sent.len() == 2 && !sent[0]["millis"].is_null())
        })
        .await;
    let gathered = &webhooks["webhooks"][0];
    assert!(
        gathered["params"]
            .as_array()
            .expect("pairs")
            .contains(&json!(["Digits", "2"]))
    );
    assert_eq!(
        (&gathered["status"], &gathered["content_type"]),
        (&json!(200), &json!("text/xml"))
    );
    assert!(
        gathered["body"]
            .as_str()
            .is_some_and(|twiml| twiml.contains("You pressed 2"))
    );
    assert_eq!(gathered["attempts"].as_array().map(Vec::len), Some(1));

    let (status, _) = console
        .ask(Method::POST, &format!("phones/{ANA}/hangup"), Value::Null)
        .await;
    assert_eq!(status, StatusCode::OK);
    console
        .until("calls", |calls| calls["calls"][0]["status"] == "completed")
        .await;
    let (status, _) = console
        .ask(Method::POST, &format!("phones/{ANA}/hangup"), Value::Null)
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND, "there is no call any more");
    console.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_phone_with_a_person_rings_until_it_is_picked_up_and_says_what_it_is_told() {
    let console = Console::start().await;
    let (status, _) = console
        .ask(
            Method::PUT,
            &format!("phones/{ANA}/behaviour"),
            json!({ "kind": "human" }),
        )
        .await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = console
        .ask(Method::POST, &format!("phones/{ANA}/answer"), Value::Null)
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND, "nobody calls");
    console.call(ANA).await;
    let phones = console
        .until("phones", |phones| {
            phone(phones, ANA)["call"]["status"] == "ringing"
        })
        .await;
    assert_eq!(phone(&phones, ANA)["behaviour"], json!({ "kind": "human" }));
    let (status, _) = console
        .ask(
            Method::POST,
            &format!("phones/{ANA}/say"),
            json!({ "kind": "text", "value": "Too early" }),
        )
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "it still rings");

    let (status, call) = console
        .ask(Method::POST, &format!("phones/{ANA}/answer"), Value::Null)
        .await;
    assert_eq!(
        (status, &call["status"]),
        (StatusCode::OK, &json!("in-progress"))
    );
    let (status, _) = console
        .ask(
            Method::POST,
            &format!("phones/{ANA}/say"),
            json!({ "kind": "bundled", "value": "persona-1" }),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    let tone =
        json!({ "kind": "tone", "value": { "hertz": 440, "on": 250, "off": 250, "lasts": 600 } });
    let (status, _) = console
        .ask(Method::POST, &format!("phones/{ANA}/say"), tone)
        .await;
    assert_eq!(status, StatusCode::OK);
    let sid = call["sid"].as_str().expect("a sid");
    console
        .until(&format!("calls/{sid}"), |call| {
            call["events"]
                .as_array()
                .is_some_and(|events| events.iter().any(|event| event["kind"] == "says"))
        })
        .await;
    console.sandbox.shutdown().await;
}

#[tokio::test]
async fn the_setup_is_told_to_this_machine_and_to_no_foreign_page() {
    let console = Console::start().await;
    let (_, accounts) = console.ask(Method::GET, "accounts", Value::Null).await;
    let account = &accounts["accounts"][0];
    assert_eq!(
        (&account["sid"], &account["auth_token"]),
        (&json!(AC), &json!(TOKEN))
    );
    let (_, clock) = console.ask(Method::GET, "clock", Value::Null).await;
    assert!(
        clock["now"]
            .as_str()
            .is_some_and(|now| now.parse::<chrono::DateTime<chrono::Utc>>().is_ok())
    );
    let (_, phones) = console.ask(Method::GET, "phones", Value::Null).await;
    let numbers: Vec<&Value> = phones["phones"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|phone| &phone["number"])
        .collect();
    assert_eq!(numbers, [PERSONA], "a number with a voice URL is no phone");

    for (header, value) in [("Host", "evil.example"), ("Origin", "https://evil.example")] {
        let answer = console
            .client
            .get(console.url("accounts"))
            .header(header, value)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        assert!(!answer.text().await.expect("a body").contains(TOKEN));
    }
    let (status, _) = console
        .ask(
            Method::POST,
            &format!("phones/{ANA}/dial"),
            json!({ "whom": MENU }),
        )
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, body) = console
        .ask(
            Method::POST,
            &format!("phones/{ANA}/dial"),
            json!({ "to": "+19995550100" }),
        )
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
    console.sandbox.shutdown().await;
}

fn phone<'a>(phones: &'a Value, number: &str) -> &'a Value {
    phones["phones"]
        .as_array()
        .and_then(|phones| phones.iter().find(|phone| phone["number"] == number))
        .unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_browser_takes_a_phone_into_its_hand_and_a_persona_may_speak_for_it() {
    let console = Console::start().await;
    let (status, given) = console
        .ask(
            Method::POST,
            &format!("phones/{PERSONA}/token"),
            Value::Null,
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(given["identity"], "phone_14155550198");
    let (_, again) = console
        .ask(
            Method::POST,
            &format!("phones/{PERSONA}/token"),
            Value::Null,
        )
        .await;
    assert_eq!(again["identity"], given["identity"]);
    let (_, accounts) = console.ask(Method::GET, "accounts", Value::Null).await;
    let account = &accounts["accounts"][0];
    assert_eq!(account["keys"].as_array().map(Vec::len), Some(1));
    let voice = account["applications"][0]["voice_url"]
        .as_str()
        .expect("an address");
    let form = [("From", "client:phone_14155550198"), ("To", MENU)];
    let twiml = console.client.post(voice).form(&form).send().await;
    let twiml = twiml.expect("an answer").text().await.expect("a text");
    assert!(
        twiml.contains("callerId=\"+14155550198\"") && twiml.contains(MENU),
        "{twiml}"
    );

    let (status, _) = console
        .ask(Method::POST, "phones/+14155550111/token", Value::Null)
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND, "nobody owns that number");

    let (_, people) = console.ask(Method::GET, "personas", Value::Null).await;
    let name = people["personas"][0]["name"].as_str().expect("a name");
    let sound = console
        .client
        .get(console.url(&format!("personas/{name}/audio")))
        .send()
        .await;
    let sound = sound.expect("an answer").bytes().await.expect("a file");
    assert!(sound.starts_with(b"RIFF") && sound.len() > 160_000);
}

struct Console {
    sandbox: Sandbox,
    client: reqwest::Client,
}

impl Console {
    async fn start() -> Self {
        let hooks = VoiceHooks {
            voice_url: format!("{}/menu", menu().await),
            ..VoiceHooks::default()
        };
        let account = AccountSeed {
            sid: AC.into(),
            auth_token: TOKEN.into(),
            friendly_name: "Test".into(),
            calls_per_second: 10,
            keys: Vec::new(),
            applications: Vec::new(),
            numbers: vec![
                NumberSeed {
                    phone_number: MENU.into(),
                    hooks,
                    ..NumberSeed::default()
                },
                NumberSeed {
                    phone_number: PERSONA.into(),
                    ..NumberSeed::default()
                },
            ],
        };
        let config = Config {
            accounts: vec![account],
            ..Config::default()
        };
        Self {
            sandbox: Sandbox::start(config).await.expect("free ports"),
            client: reqwest::Client::new(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/sandbox/v1/{path}", self.sandbox.url())
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let builder = self.client.request(method, self.url(path));
        let builder = if body.is_null() {
            builder
        } else {
            builder.json(&body)
        };
        let answer = builder.send().await.expect("an answer");
        (
            answer.status(),
            serde_json::from_slice(&answer.bytes().await.expect("a body")).unwrap_or_default(),
        )
    }

    async fn call(&self, to: &str) {
        let form = [
            ("To", to),
            ("From", MENU),
            ("Twiml", "<Response><Pause length=\"60\"/></Response>"),
        ];
        let url = format!("{}/2010-04-01/Accounts/{AC}/Calls.json", self.sandbox.url());
        let answer = self
            .client
            .post(url)
            .basic_auth(AC, Some(TOKEN))
            .form(&form)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::CREATED);
    }

    /// Looks again and again, for 20 seconds at most.
    async fn until(&self, path: &str, so: impl Fn(&Value) -> bool) -> Value {
        let looking = async {
            loop {
                let (_, seen) = self.ask(Method::GET, path, Value::Null).await;
                if so(&seen) {
                    return seen;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), looking)
            .await
            .expect("it becomes so")
    }
}

/// An application with a menu; its address.
async fn menu() -> String {
    let ask = "<Response><Gather numDigits=\"1\" timeout=\"30\"/></Response>";
    let answer = async move |Form(params): Form<Vec<(String, String)>>| {
        let digits = params.iter().find(|(name, _)| name == "Digits");
        let twiml = digits.map_or(ask.to_owned(), |(_, digits)| {
            format!("<Response><Say>You pressed {digits}</Say><Pause length=\"30\"/></Response>")
        });
        ([(CONTENT_TYPE, "text/xml")], twiml)
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(
        async move { axum::serve(listener, Router::new().route("/menu", post(answer))).await },
    );
    format!("http://{address}")
}

#[tokio::test]
async fn what_a_softphone_reports_of_its_call_is_answered_and_shown() {
    let console = Console::start().await;
    let (event, figures) = (
        json!({ "group": "connection", "name": "accepted-by-remote", "payload": { "call_sid": "CA1" } }),
        json!({ "group": "quality-metrics-samples", "payload": [{ "call_sid": "CA2", "mos": 4.4 }] }),
    );
    for (door, report) in [("EndpointEvents", &event), ("EndpointMetrics", &figures)] {
        let answer = reqwest::Client::new()
            .post(format!("{}/v4/{door}", console.sandbox.url()))
            .header("Origin", "https://app.example.com")
            .json(report)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    }
    let (_, shown) = console
        .ask(Method::GET, "insights?call=CA2", Value::Null)
        .await;
    let shown = shown["insights"].as_array().expect("reports").clone();
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (&shown[0]["kind"], &shown[0]["body"]),
        (&json!("metrics"), &figures)
    );
    let (_, all) = console.ask(Method::GET, "insights", Value::Null).await;
    assert_eq!(all["insights"].as_array().map(Vec::len), Some(2));
    console.sandbox.shutdown().await;
}
