//! Timers: a moment at which something has to be looked at again; a restart loses none.

use offhook_core::Time;
use offhook_core::id::OrgId;

use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, moment, moment_opt};
use crate::tx::{Conn, Tx, claim_sql, sql};

const TABLE: &str = "timers";

/// The kind of a call's one timer; its subject is the call's id.
pub const CALL: &str = "call";

/// Something to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Whose.
    pub org: OrgId,
    /// What kind of subject.
    pub kind: String,
    /// Its id.
    pub subject: String,
    /// When.
    pub due_at: Time,
}

#[derive(sqlx::FromRow)]
struct TimerRow {
    org_id: String,
    kind: String,
    subject: String,
    due_at: i64,
}

impl TryFrom<TimerRow> for Timer {
    type Error = Error;
    fn try_from(r: TimerRow) -> Result<Self> {
        Ok(Self {
            org: row::id(TABLE, r.org_id)?,
            kind: r.kind,
            subject: r.subject,
            due_at: moment(TABLE, r.due_at)?,
        })
    }
}

/// Sets the subject's one timer, whatever it was before; `None` clears it.
pub async fn set(tx: &mut Tx, kind: &str, subject: &str, due_at: Option<Time>) -> Result<()> {
    let org = tx.org();
    let Some(due_at) = due_at else {
        sql!(
            tx,
            execute,
            "DELETE FROM timers WHERE org_id = $1 AND kind = $2 AND subject = $3",
            &*org,
            kind,
            subject
        )?;
        return Ok(());
    };
    sql!(tx, execute, "
        INSERT INTO timers (org_id, kind, subject, due_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (org_id, kind, subject) DO UPDATE SET due_at = excluded.due_at, lease_until = NULL",
        &*org, kind, subject, micros(due_at))?;
    Ok(())
}

/// Takes up to `most` timers whose moment has come; another node takes them again after `lease_until`, unless they were set or done.
pub async fn due(conn: &mut Conn, now: Time, lease_until: Time, most: u32) -> Result<Vec<Timer>> {
    let rows = claim_sql!(
        conn,
        TimerRow,
        "
        UPDATE timers SET lease_until = $2
        WHERE (org_id, kind, subject) IN (
            SELECT org_id, kind, subject FROM timers
            WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until < $1)
            ORDER BY due_at LIMIT $3",
        ")
        RETURNING org_id, kind, subject, due_at",
        micros(now),
        micros(lease_until),
        i64::from(most)
    )?;
    let mut timers = rows
        .into_iter()
        .map(Timer::try_from)
        .collect::<Result<Vec<_>>>()?;
    timers.sort_by_key(|t| t.due_at);
    Ok(timers)
}

/// The timer was dealt with; if it was set anew meanwhile, it stays.
pub async fn done(conn: &mut Conn, timer: &Timer) -> Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM timers WHERE org_id = $1 AND kind = $2 AND subject = $3 AND due_at = $4 AND lease_until IS NOT NULL",
        timer.org.as_str(),
        &timer.kind,
        &timer.subject,
        micros(timer.due_at)
    )?;
    Ok(())
}

/// When the next timer that nobody deals with is due.
pub async fn next_due(conn: &mut Conn) -> Result<Option<Time>> {
    let (at,) = sql!(
        conn,
        fetch_one::<(Option<i64>,)>,
        "SELECT MIN(due_at) FROM timers WHERE lease_until IS NULL"
    )?;
    moment_opt(TABLE, at)
}
