//! Logging in: passwords, lock-out, cookies, CSRF, limits.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Person, TestApp, stories};

/// Gives somebody a password, by the link that an admin would send.
async fn with_password(t: &TestApp, person: &Person, password: &str) {
    let reset = t
        .by(&t.ours.owner)
        .post(&format!("/users/{}/reset", person.id), json!({}))
        .await
        .ok(201);
    let link = reset["link"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    t.nobody()
        .post(&format!("/setup/{link}"), json!({"password": password}))
        .await
        .ok(201);
}

stories! {
    async fn a_password_opens_a_session_and_logging_out_ends_it(t: &TestApp) {
        with_password(t, &t.ours.agent, "a long password").await;
        let body = json!({"email": t.ours.agent.email.to_uppercase(), "password": "a long password"});
        let session = t.nobody().post("/session", body).await.ok(201);
        assert_eq!(session["user"]["id"], t.ours.agent.id.as_str());
        assert_eq!(session["user"]["role"], "agent");
        assert_eq!(session["organization"]["slug"], "ours");
        let client = t.nobody().bearer(session["token"].as_str().unwrap());
        let me = client.get("/me").await.ok(200);
        assert_eq!(me["user"]["email"], t.ours.agent.email.as_str());
        assert_eq!(me["permissions"], json!(["work", "edit_contacts"]));
        client.delete("/session").await.ok(204);
        client.get("/me").await.problem(401);
    }

    async fn nobody_learns_which_paths_there_are(t: &TestApp) {
        assert_eq!(t.nobody().get("/no-such-thing").await.problem(401)["code"], "unauthorized");
        t.by(&t.ours.agent).get("/no-such-thing").await.problem(404);
    }

    async fn nobody_learns_whether_an_email_is_known(t: &TestApp) {
        with_password(t, &t.ours.agent, "a long password").await;
        let wrong = t.nobody().post("/session", json!({"email": t.ours.agent.email, "password": "wrong"})).await.problem(401);
        let unknown = t.nobody().post("/session", json!({"email": "who@nowhere.example", "password": "wrong"})).await.problem(401);
        assert_eq!(wrong, unknown);
        assert_eq!(wrong["code"], "wrong_login");
    }

    async fn ten_wrong_passwords_lock_an_email_out_for_a_while(t: &TestApp) {
        with_password(t, &t.ours.agent, "a long password").await;
        let right = json!({"email": t.ours.agent.email, "password": "a long password"});
        for n in 1..=10 {
            let answer = t.nobody().post("/session", json!({"email": t.ours.agent.email, "password": "guess"})).await;
            let problem = answer.problem(if n < 10 { 401 } else { 429 });
            assert_eq!(problem["code"], if n < 10 { "wrong_login" } else { "locked_out" });
        }
        let locked = t.nobody().post("/session", right.clone()).await;
        assert!(locked.headers.contains_key("retry-after"));
        assert_eq!(locked.problem(429)["code"], "locked_out");
        t.app.clock.advance(TimeDelta::minutes(16));
        t.nobody().post("/session", right).await.ok(201);
    }

    async fn the_cookie_is_a_host_cookie_and_needs_the_csrf_token_to_change_things(t: &TestApp) {
        with_password(t, &t.ours.agent, "a long password").await;
        let body = json!({"email": t.ours.agent.email, "password": "a long password"});
        let answer = t.nobody().post("/session", body).await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("__Host-offhook=ohs_"), "{cookie}");
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let browser = t.nobody().header("cookie", cookie.split(';').next().unwrap());
        let me = browser.get("/me").await.ok(200);
        let contact = json!({"name": "Ada"});
        assert_eq!(browser.post("/contacts", contact.clone()).await.problem(403)["code"], "csrf");
        let forged = browser.clone().header("x-csrf-token", "guessed");
        assert_eq!(forged.post("/contacts", contact.clone()).await.problem(403)["code"], "csrf");
        let honest = browser.header("x-csrf-token", me["csrf"].as_str().unwrap());
        honest.post("/contacts", contact).await.ok(201);
    }

    async fn a_new_own_password_ends_the_other_sessions(t: &TestApp) {
        with_password(t, &t.ours.agent, "a long password").await;
        let body = json!({"email": t.ours.agent.email, "password": "a long password"});
        let here = t.nobody().post("/session", body.clone()).await.ok(201);
        let there = t.nobody().post("/session", body).await.ok(201);
        let here = t.nobody().bearer(here["token"].as_str().unwrap());
        let there = t.nobody().bearer(there["token"].as_str().unwrap());
        let wrong = here.put("/me/password", json!({"current": "not it", "new": "another password"})).await.problem(422);
        assert_eq!(wrong["field"], "current");
        let weak = here.put("/me/password", json!({"current": "a long password", "new": "short"})).await.problem(422);
        assert_eq!(weak["field"], "new");
        here.put("/me/password", json!({"current": "a long password", "new": "another password"})).await.ok(204);
        here.get("/me").await.ok(200);
        there.get("/me").await.problem(401);
        let old = json!({"email": t.ours.agent.email, "password": "a long password"});
        t.nobody().post("/session", old).await.problem(401);
    }

    async fn a_session_ends_by_itself_two_weeks_after_its_last_use(t: &TestApp) {
        let client = t.by(&t.ours.agent);
        t.app.clock.advance(TimeDelta::days(10));
        client.get("/me").await.ok(200);
        t.app.tasks.close();
        t.app.tasks.wait().await;
        t.app.tasks.reopen();
        t.app.clock.advance(TimeDelta::days(10));
        client.get("/me").await.ok(200);
        t.app.tasks.close();
        t.app.tasks.wait().await;
        t.app.tasks.reopen();
        t.app.clock.advance(TimeDelta::days(15));
        client.get("/me").await.problem(401);
    }

    async fn a_deactivated_person_is_out_at_once(t: &TestApp) {
        t.by(&t.ours.agent).get("/me").await.ok(200);
        t.by(&t.ours.admin).patch(&format!("/users/{}", t.ours.agent.id), json!({"active": false})).await.ok(200);
        t.by(&t.ours.agent).get("/me").await.problem(401);
    }

    async fn a_body_over_the_limit_is_refused_and_a_broken_one_named(t: &TestApp) {
        let client = t.by(&t.ours.agent);
        let large = json!({"name": "x".repeat(300_000)});
        assert_eq!(client.post("/contacts", large).await.problem(413)["code"], "too_large");
        let broken = client.raw(Method::POST, "/api/v1/contacts", "{\"name\":".to_owned()).await.problem(400);
        assert_eq!(broken["field"], "body");
        let wrong = client.post("/contacts", json!({"name": 5})).await.problem(422);
        assert_eq!(wrong["field"], "name");
        let nobody = t.nobody().raw(Method::POST, "/api/v1/contacts", "{\"name\":".to_owned()).await;
        nobody.problem(401);
    }

    async fn too_many_requests_of_one_session_are_told_when_to_come_back(t: &TestApp) {
        let client = t.by(&t.ours.agent);
        let mut refused = None;
        for _ in 0..1_100 {
            let answer = client.get("/demo-that-is-not").await;
            assert_eq!(answer.status, 404, "a path that does not exist costs nothing");
            let answer = client.get("/organization").await;
            if answer.status == 429 {
                refused = Some(answer);
                break;
            }
        }
        let refused = refused.expect("the limit is reached");
        assert!(refused.headers.contains_key("retry-after"));
        assert_eq!(refused.problem(429)["code"], "rate_limited");
        t.by(&t.ours.owner).get("/organization").await.ok(200);
        t.app.clock.advance(TimeDelta::seconds(2));
        client.get("/organization").await.ok(200);
    }

    async fn another_organizations_slug_selects_nothing(t: &TestApp) {
        let client = t.by(&t.ours.owner);
        client.clone().header("x-organization-slug", "ours").get("/organization").await.ok(200);
        client.clone().header("x-organization-slug", "theirs").get("/organization").await.problem(404);
        client.header("x-organization-slug", "nowhere").get("/organization").await.problem(404);
    }
}
