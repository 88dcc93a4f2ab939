//! Where the Voice SDK sends its figures: taken, answered, and kept for the console.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderName, StatusCode, header},
    routing::{MethodRouter, options},
};
use serde::Serialize;
use serde_json::Value;

use super::Signalling;
use crate::seam::Time;

const OPEN: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "*"),
];
/// Reports kept.
const KEPT: usize = 1000;
/// The largest that is kept, in bytes.
const LARGEST: usize = 64 * 1024;

/// What a client reported.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// When it came.
    pub at: Time,
    /// `event`, or `metrics` for a batch of figures.
    pub kind: &'static str,
    /// What it says.
    pub body: Value,
}

impl Report {
    /// Whether it is about a call.
    pub fn is_about(&self, call: &str) -> bool {
        let is = |payload: &Value| payload["call_sid"] == call;
        match &self.body["payload"] {
            Value::Array(all) => all.iter().any(is),
            payload => is(payload),
        }
    }
}

/// All reports, bounded.
#[derive(Debug, Clone, Default)]
pub(super) struct Reports(Arc<Mutex<VecDeque<Report>>>);

impl Reports {
    /// Newest first.
    pub(super) fn all(&self) -> Vec<Report> {
        let reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reports.iter().rev().cloned().collect()
    }

    fn keep(&self, report: Report) {
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if reports.len() >= KEPT {
            reports.pop_front();
        }
        reports.push_back(report);
    }
}

/// `/v4/EndpointEvents` and `/v4/EndpointMetrics`, for pages of any origin.
pub(super) fn router() -> Router<Signalling> {
    Router::new()
        .route("/v4/EndpointEvents", door("event"))
        .route("/v4/EndpointMetrics", door("metrics"))
}

fn door(kind: &'static str) -> MethodRouter<Signalling> {
    options(async || (StatusCode::NO_CONTENT, OPEN)).post(
        async move |State(signalling): State<Signalling>, body: Bytes| {
            // What is no JSON is none of the SDK's; the SDK is answered all the same.
            if body.len() <= LARGEST
                && let Ok(body) = serde_json::from_slice(&body)
            {
                let at = (signalling.clock)();
                signalling.reports.keep(Report { at, kind, body });
            }
            (OPEN, "{}")
        },
    )
}
