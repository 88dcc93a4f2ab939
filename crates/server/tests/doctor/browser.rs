//! What browsers say of themselves.

use serde_json::json;

use super::check;
use super::public::{Public, places};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_microphone_is_told_with_the_persons_name() {
    for place in places().await {
        let p = Public::at(place).await;
        assert_eq!(
            p.state("browser.microphone").await,
            "skipped",
            "no browser has said anything"
        );
        let refused = json!({"browser": "Firefox 140", "checks": [
            {"name": "microphone", "ok": false, "detail": "The browser does not let us."}, {"name": "sound", "ok": true}, {"name": "network", "ok": null}]});
        let agent = p.t.by(&p.t.ours.agent);
        assert_eq!(agent.post("/doctor/browser", refused).await.status, 204);
        let report = p.report().await;
        let microphone = check(&report, "browser.microphone");
        assert_eq!(microphone["state"], "failed");
        assert!(
            microphone["finding"]
                .as_str()
                .unwrap()
                .contains("agent ours (The browser does not let us)"),
            "{microphone}"
        );
        assert_eq!(check(&report, "browser.sound")["state"], "ok");
        assert_eq!(check(&report, "browser.network")["state"], "skipped");

        let well = json!({"checks": [{"name": "microphone", "ok": true}]});
        p.t.by(&p.t.ours.owner)
            .post("/doctor/browser", well.clone())
            .await
            .ok(204);
        assert_eq!(
            p.state("browser.microphone").await,
            "warning",
            "it is one person's trouble"
        );
        agent.post("/doctor/browser", well).await.ok(204);
        assert_eq!(
            p.state("browser.microphone").await,
            "ok",
            "the newest word of each person counts"
        );

        let theirs = super::examined(&p.t, &p.t.by(&p.t.theirs.admin)).await;
        assert_eq!(check(&theirs, "browser.microphone")["state"], "skipped");
        p.t.end().await;
    }
}
