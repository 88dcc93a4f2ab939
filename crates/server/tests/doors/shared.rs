//! What holds at every documented door: who gets in, who does not, and how that is said.

use axum::http::Method;
use serde_json::json;

use offhook_server::doors::webhook_paths;
use offhook_server::webhooks::urls::Door;

use crate::calls::carrier::{TOKEN, account_of, post, quiet, signed_by, webhook, work};
use crate::support::stories;

/// Every documented endpoint for people: method, path, a body that gets past its fields.
fn people() -> Vec<(Method, &'static str, serde_json::Value)> {
    vec![
        (Method::POST, "/api/twilio/token", json!({})),
        (Method::GET, "/api/twilio/token", json!({})),
        (
            Method::POST,
            "/api/twilio/calls",
            json!({ "to": "+12025550123" }),
        ),
        (Method::GET, "/api/twilio/incoming-calls/pending", json!({})),
        (
            Method::POST,
            "/api/twilio/incoming-calls/accept",
            json!({ "callSid": "CA1" }),
        ),
        (
            Method::POST,
            "/api/twilio/incoming-calls/decline",
            json!({ "callSid": "CA1" }),
        ),
        (
            Method::POST,
            "/api/calls/initiate",
            json!({ "to": "+12025550123" }),
        ),
        (Method::GET, "/api/calling/token", json!({})),
        (Method::GET, "/api/twilio/client/token", json!({})),
        (Method::GET, "/ws", json!({})),
        (
            Method::POST,
            "/api/calling/make-call",
            json!({ "toNumber": "+12025550123" }),
        ),
        (
            Method::POST,
            "/api/calling/save-call",
            json!({ "callSid": "CA1" }),
        ),
        (
            Method::POST,
            "/api/calling/end-call",
            json!({ "callSid": "CA1" }),
        ),
        (
            Method::GET,
            "/api/admin/twilio/available-numbers?areaCode=20",
            json!({}),
        ),
        (
            Method::POST,
            "/api/admin/twilio/purchase-number",
            json!({ "phoneNumber": "+442079460018" }),
        ),
        (
            Method::POST,
            "/api/admin/twilio/assign-number",
            json!({ "targetUserId": "user_1", "phoneNumber": "+442079460018" }),
        ),
        (
            Method::GET,
            "/api/admin/twilio/purchased-numbers",
            json!({}),
        ),
    ]
}

/// A callback's path with what its system's own addresses hold.
fn addressed(path: &str) -> String {
    let named = if path.ends_with("/outbound-events") {
        "?callId=123"
    } else {
        ""
    };
    format!("{path}{named}")
}

