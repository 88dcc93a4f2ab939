//! The database goes away for a while: callers hear something, callbacks are thanked, and nothing is lost.

use serde_json::json;

use crate::calls::carrier::{TOKEN, account_of, later, post, quiet, signed_by, work};
use crate::support::{Answer, TestApp, cut};

const FIRST: &str = "CA000000000000000000000000000000c1";
const SECOND: &str = "CA000000000000000000000000000000c2";

async fn calls_in(t: &TestApp, account: &str, sid: &str, path: &str) -> Answer {
    calls(t, TOKEN, account, (sid, &t.ours.number), path).await
}

async fn calls(t: &TestApp, token: &str, account: &str, call: (&str, &str), path: &str) -> Answer {
    let fields = [
        ("CallSid", call.0),
        ("From", "+14155550142"),
        ("To", call.1),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    signed_by(t, token, account, path, &fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_db_down_callers_are_asked_for_a_moment_and_callbacks_are_kept_until_it_is_back() {
    let Some((t, line)) = cut::on_postgres().await else {
        return;
    };
    let account = account_of(&t, &t.ours).await;
    let first = calls_in(&t, &account, FIRST, "/webhooks/twilio/voice").await;
    let rest = first.text.split("call=").nth(1).unwrap();
    let call = rest.split('&').next().unwrap();
    let door = format!("/webhooks/twilio/status?call={call}");

    line.cut();
    let asked = calls_in(&t, &account, SECOND, "/webhooks/twilio/voice").await;
    assert_eq!(asked.status, 200);
    assert!(asked.text.contains("one-moment.wav"), "{}", asked.text);
    let again = "/webhooks/twilio/voice?try=1#rc=2";
    assert!(asked.text.contains(again), "{}", asked.text);
    let ended = [
        ("CallSid", FIRST),
        ("CallStatus", "completed"),
        ("SequenceNumber", "3"),
        ("CallDuration", "9"),
    ];
    let thanked = signed_by(&t, TOKEN, &account, &door, &ended).await;
    assert_eq!(thanked.status, 204, "it is written down here");
    let body = format!("AccountSid={account}&CallSid={FIRST}&CallStatus=failed");
    let forged = post(&t, &door, Some("AAAA"), body).await;
    assert_eq!(
        forged.status, 403,
        "what is remembered still tells a forged one"
    );

    line.mend();
    work(&t);
    offhook_server::reconcile::start(&t.app);
    later(&t, 5).await;
    quiet(&t).await;
    let owner = t.by(&t.ours.owner);
    let over = owner.get(&format!("/calls/{call}")).await.ok(200);
    assert_eq!(over["status"], "no-answer", "{over}");
    assert_eq!(over["outcome"], json!("abandoned"), "{over}");
    assert_eq!(over["duration_seconds"], 9, "the carrier's count: {over}");
    let all = owner.get("/calls").await.ok(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 2, "{all}");
    let again = calls_in(&t, &account, SECOND, "/webhooks/twilio/voice?try=1").await;
    assert!(
        again.text.contains("<Enqueue"),
        "and the caller goes on: {}",
        again.text
    );
    t.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_db_down_a_sender_whom_nobody_remembers_is_checked_when_the_database_is_back() {
    let Some((t, line)) = cut::on_postgres().await else {
        return;
    };
    let account = account_of(&t, &t.theirs).await;
    let (door, number) = ("/webhooks/twilio/voice", t.theirs.number.as_str());

    line.cut();
    let right = calls(&t, TOKEN, &account, (FIRST, number), door).await;
    assert!(right.text.contains("one-moment.wav"), "{}", right.text);
    let forged = calls(&t, "a forger's token", &account, (SECOND, number), door).await;
    assert_eq!(forged.status, 200, "nobody can tell yet");

    line.mend();
    work(&t);
    offhook_server::reconcile::start(&t.app);
    later(&t, 5).await;
    quiet(&t).await;
    let all = t.by(&t.theirs.owner).get("/calls").await.ok(200);
    let begun = all["items"].as_array().unwrap();
    assert_eq!(begun.len(), 1, "the forged one is dropped: {all}");
    t.end().await;
}
