//! Recordings, voicemails, presence.

use offhook_core::call::{Arrival, Call, Event, Free, Mode, Overflow, Policy, Ring};
use offhook_core::id::{CallId, OrgId};
use offhook_store::presence::{self, Beat, Chosen};
use offhook_store::recordings::{self, Heard, Kept, RecordingStatus};
use offhook_store::{Db, Page, calls, voicemails};
use serde_json::json;
use uuid::Uuid;

use crate::support::{agent, at, contract, organization, queue};

async fn call(db: &Db, org: &OrgId, sid: &str) -> CallId {
    let queue = queue(db, org, &format!("queue_{sid}")).await;
    let policy = Policy {
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
    };
    let arrival = Arrival {
        id: CallId::new(Uuid::now_v7()),
        org: org.clone(),
        sid: sid.to_owned(),
        party: "anonymous".to_owned(),
        our_number: "+15550100100".to_owned(),
        number: None,
        contact: None,
        mode: Mode::Queue {
            queue,
            name: "q".to_owned(),
        },
        policy,
        free: Free::default(),
    };
    let call = Call::arrive(at(0), arrival).call;
    db.write(org, async |tx| calls::insert(tx, &call, None, at(0)).await)
        .await
        .unwrap();
    call.id
}

fn heard(status: RecordingStatus) -> Heard {
    Heard {
        sid: "RE1".to_owned(),
        status,
        channels: None,
        seconds: None,
        started_at: None,
    }
}

