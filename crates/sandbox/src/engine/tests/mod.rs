//! Stories on the plain API: a small application answers the webhooks, time jumps, nothing else is real.

mod calls;
mod chaos;
mod clients;
mod conferences;
mod faults;
mod queues;
mod recordings;
mod rules;
mod sms;
mod speech;
mod streams;
mod twiml;
mod webhooks;

use chrono::{TimeDelta, TimeZone, Utc};

use super::account::{Account, HooksChange, NumberChange};
use super::phone::Behaviour;
use super::records::CallStatus;
use super::requests::{CreateCall, Fetch, PhoneDial, TwimlFrom};
use super::{Engine, Settings};
use crate::seam::{
    ClientOutput, Clip, FileReady, Input, MediaCommand, MediaEvent, Output, Sid, SoundReady,
    SoundRequest, StreamOutput, Time, WebhookAnswer, WebhookReply, WebhookRequest,
};

pub(super) const AC: &str = "AC00000000000000000000000000000001";
pub(super) const OTHER: &str = "AC00000000000000000000000000000002";
pub(super) const OURS: &str = "+14155550100";
pub(super) const CUSTOMER: &str = "+14155550199";
pub(super) const BASE: &str = "http://app.test";

/// What the application answers: a path, and its TwiML.
type Pages = Vec<(&'static str, String)>;

/// The engine on a stage: everything that it asks for is given at once.
pub(super) struct Stage {
    pub(super) engine: Engine,
    pub(super) now: Time,
    pub(super) pages: Pages,
    /// Paths that answer 500.
    pub(super) broken: Vec<&'static str>,
    pub(super) sent: Vec<WebhookRequest>,
    /// Webhooks to these paths are not answered.
    pub(super) mute: Vec<&'static str>,
    pub(super) media: Vec<MediaCommand>,
    pub(super) clients: Vec<ClientOutput>,
    pub(super) alerts: Vec<u64>,
    pub(super) streams: Vec<StreamOutput>,
    recordings: Vec<(Sid, Time)>,
}

/// A document.
pub(super) fn twiml(verbs: &str) -> String {
    format!("<Response>{verbs}</Response>")
}

pub(super) fn url(path: &str) -> String {
    format!("{BASE}{path}")
}

pub(super) fn fetch(path: &str) -> TwimlFrom {
    TwimlFrom::Url(Fetch {
        url: url(path),
        ..Fetch::default()
    })
}

/// A request's parameter; empty where there is none.
pub(super) fn field<'a>(request: &'a WebhookRequest, name: &str) -> &'a str {
    request
        .params
        .iter()
        .find(|(known, _)| known == name)
        .map_or("", |(_, value)| value.as_str())
}

impl Stage {
    /// One account with a number whose voice URL is `/voice`.
    pub(super) fn new(pages: &[(&'static str, &str)]) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 11, 20, 10, 0, 0).unwrap();
        let mut engine = Engine::new(Settings::default(), now);
        for sid in [AC, OTHER] {
            engine.add_account(Account {
                sid: sid.into(),
                auth_token: "token".into(),
                friendly_name: sid.into(),
                date_created: now,
                calls_per_second: 1,
                ..Account::default()
            });
        }
        let hooks = HooksChange {
            voice_url: Some(url("/voice")),
            ..HooksChange::default()
        };
        let change = NumberChange {
            hooks,
            ..NumberChange::default()
        };
        engine.create_number(now, AC, OURS, change).unwrap();
        Self {
            engine,
            now,
            pages: pages
                .iter()
                .map(|(path, verbs)| (*path, twiml(verbs)))
                .collect(),
            broken: Vec::new(),
            sent: Vec::new(),
            mute: Vec::new(),
            media: Vec::new(),
            clients: Vec::new(),
            alerts: Vec::new(),
            streams: Vec::new(),
            recordings: Vec::new(),
        }
    }

    pub(super) fn page(&mut self, path: &'static str, verbs: &str) {
        self.pages.retain(|(known, _)| *known != path);
        self.pages.push((path, twiml(verbs)));
    }

    /// Lets seconds go by.
    pub(super) fn run(&mut self, seconds: f64) {
        let end = self.now + super::timers::seconds(seconds);
        self.drain();
        while let Some(next) = self.engine.next_wake().filter(|next| *next <= end) {
            self.now = self.now.max(next);
            self.engine.handle(self.now, Input::Tick);
            self.drain();
        }
        self.now = end;
        self.engine.handle(self.now, Input::Tick);
        self.drain();
    }

    pub(super) fn input(&mut self, input: Input) {
        self.engine.handle(self.now, input);
        self.drain();
    }

    pub(super) fn drain(&mut self) {
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Webhook(request) => self.answer(request),
                Output::Sound(request) => {
                    let clip = Ok(clip(&request));
                    self.engine
                        .handle(self.now, Input::Sound(SoundReady { request, clip }));
                }
                Output::File(request) => {
                    let file = Ok(("image/png".into(), vec![1, 2, 3].into()));
                    let ready = FileReady {
                        id: request.id,
                        file,
                    };
                    self.engine.handle(self.now, Input::File(ready));
                }
                Output::Client(output) => self.clients.push(output),
                Output::Stream(output) => self.streams.push(output),
                Output::Media(command) => self.mix(command),
                Output::Trace {
                    kind: "alert",
                    data,
                } => self.alerts.extend(data["code"].as_u64()),
                Output::Trace { .. } => {}
            }
        }
    }

