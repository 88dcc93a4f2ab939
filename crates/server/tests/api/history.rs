//! Calls as they are looked at, and the demo's history.

use offhook_core::call::Outcome;
use offhook_server::config::CarrierSeed;
use offhook_server::seed::{DemoSeed, Neighbour, demo};
use offhook_store::seal::Secret;
use serde_json::{Value, json};

use crate::support::{TestApp, morning, stories, world};

fn seed(t: &TestApp, sid: &str) -> DemoSeed {
    let lines = vec![vec![5000; 8000], vec![-5000; 8000]];
    DemoSeed {
        at: morning(),
        password: "offhook-demo".to_owned(),
        password_hash: String::new(),
        carrier: CarrierSeed {
            account_sid: sid.to_owned(),
            auth_token: Secret::new("the sandbox's token"),
            api_key_sid: None,
            api_key_secret: None,
            twiml_app_sid: None,
            region: None,
            api_base_url: Some("http://localhost:8081".parse().unwrap()),
            signaling_url: None,
            number: Some("+14155550900".to_owned()),
            forward_to: None,
        },
        more_numbers: vec!["+14155550901".to_owned()],
        neighbours: ["Olivia", "Marcus"]
            .map(|name| Neighbour {
                name: name.to_owned(),
                number: None,
                lines: lines.clone(),
            })
            .to_vec(),
        recordings: t.app.config.data_dir.join("recordings"),
    }
}

async fn demo_owner(t: &TestApp) -> (Vec<Value>, crate::support::Client) {
    let hash = t.app.passwords.hash("offhook-demo").await.unwrap();
    let seed = DemoSeed {
        password_hash: hash,
        ..seed(t, "AC00000000000000000000000000000009")
    };
    let seeded = demo(&t.app.db, &t.app.keys, &seed).await.unwrap();
    let users: Vec<Value> = seeded.users.iter().map(|user| json!(user)).collect();
    let owner = users.iter().find(|user| user["role"] == "owner").unwrap();
    let body = json!({"email": owner["email"], "password": owner["password"]});
    let session = t.nobody().post("/session", body).await.ok(201);
    let client = t.nobody().bearer(session["token"].as_str().unwrap());
    (users, client)
}

async fn all(client: &crate::support::Client, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = String::new();
    loop {
        let join = if path.contains('?') { '&' } else { '?' };
        let page = client
            .get(&format!("{path}{join}limit=100&cursor={next}"))
            .await
            .ok(200);
        items.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(cursor) => cursor.clone_into(&mut next),
            None => return items,
        }
    }
}

