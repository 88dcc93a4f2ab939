//! A whole sandbox on virtual time: signed webhooks over real HTTP, real sound, and minutes that pass at once.

#![expect(clippy::unwrap_used, reason = "a test may stop where it cannot go on")]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use axum::routing::post;
use chrono::{TimeDelta, TimeZone, Utc};
use offhook_sandbox::clock::{Clock, VirtualClock};
use offhook_sandbox::config::{AccountSeed, Config, NumberSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::account::VoiceHooks;
use offhook_sandbox::engine::phone::Behaviour;
use offhook_sandbox::engine::records::{CallStatus, RecordingStatus};
use offhook_sandbox::engine::requests::{CreateParticipant, PhoneDial, RoomSettings};
use offhook_twilio::signature;

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const NUMBER: &str = "+14155550100";
const CUSTOMER: &str = "+14155550199";
const AGENT: &str = "+14155550142";

const VOICE: &str = r#"<Response>
  <Start><Recording channels="dual" trim="do-not-trim" recordingStatusCallback="/recording"/></Start>
  <Dial action="/done"><Conference beep="false" waitUrl="">room</Conference></Dial>
</Response>"#;

/// The driven application: it answers TwiML and notes what was told, if the signature is right.
#[derive(Clone)]
struct App {
    base: String,
    told: Arc<Mutex<Vec<String>>>,
}

async fn hook(
    State(app): State<App>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let signed = headers["x-twilio-signature"].to_str().unwrap_or_default();
    assert!(
        signature::verify(TOKEN, &format!("{}/{path}", app.base), &form, signed),
        "{path} is signed"
    );
    app.told.lock().unwrap().push(path.clone());
    let twiml = if path == "voice" {
        VOICE
    } else {
        "<Response/>"
    };
    ([(header::CONTENT_TYPE, "text/xml")], twiml)
}

async fn application() -> App {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = App {
        base: format!("http://{}", listener.local_addr().unwrap()),
        told: Arc::default(),
    };
    let routes = Router::new()
        .route("/{path}", post(hook))
        .with_state(app.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    app
}

async fn sandbox(app: &App, clock: &VirtualClock) -> Sandbox {
    let hooks = VoiceHooks {
        voice_url: format!("{}/voice", app.base),
        ..VoiceHooks::default()
    };
    let tone = |hertz| Behaviour::Tone {
        hertz,
        on: 250,
        off: 250,
    };
    let config = Config {
        clock: Clock::Virtual(clock.clone()),
        accounts: vec![AccountSeed {
            sid: ACCOUNT.into(),
            auth_token: TOKEN.into(),
            friendly_name: "Test".into(),
            calls_per_second: 1,
            keys: Vec::new(),
            applications: Vec::new(),
            numbers: vec![NumberSeed {
                phone_number: NUMBER.into(),
                hooks,
                voice_application_sid: String::new(),
            }],
        }],
        phones: vec![(CUSTOMER.into(), tone(440.0)), (AGENT.into(), tone(880.0))],
        ..Config::default()
    };
    Sandbox::start(config).await.expect("free ports")
}

/// How strong a pitch is in a sound.
fn pitch(samples: &[i16], hertz: f64) -> f64 {
    let turn = 2.0 * (std::f64::consts::TAU * hertz / 8000.0).cos();
    let (mut before, mut last) = (0.0, 0.0);
    for sample in samples {
        (before, last) = (last, f64::from(*sample) + turn * last - before);
    }
    let count = f64::from(u32::try_from(samples.len()).expect("a short sound"));
    (before * before + last * last - turn * before * last).sqrt() / count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_minutes_of_two_tones_in_a_room_are_recorded_each_in_its_own_channel() {
    let began = Utc.with_ymd_and_hms(2026, 11, 20, 10, 0, 0).unwrap();
    let clock = VirtualClock::at(began);
    let app = application().await;
    let sandbox = sandbox(&app, &clock).await;
    let dial = PhoneDial {
        from: CUSTOMER.into(),
        to: NUMBER.into(),
        behaviour: Behaviour::Tone {
            hertz: 440.0,
            on: 250,
            off: 250,
        },
    };
    let customer = sandbox
        .engine(|engine, now| engine.phone_dial(now, dial))
        .unwrap()
        .sid;
    clock.settle().await;
    let agent = CreateParticipant {
        to: AGENT.into(),
        from: NUMBER.into(),
        early_media: Some(false),
        room: RoomSettings {
            beep: "false".into(),
            ..RoomSettings::default()
        },
        ..CreateParticipant::default()
    };
    sandbox
        .engine(|engine, now| engine.create_participant(now, ACCOUNT, "room", agent))
        .unwrap();
    clock.run(TimeDelta::minutes(10)).await;
    sandbox
        .engine(|engine, now| engine.phone_hang_up(now, &customer))
        .unwrap();
    clock.run(TimeDelta::seconds(1)).await;

    let (call, recording) = sandbox.engine(|engine, _| {
        (
            engine.call(ACCOUNT, &customer).cloned().unwrap(),
            engine.recordings(ACCOUNT, Some(&customer))[0].clone(),
        )
    });
    assert_eq!(
        (call.status, call.duration()),
        (CallStatus::Completed, Some(600))
    );
    assert_eq!(
        (recording.status, recording.duration),
        (RecordingStatus::Completed, Some(600))
    );
    let sound = recording.sound.unwrap();
    let [says, hears] = [
        &sound[0][1_000_000..1_080_000],
        &sound[1][1_000_000..1_080_000],
    ];
    assert!(
        pitch(says, 440.0) > 20.0 * pitch(says, 880.0),
        "the customer is alone in channel 1"
    );
    assert!(
        pitch(hears, 880.0) > 20.0 * pitch(hears, 440.0),
        "the agent is alone in channel 2"
    );
    assert_eq!(*app.told.lock().unwrap(), ["voice", "done", "recording"]);
    assert_eq!(clock.now(), began + TimeDelta::seconds(601));
    sandbox.shutdown().await;
}
