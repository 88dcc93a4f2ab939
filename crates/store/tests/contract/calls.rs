//! Calls: the aggregate goes in and comes out, one writer wins, and the lists tell the truth.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::Duration;
use offhook_core::call::{
    Arrival, Call, Decision, Direction, EndedBy, Event, Free, LegReport, LegStatus, Mode, Outcome,
    Overflow, Phase, Placing, Policy, Ring, State,
};
use offhook_core::id::{CallId, ContactId, NumberId, OrgId, QueueId, UserId};
use offhook_store::calls::{
    self, AgentCounts, Appended, CallFilter, EventFilter, LoggedEvent, NewCallEvent, Stored,
};
use offhook_store::{Db, Error, Page, Reason, organizations, timers};
use serde_json::json;
use sqlx::{Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::support::{
    OnPostgres, OnSqlite, agent, at, contract, known_contact, organization, owned_number, queue,
};

fn policy() -> Policy {
    Policy {
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
    }
}

/// What stands in an organization before the first call.
struct House {
    org: OrgId,
    queue: QueueId,
    number: NumberId,
    contact: ContactId,
    ada: UserId,
    bob: UserId,
}

const CUSTOMER: &str = "+15550100001";
const OURS: &str = "+15550100100";

async fn house(db: &Db) -> House {
    let org = organization(db, "ours").await;
    House {
        queue: queue(db, &org, "support_queue").await,
        number: owned_number(db, &org, OURS).await,
        contact: known_contact(db, &org, "Grace Hopper", CUSTOMER).await,
        ada: agent(db, &org, "Ada").await,
        bob: agent(db, &org, "Bob").await,
        org,
    }
}

impl House {
    fn arrival(&self, sid: &str) -> Arrival {
        Arrival {
            id: CallId::new(Uuid::now_v7()),
            org: self.org.clone(),
            sid: sid.to_owned(),
            party: CUSTOMER.to_owned(),
            our_number: OURS.to_owned(),
            number: Some(self.number.clone()),
            contact: Some(self.contact.clone()),
            mode: Mode::Queue {
                queue: self.queue.clone(),
                name: "support_queue".to_owned(),
            },
            policy: policy(),
            free: Free::default(),
        }
    }

    async fn arrive(&self, db: &Db, sid: &str, now: i64) -> Stored {
        let call = Call::arrive(at(now), self.arrival(sid)).call;
        db.write(&self.org, async |tx| {
            calls::insert(tx, &call, None, at(now)).await
        })
        .await
        .unwrap()
    }

    fn placing(&self, agent: &UserId) -> Placing {
        Placing {
            id: CallId::new(Uuid::now_v7()),
            org: self.org.clone(),
            agent: agent.clone(),
            party: "+15550100009".to_owned(),
            our_number: OURS.to_owned(),
            number: Some(self.number.clone()),
            contact: None,
            mode: Mode::Softphone,
            ends_with_agent: false,
            policy: policy(),
        }
    }

    async fn dial(
        &self,
        db: &Db,
        agent: &UserId,
        key: Option<&str>,
        now: i64,
    ) -> Result<Stored, Error> {
        let call = Call::place(at(now), self.placing(agent)).call;
        db.write(&self.org, async |tx| {
            calls::insert(tx, &call, key, at(now)).await
        })
        .await
    }

    async fn load(&self, db: &Db, id: &CallId) -> Stored {
        db.read(&self.org, async |tx| calls::load(tx, id).await)
            .await
            .unwrap()
    }

    /// Loads, decides and saves, as every story does.
    async fn tell(&self, db: &Db, id: &CallId, now: i64, event: Event) -> Option<Stored> {
        db.write(&self.org, async |tx| {
            let stored = calls::load(tx, id).await?;
            match stored.call.decide(at(now), event.clone()) {
                Decision::Next { call, .. } => {
                    calls::save(tx, &stored, &call, at(now)).await.map(Some)
                }
                Decision::Stale { .. } | Decision::Refused { .. } => Ok::<_, Error>(None),
            }
        })
        .await
        .unwrap()
    }

    async fn page(&self, db: &Db, filter: &CallFilter) -> Vec<CallId> {
        let page = Page::default();
        let listed = db
            .read(&self.org, async |tx| calls::list(tx, filter, &page).await)
            .await
            .unwrap();
        listed.items.into_iter().map(|c| c.id).collect()
    }
}

fn ended(sid: &str, status: LegStatus) -> Event {
    Event::Leg(LegReport {
        sid: sid.to_owned(),
        status,
        duration_seconds: Some(7),
        error_code: None,
        label: None,
        parent_sid: None,
    })
}

/// Runs statements past the store, as the application's own role.
async fn forget(url: &str, statements: &[&'static str]) {
    if url.starts_with("postgres") {
        let mut conn = PgConnection::connect(url).await.unwrap();
        for statement in statements {
            sqlx::raw_sql(*statement).execute(&mut conn).await.unwrap();
        }
    } else {
        let mut conn = SqliteConnection::connect(&format!("sqlite:{url}"))
            .await
            .unwrap();
        for statement in statements {
            sqlx::raw_sql(*statement).execute(&mut conn).await.unwrap();
        }
    }
}

contract! {
    async fn a_call_comes_out_as_it_went_in(db: Db) {
        let house = house(&db).await;
        let stored = house.arrive(&db, "CA1", 0).await;
        assert_eq!(house.load(&db, &stored.call.id).await, stored);
        let by_sid = db.read(&house.org, async |tx| calls::by_leg_sid(tx, "CA1").await).await.unwrap();
        assert_eq!(by_sid.as_ref(), Some(&stored));
        assert_eq!(db.read(&house.org, async |tx| calls::by_leg_sid(tx, "CA2").await).await.unwrap(), None);

        let agents = vec![house.ada.clone(), house.bob.clone()];
        let offered = house.tell(&db, &stored.call.id, 1, Event::AgentsFree { agents, devices: Vec::new() }).await.unwrap();
        assert_eq!((offered.call.offers.len(), offered.version), (2, 2));
        assert_eq!(house.load(&db, &stored.call.id).await, offered);

        let offer = offered.call.offers[0].clone();
        let accepted = house.tell(&db, &stored.call.id, 2, Event::Accept { agent: offer.agent.clone(), offer: offer.id }).await.unwrap();
        assert_eq!(accepted.call.agent, Some(offer.agent));
        assert_eq!(house.load(&db, &stored.call.id).await, accepted);
        let theirs = organization(&db, "theirs").await;
        assert!(matches!(db.read(&theirs, async |tx| calls::load(tx, &stored.call.id).await).await, Err(Error::NotFound)));
        assert_eq!(db.read(&theirs, async |tx| calls::by_leg_sid(tx, "CA1").await).await.unwrap(), None);
    }

    /// A1 at the level of the store: fifty accept at once, one wins, the others see who.
    async fn t_accept_race_has_one_winner(db: Db) {
        let house = Arc::new(house(&db).await);
        let mut agents = Vec::new();
        for i in 0..20 {
            agents.push(agent(&db, &house.org, &format!("Agent{i}")).await);
        }
        let stored = house.arrive(&db, "CA1", 0).await;
        let id = stored.call.id.clone();
        let offered = house.tell(&db, &id, 1, Event::AgentsFree { agents, devices: Vec::new() }).await.unwrap();
        let tasks: Vec<_> = offered.call.offers.iter().cloned().map(|offer| {
            let (db, house, id) = (db.clone(), house.clone(), id.clone());
            tokio::spawn(async move {
                db.write(&house.org, async |tx| {
                    let stored = calls::load(tx, &id).await?;
                    let event = Event::Accept { agent: offer.agent.clone(), offer: offer.id.clone() };
                    match stored.call.decide(at(2), event) {
                        Decision::Next { call, .. } => calls::save(tx, &stored, &call, at(2)).await.map(|_| None),
                        Decision::Refused { code, by } => Ok::<_, Error>(Some((code, by))),
                        Decision::Stale { .. } => Ok(Some(("stale", None))),
                    }
                })
                .await
                .unwrap()
            })
        }).collect();
        let (mut winners, mut losers) = (0, Vec::new());
        for task in tasks {
            match task.await.unwrap() {
                None => winners += 1,
                Some(loser) => losers.push(loser),
            }
        }
        let winner = house.load(&db, &id).await.call.agent.expect("somebody won");
        assert_eq!(winners, 1);
        assert_eq!(losers, vec![("already_claimed", Some(winner)); 19]);
    }

    async fn those_who_count_before_they_add_follow_each_other(db: Db) {
        let house = Arc::new(house(&db).await);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (db, house) = (db.clone(), house.clone());
                tokio::spawn(async move {
                    let placing = house.placing(&house.ada);
                    let call = Call::place(at(1), placing).call;
                    db.write(&house.org, async |tx| {
                        organizations::take_turn(tx).await?;
                        if calls::live_outbound(tx).await? >= 3 {
                            return Ok::<_, Error>(false);
                        }
                        calls::insert(tx, &call, None, at(1)).await.map(|_| true)
                    })
                    .await
                    .unwrap()
                })
            })
            .collect();
        let mut added = 0;
        for task in tasks {
            added += u32::from(task.await.unwrap());
        }
        assert_eq!(added, 3);
    }

    async fn a_closure_whose_version_was_lost_runs_again_and_sees_the_winners_work(db: Db) {
        let house = house(&db).await;
        let stored = house.arrive(&db, "CA1", 0).await;
        // `before` is old on purpose, the first time.
        let stale = stored.clone();
        house.tell(&db, &stored.call.id, 1, Event::AgentsFree { agents: vec![house.ada.clone()], devices: Vec::new() }).await.unwrap();
        let runs = AtomicU32::new(0);
        let saved = db
            .write(&house.org, async |tx| {
                let before = if runs.fetch_add(1, Ordering::SeqCst) == 0 { stale.clone() } else { calls::load(tx, &stale.call.id).await? };
                let after = before.call.clone();
                calls::save(tx, &before, &after, at(2)).await
            })
            .await
            .unwrap();
        assert_eq!((runs.load(Ordering::SeqCst), saved.version), (2, 3));
        assert_eq!(saved.call.offers.len(), 1, "nothing of the winner's is lost");
    }

    /// B4, T-all-provider-statuses-storable: every word that Twilio has ends up in the row.
    async fn t_all_provider_statuses_storable(db: Db) {
        use LegStatus::*;
        let house = house(&db).await;
        for (i, status) in [Queued, Initiated, Ringing, InProgress, Completed, Busy, NoAnswer, Failed, Canceled].into_iter().enumerate() {
            let mut call = house.arrive(&db, &format!("CA{i}"), 0).await;
            let before = call.clone();
            call.call.legs[0].status = status;
            db.write(&house.org, async |tx| calls::save(tx, &before, &call.call, at(1)).await).await.unwrap();
            assert_eq!(house.load(&db, &call.call.id).await.call.legs[0].status, status);
        }
        for (i, outcome) in [
            Outcome::Answered, Outcome::Missed, Outcome::Abandoned, Outcome::Voicemail, Outcome::Forwarded, Outcome::Busy,
            Outcome::NoAnswer, Outcome::Canceled, Outcome::Failed,
        ].into_iter().enumerate() {
            let mut call = house.arrive(&db, &format!("CB{i}"), 0).await;
            let before = call.clone();
            call.call.state = State::Ended { at: at(9), outcome, by: EndedBy::Carrier };
            db.write(&house.org, async |tx| calls::save(tx, &before, &call.call, at(9)).await).await.unwrap();
            let shown = db.read(&house.org, async |tx| calls::summary(tx, &call.call.id).await).await.unwrap();
            assert_eq!((shown.outcome, shown.status, shown.ended_at), (Some(outcome), call.call.status(), Some(at(9))));
            assert_eq!(shown.ended_by, Some(EndedBy::Carrier));
            assert!(!shown.live);
        }
    }

    /// The column came after the first calls: what their state says is taken over, whoever's they are.
    async fn who_ended_older_calls_is_known_too(db: Db, url: &str) {
        let house = house(&db).await;
        let (over, goes_on) = (house.arrive(&db, "CA1", 0).await, house.arrive(&db, "CA2", 0).await);
        house.tell(&db, &over.call.id, 9, ended("CA1", LegStatus::Completed)).await.unwrap();
        forget(url, &["ALTER TABLE calls DROP COLUMN ended_by", "DELETE FROM _sqlx_migrations WHERE version = 7"]).await;
        db.migrate().await.unwrap();
        for (id, by) in [(&over.call.id, Some(EndedBy::Customer)), (&goes_on.call.id, None)] {
            let shown = db.read(&house.org, async |tx| calls::summary(tx, id).await).await.unwrap();
            assert_eq!(shown.ended_by, by);
        }
    }

    async fn the_calls_timer_follows_its_deadline(db: Db) {
        let house = house(&db).await;
        let stored = house.arrive(&db, "CA1", 0).await;
        let due = async |now: i64| {
            db.system(Reason::Timers).write(async |c| timers::due(c, at(now), at(now + 30), 10).await).await.unwrap()
        };
        let deadline = stored.call.deadline().expect("a waiting call is looked at again");
        assert!(due((deadline - at(0)).num_seconds() - 1).await.is_empty());
        let timer = due((deadline - at(0)).num_seconds()).await.remove(0);
        assert_eq!((timer.kind.as_str(), timer.subject.as_str(), timer.due_at), ("call", stored.call.id.as_str(), deadline));

        // The caller gives up while the timer is dealt with: its new state decides, not the old timer.
        let over = house.tell(&db, &stored.call.id, 31, ended("CA1", LegStatus::Completed)).await.unwrap();
        assert_eq!(over.call.outcome(), Some(Outcome::Abandoned));
        db.system(Reason::Timers).write(async |c| timers::done(c, &timer).await).await.unwrap();
        assert_eq!(over.call.deadline(), None);
        assert!(due(9_999).await.is_empty());
    }

    async fn a_repeated_event_is_known_by_its_key_and_has_its_reply(db: Db) {
        let house = house(&db).await;
        let call = house.arrive(&db, "CA1", 0).await.call.id;
        let event = NewCallEvent {
            at: at(0), source: "carrier".to_owned(), kind: "voice".to_owned(), payload: json!({"CallSid": "CA1"}),
            key: Some("voice CA1".to_owned()), reply: Some("<Response/>".to_owned()),
        };
        let append = async |event: &NewCallEvent| db.write(&house.org, async |tx| calls::append(tx, &call, event).await).await.unwrap();
        assert_eq!(append(&event).await, Appended::Fresh);
        assert_eq!(append(&event).await, Appended::Repeat { reply: Some("<Response/>".to_owned()) });
        let keyless = NewCallEvent { key: None, kind: "note".to_owned(), ..event.clone() };
        assert_eq!((append(&keyless).await, append(&keyless).await), (Appended::Fresh, Appended::Fresh));
        let timeline = db.read(&house.org, async |tx| calls::timeline(tx, &call).await).await.unwrap();
        assert_eq!(timeline.iter().map(|e| e.event.clone()).collect::<Vec<_>>(), [event, keyless.clone(), keyless]);
        assert!(timeline.is_sorted_by_key(|e| e.sequence));
    }

    async fn the_timelines_of_all_calls_are_one_log_newest_first_page_by_page(db: Db) {
        let house = house(&db).await;
        let calls = [house.arrive(&db, "CA1", 0).await.call.id, house.arrive(&db, "CA2", 1).await.call.id];
        for n in 0..6 {
            let event = NewCallEvent {
                at: at(i64::from(n) / 2), source: "carrier".to_owned(), kind: format!("line {n}"), payload: json!({ "CallStatus": "ringing" }),
                key: None, reply: None,
            };
            let call = &calls[usize::try_from(n).unwrap() % 2];
            db.write(&house.org, async |tx| calls::append(tx, call, &event).await).await.unwrap();
        }
        let log = async |filter: &EventFilter, page: &Page| db.read(&house.org, async |tx| calls::log(tx, filter, page).await).await.unwrap();
        let kinds = |lines: &[LoggedEvent]| lines.iter().map(|l| l.line.event.kind.clone()).collect::<Vec<_>>();
        let mut page = Page { limit: 4, cursor: None };
        let first = log(&EventFilter::default(), &page).await;
        assert_eq!(kinds(&first.items), ["line 5", "line 4", "line 3", "line 2"]);
        page.cursor = first.next;
        let rest = log(&EventFilter::default(), &page).await;
        assert_eq!((kinds(&rest.items), rest.next), (vec!["line 1".to_owned(), "line 0".to_owned()], None));
        let of_one = EventFilter { call: Some(calls[0].clone()), from: Some(at(1)), to: Some(at(2)) };
        let found = log(&of_one, &Page::default()).await.items;
        assert_eq!((kinds(&found), &found[0].call), (vec!["line 2".to_owned()], &calls[0]));
    }

    /// Invariant 8: one click, one call, whatever the network does with the request.
    async fn a_request_key_makes_one_call(db: Db) {
        let house = house(&db).await;
        let first = house.dial(&db, &house.ada, Some("ada:key"), 0).await.unwrap();
        let refused = house.dial(&db, &house.ada, Some("ada:key"), 1).await.unwrap_err();
        assert!(refused.is_conflict("calls_request_key"), "{refused:?}");
        let again = db.read(&house.org, async |tx| calls::by_request_key(tx, "ada:key").await).await.unwrap();
        assert_eq!(again, Some(first));
        house.dial(&db, &house.ada, None, 2).await.unwrap();
        house.dial(&db, &house.bob, None, 3).await.unwrap();
        let counts = db
            .read(&house.org, async |tx| {
                Ok::<_, Error>((calls::started_since(tx, &house.ada, at(-1)).await?, calls::started_since(tx, &house.ada, at(1)).await?,
                    calls::live_outbound(tx).await?))
            })
            .await
            .unwrap();
        assert_eq!(counts, (2, 1, 3));
    }

    async fn lists_name_everybody_and_every_filter_filters(db: Db) {
        let house = house(&db).await;
        let inbound = house.arrive(&db, "CA1", 10).await.call.id;
        let outbound = house.dial(&db, &house.ada, None, 20).await.unwrap().call.id;
        let over = house.arrive(&db, "CA3", 30).await.call.id;
        house.tell(&db, &over, 35, ended("CA3", LegStatus::Completed)).await.unwrap();

        let shown = db.read(&house.org, async |tx| calls::summary(tx, &inbound).await).await.unwrap();
        assert_eq!(shown.contact.map(|c| c.name).as_deref(), Some("Grace Hopper"));
        assert_eq!(shown.queue.map(|q| q.label).as_deref(), Some("support_queue"));
        assert_eq!(shown.number.map(|n| n.e164).as_deref(), Some(OURS));
        assert_eq!((shown.from_number.as_str(), shown.to_number.as_str()), (CUSTOMER, OURS));
        assert_eq!((shown.waiting_since, shown.live, shown.agent), (Some(at(10)), true, None));
        let dialled = db.read(&house.org, async |tx| calls::summary(tx, &outbound).await).await.unwrap();
        assert_eq!(dialled.agent.map(|a| a.name).as_deref(), Some("Ada"));
        assert_eq!((dialled.from_number.as_str(), dialled.to_number.as_str()), (OURS, "+15550100009"));

        let everything = CallFilter::default();
        assert_eq!(house.page(&db, &everything).await, [over.clone(), outbound.clone(), inbound.clone()]);
        let cases = [
            (CallFilter { direction: Some(Direction::Outbound), ..everything.clone() }, vec![&outbound]),
            (CallFilter { status: vec![LegStatus::NoAnswer, LegStatus::Busy], ..everything.clone() }, vec![&over]),
            (CallFilter { live: Some(true), ..everything.clone() }, vec![&outbound, &inbound]),
            (CallFilter { agent: Some(house.ada.clone()), ..everything.clone() }, vec![&outbound]),
            (CallFilter { contact: Some(house.contact.clone()), ..everything.clone() }, vec![&over, &inbound]),
            (CallFilter { party: Some(CUSTOMER.to_owned()), ..everything.clone() }, vec![&over, &inbound]),
            (CallFilter { number: Some(NumberId::new(Uuid::now_v7())), ..everything.clone() }, vec![]),
            (CallFilter { q: Some("HOPPER grace".to_owned()), ..everything.clone() }, vec![&over, &inbound]),
            (CallFilter { q: Some("(555) 010-0009".to_owned()), ..everything.clone() }, vec![&outbound]),
            (CallFilter { from: Some(at(20)), to: Some(at(30)), ..everything.clone() }, vec![&outbound]),
        ];
        for (filter, right) in cases {
            assert_eq!(house.page(&db, &filter).await.iter().collect::<Vec<_>>(), right, "{filter:?}");
        }
    }

    async fn pages_of_calls_miss_and_repeat_nothing_while_calls_come_in(db: Db) {
        let house = house(&db).await;
        let mut right = Vec::new();
        for i in 0..7 {
            right.insert(0, house.arrive(&db, &format!("CA{i}"), i / 3).await.call.id);
        }
        let mut seen = Vec::new();
        let mut page = Page { limit: 3, cursor: None };
        loop {
            let listed = db.read(&house.org, async |tx| calls::list(tx, &CallFilter::default(), &page).await).await.unwrap();
            seen.extend(listed.items.into_iter().map(|c| c.id));
            house.arrive(&db, &format!("later{}", seen.len()), 100).await;
            let Some(next) = listed.next else { break };
            page.cursor = Some(next);
        }
        assert_eq!(seen, right);
    }

    async fn the_queue_is_in_order_and_offers_are_on_their_screens(db: Db) {
        let house = house(&db).await;
        let first = house.arrive(&db, "CA1", 0).await.call.id;
        let second = house.arrive(&db, "CA2", 5).await.call.id;
        let before = house.load(&db, &second).await;
        let mut returned = before.call.clone();
        if let State::Waiting { returned, since, .. } = &mut returned.state {
            (*returned, *since) = (true, at(50));
        }
        db.write(&house.org, async |tx| calls::save(tx, &before, &returned, at(50)).await).await.unwrap();
        let waiting = db.read(&house.org, async |tx| calls::waiting(tx, Some(&house.queue)).await).await.unwrap();
        assert_eq!(waiting.iter().map(|c| (&c.id, c.returned)).collect::<Vec<_>>(), [(&second, true), (&first, false)]);

        house.tell(&db, &first, 6, Event::AgentsFree { agents: vec![house.ada.clone(), house.bob.clone()], devices: Vec::new() }).await.unwrap();
        let offers = db.read(&house.org, async |tx| calls::open_offers(tx, Some(&house.ada)).await).await.unwrap();
        assert_eq!(offers.iter().map(|o| (&o.call.id, &o.agent)).collect::<Vec<_>>(), [(&first, &house.ada)]);
        assert_eq!(offers[0].call.contact.as_ref().map(|c| c.name.as_str()), Some("Grace Hopper"));
        assert_eq!(db.read(&house.org, async |tx| calls::open_offers(tx, None).await).await.unwrap().len(), 2);

        let offer = offers[0].clone();
        house.tell(&db, &first, 7, Event::Accept { agent: house.ada.clone(), offer: offer.id }).await.unwrap();
        assert!(db.read(&house.org, async |tx| calls::open_offers(tx, None).await).await.unwrap().is_empty());
        let live = db.read(&house.org, async |tx| calls::live_of_agent(tx, &house.ada).await).await.unwrap();
        assert_eq!(live.iter().map(|c| (&c.id, c.phase_at(at(7)))).collect::<Vec<_>>(), [(&first, Phase::Connecting)]);

        let silent = async |begun, after: Option<&CallId>, most| {
            db.read(&house.org, async |tx| calls::silent(tx, at(begun), at(60), after, most).await).await.unwrap()
        };
        assert_eq!(silent(60, None, 10).await, [first.clone(), second.clone()]);
        assert_eq!(silent(3, None, 10).await, std::slice::from_ref(&first), "the other is too young");
        assert_eq!(silent(60, None, 1).await, std::slice::from_ref(&first));
        assert_eq!(silent(60, Some(&first), 1).await, [second], "the next round goes on");
    }

    async fn a_call_that_is_over_is_compared_while_one_of_its_legs_seems_alive(db: Db) {
        let house = house(&db).await;
        let id = house.arrive(&db, "CA1", 0).await.call.id;
        let before = house.load(&db, &id).await;
        let mut over = before.call.clone();
        over.state = State::Ended { at: at(30), outcome: Outcome::Abandoned, by: EndedBy::Customer };
        let saved = db.write(&house.org, async |tx| calls::save(tx, &before, &over, at(30)).await).await.unwrap();
        let silent = async |heard| {
            db.read(&house.org, async |tx| calls::silent(tx, at(60), at(heard), None, 10).await).await.unwrap()
        };
        assert_eq!(silent(29).await, []);
        assert_eq!(silent(30).await, std::slice::from_ref(&id));
        let among = [id.clone(), CallId::new(Uuid::now_v7())];
        let over_among = async |heard| {
            db.read(&house.org, async |tx| calls::over_among(tx, &among, at(heard)).await).await.unwrap()
        };
        assert_eq!((over_among(29).await, over_among(30).await), (vec![], vec![id.clone()]));
        let any = async |begun, ended| {
            db.read(&house.org, async |tx| calls::any_ended(tx, at(begun), at(ended)).await).await.unwrap()
        };
        assert!(any(0, 30).await && !any(0, 31).await && !any(1, 30).await);
        let mut gone = saved.call.clone();
        gone.legs[0].status = LegStatus::Completed;
        db.write(&house.org, async |tx| calls::save(tx, &saved, &gone, at(31)).await).await.unwrap();
        assert_eq!(silent(60).await, []);
    }

    /// H1, H3: counted from the rows.
    async fn t_stats_from_rows_count_taken_placed_and_missed(db: Db) {
        let house = house(&db).await;
        let both = || vec![house.ada.clone(), house.bob.clone()];
        // Ada takes one that both were offered; nobody takes the next.
        for (sid, taken) in [("CA1", true), ("CA2", false)] {
            let id = house.arrive(&db, sid, 0).await.call.id;
            let offered = house.tell(&db, &id, 1, Event::AgentsFree { agents: both(), devices: Vec::new() }).await.unwrap();
            if taken {
                let offer = offered.call.offers.iter().find(|o| o.agent == house.ada).unwrap().id.clone();
                let accepted = house.tell(&db, &id, 2, Event::Accept { agent: house.ada.clone(), offer }).await.unwrap();
                let mut together = accepted.call.clone();
                together.answered_at = Some(at(4));
                db.write(&house.org, async |tx| calls::save(tx, &accepted, &together, at(4)).await).await.unwrap();
            } else {
                let mut missed = offered.call.clone();
                for offer in &mut missed.offers {
                    offer.state = offhook_core::call::OfferState::Missed;
                }
                db.write(&house.org, async |tx| calls::save(tx, &offered, &missed, at(31)).await).await.unwrap();
            }
        }
        house.dial(&db, &house.bob, None, 5).await.unwrap();
        let counts = db.read(&house.org, async |tx| calls::counts_by_agent(tx, at(0)).await).await.unwrap();
        let of = |who: &UserId| counts.iter().find(|(agent, _)| agent == who).map(|(_, c)| *c).unwrap_or_default();
        assert_eq!(of(&house.ada), AgentCounts { inbound: 1, outbound: 0, missed: 1 });
        assert_eq!(of(&house.bob), AgentCounts { inbound: 0, outbound: 1, missed: 1 });
        let none = db.read(&house.org, async |tx| calls::counts_by_agent(tx, at(99)).await).await.unwrap();
        assert_eq!(none, []);
    }

    async fn notes_disposition_and_price_outlive_the_engines_saves(db: Db) {
        let house = house(&db).await;
        let call = house.arrive(&db, "CA1", 0).await.call.id;
        db.write(&house.org, async |tx| -> Result<(), Error> {
            calls::annotate(tx, &call, Some("rang about the invoice"), None, at(1)).await?;
            calls::annotate(tx, &call, None, Some("Resolved"), at(2)).await?;
            calls::keep_note(tx, &call, &house.ada, "call back", at(3)).await?;
            calls::keep_note(tx, &call, &house.bob, "nothing", at(3)).await?;
            calls::keep_note(tx, &call, &house.bob, "", at(4)).await?;
            calls::keep_note(tx, &call, &house.ada, "call back on Monday", at(5)).await?;
            Ok(())
        })
        .await
        .unwrap();
        house.tell(&db, &call, 9, ended("CA1", LegStatus::Completed)).await.unwrap();
        let sids = db.read(&house.org, async |tx| calls::unpriced(tx, at(-99), at(99), 10).await).await.unwrap();
        assert_eq!(sids, ["CA1"]);
        let priced = db.write(&house.org, async |tx| calls::set_leg_price(tx, "CA1", "-0.01700", "usd").await).await.unwrap();
        assert_eq!(priced, call);
        let shown = db.read(&house.org, async |tx| calls::summary(tx, &call).await).await.unwrap();
        assert_eq!((shown.note.as_deref(), shown.disposition.as_deref()), (Some("rang about the invoice"), Some("Resolved")));
        assert_eq!((shown.price.as_deref(), shown.price_currency.as_deref()), (Some("0.0170"), Some("USD")));
        let notes = db.read(&house.org, async |tx| calls::notes(tx, &call).await).await.unwrap();
        assert_eq!(notes.iter().map(|n| (n.author.name.as_str(), n.text.as_str())).collect::<Vec<_>>(), [("Ada", "call back on Monday")]);
        assert_eq!(db.read(&house.org, async |tx| calls::unpriced(tx, at(-99), at(99), 10).await).await.unwrap(), [] as [String; 0]);
    }

    async fn an_impossible_row_is_reported_not_believed(db: Db) {
        let house = house(&db).await;
        let (one, other) = (house.arrive(&db, "CA1", 0).await, house.arrive(&db, "CA2", 0).await);
        // A state that belongs to another call: `save` under a wrong id.
        let mut wrong = other.call.clone();
        wrong.id = one.call.id.clone();
        wrong.org = OrgId::new(Uuid::now_v7());
        db.write(&house.org, async |tx| calls::save(tx, &one, &wrong, at(1)).await).await.unwrap();
        let read = db.read(&house.org, async |tx| calls::load(tx, &one.call.id).await).await;
        assert!(matches!(read, Err(Error::Inconsistent { table: "calls", .. })), "{read:?}");
    }
}

