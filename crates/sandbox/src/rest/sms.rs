//! Messages: sent, looked at, taken back, redacted, deleted; and their files.

use axum::body::Body;
use axum::extract::{FromRequest, RawPathParams, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::params::Params;
use super::refusal::Refusal;
use super::span::Span;
use super::{date, magic, or_null, page, uri};
use crate::driver::Sandbox;
use crate::engine::regions::plain;
use crate::engine::sms::{CreateSms, MediaFile, Sender, Sms, SmsDirection, SmsStatus};
use crate::seam::Time;

/// `GET /Messages.json`, the newest first.
pub(super) async fn list(ask: Ask) -> Answer {
    let (to, from) = (ask.params.filled("To"), ask.params.filled("From"));
    let sent = Span::of(&ask.params, "DateSent")?;
    let all: Vec<Sms> = ask.engine(|engine, _, account| {
        let all = engine.all_sms(account).into_iter();
        all.filter(|sms| {
            to.as_ref().is_none_or(|to| sms.to == *to)
                && from.as_ref().is_none_or(|from| sms.from == *from)
                && sent.holds(sms.date_sent)
        })
        .cloned()
        .collect()
    });
    Ok(ok(page::page(&ask, "messages", &all, |sms| &sms.sid, show)))
}

/// `POST /Messages.json`.
pub(super) async fn create(ask: Ask) -> Answer {
    let params = &ask.params;
    if params.filled("ContentSid").is_some() {
        return Err(Refusal::invalid(
            21655,
            "The ContentSid is not a template of this account",
        ));
    }
    params.number("ValidityPeriod", 20001, 1..=36_000)?;
    let wanted = CreateSms {
        sender: Sender {
            from: params.filled("From").unwrap_or_default(),
            service: params.filled("MessagingServiceSid").unwrap_or_default(),
        },
        to: params.filled("To").unwrap_or_default(),
        body: params.filled("Body").unwrap_or_default(),
        media: params.all("MediaUrl").map(str::to_owned).collect(),
        status_callback: params.filled("StatusCallback").unwrap_or_default(),
        application: params.filled("ApplicationSid").unwrap_or_default(),
        smart: params.flag("SmartEncoded").unwrap_or(false),
        send_at: send_at(params)?,
        direction: SmsDirection::OutboundApi,
    };
    if ask.test {
        return magic::message(&ask, &wanted);
    }
    created(
        ask.engine(|engine, now, account| engine.create_sms(now, account, wanted)),
        show,
    )
}

fn send_at(params: &Params) -> Result<Option<Time>, Refusal> {
    let schedule = params.one_of("ScheduleType", 35112, &["fixed"])?;
    let Some(at) = params.filled("SendAt") else {
        return match schedule {
            None => Ok(None),
            Some(_) => Err(Refusal::invalid(35111, "SendAt is required")),
        };
    };
    if schedule.is_none() {
        return Err(Refusal::invalid(35112, "ScheduleType must be fixed"));
    }
    let at = at.replace(' ', "+").parse::<DateTime<Utc>>();
    at.map(Some)
        .map_err(|_| Refusal::invalid(35113, "SendAt must be an ISO 8601 time"))
}

/// `GET /Messages/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    Ok(ok(show(&found(&ask)?)))
}

fn found(ask: &Ask) -> Result<Sms, Refusal> {
    ask.found(ask.engine(|engine, _, account| engine.sms(account, ask.name("message")).cloned()))
}

/// `POST /Messages/{sid}.json`: an empty text, or taken back.
pub(super) async fn update(ask: Ask) -> Answer {
    let sid = ask.name("message");
    let canceled = ask.params.one_of("Status", 20001, &["canceled"])?;
    if canceled.is_some() {
        return answer(
            ask.engine(|engine, now, account| engine.cancel_sms(now, account, sid)),
            show,
        );
    }
    match ask.params.get("Body") {
        Some("") => answer(
            ask.engine(|engine, now, account| engine.redact_sms(now, account, sid)),
            show,
        ),
        Some(_) => Err(Refusal::invalid(20001, "Body can only be made empty")),
        None => fetch(ask).await,
    }
}

/// `DELETE /Messages/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_sms(account, ask.name("message"))))
}

/// `POST /Messages/{sid}/Feedback.json`: whether it did what it was for.
pub(super) async fn feedback(ask: Ask) -> Answer {
    let outcome = ask
        .params
        .one_of("Outcome", 20001, &["confirmed", "unconfirmed"])?
        .unwrap_or_else(|| "confirmed".into());
    let sms = found(&ask)?;
    let now = ask.engine(|_, now, _| now);
    Ok(ok(json!({
            "account_sid": plain(&sms.account_sid),
            "message_sid": sms.sid,
            "outcome": outcome,
            "date_created": date(now),
            "date_updated": date(now),
            "uri": uri(&sms.account_sid, &format!("Messages/{}/Feedback", sms.sid)),
    })))
}

