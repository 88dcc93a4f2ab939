//! The account itself.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, ok};
use super::date;
use crate::engine::account::Account;

/// `GET /Accounts/{sid}.json`; a standard key may not.
pub(super) async fn fetch(ask: Ask) -> Answer {
    ask.only_main()?;
    Ok(ok(ask.look(show)?))
}

fn show(account: &Account) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}", account.sid);
    let below = |name: &str| format!("{uri}/{name}.json");
    json!({
        "sid": account.sid,
        "auth_token": account.auth_token,
        "friendly_name": account.friendly_name,
        "owner_account_sid": account.sid,
        "status": "active",
        "type": "Full",
        "date_created": date(account.date_created),
        "date_updated": date(account.date_created),
        "subresource_uris": {
            "applications": below("Applications"),
            "calls": below("Calls"),
            "conferences": below("Conferences"),
            "incoming_phone_numbers": below("IncomingPhoneNumbers"),
            "keys": below("Keys"),
            "queues": below("Queues"),
            "recordings": below("Recordings"),
        },
        "uri": format!("{uri}.json"),
    })
}