stories! {
    async fn the_list_is_filtered_by_what_it_is_asked_for(t: &TestApp) {
        let answered = world::past_call(&t.app, &t.ours, Outcome::Answered, Some(&t.ours.agent)).await.call;
        let left = world::past_call(&t.app, &t.ours, Outcome::Voicemail, None).await.call;
        let ana = t.by(&t.ours.agent);
        let number = ana.get("/numbers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        for (query, wanted) in [
            (String::new(), vec![&left, &answered]),
            ("agent=me".to_owned(), vec![&answered]),
            (format!("agent={}", t.ours.agent.id), vec![&answered]),
            ("status=completed".to_owned(), vec![&answered]),
            ("status=completed,no-answer".to_owned(), vec![&left, &answered]),
            ("status=live".to_owned(), vec![]),
            ("direction=outbound".to_owned(), vec![]),
            (format!("number={number}"), vec![&left, &answered]),
            (format!("number={}", t.ours.number.replace('+', "%2B")), vec![&left, &answered]),
            ("q=555-0142".to_owned(), vec![&left, &answered]),
            ("from=2026-11-20T09:00:00Z".to_owned(), vec![]),
            ("to=2026-11-20T09:00:00Z".to_owned(), vec![&left, &answered]),
        ] {
            let page = ana.get(&format!("/calls?{query}")).await.ok(200);
            let mut got: Vec<_> = page["items"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
            let mut wanted: Vec<_> = wanted.into_iter().map(String::as_str).collect();
            got.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(got, wanted, "{query}");
        }
        for (query, field) in [("direction=sideways", "direction"), ("status=odd", "status"), ("agent=nobody", "agent"), ("from=monday", "from")] {
            assert_eq!(ana.get(&format!("/calls?{query}")).await.problem(422)["field"], field);
        }
    }

    async fn a_call_is_shown_whole_and_its_agent_writes_it_up(t: &TestApp) {
        let id = world::past_call(&t.app, &t.ours, Outcome::Answered, Some(&t.ours.agent)).await.call;
        let path = format!("/calls/{id}");
        let ana = t.by(&t.ours.agent);
        let call = ana.get(&path).await.ok(200);
        assert_eq!(call["status"], "completed");
        assert_eq!(call["outcome"], "answered");
        assert_eq!(call["agent"]["id"], t.ours.agent.id.as_str());
        assert_eq!((&call["wait_seconds"], &call["talk_seconds"], &call["duration_seconds"]), (&json!(20), &json!(40), &json!(60)));
        assert_eq!(call["legs"][1]["agent"]["name"], "agent ours");
        assert_eq!(call["legs"][1]["number"], json!(null), "the carrier's name of a softphone is nobody's number");
        let written = ana.patch(&path, json!({"note": "Will call back", "disposition": "Follow up"})).await.ok(200);
        assert_eq!(written["note"], "Will call back");
        assert_eq!(written["disposition"], "Follow up");
        assert_eq!(written["events"].as_array().unwrap().last().unwrap()["type"], "annotated");
        assert_eq!(ana.patch(&path, json!({"disposition": "Made up"})).await.problem(422)["field"], "disposition");
        ana.patch(&path, json!({"note": "Will call back on Monday"})).await.ok(200);
        let checked = t.by(&t.ours.supervisor).patch(&path, json!({"note": "Checked"})).await.ok(200);
        assert_eq!((&checked["note"], &checked["disposition"]), (&json!("Checked"), &json!("Follow up")));
        let notes: Vec<(&Value, &Value)> =
            checked["notes"].as_array().unwrap().iter().map(|note| (&note["author"]["id"], &note["text"])).collect();
        let said = [(&json!(t.ours.agent.id), &json!("Will call back on Monday")), (&json!(t.ours.supervisor.id), &json!("Checked"))];
        assert_eq!(notes, said, "the last of each author");
        let cleared = ana.patch(&path, json!({"note": null, "disposition": null})).await.ok(200);
        assert_eq!((&cleared["note"], &cleared["disposition"]), (&json!(null), &json!(null)));
        assert_eq!(cleared["notes"].as_array().map(Vec::len), Some(1), "one's own is gone, the other's stays");
        let hers = world::past_call(&t.app, &t.ours, Outcome::Answered, Some(&t.ours.supervisor)).await.call;
        ana.patch(&format!("/calls/{hers}"), json!({"note": "Not mine"})).await.problem(403);
    }

    async fn a_voicemail_is_heard_once_and_by_whom(t: &TestApp) {
        let left = world::ended_call(&t.app, &t.ours).await;
        let ana = t.by(&t.ours.agent);
        let listed = ana.get("/voicemails?unheard=true").await.ok(200);
        assert_eq!(listed["items"][0]["call"]["id"], left.call.as_str());
        let path = format!("/voicemails/{}", left.voicemail);
        let heard = ana.patch(&path, json!({"heard": true})).await.ok(200);
        assert_eq!(heard["heard_by"]["id"], t.ours.agent.id.as_str());
        t.app.clock.advance(chrono::TimeDelta::minutes(5));
        let again = t.by(&t.ours.owner).patch(&path, json!({"heard": true})).await.ok(200);
        assert_eq!(again["heard_by"], heard["heard_by"], "the first one stays noted");
        assert_eq!(ana.get("/voicemails?unheard=true").await.ok(200)["items"], json!([]));
    }

    async fn the_demo_is_a_lived_in_organization(t: &TestApp) {
        let (users, owner) = demo_owner(t).await;
        let roles: Vec<_> = users.iter().map(|u| u["role"].as_str().unwrap()).collect();
        assert!(roles.iter().filter(|r| **r == "agent").count() >= 2);
        for role in ["supervisor", "admin", "owner"] {
            assert!(roles.contains(&role));
        }
        let organization = owner.get("/organization").await.ok(200);
        assert_eq!((&organization["slug"], &organization["country"], &organization["currency"]), (&json!("demo"), &json!("US"), &json!("USD")));
        let queues = owner.get("/queues").await.ok(200);
        assert_eq!(queues["items"][0]["name"], "support_queue");
        assert_eq!(queues["items"][0]["ring"], "all");
        assert_eq!(queues["items"][0]["members"].as_array().unwrap().len(), users.len());
        let numbers = owner.get("/numbers").await.ok(200);
        let main = numbers["items"].as_array().unwrap().last().unwrap();
        assert_eq!((&main["number"], &main["route"]["to"]["kind"]), (&json!("+14155550900"), &json!("queue")));
        assert!(all(&owner, "/contacts").await.len() >= 15);
    }

    async fn the_demos_history_is_two_weeks_of_calls_some_of_which_can_be_heard(t: &TestApp) {
        let (_, owner) = demo_owner(t).await;
        let calls = all(&owner, "/calls").await;
        assert!(calls.len() > 80, "{} calls", calls.len());
        let first = calls.last().unwrap()["started_at"].as_str().unwrap();
        assert!(first < "2026-11-08", "{first}");
        assert!(calls.iter().all(|call| call["ended_at"].as_str().unwrap() < "2026-11-20T09:00:00Z"), "nothing lies ahead");
        for outcome in ["answered", "abandoned", "voicemail", "busy", "no_answer"] {
            assert!(calls.iter().any(|call| call["outcome"] == outcome), "{outcome}");
        }
        assert!(calls.iter().any(|call| call["price"]["currency"] == "USD"));
        let heard: Vec<_> = calls.iter().filter(|call| call["has_recording"] == true).collect();
        assert!(heard.len() >= 3, "{} with recordings", heard.len());
        for call in heard {
            let detail = owner.get(&format!("/calls/{}", call["id"].as_str().unwrap())).await.ok(200);
            let recording = &detail["recordings"][0];
            assert_eq!(recording["status"], "ready");
            assert_eq!(recording["seconds"], detail["talk_seconds"].as_i64().or(recording["seconds"].as_i64()).unwrap());
            let file = t.app.config.data_dir.join("recordings").join(t_path(t, &detail).await);
            assert!(file.exists(), "{}", file.display());
        }
        let voicemails = all(&owner, "/voicemails").await;
        assert!(!voicemails.is_empty() && voicemails.iter().all(|v| v["recording_id"].is_string()));
    }

    async fn a_second_start_of_the_demo_finds_it_and_refreshes_the_account(t: &TestApp) {
        let (_, owner) = demo_owner(t).await;
        let before = all(&owner, "/calls").await.len();
        let again = seed(t, "AC0000000000000000000000000000000A");
        demo(&t.app.db, &t.app.keys, &again).await.unwrap();
        assert_eq!(all(&owner, "/calls").await.len(), before);
        assert_eq!(owner.get("/carrier").await.ok(200)["account_sid"], "AC0000000000000000000000000000000A");
    }
}

/// Where a call's recording lies, by the rows.
async fn t_path(t: &TestApp, detail: &Value) -> String {
    let id = offhook_core::id::RecordingId::parse(detail["recordings"][0]["id"].as_str().unwrap())
        .unwrap();
    let org = t
        .app
        .db
        .system(offhook_store::Reason::Seed)
        .read(async |conn| offhook_store::organizations::by_slug(conn, "demo").await)
        .await
        .unwrap()
        .unwrap();
    let recording = t
        .app
        .db
        .read(&org.id, async |tx| {
            offhook_store::recordings::get(tx, &id).await
        })
        .await
        .unwrap();
    recording.path.unwrap()
}
