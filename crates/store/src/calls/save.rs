//! The aggregate to rows: the call, what changed of its legs and offers, and its one timer.

use offhook_core::Time;
use offhook_core::call::{Call, Direction, Leg, Mode, Offer};
use offhook_core::id::{ContactId, NumberId, QueueId, UserId};

use super::TABLE;
use super::load::Stored;
use crate::error::Result;
use crate::time::{micros, micros_opt};
use crate::tx::{Tx, sql};
use crate::{row, timers};

/// What lists ask for, derived from the call.
struct Columns<'a> {
    mode: &'static str,
    status: &'static str,
    phase: String,
    live: bool,
    outcome: Option<String>,
    ended_by: Option<String>,
    carrier_seconds: Option<i64>,
    number: Option<&'a str>,
    contact: Option<&'a str>,
    agent: Option<&'a str>,
    queue: Option<&'a str>,
    waiting_since: Option<i64>,
    returned: bool,
    awaited: bool,
    answered_at: Option<i64>,
    ended_at: Option<i64>,
    wrap_up_until: Option<i64>,
    state: String,
}

impl<'a> Columns<'a> {
    fn of(call: &'a Call, now: Time) -> Result<Self> {
        let (mode, queue) = match &call.mode {
            Mode::Queue { queue, .. } => ("queue", Some(queue)),
            Mode::RingAgents { .. } => ("ring_agents", None),
            Mode::Forward { .. } => ("forward", None),
            Mode::Voicemail => ("voicemail", None),
            Mode::Softphone => ("softphone", None),
            Mode::PhoneFirst { .. } => ("phone_first", None),
            Mode::DeviceFirst { .. } => ("device_first", None),
            Mode::Direct => ("direct", None),
        };
        let place = call.place_in_queue();
        // Legs and offers have rows of their own.
        let bare = Call {
            legs: Vec::new(),
            offers: Vec::new(),
            ..call.clone()
        };
        Ok(Self {
            mode,
            status: call.status().as_str(),
            phase: row::word(&call.phase(now)),
            live: !call.is_over(),
            outcome: call.outcome().map(|o| row::word(&o)),
            ended_by: call.ended_by().map(|by| row::word(&by)),
            carrier_seconds: call.carrier_seconds().map(i64::from),
            number: call.number.as_ref().map(NumberId::as_str),
            contact: call.contact.as_ref().map(ContactId::as_str),
            agent: call.agent.as_ref().map(UserId::as_str),
            queue: queue.map(QueueId::as_str),
            waiting_since: place.map(|(_, since)| micros(since)),
            returned: place.is_some_and(|(first_time, _)| !first_time),
            awaited: call.awaited_agent().is_some(),
            answered_at: micros_opt(call.answered_at),
            ended_at: micros_opt(call.ended_at()),
            wrap_up_until: micros_opt(call.wrap_up_until()),
            state: row::json(TABLE, &bare)?,
        })
    }
}

/// Adds a new call; `calls_request_key` when the agent's request made one before.
pub async fn insert(
    tx: &mut Tx,
    call: &Call,
    request_key: Option<&str>,
    now: Time,
) -> Result<Stored> {
    let org = tx.org();
    let c = Columns::of(call, now)?;
    let (from, to) = match call.direction {
        Direction::Inbound => (&call.party, &call.our_number),
        Direction::Outbound => (&call.our_number, &call.party),
    };
    sql!(tx, execute, "
        INSERT INTO calls (org_id, id, direction, mode, status, phase, live, outcome, from_number, to_number, party, number_id,
            contact_id, agent_id, queue_id, started_at, waiting_since, returned, awaited, answered_at, ended_at, wrap_up_until,
            heard_at, request_key, state, version, updated_at, ended_by, carrier_seconds)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
            $25, 1, $26, $27, $28)",
        &*org, call.id.as_str(), row::word(&call.direction), c.mode, c.status, &c.phase, c.live, c.outcome.as_deref(), from, to,
        &call.party, c.number, c.contact, c.agent, c.queue, micros(call.started_at), c.waiting_since, c.returned, c.awaited,
        c.answered_at, c.ended_at, c.wrap_up_until, micros(call.heard_at), request_key, &c.state, micros(now),
        c.ended_by.as_deref(), c.carrier_seconds)?;
    save_parts(tx, &[], &[], call).await?;
    Ok(Stored {
        call: call.clone(),
        version: 1,
    })
}

