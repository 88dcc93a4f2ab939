//! A phone in somebody's hand: the token that makes a browser this phone, and where its calls go.

use axum::Json;
use axum::extract::{Form, Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use chrono::TimeDelta;
use offhook_twilio::token::VoiceToken;
use offhook_twilio::twiml::{Dial, Number, Response, Verb};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::held;

/// Where calls of held phones ask for TwiML.
pub(super) const VOICE: &str = "/sandbox/v1/handset/voice";
/// Hours that a token lives.
const LIFE: i64 = 12;

/// Makes a Voice SDK client the phone of a number that an account owns.
pub(super) async fn token(
    State(sandbox): State<Sandbox>,
    Path(number): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let voice_url = format!("{}{VOICE}", sandbox.url());
    let (handset, now) = sandbox.engine(|engine, now| {
        let handset = engine.take_phone(now, &number, &voice_url)?;
        Ok::<_, Refusal>((handset, now))
    })?;
    let token = VoiceToken {
        account_sid: handset.account_sid,
        key_sid: handset.key_sid,
        identity: handset.identity,
        incoming: true,
        application_sid: Some(handset.application_sid),
        params: serde_json::Map::new(),
        region: None,
        issued_at: now,
        expires_at: now + TimeDelta::hours(LIFE),
    };
    let minted = token
        .mint(&handset.key_secret)
        .map_err(|error| Refusal::invalid(error.to_string()))?;
    Ok(Json(json!({
        "token": minted,
        "identity": token.identity,
        "expires_at": token.expires_at,
    })))
}

/// What the carrier asks when a held phone dials.
#[derive(Deserialize)]
pub(super) struct Dialled {
    #[serde(rename = "From")]
    from: String,
    #[serde(rename = "To", default)]
    to: String,
}

/// Connects a held phone with the number that it dialled, under its own number.
pub(super) async fn voice(Form(dialled): Form<Dialled>) -> impl IntoResponse {
    let identity = dialled.from.strip_prefix("client:");
    let dial = Dial {
        caller_id: identity.and_then(held::number_of),
        answer_on_bridge: Some(true),
        timeout: Some(60),
        ..Dial::to(Number::new(dialled.to))
    };
    let twiml = Response::of([Verb::Dial(dial)]).to_xml();
    ([(header::CONTENT_TYPE, "text/xml")], twiml)
}
