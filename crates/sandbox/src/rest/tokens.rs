//! Names and passwords for relays of sound. There is no relay behind them: the sandbox is reached directly.

use serde_json::json;

use super::ask::{Answer, Ask, created};
use super::date;
use super::refusal::Refusal;
use crate::engine::regions::{HOME, split};

/// Seconds that they are good for, unless said otherwise.
const USUAL_LIFE: u32 = 86_400;

/// `POST /Tokens.json`; only in the first region.
pub(super) async fn create(ask: Ask) -> Answer {
    if split(&ask.account).1 != HOME {
        return Err(Refusal::no_such(ask.uri.path()));
    }
    let life = ask
        .params
        .number("Ttl", 20001, 1..=USUAL_LIFE)?
        .unwrap_or(USUAL_LIFE);
    let (name, password, now) = ask.engine(|engine, now, _| {
        let (name, password) = engine.relay_credentials();
        (name, password, now)
    });
    let relay = |address: &str| json!({ "url": address, "urls": address, "username": name, "credential": password });
    let stun = "stun:global.stun.twilio.com:3478";
    let servers = json!([
        { "url": stun, "urls": stun },
        relay("turn:global.turn.twilio.com:3478?transport=udp"),
        relay("turn:global.turn.twilio.com:3478?transport=tcp"),
        relay("turn:global.turn.twilio.com:443?transport=tcp"),
    ]);
    created(Ok(servers), |servers| {
        json!({
            "account_sid": ask.account,
            "username": name,
            "password": password,
            "ttl": life.to_string(),
            "ice_servers": servers,
            "date_created": date(now),
            "date_updated": date(now),
        })
    })
}
