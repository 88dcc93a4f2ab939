//! What went wrong and what was asked: `monitor.twilio.com/v1/Alerts`, the older Notifications, and a call's Events.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, ok};
use super::refusal::Refusal;
use super::span::Span;
use super::{date, iso, page, uri};
use crate::engine::resources::{Alert, Exchange};

/// Days for which alerts are kept.
const KEPT: i64 = 30;

fn info(alert: &Alert) -> String {
    format!("https://www.twilio.com/docs/errors/{}", alert.code)
}

/// An application's parameters as one text.
fn variables(exchange: &Exchange) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&exchange.params)
        .finish()
}

fn found(ask: &Ask) -> Vec<Alert> {
    ask.engine(|engine, now, account| {
        let young = |alert: &&Alert| now - alert.at <= chrono::TimeDelta::days(KEPT);
        engine.alerts(account).filter(young).cloned().collect()
    })
}

fn one(ask: &Ask) -> Result<Alert, Refusal> {
    let sid = ask.name("alert");
    let call = ask.names("call");
    let alert = found(ask)
        .into_iter()
        .find(|alert| alert.sid == sid && call.is_none_or(|call| alert.call_sid == call));
    ask.found(alert)
}

/// `GET monitor.twilio.com/v1/Alerts`.
pub(super) async fn list(ask: Ask) -> Answer {
    let level = ask.params.filled("LogLevel");
    let (after, before) = (
        Span::instant(&ask.params, "StartDate")?,
        Span::instant(&ask.params, "EndDate")?,
    );
    let mut alerts = found(&ask);
    alerts.retain(|alert| {
        level.as_ref().is_none_or(|level| log_level(alert) == level)
            && after.is_none_or(|after| alert.at >= after)
            && before.is_none_or(|before| alert.at <= before)
    });
    Ok(ok(page::with_meta(
        &ask,
        "alerts",
        &alerts,
        |alert| &alert.sid,
        show,
    )))
}

/// `GET monitor.twilio.com/v1/Alerts/{sid}`: with the request and the answer.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let alert = one(&ask)?;
    let mut body = show(&alert);
    let (variables, headers, answer) = details(&alert);
    body["request_variables"] = variables;
    body["request_headers"] = Value::Null;
    body["response_headers"] = headers;
    body["response_body"] = answer;
    Ok(ok(body))
}

fn log_level(alert: &Alert) -> &'static str {
    if alert.is_warning() {
        "warning"
    } else {
        "error"
    }
}

/// Parameters, the answer's headers and its body.
fn details(alert: &Alert) -> (Value, Value, Value) {
    let Some(exchange) = &alert.exchange else {
        return (Value::Null, Value::Null, Value::Null);
    };
    let reply = exchange.result.as_ref().ok();
    (
        variables(exchange).into(),
        reply
            .map(|reply| format!("Content-Type={}", reply.content_type))
            .into(),
        reply.map(|reply| reply.body.clone()).into(),
    )
}

fn show(alert: &Alert) -> Value {
    json!({
        "sid": alert.sid,
        "account_sid": alert.account_sid,
        "resource_sid": alert.call_sid,
        "service_sid": null,
        "error_code": alert.code.to_string(),
        "log_level": log_level(alert),
        "alert_text": alert.text,
        "api_version": "2010-04-01",
        "more_info": info(alert),
        "request_method": alert.exchange.as_ref().map(|exchange| &exchange.method),
        "request_url": alert.exchange.as_ref().map(|exchange| &exchange.url),
        "date_created": iso(alert.at),
        "date_generated": iso(alert.at),
        "date_updated": iso(alert.at),
        "url": format!("https://monitor.twilio.com/v1/Alerts/{}", alert.sid),
    })
}

/// `GET /Notifications.json` and `/Calls/{sid}/Notifications.json`.
pub(super) async fn notifications(ask: Ask) -> Answer {
    let mut alerts = found(&ask);
    if let Some(call) = ask.names("call") {
        let known = ask.engine(|engine, _, account| engine.call(account, call).map(|_| ()));
        ask.found(known)?;
        alerts.retain(|alert| alert.call_sid == call);
    }
    let log = ask.params.number("Log", 20001, 0..=1)?;
    let span = Span::of(&ask.params, "MessageDate")?;
    alerts.retain(|alert| {
        log.is_none_or(|log| (log == 1) == alert.is_warning()) && span.holds(Some(alert.at))
    });
    Ok(ok(page::page(
        &ask,
        "notifications",
        &alerts,
        |alert| &alert.sid,
        |alert| notification(&ask, alert),
    )))
}

/// `GET /Notifications/{sid}.json` and `/Calls/{sid}/Notifications/{sid}.json`.
pub(super) async fn notification_of(ask: Ask) -> Answer {
    let alert = one(&ask)?;
    let mut body = notification(&ask, &alert);
    let (variables, headers, answer) = details(&alert);
    body["request_variables"] = variables;
    body["response_headers"] = headers;
    body["response_body"] = answer;
    Ok(ok(body))
}

fn notification(ask: &Ask, alert: &Alert) -> Value {
    let own = format!("Notifications/{}", alert.sid);
    let path = match ask.names("call") {
        Some(call) => format!("Calls/{call}/{own}"),
        None => own,
    };
    json!({
        "sid": alert.sid,
        "account_sid": alert.account_sid,
        "api_version": "2010-04-01",
        "call_sid": alert.call_sid,
        "error_code": alert.code.to_string(),
        "log": if alert.is_warning() { "1" } else { "0" },
        "message_date": date(alert.at),
        "message_text": alert.text,
        "more_info": info(alert),
        "request_method": alert.exchange.as_ref().map(|exchange| &exchange.method),
        "request_url": alert.exchange.as_ref().map(|exchange| &exchange.url),
        "date_created": date(alert.at),
        "date_updated": date(alert.at),
        "uri": uri(&alert.account_sid, &path),
    })
}

/// `GET /Calls/{sid}/Events.json`: each webhook of a call with its answer, oldest first.
pub(super) async fn events(ask: Ask) -> Answer {
    let call = ask.name("call");
    let events = ask.engine(|engine, _, account| {
        engine.call(account, call)?;
        let all = engine.exchanges(account, call).into_iter();
        let numbered = all
            .enumerate()
            .map(|(place, one)| (place.to_string(), event(one)));
        Some(numbered.collect::<Vec<_>>())
    });
    let events = ask.found(events)?;
    Ok(ok(page::page(
        &ask,
        "events",
        &events,
        |(place, _)| place,
        |(_, event)| event.clone(),
    )))
}

fn event(exchange: &Exchange) -> Value {
    let params: serde_json::Map<String, Value> = exchange
        .params
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    let millis = (exchange.answered - exchange.at).num_milliseconds();
    let response = match &exchange.result {
        Ok(reply) => json!({
            "response_code": reply.status,
            "request_duration": millis,
            "content_type": reply.content_type,
            "response_body": reply.body,
            "date_created": date(exchange.answered),
        }),
        Err((code, text)) => json!({
            "response_code": null,
            "request_duration": millis,
            "content_type": null,
            "response_body": format!("{code}: {text}"),
            "date_created": date(exchange.answered),
        }),
    };
    json!({
        "request": { "method": exchange.method, "url": exchange.url, "parameters": params },
        "response": response,
    })
}
