//! The organization's settings and its numbers.

use serde_json::json;

use crate::support::stories;

stories! {
    async fn only_an_owner_switches_the_recording_notice_off_and_it_is_written_down(t: &TestApp) {
        let off = json!({"recording_notice": false});
        t.by(&t.ours.agent).patch("/organization", off.clone()).await.problem(403);
        t.by(&t.ours.admin).patch("/organization", off.clone()).await.problem(403);
        let changed = t.by(&t.ours.owner).patch("/organization", off).await.ok(200);
        assert_eq!(changed["recording_notice"], false);
        let trail = t.by(&t.ours.admin).get("/audit").await.ok(200);
        assert_eq!(trail["items"][0]["action"], "organization.recording_notice_off");
        assert_eq!(trail["items"][0]["actor"]["id"], t.ours.owner.id.as_str());
        let theirs = t.by(&t.theirs.admin).get("/audit").await.ok(200);
        assert_eq!(theirs["items"], json!([]));
    }

    async fn settings_change_alone_and_within_limits(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        let before = admin.get("/organization").await.ok(200);
        let after = admin.patch("/organization", json!({"wrap_up_seconds": 45, "allowed_countries": ["ca"]})).await.ok(200);
        assert_eq!(after["wrap_up_seconds"], 45);
        assert_eq!(after["allowed_countries"], json!(["CA"]));
        assert_eq!(after["name"], before["name"]);
        for (field, bad) in [("wrap_up_seconds", json!(9999)), ("concurrent_limit", json!(0)), ("country", json!("USA")), ("currency", json!("$"))] {
            assert_eq!(admin.patch("/organization", json!({field: bad})).await.problem(422)["field"], field);
        }
    }

    async fn a_number_is_added_routed_and_belongs_to_one_organization(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        let made = admin.post("/numbers", json!({"number": "(415) 555-0300", "label": "Sales"})).await.ok(201);
        assert_eq!(made["number"], "+14155550300");
        assert_eq!(made["route"]["to"]["kind"], "queue");
        let again = admin.post("/numbers", json!({"number": "+1 415 555 0300"})).await.problem(409);
        assert_eq!(again["code"], "number_exists");
        let theirs = t.by(&t.theirs.admin).post("/numbers", json!({"number": "+14155550300"})).await.problem(409);
        assert_eq!(theirs["code"], "number_taken");
        let path = format!("/numbers/{}", made["id"].as_str().unwrap());
        let route = json!({"to": {"kind": "ring_agents", "agents": [t.ours.agent.id]}, "overflow": {"kind": "hang_up"}});
        let changed = admin.patch(&path, json!({"route": route})).await.ok(200);
        assert_eq!(changed["route"]["to"]["seconds"], 60);
        let forward = json!({"route": {"to": {"kind": "forward", "to": "415 555 0199"}}});
        assert_eq!(admin.patch(&path, forward).await.ok(200)["route"]["to"]["to"], "+14155550199");
        for (route, field) in [
            (json!({"to": {"kind": "queue", "queue": "queue_of_nobody"}}), "route.to.queue"),
            (json!({"to": {"kind": "ring_agents", "agents": [t.theirs.agent.id]}}), "route.to.agents"),
            (json!({"to": {"kind": "ring_agents", "agents": []}}), "route.to.agents"),
            (json!({"to": {"kind": "forward", "to": "nonsense"}}), "route.to.to"),
        ] {
            assert_eq!(admin.patch(&path, json!({"route": route})).await.problem(422)["field"], field);
        }
        admin.delete(&path).await.ok(204);
        t.by(&t.theirs.admin).post("/numbers", json!({"number": "+14155550300"})).await.ok(201);
    }

    async fn there_is_no_demo_outside_the_demo(t: &TestApp) {
        t.nobody().get("/demo").await.problem(404);
    }
}
