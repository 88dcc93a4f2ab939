//! Jobs and timers: nothing twice, nothing out of order, nothing lost by a restart.

use offhook_core::id::{CallId, OrgId};
use offhook_store::jobs::{self, Class, Job, JobState, NewJob};
use offhook_store::timers::{self, Timer};
use offhook_store::{Db, Error, Reason};
use serde_json::json;
use uuid::Uuid;

use crate::support::{at, contract, organization};

fn job(kind: &str, call: Option<&CallId>) -> NewJob {
    NewJob {
        class: Class::CallControl,
        kind: kind.to_owned(),
        call: call.cloned(),
        serial: call.map(ToString::to_string),
        payload: json!({"n": 1}),
        repeatable: false,
        run_at: at(0),
        dedupe_key: None,
    }
}

async fn add(db: &Db, org: &OrgId, job: &NewJob) -> offhook_core::id::JobId {
    db.write(org, async |tx| jobs::enqueue(tx, job, at(0)).await)
        .await
        .unwrap()
        .expect("not a repeat")
}

async fn claim(db: &Db, node: &str, now: i64) -> Vec<Job> {
    db.system(Reason::Jobs)
        .write(async |c| jobs::claim(c, Class::CallControl, node, at(now), at(now + 30), 10).await)
        .await
        .unwrap()
}

fn kinds(jobs: &[Job]) -> Vec<&str> {
    jobs.iter().map(|j| j.kind.as_str()).collect()
}

