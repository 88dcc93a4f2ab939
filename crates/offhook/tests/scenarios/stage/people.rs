//! The first run, hiring, and asking the API.

use serde_json::{Value, json};

use super::{Agent, Stage};

const PASSWORD: &str = "a horse that staples batteries";

pub(crate) async fn first_run(http: &reqwest::Client, url: &str, link: &str) -> String {
    let answers = json!({
        "organization": "Acme", "slug": "acme", "country": "US",
        "name": "Olive Owner", "email": "olive@example.com", "password": PASSWORD,
    });
    use_link(http, url, link, answers).await["token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

async fn use_link(http: &reqwest::Client, url: &str, link: &str, answers: Value) -> Value {
    let secret = link.rsplit('/').next().expect("a link ends in its secret");
    let (status, body) = ask(
        http,
        "POST",
        &format!("{url}/api/v1/setup/{secret}"),
        "",
        Some(answers),
    )
    .await;
    assert!(status < 300, "the link is taken: {status} {body}");
    body
}

pub(super) async fn hire(stage: &Stage, name: &str, owner: &str, queues: &Value) -> Agent {
    let email = format!("{name}@example.com");
    let new = json!({ "email": email, "name": name, "role": "agent", "queues": queues });
    let (status, body) = stage.ask("POST", "/users", owner, Some(new)).await;
    assert_eq!(status, 201, "{body}");
    let link = body["link"].as_str().expect("a link");
    let session = use_link(
        &stage.http,
        &stage.url,
        link,
        json!({ "password": PASSWORD }),
    )
    .await;
    let token = session["token"].as_str().expect("a token").to_owned();
    let available = json!({ "state": "available" });
    let (status, body) = stage
        .ask("PUT", "/me/availability", &token, Some(available))
        .await;
    assert_eq!(status, 200, "{body}");
    let (status, body) = stage.ask("POST", "/softphone/token", &token, None).await;
    assert!(status < 300, "{body}");
    Agent {
        name: name.to_owned(),
        id: session["user"]["id"].as_str().expect("an id").to_owned(),
        token,
        identity: body["identity"].as_str().expect("an identity").to_owned(),
    }
}

pub(crate) async fn ask(
    http: &reqwest::Client,
    method: &str,
    url: &str,
    token: &str,
    body: Option<Value>,
) -> (u16, Value) {
    let method = method.parse().expect("a method");
    let mut request = http.request(method, url);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.expect("the server answers");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}
