//! An organization with somebody of each role and one of each thing.

use chrono::TimeDelta;
use offhook_core::call::{Direction, LegStatus, Offer, OfferState, Outcome, State};
use offhook_core::id::{OfferId, OrgId, SessionId, UserId};
use offhook_server::App;
use offhook_server::auth::token;
use offhook_server::config::CarrierSeed;
use offhook_server::seed::{FirstRun, PastCall, first_run};
use offhook_store::credentials::{self, Session};
use offhook_store::recordings::{Heard, RecordingStatus};
use offhook_store::seal::Secret;
use offhook_store::users::{self, Membership, Role, User};
use offhook_store::{Reason, calls, numbers, queues, recordings, voicemails};
use serde_json::json;
use uuid::Uuid;

use super::{Client, morning};

/// Somebody with a session.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) token: String,
}

/// An organization.
pub(crate) struct World {
    pub(crate) org: OrgId,
    pub(crate) owner: Person,
    pub(crate) admin: Person,
    pub(crate) supervisor: Person,
    pub(crate) agent: Person,
    pub(crate) number: String,
}

impl World {
    pub(crate) async fn make(app: &App, slug: &str, number: &str) -> Self {
        Self::of(app, slug, ("US", number), None).await
    }

    /// A new organization that has connected nothing yet.
    pub(crate) async fn bare(app: &App, slug: &str) -> Self {
        Self::of(app, slug, ("US", ""), None).await
    }

    /// An organization of a country, with a number there, perhaps with a phone that `FORWARD_PHONE_NUMBER` named.
    pub(crate) async fn of(
        app: &App,
        slug: &str,
        (country, number): (&str, &str),
        forward_to: Option<&str>,
    ) -> Self {
        let org = OrgId::new(Uuid::now_v7());
        let carrier = CarrierSeed {
            account_sid: format!("AC{}", Uuid::now_v7().simple()),
            auth_token: Secret::new("an auth token that never leaves"),
            api_key_sid: Some("SK00000000000000000000000000000001".to_owned()),
            api_key_secret: Some(Secret::new("an API key secret that never leaves")),
            twiml_app_sid: Some("AP00000000000000000000000000000001".to_owned()),
            region: None,
            // Nobody listens there: no test asks the real carrier anything.
            api_base_url: Some("http://127.0.0.1:9".parse().expect("an address")),
            signaling_url: None,
            number: Some(number.to_owned()),
            forward_to: forward_to.map(str::to_owned),
        };
        let first = FirstRun {
            organization: slug.to_owned(),
            slug: slug.to_owned(),
            country: country.to_owned(),
            name: format!("Olga {slug}"),
            email: format!("owner@{slug}.example"),
            carrier: (!number.is_empty()).then_some(carrier),
            at: morning(),
        };
        let owner = app
            .write(&org, async |tx| first_run(tx, &app.keys, &first, "").await)
            .await
            .expect("a first run");
        let owner = person(app, &org, owner, first.email.clone()).await;
        Self {
            admin: member(app, &org, Role::Admin, slug).await,
            supervisor: member(app, &org, Role::Supervisor, slug).await,
            agent: member(app, &org, Role::Agent, slug).await,
            owner,
            org,
            number: number.to_owned(),
        }
    }

