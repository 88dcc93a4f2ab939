//! Moments as the tables keep them: microseconds since 1970.

use chrono::DateTime;
use offhook_core::Time;

use crate::error::{Error, Result};

pub(crate) fn micros(time: Time) -> i64 {
    time.timestamp_micros()
}

pub(crate) fn micros_opt(time: Option<Time>) -> Option<i64> {
    time.map(micros)
}

pub(crate) fn moment(table: &'static str, micros: i64) -> Result<Time> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| Error::inconsistent(table, "a moment outside the calendar"))
}

pub(crate) fn moment_opt(table: &'static str, micros: Option<i64>) -> Result<Option<Time>> {
    micros.map(|m| moment(table, m)).transpose()
}
