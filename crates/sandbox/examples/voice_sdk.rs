//! A whole sandbox with an application behind it, for the browser tests with the real Voice SDK.
//!
//! A call's parameter `mode` chooses the application's TwiML: `tone`, `early`, `echo`, `room`, `keys`, or `client` with
//! `To`, which rings the devices of that identity. It prints its address; `GET /token?identity=…` makes a token,
//! `GET /log` gives the application's webhooks, `GET /recordings` the pitches found in each, `POST /hangup` ends all calls.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::header,
    response::{Html, IntoResponse},
    routing::{get, post},
};
use chrono::Duration;
use offhook_sandbox::{
    clock::Clock,
    config::{AccountSeed, Config, NumberSeed},
    driver::Sandbox,
    engine::{account::VoiceHooks, phone::Behaviour, records::CallStatus, requests::UpdateCall},
    media::tones::strength,
};
use offhook_twilio::token::VoiceToken;
use serde_json::{Value, json};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const KEY: &str = "SK00000000000000000000000000000001";
const SECRET: &str = "a secret for tests";
const APPLICATION: &str = "AP00000000000000000000000000000001";
/// Shown to phones: a client has no number of its own.
const OWN: &str = "+15550100000";
const TONE: &str = "+15550100001";
const NOBODY: &str = "+15550100002";
const ECHO: &str = "+15550100003";

type Fields = HashMap<String, String>;

/// The application: what it was asked, and the sandbox that it runs against.
#[derive(Clone, Default)]
struct Application {
    log: Arc<Mutex<Vec<String>>>,
    sandbox: Arc<OnceLock<Sandbox>>,
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the tests read the address from here")]
async fn main() -> std::io::Result<()> {
    // The application's address is the sandbox's own, which must be known before it starts.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port();
    let origin = format!("http://localhost:{port}");
    let application = Application::default();
    let doors = Router::new()
        .route(
            "/",
            get(async || Html("<!doctype html><title>a softphone</title>")),
        )
        .route("/token", get(token))
        .route("/log", get(log))
        .route("/recordings", get(recordings))
        .route("/hangup", post(hang_up))
        .route("/twiml/voice", post(voice))
        .route("/twiml/keys", post(keys))
        .route("/twiml/status", post(status))
        .with_state(application.clone());
    let hooks = VoiceHooks {
        voice_url: format!("{origin}/twiml/voice"),
        status_callback: format!("{origin}/twiml/status"),
        ..VoiceHooks::default()
    };
    let sandbox = Sandbox::start(Config {
        port,
        public_url: Some(origin.clone()),
        accounts: vec![AccountSeed {
            sid: ACCOUNT.into(),
            auth_token: "a token for tests".into(),
            friendly_name: "Tests".into(),
            calls_per_second: 10,
            keys: vec![(KEY.into(), SECRET.into())],
            applications: vec![(APPLICATION.into(), "Softphone".into(), hooks)],
            numbers: vec![NumberSeed {
                phone_number: OWN.into(),
                ..NumberSeed::default()
            }],
        }],
        phones: vec![
            (
                TONE.into(),
                Behaviour::Tone {
                    hertz: 700.0,
                    on: 250,
                    off: 250,
                },
            ),
            (NOBODY.into(), Behaviour::NoAnswer),
            (ECHO.into(), Behaviour::Echo),
        ],
        more: Some(doors),
        ..Config::default()
    })
    .await?;
    let _first = application.sandbox.set(sandbox.clone());
    println!("{origin}");
    sandbox.ending().cancelled().await;
    Ok(())
}

impl Application {
    fn note(&self, what: &str, fields: &Fields) {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let (call, status, to, digits) = (
            field("CallSid"),
            field("CallStatus"),
            field("To"),
            field("Digits"),
        );
        let line = format!("{what} {call} {status} to={to} digits={digits}");
        self.log.lock().expect("no panic holds it").push(line);
    }

