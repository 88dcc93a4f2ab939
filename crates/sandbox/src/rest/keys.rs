//! API keys; only the account's own credentials may touch them.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::{date, page};
use crate::engine::account::ApiKey;

/// `GET /Keys.json`.
pub(super) async fn list(ask: Ask) -> Answer {
    ask.only_main()?;
    let keys = ask.look(|account| account.keys.values().cloned().collect::<Vec<_>>())?;
    Ok(ok(page::page(&ask, "keys", &keys, |key| &key.sid, show)))
}

/// `POST /Keys.json`: the only answer with the secret.
pub(super) async fn create(ask: Ask) -> Answer {
    ask.only_main()?;
    let name = ask.params.text("FriendlyName").unwrap_or_default();
    let key = ask.engine(|engine, now, account| engine.create_key(now, account, &name));
    created(key, |key| {
        let mut body = show(key);
        body["secret"] = key.secret.as_str().into();
        body
    })
}

/// `GET /Keys/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    ask.only_main()?;
    let key = ask.look(|account| account.keys.get(ask.name("key")).map(show))?;
    Ok(ok(ask.found(key)?))
}

/// `POST /Keys/{sid}.json`.
pub(super) async fn update(ask: Ask) -> Answer {
    ask.only_main()?;
    let name = ask.params.text("FriendlyName").unwrap_or_default();
    answer(
        ask.engine(|engine, now, account| engine.update_key(now, account, ask.name("key"), &name)),
        show,
    )
}

/// `DELETE /Keys/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    ask.only_main()?;
    gone(ask.engine(|engine, _, account| engine.delete_key(account, ask.name("key"))))
}

fn show(key: &ApiKey) -> Value {
    json!({
        "sid": key.sid,
        "friendly_name": key.friendly_name,
        "date_created": date(key.date_created),
        "date_updated": date(key.date_updated),
    })
}
