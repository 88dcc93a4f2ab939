//! The REST face: Twilio's 2010-04-01 API over the engine, with its field names, paging and error bodies.

mod accounts;
mod addresses;
mod alerts;
mod applications;
mod ask;
mod available;
mod beside;
mod bundles;
mod callbacks;
mod caller_ids;
mod calls;
mod conferences;
pub mod dated;
mod dialing;
mod documents;
mod faults;
pub mod hosts;
mod keys;
mod lookups;
mod magic;
mod media;
mod messages;
mod numbers;
mod page;
mod params;
mod participants;
mod permissions;
mod pricing;
mod queues;
mod recordings;
mod refusal;
mod routes;
mod services;
mod sms;
mod span;
mod table;
mod tokens;
mod transcripts;
mod usage;

use serde_json::Value;

use crate::engine::regions::plain;
use crate::seam::Time;
pub use table::router;

/// A time as Twilio writes it.
fn date(time: Time) -> String {
    time.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// A time as the newer products write it.
fn iso(time: Time) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A text as JSON; null when there is none.
fn or_null(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        text.into()
    }
}

/// The path of an account's resource.
fn uri(account: &str, rest: &str) -> String {
    format!("/2010-04-01/Accounts/{}/{rest}.json", plain(account))
}
