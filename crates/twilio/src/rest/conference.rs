//! Conferences: found by name, looked at and ended. They are made by whoever joins first.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Listed, Page, Params, Request, path, wire};
use crate::status::ConferenceStatus;

/// A conference.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Conference {
    /// `CF…`.
    pub sid: String,
    /// The account.
    pub account_sid: Option<String>,
    /// The room's name.
    pub friendly_name: Option<String>,
    /// Its state.
    pub status: ConferenceStatus,
    /// Where it is mixed.
    pub region: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::time")]
    pub date_created: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::time")]
    pub date_updated: Option<DateTime<Utc>>,
    /// Why it ended.
    pub reason_conference_ended: Option<String>,
    /// Whose leaving ended it.
    pub call_sid_ending_conference: Option<String>,
}

impl Listed for Conference {
    const KEY: &'static str = "conferences";
}

/// Which conferences are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this name.
    pub friendly_name: Option<String>,
    /// Only in this state.
    pub status: Option<ConferenceStatus>,
    /// How many on a page.
    pub page_size: Option<u32>,
}

/// Lists conferences, the newest first.
pub fn list(account_sid: &str, filter: &Filter) -> Request<Page<Conference>> {
    let params = Params::default()
        .maybe("FriendlyName", filter.friendly_name.as_ref())
        .maybe("Status", filter.status.as_ref())
        .maybe("PageSize", filter.page_size);
    Request::get(path(account_sid, &["Conferences"]), params)
}

/// Looks at a conference.
pub fn fetch(account_sid: &str, sid: &str) -> Request<Conference> {
    Request::get(path(account_sid, &["Conferences", sid]), Params::default())
}

/// Ends a conference for all in it.
pub fn complete(account_sid: &str, sid: &str) -> Request<Conference> {
    Request::set(
        path(account_sid, &["Conferences", sid]),
        Params::default().put("Status", "completed"),
    )
}

/// Plays a document to all in it. Not repeated blindly: it would be heard twice.
pub fn announce(account_sid: &str, sid: &str, url: &str) -> Request<Conference> {
    Request::create(
        path(account_sid, &["Conferences", sid]),
        Params::default().put("AnnounceUrl", url),
    )
}