    fn answer(&mut self, request: WebhookRequest) {
        let path = request
            .url
            .strip_prefix(BASE)
            .unwrap_or(&request.url)
            .to_owned();
        let id = request.id;
        self.sent.push(request);
        if self.mute.contains(&path.as_str()) {
            return;
        }
        let page = self.pages.iter().find(|(known, _)| *known == path);
        let result = match page {
            _ if self.broken.contains(&path.as_str()) => reply(500, String::new()),
            Some((_, twiml)) => reply(200, twiml.clone()),
            None => reply(200, twiml("")),
        };
        self.engine.handle(
            self.now,
            Input::Webhook(WebhookAnswer {
                id,
                result: Ok(result),
            }),
        );
    }

    fn mix(&mut self, command: MediaCommand) {
        match &command {
            MediaCommand::StartRecording { recording, .. } => {
                self.recordings.push((recording.clone(), self.now));
            }
            MediaCommand::StopRecording { recording } => {
                let (_, began) = self
                    .recordings
                    .iter()
                    .find(|(sid, _)| sid == recording)
                    .expect("it was started");
                let samples = usize::try_from((self.now - *began).num_milliseconds() * 8).unwrap();
                let event = MediaEvent::Recorded {
                    recording: recording.clone(),
                    channels: vec![vec![900; samples]; 2],
                };
                self.engine.handle(self.now, Input::Media(event));
            }
            _ => {}
        }
        self.media.push(command);
    }

    /// A phone outside calls our number.
    pub(super) fn phone_calls(&mut self, behaviour: Behaviour) -> Sid {
        let dial = PhoneDial {
            from: CUSTOMER.into(),
            to: OURS.into(),
            behaviour,
        };
        let call = self.engine.phone_dial(self.now, dial).unwrap().sid;
        self.drain();
        call
    }

    /// REST calls a number; `/answered` has the TwiML, `/status` the callbacks.
    pub(super) fn rest_calls(&mut self, to: &str, events: &[&str]) -> Sid {
        let call = self
            .engine
            .create_call(self.now, AC, create(to, events))
            .unwrap()
            .sid;
        self.run(0.0);
        call
    }

    pub(super) fn status(&self, call: &str) -> CallStatus {
        self.engine
            .truth(call)
            .expect("the call exists")
            .call
            .status
    }

    /// Requests to a path, oldest first.
    pub(super) fn to(&self, path: &str) -> Vec<&WebhookRequest> {
        let address = url(path);
        self.sent
            .iter()
            .filter(|request| request.url == address)
            .collect()
    }

    /// The paths requested, in order.
    pub(super) fn paths(&self) -> Vec<&str> {
        self.sent
            .iter()
            .map(|request| request.url.strip_prefix(BASE).unwrap_or(&request.url))
            .collect()
    }

    /// A field of all requests to a path, in order.
    pub(super) fn told(&self, path: &str, name: &str) -> Vec<String> {
        self.to(path)
            .into_iter()
            .map(|request| field(request, name).to_owned())
            .collect()
    }

    pub(super) fn children(&self, parent: &str) -> Vec<Sid> {
        let calls = self
            .engine
            .truths()
            .into_iter()
            .rev()
            .map(|truth| truth.call);
        calls
            .filter(|call| call.parent_call_sid.as_deref() == Some(parent))
            .map(|call| call.sid)
            .collect()
    }

    /// What a call heard or said.
    pub(super) fn heard(&self, call: &str, kind: &str) -> Vec<String> {
        let truth = self.engine.truth(call).expect("the call exists");
        truth
            .events
            .into_iter()
            .filter(|event| event.kind == kind)
            .map(|event| event.what)
            .collect()
    }

    /// The source that a leg was last told to hear.
    pub(super) fn hears(&self, leg: &str) -> String {
        let last = self.media.iter().rev().find_map(|command| match command {
            MediaCommand::Hear { leg: to, source } if to == leg => Some(format!("{source:?}")),
            _ => None,
        });
        last.unwrap_or_default()
    }
}

pub(super) fn create(to: &str, events: &[&str]) -> CreateCall {
    CreateCall {
        to: to.into(),
        from: OURS.into(),
        twiml: fetch("/answered"),
        status: super::requests::Callback {
            url: url("/status"),
            method: "POST".into(),
            events: events.iter().map(ToString::to_string).collect(),
        },
        send_digits: String::new(),
        timeout: None,
        time_limit: None,
        record: None,
        call_token: None,
        machine: None,
    }
}

fn reply(status: u16, body: String) -> WebhookReply {
    WebhookReply {
        status,
        content_type: "text/xml".into(),
        body,
    }
}

/// Speech lasts a second, music ten, a persona three.
fn clip(request: &SoundRequest) -> Clip {
    let (seconds, text) = match request {
        SoundRequest::Say { text, .. } | SoundRequest::Marked { text, .. } => (1, text.clone()),
        SoundRequest::Url(url) => (2, url.clone()),
        SoundRequest::Bundled(name) if name == "hold-music" => (10, String::new()),
        SoundRequest::Bundled(name) => (3, name.clone()),
    };
    Clip {
        pcm: vec![900; seconds * 8000].into(),
        text,
    }
}

pub(super) fn after(now: Time, seconds: i64) -> Time {
    now + TimeDelta::seconds(seconds)
}
