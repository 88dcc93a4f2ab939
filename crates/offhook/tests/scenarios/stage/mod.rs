//! The stage: one sandbox, one server, an owner, as many agents as a story wants, and phones.

mod agent;
mod caller;
pub(crate) mod people;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use offhook_sandbox::clock::{Clock as SandboxClock, Companion, VirtualClock};
use offhook_sandbox::config::{AccountSeed, Config as SandboxConfig, NumberSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::account::VoiceHooks;
use offhook_sandbox::seam::WebhookRequest;
use offhook_sandbox::webhooks::{Courier, WebhookRecord};
use offhook_server::Running;
use offhook_server::clock::Clock;
use offhook_server::config::{Config, ServeArgs};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) use agent::{Agent, Tab};
pub(crate) use caller::Caller;

/// The organization's number, which leads to the queue.
pub(crate) const MAIN: &str = "+14155550100";
/// A customer's phone.
pub(crate) const CUSTOMER: &str = "+14155550142";
pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(crate) const TOKEN: &str = "11111111111111111111111111111111";
const KEY: &str = "SK00000000000000000000000000000001";
const KEY_SECRET: &str = "22222222222222222222222222222222";
pub(crate) const APP: &str = "AP00000000000000000000000000000001";

/// Signs of life come this often.
const BEAT: TimeDelta = TimeDelta::seconds(5);

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    serve: ServeArgs,
}

pub(crate) struct Stage {
    pub(crate) time: VirtualClock,
    pub(crate) sandbox: Sandbox,
    server: Option<Running>,
    clock: Clock,
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    owner: String,
    dir: TempDir,
    tabs: Arc<std::sync::Mutex<Vec<Tab>>>,
    courier: Courier,
}

impl Stage {
    /// A stage with these agents, each with a page open and a device ready.
    pub(crate) async fn with<const N: usize>(names: [&str; N]) -> (Self, [Agent; N]) {
        let stage = Self::empty().await;
        let mut agents = Vec::new();
        for name in names {
            agents.push(stage.hire(name).await);
        }
        for agent in &agents {
            stage.open_tab(agent).await;
        }
        stage.run(3).await;
        let agents = agents.try_into().ok().expect("as many agents as names");
        (stage, agents)
    }

    /// A stage without agents.
    pub(crate) async fn empty() -> Self {
        let start: DateTime<Utc> = "2026-11-20T09:00:00Z".parse().expect("a moment");
        let time = VirtualClock::at(start);
        let clock = Clock::manual(start);
        let dir = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        let url = format!("http://localhost:{port}");
        let sandbox = sandbox(SandboxClock::Virtual(time.clone()), &url).await;
        let config = config(dir.path(), port, &sandbox, clock.clone());
        let server = offhook_server::serve(config)
            .await
            .expect("the server starts");
        share(&time, &server, &clock);
        let http = reqwest::Client::new();
        let courier = Courier::new(SandboxClock::Virtual(time.clone()));
        let link = server
            .setup_link()
            .await
            .expect("the database answers")
            .expect("a first run");
        let owner = people::first_run(&http, &url, &link).await;
        Self {
            time,
            sandbox,
            server: Some(server),
            clock,
            url,
            http,
            owner,
            dir,
            tabs: Arc::default(),
            courier,
        }
    }

    /// Lets seconds go by; every open page gives its signs of life meanwhile.
    pub(crate) async fn run(&self, seconds: i64) {
        let end = self.time.now() + TimeDelta::seconds(seconds);
        while self.time.now() < end {
            self.beat().await;
            self.time.settle().await;
            self.time.run(BEAT.min(end - self.time.now())).await;
        }
        self.time.settle().await;
    }

    /// Waits until all is quiet at the present moment.
    pub(crate) async fn settle(&self) {
        self.time.settle().await;
    }

    async fn beat(&self) {
        let mut tabs = std::mem::take(&mut *self.tabs.lock().expect("nobody panicked"));
        for tab in &mut tabs {
            tab.beat().await;
        }
        self.tabs.lock().expect("nobody panicked").extend(tabs);
    }

    /// Opens the app in a browser: its device is ready at once.
    pub(crate) async fn open_tab(&self, agent: &Agent) {
        let tab = Tab::open(&self.url, agent, None).await;
        self.tabs.lock().expect("nobody panicked").push(tab);
        self.beat().await;
        self.time.settle().await;
    }

    /// The browser is killed: no word, neither from its page nor from its device.
    pub(crate) fn kill_browser(&self, agent: &Agent) {
        self.tabs
            .lock()
            .expect("nobody panicked")
            .retain(|tab| tab.agent != agent.name);
    }