contract! {
    async fn jobs_of_one_call_run_one_at_a_time_and_in_order(db: Db) {
        let org = organization(&db, "ours").await;
        let (one, two) = (CallId::new(Uuid::now_v7()), CallId::new(Uuid::now_v7()));
        for (kind, call) in [("dial", &one), ("hold", &one), ("end", &one), ("dial-two", &two)] {
            add(&db, &org, &job(kind, Some(call))).await;
        }
        let first = claim(&db, "node", 1).await;
        assert_eq!(kinds(&first), ["dial", "dial-two"]);
        assert!(claim(&db, "node", 1).await.is_empty(), "what runs is not given out again, what follows waits");

        let door = || db.system(Reason::Jobs);
        // Waiting to be tried again still holds back what follows: the order is the order.
        assert!(door().write(async |c| jobs::retry_at(c, &first[0], at(10), "429").await).await.unwrap());
        assert!(claim(&db, "node", 5).await.is_empty());
        assert_eq!(door().read(async |c| jobs::next_run_at(c, Class::CallControl).await).await.unwrap(), Some(at(10)));
        let again = claim(&db, "node", 10).await;
        assert_eq!((kinds(&again), again[0].attempts), (vec!["dial"], 2));
        assert!(door().write(async |c| jobs::finish(c, &again[0], Some(&json!({"sid": "CA1"})), at(11)).await).await.unwrap());
        let next = claim(&db, "node", 12).await;
        assert_eq!(kinds(&next), ["hold"]);
        assert!(door().write(async |c| jobs::give_up(c, &next[0], "404", at(12)).await).await.unwrap());
        assert_eq!(kinds(&claim(&db, "node", 13).await), ["end"]);

        let done = door().read(async |c| jobs::get(c, &again[0].id).await).await.unwrap();
        assert_eq!((done.state, done.result), (JobState::Done, Some(json!({"sid": "CA1"}))));
        assert_eq!(door().read(async |c| jobs::backlog(c).await).await.unwrap(), [(Class::CallControl, 2)]);
    }

    async fn many_workers_never_share_a_job(db: Db) {
        let org = organization(&db, "ours").await;
        for i in 0..40 {
            add(&db, &org, &job(&format!("job-{i}"), None)).await;
        }
        let workers = (0..6).map(|w| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let got = db.system(Reason::Jobs)
                        .write(async |c| jobs::claim(c, Class::CallControl, &format!("node-{w}"), at(1), at(99), 3).await)
                        .await
                        .unwrap();
                    if got.is_empty() {
                        return mine;
                    }
                    mine.extend(got.into_iter().map(|j| j.kind));
                }
            })
        });
        let mut all = Vec::new();
        for worker in workers.collect::<Vec<_>>() {
            all.extend(worker.await.unwrap());
        }
        all.sort();
        let count = all.len();
        all.dedup();
        assert_eq!((count, all.len()), (40, 40));
    }

    async fn the_request_hands_its_job_to_this_node_once(db: Db) {
        let org = organization(&db, "ours").await;
        let call = CallId::new(Uuid::now_v7());
        let first = add(&db, &org, &job("first", Some(&call))).await;
        let second = add(&db, &org, &job("second", Some(&call))).await;
        let take = async |id| {
            db.system(Reason::Jobs).write(async |c| jobs::claim_one(c, id, "node", at(1), at(31)).await).await.unwrap()
        };
        assert!(take(&second).await.is_none(), "its elder comes first");
        assert_eq!(take(&first).await.unwrap().kind, "first");
        assert!(take(&first).await.is_none());
        assert!(claim(&db, "other", 1).await.is_empty());
    }

    /// Invariant 8: what may have left is never sent twice; what cannot have left is taken over.
    async fn a_dead_nodes_jobs_are_taken_over_unless_they_may_have_left(db: Db) {
        let org = organization(&db, "ours").await;
        add(&db, &org, &job("not-sent", None)).await;
        add(&db, &org, &job("sent", None)).await;
        add(&db, &org, &NewJob { repeatable: true, ..job("sent-but-harmless", None) }).await;
        let mut taken = claim(&db, "dead", 0).await;
        taken.sort_by(|a, b| a.kind.cmp(&b.kind));
        let door = || db.system(Reason::Jobs);
        for sent in &taken[1..] {
            assert!(door().write(async |c| jobs::sending(c, sent, at(1)).await).await.unwrap());
        }
        assert!(claim(&db, "heir", 30).await.is_empty(), "the lease still holds");
        let lost = door().write(async |c| jobs::lost(c, at(31)).await).await.unwrap();
        assert_eq!(lost.iter().map(|j| (j.kind.as_str(), j.state)).collect::<Vec<_>>(), [("sent", JobState::Unknown)]);
        let mut heirs = claim(&db, "heir", 31).await;
        heirs.sort_by(|a, b| a.kind.cmp(&b.kind));
        assert_eq!(kinds(&heirs), ["not-sent", "sent-but-harmless"]);

        // The node was not dead but slow: it must neither send nor settle.
        assert!(!door().write(async |c| jobs::sending(c, &taken[0], at(32)).await).await.unwrap());
        assert!(!door().write(async |c| jobs::finish(c, &taken[0], None, at(32)).await).await.unwrap());
        assert!(!door().write(async |c| jobs::renew_lease(c, &taken[0], at(99)).await).await.unwrap());
        assert!(door().write(async |c| jobs::renew_lease(c, &heirs[0], at(99)).await).await.unwrap());
        assert!(door().write(async |c| jobs::mark_unknown(c, &heirs[0], "timed out", at(33)).await).await.unwrap());
    }

    async fn a_hang_up_cancels_what_has_not_left(db: Db) {
        let org = organization(&db, "ours").await;
        let (call, other) = (CallId::new(Uuid::now_v7()), CallId::new(Uuid::now_v7()));
        for (kind, call) in [("dial", &call), ("hold", &call), ("other", &other)] {
            add(&db, &org, &job(kind, Some(call))).await;
        }
        add(&db, &org, &NewJob { class: Class::Download, serial: None, ..job("download", Some(&call)) }).await;
        let dial = claim(&db, "node", 1).await.into_iter().find(|j| j.kind == "dial").unwrap();
        let cancelled = db.write(&org, async |tx| jobs::cancel_unsent(tx, &call, at(2)).await).await.unwrap();
        assert_eq!(cancelled, 2, "the one that a worker holds but has not sent, and the one behind it");
        assert!(!db.system(Reason::Jobs).write(async |c| jobs::sending(c, &dial, at(3)).await).await.unwrap());
        let states = db.read(&org, async |tx| jobs::of_call(tx, &call).await).await.unwrap();
        assert_eq!(states.iter().map(|j| j.state).collect::<Vec<_>>(), [JobState::Cancelled, JobState::Cancelled, JobState::Available]);

        let end = add(&db, &org, &job("end", Some(&call))).await;
        let taken = claim(&db, "node", 4).await;
        assert_eq!(taken.iter().map(|j| &j.id).collect::<Vec<_>>(), [&end]);
        assert!(db.system(Reason::Jobs).write(async |c| jobs::sending(c, &taken[0], at(4)).await).await.unwrap());
        assert_eq!(db.write(&org, async |tx| jobs::cancel_unsent(tx, &call, at(5)).await).await.unwrap(), 0);
    }

    async fn a_dedupe_key_is_used_once_even_after_the_job_is_done(db: Db) {
        let org = organization(&db, "ours").await;
        let once = NewJob { dedupe_key: Some("fetch:RE1".to_owned()), ..job("fetch", None) };
        add(&db, &org, &once).await;
        let job = claim(&db, "node", 1).await.remove(0);
        db.system(Reason::Jobs).write(async |c| jobs::finish(c, &job, None, at(1)).await).await.unwrap();
        let again = db.write(&org, async |tx| jobs::enqueue(tx, &once, at(2)).await).await.unwrap();
        assert_eq!(again, None);
        let theirs = organization(&db, "theirs").await;
        add(&db, &theirs, &once).await;
    }

    async fn a_job_is_not_there_when_its_change_did_not_happen(db: Db) {
        let org = organization(&db, "ours").await;
        let dial = job("dial", None);
        let failed: Result<(), Error> = db
            .write(&org, async |tx| {
                jobs::enqueue(tx, &dial, at(0)).await?;
                Err(Error::conflict("something"))
            })
            .await;
        assert!(failed.is_err());
        assert!(claim(&db, "node", 1).await.is_empty());
    }

    /// C1, C2, T-restart-keeps-pending: what waits is a row, so that another process finds it.
    async fn t_restart_keeps_pending_jobs_and_timers(db: Db, url: &str) {
        let org = organization(&db, "ours").await;
        add(&db, &org, &job("dial", None)).await;
        db.write(&org, async |tx| timers::set(tx, timers::CALL, "call_1", Some(at(20))).await).await.unwrap();
        db.close().await;

        let db = Db::open(url).await.unwrap();
        db.migrate().await.unwrap();
        assert_eq!(kinds(&claim(&db, "node", 1).await), ["dial"]);
        let door = || db.system(Reason::Timers);
        assert_eq!(door().read(async |c| timers::next_due(c).await).await.unwrap(), Some(at(20)));
        let due = door().write(async |c| timers::due(c, at(19), at(30), 10).await).await.unwrap();
        assert_eq!(due, []);
        let due = door().write(async |c| timers::due(c, at(20), at(30), 10).await).await.unwrap();
        let timer = Timer { org: org.clone(), kind: "call".to_owned(), subject: "call_1".to_owned(), due_at: at(20) };
        assert_eq!(due, std::slice::from_ref(&timer));
        // The node that took it dies: another takes it after the lease.
        assert_eq!(door().write(async |c| timers::due(c, at(25), at(40), 10).await).await.unwrap(), []);
        assert_eq!(door().write(async |c| timers::due(c, at(31), at(60), 10).await).await.unwrap(), std::slice::from_ref(&timer));
        // Set anew while it was dealt with: the new moment stays.
        db.write(&org, async |tx| timers::set(tx, timers::CALL, "call_1", Some(at(50))).await).await.unwrap();
        door().write(async |c| timers::done(c, &timer).await).await.unwrap();
        let due = door().write(async |c| timers::due(c, at(50), at(60), 10).await).await.unwrap();
        assert_eq!(due.len(), 1);
        db.write(&org, async |tx| timers::set(tx, timers::CALL, "call_1", None).await).await.unwrap();
        assert_eq!(door().write(async |c| timers::due(c, at(99), at(100), 10).await).await.unwrap(), []);
        db.close().await;
    }
}
