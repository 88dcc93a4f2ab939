//! The database goes away for a while: callers hear something, callbacks are thanked, and nothing is lost.

use serde_json::json;

use crate::calls::carrier::{TOKEN, account_of, later, post, quiet, signed_by, work};
use crate::support::cut;

const CALLER: &str = "CA000000000000000000000000000000c1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_db_down_callers_are_asked_for_a_moment_and_callbacks_are_kept_until_it_is_back() {
    let Some((t, line)) = cut::on_postgres().await else {
        return;
    };
    let account = account_of(&t, &t.ours).await;
    let arrives = [
        ("CallSid", CALLER),
        ("From", "+14155550142"),
        ("To", t.ours.number.as_str()),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    let first = signed_by(&t, TOKEN, &account, "/webhooks/twilio/voice", &arrives).await;
    let call = first
        .text
        .split("call=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    line.cut();
    let second = [
        ("CallSid", "CA000000000000000000000000000000c2"),
        arrives[1],
        arrives[2],
        arrives[3],
        arrives[4],
    ];
    let answer = signed_by(&t, TOKEN, &account, "/webhooks/twilio/voice", &second).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.text.contains("one-moment.wav") && answer.text.contains("try=1"),
        "{}",
        answer.text
    );
    let ended = [
        ("CallSid", CALLER),
        ("CallStatus", "completed"),
        ("SequenceNumber", "3"),
        ("CallDuration", "9"),
    ];
    let door = format!("/webhooks/twilio/status?call={call}");
    assert_eq!(
        signed_by(&t, TOKEN, &account, &door, &ended).await.status,
        204,
        "thanked, since it is written down"
    );
    let forged = post(
        &t,
        &door,
        Some("AAAA"),
        format!("AccountSid={account}&CallSid={CALLER}&CallStatus=failed"),
    )
    .await;
    assert_eq!(
        forged.status, 403,
        "what is remembered still tells a forged one"
    );
    line.mend();
    work(&t);
    offhook_server::reconcile::start(&t.app);
    later(&t, 5).await;
    quiet(&t).await;
    let over = t
        .by(&t.ours.owner)
        .get(&format!("/calls/{call}"))
        .await
        .ok(200);
    assert_eq!(
        (&over["status"], &over["outcome"]),
        (&json!("no-answer"), &json!("abandoned")),
        "{over}"
    );
    let all = t.by(&t.ours.owner).get("/calls").await.ok(200);
    assert_eq!(
        all["items"].as_array().unwrap().len(),
        2,
        "the caller who was asked for a moment is there too: {all}"
    );
    let again = signed_by(&t, TOKEN, &account, "/webhooks/twilio/voice?try=1", &second).await;
    assert!(
        again.text.contains("<Enqueue"),
        "and goes on: {}",
        again.text
    );
    t.end().await;
}
