//! A room that an agent's device stands in before anybody was called. Front ends of other systems connect first, under a name that
//! they made up, and ask for the call afterwards; the name is only looked up, the room is named by us.

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::call::{Call, Decision, Event, LegRole, Mode, Placing, Prompt};
use offhook_core::id::{CallId, OrgId, UserId};
use offhook_core::names;
use offhook_store::organizations::Settings;
use offhook_store::standing_rooms::{self, StandingRoom};
use offhook_store::{Error, Tx, presence};
use uuid::Uuid;

use super::identity::Identity;
use super::story::{self, Source, Telling, Told};
use crate::app::App;
use crate::webhooks::policy_of;
use crate::webhooks::reply::{self, About, Tone, Twiml};
use crate::webhooks::urls::Doors;

/// No call lasts longer at the carrier, so no room does.
const LONGEST: TimeDelta = TimeDelta::hours(4);

/// An agent's device that connects under a name of its front end's.
pub(crate) struct Visitor {
    /// Whose.
    pub(crate) agent: UserId,
    /// The leg.
    pub(crate) sid: String,
    /// The name.
    pub(crate) named: String,
}

/// Where the name leads.
pub(crate) enum Led {
    /// To a call that is there already.
    Call(CallId),
    /// To a room of ours that waits for one.
    Room(Twiml),
}

/// Finds the call that the agent's front end means, or opens a room for the agent's next one.
pub(crate) async fn lead(app: &App, org: &OrgId, visitor: &Visitor) -> Result<Led, Error> {
    let now = app.clock.now();
    let new = CallId::new(Uuid::now_v7());
    let (room, called) = app
        .db
        .write(org, async |tx| {
            presence::take_turn(tx, &visitor.agent).await?;
            let known = standing_rooms::of_agent(tx, &visitor.agent, now - LONGEST).await?;
            let meant = known.into_iter().find(|room| {
                let theirs = room.asked_as == visitor.named;
                theirs && (room.called_at.is_some() || room.sid.as_ref() == Some(&visitor.sid))
            });
            if let Some(room) = meant {
                return Ok::<_, Error>((room.call, room.called_at.is_some()));
            }
            let room = StandingRoom {
                call: new.clone(),
                user: visitor.agent.clone(),
                asked_as: visitor.named.clone(),
                sid: Some(visitor.sid.clone()),
                joined: None,
                opened_at: now,
                called_at: None,
                ended_at: None,
            };
            standing_rooms::open(tx, &room).await?;
            Ok((room.call, false))
        })
        .await?;
    Ok(if called {
        Led::Call(room)
    } else {
        Led::Room(way_in(app, org, room, visitor))
    })
}

/// The same way into the room as that of a call: this is what a call of nobody yet would answer.
fn way_in(app: &App, org: &OrgId, room: CallId, visitor: &Visitor) -> Twiml {
    let now = app.clock.now();
    let doors = Doors::of(&app.config);
    let placing = Placing {
        id: room,
        org: org.clone(),
        agent: visitor.agent.clone(),
        party: String::new(),
        our_number: String::new(),
        number: None,
        contact: None,
        mode: Mode::Softphone,
        ends_with_agent: true,
        policy: policy_of(&Settings::default()),
    };
    let enters = calls_in(org, &visitor.agent, &visitor.sid);
    match Call::place(now, placing).call.decide(now, enters) {
        Decision::Next { call, reply, .. } => {
            let about = About {
                doors: &doors,
                call: &call,
                place: None,
                tone: Tone::default(),
            };
            reply::twiml(&about, &reply)
        }
        Decision::Stale { .. } | Decision::Refused { .. } => {
            reply::farewell(&doors, &Prompt::CallOver)
        }
    }
}

/// The room for the agent's next call: the one that the front end names, else the newest that waits.
pub(super) async fn waiting(
    tx: &mut Tx,
    agent: &UserId,
    named: Option<&str>,
    now: Time,
) -> Result<Option<StandingRoom>, Error> {
    let mut rooms = standing_rooms::of_agent(tx, agent, now - LONGEST).await?;
    rooms.retain(|room| room.sid.is_some() && room.called_at.is_none());
    let wanted = rooms
        .iter()
        .position(|room| Some(room.asked_as.as_str()) == named);
    Ok(rooms.into_iter().nth(wanted.unwrap_or(0)))
}

/// A call has begun in the room: it learns who stands there.
pub(super) async fn enter(
    app: &App,
    tx: &mut Tx,
    room: &StandingRoom,
    now: Time,
) -> Result<Told, Error> {
    standing_rooms::called(tx, &room.call, now).await?;
    let org = tx.org_id().clone();
    let sid = room.sid.clone().unwrap_or_default();
    let mut events = vec![calls_in(&org, &room.user, &sid)];
    if let Some((conference_sid, sequence)) = room.joined.clone() {
        events.push(Event::Joined {
            sid,
            label: names::label(LegRole::Agent, 1),
            conference_sid,
            sequence,
        });
    }
    let telling = Telling::of(events, Source::System);
    story::tell_in(app, tx, &room.call, &telling).await
}

/// The call was there first: should the front end's device come under this name, it is led to it.
pub(super) async fn name(
    tx: &mut Tx,
    call: &CallId,
    agent: &UserId,
    named: &str,
    now: Time,
) -> Result<(), Error> {
    let room = StandingRoom {
        call: call.clone(),
        user: agent.clone(),
        asked_as: named.to_owned(),
        sid: None,
        joined: None,
        opened_at: now,
        called_at: Some(now),
        ended_at: None,
    };
    standing_rooms::open(tx, &room).await
}

/// What the carrier tells of a room, or a leg, of which no call knows: perhaps it is one that waits.
pub(crate) async fn heard(
    app: &App,
    org: &OrgId,
    call: Option<&CallId>,
    events: &[Event],
) -> Result<(), Error> {
    let now = app.clock.now();
    for event in events {
        match (event, call) {
            (
                Event::Joined {
                    conference_sid,
                    sequence,
                    ..
                },
                Some(call),
            ) => {
                let work = async |tx: &mut Tx| {
                    standing_rooms::joined(tx, call, conference_sid, *sequence).await
                };
                app.db.write(org, work).await?;
            }
            (Event::Left { sid, .. }, _) => gone(app, org, sid, now).await?,
            (Event::Leg(report), _) if report.status.is_final() => {
                gone(app, org, &report.sid, now).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

async fn gone(app: &App, org: &OrgId, sid: &str, now: Time) -> Result<(), Error> {
    app.db
        .write(org, async |tx| standing_rooms::ended(tx, sid, now).await)
        .await
        .map(|_| ())
}

fn calls_in(org: &OrgId, agent: &UserId, sid: &str) -> Event {
    let identity = Identity {
        org: org.clone(),
        agent: agent.clone(),
    };
    Event::AgentCalls {
        agent: agent.clone(),
        sid: sid.to_owned(),
        label: None,
        address: format!("client:{}", identity.name()),
    }
}
