//! Signalling and media without the engine: a small script answers for it, so that the browser tests prove these two alone.
//!
//! A call's parameter `mode` says what it gets: `tone`, `early`, `echo`, `room`, `refuse`, or `client` with `To`, which
//! rings the devices of that identity and bridges both. It prints its address; `GET /token?identity=…` makes a token,
//! `GET /log` gives what happened, `POST /hangup` ends all calls.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Query, State},
    routing::{get, post},
};
use chrono::{Duration, Utc};
use offhook_sandbox::{
    media::{Clock, Media, MediaConfig},
    seam::{ClientInput, ClientOutput, MediaCommand, MediaEvent, Sid, Source, Tap},
    signalling::{KeySecret, Signalling, SignallingConfig},
};
use offhook_twilio::token::VoiceToken;

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const KEY: &str = "SK00000000000000000000000000000001";
const SECRET: &str = "a secret for tests";

#[derive(Clone)]
struct Script {
    media: Media,
    signalling: Signalling,
    clock: Clock,
    calls: Arc<Mutex<Calls>>,
}

#[derive(Default)]
struct Calls {
    made: u32,
    /// The other leg of a bridge.
    partners: HashMap<Sid, Sid>,
    live: Vec<Sid>,
    log: Vec<String>,
}

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example has a screen and a clock of its own"
)]
async fn main() -> std::io::Result<()> {
    let clock: Clock = Arc::new(Utc::now);
    let bind = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let config = MediaConfig {
        bind,
        port: 0,
        media_ip: None,
        clock: Arc::clone(&clock),
    };
    let (media, mut events) = Media::start(config).await?;
    let keys = Arc::new(|key: &str| {
        (key == KEY).then(|| KeySecret {
            account: ACCOUNT.into(),
            secret: SECRET.into(),
        })
    });
    let (signalling, mut inputs) = Signalling::start(SignallingConfig {
        keys,
        clock: Arc::clone(&clock),
        media: media.clone(),
    });
    let script = Script {
        media,
        signalling,
        clock,
        calls: Arc::default(),
    };
    let listener = tokio::net::TcpListener::bind((bind, 0)).await?;
    println!("http://localhost:{}", listener.local_addr()?.port());
    let router = Router::new()
        .route("/token", get(token))
        .route("/log", get(log))
        .route("/hangup", post(hang_up))
        .route(
            "/",
            get(async || axum::response::Html("<!doctype html><title>scripted</title>")),
        )
        .with_state(script.clone())
        .merge(script.signalling.router());
    tokio::spawn(async move {
        loop {
            tokio::select! {
                Some(input) = inputs.recv() => script.client(input),
                Some(event) = events.recv() => script.event(&event),
                else => return,
            }
        }
    });
    axum::serve(listener, router).await
}

async fn token(
    State(script): State<Script>,
    Query(query): Query<HashMap<String, String>>,
) -> String {
    let now = (script.clock)();
    let seconds = query
        .get("ttl")
        .and_then(|ttl| ttl.parse().ok())
        .unwrap_or(3600);
    let token = VoiceToken {
        account_sid: ACCOUNT.into(),
        key_sid: KEY.into(),
        identity: query.get("identity").cloned().unwrap_or_default(),
        incoming: true,
        application_sid: Some("AP00000000000000000000000000000001".into()),
        params: serde_json::Map::new(),
        region: None,
        issued_at: now,
        expires_at: now + Duration::seconds(seconds),
    };
    let secret = query.get("secret").map_or(SECRET, String::as_str);
    token.mint(secret).unwrap_or_else(|error| error.to_string())
}

async fn log(State(script): State<Script>) -> Json<Vec<String>> {
    Json(script.calls.lock().expect("no panic holds it").log.clone())
}

async fn hang_up(State(script): State<Script>) {
    let live = std::mem::take(&mut script.calls.lock().expect("no panic holds it").live);
    for call in live {
        script.end(&call);
    }
}

impl Script {
    fn media(&self, command: MediaCommand) {
        self.media.command((self.clock)(), command);
    }

    fn hear(&self, leg: &Sid, source: Source) {
        self.media(MediaCommand::Hear {
            leg: leg.clone(),
            source,
        });
    }

    fn open(&self, leg: &Sid) {
        self.media(MediaCommand::Open { leg: leg.clone() });
        self.media(MediaCommand::Speak {
            leg: leg.clone(),
            source: Source::Outside,
        });
        self.media(MediaCommand::StartRecording {
            recording: format!("RE{leg}"),
            tap: Tap::Leg(leg.clone()),
            channels: 2,
        });
        self.calls
            .lock()
            .expect("no panic holds it")
            .live
            .push(leg.clone());
    }

    fn new_call(&self) -> Sid {
        let mut calls = self.calls.lock().expect("no panic holds it");
        calls.made += 1;
        format!("CA{:032x}", calls.made)
    }

