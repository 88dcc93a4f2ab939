//! Figures for Prometheus: how many requests, how long they took, and what the other modules count.

use std::sync::OnceLock;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::app::App;

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// The process's figures; the first caller installs their recorder.
pub fn handle() -> &'static PrometheusHandle {
    HANDLE.get_or_init(|| {
        let seconds = [
            0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0,
        ];
        let builder = PrometheusBuilder::new()
            .set_buckets(&seconds)
            .expect("there are buckets");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!(
                "another metrics recorder was installed before ours; /metrics stays empty"
            );
        }
        handle
    })
}

/// The text that Prometheus reads.
pub(crate) async fn metrics() -> String {
    handle().run_upkeep();
    handle().render()
}

/// Counts and times each request under its route, never under its path: paths hold ids.
pub(crate) async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let working = app.work.enter();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let method = request.method().as_str().to_owned();
    let start = app.clock.now();
    let response = next.run(request).await;
    let took = (app.clock.now() - start).to_std().unwrap_or_default();
    let status = response.status().as_u16().to_string();
    metrics::counter!("offhook_http_requests_total", "method" => method.clone(), "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("offhook_http_request_seconds", "method" => method, "route" => route)
        .record(took.as_secs_f64());
    drop(working);
    response
}
