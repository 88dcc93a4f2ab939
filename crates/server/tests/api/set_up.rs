//! One-time links: the first run and invitations.

use offhook_server::auth::token;
use offhook_store::Reason;
use offhook_store::credentials::{self, Link, LinkPurpose};
use serde_json::{Value, json};

use crate::support::{TestApp, morning, stories};

pub(crate) async fn first_run_link(t: &TestApp) -> String {
    let secret = token::mint(token::LINK);
    let link = Link {
        purpose: LinkPurpose::Setup,
        org: None,
        user: None,
        created_by: None,
        created_at: morning(),
        expires_at: morning() + chrono::TimeDelta::days(1),
    };
    let hash = token::hash(&secret);
    t.app
        .db
        .system(Reason::SetUp)
        .write(async |conn| credentials::insert_link(conn, &link, &hash).await)
        .await
        .unwrap();
    secret
}

fn answers() -> Value {
    json!({"organization": "Ana's Bikes", "country": "us", "name": "Ana", "email": "ana@bikes.example", "password": "wheels go round"})
}

stories! {
    async fn a_set_up_link_makes_an_organization_once(t: &TestApp) {
        let link = first_run_link(t).await;
        let seen = t.nobody().get(&format!("/setup/{link}")).await.ok(200);
        assert_eq!(seen, json!({"valid": true, "purpose": "setup"}));
        let session = t.nobody().post(&format!("/setup/{link}"), answers()).await.ok(201);
        assert_eq!(session["user"]["role"], "owner");
        assert_eq!(session["organization"]["slug"], "ana-s-bikes");
        assert_eq!(session["organization"]["country"], "US");
        let ana = t.nobody().bearer(session["token"].as_str().unwrap());
        let queues = ana.get("/queues").await.ok(200);
        assert_eq!(queues["items"][0]["name"], "support_queue");
        assert_eq!(t.nobody().get(&format!("/setup/{link}")).await.problem(410)["code"], "gone");
        t.nobody().post(&format!("/setup/{link}"), answers()).await.problem(410);
    }

    async fn of_two_who_use_a_link_at_once_one_wins(t: &TestApp) {
        let link = first_run_link(t).await;
        let path = format!("/setup/{link}");
        let mut other = answers();
        other["email"] = json!("ben@bikes.example");
        other["slug"] = json!("bens-bikes");
        let (nobody, body) = (t.nobody(), answers());
        let (one, two) = tokio::join!(nobody.post(&path, body), nobody.post(&path, other));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 410]);
    }

    async fn an_answer_that_is_not_good_names_its_field_and_spares_the_link(t: &TestApp) {
        let link = first_run_link(t).await;
        let path = format!("/setup/{link}");
        for (field, bad) in [
            ("organization", json!(" ")),
            ("country", json!("USA")),
            ("name", json!("")),
            ("email", json!("nobody")),
            ("password", json!("short")),
            ("slug", json!("No Spaces")),
            ("slug", json!("ours")),
            ("email", json!(t.theirs.admin.email)),
        ] {
            let mut body = answers();
            body[field] = bad;
            let problem = t.nobody().post(&path, body).await.problem(422);
            assert_eq!(problem["field"], field);
        }
        t.nobody().post(&path, answers()).await.ok(201);
    }

    async fn a_link_runs_out(t: &TestApp) {
        let link = first_run_link(t).await;
        t.app.clock.advance(chrono::TimeDelta::days(2));
        t.nobody().post(&format!("/setup/{link}"), answers()).await.problem(410);
    }

    async fn an_invited_person_chooses_a_password_and_belongs_to_the_organization(t: &TestApp) {
        let new = json!({"email": "Ben@Ours.example", "name": "Ben", "role": "agent"});
        let made = t.by(&t.ours.admin).post("/users", new).await.ok(201);
        assert_eq!(made["invited"], true);
        assert_eq!(made["email"], "ben@ours.example");
        assert_eq!(made["queues"].as_array().unwrap().len(), 1, "a new person is in every queue unless said otherwise");
        let link = made["link"].as_str().unwrap();
        assert!(link.starts_with("https://calls.example.com/setup/ohl_"), "{link}");
        let link = link.rsplit('/').next().unwrap();
        let seen = t.nobody().get(&format!("/setup/{link}")).await.ok(200);
        assert_eq!(seen["purpose"], "invite");
        assert_eq!(seen["email"], "ben@ours.example");
        let session = t.nobody().post(&format!("/setup/{link}"), json!({"password": "a long password"})).await.ok(201);
        assert_eq!(session["organization"]["slug"], "ours");
        let shown = t.by(&t.ours.admin).get(&format!("/users/{}", made["id"].as_str().unwrap())).await.ok(200);
        assert_eq!(shown["invited"], false);
        assert!(shown.get("link").is_none(), "a link is shown once");
    }
}