stories! {
    async fn t_unsigned_403_at_every_documented_webhook(t: &TestApp) {
        let account = account_of(t, &t.ours).await;
        let body = format!("AccountSid={account}&CallSid=CA1&From=%2B14155550142&To=%2B14155550100&CallStatus=ringing&Direction=inbound");
        for (path, _) in webhook_paths() {
            for signature in [None, Some(""), Some("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")] {
                let answer = post(t, path, signature, body.clone()).await;
                assert_eq!((answer.status.as_u16(), answer.text.as_str()), (403, ""), "{path}");
            }
        }
        let calls = t.by(&t.ours.owner).get("/calls").await.ok(200);
        assert_eq!(calls["items"], json!([]));
    }

    async fn t_authz_matrix_nobody_gets_in_without_a_credential_and_is_told_as_documented(t: &TestApp) {
        for (method, path, body) in people() {
            let strangers = [
                t.nobody(),
                t.nobody().bearer("offhook_session_nonsense"),
                t.nobody().header("x-organization-slug", "ours"),
            ];
            for stranger in strangers {
                let refused = stranger.raw(method.clone(), path, body.to_string()).await.ok(401);
                assert_eq!(refused["error"], "Access denied", "{method} {path}");
                assert!(refused["message"].as_str().unwrap().contains("Bearer"));
            }
            let outsider = t.by(&t.theirs.agent).header("x-organization-slug", "ours");
            let refused = outsider.raw(method.clone(), path, body.to_string()).await.ok(404);
            assert_eq!((refused["code"].as_str().unwrap(), refused["success"].as_bool()), ("not_found", Some(false)), "{method} {path}");
        }
    }

    /// T-verbatim-body, T-self-hosted-media, T-no-redirect: a caller at any documented voice door hears our own sounds at once, and
    /// what the carrier said is kept to the letter.
    async fn t_verbatim_body_every_documented_voice_door_is_the_voice_door(t: &TestApp) {
        let odd = "Confirm Monday=yes, see javascript:void <b>Zoë & 🙂</b> +1\t";
        for (n, (path, _)) in webhook_paths().filter(|(_, door)| *door == Door::Voice).enumerate() {
            let sid = format!("CA00000000000000000000000000000e{n:02}");
            let arrives = [("CallSid", sid.as_str()), ("From", "+14155550142"), ("To", "+14155550100"), ("Direction", "inbound"),
                ("CallStatus", "ringing"), ("CallerName", odd)];
            let answer = webhook(t, &t.ours, path, &arrives).await;
            assert_eq!((answer.status.as_u16(), &answer.headers["content-type"]), (200, &"text/xml; charset=utf-8".parse().unwrap()), "{path}");
            let hosts = answer.text.matches("http").count();
            assert_eq!(answer.text.matches("https://calls.example.com/").count(), hosts, "only our own media: {}", answer.text);
            let again = webhook(t, &t.ours, "/webhooks/twilio/voice", &arrives).await;
            assert_eq!(again.text, answer.text, "{path}: the same call at two doors is one call");
        }
        let calls = t.by(&t.ours.owner).get("/calls").await.ok(200);
        assert_eq!(calls["items"].as_array().unwrap().len(), 7);
        let id = calls["items"][0]["id"].as_str().unwrap();
        let call = t.by(&t.ours.owner).get(&format!("/calls/{id}")).await.ok(200);
        assert_eq!(call["events"][0]["payload"]["said"]["CallerName"], odd);
    }

    async fn a_route_that_nobody_chose_is_what_the_doors_system_always_did(t: &TestApp) {
        let admin = t.by(&t.ours.admin);
        let number = admin.get("/numbers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let queue = admin.get("/queues").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let mut sids = 0..;
        let mut comes = async |path: &str| {
            let sid = format!("CA00000000000000000000000000000f{:02}", sids.next().unwrap());
            let fields = [("CallSid", sid.as_str()), ("From", "+14155550142"), ("To", "+14155550100"), ("Direction", "inbound"), ("CallStatus", "ringing")];
            webhook(t, &t.ours, path, &fields).await.text
        };
        let (into_queue, to_agents) = (">support_queue</Enqueue>", ">wait_");
        for path in ["/webhooks/twilio/voice", "/api/twilio/webhook/voice", "/api/twilio/voice/answer", "/api/webhooks/twilio/voice"] {
            assert!(comes(path).await.contains(into_queue), "{path}: no phone to forward to, and nobody's own number");
        }
        assert!(comes("/api/twilio/voice").await.contains(to_agents), "everybody is rung");
        admin.patch(&format!("/numbers/{number}"), json!({ "agent": t.ours.agent.id })).await.ok(200);
        let forward = json!({ "overflow": { "kind": "forward", "to": "+14155550177" } });
        admin.patch(&format!("/queues/{queue}"), forward).await.ok(200);
        for path in ["/api/webhooks/twilio/voice", "/api/webhooks/twilio/voice/incoming"] {
            assert!(comes(path).await.contains(to_agents), "{path}: its owner is rung");
        }
        let forwarded = comes("/api/twilio/voice/answer").await;
        assert!(forwarded.contains(">+14155550177</Number>") && forwarded.contains("callerId=\"+14155550142\""), "{forwarded}");
        assert!(comes("/api/twilio/webhook/voice").await.contains(into_queue));
        let chosen = json!({ "route": { "to": { "kind": "voicemail" } } });
        admin.patch(&format!("/numbers/{number}"), chosen).await.ok(200);
        for (path, _) in webhook_paths().filter(|(_, door)| *door == Door::Voice) {
            assert!(comes(path).await.contains("<Record"), "{path}: what somebody chose decides");
        }
    }

    async fn t_content_type_a_callback_is_thanked_in_json_and_a_wrong_one_is_told_its_field(t: &TestApp) {
        for (path, door) in webhook_paths().filter(|(_, door)| !door.wants_twiml()) {
            let fields = [("CallSid", "CA9"), ("CallStatus", "completed"), ("RecordingSid", "RE9"), ("RecordingStatus", "completed")];
            let thanked = webhook(t, &t.ours, &addressed(path), &fields).await.ok(200);
            assert_eq!(thanked, json!({ "success": true }), "{path} {door:?}");
            let refused = webhook(t, &t.ours, path, &[("To", "+14155550100")]).await.ok(400);
            assert!(refused["error"].as_str().unwrap().contains("missing"), "{path}: {refused}");
        }
    }

    /// What the documents tell people to do who look for a webhook that does not come: `curl` its address.
    async fn a_webhooks_address_opened_in_a_browser_says_what_it_is_and_does_nothing(t: &TestApp) {
        for (path, _) in webhook_paths() {
            let hint = t.nobody().raw(Method::GET, path, String::new()).await.ok(200);
            assert!(hint["message"].as_str().unwrap().contains("POST"), "{path}: {hint}");
        }
        assert_eq!(t.by(&t.ours.owner).get("/calls").await.ok(200)["items"], json!([]));
    }

    /// T-direction-matrix, T-identity-parse: whatever a leg says of itself, only what we placed and who works here is led anywhere.
    async fn t_direction_matrix_at_every_documented_voice_door(t: &TestApp) {
        let strangers = [
            ("outbound-api", "+14155550100"),
            ("outbound-dial", "+14155550100"),
            ("inbound", "client:agent-7"),
            ("inbound", "client:user_42"),
            ("inbound", "client:o_uaa_a_uaa"),
        ];
        for (n, (path, _)) in webhook_paths().filter(|(_, door)| *door == Door::Voice).enumerate() {
            for (m, (direction, from)) in strangers.iter().enumerate() {
                let sid = format!("CA0000000000000000000000000000d{n}{m:02}");
                let fields = [("CallSid", sid.as_str()), ("From", *from), ("To", "+12025550123"), ("Direction", *direction), ("CallStatus", "ringing")];
                let answer = webhook(t, &t.ours, path, &fields).await;
                assert_eq!((answer.status.as_u16(), &answer.headers["content-type"]), (200, &"text/xml; charset=utf-8".parse().unwrap()));
                assert!(answer.text.contains("<Hangup/>") && !answer.text.contains("<Dial"), "{path} {direction} {from}: {}", answer.text);
            }
            let sid = format!("CA0000000000000000000000000000e{n:03}");
            let ours = [("CallSid", sid.as_str()), ("From", "+14155550142"), ("To", t.ours.number.as_str()), ("Direction", "inbound"), ("CallStatus", "ringing")];
            let answer = webhook(t, &t.theirs, path, &ours).await;
            assert!(answer.text.contains("number-unknown.wav"), "{path}: their account does not own our number: {}", answer.text);
        }
        assert_eq!(t.by(&t.ours.owner).get("/calls").await.ok(200)["items"], json!([]));
    }

    /// T-status-first, T-webhook-burst: what comes before its call, or of no call at all, is kept or thanked, however much it is.
    async fn t_status_first_at_every_documented_status_door_and_never_too_many(t: &TestApp) {
        work(t);
        let about_any = webhook_paths().filter(|(path, door)| *door == Door::Status && addressed(path) == *path);
        for (n, (path, _)) in about_any.enumerate() {
            let sid = format!("CA0000000000000000000000000000f{n:03}");
            let ends = [("CallSid", sid.as_str()), ("From", "+14155550142"), ("To", t.ours.number.as_str()), ("Direction", "inbound"),
                ("CallStatus", "completed"), ("CallDuration", "4")];
            webhook(t, &t.theirs, path, &ends).await.ok(200);
            webhook(t, &t.ours, path, &ends).await.ok(200);
            quiet(t).await;
            let calls = t.by(&t.ours.owner).get("/calls").await.ok(200);
            assert_eq!((calls["items"].as_array().unwrap().len(), &calls["items"][0]["outcome"]), (n + 1, &json!("abandoned")), "{path}");
            let arrives = [("CallSid", sid.as_str()), ("From", "+14155550142"), ("To", t.ours.number.as_str()), ("Direction", "inbound"), ("CallStatus", "ringing")];
            let late = webhook(t, &t.ours, "/webhooks/twilio/voice", &arrives).await;
            assert!(late.text.contains("<Hangup/>"), "the question that came late: {}", late.text);
        }
        assert_eq!(t.by(&t.theirs.owner).get("/calls").await.ok(200)["items"], json!([]));
        let account = account_of(t, &t.ours).await;
        let doors: Vec<_> = webhook_paths().filter(|(_, door)| !door.wants_twiml()).collect();
        for n in 0..1000 {
            let sid = format!("CA{n:032}");
            let fields = [("CallSid", sid.as_str()), ("CallStatus", "ringing"), ("RecordingSid", sid.as_str()), ("RecordingStatus", "completed")];
            let (path, _) = doors[n % doors.len()];
            assert_eq!(signed_by(t, TOKEN, &account, &addressed(path), &fields).await.status, 200, "the {n}th, at {path}");
        }
    }

    async fn a_front_end_at_an_address_of_its_own_may_ask_and_brings_its_token(t: &TestApp) {
        for (method, path, _) in people() {
            let asks = t
                .nobody()
                .header("origin", "https://crm.example.org")
                .header("access-control-request-method", method.as_str())
                .header("access-control-request-headers", "authorization,x-organization-slug,content-type");
            let answer = asks.raw(Method::OPTIONS, path, String::new()).await;
            assert_eq!(answer.status.as_u16(), 200, "{path}");
            assert_eq!(answer.headers["access-control-allow-origin"], "*");
            assert!(answer.headers.get("access-control-allow-credentials").is_none(), "our cookie opens no door for another page");
        }
        let refused = t.nobody().raw(Method::DELETE, "/api/twilio/token", String::new()).await.ok(405);
        assert_eq!(refused["code"], "method_not_allowed");
    }
}