    fn note(&self, line: String) {
        self.calls.lock().expect("no panic holds it").log.push(line);
    }

    fn event(&self, event: &MediaEvent) {
        match event {
            MediaEvent::Digit { leg, digit } => self.note(format!("digit {digit} {leg}")),
            MediaEvent::Recorded {
                recording,
                channels,
            } => {
                let seconds = channels[0].len() / 8000;
                let pitches: Vec<String> =
                    channels.iter().map(|channel| loudest(channel)).collect();
                self.note(format!(
                    "recorded {recording} {seconds}s {}",
                    pitches.join(" ")
                ));
            }
        }
    }

    fn client(&self, input: ClientInput) {
        self.note(format!("{input:?}"));
        match input {
            ClientInput::Invite {
                connection,
                params,
                identity,
                ..
            } => {
                let param = |name: &str| {
                    let found = params.iter().find(|(given, _)| given == name);
                    found.map(|(_, value)| value.clone()).unwrap_or_default()
                };
                if param("mode") == "refuse" {
                    let message = "busy".to_owned();
                    return self.signalling.tell(ClientOutput::InviteRefused {
                        connection,
                        code: 31486,
                        message,
                    });
                }
                let call = self.new_call();
                self.signalling.tell(ClientOutput::Created {
                    connection,
                    call: call.clone(),
                });
                self.open(&call);
                self.place(&call, &param("mode"), &identity, param("To"));
            }
            ClientInput::Answered { call, .. } => {
                let partner = self
                    .calls
                    .lock()
                    .expect("no panic holds it")
                    .partners
                    .get(&call)
                    .cloned();
                if let Some(caller) = partner {
                    self.hear(&caller, Source::Leg(call.clone()));
                    self.hear(&call, Source::Leg(caller.clone()));
                    self.signalling.tell(ClientOutput::Answer { call: caller });
                }
            }
            ClientInput::Refused { call } | ClientInput::HungUp { call } => self.end(&call),
            ClientInput::Registered { .. }
            | ClientInput::Unregistered { .. }
            | ClientInput::Digits { .. } => {}
        }
    }

    fn place(&self, call: &Sid, mode: &str, identity: &str, to: String) {
        let ringing = |early_media| ClientOutput::Ringing {
            call: call.clone(),
            early_media,
        };
        match mode {
            "client" => {
                self.signalling.tell(ringing(true));
                self.hear(call, Source::Ringback);
                let child = self.new_call();
                let mut calls = self.calls.lock().expect("no panic holds it");
                calls.partners.insert(call.clone(), child.clone());
                calls.partners.insert(child.clone(), call.clone());
                drop(calls);
                self.open(&child);
                self.signalling.tell(ClientOutput::Invite {
                    call: child.clone(),
                    account: ACCOUNT.into(),
                    identity: to,
                    parameters: vec![
                        ("CallSid".into(), child),
                        ("From".into(), format!("client:{identity}")),
                        ("To".into(), "client:them".into()),
                        ("AccountSid".into(), ACCOUNT.into()),
                    ],
                    custom: vec![("call_id".into(), "one & two".into())],
                });
                return;
            }
            "early" => {
                self.signalling.tell(ringing(true));
                self.hear(call, Source::Ringback);
                return;
            }
            "room" => {
                self.media(MediaCommand::Join {
                    leg: call.clone(),
                    room: "CF1".into(),
                    muted: false,
                });
                self.hear(call, Source::Room("CF1".into()));
            }
            "echo" => self.hear(call, Source::Echo),
            _ => self.hear(
                call,
                Source::Tone {
                    hertz: 700.0,
                    on: 250,
                    off: 250,
                },
            ),
        }
        self.signalling
            .tell(ClientOutput::Answer { call: call.clone() });
    }

    /// Both legs of it are over.
    fn end(&self, call: &Sid) {
        let mut calls = self.calls.lock().expect("no panic holds it");
        let partner = calls.partners.remove(call);
        for leg in [Some(call.clone()), partner].into_iter().flatten() {
            calls.partners.remove(&leg);
            calls.live.retain(|live| *live != leg);
            self.signalling.tell(ClientOutput::Hangup {
                call: leg.clone(),
                error: None,
            });
            self.media(MediaCommand::StopRecording {
                recording: format!("RE{leg}"),
            });
            self.media(MediaCommand::Close { leg });
        }
    }
}

/// Which of the pitches that the tests use is the loudest, and how loud.
fn loudest(pcm: &[i16]) -> String {
    let strengths = [440.0, 700.0, 900.0, 1100.0]
        .map(|hertz| (hertz, offhook_sandbox::media::tones::strength(pcm, hertz)));
    let most = strengths
        .into_iter()
        .fold((0.0, 0.0), |a, b| if b.1 > a.1 { b } else { a });
    format!("{:.0}Hz={:.0}", most.0, most.1)
}
