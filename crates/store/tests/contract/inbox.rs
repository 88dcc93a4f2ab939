//! The webhook inbox and the audit trail.

use offhook_store::inbox::{self, NewWebhook, Written};
use offhook_store::{Page, audit};
use serde_json::json;

use crate::support::{at, contract, organization};

fn webhook(key: &str, received: i64) -> NewWebhook {
    NewWebhook {
        key: key.to_owned(),
        door: "voice".to_owned(),
        url: "/webhooks/twilio/voice?a=b".to_owned(),
        form: vec![
            ("CallSid".to_owned(), "CA1".to_owned()),
            ("From".to_owned(), "+15550100001 😀".to_owned()),
        ],
        received_at: at(received),
    }
}

contract! {
    /// D1: a repeat is known, and gets the reply of the first.
    async fn a_repeated_webhook_is_known_and_has_its_reply(db: Db) {
        let org = organization(&db, "ours").await;
        let write = async |key: &str| {
            let hook = webhook(key, 0);
            db.write(&org, async |tx| inbox::write(tx, &hook).await).await.unwrap()
        };
        let Written::Fresh { id } = write("voice CA1").await else { panic!("it is new") };
        assert_eq!(write("voice CA1").await, Written::Repeat { id: id.clone(), decided: false, reply: None });
        let decide = async || db.write(&org, async |tx| inbox::decided(tx, &id, Some("<Response/>"), at(1)).await).await.unwrap();
        assert!(decide().await);
        assert!(!decide().await, "the first decision stands");
        assert_eq!(
            write("voice CA1").await,
            Written::Repeat { id: id.clone(), decided: true, reply: Some("<Response/>".to_owned()) }
        );
        assert!(matches!(write("voice CA2").await, Written::Fresh { .. }));
        let theirs = organization(&db, "theirs").await;
        let hook = webhook("voice CA1", 0);
        let written = db.write(&theirs, async |tx| inbox::write(tx, &hook).await).await.unwrap();
        assert!(matches!(written, Written::Fresh { .. }));
    }

    async fn three_deliveries_at_once_are_one_webhook(db: Db) {
        let org = organization(&db, "ours").await;
        let hook = webhook("status CA1 completed", 0);
        let deliver = async || db.write(&org, async |tx| inbox::write(tx, &hook).await).await.unwrap();
        let (a, b, c) = tokio::join!(deliver(), deliver(), deliver());
        assert_eq!([a, b, c].iter().filter(|w| matches!(w, Written::Fresh { .. })).count(), 1);
    }

    async fn what_was_never_decided_is_found_in_order_of_arrival(db: Db) {
        let org = organization(&db, "ours").await;
        let mut ids = Vec::new();
        for (key, received) in [("c", 3), ("a", 1), ("b", 2), ("too young", 50)] {
            let hook = webhook(key, received);
            let Written::Fresh { id } = db.write(&org, async |tx| inbox::write(tx, &hook).await).await.unwrap() else {
                panic!("it is new")
            };
            ids.push(id);
        }
        db.write(&org, async |tx| inbox::decided(tx, &ids[2], None, at(4)).await).await.unwrap();
        db.write(&org, async |tx| inbox::failed(tx, &ids[1], "the database was away").await).await.unwrap();
        let left = db.read(&org, async |tx| inbox::undecided(tx, at(10), 10).await).await.unwrap();
        assert_eq!(left.iter().map(|w| (w.received.key.as_str(), w.attempts)).collect::<Vec<_>>(), [("a", 1), ("c", 0)]);
        assert_eq!(left[0].received, webhook("a", 1));
        assert_eq!(db.write(&org, async |tx| inbox::prune(tx, at(99)).await).await.unwrap(), 1, "only what was decided");
    }

    async fn the_audit_trail_is_read_newest_first(db: Db) {
        let org = organization(&db, "ours").await;
        for i in 0..3 {
            let detail = json!({"on": i});
            db.write(&org, async |tx| audit::write(tx, None, "notice.switched", "org", &detail, at(i)).await).await.unwrap();
        }
        let page = Page { limit: 2, cursor: None };
        let first = db.read(&org, async |tx| audit::list(tx, &page).await).await.unwrap();
        assert_eq!(first.items.iter().map(|l| l.detail["on"].as_i64()).collect::<Vec<_>>(), [Some(2), Some(1)]);
        let page = Page { limit: 2, cursor: first.next };
        let second = db.read(&org, async |tx| audit::list(tx, &page).await).await.unwrap();
        assert_eq!((second.items.len(), second.next), (1, None));
    }
}
