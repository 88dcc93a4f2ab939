//! The timeline of a call: append-only, with the full payload, and by which a repeat is known.

use offhook_core::Time;
use offhook_core::id::CallId;
use serde_json::Value;

use crate::dynamic::{Statement, run};
use crate::error::{Error, Result};
use crate::page::{Listed, Page};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};

const TABLE: &str = "call_events";

/// What happened to a call.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCallEvent {
    /// When.
    pub at: Time,
    /// `carrier`, `agent` or `system`.
    pub source: String,
    /// What, for example `status`.
    pub kind: String,
    /// Everything that was said.
    pub payload: Value,
    /// By which a repeat is known, where one can come.
    pub key: Option<String>,
    /// What was answered.
    pub reply: Option<String>,
}

/// A line of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct CallEvent {
    /// Grows along the timeline.
    pub sequence: i64,
    /// What happened.
    pub event: NewCallEvent,
}

/// A line of the timeline of some call.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// Whose.
    pub call: CallId,
    /// The line.
    pub line: CallEvent,
}

/// Which lines, of all calls; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Of this call.
    pub call: Option<CallId>,
    /// Then or later.
    pub from: Option<Time>,
    /// Before then.
    pub to: Option<Time>,
}

/// What appending showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// It is new.
    Fresh,
    /// It came before, and was answered so.
    Repeat {
        /// The answer of the first time.
        reply: Option<String>,
    },
}

#[derive(sqlx::FromRow)]
struct CallEventRow {
    sequence: i64,
    at: i64,
    source: String,
    r#type: String,
    payload: String,
    key: Option<String>,
    reply: Option<String>,
}

impl TryFrom<CallEventRow> for CallEvent {
    type Error = Error;
    fn try_from(r: CallEventRow) -> Result<Self> {
        let event = NewCallEvent {
            at: moment(TABLE, r.at)?,
            source: r.source,
            kind: r.r#type,
            payload: row::from_json(TABLE, &r.payload)?,
            key: r.key,
            reply: r.reply,
        };
        Ok(Self {
            sequence: r.sequence,
            event,
        })
    }
}

/// Adds a line, unless its key is known.
pub async fn append(tx: &mut Tx, call: &CallId, event: &NewCallEvent) -> Result<Appended> {
    let org = tx.org();
    let payload = row::json(TABLE, &event.payload)?;
    let rows = sql!(tx, execute, "
        INSERT INTO call_events (org_id, call_id, at, source, type, payload, key, reply) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (org_id, key) DO NOTHING",
        &*org, call.as_str(), micros(event.at), &event.source, &event.kind, &payload, event.key.as_deref(),
        event.reply.as_deref())?;
    match (rows, &event.key) {
        (0, Some(key)) => Ok(Appended::Repeat {
            reply: repeat(tx, key).await?.flatten(),
        }),
        _ => Ok(Appended::Fresh),
    }
}

/// Is the key known; if so, what was answered.
pub async fn repeat(tx: &mut Tx, key: &str) -> Result<Option<Option<String>>> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<(Option<String>,)>,
        "
        SELECT reply FROM call_events WHERE org_id = $1 AND key = $2",
        &*org,
        key
    )?;
    Ok(found.map(|(reply,)| reply))
}

/// The timeline of a call, oldest first.
pub async fn timeline(tx: &mut Tx, call: &CallId) -> Result<Vec<CallEvent>> {
    let org = tx.org();
    sql!(
        tx,
        fetch_all::<CallEventRow>,
        "
        SELECT sequence, at, source, type, payload, key, reply
        FROM call_events WHERE org_id = $1 AND call_id = $2 ORDER BY sequence",
        &*org,
        call.as_str()
    )?
    .into_iter()
    .map(CallEvent::try_from)
    .collect()
}

#[derive(sqlx::FromRow)]
struct LoggedRow {
    call_id: String,
    #[sqlx(flatten)]
    line: CallEventRow,
}

/// The timelines of all calls as one, newest first.
pub async fn log(tx: &mut Tx, filter: &EventFilter, page: &Page) -> Result<Listed<LoggedEvent>> {
    let org = tx.org();
    let mut s = Statement::default();
    s.add(
        "SELECT e.call_id, e.sequence, e.at, e.source, e.type, e.payload, e.key, e.reply FROM call_events e WHERE e.org_id = ?",
        [(&*org).into()],
    )
    .when(" AND e.call_id = ?", filter.call.as_ref().map(CallId::as_str))
    .when(" AND e.at >= ?", filter.from.map(micros))
    .when(" AND e.at < ?", filter.to.map(micros));
    if let Some(p) = page.position()? {
        let sequence: i64 = p.id.parse().map_err(|_| Error::conflict("cursor"))?;
        s.add(
            " AND (e.at, e.sequence) < (?, ?)",
            [p.at.into(), sequence.into()],
        );
    }
    s.add(
        " ORDER BY e.at DESC, e.sequence DESC LIMIT ?",
        [(page.rows() + 1).into()],
    );
    let rows = run!(tx, fetch_all::<LoggedRow>, s)?;
    let lines = rows.into_iter().map(LoggedEvent::try_from);
    let lines = lines.collect::<Result<_>>()?;
    Ok(page.cut(lines, |logged: &LoggedEvent| {
        (logged.line.event.at, logged.line.sequence.to_string())
    }))
}

impl TryFrom<LoggedRow> for LoggedEvent {
    type Error = Error;
    fn try_from(r: LoggedRow) -> Result<Self> {
        Ok(Self {
            call: row::id(TABLE, r.call_id)?,
            line: r.line.try_into()?,
        })
    }
}
