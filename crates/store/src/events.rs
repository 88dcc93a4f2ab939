//! Live events for the app: written with the change, given their cursor after its commit.
//!
//! A cursor given at insert would lie: a transaction that began earlier may commit later, and a client that has read on
//! would never see it. So one numbering transaction at a time (the row of `event_heads` is its lock) counts what is visible.

use offhook_core::Time;
use offhook_core::id::{EventId, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};
use crate::users::Role;

const TABLE: &str = "events";

/// Who may see an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the organization.
    Organization,
    /// Those with this role or a higher one.
    Role(Role),
    /// One agent.
    Agent(UserId),
    /// One agent, and those with this role or a higher one.
    AgentAndRole(UserId, Role),
}

impl Audience {
    /// May this member see it.
    pub fn includes(&self, user: &UserId, role: Role) -> bool {
        match self {
            Self::Organization => true,
            Self::Role(least) => role >= *least,
            Self::Agent(agent) => agent == user,
            Self::AgentAndRole(agent, least) => agent == user || role >= *least,
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::Organization => "org".to_owned(),
            Self::Role(least) => format!("role:{}", least.as_str()),
            Self::Agent(agent) => format!("agent:{agent}"),
            Self::AgentAndRole(agent, least) => format!("agent:{agent} role:{}", least.as_str()),
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let agent = |id: &str| row::id(TABLE, id.to_owned());
        let role = |word: &str| row::from_word(TABLE, word.to_owned());
        match text.split_once(' ') {
            Some((a, r)) => match (a.strip_prefix("agent:"), r.strip_prefix("role:")) {
                (Some(a), Some(r)) => Ok(Self::AgentAndRole(agent(a)?, role(r)?)),
                _ => Err(Error::inconsistent(TABLE, "an unknown audience")),
            },
            None if text == "org" => Ok(Self::Organization),
            None => match (text.strip_prefix("agent:"), text.strip_prefix("role:")) {
                (Some(a), _) => Ok(Self::Agent(agent(a)?)),
                (_, Some(r)) => Ok(Self::Role(role(r)?)),
                _ => Err(Error::inconsistent(TABLE, "an unknown audience")),
            },
        }
    }
}

/// An event to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// `incoming_call`, `call_status_update`, `presence` …
    pub kind: String,
    /// Who may see it.
    pub audience: Audience,
    /// Everything the client needs; it asks for nothing more.
    pub data: Value,
}

/// An event with its cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Counts up by one in each organization.
    pub cursor: i64,
    /// `incoming_call`, `call_status_update`, `presence` …
    pub kind: String,
    /// Who may see it.
    pub audience: Audience,
    /// Everything the client needs.
    pub data: Value,
    /// When it happened.
    pub at: Time,
}

/// What follows a cursor.
#[derive(Debug, Clone, PartialEq)]
pub enum After {
    /// These; the same cursor again gives the same.
    Events(Vec<Event>),
    /// The cursor is unknown or too old: load everything again and go on from [`head`].
    Reset,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: String,
    cursor: Option<i64>,
    r#type: String,
    audience: String,
    data: String,
    at: i64,
}

impl TryFrom<EventRow> for Event {
    type Error = Error;
    fn try_from(r: EventRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            cursor: r
                .cursor
                .ok_or_else(|| Error::inconsistent(TABLE, "no cursor"))?,
            kind: r.r#type,
            audience: Audience::parse(&r.audience)?,
            data: row::from_json(TABLE, &r.data)?,
            at: moment(TABLE, r.at)?,
        })
    }
}

/// Writes an event down; it is told once it is numbered.
pub async fn insert(tx: &mut Tx, event: &NewEvent, now: Time) -> Result<EventId> {
    let org = tx.org();
    let id = EventId::new(Uuid::now_v7());
    let data = row::json(TABLE, &event.data)?;
    sql!(
        tx,
        execute,
        "
        INSERT INTO events (id, org_id, type, audience, data, at) VALUES ($1, $2, $3, $4, $5, $6)",
        id.as_str(),
        &*org,
        &event.kind,
        event.audience.to_text(),
        &data,
        micros(now)
    )?;
    Ok(id)
}

/// Is there anything to number.
pub async fn any_unnumbered(tx: &mut Tx) -> Result<bool> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<(i64,)>,
        "
        SELECT seq FROM events WHERE org_id = $1 AND cursor IS NULL LIMIT 1",
        &*org
    )?;
    Ok(found.is_some())
}

/// Gives up to `most` committed events their cursors and answers them in that order. Run it in a `write` of its own.
pub async fn number(tx: &mut Tx, most: u32) -> Result<Vec<Event>> {
    let org = tx.org();
    // Locks the organization's head, so that numbering runs follow each other; the second statement sees all that the run before did.
    let (head,) = sql!(
        tx,
        fetch_one::<(i64,)>,
        "
        INSERT INTO event_heads (org_id, cursor) VALUES ($1, 0)
        ON CONFLICT (org_id) DO UPDATE SET cursor = event_heads.cursor RETURNING cursor",
        &*org
    )?;
    let rows = sql!(
        tx,
        fetch_all::<EventRow>,
        "
        UPDATE events SET cursor = n.cursor
        FROM (SELECT seq, $2 + ROW_NUMBER() OVER (ORDER BY seq) AS cursor
              FROM events WHERE org_id = $1 AND cursor IS NULL ORDER BY seq LIMIT $3) n
        WHERE events.org_id = $1 AND events.seq = n.seq
        RETURNING events.id, events.cursor, events.type, events.audience, events.data, events.at",
        &*org,
        head,
        i64::from(most)
    )?;
    let mut events = rows
        .into_iter()
        .map(Event::try_from)
        .collect::<Result<Vec<_>>>()?;
    events.sort_by_key(|e| e.cursor);
    if let Some(last) = events.last() {
        sql!(
            tx,
            execute,
            "UPDATE event_heads SET cursor = $2 WHERE org_id = $1",
            &*org,
            last.cursor
        )?;
    }
    Ok(events)
}

/// The last cursor given; 0 before the first event.
pub async fn head(tx: &mut Tx) -> Result<i64> {
    let org = tx.org();
    let head = sql!(
        tx,
        fetch_optional::<(i64,)>,
        "SELECT cursor FROM event_heads WHERE org_id = $1",
        &*org
    )?;
    Ok(head.map_or(0, |(cursor,)| cursor))
}

/// Up to `most` events after a cursor, in order.
pub async fn after(tx: &mut Tx, cursor: i64, most: u32) -> Result<After> {
    let org = tx.org();
    let head = head(tx).await?;
    if cursor > head || cursor < 0 {
        return Ok(After::Reset);
    }
    let rows = sql!(tx, fetch_all::<EventRow>, "
        SELECT id, cursor, type, audience, data, at FROM events WHERE org_id = $1 AND cursor > $2 ORDER BY cursor LIMIT $3",
        &*org, cursor, i64::from(most))?;
    let events = rows
        .into_iter()
        .map(Event::try_from)
        .collect::<Result<Vec<_>>>()?;
    // Cursors have no gaps: where the next one is missing, it has been cleared away.
    let next = events.first().map_or(head + 1, |e| e.cursor);
    Ok(if next == cursor + 1 {
        After::Events(events)
    } else {
        After::Reset
    })
}

/// Clears away what was told before a moment.
pub async fn prune(tx: &mut Tx, before: Time) -> Result<u64> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM events WHERE org_id = $1 AND at < $2 AND cursor IS NOT NULL",
        &*org,
        micros(before)
    )
}
