//! What the sandbox was set up with: its accounts with their credentials, and its clock.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::account::Account;
use crate::engine::regions::{plain, split};

/// All accounts, credentials included: they open nothing but this sandbox.
pub(super) async fn accounts(State(sandbox): State<Sandbox>) -> Json<Value> {
    sandbox.engine(|engine, _| {
        Json(json!({ "accounts": engine.accounts().map(show).collect::<Vec<_>>() }))
    })
}

fn show(account: &Account) -> Value {
    let keys = account.keys.values().map(
        |key| json!({ "sid": key.sid, "secret": key.secret, "friendly_name": key.friendly_name }),
    );
    let apps = account.applications.values().map(|app| json!({ "sid": app.sid, "friendly_name": app.friendly_name, "voice_url": app.hooks.voice_url }));
    let numbers = account.numbers.values().map(|number| {
        json!({
            "sid": number.sid,
            "number": number.phone_number,
            "friendly_name": number.friendly_name,
            "voice_url": number.hooks.voice_url,
            "voice_application_sid": number.voice_application_sid,
        })
    });
    let bundles = account.papers.bundles.values().map(|bundle| json!({ "sid": bundle.sid, "friendly_name": bundle.friendly_name, "status": bundle.status.as_str() }));
    let (test_sid, test_token) = account.test_credentials();
    json!({
        "test_sid": test_sid,
        "test_token": test_token,
        "bundles": bundles.collect::<Vec<_>>(),
        "sid": plain(&account.sid),
        "region": split(&account.sid).1,
        "status": account.status.as_str(),
        "auth_token": account.auth_token,
        "friendly_name": account.friendly_name,
        "calls_per_second": account.calls_per_second,
        "keys": keys.collect::<Vec<_>>(),
        "applications": apps.collect::<Vec<_>>(),
        "numbers": numbers.collect::<Vec<_>>(),
    })
}

/// How the REST face behaves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Behaviour {
    read_lag: Option<u32>,
    requests_per_second: Option<u32>,
}

/// `PUT /sandbox/v1/rest`.
pub(super) async fn rest(
    State(sandbox): State<Sandbox>,
    wanted: Result<Json<Behaviour>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(wanted) = wanted?;
    sandbox.engine(|engine, _| {
        if let Some(millis) = wanted.read_lag {
            engine.set_read_lag(i64::from(millis));
        }
        if let Some(most) = wanted.requests_per_second {
            engine.set_most_requests(most);
        }
    });
    Ok(Json(json!({})))
}

/// The sandbox's time.
pub(super) async fn clock(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(json!({ "now": sandbox.engine(|_, now| now) }))
}