/// Puts `after` in the place of what was loaded. When another transaction was quicker, the whole closure of `write` runs again.
pub async fn save(tx: &mut Tx, before: &Stored, after: &Call, now: Time) -> Result<Stored> {
    let org = tx.org();
    let c = Columns::of(after, now)?;
    let rows = sql!(tx, execute, "
        UPDATE calls SET mode = $4, status = $5, phase = $6, live = $7, outcome = $8, number_id = $9, contact_id = $10,
            agent_id = $11, queue_id = $12, waiting_since = $13, returned = $14, awaited = $15, answered_at = $16, ended_at = $17,
            wrap_up_until = $18, heard_at = $19, state = $20, updated_at = $21, ended_by = $22,
            carrier_seconds = $23, version = version + 1
        WHERE org_id = $1 AND id = $2 AND version = $3",
        &*org, after.id.as_str(), before.version, c.mode, c.status, &c.phase, c.live, c.outcome.as_deref(), c.number, c.contact,
        c.agent, c.queue, c.waiting_since, c.returned, c.awaited, c.answered_at, c.ended_at, c.wrap_up_until,
        micros(after.heard_at), &c.state, micros(now), c.ended_by.as_deref(), c.carrier_seconds)?;
    if rows == 0 {
        return Err(tx.lost_version());
    }
    save_parts(tx, &before.call.legs, &before.call.offers, after).await?;
    Ok(Stored {
        call: after.clone(),
        version: before.version + 1,
    })
}

async fn save_parts(tx: &mut Tx, legs: &[Leg], offers: &[Offer], after: &Call) -> Result<()> {
    for (position, leg) in (0_i64..).zip(&after.legs) {
        if !legs.contains(leg) {
            save_leg(tx, after, position, leg).await?;
        }
    }
    for (position, offer) in (0_i64..).zip(&after.offers) {
        if !offers.contains(offer) {
            save_offer(tx, after, position, offer).await?;
        }
    }
    timers::set(tx, timers::CALL, after.id.as_str(), after.deadline()).await
}

async fn save_leg(tx: &mut Tx, call: &Call, position: i64, leg: &Leg) -> Result<()> {
    let org = tx.org();
    let state = row::json("legs", leg)?;
    sql!(tx, execute, "
        INSERT INTO legs (org_id, id, call_id, position, sid, role, agent_id, address, status, live, created_at, answered_at,
            ended_at, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (org_id, id) DO UPDATE SET position = excluded.position, sid = excluded.sid, role = excluded.role,
            agent_id = excluded.agent_id, address = excluded.address, status = excluded.status, live = excluded.live,
            answered_at = excluded.answered_at, ended_at = excluded.ended_at, state = excluded.state",
        &*org, leg.id.as_str(), call.id.as_str(), position, leg.sid.as_deref(), row::word(&leg.role),
        leg.agent.as_ref().map(UserId::as_str), &leg.address, leg.status.as_str(), leg.is_live(), micros(leg.created_at),
        micros_opt(leg.answered_at), micros_opt(leg.ended_at), &state)?;
    Ok(())
}

async fn save_offer(tx: &mut Tx, call: &Call, position: i64, offer: &Offer) -> Result<()> {
    let org = tx.org();
    sql!(tx, execute, "
        INSERT INTO offers (org_id, id, call_id, position, agent_id, state, offered_at, expires_at, closed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (org_id, id) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at,
            closed_at = excluded.closed_at",
        &*org, offer.id.as_str(), call.id.as_str(), position, offer.agent.as_str(), row::word(&offer.state),
        micros(offer.offered_at), micros(offer.expires_at), micros_opt(offer.closed_at))?;
    Ok(())
}
