//! Two nodes on one database: what one of them changes counts on the other.

use std::time::Duration;

use offhook_server::{App, router};
use serde_json::json;

use crate::calls::carrier::{TOKEN, account_of, signed_at};
use crate::support::TestApp;

const DOOR: &str = "/webhooks/twilio/status";
const STATUS: [(&str, &str); 3] = [
    ("CallSid", "CA9"),
    ("CallStatus", "completed"),
    ("SequenceNumber", "1"),
];

async fn end(node: App) {
    node.stop.cancel();
    node.tasks.close();
    node.tasks.wait().await;
    node.db.close().await;
}

/// C5: time stands still, so that nothing that is remembered grows old by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_credential_rotation_on_one_node_counts_on_every_other() {
    let Some(t) = TestApp::on_postgres().await else {
        return;
    };
    let other = t.second_node().await;
    let there = router(&other);
    offhook_server::live::start(&other);
    let account = account_of(&t, &t.ours).await;
    let by = async |token: &str| {
        signed_at(&there, token, &account, DOOR, &STATUS)
            .await
            .status
    };
    assert_eq!(
        by(TOKEN).await,
        204,
        "the other node remembers this account now"
    );

    let news = async {
        // The other node may not have begun to listen when the first change is said: then it is told by the next one.
        for turn in 0.. {
            let token = format!("new token {turn}");
            t.saves_carrier(&t.ours.admin, json!({ "auth_token": token }))
                .await
                .ok(200);
            for _ in 0..20 {
                if by(TOKEN).await == 403 {
                    return token;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        unreachable!("it goes on until it is heard")
    };
    let token = tokio::time::timeout(Duration::from_secs(20), news)
        .await
        .expect("the old token is not believed for ever");
    assert_eq!(by(&token).await, 204);
    end(other).await;
    t.end().await;
}

/// Whoever cannot listen cannot know: nothing remembered is believed until it was read anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_begins_to_listen_doubts_what_it_remembers() {
    let Some(t) = TestApp::on_postgres().await else {
        return;
    };
    let other = t.second_node().await;
    let there = router(&other);
    let account = account_of(&t, &t.ours).await;
    let by = async |token: &str| {
        signed_at(&there, token, &account, DOOR, &STATUS)
            .await
            .status
    };
    assert_eq!(by(TOKEN).await, 204);
    t.saves_carrier(&t.ours.admin, json!({ "auth_token": "the new token" }))
        .await
        .ok(200);
    assert_eq!(by(TOKEN).await, 204, "it does not listen yet");
    offhook_server::live::start(&other);
    let doubts = async {
        while by(TOKEN).await != 403 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), doubts)
        .await
        .expect("it reads anew what it may have missed");
    end(other).await;
    t.end().await;
}
