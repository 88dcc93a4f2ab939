//! Live events: a cursor that is given after the commit, without gaps, and to one organization at a time.

use std::sync::Arc;

use offhook_core::id::{OrgId, UserId};
use offhook_store::events::{self, After, Audience, NewEvent};
use offhook_store::users::Role;
use offhook_store::{Db, Error, Listener};
use serde_json::json;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::support::{OnPostgres, at, contract, organization};

fn event(kind: &str) -> NewEvent {
    NewEvent {
        kind: kind.to_owned(),
        audience: Audience::Organization,
        data: json!({"of": kind}),
    }
}

async fn tell(db: &Db, org: &OrgId, kind: &str) {
    let event = event(kind);
    db.write(org, async |tx| events::insert(tx, &event, at(0)).await)
        .await
        .unwrap();
}

async fn number(db: &Db, org: &OrgId) -> Vec<(String, i64)> {
    let numbered = db
        .write(org, async |tx| events::number(tx, 100).await)
        .await
        .unwrap();
    numbered.into_iter().map(|e| (e.kind, e.cursor)).collect()
}

async fn after(db: &Db, org: &OrgId, cursor: i64) -> Option<Vec<(String, i64)>> {
    match db
        .read(org, async |tx| events::after(tx, cursor, 100).await)
        .await
        .unwrap()
    {
        After::Events(events) => Some(events.into_iter().map(|e| (e.kind, e.cursor)).collect()),
        After::Reset => None,
    }
}

fn is(list: &[(&str, i64)]) -> Vec<(String, i64)> {
    list.iter()
        .map(|(kind, cursor)| ((*kind).to_owned(), *cursor))
        .collect()
}

contract! {
    async fn events_are_numbered_without_gaps_in_each_organization(db: Db) {
        let (ours, theirs) = (organization(&db, "ours").await, organization(&db, "theirs").await);
        for kind in ["a", "b"] {
            tell(&db, &ours, kind).await;
        }
        tell(&db, &theirs, "z").await;
        assert!(db.read(&ours, async |tx| events::any_unnumbered(tx).await).await.unwrap());
        assert_eq!(after(&db, &ours, 0).await.unwrap(), [], "not told before they are numbered");
        assert_eq!(number(&db, &ours).await, is(&[("a", 1), ("b", 2)]));
        assert_eq!(number(&db, &ours).await, []);
        assert!(!db.read(&ours, async |tx| events::any_unnumbered(tx).await).await.unwrap());
        tell(&db, &ours, "c").await;
        assert_eq!(number(&db, &ours).await, is(&[("c", 3)]));
        assert_eq!(number(&db, &theirs).await, is(&[("z", 1)]));
        assert_eq!(after(&db, &ours, 1).await.unwrap(), is(&[("b", 2), ("c", 3)]));
        assert_eq!(after(&db, &ours, 3).await.unwrap(), []);
        assert_eq!(db.read(&ours, async |tx| events::head(tx).await).await.unwrap(), 3);
    }

    async fn a_cursor_that_is_unknown_or_cleared_away_asks_for_a_fresh_start(db: Db) {
        let org = organization(&db, "ours").await;
        assert_eq!(after(&db, &org, 0).await.unwrap(), []);
        assert_eq!(after(&db, &org, 7).await, None);
        for kind in ["a", "b"] {
            tell(&db, &org, kind).await;
        }
        number(&db, &org).await;
        tell(&db, &org, "not numbered yet").await;
        assert_eq!(db.write(&org, async |tx| events::prune(tx, at(1)).await).await.unwrap(), 2);
        assert_eq!(after(&db, &org, 1).await, None);
        assert_eq!(after(&db, &org, 2).await.unwrap(), []);
        assert_eq!(number(&db, &org).await, is(&[("not numbered yet", 3)]));
        assert_eq!(after(&db, &org, 2).await.unwrap(), is(&[("not numbered yet", 3)]));
    }

    async fn two_nodes_that_number_at_once_give_each_event_one_cursor(db: Db) {
        let org = organization(&db, "ours").await;
        for i in 0..30 {
            tell(&db, &org, &format!("{i:02}")).await;
        }
        let few = async || {
            let mut all = Vec::new();
            loop {
                let some = db.write(&org, async |tx| events::number(tx, 4).await).await.unwrap();
                if some.is_empty() {
                    return all;
                }
                all.extend(some.into_iter().map(|e| (e.kind, e.cursor)));
            }
        };
        let (one, other) = tokio::join!(few(), few());
        let mut all = [one, other].concat();
        all.sort();
        let right: Vec<_> = (0..30).map(|i| (format!("{i:02}"), i + 1)).collect();
        assert_eq!(all, right);
    }

    async fn an_audience_comes_back_as_it_was(db: Db) {
        let org = organization(&db, "ours").await;
        let (ada, bob) = (UserId::new(Uuid::now_v7()), UserId::new(Uuid::now_v7()));
        let audiences = [
            Audience::Organization,
            Audience::Role(Role::Supervisor),
            Audience::Agent(ada.clone()),
            Audience::AgentAndRole(ada.clone(), Role::Admin),
        ];
        for audience in &audiences {
            let event = NewEvent { audience: audience.clone(), ..event("x") };
            db.write(&org, async |tx| events::insert(tx, &event, at(0)).await).await.unwrap();
        }
        let numbered = db.write(&org, async |tx| events::number(tx, 10).await).await.unwrap();
        assert_eq!(numbered.iter().map(|e| e.audience.clone()).collect::<Vec<_>>(), audiences);
        let seen = |user, role| numbered.iter().map(|e| e.audience.includes(user, role)).collect::<Vec<_>>();
        assert_eq!(seen(&ada, Role::Agent), [true, false, true, true]);
        assert_eq!(seen(&bob, Role::Agent), [true, false, false, false]);
        assert_eq!(seen(&bob, Role::Owner), [true, true, false, true]);
    }

    async fn a_word_on_the_bus_reaches_every_listener(db: Db) {
        let mut listeners: [Listener; 2] = [db.listen().await.unwrap(), db.listen().await.unwrap()];
        db.announce("events org_1").await.unwrap();
        for listener in &mut listeners {
            assert_eq!(listener.next().await.unwrap().as_deref(), Some("events org_1"));
        }
        assert!(db.announce(&"x".repeat(9_000)).await.is_err());
    }
}

/// The transaction that began first commits last: a cursor given at insert would hide its event from a client that has read on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_committed_in_reverse_order_are_both_seen() {
    let Some(place) = OnPostgres::new().await else {
        return;
    };
    let org = organization(&place.db, "ours").await;
    let (inserted, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (db, org, inserted, release) = (
            place.db.clone(),
            org.clone(),
            inserted.clone(),
            release.clone(),
        );
        tokio::spawn(async move {
            let first = event("began first");
            db.write(&org, async |tx| -> Result<(), Error> {
                events::insert(tx, &first, at(0)).await?;
                inserted.notify_one();
                release.notified().await;
                Ok(())
            })
            .await
        })
    };
    inserted.notified().await;
    tell(&place.db, &org, "began second").await;
    assert_eq!(number(&place.db, &org).await, is(&[("began second", 1)]));
    assert_eq!(
        after(&place.db, &org, 0).await.unwrap(),
        is(&[("began second", 1)])
    );

    release.notify_one();
    slow.await.unwrap().unwrap();
    assert_eq!(number(&place.db, &org).await, is(&[("began first", 2)]));
    assert_eq!(
        after(&place.db, &org, 1).await.unwrap(),
        is(&[("began first", 2)])
    );
    place.clear_away().await;
}
