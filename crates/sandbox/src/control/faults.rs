//! What goes wrong on purpose: the profiles, the switches, the seed, and what went wrong so far.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::Engine;
use crate::engine::faults::{PROFILES, Plan};

/// As many as are shown of what went wrong.
const SHOWN: usize = 100;

/// `GET /sandbox/v1/faults`.
pub(super) async fn show(State(sandbox): State<Sandbox>) -> Json<Value> {
    sandbox.engine(|engine, _| Json(shown(engine)))
}

fn shown(engine: &Engine) -> Value {
    let faults = engine.faults();
    let profiles: Map<String, Value> = PROFILES
        .into_iter()
        .map(|name| (name.to_owned(), json!(Plan::of(name))))
        .collect();
    json!({
        "profile": faults.profile(),
        "seed": faults.seed(),
        "switches": faults.plan(),
        "profiles": profiles,
        "counts": faults.counts(),
        "happened": faults.happened().take(SHOWN).collect::<Vec<_>>(),
    })
}

/// `PUT /sandbox/v1/faults`: a profile, a seed, single switches; the profile first.
pub(super) async fn change(
    State(sandbox): State<Sandbox>,
    wanted: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(mut wanted) = wanted?;
    let seed = match wanted.remove("seed") {
        None => None,
        Some(seed) => Some(
            seed.as_u64()
                .ok_or_else(|| Refusal::invalid("seed is a whole number"))?,
        ),
    };
    let profile = match wanted.remove("profile") {
        None => None,
        Some(name) => Some(name.as_str().and_then(Plan::of).ok_or_else(|| {
            Refusal::invalid(format!("profile is one of {}", PROFILES.join(", ")))
        })?),
    };
    let plan =
        profile.unwrap_or_else(|| sandbox.engine(|engine, _| engine.faults().plan().clone()));
    let plan = plan.with(&wanted).map_err(Refusal::invalid)?;
    sandbox.set_faults(plan, seed);
    Ok(show(State(sandbox)).await)
}

/// `DELETE /sandbox/v1/faults`: nothing goes wrong any more.
pub(super) async fn calm(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.set_faults(Plan::default(), None);
    StatusCode::NO_CONTENT
}

/// `POST /sandbox/v1/faults/sockets`: the sockets of all Voice SDK clients break now.
pub(super) async fn drop_sockets(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.engine(|engine, _| engine.drop_sockets(None));
    StatusCode::NO_CONTENT
}
