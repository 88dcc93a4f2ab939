//! The real binary in real time, killed without warning: no call is lost.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use offhook_sandbox::clock::Clock;
use offhook_sandbox::driver::Sandbox;
use serde_json::{Value, json};

use crate::stage::{
    ACCOUNT, APP, CUSTOMER, Caller, Engine, MAIN, Place, Port, house, on_both_engines, people,
};

on_both_engines! {
    t_restart_keeps_pending_a_server_that_is_killed_twice_loses_neither_the_waiting_nor_the_talking_caller,
}

/// A process of `offhook serve`, which dies with its story.
struct Serve(Child);

impl Drop for Serve {
    fn drop(&mut self) {
        // It may be dead already, which is what is wanted.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Serve {
    fn start(place: &Place, port: &Port, sandbox: &Sandbox) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_offhook"));
        let flags = house::flags(place, port, &port.url(), sandbox.url());
        command.arg("serve").args(flags.into_iter().skip(1));
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        Self(child.expect("the binary starts"))
    }

    /// The link that the first run prints. The pipe stays open: whoever prints into a closed one dies of it.
    fn link(&mut self) -> String {
        let mut output = BufReader::new(self.0.stdout.take().expect("its output"));
        let mut line = String::new();
        while !line.contains("/setup/") {
            line.clear();
            let read = output.read_line(&mut line).expect("lines of text");
            assert!(read > 0, "it ended without a link");
        }
        self.0.stdout = Some(output.into_inner());
        line.trim().to_owned()
    }
}

struct Office {
    url: String,
    http: reqwest::Client,
    owner: String,
}

impl Office {
    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/api/v1{path}", self.url);
        let (status, body) = people::ask(&self.http, method, &url, &self.owner, body).await;
        assert!(status < 300, "{method} {path}: {status} {body}");
        body
    }

    /// Waits in real time until the newest call is so.
    async fn sees(&self, field: &str, value: &str) -> Value {
        let mut last = Value::Null;
        for _ in 0..400 {
            if let Ok(answer) = self
                .http
                .get(format!("{}/api/v1/calls", self.url))
                .bearer_auth(&self.owner)
                .send()
                .await
                && let Ok(list) = answer.json::<Value>().await
            {
                last = list["items"][0].clone();
                if last[field] == value {
                    return last;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{field} never was {value}: {last}");
    }

    async fn answers_again(&self) {
        for _ in 0..200 {
            if self
                .http
                .get(format!("{}/readyz", self.url))
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not come back");
    }
}

async fn t_restart_keeps_pending_a_server_that_is_killed_twice_loses_neither_the_waiting_nor_the_talking_caller(
    engine: Engine,
) {
    let (place, port) = (Place::on(engine).await, Port::hold());
    let url = port.url();
    let sandbox = house::sandbox(Clock::Real, &url).await;
    let mut server = Serve::start(&place, &port, &sandbox);
    let link = server.link();
    let http = reqwest::Client::new();
    let owner = people::first_run(&http, &url, &link).await;
    let office = Office {
        url,
        http: http.clone(),
        owner,
    };
    let me = office.ask("GET", "/me", None).await["user"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    office
        .ask(
            "PATCH",
            &format!("/users/{me}"),
            Some(json!({ "own_phone": "+14155550160" })),
        )
        .await;
    office
        .ask(
            "PUT",
            "/me/availability",
            Some(json!({ "state": "available" })),
        )
        .await;
    let caller = Caller::new(&sandbox, &http, CUSTOMER);
    let leg = caller.dials(MAIN).await;
    office.sees("phase", "offered").await;

    drop(server);
    let server = Serve::start(&place, &port, &sandbox);
    office.answers_again().await;
    let call = office.sees("phase", "offered").await;
    assert_eq!(caller.truth(&leg).status, "in-progress");
    let offers = office.ask("GET", "/offers", None).await;
    let offer = offers["items"][0]["id"]
        .as_str()
        .expect("the offer is still there")
        .to_owned();
    office
        .ask("POST", &format!("/offers/{offer}/accept"), Some(json!({})))
        .await;
    let id = call["id"].as_str().expect("an id").to_owned();
    let identity = office.ask("POST", "/softphone/token", None).await["identity"]
        .as_str()
        .expect("a name")
        .to_owned();
    sandbox.silent_device(ACCOUNT, &identity, APP, vec![("call_id".to_owned(), id)]);
    office.sees("status", "in-progress").await;

    drop(server);
    let server = Serve::start(&place, &port, &sandbox);
    office.answers_again().await;
    office.sees("phase", "connected").await;
    assert_eq!(caller.truth(&leg).status, "in-progress", "they talk on");
    caller.hangs_up().await;
    let over = office.sees("status", "completed").await;
    assert_eq!(over["outcome"], "answered", "{over}");
    drop(server);
    sandbox.shutdown().await;
    place.clear_away().await;
}