contract! {
    /// D2, T-recording-before-status: in either order nothing is erased and nothing goes back.
    async fn a_recording_only_goes_on(db: Db) {
        let org = organization(&db, "ours").await;
        let call = call(&db, &org, "CA1").await;
        let told = Heard { channels: Some(2), seconds: Some(12), started_at: Some(at(3)), ..heard(RecordingStatus::Waiting) };
        let first = db.write(&org, async |tx| recordings::heard(tx, &call, &told, at(20)).await).await.unwrap();
        let late = heard(RecordingStatus::InProgress);
        let second = db.write(&org, async |tx| recordings::heard(tx, &call, &late, at(21)).await).await.unwrap();
        assert_eq!((second.id.clone(), second.status, second.seconds), (first.id.clone(), RecordingStatus::Waiting, Some(12)));
        assert!(!db.read(&org, async |tx| calls::summary(tx, &call).await).await.unwrap().has_recording);

        let kept = Kept {
            path: "ours/RE1.wav".to_owned(), media_type: "audio/wav".to_owned(), bytes: 4_000_000_000, channels: 2, seconds: 12,
            peaks: json!({"channels": [[0.5], [0.25]], "seconds": 12}),
        };
        db.write(&org, async |tx| recordings::kept(tx, &first.id, &kept, at(22)).await).await.unwrap();
        db.write(&org, async |tx| recordings::heard(tx, &call, &told, at(23)).await).await.unwrap();
        let ready = db.read(&org, async |tx| recordings::by_sid(tx, "RE1").await).await.unwrap().unwrap();
        assert_eq!((ready.status, ready.bytes, ready.path.as_deref()), (RecordingStatus::Ready, Some(4_000_000_000), Some("ours/RE1.wav")));
        assert_eq!(db.read(&org, async |tx| recordings::peaks(tx, &first.id).await).await.unwrap(), kept.peaks);
        assert_eq!(db.read(&org, async |tx| recordings::of_call(tx, &call).await).await.unwrap(), [ready]);
        assert!(db.read(&org, async |tx| calls::summary(tx, &call).await).await.unwrap().has_recording);
        assert!(db.write(&org, async |tx| recordings::failed(tx, &first.id, "late", at(24)).await).await.is_err());
    }

    async fn two_callbacks_at_once_are_one_recording(db: Db) {
        let org = organization(&db, "ours").await;
        let call = call(&db, &org, "CA1").await;
        let (a, b) = (heard(RecordingStatus::InProgress), heard(RecordingStatus::Waiting));
        let (one, other) = tokio::join!(
            db.write(&org, async |tx| recordings::heard(tx, &call, &a, at(1)).await),
            db.write(&org, async |tx| recordings::heard(tx, &call, &b, at(1)).await),
        );
        assert_eq!(one.unwrap().id, other.unwrap().id);
        let stored = db.read(&org, async |tx| recordings::by_sid(tx, "RE1").await).await.unwrap().unwrap();
        assert_eq!(stored.status, RecordingStatus::Waiting);
    }

    async fn a_voicemail_is_listed_with_its_call_until_somebody_hears_it(db: Db) {
        let org = organization(&db, "ours").await;
        let ada = agent(&db, &org, "Ada").await;
        let bob = agent(&db, &org, "Bob").await;
        let (first, second) = (call(&db, &org, "CA1").await, call(&db, &org, "CA2").await);
        let recording = db.write(&org, async |tx| recordings::heard(tx, &first, &heard(RecordingStatus::Waiting), at(1)).await).await.unwrap();
        let told = db.write(&org, async |tx| voicemails::save(tx, &first, None, 0, at(1)).await).await.unwrap();
        let again = db.write(&org, async |tx| voicemails::save(tx, &first, Some(&recording.id), 9, at(2)).await).await.unwrap();
        assert_eq!((again.id.clone(), again.recording, again.seconds, again.created_at), (told.id.clone(), Some(recording.id), 9, at(1)));
        db.write(&org, async |tx| voicemails::save(tx, &second, None, 4, at(3)).await).await.unwrap();

        let list = async |unheard: bool| {
            let page = Page::default();
            let listed = db.read(&org, async |tx| voicemails::list(tx, unheard, &page).await).await.unwrap();
            listed.items.into_iter().map(|(v, c)| (v.call == c.id, c.id)).collect::<Vec<_>>()
        };
        assert_eq!(list(true).await, [(true, second.clone()), (true, first.clone())]);
        db.write(&org, async |tx| voicemails::mark_heard(tx, &told.id, &ada, at(4)).await).await.unwrap();
        db.write(&org, async |tx| voicemails::mark_heard(tx, &told.id, &bob, at(5)).await).await.unwrap();
        assert_eq!(list(true).await, [(true, second)]);
        assert_eq!(list(false).await.len(), 2);
        let kept = db.read(&org, async |tx| voicemails::get(tx, &told.id).await).await.unwrap();
        assert_eq!((kept.heard_by, kept.heard_at), (Some(ada), Some(at(4))));
        assert_eq!(db.read(&org, async |tx| voicemails::unheard(tx).await).await.unwrap(), 1);
    }

    async fn presence_facts_come_from_beats_choice_legs_and_calls(db: Db) {
        let org = organization(&db, "ours").await;
        let (ada, bob) = (agent(&db, &org, "Ada").await, agent(&db, &org, "Bob").await);
        let beat = |user: &offhook_core::id::UserId, client: &str, ready: bool| {
            Beat { user: user.clone(), client: client.to_owned(), device_ready: ready }
        };
        db.write(&org, async |tx| presence::choose(tx, &ada, Chosen::Available, None, at(1)).await).await.unwrap();
        let first = [beat(&ada, "tab-1", true), beat(&ada, "tab-2", false), beat(&bob, "tab-3", false), beat(&bob, "tab-3", true)];
        db.write(&org, async |tx| presence::beat(tx, &first, at(5)).await).await.unwrap();
        let second = [beat(&ada, "tab-2", false)];
        db.write(&org, async |tx| presence::beat(tx, &second, at(9)).await).await.unwrap();

        let facts = db.read(&org, async |tx| presence::facts(tx, None, at(10)).await).await.unwrap();
        let [a, b] = facts.as_slice() else { panic!("two agents, by name") };
        assert_eq!((a.chosen, a.chosen_at, a.seen_at, a.ready_at), (Chosen::Available, Some(at(1)), Some(at(9)), Some(at(5))));
        assert_eq!((b.chosen, b.ready_at, b.live_call.as_ref()), (Chosen::Away, Some(at(5)), None));

        let call = call(&db, &org, "CA1").await;
        let tell = async |event: Event, now: i64| {
            db.write(&org, async |tx| {
                let stored = calls::load(tx, &call).await?;
                let offhook_core::call::Decision::Next { call, .. } = stored.call.decide(at(now), event.clone()) else {
                    return Err(offhook_store::Error::conflict("nothing happened"));
                };
                calls::save(tx, &stored, &call, at(now)).await
            })
            .await
            .unwrap()
        };
        let offered = tell(Event::AgentsFree { agents: vec![ada.clone()], devices: Vec::new() }, 11).await;
        tell(Event::Accept { agent: ada.clone(), offer: offered.call.offers[0].id.clone() }, 12).await;
        let facts = db.read(&org, async |tx| presence::facts(tx, Some(&ada), at(12)).await).await.unwrap();
        assert_eq!((facts[0].awaited_call.as_ref(), facts[0].live_call.as_ref()), (Some(&call), None));
        tell(Event::AgentCalls { agent: ada.clone(), sid: "CA9".to_owned(), label: None, address: "client:ada".to_owned() }, 13).await;
        let facts = db.read(&org, async |tx| presence::facts(tx, Some(&ada), at(13)).await).await.unwrap();
        assert_eq!(facts[0].live_call.as_ref(), Some(&call));

        assert!(db.write(&org, async |tx| presence::show(tx, &ada, "busy", at(13)).await).await.unwrap());
        assert!(!db.write(&org, async |tx| presence::show(tx, &ada, "busy", at(14)).await).await.unwrap());
        let facts = db.read(&org, async |tx| presence::facts(tx, Some(&ada), at(14)).await).await.unwrap();
        assert_eq!((facts[0].shown.as_deref(), facts[0].shown_since, facts[0].chosen), (Some("busy"), Some(at(13)), Chosen::Available));

        db.write(&org, async |tx| presence::polled(tx, &bob, at(14)).await).await.unwrap();
        let facts = db.read(&org, async |tx| presence::facts(tx, Some(&bob), at(14)).await).await.unwrap();
        assert_eq!((facts[0].polled_at, facts[0].shown.as_deref()), (Some(at(14)), None));
        let given = async |second| db.write(&org, async |tx| presence::device_given(tx, &bob, at(second)).await).await.unwrap();
        assert_eq!((given(15).await, given(16).await), (None, Some(at(15))), "when it had been before");
        let device = async |since| db.read(&org, async |tx| presence::any_device(tx, at(since)).await).await.unwrap();
        assert!(device(15).await && !device(16).await);
        let bobs = db.read(&org, async |tx| presence::facts(tx, Some(&bob), at(17)).await).await.unwrap();
        assert_eq!(bobs[0].device_at, Some(at(16)));
        db.write(&org, async |tx| presence::device_gone(tx, &bob, at(15)).await).await.unwrap();
        assert!(device(0).await, "it was given a newer token");
        db.write(&org, async |tx| presence::device_gone(tx, &bob, at(16)).await).await.unwrap();
        assert!(!device(0).await);

        db.write(&org, async |tx| presence::gone(tx, &ada, "tab-2").await).await.unwrap();
        assert_eq!(db.read(&org, async |tx| presence::last_beat(tx).await).await.unwrap(), Some(at(5)));
        assert_eq!(db.write(&org, async |tx| presence::prune(tx, at(6)).await).await.unwrap(), 2);
    }

    async fn two_transactions_about_one_agent_follow_each_other(db: Db) {
        let org = organization(&db, "ours").await;
        let ada = agent(&db, &org, "Ada").await;
        // Each takes the turn, looks, and writes what it saw plus one: without turns one of them would be lost.
        let rounds = (0..12).map(|_| {
            let (db, org, ada) = (db.clone(), org.clone(), ada.clone());
            tokio::spawn(async move {
                db.write(&org, async |tx| -> Result<(), offhook_store::Error> {
                    presence::take_turn(tx, &ada).await?;
                    let facts = presence::facts(tx, Some(&ada), at(0)).await?;
                    let seen: u32 = facts[0].shown.as_deref().unwrap_or("0").parse().expect("a number");
                    presence::show(tx, &ada, &(seen + 1).to_string(), at(0)).await?;
                    Ok(())
                })
                .await
                .unwrap();
            })
        });
        for round in rounds.collect::<Vec<_>>() {
            round.await.unwrap();
        }
        let facts = db.read(&org, async |tx| presence::facts(tx, Some(&ada), at(0)).await).await.unwrap();
        assert_eq!(facts[0].shown.as_deref(), Some("12"));
    }
}
