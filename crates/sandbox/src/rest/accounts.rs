//! Accounts, those below them, what is left of their money, and their secrets.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::refusal::Refusal;
use super::{date, iso, page};
use crate::engine::Engine;
use crate::engine::account::{Account, AccountStatus};

/// What an account begins with, in cents.
const CREDIT: i64 = 10_000;

/// `GET /Accounts.json`: the account and those below it.
pub(super) async fn list(ask: Ask) -> Answer {
    ask.only_main()?;
    let (name, status) = (
        ask.params.filled("FriendlyName"),
        ask.params.filled("Status"),
    );
    let mut accounts: Vec<Account> = ask.engine(|engine, _, own| {
        engine
            .family(own)
            .into_iter()
            .filter(|account| {
                name.as_ref()
                    .is_none_or(|name| account.friendly_name == *name)
                    && status
                        .as_ref()
                        .is_none_or(|status| account.status.as_str() == status)
            })
            .cloned()
            .collect()
    });
    accounts.sort_by_key(|account| std::cmp::Reverse(account.date_created));
    Ok(ok(page::page(
        &ask,
        "accounts",
        &accounts,
        |account| &account.sid,
        show,
    )))
}

/// `POST /Accounts.json`: an account below this one.
pub(super) async fn create(ask: Ask) -> Answer {
    ask.only_main()?;
    let name = ask.params.filled("FriendlyName");
    created(
        ask.engine(|engine, now, own| engine.create_subaccount(now, own, name)),
        show,
    )
}

/// `GET /Accounts/{sid}.json`; a standard key may not.
pub(super) async fn fetch(ask: Ask) -> Answer {
    ask.only_main()?;
    Ok(ok(ask.look(show)?))
}

/// `POST /Accounts/{sid}.json`.
pub(super) async fn update(ask: Ask) -> Answer {
    ask.only_main()?;
    let status = ask
        .params
        .one_of("Status", 20001, &["active", "suspended", "closed"])?;
    let status = status.as_deref().and_then(AccountStatus::read);
    let name = ask.params.filled("FriendlyName");
    answer(
        ask.engine(|engine, now, account| engine.update_account(now, account, name, status)),
        show,
    )
}

fn show(account: &Account) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}", account.sid);
    let below = |name: &str| format!("{uri}/{name}.json");
    json!({
        "sid": account.sid,
        "auth_token": account.auth_token,
        "friendly_name": account.friendly_name,
        "owner_account_sid": account.owner_sid(),
        "status": account.status.as_str(),
        "type": if account.is_trial { "Trial" } else { "Full" },
        "date_created": date(account.date_created),
        "date_updated": date(account.date_updated),
        "subresource_uris": {
            "addresses": below("Addresses"),
            "applications": below("Applications"),
            "available_phone_numbers": below("AvailablePhoneNumbers"),
            "balance": below("Balance"),
            "calls": below("Calls"),
            "conferences": below("Conferences"),
            "incoming_phone_numbers": below("IncomingPhoneNumbers"),
            "keys": below("Keys"),
            "notifications": below("Notifications"),
            "outgoing_caller_ids": below("OutgoingCallerIds"),
            "queues": below("Queues"),
            "recordings": below("Recordings"),
        },
        "uri": format!("{uri}.json"),
    })
}

/// `GET /Balance.json`: what the account and those below it have left.
pub(super) async fn balance(ask: Ask) -> Answer {
    let left = ask.engine(|engine, _, own| {
        if engine
            .account(own)
            .is_some_and(|account| !account.owner.is_empty())
        {
            return None;
        }
        let family = engine.family(own);
        let numbers: i64 = family.iter().map(|account| account.spent).sum();
        let calls: f64 = family
            .iter()
            .flat_map(|account| {
                engine.calls(
                    &account.sid,
                    &crate::engine::requests::CallFilter::default(),
                )
            })
            .filter_map(|call| call.price.as_ref()?.parse::<f64>().ok())
            .sum();
        Some(f64::from(i32::try_from(CREDIT - numbers).unwrap_or(0)) / 100.0 + calls)
    });
    let left = ask.found(left)?;
    Ok(ok(
        json!({ "account_sid": ask.account, "balance": format!("{left:.4}"), "currency": "USD" }),
    ))
}

/// `POST accounts.twilio.com/v1/AuthTokens/Secondary`.
pub(super) async fn create_secondary(ask: Ask) -> Answer {
    ask.only_main()?;
    let made =
        ask.engine(|engine, now, account| Ok((engine.create_secondary_token(now, account)?, now)));
    created(made, |((token, first), now)| {
        json!({
            "account_sid": ask.account,
            "secondary_auth_token": token,
            "date_created": iso(*first),
            "date_updated": iso(*now),
            "url": "https://accounts.twilio.com/v1/AuthTokens/Secondary",
        })
    })
}

/// `DELETE accounts.twilio.com/v1/AuthTokens/Secondary`.
pub(super) async fn delete_secondary(ask: Ask) -> Answer {
    ask.only_main()?;
    gone(ask.engine(Engine::delete_secondary_token))
}

/// `POST accounts.twilio.com/v1/AuthTokens/Promote`.
pub(super) async fn promote(ask: Ask) -> Answer {
    ask.only_main()?;
    answer(ask.engine(Engine::promote_token), |account| {
        json!({
            "account_sid": account.sid,
            "auth_token": account.auth_token,
            "date_created": iso(account.date_created),
            "date_updated": iso(account.tokens_updated),
            "url": "https://accounts.twilio.com/v1/AuthTokens/Promote",
        })
    })
}

/// Refuses whoever names another account than his own.
pub(super) fn same_account(ask: &Ask) -> Result<(), Refusal> {
    let named = ask.params.required("AccountSid", 20001)?;
    if named == ask.account {
        Ok(())
    } else {
        Err(Refusal::authenticate())
    }
}
