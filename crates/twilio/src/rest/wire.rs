//! How Twilio's JSON writes times and numbers: RFC 2822, and now as a string, now as a number.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

/// A time, if there is one that can be read.
pub(super) fn time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text
        .and_then(|text| DateTime::parse_from_rfc2822(&text).ok())
        .map(|time| time.to_utc()))
}

/// A number or a text, as text: prices come either way.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Option::deserialize(deserializer)? {
        Some(Either::Text(text)) => Some(text),
        Some(Either::Number(number)) => Some(number.to_string()),
        None => None,
    })
}

/// A whole number, however it is written; a negative one (Twilio's "not yet") counts as missing.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    Ok(text(deserializer)?.and_then(|text| text.parse().ok()))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Either {
    Text(String),
    Number(serde_json::Number),
}
