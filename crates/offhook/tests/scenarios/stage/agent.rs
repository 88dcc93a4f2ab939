//! An agent: the API under a token, pages that listen, and a device that connects.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use offhook_sandbox::seam::{ClientInput, Input};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{ACCOUNT, APP, PATIENCE, Stage};

#[derive(Clone)]
pub(crate) struct Agent {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) identity: String,
}

impl Agent {
    pub(crate) async fn gets(&self, stage: &Stage, path: &str) -> Value {
        let (status, body) = stage.ask("GET", path, &self.token, None).await;
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    pub(crate) async fn posts(&self, stage: &Stage, path: &str, body: Value) -> (u16, Value) {
        let answer = stage.ask("POST", path, &self.token, Some(body)).await;
        stage.settle().await;
        answer
    }

    /// The ids of the offers on this agent's screen.
    pub(crate) async fn offers(&self, stage: &Stage) -> Vec<String> {
        let list = self.gets(stage, "/offers").await;
        let items = list["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .filter_map(|offer| offer["id"].as_str().map(str::to_owned))
            .collect()
    }

    /// Accepts the first offer; the answer is the call's id.
    pub(crate) async fn accepts(&self, stage: &Stage) -> String {
        let call = self.claims(stage).await;
        stage.settle().await;
        call
    }

    /// The same, without waiting for what follows.
    pub(crate) async fn claims(&self, stage: &Stage) -> String {
        let offers = self.offers(stage).await;
        let Some(offer) = offers.first() else {
            panic!("{} has no offer: {}", self.name, stage.tale().await);
        };
        let path = format!("/offers/{offer}/accept");
        let (status, body) = stage.ask("POST", &path, &self.token, Some(json!({}))).await;
        assert_eq!(status, 200, "{body}");
        body["call"]["id"].as_str().expect("a call").to_owned()
    }

    /// The device connects with the call's id; the answer is its leg's `CallSid`.
    pub(crate) async fn connects(&self, stage: &Stage, call: &str) -> String {
        self.rings_up(stage, call);
        stage.settle().await;
        let from = format!("client:{}", self.identity);
        let truths = stage.sandbox.engine(|engine, _| engine.truths());
        let newest = truths.into_iter().find(|truth| truth.call.from == from);
        newest.expect("the device's leg").call.sid
    }

    /// The same, without waiting for what follows.
    pub(crate) fn rings_up(&self, stage: &Stage, call: &str) {
        let params = vec![("call_id".to_owned(), call.to_owned())];
        stage
            .sandbox
            .silent_device(ACCOUNT, &self.identity, APP, params);
    }

    /// Accepts and joins: the way of most stories.
    pub(crate) async fn takes(&self, stage: &Stage) -> (String, String) {
        let call = self.accepts(stage).await;
        let leg = self.connects(stage, &call).await;
        (call, leg)
    }

    /// Clicks a number and joins: the call's id and the device's leg.
    pub(crate) async fn calls(&self, stage: &Stage, to: &str) -> (String, String) {
        let (status, call) = self.posts(stage, "/calls", json!({ "to": to })).await;
        assert!(status == 201 || status == 202, "{status} {call}");
        let id = call["id"].as_str().expect("an id").to_owned();
        let leg = self.connects(stage, &id).await;
        (id, leg)
    }

    /// The device's leg ends without a word to us.
    pub(crate) async fn drops(&self, stage: &Stage, leg: &str) {
        let hung_up = ClientInput::HungUp {
            call: leg.to_owned(),
        };
        stage
            .sandbox
            .engine(|engine, now| engine.handle(now, Input::Client(hung_up)));
        stage.settle().await;
    }

    pub(crate) async fn does(&self, stage: &Stage, call: &str, what: &str) {
        let (status, body) = self
            .posts(stage, &format!("/calls/{call}/{what}"), json!({}))
            .await;
        assert!(status < 300, "{what}: {status} {body}");
    }

    pub(crate) async fn presence(&self, stage: &Stage) -> String {
        stage.settle().await;
        let team = self.gets(stage, "/agents").await;
        let items = team["items"].as_array().cloned().unwrap_or_default();
        let me = items
            .into_iter()
            .find(|agent| agent["id"] == self.id.as_str())
            .expect("me");
        me["presence"]["state"]
            .as_str()
            .expect("a state")
            .to_owned()
    }
}

/// A page that listens and says that its device is ready.
pub(crate) struct Tab {
    pub(super) agent: String,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Tab {
    /// Opens a page; it has heard `hello` when this returns.
    pub(crate) async fn open(url: &str, agent: &Agent, cursor: Option<&str>) -> Self {
        let query = cursor
            .map(|cursor| format!("?cursor={cursor}"))
            .unwrap_or_default();
        let address = format!("{}/api/v1/events{query}", url.replacen("http", "ws", 1));
        let mut request = address.into_client_request().expect("an address");
        let bearer = format!("Bearer {}", agent.token).parse().expect("a header");
        request.headers_mut().insert("authorization", bearer);
        let (socket, _) = connect_async(request).await.expect("the event stream");
        let mut tab = Self {
            agent: agent.name.clone(),
            socket,
        };
        let hello = tab.next(PATIENCE).await.expect("hello");
        assert_eq!(hello["type"], "hello");
        tab
    }

    pub(super) async fn beat(&mut self) {
        let beat = json!({ "type": "beat", "device": "ready" }).to_string();
        // A page whose server died learns it when it next listens.
        self.socket.send(Message::Text(beat.into())).await.ok();
    }

    /// Waits for an event of this kind.
    pub(crate) async fn hears_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next(PATIENCE).await;
            let frame = frame.unwrap_or_else(|| panic!("{} never heard of {kind}", self.agent));
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// What came in; a short real silence ends it.
    pub(crate) async fn heard(&mut self) -> Vec<Value> {
        let mut frames = Vec::new();
        while let Some(frame) = self.next(Duration::from_millis(60)).await {
            frames.push(frame);
        }
        frames
    }

    /// The next frame, if one comes within so much real time.
    pub(crate) async fn next(&mut self, within: Duration) -> Option<Value> {
        loop {
            match tokio::time::timeout(within, self.socket.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => return serde_json::from_str(&text).ok(),
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(_)) | None) | Err(_) => return None,
            }
        }
    }
}
