//! The stage: one sandbox, one server, an owner, as many agents as a story wants, and phones.

mod agent;
mod caller;
mod console;
mod engine;
pub(crate) mod house;
mod line;
mod lines;
mod node;
pub(crate) mod people;
mod place;
mod port;
mod tale;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use offhook_sandbox::clock::{Clock as SandboxClock, VirtualClock};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::seam::WebhookRequest;
use offhook_sandbox::webhooks::{Courier, WebhookRecord};
use offhook_server::clock::Clock;
use serde_json::{Value, json};

pub(crate) use agent::{Agent, Tab};
pub(crate) use caller::Caller;
pub(crate) use engine::{Engine, on_both_engines, on_postgres};
pub(crate) use line::{Dies, Line, Way};
pub(crate) use lines::Lines;
pub(crate) use node::Node;
pub(crate) use place::{Place, has_postgres};
pub(crate) use port::Port;

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

pub(crate) struct Stage {
    pub(crate) time: VirtualClock,
    pub(crate) sandbox: Sandbox,
    server: Option<Node>,
    clock: Clock,
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    owner: String,
    place: Place,
    port: Port,
    lines: Option<Lines>,
    tabs: Arc<std::sync::Mutex<Vec<Tab>>>,
    courier: Courier,
}

impl Stage {
    /// A stage with these agents, each with a page open and a device ready.
    pub(crate) async fn with<const N: usize>(
        engine: Engine,
        names: [&str; N],
    ) -> (Self, [Agent; N]) {
        let stage = Self::empty(engine).await;
        let agents = stage.staff(names).await;
        (stage, agents)
    }

    async fn staff<const N: usize>(&self, names: [&str; N]) -> [Agent; N] {
        let mut agents = Vec::new();
        for name in names {
            agents.push(self.hire(name).await);
        }
        for agent in &agents {
            self.open_tab(agent).await;
        }
        self.run(3).await;
        agents.try_into().ok().expect("as many agents as names")
    }

    /// A stage without agents.
    pub(crate) async fn empty(engine: Engine) -> Self {
        let (place, port) = (Place::on(engine).await, Port::hold());
        let (time, url) = (begin(), port.url());
        let sandbox = house::sandbox(SandboxClock::Virtual(time.clone()), &url).await;
        Self::set(time, sandbox, place, port, None).await
    }

    async fn set(
        time: VirtualClock,
        sandbox: Sandbox,
        place: Place,
        port: Port,
        lines: Option<Lines>,
    ) -> Self {
        let door = lines.as_ref().map(|lines| lines.door.url());
        let mut stage = Self {
            clock: Clock::manual(time.now()),
            courier: Courier::new(SandboxClock::Virtual(time.clone())),
            url: door.unwrap_or_else(|| port.url()),
            time,
            sandbox,
            server: None,
            http: reqwest::Client::new(),
            owner: String::new(),
            place,
            port,
            lines,
            tabs: Arc::default(),
        };
        stage.start().await;
        let server = stage.server.as_mut().expect("it was started");
        let link = server.setup_link().await;
        stage.owner = people::first_run(&stage.http, &stage.url, &link).await;
        stage
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

    /// Lets time go by until something has happened that ends it, such as a connection that dies.
    pub(crate) async fn runs_until(&self, happened: impl Future<Output = ()>) {
        tokio::select! {
            () = happened => (),
            () = self.run(120) => panic!("two minutes went by"),
        }
    }

    /// Waits in real time until something is so, where nothing else can be waited for.
    pub(crate) async fn comes_to(&self, so: impl Fn() -> bool) {
        let waits = async {
            while !so() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let came = tokio::time::timeout(PATIENCE, waits).await;
        came.expect("it never came to this");
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

    /// A phone that rings until whoever holds it answers or not.
    pub(crate) async fn callee(&self, number: &str) -> Caller {
        let phone = self.phone(number);
        phone.behaves(json!({ "kind": "human" })).await;
        phone
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

    /// The newest call, which has come to this end or is at this point.
    pub(crate) async fn call_is(&self, status: &str, outcome: Option<&str>) -> Value {
        let call = self.newest_call().await;
        assert_eq!(
            (&call["status"], &call["outcome"]),
            (&json!(status), &json!(outcome)),
            "{}",
            self.tale().await
        );
        call
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
            is_genuine: true,
        };
        let answer = self.courier.deliver(request, TOKEN).await;
        let reply = answer
            .result
            .unwrap_or_else(|error| panic!("{}: {error:?}", record.url));
        assert!(reply.status < 300, "{}: {reply:?}", record.url);
        reply.body
    }

    /// The server dies and is started anew.
    pub(crate) async fn restart(&mut self) {
        self.kill().await;
        self.start().await;
    }

    /// The process dies: nothing is said, nothing is tidied up.
    pub(crate) async fn kill(&mut self) {
        self.tabs.lock().expect("nobody panicked").clear();
        if let Some(server) = self.server.take() {
            server.kill().await;
        }
    }

    /// The process ends as it is told to.
    pub(crate) async fn stop(&mut self) {
        self.tabs.lock().expect("nobody panicked").clear();
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    pub(crate) async fn start(&mut self) {
        self.server = Some(self.node(&self.port).await);
        self.lines.iter().for_each(Lines::go_on);
    }

    /// A node of this house.
    async fn node(&self, port: &Port) -> Node {
        self.clock.advance_to(self.time.now());
        let line = self.lines.as_ref().map(|lines| lines.carrier.url());
        let carrier = line.unwrap_or_else(|| self.sandbox.url().to_owned());
        let flags = house::flags(&self.place, port, &self.url, &carrier);
        let node = Node::start(house::config(flags, self.clock.clone())).await;
        node.share(&self.time, &self.clock);
        node
    }

    /// The database cannot be reached until the next start.
    pub(crate) async fn take_the_database_away(&self) {
        let server = self.server.as_ref().expect("the server runs");
        server.loses_the_database().await;
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
        let nowhere = Port::hold();
        let url = if away {
            nowhere.url()
        } else {
            self.sandbox.url().to_owned()
        };
        let change = Some(json!({ "api_base_url": url }));
        let saved = self.ask("PUT", "/carrier?unverified=true", &self.owner, change);
        // It is tried before it is saved, more than once.
        let (status, body) = tokio::select! {
            saved = saved => saved,
            () = self.run(120) => panic!("two minutes went by"),
        };
        assert_eq!(status, 200, "{body}");
    }

    /// Everything is ended, so that a story that leaves something running is found out.
    pub(crate) async fn end(mut self) {
        self.stop().await;
        self.sandbox.shutdown().await;
        self.place.clear_away().await;
    }
}

/// When every story begins.
fn begin() -> VirtualClock {
    let start: DateTime<Utc> = "2026-11-20T09:00:00Z".parse().expect("a moment");
    VirtualClock::at(start)
}

/// How long a story waits in real time for something that must come.
const PATIENCE: Duration = Duration::from_secs(20);