    /// What an agent's pages were told since the last question.
    pub(crate) async fn heard(&self, agent: &Agent) -> Vec<Value> {
        self.settle().await;
        let mut tabs = std::mem::take(&mut *self.tabs.lock().expect("nobody panicked"));
        let mut heard = Vec::new();
        for tab in tabs.iter_mut().filter(|tab| tab.agent == agent.name) {
            heard.extend(tab.heard().await);
        }
        self.tabs.lock().expect("nobody panicked").extend(tabs);
        heard
    }

    /// One of the kinds of events that an agent's pages were told since the last question.
    pub(crate) async fn heard_of(&self, agent: &Agent, kind: &str) -> Vec<Value> {
        self.heard(agent)
            .await
            .into_iter()
            .filter(|frame| frame["type"] == kind)
            .collect()
    }

    /// A phone somewhere.
    pub(crate) fn phone(&self, number: &str) -> Caller {
        Caller::new(&self.sandbox, &self.http, number)
    }

    /// What the owner sees.
    pub(crate) async fn owner_gets(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, &self.owner, None).await;
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    /// What the owner does.
    pub(crate) async fn owner_asks(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.ask(method, path, &self.owner, Some(body)).await
    }

    /// The only call of the story, or the newest.
    pub(crate) async fn newest_call(&self) -> Value {
        let list = self.owner_gets("/calls").await;
        let id = list["items"][0]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no call in {list}"))
            .to_owned();
        self.owner_gets(&format!("/calls/{id}")).await
    }

    /// What happened to the newest call and at the carrier's doors, for a story that went wrong.
    pub(crate) async fn tale(&self) -> String {
        let mut lines = vec![String::new()];
        let call = self.newest_call().await;
        for field in [
            "status",
            "phase",
            "outcome",
            "agent",
            "started_at",
            "answered_at",
            "ended_at",
        ] {
            lines.push(format!("{field}: {}", call[field]));
        }
        for event in call["events"].as_array().into_iter().flatten() {
            lines.push(format!(
                "{} {} {}",
                event["at"], event["source"], event["type"]
            ));
        }
        for leg in call["legs"].as_array().into_iter().flatten() {
            lines.push(format!("leg {leg}"));
        }
        for sent in self.webhooks("/") {
            let path = sent.url.split("twilio").last().unwrap_or_default();
            let (status, body) = (sent.status.unwrap_or(0), sent.body.replace('\n', ""));
            let params: Vec<_> = sent
                .params
                .iter()
                .filter(|(name, _)| SHOWN.contains(&name.as_str()))
                .collect();
            lines.push(format!(
                "{} {path} {params:?} -> {status} {body} {:?}",
                sent.at.time(),
                sent.error
            ));
        }
        lines.join("\n")
    }

    /// Asks the API as somebody.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        people::ask(
            &self.http,
            method,
            &format!("{}/api/v1{path}", self.url),
            token,
            body,
        )
        .await
    }

    /// The webhooks that were sent to paths with these words in them, oldest first.
    pub(crate) fn webhooks(&self, words: &str) -> Vec<WebhookRecord> {
        let mut sent = self.sandbox.webhooks();
        sent.retain(|record| record.url.contains(words));
        sent.reverse();
        sent
    }

    /// The carrier sends a webhook of before once more; the answer is its body.
    pub(crate) async fn sends_again(&self, record: &WebhookRecord) -> String {
        let request = WebhookRequest {
            id: record.id,
            account: ACCOUNT.to_owned(),
            method: record.method.clone(),
            url: record.url.clone(),
            params: record.params.clone(),
        };
        let answer = self.courier.deliver(request, TOKEN).await;
        let reply = answer
            .result
            .unwrap_or_else(|error| panic!("{}: {error:?}", record.url));
        assert!(reply.status < 300, "{}: {reply:?}", record.url);
        reply.body
    }

    /// The process dies: nothing is said, nothing is tidied up. Then it starts anew.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.start().await;
    }

    /// The database cannot be reached until the next start.
    pub(crate) async fn take_the_database_away(&self) {
        let server = self.server.as_ref().expect("the server runs");
        server.app.db.close().await;
    }

    pub(crate) async fn stop(&mut self) {
        self.tabs.lock().expect("nobody panicked").clear();
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    pub(crate) async fn start(&mut self) {
        let port = self
            .url
            .rsplit(':')
            .next()
            .and_then(|p| p.parse().ok())
            .expect("a port");
        self.clock.advance_to(self.time.now());
        let config = config(self.dir.path(), port, &self.sandbox, self.clock.clone());
        let server = offhook_server::serve(config)
            .await
            .expect("the server starts again");
        share(&self.time, &server, &self.clock);
        self.server = Some(server);
    }

    /// Adds an agent of the queue, who is available.
    pub(crate) async fn hire(&self, name: &str) -> Agent {
        let queues = self.owner_gets("/queues").await;
        let queue = queues["items"][0]["id"].clone();
        people::hire(self, name, &self.owner, &json!([queue])).await
    }

    /// The owner changes something.
    pub(crate) async fn owner_changes(&self, path: &str, change: Value) {
        let (status, body) = self.ask("PATCH", path, &self.owner, Some(change)).await;
        assert_eq!(status, 200, "{path}: {body}");
    }

    /// The carrier's REST face cannot be reached, or can again; its webhooks come all the same.
    pub(crate) async fn carrier_is_away(&self, away: bool) {
        let url = if away {
            format!("http://127.0.0.1:{}", free_port())
        } else {
            self.sandbox.url().to_owned()
        };
        let (status, body) = self
            .ask(
                "PUT",
                "/carrier",
                &self.owner,
                Some(json!({ "api_base_url": url })),
            )
            .await;
        assert_eq!(status, 200, "{body}");
    }

    /// Everything is ended, so that a story that leaves something running is found out.
    pub(crate) async fn end(mut self) {
        self.stop().await;
        self.sandbox.shutdown().await;
    }
}