/// `GET /Messages/{sid}/Media.json`.
pub(super) async fn files(ask: Ask) -> Answer {
    let sms = found(&ask)?;
    let made = Span::of(&ask.params, "DateCreated")?;
    let files: Vec<&MediaFile> = sms
        .media
        .iter()
        .filter(|file| made.holds(Some(file.date_created)))
        .collect();
    Ok(ok(page::page(
        &ask,
        "media_list",
        &files,
        |file| &file.sid,
        |file| show_file(&sms, file),
    )))
}

/// `GET /Messages/{sid}/Media/{sid}`: with `.json` what is known of it, without it the file, which needs no credentials.
pub(super) async fn file(
    State(sandbox): State<Sandbox>,
    names: RawPathParams,
    request: Request<Body>,
) -> Response {
    let piece = |wanted: &str| {
        let mut all = names.iter().filter(|(name, _)| *name == wanted);
        all.next().map_or("", |(_, value)| value).to_owned()
    };
    let (account, message, media) = (piece("account"), piece("message"), piece("media"));
    if media.strip_suffix(".json").is_some() {
        return match Ask::from_request(request, &sandbox).await {
            Ok(ask) => known(&ask).into_response(),
            Err(refused) => refused,
        };
    }
    let file = sandbox.engine(|engine, _| {
        let sms = engine.sms(&account, &message)?;
        sms.media.iter().find(|file| file.sid == media).cloned()
    });
    match file {
        Some(file) => {
            let bytes = file.bytes.to_vec();
            ([(header::CONTENT_TYPE, file.content_type)], bytes).into_response()
        }
        None => Refusal::no_such(request.uri().path()).into_response(),
    }
}

fn known(ask: &Ask) -> Answer {
    let sms = found(ask)?;
    let media = ask.name("media");
    let file = sms.media.iter().find(|file| file.sid == media);
    Ok(ok(show_file(&sms, ask.found(file)?)))
}

/// `DELETE /Messages/{sid}/Media/{sid}.json`.
pub(super) async fn delete_file(ask: Ask) -> Answer {
    let (message, media) = (ask.name("message"), ask.name("media"));
    gone(ask.engine(|engine, _, account| engine.delete_media(account, message, media)))
}

fn show_file(sms: &Sms, file: &MediaFile) -> Value {
    json!({
        "sid": file.sid,
        "account_sid": plain(&sms.account_sid),
        "parent_sid": sms.sid,
        "content_type": file.content_type,
        "date_created": date(file.date_created),
        "date_updated": date(file.date_created),
        "uri": uri(&sms.account_sid, &format!("Messages/{}/Media/{}", sms.sid, file.sid)),
    })
}

pub(super) fn show(sms: &Sms) -> Value {
    // What a service will make of it is not known before it has chosen.
    let is_open = matches!(sms.status, SmsStatus::Accepted | SmsStatus::Scheduled);
    let segments = if is_open { 0 } else { sms.segments };
    let below = |name: &str| uri(&sms.account_sid, &format!("Messages/{}/{name}", sms.sid));
    json!({
        "sid": sms.sid,
        "account_sid": plain(&sms.account_sid),
        "messaging_service_sid": sms.service_sid,
        "direction": sms.direction.as_str(),
        "from": or_null(&sms.from),
        "to": sms.to,
        "body": sms.body,
        "num_segments": segments.to_string(),
        "num_media": sms.num_media.to_string(),
        "status": sms.status.as_str(),
        "error_code": sms.error,
        "error_message": sms.error.map(words),
        "price": sms.price.map(|price| format!("-{}.{:05}", price / 100_000, price % 100_000)),
        "price_unit": "usd",
        "api_version": "2010-04-01",
        "date_created": date(sms.date_created),
        "date_updated": date(sms.date_updated),
        "date_sent": sms.date_sent.map(date),
        "uri": uri(&sms.account_sid, &format!("Messages/{}", sms.sid)),
        "subresource_uris": { "media": below("Media"), "feedback": below("Feedback") },
    })
}

/// What Twilio calls an error of a message.
fn words(code: u32) -> &'static str {
    match code {
        30003 => "Unreachable destination handset",
        30005 => "Unknown destination handset",
        30006 => "Landline or unreachable carrier",
        30007 => "Message filtered",
        30008 => "Unknown error",
        30032 => "Toll-Free Number Has Not Been Verified",
        30034 => "Message from an Unregistered Number",
        30450 => "Message delivery blocked",
        21703 => "The Messaging Service does not have a phone number available to send a message",
        63016 => "Failed to send freeform message because you are outside the allowed window",
        11200 => "HTTP retrieval failure",
        _ => "The message could not be sent",
    }
}
