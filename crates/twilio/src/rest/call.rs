//! Calls: made, looked at, redirected and ended.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Listed, Page, Params, Request, path, wire};
use crate::status::{CallStatus, Direction};
use crate::words::{CallEvent, Channels, Method, RecordingCallbackEvent, Track, Trim};

/// A leg.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Call {
    /// `CA…`.
    pub sid: String,
    /// The account.
    pub account_sid: Option<String>,
    /// The leg that dialled this one.
    pub parent_call_sid: Option<String>,
    /// The caller.
    pub from: Option<String>,
    /// Who is called.
    pub to: Option<String>,
    /// Its state; somewhat behind reality.
    pub status: CallStatus,
    /// Which way it goes.
    pub direction: Option<Direction>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::time")]
    pub date_created: Option<DateTime<Utc>>,
    /// When it was picked up.
    #[serde(default, deserialize_with = "wire::time")]
    pub start_time: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(default, deserialize_with = "wire::time")]
    pub end_time: Option<DateTime<Utc>>,
    /// How long it lasted, in seconds.
    #[serde(default, deserialize_with = "wire::number")]
    pub duration: Option<u32>,
    /// What this leg's connection cost, negative; missing until some time after the end.
    #[serde(default, deserialize_with = "wire::text")]
    pub price: Option<String>,
    /// The price's currency, such as `USD`.
    pub price_unit: Option<String>,
    /// Milliseconds that it waited for the account's calls per second.
    #[serde(default, deserialize_with = "wire::number")]
    pub queue_time: Option<u32>,
    /// Who or what answered, where detection was asked for.
    pub answered_by: Option<String>,
    /// The caller's name, where look-up is switched on.
    pub caller_name: Option<String>,
    /// The number that forwarded the call.
    pub forwarded_from: Option<String>,
    /// The account's number that was called or shown.
    pub phone_number_sid: Option<String>,
}

impl Listed for Call {
    const KEY: &'static str = "calls";
}

/// What a call that is answered does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instructions {
    /// Asks an address for TwiML.
    Url {
        /// The address.
        url: String,
        /// How it is requested; POST when absent.
        method: Option<Method>,
    },
    /// Carries out this document, 4000 characters at most.
    Twiml(String),
    /// Asks a TwiML App, whose callbacks then replace the request's own.
    Application(String),
}

impl Instructions {
    /// Asks an address for TwiML by POST.
    pub fn url(url: impl Into<String>) -> Self {
        Self::Url {
            url: url.into(),
            method: None,
        }
    }

    fn put(&self, params: Params) -> Params {
        match self {
            Self::Url { url, method } => params.put("Url", url).maybe("Method", *method),
            Self::Twiml(twiml) => params.put("Twiml", twiml),
            Self::Application(sid) => params.put("ApplicationSid", sid),
        }
    }
}

/// A call to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall {
    /// Who is called: E.164 or `client:…`.
    pub to: String,
    /// Which number is shown.
    pub from: String,
    /// What it does when it is answered.
    pub instructions: Instructions,
    /// Where to ask when `instructions` fail.
    pub fallback_url: Option<String>,
    /// Where its progress goes.
    pub status_callback: Option<String>,
    /// Which events are wanted; `completed` when empty.
    pub status_callback_events: Vec<CallEvent>,
    /// Seconds to ring; 60 when absent.
    pub timeout: Option<u32>,
    /// The longest, in seconds.
    pub time_limit: Option<u32>,
    /// Keys pressed after the answer.
    pub send_digits: Option<String>,
    /// What allows showing an inbound caller's number.
    pub call_token: Option<String>,
    /// Whether and how it is recorded from the answer.
    pub record: Option<RecordOptions>,
}

impl NewCall {
    /// A call with Twilio's defaults.
    pub fn new(to: impl Into<String>, from: impl Into<String>, instructions: Instructions) -> Self {
        Self {
            to: to.into(),
            from: from.into(),
            instructions,
            fallback_url: None,
            status_callback: None,
            status_callback_events: Vec::new(),
            timeout: None,
            time_limit: None,
            send_digits: None,
            call_token: None,
            record: None,
        }
    }
}

/// How a leg is recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordOptions {
    /// One or two channels.
    pub channels: Option<Channels>,
    /// Which sound is taken.
    pub track: Option<Track>,
    /// Whether silence at its ends is cut; with the call it is when absent.
    pub trim: Option<Trim>,
    /// Where the recording's events go.
    pub status_callback: Option<String>,
    /// Which events are wanted; `completed` when empty.
    pub status_callback_events: Vec<RecordingCallbackEvent>,
}

