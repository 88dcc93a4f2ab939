//! Phones: what they do by themselves, and what a person or a test does with them. A number stands for its newest live call.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::calls;
use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::Engine;
use crate::engine::error::RestError;
use crate::engine::phone::{Behaviour, Line};
use crate::engine::records::{CallTruth, Direction};
use crate::engine::requests::PhoneDial;
use crate::seam::{Sid, Time};

/// All phones that are worth looking at: owned ones without a voice URL, those told how to behave, and those in a call.
pub(super) async fn list(State(sandbox): State<Sandbox>) -> Json<Value> {
    sandbox.engine(|engine, _| {
        let owned = engine
            .accounts()
            .flat_map(|account| account.numbers.values())
            .filter(|number| !engine.is_answered_by_webhook(&number.phone_number));
        let mut numbers: BTreeSet<String> =
            owned.map(|number| number.phone_number.clone()).collect();
        numbers.extend(engine.behaviours().keys().cloned());
        let live: Vec<CallTruth> = engine.truths().into_iter().filter(is_live_phone).collect();
        numbers.extend(live.iter().map(|truth| number_of(truth).to_owned()));
        let phones: Vec<Value> = numbers
            .iter()
            .map(|number| show(engine, &live, number))
            .collect();
        Json(json!({ "phones": phones }))
    })
}

fn show(engine: &Engine, live: &[CallTruth], number: &str) -> Value {
    let owner = engine.owner_of(number);
    json!({
        "number": number,
        "account_sid": owner.map(|owner| &owner.account_sid),
        "friendly_name": owner.map(|owner| &owner.friendly_name),
        "behaviour": engine.behaviours().get(number).cloned().unwrap_or_else(|| Behaviour::usual(number)),
        "held": engine.held(number).is_some(),
        "call": live.iter().find(|truth| number_of(truth) == number).map(calls::show),
    })
}

/// Tells a phone how to behave from its next call on.
pub(super) async fn behave(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
    body: Result<Json<Behaviour>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(behaviour) = body?;
    sandbox.engine(|engine, _| engine.set_behaviour(&number, Some(behaviour)));
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a phone behave as every other does.
pub(super) async fn behave_as_usual(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
) -> StatusCode {
    sandbox.engine(|engine, _| engine.set_behaviour(&number, None));
    StatusCode::NO_CONTENT
}

/// What the network says of a caller's number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attestation {
    /// None for the usual; an empty text for nothing at all.
    stir: Option<String>,
}

/// Tells what the network says of this number when it calls.
pub(super) async fn attest(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
    body: Result<Json<Attestation>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(Attestation { stir }) = body?;
    sandbox.engine(|engine, _| engine.set_attestation(&number, stir))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whom to dial, and what the phone does once the other side answers.
#[derive(Deserialize)]
pub(super) struct Dial {
    to: String,
    #[serde(default = "human")]
    behaviour: Behaviour,
}

fn human() -> Behaviour {
    Behaviour::Human
}

/// Picks the phone up and dials. `number` may be any text that a caller ID may be, `anonymous` too.
pub(super) async fn dial(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
    body: Result<Json<Dial>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let Json(Dial { to, behaviour }) = body?;
    let truth = sandbox.engine(|engine, now| {
        let call = engine.phone_dial(
            now,
            PhoneDial {
                from: number,
                to,
                behaviour,
            },
        )?;
        engine
            .truth(&call.sid)
            .ok_or_else(|| RestError::not_found(&call.sid))
    })?;
    Ok((StatusCode::CREATED, Json(calls::show(&truth))))
}

/// Answers the phone that rings.
pub(super) async fn answer(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
) -> Result<Json<Value>, Refusal> {
    act(&sandbox, &number, Engine::phone_answer)
}

/// Hangs up, or rejects a call that rings.
pub(super) async fn hang_up(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
) -> Result<Json<Value>, Refusal> {
    act(&sandbox, &number, Engine::phone_hang_up)
}

/// Keys to press.
#[derive(Deserialize)]
pub(super) struct Press {
    digits: String,
}

/// Presses keys.
pub(super) async fn press(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
    body: Result<Json<Press>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(Press { digits }) = body?;
    if digits.is_empty() || !digits.chars().all(|key| "0123456789ABCD#*w".contains(key)) {
        return Err(Refusal::invalid(
            "digits are any of 0-9, A-D, #, * and w for half a second",
        ));
    }
    act(&sandbox, &number, |engine, now, call| {
        engine.phone_press(now, call, &digits)
    })
}

/// Says something.
pub(super) async fn say(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
    body: Result<Json<Line>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(line) = body?;
    act(&sandbox, &number, |engine, now, call| {
        engine.phone_say(now, call, line)
    })
}

/// Does something with the number's newest live call, and shows the call after it.
fn act(
    sandbox: &Sandbox,
    number: &str,
    act: impl FnOnce(&mut Engine, Time, &str) -> Result<(), RestError>,
) -> Result<Json<Value>, Refusal> {
    sandbox.engine(|engine, now| {
        let call = live_call(engine, number)
            .ok_or_else(|| Refusal::none(format!("{number} has no call")))?;
        act(engine, now, &call)?;
        let truth = engine
            .truth(&call)
            .ok_or_else(|| Refusal::none(format!("{call} is gone")))?;
        Ok(Json(calls::show(&truth)))
    })
}

fn live_call(engine: &Engine, number: &str) -> Option<Sid> {
    engine
        .truths()
        .into_iter()
        .find(|truth| is_live_phone(truth) && number_of(truth) == number)
        .map(|truth| truth.call.sid)
}

fn is_live_phone(truth: &CallTruth) -> bool {
    truth.far == "phone" && !truth.call.status.is_terminal()
}

/// The phone's own number: who calls us, or whom we call.
fn number_of(truth: &CallTruth) -> &str {
    match truth.call.direction {
        Direction::Inbound => &truth.call.from,
        Direction::OutboundApi | Direction::OutboundDial => &truth.call.to,
    }
}
