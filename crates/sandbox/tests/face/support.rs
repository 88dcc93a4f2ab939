//! A sandbox with one account, asked as a plain HTTP client would.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use crate::facts::FACTS;

use offhook_sandbox::config::{AccountSeed, BundleSeed, Config, NumberSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::papers::addresses::Address;
use offhook_sandbox::engine::papers::bundles::BundleStatus;
use offhook_sandbox::engine::stock::NumberKind;
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

pub(crate) const AC: &str = "AC00000000000000000000000000000001";
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const NUMBER: &str = "+14155550199";

pub(crate) struct Rest {
    pub(crate) sandbox: Sandbox,
    client: reqwest::Client,
    /// The routes that gave a good answer.
    seen: Mutex<BTreeSet<(String, String)>>,
    /// What was looked at and was there.
    looked: Mutex<BTreeSet<String>>,
    /// What differed from the facts.
    wrong: Mutex<BTreeSet<String>>,
}

impl Rest {
    pub(crate) async fn start() -> Self {
        let account = AccountSeed {
            sid: AC.into(),
            auth_token: TOKEN.into(),
            friendly_name: "Test".into(),
            calls_per_second: 20,
            keys: Vec::new(),
            applications: Vec::new(),
            numbers: vec![NumberSeed {
                phone_number: NUMBER.into(),
                ..NumberSeed::default()
            }],
        };
        let config = Config {
            accounts: vec![account],
            bundles: vec![
                bundle("GB", BundleStatus::Approved),
                bundle("DE", BundleStatus::Rejected),
            ],
            price_delay: 0,
            ..Config::default()
        };
        Self {
            sandbox: Sandbox::start(config).await.expect("free ports"),
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            seen: Mutex::default(),
            looked: Mutex::default(),
            wrong: Mutex::default(),
        }
    }

    /// Any request with any credentials: its status and its body, null where that is no JSON.
    /// What is answered is held against the facts.
    pub(crate) async fn with(
        &self,
        user: &str,
        password: &str,
        method: &str,
        path: &str,
        form: &[(&str, String)],
    ) -> (u16, Value) {
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("{}{path}", self.sandbox.url());
        let mut request = self
            .client
            .request(verb.clone(), url)
            .basic_auth(user, Some(password));
        if verb == Method::POST {
            request = request.form(form);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let body = answer.json().await.unwrap_or(Value::Null);
        self.hold(method, path, status, &body);
        (status, body)
    }

    fn hold(&self, method: &str, path: &str, status: u16, body: &Value) {
        if status >= 400 {
            let code = body["code"].as_u64();
            let code =
                code.unwrap_or_else(|| panic!("{method} {path}: {status} without a code: {body}"));
            let info = format!("https://www.twilio.com/docs/errors/{code}");
            assert_eq!(
                (&body["status"], &body["more_info"]),
                (&Value::from(status), &Value::from(info)),
                "{body}"
            );
            assert!(body["message"].is_string(), "{body}");
            return;
        }
        // A region's host leads to the same table.
        let plain = path
            .strip_prefix("/api.dublin.ie1.twilio.com")
            .unwrap_or(path);
        let Some(route) = FACTS.route(method, plain) else {
            panic!("{method} {path} is none of Twilio's routes");
        };
        if method == "GET" {
            self.looked
                .lock()
                .expect("nobody fails while holding it")
                .insert(path.to_owned());
        }
        let wrong = FACTS.check(route, status, body);
        let told = wrong
            .into_iter()
            .map(|wrong| format!("{method} {}: {wrong}", route.path));
        self.wrong
            .lock()
            .expect("nobody fails while holding it")
            .extend(told);
        let mut seen = self.seen.lock().expect("nobody fails while holding it");
        seen.insert((route.method.clone(), route.path.clone()));
    }

    /// An application that answers everything with the same TwiML; where it is.
    pub(crate) async fn app(&self, twiml: &'static str) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let routes =
            axum::Router::new().fallback(async move || ([("Content-Type", "text/xml")], twiml));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        format!("http://{address}/voice")
    }

    /// Whether nobody answers there.
    pub(crate) async fn is_dead(&self, path: &str) -> bool {
        let url = format!("{}{path}", self.sandbox.url());
        match self
            .client
            .get(url)
            .basic_auth(AC, Some(TOKEN))
            .send()
            .await
        {
            Ok(answer) => answer.bytes().await.is_err(),
            Err(_) => true,
        }
    }

    /// Ends the sandbox; nothing that it answered differed from the facts.
    pub(crate) async fn end(self) {
        self.sandbox.shutdown().await;
        let wrong = self
            .wrong
            .into_inner()
            .expect("nobody fails while holding it");
        assert!(
            wrong.is_empty(),
            "{}",
            wrong.into_iter().collect::<Vec<_>>().join("\n")
        );
    }

    /// Everything that was looked at and was there.
    pub(crate) fn looked(&self) -> BTreeSet<String> {
        self.looked
            .lock()
            .expect("nobody fails while holding it")
            .clone()
    }

    /// Routes of the facts that gave no good answer so far.
    pub(crate) fn unseen(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("nobody fails while holding it");
        let left = FACTS
            .routes
            .iter()
            .filter(|route| !seen.contains(&(route.method.clone(), route.path.clone())));
        left.map(|route| format!("{} {}", route.method, route.path))
            .collect()
    }

    /// The status of such a request.
    pub(crate) async fn status(&self, user: &str, password: &str, method: &str, path: &str) -> u16 {
        self.with(user, password, method, path, &[]).await.0
    }

    pub(crate) async fn product(
        &self,
        method: &str,
        path: &str,
        form: &[(&str, String)],
    ) -> (u16, Value) {
        self.with(AC, TOKEN, method, path, form).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.product("GET", &own(path), &[]).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(crate) async fn post<V: ToString>(&self, path: &str, form: &[(&str, V)]) -> Value {
        let (status, body) = self.product("POST", &own(path), &texts(form)).await;
        assert!((200..300).contains(&status), "{path}: {status} {body}");
        body
    }

    /// Status and Twilio's code of a refused request.
    pub(crate) async fn refused<V: ToString>(&self, path: &str, form: &[(&str, V)]) -> (u16, u64) {
        let (status, body) = self.product("POST", &own(path), &texts(form)).await;
        (status, body["code"].as_u64().unwrap_or_default())
    }

    pub(crate) async fn delete(&self, path: &str) -> u16 {
        self.product("DELETE", &own(path), &[]).await.0
    }

    pub(crate) async fn try_control(
        &self,
        method: &str,
        path: &str,
        body: impl Serialize,
    ) -> Result<Value, u16> {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self
            .client
            .request(method, format!("{}{path}", self.sandbox.url()))
            .json(&body);
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        if status.is_success() {
            Ok(answer.json().await.unwrap_or(Value::Null))
        } else {
            Err(status.as_u16())
        }
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: impl Serialize) -> Value {
        self.try_control(method, path, body).await.expect("done")
    }

    /// Waits until something is so.
    pub(crate) async fn until(&self, what: &str, so: impl AsyncFn() -> bool) {
        let patient = async {
            while !so().await {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let came = tokio::time::timeout(Duration::from_secs(30), patient).await;
        assert!(came.is_ok(), "{what} did not come");
    }
}

/// A resource's SID.
pub(crate) fn sid(body: &Value) -> String {
    body["sid"].as_str().expect("a SID").to_owned()
}

fn own(path: &str) -> String {
    format!("/2010-04-01/Accounts/{AC}/{path}")
}

fn texts<'a, V: ToString>(form: &[(&'a str, V)]) -> Vec<(&'a str, String)> {
    form.iter()
        .map(|(name, value)| (*name, value.to_string()))
        .collect()
}

fn bundle(iso: &str, status: BundleStatus) -> BundleSeed {
    BundleSeed {
        account_sid: AC.into(),
        business_name: "Harbor Bikes".into(),
        kind: NumberKind::Local,
        address: Address {
            customer_name: "Harbor Bikes".into(),
            street: "1 Wharf Road".into(),
            city: "City".into(),
            region: "Region".into(),
            postal_code: "1".into(),
            iso_country: iso.into(),
            ..Address::default()
        },
        status,
        failure_reason: String::new(),
    }
}
