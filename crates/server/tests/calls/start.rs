//! Starting calls: every check before the carrier is asked, and no click twice.

use serde_json::{Value, json};

use super::carrier::{Carrier, later, quiet, work};
use crate::support::{Answer, Client, stories};

async fn start(client: &Client, to: &str) -> Answer {
    client.post("/calls", json!({ "to": to })).await
}

async fn hang_up(client: &Client, call: &Value) {
    let id = call["id"].as_str().unwrap();
    client
        .post(&format!("/calls/{id}/hangup"), json!({}))
        .await
        .ok(200);
}

stories! {
    async fn t_dial_limits_the_eleventh_call_of_a_minute_waits_and_bad_destinations_never_leave(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let agent = t.by(&t.ours.agent);
        for (to, code) in [
            ("+1 900 555 0123", "premium_number"),
            ("+49 30 901820", "country_not_allowed"),
            ("911", "no_emergency_address"),
            ("12", "invalid_number"),
            ("", "invalid_number"),
        ] {
            let problem = start(&agent, to).await.problem(422);
            assert_eq!((&problem["code"], &problem["field"]), (&json!(code), &json!("to")), "{to}: {problem}");
        }
        for _ in 0..10 {
            let call = start(&agent, "(415) 555-0142").await.ok(201);
            hang_up(&agent, &call).await;
            quiet(t).await;
        }
        let refused = start(&agent, "(415) 555-0142").await;
        let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
        assert_eq!(refused.problem(429)["code"], "too_many_starts");
        for wrong in [json!("nobody"), json!(7), json!(null), json!(["+14155550142"])] {
            let asked = t.by(&t.ours.supervisor).post("/calls", json!({ "to": wrong })).await;
            let formats = asked.problem(422);
            assert_eq!(formats["field"], "to", "{wrong}");
            assert!(formats["detail"].as_str().unwrap().contains("(202) 555-0123"), "the formats are named: {formats}");
        }
        assert!(carrier.asked("").is_empty(), "nothing was dialled before an agent was there");
    }

    async fn t_callerid_owned_only_a_number_of_ours_is_ever_shown(t: &TestApp) {
        let agent = t.by(&t.ours.agent);
        for foreign in [t.theirs.number.as_str(), "+14155559999", "anonymous"] {
            let asked = json!({ "to": "+14155550142", "from": foreign });
            let problem = agent.post("/calls", asked).await.problem(422);
            assert_eq!((&problem["code"], &problem["field"]), (&json!("caller_id_not_owned"), &json!("from")), "{problem}");
        }
        let asked = json!({ "to": "+14155550142", "from": "(415) 555-0100" });
        let call = agent.post("/calls", asked).await.ok(201);
        assert_eq!(call["from_number"], t.ours.number.as_str());
    }

    async fn one_click_sent_again_is_the_same_call(t: &TestApp) {
        let agent = t.by(&t.ours.agent).header("idempotency-key", "click-1");
        let first = start(&agent, "+14155550142").await.ok(201);
        let again = start(&agent, "+14155550142").await.ok(200);
        assert_eq!(first["id"], again["id"]);
        let other = t.by(&t.ours.supervisor).header("idempotency-key", "click-1");
        let others = start(&other, "+14155550142").await.ok(201);
        assert_ne!(first["id"], others["id"], "another person's same word is another click");
        let second = start(&t.by(&t.ours.agent), "+14155550142").await.problem(409);
        assert_eq!(second["code"], "agent_busy");
    }

    async fn an_agent_who_does_not_connect_in_time_has_a_failed_call(t: &TestApp) {
        work(t);
        let agent = t.by(&t.ours.agent);
        let call = start(&agent, "+14155550142").await.ok(201);
        later(t, 25).await;
        let id = call["id"].as_str().unwrap();
        let over = agent.get(&format!("/calls/{id}")).await.ok(200);
        assert_eq!((&over["status"], &over["phase"]), (&json!("failed"), &json!("ended")), "{over}");
    }

    async fn a_softphone_token_names_its_agent_and_the_account(t: &TestApp) {
        let token = t.by(&t.ours.agent).post("/softphone/token", json!({})).await.ok(200);
        let identity = offhook_server::calls::identity::Identity::parse(token["identity"].as_str().unwrap()).unwrap();
        assert_eq!((identity.org, identity.agent.as_str()), (t.ours.org.clone(), t.ours.agent.id.as_str()));
        assert!(token["signaling_url"].is_null() && token["token"].as_str().unwrap().split('.').count() == 3);
    }
}
