//! Calls: made, looked at, redirected and ended.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::callbacks;
use super::params::Params;
use super::refusal::Refusal;
use super::span::Span;
use super::{date, magic, page, uri};
use crate::engine::account::formatted;
use crate::engine::records::{CallRecord, CallStatus};
use crate::engine::requests::{CallFilter, CreateCall, Fetch, TwimlFrom, UpdateCall};

const LONGEST_CALL: u32 = 86_400;

/// `GET /Calls.json`, the newest first.
pub(super) async fn list(ask: Ask) -> Answer {
    let filter = CallFilter {
        to: ask.params.filled("To"),
        from: ask.params.filled("From"),
        status: ask.params.filled("Status"),
        parent_call_sid: ask.params.filled("ParentCallSid"),
    };
    let (started, ended) = (
        Span::of(&ask.params, "StartTime")?,
        Span::of(&ask.params, "EndTime")?,
    );
    Ok(ok(ask.engine(|engine, _, account| {
        let calls = engine.calls(account, &filter).into_iter();
        let calls: Vec<CallRecord> = calls
            .map(|call| engine.seen(call))
            .filter(|call| started.holds(dialled(call)) && ended.holds(call.end_time))
            .collect();
        page::page(&ask, "calls", &calls, |call| &call.sid, show)
    })))
}

/// `POST /Calls.json`.
pub(super) async fn create(ask: Ask) -> Answer {
    if ask.test {
        return magic::call(&ask);
    }
    let params = &ask.params;
    let new = CreateCall {
        to: params.required("To", 21201)?,
        from: params.required("From", 21213)?,
        twiml: twiml(params)?
            .ok_or_else(|| Refusal::invalid(21205, "Url parameter is required"))?,
        status: callbacks::call_progress(params)?,
        send_digits: params.filled("SendDigits").unwrap_or_default(),
        timeout: params.number("Timeout", 21208, 1..=600)?,
        time_limit: params.number("TimeLimit", 20001, 1..=LONGEST_CALL)?,
        record: callbacks::recorded(params)?,
        call_token: params.filled("CallToken"),
        machine: callbacks::machine(params, "AsyncAmd")?,
    };
    created(
        ask.engine(|engine, now, account| engine.create_call(now, account, new)),
        show,
    )
}

/// `GET /Calls/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let call = ask.engine(|engine, _, account| {
        let call = engine.call(account, ask.name("call"))?;
        Some(show(&engine.seen(call)))
    });
    Ok(ok(ask.found(call)?))
}

/// `POST /Calls/{sid}.json`: redirect or end it.
pub(super) async fn update(ask: Ask) -> Answer {
    let params = &ask.params;
    let callback = params
        .filled("StatusCallback")
        .map(|_| callbacks::call_progress(params))
        .transpose()?;
    let change = UpdateCall {
        twiml: twiml(params)?,
        status: params.one_of("Status", 21220, &["canceled", "completed"])?,
        callback,
        time_limit: params.number("TimeLimit", 20001, 1..=LONGEST_CALL)?,
    };
    answer(
        ask.engine(|engine, now, account| {
            engine.update_call(now, account, ask.name("call"), change)
        }),
        show,
    )
}

/// `DELETE /Calls/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_call(account, ask.name("call"))))
}

/// Where the call's TwiML comes from: an App before a URL before an inline document.
fn twiml(params: &Params) -> Result<Option<TwimlFrom>, Refusal> {
    if let Some(application) = params.filled("ApplicationSid") {
        return Ok(Some(TwimlFrom::Application(application)));
    }
    if let Some(url) = params.filled("Url") {
        let fallback_url = params.filled("FallbackUrl").unwrap_or_default();
        let (method, fallback_method) =
            (params.method("Method")?, params.method("FallbackMethod")?);
        return Ok(Some(TwimlFrom::Url(Fetch {
            url,
            method,
            fallback_url,
            fallback_method,
        })));
    }
    Ok(params.filled("Twiml").map(TwimlFrom::Inline))
}

/// When it was answered; for one that never was, when it was made.
fn dialled(call: &CallRecord) -> Option<crate::seam::Time> {
    call.start_time
        .or_else(|| call.status.is_terminal().then_some(call.date_created))
}

pub(super) fn show(call: &CallRecord) -> Value {
    let account = &call.account_sid;
    let below = |name: &str| uri(account, &format!("Calls/{}/{name}", call.sid));
    // REST knows no `initiated`.
    let status = if call.status == CallStatus::Initiated {
        CallStatus::Queued
    } else {
        call.status
    };
    json!({
        "sid": call.sid,
        "account_sid": account,
        "parent_call_sid": call.parent_call_sid,
        "to": call.to,
        "to_formatted": formatted(&call.to),
        "from": call.from,
        "from_formatted": formatted(&call.from),
        "phone_number_sid": call.phone_number_sid,
        "status": status.as_str(),
        "direction": call.direction.as_str(),
        "date_created": date(call.date_created),
        "date_updated": date(call.date_updated),
        "start_time": dialled(call).map(date),
        "end_time": call.end_time.map(date),
        "duration": call.duration().map(|seconds| seconds.to_string()),
        "price": call.price,
        "price_unit": "USD",
        "queue_time": call.queue_time.to_string(),
        "answered_by": call.answered_by,
        "api_version": "2010-04-01",
        "caller_name": "",
        "forwarded_from": null,
        "group_sid": null,
        "trunk_sid": null,
        "uri": uri(account, &format!("Calls/{}", call.sid)),
        "subresource_uris": {
            "events": below("Events"),
            "notifications": below("Notifications"),
            "recordings": below("Recordings"),
        },
    })
}
