//! Queues and who waits in them.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Listed, Page, Params, Request, path, wire};
use crate::words::Method;

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Queue {
    /// `QU…`.
    pub sid: String,
    /// Its name.
    pub friendly_name: Option<String>,
    /// How many wait.
    #[serde(default)]
    pub current_size: u32,
    /// How many may wait.
    #[serde(default)]
    pub max_size: u32,
    /// Seconds that they have waited on average.
    #[serde(default)]
    pub average_wait_time: u32,
}

impl Listed for Queue {
    const KEY: &'static str = "queues";
}

/// Somebody who waits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Member {
    /// The leg.
    pub call_sid: String,
    /// The queue.
    pub queue_sid: Option<String>,
    /// Its place, 1 being the next.
    pub position: Option<u32>,
    /// Seconds waited.
    pub wait_time: Option<u32>,
    /// Since when.
    #[serde(default, deserialize_with = "wire::time")]
    pub date_enqueued: Option<DateTime<Utc>>,
}

impl Listed for Member {
    const KEY: &'static str = "queue_members";
}

/// Makes a queue.
pub fn create(account_sid: &str, friendly_name: &str, max_size: Option<u32>) -> Request<Queue> {
    Request::create(
        path(account_sid, &["Queues"]),
        Params::default()
            .put("FriendlyName", friendly_name)
            .maybe("MaxSize", max_size),
    )
}

/// Lists the queues.
pub fn list(account_sid: &str) -> Request<Page<Queue>> {
    Request::get(path(account_sid, &["Queues"]), Params::default())
}

/// Looks at a queue.
pub fn fetch(account_sid: &str, sid: &str) -> Request<Queue> {
    Request::get(path(account_sid, &["Queues", sid]), Params::default())
}

/// Sets how many may wait.
pub fn resize(account_sid: &str, sid: &str, max_size: u32) -> Request<Queue> {
    Request::set(
        path(account_sid, &["Queues", sid]),
        Params::default().put("MaxSize", max_size),
    )
}

/// Lists who waits, the next first.
pub fn list_members(account_sid: &str, queue_sid: &str) -> Request<Page<Member>> {
    Request::get(
        path(account_sid, &["Queues", queue_sid, "Members"]),
        Params::default(),
    )
}

/// Looks at somebody who waits, by CallSid or `Front`.
pub fn fetch_member(account_sid: &str, queue_sid: &str, member: &str) -> Request<Member> {
    Request::get(
        path(account_sid, &["Queues", queue_sid, "Members", member]),
        Params::default(),
    )
}

/// Takes somebody out of the queue, by CallSid or `Front`, to another document.
pub fn dequeue(
    account_sid: &str,
    queue_sid: &str,
    member: &str,
    url: &str,
    method: Option<Method>,
) -> Request<Member> {
    let params = Params::default().put("Url", url).maybe("Method", method);
    Request::create(
        path(account_sid, &["Queues", queue_sid, "Members", member]),
        params,
    )
}
