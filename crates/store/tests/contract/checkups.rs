//! What the doctor keeps, and the facts that it asks rows for.

use chrono::Duration;
use offhook_core::id::{CallId, UserId};
use offhook_store::checkups::{self, BrowserReport, Checkup, Happened, Work};
use offhook_store::inbox::{self, NewWebhook};
use offhook_store::jobs::{self, Class, NewJob};
use offhook_store::{Error, Reason};
use serde_json::json;
use uuid::Uuid;

use crate::support::{at, contract, organization};

contract! {
    async fn the_last_report_and_the_last_test_call_are_kept_apart(db: Db) {
        let (ours, theirs) = (organization(&db, "ours").await, organization(&db, "theirs").await);
        let call = CallId::new(Uuid::now_v7());
        db.write(&ours, async |tx| checkups::test_called(tx, &call, at(1)).await).await.unwrap();
        db.write(&ours, async |tx| checkups::keep(tx, &json!({"n": 1}), at(2)).await).await.unwrap();
        db.write(&ours, async |tx| checkups::keep(tx, &json!({"n": 2}), at(3)).await).await.unwrap();
        let last = db.read(&ours, async |tx| checkups::last(tx).await).await.unwrap();
        assert_eq!(last.report, Some((at(3), json!({"n": 2}))));
        assert_eq!(last.test_call, Some((call, at(1))));
        let other = db.read(&theirs, async |tx| checkups::last(tx).await).await.unwrap();
        assert_eq!(other, Checkup::default());
    }

    async fn the_newest_word_of_each_browser_counts(db: Db) {
        let org = organization(&db, "ours").await;
        let report = |n: i64, user: &UserId| BrowserReport { user: user.clone(), at: at(n), browser: "Firefox".into(), checks: json!([n]) };
        let (ana, ben) = (UserId::new(Uuid::now_v7()), UserId::new(Uuid::now_v7()));
        for said in [report(1, &ana), report(2, &ben), report(3, &ana)] {
            db.write(&org, async |tx| checkups::browser_said(tx, &said).await).await.unwrap();
        }
        let all = db.read(&org, async |tx| checkups::browsers(tx, at(0)).await).await.unwrap();
        assert_eq!(all, [report(3, &ana), report(2, &ben)]);
        let fresh = db.read(&org, async |tx| checkups::browsers(tx, at(3)).await).await.unwrap();
        assert_eq!(fresh.len(), 1);
    }

    async fn a_callback_comes_round_once_and_only_if_it_was_sent(db: Db) {
        let org = organization(&db, "ours").await;
        db.write(&org, async |tx| checkups::send_round(tx, "old", true, at(1), at(0)).await).await.unwrap();
        db.write(&org, async |tx| checkups::send_round(tx, "ours", false, at(2), at(2)).await).await.unwrap();
        assert!(!db.write(&org, async |tx| checkups::came_round(tx, "nobody's", at(3)).await).await.unwrap());
        assert!(db.write(&org, async |tx| checkups::came_round(tx, "old", at(3)).await).await.unwrap());
        assert!(db.write(&org, async |tx| checkups::came_round(tx, "old", at(9)).await).await.unwrap());
        let last = db.read(&org, async |tx| checkups::last_round_trip(tx).await).await.unwrap().unwrap();
        assert_eq!((last.by_carrier, last.sent_at, last.back_at), (true, at(1), Some(at(3))));
        let own = db.read(&org, async |tx| checkups::round_trip(tx, "ours").await).await.unwrap().unwrap();
        assert_eq!((own.by_carrier, own.back_at), (false, None));
        db.write(&org, async |tx| checkups::send_round(tx, "new", true, at(50), at(40)).await).await.unwrap();
        assert_eq!(db.read(&org, async |tx| checkups::round_trip(tx, "old").await).await.unwrap(), None);
    }

    async fn work_that_waits_and_work_that_failed_are_counted_for_each_organization(db: Db) {
        let (ours, theirs) = (organization(&db, "ours").await, organization(&db, "theirs").await);
        let job = |minute: i64| NewJob {
            class: Class::Background, kind: "x".into(), call: None, serial: None, payload: json!({}), repeatable: true,
            run_at: at(0) + Duration::minutes(minute), dedupe_key: None,
        };
        for minute in [1, 2, 30] {
            let new = job(minute);
            db.write(&ours, async |tx| jobs::enqueue(tx, &new, at(0)).await).await.unwrap();
        }
        let late = at(0) + Duration::minutes(10);
        let count = async |org: &offhook_core::id::OrgId| {
            let org = org.clone();
            db.system(Reason::Sweep).read(async |conn| checkups::work(conn, &org, late, at(0)).await).await.unwrap()
        };
        assert_eq!(count(&ours).await, Work { late: 2, failed: 0, unknown: 0 });
        assert_eq!(count(&theirs).await, Work::default());
    }

    async fn an_empty_organization_has_seen_nothing_happen(db: Db) {
        let org = organization(&db, "ours").await;
        let (happened, missing, left) = db.read(&org, async |tx| {
            let happened = checkups::happened(tx).await?;
            let missing = checkups::missing_recordings(tx, at(0), at(9)).await?;
            Ok::<_, Error>((happened, missing, checkups::left_legs(tx, at(9)).await?))
        }).await.unwrap();
        assert_eq!((happened, missing, left), (Happened::default(), (0, 0), 0));
        let webhook = NewWebhook { key: "k".into(), door: "d".into(), url: "/u".into(), form: Vec::new(), received_at: at(5) };
        db.write(&org, async |tx| inbox::write(tx, &webhook).await).await.unwrap();
        let undecided = async |before| db.read(&org, async |tx| checkups::undecided(tx, before).await).await.unwrap();
        assert_eq!((undecided(at(5)).await, undecided(at(6)).await), (0, 1));
    }
}
