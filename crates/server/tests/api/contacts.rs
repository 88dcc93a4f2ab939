//! Contacts: several phones, found by any format, exported.

use serde_json::json;

use crate::support::stories;

stories! {
    async fn a_contact_is_found_by_name_company_and_number_in_any_format(t: &TestApp) {
        let ana = t.by(&t.ours.agent);
        let made = ana.post("/contacts", json!({
            "name": "Ada Byron", "kind": "customer", "company": "Engines Ltd",
            "phones": [{"number": "(415) 555-0142", "label": "mobile"}, {"number": "+44 20 7946 0018"}],
            "emails": ["Ada@Engines.example"],
        })).await.ok(201);
        assert_eq!(made["phones"][0]["number"], "+14155550142");
        assert_eq!(made["phones"][1]["number"], "+442079460018");
        assert_eq!(made["emails"][0], "ada@engines.example");
        ana.post("/contacts", json!({"name": "Charles"})).await.ok(201);
        for q in ["ada", "BYRON", "engines", "415-555-0142", "%2B1%20415%20555%200142", "020%207946%200018", "5550142"] {
            let found = ana.get(&format!("/contacts?q={q}")).await.ok(200);
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{q}: {found}");
            assert_eq!(found["items"][0]["id"], made["id"]);
        }
        let kinds = ana.get("/contacts?kind=lead").await.ok(200);
        assert_eq!(kinds["items"][0]["name"], "Charles");
    }

    async fn the_address_book_is_read_by_name_whatever_was_added_last(t: &TestApp) {
        let ana = t.by(&t.ours.agent);
        for name in ["walt", "Ada", "Carla"] {
            ana.post("/contacts", json!({ "name": name })).await.ok(201);
        }
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = ana.get(&format!("/contacts?sort=name&limit=2&cursor={cursor}")).await.ok(200);
            names.extend(page["items"].as_array().unwrap().iter().map(|contact| contact["name"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            next.clone_into(&mut cursor);
        }
        assert_eq!(names, ["Ada", "Carla", "walt"]);
    }

    async fn a_change_touches_only_what_it_names(t: &TestApp) {
        let ana = t.by(&t.ours.agent);
        let made = ana.post("/contacts", json!({"name": "Ada", "company": "Engines", "phones": [{"number": "+14155550142"}]})).await.ok(201);
        let path = format!("/contacts/{}", made["id"].as_str().unwrap());
        let changed = ana.patch(&path, json!({"name": "Ada Byron", "company": null})).await.ok(200);
        assert_eq!(changed["name"], "Ada Byron");
        assert_eq!(changed["company"], json!(null));
        assert_eq!(changed["phones"], made["phones"]);
        assert_eq!(ana.get(&path).await.ok(200), changed);
        ana.delete(&path).await.problem(403);
        t.by(&t.ours.supervisor).delete(&path).await.ok(204);
        ana.get(&path).await.problem(404);
    }

    async fn a_bad_field_is_named_with_the_cure(t: &TestApp) {
        let ana = t.by(&t.ours.agent);
        for (body, field) in [
            (json!({}), "name"),
            (json!({"name": " "}), "name"),
            (json!({"name": "Ada", "phones": [{"number": "12"}]}), "phones[0].number"),
            (json!({"name": "Ada", "emails": ["nobody"]}), "emails[0]"),
            (json!({"name": "Ada", "kind": "friend"}), "kind"),
        ] {
            assert_eq!(ana.post("/contacts", body).await.problem(422)["field"], field);
        }
    }

    async fn pages_go_on_where_the_last_one_ended(t: &TestApp) {
        let ana = t.by(&t.ours.agent);
        for n in 0..7 {
            t.app.clock.advance(chrono::TimeDelta::seconds(1));
            ana.post("/contacts", json!({"name": format!("Number {n}")})).await.ok(201);
        }
        let mut names = Vec::new();
        let mut path = "/contacts?limit=3".to_owned();
        loop {
            let page = ana.get(&path).await.ok(200);
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 3);
            names.extend(items.iter().map(|c| c["name"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/contacts?limit=3&cursor={next}");
        }
        let wanted: Vec<_> = (0..7).rev().map(|n| format!("Number {n}")).collect();
        assert_eq!(names, wanted);
        assert_eq!(ana.get("/contacts?cursor=nonsense").await.problem(422)["field"], "cursor");
    }

    async fn an_export_is_a_csv_without_formulas_and_is_written_down(t: &TestApp) {
        let ana = t.by(&t.ours.agent);
        ana.post("/contacts", json!({"name": "=cmd()", "phones": [{"number": "+14155550142"}]})).await.ok(201);
        ana.get("/contacts/export").await.problem(403);
        let file = t.by(&t.ours.supervisor).get("/contacts/export").await;
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        assert!(file.text.starts_with("name,kind,company,phones,emails,note,created_at"), "{}", file.text);
        assert!(file.text.contains("'=cmd(),lead,,+14155550142,"), "{}", file.text);
        let trail = t.by(&t.ours.admin).get("/audit").await.ok(200);
        assert_eq!(trail["items"][0]["action"], "export");
    }
}
