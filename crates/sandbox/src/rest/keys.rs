//! API keys; only an account's own credentials may touch them. The older resource makes standard keys, the newer one
//! restricted keys too.

use serde_json::{Value, json};

use super::accounts::same_account;
use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::refusal::Refusal;
use super::{date, page};
use crate::engine::account::{ApiKey, KeyKind};

fn all(ask: &Ask) -> Result<Vec<ApiKey>, Refusal> {
    ask.only_main()?;
    let mut keys = ask.look(|account| account.keys.values().cloned().collect::<Vec<_>>())?;
    keys.sort_by_key(|key| std::cmp::Reverse(key.date_created));
    Ok(keys)
}

/// `GET /Keys.json`.
pub(super) async fn list(ask: Ask) -> Answer {
    let keys = all(&ask)?;
    Ok(ok(page::page(&ask, "keys", &keys, |key| &key.sid, show)))
}

/// `GET iam.twilio.com/v1/Keys`.
pub(super) async fn list_all(ask: Ask) -> Answer {
    same_account(&ask)?;
    let keys = all(&ask)?;
    Ok(ok(page::with_meta(
        &ask,
        "keys",
        &keys,
        |key| &key.sid,
        |key| {
            let mut body = show(key);
            body["flags"] = json!(["rest_api", "signing"]);
            body
        },
    )))
}

/// `POST /Keys.json`: the only answer with the secret.
pub(super) async fn create(ask: Ask) -> Answer {
    ask.only_main()?;
    let name = ask.params.text("FriendlyName").unwrap_or_default();
    let key = ask.engine(|engine, now, account| engine.create_key(now, account, &name));
    created(key, with_secret)
}

/// `POST iam.twilio.com/v1/Keys`.
pub(super) async fn create_any(ask: Ask) -> Answer {
    ask.only_main()?;
    same_account(&ask)?;
    let kind = ask
        .params
        .one_of("KeyType", 20001, &["standard", "restricted"])?;
    let permissions = permissions(&ask)?;
    let kind = match (kind.as_deref(), permissions) {
        (Some("restricted"), Some(permissions)) => KeyKind::Restricted(permissions),
        (Some("restricted"), None) => {
            return Err(Refusal::invalid(20001, "A restricted key needs a Policy"));
        }
        _ => KeyKind::Standard,
    };
    let name = ask.params.text("FriendlyName").unwrap_or_default();
    let key = ask.engine(|engine, now, account| engine.create_key_of(now, account, &name, kind));
    created(key, |key| {
        let mut body = with_secret(key);
        body["policy"] = policy(key);
        body
    })
}

/// The permissions of a `Policy={"allow": […]}`.
fn permissions(ask: &Ask) -> Result<Option<Vec<String>>, Refusal> {
    let Some(policy) = ask.params.object("Policy")? else {
        return Ok(None);
    };
    let words = policy["allow"].as_array().map(|list| {
        list.iter()
            .map(|word| word.as_str().map(str::to_owned))
            .collect()
    });
    match words {
        Some(Some(words)) => Ok(Some(words)),
        _ => Err(Refusal::invalid(
            20001,
            "Policy must have a list `allow` of permissions",
        )),
    }
}

fn find<T>(ask: &Ask, show: impl FnOnce(&ApiKey) -> T) -> Result<T, Refusal> {
    ask.only_main()?;
    let key = ask.look(|account| account.keys.get(ask.name("key")).map(show))?;
    ask.found(key)
}

/// `GET /Keys/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    Ok(ok(find(&ask, show)?))
}

/// `GET iam.twilio.com/v1/Keys/{sid}`.
pub(super) async fn fetch_any(ask: Ask) -> Answer {
    Ok(ok(find(&ask, show_any)?))
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

/// `POST iam.twilio.com/v1/Keys/{sid}`.
pub(super) async fn update_any(ask: Ask) -> Answer {
    ask.only_main()?;
    let (name, permissions) = (ask.params.text("FriendlyName"), permissions(&ask)?);
    answer(
        ask.engine(|engine, now, account| {
            engine.change_key(now, account, ask.name("key"), name.as_deref(), permissions)
        }),
        show_any,
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

fn with_secret(key: &ApiKey) -> Value {
    let mut body = show(key);
    body["secret"] = key.secret.as_str().into();
    body
}

fn show_any(key: &ApiKey) -> Value {
    let mut body = show(key);
    body["policy"] = policy(key);
    body
}

fn policy(key: &ApiKey) -> Value {
    match &key.kind {
        KeyKind::Restricted(permissions) => json!({ "allow": permissions }),
        KeyKind::Main | KeyKind::Standard => Value::Null,
    }
}
