//! Messages between the application and the Voice SDK within a call.

use serde_json::json;

use super::ask::{Answer, Ask, created, gone};
use super::{date, uri};

/// `POST /Calls/{sid}/UserDefinedMessages.json`.
pub(super) async fn send(ask: Ask) -> Answer {
    let content = ask.params.needed("Content")?;
    let call = ask.name("call");
    let sent = ask.engine(|engine, now, account| {
        Ok((engine.send_message(now, account, call, &content)?, now))
    });
    created(
        sent,
        |(sid, now)| json!({ "sid": sid, "account_sid": ask.account, "call_sid": call, "date_created": date(*now) }),
    )
}

/// `POST /Calls/{sid}/UserDefinedMessageSubscriptions.json`.
pub(super) async fn subscribe(ask: Ask) -> Answer {
    let (callback, method) = (ask.params.needed("Callback")?, ask.params.method("Method")?);
    let call = ask.name("call");
    let made =
        ask.engine(|engine, now, account| engine.subscribe(now, account, call, callback, method));
    created(made, |one| {
        json!({
            "sid": one.sid,
            "account_sid": one.account_sid,
            "call_sid": one.call_sid,
            "date_created": date(one.date_created),
            "uri": uri(&one.account_sid, &format!("Calls/{}/UserDefinedMessageSubscriptions/{}", one.call_sid, one.sid)),
        })
    })
}

/// `DELETE /Calls/{sid}/UserDefinedMessageSubscriptions/{sid}.json`.
pub(super) async fn unsubscribe(ask: Ask) -> Answer {
    let (call, sid) = (ask.name("call"), ask.name("subscription"));
    gone(ask.engine(|engine, _, account| engine.unsubscribe(account, call, sid)))
}
