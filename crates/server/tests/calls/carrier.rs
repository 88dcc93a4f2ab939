//! A stand-in for the carrier that only writes down what it is asked, and answers as it was told; and its pen for signatures.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use offhook_twilio::signature;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Answer, PUBLIC_URL, TestApp, World};

/// A request that reached the carrier.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) form: Vec<(String, String)>,
    pub(crate) authorization: String,
}

impl Asked {
    pub(crate) fn field(&self, name: &str) -> &str {
        let found = self.form.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

type Script = Arc<dyn Fn(&Asked, usize) -> Option<Response> + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Carrier {
    asked: Arc<Mutex<Vec<Asked>>>,
    script: Arc<Mutex<Script>>,
}

impl Carrier {
    /// Listens, and is our organization's carrier from now on.
    pub(crate) async fn of(t: &TestApp) -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        let nothing: Script = Arc::new(|_, _| None);
        let carrier = Self {
            asked: Arc::default(),
            script: Arc::new(Mutex::new(nothing)),
        };
        let router = Router::new().fallback(answer).with_state(carrier.clone());
        let stop = t.app.stop.clone();
        tokio::spawn(async move {
            axum::serve(socket, router)
                .with_graceful_shutdown(stop.cancelled_owned())
                .await
        });
        t.by(&t.ours.admin)
            .put("/carrier", json!({ "api_base_url": url }))
            .await
            .ok(200);
        // What was asked while the account was saved is no story's affair.
        carrier.asked.lock().unwrap().clear();
        work(t);
        carrier
    }

    /// What it answers, told by the request and how many of its kind came before; `None` is the usual answer.
    pub(crate) fn answers(
        &self,
        script: impl Fn(&Asked, usize) -> Option<Response> + Send + Sync + 'static,
    ) {
        *self.script.lock().unwrap() = Arc::new(script);
    }

    /// What it was asked at paths with these words, so far.
    pub(crate) fn asked(&self, words: &str) -> Vec<Asked> {
        let all = self.asked.lock().unwrap();
        all.iter()
            .filter(|asked| format!("{} {}", asked.method, asked.path).contains(words))
            .cloned()
            .collect()
    }
}

async fn answer(
    State(carrier): State<Carrier>,
    method: Method,
    uri: Uri,
    headers: axum::http::HeaderMap,
    body: Bytes,
) -> Response {
    let asked = Asked {
        method,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        form: url::form_urlencoded::parse(&body).into_owned().collect(),
        authorization: headers
            .get("authorization")
            .map(|v| v.to_str().unwrap().to_owned())
            .unwrap_or_default(),
    };
    let script = carrier.script.lock().unwrap().clone();
    let before = carrier
        .asked(&format!("{} {}", asked.method, asked.path))
        .len();
    carrier.asked.lock().unwrap().push(asked.clone());
    script(&asked, before).unwrap_or_else(|| usual(&asked).into_response())
}

/// Starts all that works without being asked, but the reconciler.
pub(crate) fn work(t: &TestApp) {
    offhook_server::live::start(&t.app);
    offhook_server::jobs::start(&t.app);
    offhook_server::timers::start(&t.app);
    offhook_server::presence::start(&t.app);
}

/// What Twilio answers when all goes well, as far as anybody reads it.
fn usual(asked: &Asked) -> (StatusCode, axum::Json<Value>) {
    let sid = "CA00000000000000000000000000000abc";
    let created = asked.method == Method::POST;
    let body = json!({
        "sid": sid, "call_sid": sid, "conference_sid": "CF1", "status": if created { "queued" } else { "in-progress" },
        "label": asked.field("Label"), "queue_time": "1500",
        "conferences": [], "participants": [], "queues": [], "recordings": [], "incoming_phone_numbers": [],
        "calls": [], "applications": [], "keys": [], "services": [], "secret": "a secret of the carrier's",
    });
    (
        if created {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        },
        axum::Json(body),
    )
}

/// Twilio's way to say no.
pub(crate) fn refusal(status: u16, code: u32) -> Response {
    let body = json!({ "code": code, "message": "no", "status": status });
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}

pub(crate) const TOKEN: &str = "an auth token that never leaves";

/// Sends a webhook as the carrier does.
pub(crate) async fn webhook(
    t: &TestApp,
    world: &World,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    signed_by(t, TOKEN, &account_of(t, world).await, path, fields).await
}

/// The `AccountSid` of an organization.
pub(crate) async fn account_of(t: &TestApp, world: &World) -> String {
    let carrier = t.by(&world.admin).get("/carrier").await.ok(200);
    carrier["account_sid"].as_str().unwrap().to_owned()
}

pub(crate) async fn signed_by(
    t: &TestApp,
    token: &str,
    account: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let base = t.app.config.public_url.as_str().trim_end_matches('/');
    signed_under(&t.router, base, token, account, path, fields).await
}

/// The same, at one of several nodes.
pub(crate) async fn signed_at(
    node: &Router,
    token: &str,
    account: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    signed_under(node, PUBLIC_URL, token, account, path, fields).await
}

/// The same, for a server that is reached under another address.
async fn signed_under(
    node: &Router,
    base: &str,
    token: &str,
    account: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let mut form: Vec<(String, String)> = vec![("AccountSid".into(), account.into())];
    form.extend(
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let signature = signature::sign(token, &format!("{base}{path}"), &form);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&form)
        .finish();
    post_at(node, path, Some(&signature), body).await
}

pub(crate) async fn post(t: &TestApp, path: &str, signature: Option<&str>, body: String) -> Answer {
    post_at(&t.router, path, signature, body).await
}

async fn post_at(node: &Router, path: &str, signature: Option<&str>, body: String) -> Answer {
    let mut request = axum::http::Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(signature) = signature {
        request = request.header(signature::HEADER, signature);
    }
    let request = request.body(Body::from(body)).unwrap();
    let (head, body) = node.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: head.status,
        headers: head.headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// The path and query of an address that we handed out.
pub(crate) fn path_of(url: &str) -> String {
    let url = url.replace("&amp;", "&");
    let rest = url
        .strip_prefix("https://calls.example.com")
        .unwrap_or(&url);
    rest.split('#').next().unwrap_or_default().to_owned()
}

/// Waits until nothing is in flight, and nobody who was just woken begins anything; time stands still meanwhile.
pub(crate) async fn quiet(t: &TestApp) {
    let mut calm = 0;
    while calm < 4 {
        tokio::time::timeout(Duration::from_secs(20), t.app.work.idle())
            .await
            .expect("it comes to rest");
        tokio::time::sleep(Duration::from_millis(4)).await;
        calm = if t.app.work.is_idle() { calm + 1 } else { 0 };
    }
}

/// Lets the server's time go on, with everything that is due on the way.
pub(crate) async fn later(t: &TestApp, seconds: i64) {
    let end = t.app.clock.now() + chrono::TimeDelta::seconds(seconds);
    loop {
        quiet(t).await;
        let next = t.app.clock.next_wake().filter(|next| *next < end);
        t.app.clock.advance_to(next.unwrap_or(end));
        if next.is_none() {
            break quiet(t).await;
        }
    }
}