impl RecordOptions {
    pub(super) fn put(&self, params: Params) -> Params {
        params
            .maybe("RecordingChannels", self.channels)
            .maybe("RecordingTrack", self.track)
            .maybe("Trim", self.trim)
            .maybe("RecordingStatusCallback", self.status_callback.as_ref())
            .spaced("RecordingStatusCallbackEvent", &self.status_callback_events)
    }
}

/// Makes a call.
pub fn create(account_sid: &str, call: &NewCall) -> Request<Call> {
    let mut params = Params::default()
        .put("To", &call.to)
        .put("From", &call.from);
    params = call.instructions.put(params);
    params = params
        .maybe("FallbackUrl", call.fallback_url.as_ref())
        .maybe("StatusCallback", call.status_callback.as_ref())
        // Repeated, not separated by spaces: otherwise the call is made and no callback ever comes (error 21626).
        .each("StatusCallbackEvent", &call.status_callback_events)
        .maybe("Timeout", call.timeout)
        .maybe("TimeLimit", call.time_limit)
        .maybe("SendDigits", call.send_digits.as_ref())
        .maybe("CallToken", call.call_token.as_ref());
    if let Some(record) = &call.record {
        params = record.put(params.put("Record", true));
    }
    Request::create(path(account_sid, &["Calls"]), params)
}

/// Looks at a call.
pub fn fetch(account_sid: &str, sid: &str) -> Request<Call> {
    Request::get(path(account_sid, &["Calls", sid]), Params::default())
}

/// Which calls are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only in this state.
    pub status: Option<CallStatus>,
    /// Only to this number or client.
    pub to: Option<String>,
    /// Only from this number or client.
    pub from: Option<String>,
    /// Only legs that this leg dialled.
    pub parent_call_sid: Option<String>,
    /// Only those that started at this time or later.
    pub started_after: Option<DateTime<Utc>>,
    /// Only those that started at this time or earlier.
    pub started_before: Option<DateTime<Utc>>,
    /// How many on a page; 50 when absent, 1000 at most.
    pub page_size: Option<u32>,
}

/// Only the legs that this leg's `Dial` dialled.
pub fn dialled_by(parent_sid: &str) -> Filter {
    Filter {
        parent_call_sid: Some(parent_sid.to_owned()),
        ..Filter::default()
    }
}

/// Lists calls, the newest first.
pub fn list(account_sid: &str, filter: &Filter) -> Request<Page<Call>> {
    let time = |time: Option<DateTime<Utc>>| {
        time.map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    };
    let params = Params::default()
        .maybe("Status", filter.status.as_ref())
        .maybe("To", filter.to.as_ref())
        .maybe("From", filter.from.as_ref())
        .maybe("ParentCallSid", filter.parent_call_sid.as_ref())
        .maybe("StartTime>", time(filter.started_after))
        .maybe("StartTime<", time(filter.started_before))
        .maybe("PageSize", filter.page_size);
    Request::get(path(account_sid, &["Calls"]), params)
}

/// Redirects a live call. Not repeated blindly: the document would begin anew.
pub fn redirect(account_sid: &str, sid: &str, instructions: &Instructions) -> Request<Call> {
    Request::create(
        path(account_sid, &["Calls", sid]),
        instructions.put(Params::default()),
    )
}

/// Ends a call, whether it rings or is in progress.
pub fn complete(account_sid: &str, sid: &str) -> Request<Call> {
    Request::set(
        path(account_sid, &["Calls", sid]),
        Params::default().put("Status", "completed"),
    )
}

/// Takes back a call that is queued or rings; one in progress stays.
pub fn cancel(account_sid: &str, sid: &str) -> Request<Call> {
    Request::set(
        path(account_sid, &["Calls", sid]),
        Params::default().put("Status", "canceled"),
    )
}

/// A webhook of a call as Twilio saw it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Event {
    /// What Twilio asked.
    pub request: EventRequest,
    /// What it got.
    pub response: EventResponse,
}

impl Listed for Event {
    const KEY: &'static str = "events";
}

/// The asking half of an [`Event`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EventRequest {
    /// The address.
    pub url: Option<String>,
}

/// The answering half of an [`Event`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EventResponse {
    /// The HTTP status; missing when there was no answer.
    #[serde(default, deserialize_with = "wire::number")]
    pub response_code: Option<u32>,
    /// Milliseconds.
    #[serde(default, deserialize_with = "wire::number")]
    pub request_duration: Option<u32>,
}

/// Lists a call's webhooks, the oldest first; some minutes old at Twilio.
pub fn events(account_sid: &str, sid: &str) -> Request<Page<Event>> {
    Request::get(
        path(account_sid, &["Calls", sid, "Events"]),
        Params::default(),
    )
}