    /// Somebody of a role, weakest first.
    pub(crate) fn roles(&self) -> [(&'static str, &Person); 4] {
        [
            ("agent", &self.agent),
            ("supervisor", &self.supervisor),
            ("admin", &self.admin),
            ("owner", &self.owner),
        ]
    }
}

async fn member(app: &App, org: &OrgId, role: Role, slug: &str) -> Person {
    let id = UserId::new(Uuid::now_v7());
    let email = format!("{}@{slug}.example", role.as_str());
    let user = User {
        id: id.clone(),
        email: email.clone(),
        name: format!("{} {slug}", role.as_str()),
        password_hash: None,
        created_at: morning(),
        updated_at: morning(),
    };
    let place = Membership {
        org: org.clone(),
        user: id.clone(),
        role,
        active: true,
        own_phone: None,
        caller_number: None,
        created_at: morning(),
        updated_at: morning(),
    };
    let stored: Result<(), offhook_store::Error> = app
        .write(org, async |tx| {
            users::insert(tx, &user).await?;
            users::save_membership(tx, &place).await?;
            let queues: Vec<_> = queues::list(tx).await?.into_iter().map(|q| q.id).collect();
            queues::set_queues_of(tx, &id, &queues).await
        })
        .await;
    stored.expect("a member");
    person(app, org, id, email).await
}

async fn person(app: &App, org: &OrgId, id: UserId, email: String) -> Person {
    let token = token::mint(token::SESSION);
    let session = Session {
        id: SessionId::new(Uuid::now_v7()),
        org: org.clone(),
        user: id.clone(),
        user_agent: None,
        created_at: morning(),
        last_seen_at: morning(),
        expires_at: morning() + TimeDelta::days(14),
    };
    let hash = token::hash(&token);
    app.db
        .system(Reason::Credentials)
        .write(async |conn| credentials::insert_session(conn, &session, &hash).await)
        .await
        .expect("a session");
    Person {
        id: id.into(),
        email,
        token,
    }
}

/// A contact with one phone, made through the API; answers its id.
pub(crate) async fn contact(client: &Client, name: &str, number: &str) -> String {
    let made = client
        .post(
            "/contacts",
            json!({"name": name, "phones": [{"number": number}]}),
        )
        .await
        .ok(201);
    made["id"].as_str().expect("an id").to_owned()
}

/// A call that is over, with a voicemail; their ids.
pub(crate) struct Ended {
    pub(crate) call: String,
    pub(crate) voicemail: String,
    pub(crate) recording: String,
}

/// Writes a call that ended with a voicemail a minute ago.
pub(crate) async fn ended_call(app: &App, world: &World) -> Ended {
    past_call(app, world, Outcome::Voicemail, None).await
}

/// Writes a call that is over.
pub(crate) async fn past_call(
    app: &App,
    world: &World,
    outcome: Outcome,
    agent: Option<&Person>,
) -> Ended {
    let past = past(app, world, outcome, agent).await;
    let ended: Result<Ended, offhook_store::Error> = app
        .write(&world.org, async |tx| {
            let call = past.call();
            calls::insert(tx, &call, None, morning()).await?;
            let heard = Heard {
                sid: format!("RE{}", Uuid::now_v7().simple()),
                status: RecordingStatus::Waiting,
                channels: Some(2),
                seconds: Some(40),
                started_at: None,
            };
            let recording = recordings::heard(tx, &call.id, &heard, morning()).await?;
            let voicemail =
                voicemails::save(tx, &call.id, Some(&recording.id), 40, morning()).await?;
            Ok(Ended {
                call: call.id.into(),
                voicemail: voicemail.id.into(),
                recording: recording.id.into(),
            })
        })
        .await;
    ended.expect("a call")
}

/// Writes a call that ended five seconds ago, after which somebody is in wrap-up; answers its id.
pub(crate) async fn wrapping_up(app: &App, world: &World, agent: &Person) -> String {
    let past = past(app, world, Outcome::Answered, Some(agent)).await;
    let mut call = past.call();
    if let State::Ended { at, .. } = &mut call.state {
        *at = morning() - TimeDelta::seconds(5);
    }
    call.wrapped_up_at = None;
    let stored = app
        .write(&world.org, async |tx| {
            calls::insert(tx, &call, None, morning()).await
        })
        .await;
    stored.expect("a call").call.id.into()
}

/// Writes a call that stands on an agent's screen; answers the offer's id.
pub(crate) async fn offered_call(app: &App, world: &World) -> String {
    let past = past(app, world, Outcome::Answered, None).await;
    let mut call = past.call();
    let offer = OfferId::parse(&format!("off_{}_1", call.id.body())).expect("an id");
    call.state = State::Waiting {
        since: morning(),
        queued: false,
        returned: false,
        look_at: morning() + TimeDelta::seconds(5),
    };
    call.answered_at = None;
    call.wrapped_up_at = None;
    for leg in &mut call.legs {
        leg.status = LegStatus::InProgress;
        leg.ended_at = None;
    }
    call.offers = vec![Offer {
        id: offer.clone(),
        agent: UserId::parse(&world.agent.id).expect("an id"),
        offered_at: morning(),
        expires_at: morning() + TimeDelta::seconds(30),
        state: OfferState::Offered,
        closed_at: None,
    }];
    let stored = app
        .write(&world.org, async |tx| {
            calls::insert(tx, &call, None, morning()).await
        })
        .await;
    stored.expect("a call");
    offer.into()
}

async fn past(app: &App, world: &World, outcome: Outcome, agent: Option<&Person>) -> PastCall {
    let (number, queue) = app
        .db
        .read(&world.org, async |tx| {
            let number = numbers::list(tx).await?.remove(0);
            Ok::<_, offhook_store::Error>((number, queues::list(tx).await?.remove(0)))
        })
        .await
        .expect("a number and a queue");
    PastCall {
        org: world.org.clone(),
        direction: Direction::Inbound,
        party: "+14155550142".to_owned(),
        number: (number.id, number.e164),
        contact: None,
        agent: agent.map(|person| UserId::parse(&person.id).expect("an id")),
        queue: queue.id,
        started_at: morning() - TimeDelta::minutes(2),
        wait: TimeDelta::seconds(20),
        talk: TimeDelta::seconds(40),
        outcome,
        recorded: false,
    }
}
