//! The OpenAPI document: kept in step with the code, complete, and shown without anything from elsewhere.

use std::path::Path;

use axum::http::Method;
use serde_json::Value;

use crate::support::stories;

#[test]
fn the_kept_document_is_that_of_the_code() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let kept = std::fs::read_to_string(&kept).unwrap_or_default();
    let same = serde_json::from_str::<Value>(&kept).ok()
        == serde_json::from_str(&offhook_server::openapi_json()).ok();
    assert!(
        same,
        "web/openapi.json is not that of the code: run `make gen` and commit what it changes"
    );
}

#[test]
fn every_operation_has_a_summary_a_tag_and_a_good_answer() {
    let document: Value = serde_json::from_str(&offhook_server::openapi_json()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            assert!(operation["summary"].is_string(), "{place} has no summary");
            assert_eq!(
                operation["tags"].as_array().map(Vec::len),
                Some(1),
                "{place} needs one tag"
            );
            let answers = operation["responses"].as_object().unwrap();
            let good = answers
                .keys()
                .any(|status| status.starts_with('2') || status == "101");
            assert!(good, "{place} names no good answer");
            for (status, answer) in answers {
                assert!(
                    !answer["description"]
                        .as_str()
                        .unwrap_or_default()
                        .is_empty(),
                    "{place}: {status} without words"
                );
            }
        }
    }
}

stories! {
    async fn the_reference_page_needs_nothing_from_elsewhere(t: &TestApp) {
        let nobody = t.nobody();
        let document = nobody.raw(Method::GET, "/openapi.json", String::new()).await;
        assert_eq!(document.headers["content-type"], "application/json");
        for path in ["/docs", "/docs/page.js", "/docs/page.css"] {
            let part = nobody.raw(Method::GET, path, String::new()).await;
            assert_eq!(part.status, 200, "{path}");
            let policy = part.headers["content-security-policy"].to_str().unwrap().to_owned();
            assert!(policy.contains("default-src 'self'; script-src 'self';"), "{policy}");
            assert!(!part.text.contains("https://") && !part.text.contains("http://"), "{path} loads from elsewhere");
        }
    }

    async fn health_readiness_and_figures_answer_without_a_credential(t: &TestApp) {
        let nobody = t.nobody();
        assert_eq!(nobody.raw(Method::GET, "/healthz", String::new()).await.text, "ok");
        let ready = nobody.raw(Method::GET, "/readyz", String::new()).await.ok(200);
        assert_eq!(ready["ready"], true);
        let figures = nobody.raw(Method::GET, "/metrics", String::new()).await.text;
        assert!(figures.contains("http_requests_total"), "{figures}");
        assert!(!figures.contains(&t.ours.agent.id), "figures name routes, not ids");
    }

    async fn an_unknown_path_of_the_api_is_a_problem_and_a_page_is_the_app(t: &TestApp) {
        let nobody = t.nobody();
        t.by(&t.ours.agent).get("/no-such-thing").await.problem(404);
        nobody.raw(Method::PUT, "/api/v1/contacts", "{}".to_owned()).await.problem(405);
        let page = nobody.raw(Method::GET, "/calls/call_1", String::new()).await;
        assert_eq!(page.status, 200);
        assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        assert_eq!(nobody.raw(Method::GET, "/assets/none.js", String::new()).await.status, 404);
    }
}
