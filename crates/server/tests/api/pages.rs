//! Every list goes page by page, newest first, and misses and repeats nothing.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Client, stories};

/// The ids of all pages of two, which are told to be newest first.
async fn paged(by: &Client, path: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = by.get(&format!("{path}?limit=2{cursor}")).await.ok(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2, "{page}");
        ids.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

stories! {
    async fn lists_of_what_is_set_up_have_pages_like_all_others(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        for n in 0..3 {
            t.app.clock.advance(chrono::TimeDelta::seconds(1));
            admin.post("/numbers", json!({ "number": format!("+1415555030{n}") })).await.ok(201);
            admin.post("/queues", json!({ "name": format!("queue_{n}"), "label": "Another" })).await.ok(201);
            admin.post("/users", json!({ "email": format!("new{n}@example.com"), "name": "New", "role": "agent" })).await.ok(201);
            admin.post("/api-keys", json!({ "name": format!("key {n}") })).await.ok(201);
        }
        for path in ["/numbers", "/queues", "/users", "/agents", "/api-keys"] {
            let whole = admin.get(&format!("{path}?limit=200")).await.ok(200);
            assert_eq!(whole["next"], json!(null));
            let all: Vec<_> = whole["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
            assert!(all.len() >= 3, "{path}: {whole}");
            let one_by_one = paged(&admin, path).await;
            assert_eq!(one_by_one, all, "{path}");
            assert_eq!(one_by_one.iter().collect::<BTreeSet<_>>().len(), all.len(), "{path}");
            let born: Vec<_> = whole["items"].as_array().unwrap().iter().filter_map(|item| item["created_at"].as_str()).collect();
            assert!(born.is_sorted_by(|a, b| a >= b), "{path}: newest first: {born:?}");
            assert_eq!(admin.get(&format!("{path}?cursor=nonsense")).await.status.as_u16(), 422, "{path}");
        }
    }
}