    fn sandbox(&self) -> &Sandbox {
        self.sandbox
            .get()
            .expect("set before the address is printed")
    }
}

async fn token(Query(query): Query<Fields>) -> String {
    let now = Clock::Real.now();
    let seconds = query
        .get("ttl")
        .and_then(|ttl| ttl.parse().ok())
        .unwrap_or(3600);
    let application = query.get("application").map_or(APPLICATION, String::as_str);
    let token = VoiceToken {
        account_sid: ACCOUNT.into(),
        key_sid: KEY.into(),
        identity: query.get("identity").cloned().unwrap_or_default(),
        incoming: true,
        application_sid: Some(application.into()),
        params: serde_json::Map::new(),
        region: None,
        issued_at: now,
        expires_at: now + Duration::seconds(seconds),
    };
    let secret = query.get("secret").map_or(SECRET, String::as_str);
    token.mint(secret).unwrap_or_else(|error| error.to_string())
}

async fn log(State(application): State<Application>) -> Json<Vec<String>> {
    Json(application.log.lock().expect("no panic holds it").clone())
}

/// For each finished recording its call, and the loudest of the tests' pitches in each channel.
async fn recordings(State(application): State<Application>) -> Json<Vec<Value>> {
    Json(application.sandbox().engine(|engine, _| {
        let finished = engine
            .recordings(ACCOUNT, None)
            .into_iter()
            .filter_map(|recording| {
                let channels = recording
                    .sound
                    .as_deref()?
                    .iter()
                    .map(|channel| loudest(channel));
                Some(
                    json!({ "call": recording.call_sid, "channels": channels.collect::<Vec<_>>() }),
                )
            });
        finished.collect()
    }))
}

async fn hang_up(State(application): State<Application>) {
    application.sandbox().engine(|engine, now| {
        let calls = engine.calls(
            ACCOUNT,
            &offhook_sandbox::engine::requests::CallFilter::default(),
        );
        let live: Vec<String> = calls
            .into_iter()
            .filter(|call| matches!(call.status, CallStatus::InProgress | CallStatus::Ringing))
            .map(|call| call.sid.clone())
            .collect();
        for call in live {
            let end = UpdateCall {
                status: Some("completed".into()),
                ..UpdateCall::default()
            };
            // One may have ended with the one before.
            let _ended = engine.update_call(now, ACCOUNT, &call, end);
        }
    });
}

async fn status(State(application): State<Application>, Form(fields): Form<Fields>) {
    application.note("status", &fields);
}

async fn keys(
    State(application): State<Application>,
    Form(fields): Form<Fields>,
) -> impl IntoResponse {
    application.note("keys", &fields);
    twiml(&dial("", &format!("<Number>{TONE}</Number>")))
}

async fn voice(
    State(application): State<Application>,
    Form(fields): Form<Fields>,
) -> impl IntoResponse {
    application.note("voice", &fields);
    let record = r#"<Start><Recording channels="dual" trim="do-not-trim"/></Start>"#;
    let number = |number: &str| format!("<Number>{number}</Number>");
    let bridge = r#" answerOnBridge="true""#;
    twiml(&match fields.get("mode").map(String::as_str) {
        Some("client") => {
            let to = fields.get("To").map_or("nobody", String::as_str);
            let parameter = r#"<Parameter name="call_id" value="one &amp; two"/>"#;
            dial(
                bridge,
                &format!("<Client><Identity>{to}</Identity>{parameter}</Client>"),
            )
        }
        Some("early") => dial(bridge, &number(NOBODY)),
        Some("echo") => dial("", &number(ECHO)),
        Some("room") => dial(
            "",
            r#"<Conference beep="false" waitUrl="">room</Conference>"#,
        ),
        Some("keys") => {
            r#"<Gather numDigits="7" finishOnKey="" action="/twiml/keys" timeout="20"/>"#.to_owned()
        }
        _ => format!("{record}{}", dial("", &number(TONE))),
    })
}

fn dial(attributes: &str, noun: &str) -> String {
    format!("<Dial callerId=\"{OWN}\"{attributes}>{noun}</Dial>")
}

fn twiml(verbs: &str) -> impl IntoResponse + use<> {
    (
        [(header::CONTENT_TYPE, "text/xml")],
        format!("<Response>{verbs}</Response>"),
    )
}

/// Which of the pitches that the tests use is the loudest.
fn loudest(pcm: &[i16]) -> f64 {
    let pitches = [440.0, 700.0, 900.0, 1100.0].map(|hertz| (strength(pcm, hertz), hertz));
    pitches
        .into_iter()
        .fold(
            (0.0, 0.0),
            |most, one| if one.0 > most.0 { one } else { most },
        )
        .1
}
