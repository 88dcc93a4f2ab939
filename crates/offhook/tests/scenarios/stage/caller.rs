//! A phone of the sandbox, in somebody's hand.

use offhook_sandbox::driver::Sandbox;
use serde_json::{Value, json};

use super::people;

pub(crate) struct Caller {
    sandbox: Sandbox,
    http: reqwest::Client,
    number: String,
}

impl Caller {
    pub(crate) fn new(sandbox: &Sandbox, http: &reqwest::Client, number: &str) -> Self {
        Self {
            sandbox: sandbox.clone(),
            http: http.clone(),
            number: number.to_owned(),
        }
    }

    /// Picks up and dials; the answer is the leg's `CallSid`.
    pub(crate) async fn dials(&self, to: &str) -> String {
        let call = self
            .act(
                "dial",
                json!({ "to": to, "behaviour": { "kind": "human" } }),
            )
            .await;
        call["sid"].as_str().expect("a CallSid").to_owned()
    }

    pub(crate) async fn hangs_up(&self) {
        self.act("hangup", json!({})).await;
    }

    pub(crate) async fn answers(&self) {
        self.act("answer", json!({})).await;
    }

    /// From now on this phone does so by itself.
    pub(crate) async fn behaves(&self, behaviour: Value) {
        let url = self.url("/behaviour");
        let (status, body) = people::ask(&self.http, "PUT", &url, "", Some(behaviour)).await;
        assert!(status < 300, "{url}: {status} {body}");
    }

    /// The carrier's own account of the leg that this phone is on.
    pub(crate) fn truth(&self, sid: &str) -> Truth {
        let truth = self
            .sandbox
            .engine(|engine, _| engine.truth(sid))
            .expect("the carrier knows its calls");
        Truth {
            status: truth.call.status.as_str().to_owned(),
            events: truth
                .events
                .iter()
                .map(|event| format!("{event:?}"))
                .collect(),
        }
    }

    async fn act(&self, what: &str, body: Value) -> Value {
        let url = self.url(&format!("/{what}"));
        let (status, body) = people::ask(&self.http, "POST", &url, "", Some(body)).await;
        assert!(status < 300, "{url}: {status} {body}");
        body
    }

    fn url(&self, path: &str) -> String {
        let number = self.number.replace('+', "%2B");
        format!("{}/sandbox/v1/phones/{number}{path}", self.sandbox.url())
    }
}

/// What the carrier knows of a leg.
#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) status: String,
    pub(crate) events: Vec<String>,
}
