//! Lists as CSV files that spreadsheets open without harm.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::error::ApiError;

/// A file that is being written.
pub(crate) struct File(csv::Writer<Vec<u8>>);

impl File {
    /// Begins with the names of the columns.
    pub(crate) fn begin(columns: &[&str]) -> Result<Self, ApiError> {
        let mut file = Self(csv::Writer::from_writer(Vec::new()));
        file.row(columns)?;
        Ok(file)
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[&str]) -> Result<(), ApiError> {
        let harmless = cells.iter().map(|cell| harmless(cell));
        self.0
            .write_record(harmless)
            .map_err(|error| ApiError::unexpected(&error))
    }

    /// The finished file as an answer.
    pub(crate) fn answer(self, name: &str) -> Result<Response, ApiError> {
        let bytes = self
            .0
            .into_inner()
            .map_err(|error| ApiError::Internal(error.to_string()))?;
        let mut answer = Response::new(Body::from(bytes));
        let headers = answer.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        );
        if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}.csv\"")) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        Ok(answer)
    }
}

/// A spreadsheet runs a cell that begins like a formula; a quote in front makes it text. E.164 numbers stay as they are.
fn harmless(cell: &str) -> String {
    let number = cell.len() > 1
        && cell[1..]
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b' ' || b == b'+');
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The one word of an enum without data.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A time, or nothing.
pub(crate) fn time(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_looks_like_a_formula_is_made_text_and_a_number_is_not() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("-2+3*cmd"), "'-2+3*cmd");
        assert_eq!(harmless("+14155550142"), "+14155550142");
        assert_eq!(
            harmless("+14155550142 +14155550143"),
            "+14155550142 +14155550143"
        );
        assert_eq!(harmless("Ana"), "Ana");
    }
}