/// A sandbox whose number and application lead to the server at this address.
pub(crate) async fn sandbox(clock: SandboxClock, url: &str) -> Sandbox {
    let hooks = VoiceHooks {
        voice_url: format!("{url}/webhooks/twilio/voice"),
        status_callback: format!("{url}/webhooks/twilio/status"),
        ..VoiceHooks::default()
    };
    let account = AccountSeed {
        sid: ACCOUNT.to_owned(),
        auth_token: TOKEN.to_owned(),
        friendly_name: "The organization".to_owned(),
        calls_per_second: 1,
        keys: vec![(KEY.to_owned(), KEY_SECRET.to_owned())],
        applications: vec![(APP.to_owned(), "Softphones".to_owned(), hooks.clone())],
        numbers: vec![NumberSeed {
            phone_number: MAIN.to_owned(),
            hooks,
            ..NumberSeed::default()
        }],
    };
    let config = SandboxConfig {
        clock,
        accounts: vec![account],
        ..SandboxConfig::default()
    };
    Sandbox::start(config).await.expect("the sandbox starts")
}

/// The command line of a server beside this sandbox.
pub(crate) fn flags(dir: &Path, port: u16, sandbox: &Sandbox) -> Vec<String> {
    vec![
        "offhook".to_owned(),
        format!("--port={port}"),
        format!("--data-dir={}", dir.display()),
        format!("--public-url=http://localhost:{port}"),
        "--encryption-key=a key that only these stories seal with".to_owned(),
        format!("--twilio-account-sid={ACCOUNT}"),
        format!("--twilio-auth-token={TOKEN}"),
        format!("--twilio-api-key={KEY}"),
        format!("--twilio-api-secret={KEY_SECRET}"),
        format!("--twilio-phone-number={MAIN}"),
        format!("--twilio-twiml-app-sid={APP}"),
        format!("--twilio-api-base-url={}", sandbox.url()),
    ]
}

fn config(dir: &Path, port: u16, sandbox: &Sandbox, clock: Clock) -> Config {
    let flags = flags(dir, port, sandbox);
    let flags = Flags::try_parse_from(flags).expect("flags that the binary takes");
    flags
        .serve
        .config(clock)
        .expect("settings that the server takes")
}

/// The server moves with the sandbox's time, and time waits for the server.
fn share(time: &VirtualClock, server: &Running, clock: &Clock) {
    let (work, sleeper, hands) = (server.app.work.clone(), clock.clone(), clock.clone());
    let waking = clock.clone();
    let (stopped, ended) = (server.app.stop.clone(), server.app.stop.clone());
    time.join(Companion {
        idle: Arc::new(move || stopped.is_cancelled() || (work.is_idle() && !waking.is_waking())),
        next_wake: Arc::new(move || {
            (!ended.is_cancelled())
                .then(|| sleeper.next_wake())
                .flatten()
        }),
        advanced: Arc::new(move |now| hands.advance_to(now)),
    });
}

pub(crate) fn free_port() -> u16 {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    socket.local_addr().expect("its address").port()
}

/// The fields of a webhook that tell a tale.
const SHOWN: [&str; 6] = [
    "CallStatus",
    "StatusCallbackEvent",
    "ParticipantLabel",
    "QueueResult",
    "RecordingStatus",
    "DialCallStatus",
];

/// How long a story waits in real time for something that must come.
const PATIENCE: Duration = Duration::from_secs(20);
