//! Nothing unsigned has an effect, nothing signed is changed, and a caller always hears something.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use offhook_core::id::UserId;
use offhook_server::calls::identity::Identity;
use offhook_server::webhooks::urls::Door;
use offhook_twilio::signature;
use serde_json::{Value, json};

use crate::calls::carrier::{TOKEN, account_of, post, signed_by, webhook};
use crate::support::{TestApp, stories};

const CALLER: &str = "CA000000000000000000000000000000c1";

fn arrives(to: &str) -> [(&str, &str); 5] {
    [
        ("CallSid", CALLER),
        ("From", "+14155550142"),
        ("To", to),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ]
}

async fn calls(t: &TestApp) -> Vec<Value> {
    let list = t.by(&t.ours.owner).get("/calls").await.ok(200);
    list["items"].as_array().unwrap().clone()
}

stories! {
    async fn t_unsigned_403_at_every_door_and_nothing_is_written(t: &TestApp) {
        let account = account_of(t, &t.ours).await;
        let body = format!("AccountSid={account}&CallSid={CALLER}&From=%2B14155550142&To=%2B14155550100&CallStatus=ringing&Direction=inbound");
        for door in Door::ALL {
            for signature in [None, Some(""), Some("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")] {
                let answer = post(t, door.path(), signature, body.clone()).await;
                assert_eq!((answer.status.as_u16(), answer.text.as_str()), (403, ""), "{door:?}");
            }
        }
        assert!(calls(t).await.is_empty());
    }

    async fn t_wrong_tenant_token_another_organizations_signature_opens_no_door_of_ours(t: &TestApp) {
        let change = json!({ "auth_token": "another token, of theirs" });
        t.saves_carrier(&t.theirs.admin, change).await.ok(200);
        let ours = account_of(t, &t.ours).await;
        let answer = signed_by(t, "another token, of theirs", &ours, "/webhooks/twilio/voice", &arrives(&t.ours.number)).await;
        assert_eq!(answer.status, 403);
        let theirs = account_of(t, &t.theirs).await;
        let answer = signed_by(t, "another token, of theirs", &theirs, "/webhooks/twilio/voice", &arrives(&t.ours.number)).await;
        assert!(answer.text.contains("number-unknown.wav"), "their account does not own our number: {}", answer.text);
        assert!(calls(t).await.is_empty());
    }

    async fn t_credential_rotation_a_new_token_counts_at_once_and_the_old_one_no_more(t: &TestApp) {
        let account = account_of(t, &t.ours).await;
        let status = [("CallSid", "CA9"), ("CallStatus", "completed"), ("SequenceNumber", "1")];
        assert_eq!(signed_by(t, TOKEN, &account, "/webhooks/twilio/status", &status).await.status, 204);
        t.saves_carrier(&t.ours.admin, json!({ "auth_token": "the new token" })).await.ok(200);
        assert_eq!(signed_by(t, "the new token", &account, "/webhooks/twilio/status", &status).await.status, 204);
        assert_eq!(signed_by(t, TOKEN, &account, "/webhooks/twilio/status", &status).await.status, 403);
    }

    async fn t_verbatim_body_what_the_carrier_says_is_kept_to_the_letter(t: &TestApp) {
        let odd = "Confirm Monday=yes, see javascript:void <b>Zoë & 🙂</b> \"100%\" +1\t";
        let mut fields = arrives(&t.ours.number).to_vec();
        fields.push(("CallerName", odd));
        let answer = webhook(t, &t.ours, "/webhooks/twilio/voice", &fields).await;
        assert_eq!(answer.status, 200);
        let id = calls(t).await[0]["id"].as_str().unwrap().to_owned();
        let call = t.by(&t.ours.owner).get(&format!("/calls/{id}")).await.ok(200);
        assert_eq!(call["events"][0]["payload"]["said"]["CallerName"], odd);
    }

    async fn t_idempotent_webhooks_three_deliveries_are_one_call_and_the_same_answer(t: &TestApp) {
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.push(webhook(t, &t.ours, "/webhooks/twilio/voice", &arrives(&t.ours.number)).await.text);
        }
        assert!(answers[0].contains("<Enqueue") && answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(calls(t).await.len(), 1);
    }

    async fn a_malformed_webhook_is_told_which_field_and_a_caller_hears_an_apology(t: &TestApp) {
        let problem = webhook(t, &t.ours, "/webhooks/twilio/status", &[("CallStatus", "ringing")]).await.problem(400);
        assert_eq!(problem["field"], "CallSid");
        for door in Door::ALL.into_iter().filter(|door| door.wants_twiml()) {
            let answer = webhook(t, &t.ours, door.path(), &[("To", "+1")]).await;
            assert_eq!((answer.status.as_u16(), &answer.headers["content-type"]), (200, &"text/xml; charset=utf-8".parse().unwrap()));
            assert!(answer.text.contains(".wav"), "{door:?}: {}", answer.text);
        }
        let long = format!("AccountSid=AC1&To={}", "9".repeat(70_000));
        assert_eq!(post(t, "/webhooks/twilio/voice", Some("x"), long).await.status, 413);
    }

    async fn a_signature_with_a_port_and_one_without_are_the_same_carrier(t: &TestApp) {
        let account = account_of(t, &t.ours).await;
        let form: Vec<(String, String)> = [("AccountSid", account.as_str()), ("CallSid", "CA9"), ("CallStatus", "ringing")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        let signature = signature::sign(TOKEN, "https://calls.example.com:443/webhooks/twilio/status", &form);
        let body = format!("AccountSid={account}&CallSid=CA9&CallStatus=ringing");
        assert_eq!(post(t, "/webhooks/twilio/status", Some(&signature), body).await.status, 204);
    }

    async fn a_caller_who_does_not_want_to_be_known_is_a_caller_like_others(t: &TestApp) {
        let mut fields = arrives(&t.ours.number);
        fields[1].1 = "+266696687";
        webhook(t, &t.ours, "/webhooks/twilio/voice", &fields).await;
        assert_eq!(calls(t).await[0]["from_number"], "anonymous");
    }

    async fn a_caller_is_named_whatever_the_format_of_the_contacts_number(t: &TestApp) {
        let owner = t.by(&t.ours.owner);
        crate::support::world::contact(&owner, "Carla Customer", "(415) 555-0142").await;
        webhook(t, &t.ours, "/webhooks/twilio/voice", &arrives(&t.ours.number)).await;
        assert_eq!(calls(t).await[0]["contact"]["name"], "Carla Customer");
    }

    async fn t_token_identity_a_device_of_another_organization_or_of_nobody_is_sent_away(t: &TestApp) {
        webhook(t, &t.ours, "/webhooks/twilio/voice", &arrives(&t.ours.number)).await;
        let id = calls(t).await[0]["id"].as_str().unwrap().to_owned();
        let name = |org: &offhook_core::id::OrgId, user: &str| {
            format!("client:{}", Identity { org: org.clone(), agent: UserId::parse(user).unwrap() }.name())
        };
        let foreign = name(&t.theirs.org, &t.theirs.agent.id);
        let nobody = name(&t.ours.org, "user_nobody");
        let unclaimed = name(&t.ours.org, &t.ours.agent.id);
        for (n, from) in [foreign.as_str(), nobody.as_str(), unclaimed.as_str(), "client:agent-7"].into_iter().enumerate() {
            let sid = format!("CA00000000000000000000000000000d{n:02}");
            let fields = [("CallSid", sid.as_str()), ("From", from), ("Direction", "inbound"), ("CallStatus", "ringing"), ("call_id", id.as_str())];
            let answer = webhook(t, &t.ours, "/webhooks/twilio/voice", &fields).await;
            assert!(!answer.text.contains("Conference") && answer.text.contains("<Hangup/>"), "{from}: {}", answer.text);
        }
    }

    async fn a_browsers_sound_check_hears_silence_and_is_no_call_no_leg_and_no_presence(t: &TestApp) {
        let name = |org: &offhook_core::id::OrgId, user: &str| {
            format!("client:{}", Identity { org: org.clone(), agent: UserId::parse(user).unwrap() }.name())
        };
        let presence = || async { t.by(&t.ours.owner).get("/agents").await.ok(200) };
        let before = presence().await;
        let ours = name(&t.ours.org, &t.ours.agent.id);
        let check = |sid: &'static str, from: &str| {
            let fields = [("CallSid", sid), ("From", from), ("Direction", "inbound"), ("CallStatus", "ringing"), ("sound_check", "1")];
            fields.map(|(name, value)| (name, value.to_owned()))
        };
        let knock = async |sid: &'static str, from: &str, path: &'static str, status: &str| {
            let mut fields = check(sid, from);
            status.clone_into(&mut fields[3].1);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            webhook(t, &t.ours, path, &fields).await
        };
        let answer = knock("CA00000000000000000000000000000e01", &ours, "/webhooks/twilio/voice", "ringing").await;
        assert!(answer.text.contains("silence.wav</Play><Hangup/>"), "{}", answer.text);
        let over = knock("CA00000000000000000000000000000e01", &ours, "/webhooks/twilio/status", "completed").await;
        assert_eq!(over.status, 204);
        for from in [name(&t.theirs.org, &t.theirs.agent.id), name(&t.ours.org, "user_nobody")] {
            let answer = knock("CA00000000000000000000000000000e02", &from, "/webhooks/twilio/voice", "ringing").await;
            assert!(answer.text.contains("call-over.wav"), "{from}: {}", answer.text);
        }
        assert!(calls(t).await.is_empty());
        assert_eq!(presence().await, before);
    }

    /// F5: the name in the softphone's token is the very name that the voice door lets in, and the only one.
    async fn t_token_identity_equals_route(t: &TestApp) {
        let mut names = Vec::new();
        for person in [&t.ours.supervisor, &t.theirs.agent, &t.ours.agent] {
            let given = t.by(person).post("/softphone/token", json!({})).await.ok(200);
            let name = granted(given["token"].as_str().unwrap());
            assert_eq!(given["identity"], name.as_str(), "what the page is told is what the token says");
            names.push(format!("client:{name}"));
        }
        let call = t.by(&t.ours.agent).post("/calls", json!({ "to": "+14155550142" })).await.ok(201);
        let id = call["id"].as_str().unwrap();
        for (n, from) in names.iter().enumerate() {
            let sid = format!("CA00000000000000000000000000000f{n:02}");
            let fields = [("CallSid", sid.as_str()), ("From", from), ("Direction", "inbound"), ("CallStatus", "ringing"), ("call_id", id)];
            let answer = webhook(t, &t.ours, "/webhooks/twilio/voice", &fields).await;
            assert_eq!(answer.text.contains("</Conference>"), n == 2, "{from}: {}", answer.text);
        }
    }
}

/// The identity that a token grants.
fn granted(token: &str) -> String {
    let claims = URL_SAFE_NO_PAD
        .decode(token.split('.').nth(1).unwrap())
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["grants"]["identity"].as_str().unwrap().to_owned()
}
