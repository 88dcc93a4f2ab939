//! Small steps from a row's text to a domain value; what cannot be becomes `Error::Inconsistent`.

use offhook_core::id::InvalidId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};

/// An id that stands in a row.
pub(crate) fn id<T: TryFrom<String, Error = InvalidId>>(
    table: &'static str,
    text: String,
) -> Result<T> {
    T::try_from(text).map_err(|e| Error::inconsistent(table, e))
}

/// An id that may be missing.
pub(crate) fn id_opt<T: TryFrom<String, Error = InvalidId>>(
    table: &'static str,
    text: Option<String>,
) -> Result<Option<T>> {
    text.map(|t| id(table, t)).transpose()
}

/// The one word by which serde knows an enum without data.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        // Only enums without data come here; a test of each table would show anything else at once.
        other => format!("not a word: {other:?}"),
    }
}

/// Back from [`word`].
pub(crate) fn from_word<T: DeserializeOwned>(table: &'static str, text: String) -> Result<T> {
    serde_json::from_value(Value::String(text)).map_err(|e| Error::inconsistent(table, e))
}

/// Back from [`word`], where a word may be missing.
pub(crate) fn from_word_opt<T: DeserializeOwned>(
    table: &'static str,
    text: Option<String>,
) -> Result<Option<T>> {
    text.map(|t| from_word(table, t)).transpose()
}

/// A value as JSON text.
pub(crate) fn json(table: &'static str, value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::inconsistent(table, e))
}

/// Back from [`json`].
pub(crate) fn from_json<T: DeserializeOwned>(table: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::inconsistent(table, e))
}

/// Back from [`json`], where there may be none.
pub(crate) fn from_json_opt<T: DeserializeOwned>(
    table: &'static str,
    text: Option<&str>,
) -> Result<Option<T>> {
    text.map(|t| from_json(table, t)).transpose()
}

/// A count or a length that a row holds as `i64`.
pub(crate) fn small<T: TryFrom<i64>>(table: &'static str, value: i64) -> Result<T> {
    T::try_from(value).map_err(|_| Error::inconsistent(table, "a number out of its range"))
}

/// A count or a length that may be missing.
pub(crate) fn small_opt<T: TryFrom<i64>>(
    table: &'static str,
    value: Option<i64>,
) -> Result<Option<T>> {
    value.map(|v| small(table, v)).transpose()
}

/// The one row that had to be there.
pub(crate) fn changed(rows: u64) -> Result<()> {
    if rows == 0 {
        Err(Error::NotFound)
    } else {
        Ok(())
    }
}
