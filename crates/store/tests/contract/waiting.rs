//! Who has waited longest: found in the small index of those who wait, whatever lies in the table; and rooms before their call.

use offhook_core::call::{Arrival, Call, Free, Mode, Overflow, Policy, Ring};
use offhook_core::id::{CallId, OrgId, QueueId, UserId};
use offhook_store::standing_rooms::{self, StandingRoom};
use offhook_store::{Db, calls, queues};
use sqlx::{Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::support::{OnPostgres, OnSqlite, agent, at, contract, organization, queue};

/// What five years leave behind: calls that are over, each with an offer that nobody took, in SQL that both engines take.
const OLD_CALLS: &str = "
    INSERT INTO calls (org_id, id, direction, mode, status, phase, live, from_number, to_number, party, queue_id, agent_id,
        started_at, returned, awaited, ended_at, heard_at, state, version, updated_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 41000)
    SELECT $1, 'call_' || i, 'inbound', 'queue', 'no-answer', 'ended', FALSE, '+15550100001', '+15550100100', '+15550100001', $2, $3,
        i, FALSE, FALSE, i, i, '{}', 1, i FROM n";
const OLD_OFFERS: &str = "
    INSERT INTO offers (org_id, id, call_id, position, agent_id, state, offered_at, expires_at, closed_at)
    SELECT org_id, 'off_' || id, id, 0, agent_id, 'missed', started_at, started_at, started_at FROM calls WHERE org_id = $1";

async fn arrive(db: &Db, org: &OrgId, queue: &QueueId, sid: &str, now: i64) -> CallId {
    let arrival = Arrival {
        id: CallId::new(Uuid::now_v7()),
        org: org.clone(),
        sid: sid.to_owned(),
        party: "+15550100001".to_owned(),
        our_number: "+15550100100".to_owned(),
        number: None,
        contact: None,
        mode: Mode::Queue {
            queue: queue.clone(),
            name: "support_queue".to_owned(),
        },
        policy: Policy {
            ring: Ring::All,
            offer_seconds: 30,
            max_wait_seconds: 300,
            overflow: Overflow::Voicemail,
            record: true,
            recording_notice: None,
            greeting: None,
            wrap_up_seconds: 30,
            forward_shows_caller: true,
            no_message: false,
        },
        free: Free::default(),
    };
    let call = Call::arrive(at(now), arrival).call;
    db.write(org, async |tx| {
        calls::insert(tx, &call, None, at(now)).await
    })
    .await
    .unwrap();
    call.id
}

async fn next_for(db: &Db, org: &OrgId, agent: &UserId) -> Option<CallId> {
    db.read(org, async |tx| calls::next_for(tx, agent, at(100)).await)
        .await
        .unwrap()
}

contract! {
    async fn the_caller_who_has_waited_longest_in_the_agents_own_queues_is_next(db: Db) {
        let org = organization(&db, "ours").await;
        let (support, sales) = (queue(&db, &org, "support_queue").await, queue(&db, &org, "sales").await);
        let (ada, bob) = (agent(&db, &org, "Ada").await, agent(&db, &org, "Bob").await);
        db.write(&org, async |tx| queues::set_queues_of(tx, &ada, std::slice::from_ref(&support)).await).await.unwrap();
        db.write(&org, async |tx| queues::set_queues_of(tx, &bob, std::slice::from_ref(&sales)).await).await.unwrap();
        assert_eq!(next_for(&db, &org, &ada).await, None);
        let elsewhere = arrive(&db, &org, &sales, "CA0", 1).await;
        let first = arrive(&db, &org, &support, "CA1", 2).await;
        arrive(&db, &org, &support, "CA2", 3).await;
        assert_eq!(next_for(&db, &org, &ada).await, Some(first));
        assert_eq!(next_for(&db, &org, &bob).await, Some(elsewhere));
    }

    async fn a_room_is_its_agents_until_its_leg_is_gone(db: Db) {
        let org = organization(&db, "ours").await;
        let theirs = organization(&db, "theirs").await;
        let ada = agent(&db, &org, "Ada").await;
        let mut room = StandingRoom {
            call: CallId::new(Uuid::now_v7()),
            user: ada.clone(),
            asked_as: "conf-1234567890-abc123".to_owned(),
            sid: Some("CA1".to_owned()),
            joined: None,
            opened_at: at(5),
            called_at: None,
            ended_at: None,
        };
        db.write(&org, async |tx| standing_rooms::open(tx, &room).await).await.unwrap();
        let rooms = async |org: &OrgId| {
            db.read(org, async |tx| standing_rooms::of_agent(tx, &ada, at(0)).await).await.unwrap()
        };
        assert_eq!(rooms(&org).await, [room.clone()]);
        assert!(rooms(&theirs).await.is_empty());
        let joins = async |org: &OrgId, cf: &str| {
            db.write(org, async |tx| standing_rooms::joined(tx, &room.call, cf, 1).await).await.unwrap()
        };
        assert!(!joins(&theirs, "CF0").await && joins(&org, "CF1").await && !joins(&org, "CF2").await, "told once");
        db.write(&org, async |tx| standing_rooms::called(tx, &room.call, at(9)).await).await.unwrap();
        (room.joined, room.called_at) = (Some(("CF1".to_owned(), 1)), Some(at(9)));
        assert_eq!(rooms(&org).await, [room.clone()]);
        let ends = async |org: &OrgId| db.write(org, async |tx| standing_rooms::ended(tx, "CA1", at(20)).await).await.unwrap();
        assert!(!ends(&theirs).await && ends(&org).await && !ends(&org).await);
        assert!(rooms(&org).await.is_empty());
        let prune = async |org: &OrgId, before| db.write(org, async |tx| standing_rooms::prune(tx, before).await).await.unwrap();
        assert_eq!((prune(&theirs, at(60)).await, prune(&org, at(5)).await, prune(&org, at(6)).await), (0, 0, 1));
    }
}

/// What polls every three seconds costs the same with 41,000 calls of former years in the table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_is_an_index_look_up_with_41000_stale_rows_on_sqlite() {
    let place = OnSqlite::new().await;
    let (org, support, ada) = house(&place.db).await;
    let mut conn = SqliteConnection::connect(&place.url).await.unwrap();
    sqlx::query(OLD_CALLS)
        .bind(org.as_str())
        .bind(support.as_str())
        .bind(ada.as_str())
        .execute(&mut conn)
        .await
        .unwrap();
    sqlx::query(OLD_OFFERS)
        .bind(org.as_str())
        .execute(&mut conn)
        .await
        .unwrap();
    // Right without statistics, as on the first day, and with them.
    for statistics in [false, true] {
        if statistics {
            sqlx::query("ANALYZE").execute(&mut conn).await.unwrap();
        }
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "EXPLAIN QUERY PLAN {}",
            calls::NEXT_FOR
        )))
        .bind(org.as_str())
        .bind(ada.as_str())
        .bind(0_i64)
        .fetch_all(&mut conn)
        .await
        .unwrap();
        let text: Vec<String> = plan.into_iter().map(|step| step.3).collect();
        let text = text.join("\n");
        assert!(
            text.contains("SEARCH c USING INDEX calls_waiting"),
            "{text}"
        );
        // The few members of queues may be looked through; calls and offers never, and nothing is sorted.
        for costly in ["SCAN c", "SCAN o", "TEMP B-TREE"] {
            assert!(!text.contains(costly), "{text}");
        }
    }
    let first = arrive(&place.db, &org, &support, "CA1", 2).await;
    assert_eq!(next_for(&place.db, &org, &ada).await, Some(first));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_is_an_index_look_up_with_41000_stale_rows_on_postgres() {
    let Some(place) = OnPostgres::new().await else {
        return;
    };
    let (org, support, ada) = house(&place.db).await;
    let mut conn = PgConnection::connect(&place.url).await.unwrap();
    sqlx::query("SELECT set_config('offhook.org_id', $1, false)")
        .bind(org.as_str())
        .execute(&mut conn)
        .await
        .unwrap();
    sqlx::query(OLD_CALLS)
        .bind(org.as_str())
        .bind(support.as_str())
        .bind(ada.as_str())
        .execute(&mut conn)
        .await
        .unwrap();
    sqlx::query(OLD_OFFERS)
        .bind(org.as_str())
        .execute(&mut conn)
        .await
        .unwrap();
    sqlx::raw_sql("ANALYZE calls; ANALYZE offers")
        .execute(&mut conn)
        .await
        .unwrap();
    let plan: Vec<(String,)> =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN {}", calls::NEXT_FOR)))
            .bind(org.as_str())
            .bind(ada.as_str())
            .bind(0_i64)
            .fetch_all(&mut conn)
            .await
            .unwrap();
    let text: Vec<String> = plan.into_iter().map(|line| line.0).collect();
    let text = text.join("\n");
    assert!(text.contains("calls_waiting"), "{text}");
    for table in ["Seq Scan on calls", "Seq Scan on offers"] {
        assert!(!text.contains(table), "{text}");
    }
    let first = arrive(&place.db, &org, &support, "CA1", 2).await;
    assert_eq!(next_for(&place.db, &org, &ada).await, Some(first));
    conn.close().await.unwrap();
    place.clear_away().await;
}

async fn house(db: &Db) -> (OrgId, QueueId, UserId) {
    let org = organization(db, "ours").await;
    let support = queue(db, &org, "support_queue").await;
    let ada = agent(db, &org, "Ada").await;
    db.write(&org, async |tx| {
        queues::set_queues_of(tx, &ada, std::slice::from_ref(&support)).await
    })
    .await
    .unwrap();
    (org, support, ada)
}
