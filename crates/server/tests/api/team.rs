//! People: adding, changing, deactivating; queues and their members.

use chrono::TimeDelta;
use futures_util::future::join_all;
use offhook_core::call::Outcome;
use serde_json::{Value, json};

use crate::support::{Person, TestApp, stories, world};

/// Today's counts of somebody, as the team sees them.
async fn counts(t: &TestApp, person: &Person) -> Value {
    let team = t.by(&t.ours.supervisor).get("/agents").await.ok(200);
    let members = team["items"].as_array().unwrap();
    members
        .iter()
        .find(|a| a["id"] == person.id.as_str())
        .unwrap()["counts"]
        .clone()
}

stories! {
    async fn an_email_belongs_to_one_person_only(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        for email in [&t.ours.agent.email, &t.theirs.agent.email] {
            let problem = admin.post("/users", json!({"email": email, "name": "Ben", "role": "agent"})).await.problem(409);
            assert_eq!(problem["code"], "email_taken");
        }
    }

    async fn nobody_gives_more_than_they_have(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        admin.post("/users", json!({"email": "ben@ours.example", "name": "Ben", "role": "owner"})).await.problem(403);
        admin.patch(&format!("/users/{}", t.ours.agent.id), json!({"role": "owner"})).await.problem(403);
        admin.patch(&format!("/users/{}", t.ours.owner.id), json!({"role": "agent"})).await.problem(403);
        admin.post(&format!("/users/{}/reset", t.ours.owner.id), json!({})).await.problem(403);
        t.by(&t.ours.owner).patch(&format!("/users/{}", t.ours.agent.id), json!({"role": "owner"})).await.ok(200);
    }

    async fn an_organization_keeps_its_last_owner_and_nobody_shuts_themselves_out(t: &TestApp) {
        let owner = t.by(&t.ours.owner);
        let path = format!("/users/{}", t.ours.owner.id);
        assert_eq!(owner.patch(&path, json!({"role": "admin"})).await.problem(409)["code"], "last_owner");
        assert_eq!(owner.patch(&path, json!({"active": false})).await.problem(409)["code"], "yourself");
        owner.patch(&format!("/users/{}", t.ours.admin.id), json!({"role": "owner"})).await.ok(200);
        owner.patch(&path, json!({"role": "admin"})).await.ok(200);
    }

    async fn a_persons_queues_number_and_own_phone_are_set_and_checked(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        let number = admin.get("/numbers").await.ok(200)["items"][0]["id"].clone();
        let path = format!("/users/{}", t.ours.agent.id);
        let set = json!({"own_phone": "(415) 555-0177", "caller_number": number, "queues": []});
        let changed = admin.patch(&path, set).await.ok(200);
        assert_eq!(changed["own_phone"], "+14155550177");
        assert_eq!(changed["caller_number"], number);
        assert_eq!(changed["queues"], json!([]));
        let theirs = t.by(&t.theirs.admin).get("/numbers").await.ok(200)["items"][0]["id"].clone();
        assert_eq!(admin.patch(&path, json!({"caller_number": theirs})).await.problem(422)["field"], "caller_number");
        let queue = t.by(&t.theirs.admin).get("/queues").await.ok(200)["items"][0]["id"].clone();
        assert_eq!(admin.patch(&path, json!({"queues": [queue]})).await.problem(422)["field"], "queues");
        let cleared = admin.patch(&path, json!({"own_phone": null})).await.ok(200);
        assert_eq!(cleared["own_phone"], json!(null));
    }

    async fn a_queue_is_made_filled_changed_and_removed(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        let made = admin.post("/queues", json!({"name": "sales", "label": "Sales", "ring": "longest_idle"})).await.ok(201);
        assert_eq!(made["offer_seconds"], 30);
        assert_eq!(made["max_wait_seconds"], 300);
        assert_eq!(made["overflow"], json!({"kind": "voicemail"}));
        assert_eq!(admin.post("/queues", json!({"name": "sales"})).await.problem(409)["code"], "queue_name_taken");
        assert_eq!(admin.post("/queues", json!({"name": "No Spaces"})).await.problem(422)["field"], "name");
        let path = format!("/queues/{}", made["id"].as_str().unwrap());
        let filled = admin.put(&format!("{path}/members"), json!({"agents": [t.ours.agent.id]})).await.ok(200);
        assert_eq!(filled["members"][0]["id"], t.ours.agent.id.as_str());
        let stranger = admin.put(&format!("{path}/members"), json!({"agents": [t.theirs.agent.id]})).await;
        assert_eq!(stranger.problem(422)["field"], "agents");
        assert_eq!(admin.patch(&path, json!({"offer_seconds": 1})).await.problem(422)["field"], "offer_seconds");
        let forward = json!({"overflow": {"kind": "forward", "to": "415 555 0188"}});
        let changed = admin.patch(&path, forward).await.ok(200);
        assert_eq!(changed["overflow"], json!({"kind": "forward", "to": "+14155550188"}));
        admin.delete(&path).await.ok(204);
        admin.get(&path).await.problem(404);
    }

    async fn a_queue_that_a_number_leads_to_stays(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        let queue = admin.get("/queues").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(admin.delete(&format!("/queues/{queue}")).await.problem(409)["code"], "queue_in_use");
    }

    async fn the_team_shows_who_can_take_a_call(t: &TestApp) {
        let ana = t.by(&t.ours.agent);
        let team = ana.get("/agents").await.ok(200);
        let me = team["items"].as_array().unwrap().iter().find(|a| a["id"] == t.ours.agent.id.as_str()).unwrap().clone();
        assert_eq!(me["presence"]["state"], "offline");
        assert!(me["counts"].is_object());
        let chosen = ana.put("/me/availability", json!({"state": "away", "reason": "lunch"})).await.ok(200);
        assert_eq!(chosen["chosen"], "away");
        assert_eq!(chosen["reason"], "lunch");
        assert_eq!(ana.put("/me/availability", json!({"state": "busy"})).await.problem(422)["field"], "state");
    }

    /// H3: counted from the calls, so that calls at once lose none and no clock has to set anything back.
    async fn t_stats_from_events_calls_at_once_lose_no_count(t: &TestApp) {
        let people = [&t.ours.agent, &t.ours.supervisor];
        let taken = (0..24).map(|n| world::past_call(&t.app, &t.ours, Outcome::Answered, Some(people[n % 2])));
        join_all(taken).await;
        join_all((0..5).map(|_| world::past_call(&t.app, &t.theirs, Outcome::Answered, Some(&t.theirs.agent)))).await;
        for person in people {
            assert_eq!(counts(t, person).await, json!({"inbound": 12, "outbound": 0, "missed": 0}));
        }
        t.app.clock.advance(TimeDelta::hours(25));
        world::past_call(&t.app, &t.ours, Outcome::Answered, Some(people[0])).await;
        assert_eq!(counts(t, people[0]).await["inbound"], 0, "yesterday's are not today's");
    }
}
