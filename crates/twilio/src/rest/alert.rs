//! What Twilio's debugger shows: errors and warnings of the last 30 days.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Listed, Page, Params, Request};
use crate::host::Product;

/// Something that went wrong in Twilio's eyes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Alert {
    /// `NO…`.
    pub sid: String,
    /// See [`crate::errors::explain`].
    pub error_code: String,
    /// `error`, `warning`, `notice` or `debug`.
    pub log_level: Option<String>,
    /// What it is about, such as a `CallSid`.
    pub resource_sid: Option<String>,
    /// Which address was asked.
    pub request_url: Option<String>,
    /// When.
    pub date_created: Option<DateTime<Utc>>,
}

impl Alert {
    /// The code as a number.
    pub fn code(&self) -> Option<u32> {
        self.error_code.parse().ok()
    }
}

impl Listed for Alert {
    const KEY: &'static str = "alerts";
    const PRODUCT: Product = Product::Monitor;
}

/// Lists the alerts since a moment, the newest first.
pub fn list(since: DateTime<Utc>) -> Request<Page<Alert>> {
    let params = Params::default()
        .put("StartDate", since.format("%Y-%m-%dT%H:%M:%SZ"))
        .put("PageSize", 100);
    Request::get("/v1/Alerts".to_owned(), params).at(Product::Monitor)
}
