//! The doctor: each check green and red, the carrier scripted, the public address a stub that behaves or not.

mod browser;
mod checks;
mod public;
mod steps;

use serde_json::Value;

use crate::support::{Client, TestApp};

/// The check of this id in a report.
pub(crate) fn check<'a>(report: &'a Value, id: &str) -> &'a Value {
    let checks = report["checks"].as_array().expect("checks");
    checks
        .iter()
        .find(|check| check["id"] == id)
        .unwrap_or_else(|| panic!("no check {id} in {report:#}"))
}

/// Lets everything be looked at, with time going on for whoever waits for it.
pub(crate) async fn examined(t: &TestApp, client: &Client) -> Value {
    t.while_time_passes(client.post("/doctor/run", Value::Null))
        .await
        .ok(200)
}