/// C1: the same process, killed, finds its calls, offers and timers again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_restart_keeps_pending_calls_on_sqlite() {
    let place = OnSqlite::new().await;
    restarted(place.db.clone(), &place.url).await;
}

/// C1, on the other engine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_restart_keeps_pending_calls_on_postgres() {
    let Some(place) = OnPostgres::new().await else {
        return;
    };
    restarted(place.db.clone(), &place.url).await;
    place.clear_away().await;
}

async fn restarted(db: Db, url: &str) {
    let house = house(&db).await;
    let call = house.arrive(&db, "CA1", 0).await.call;
    let offered = house
        .tell(
            &db,
            &call.id,
            1,
            Event::AgentsFree {
                agents: vec![house.ada.clone()],
                devices: Vec::new(),
            },
        )
        .await
        .unwrap();
    drop(db);

    let db = Db::open(url).await.unwrap();
    assert_eq!(house.load(&db, &call.id).await, offered);
    let offers = db
        .read(&house.org, async |tx| {
            calls::open_offers(tx, Some(&house.ada)).await
        })
        .await
        .unwrap();
    assert_eq!(offers.len(), 1);
    let later = at(0) + Duration::days(1);
    let due = db
        .system(Reason::Timers)
        .write(async |c| timers::due(c, later, later, 10).await)
        .await
        .unwrap();
    assert_eq!(
        due.iter().map(|t| t.subject.as_str()).collect::<Vec<_>>(),
        [call.id.as_str()]
    );
    db.close().await;
}
