//! What the doctor keeps: its last report, what browsers say of themselves, callbacks sent round; and the facts that it asks rows for.

use offhook_core::Time;
use offhook_core::id::{CallId, OrgId, UserId};
use serde_json::Value;

use crate::error::Result;
use crate::row;
use crate::time::{micros, moment, moment_opt};
use crate::tx::{Conn, Tx, sql};

const TABLE: &str = "checkups";

/// The last report, and the last test call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checkup {
    /// When it was made, and what it says.
    pub report: Option<(Time, Value)>,
    /// The test call, and when it was begun.
    pub test_call: Option<(CallId, Time)>,
}

/// What was kept last.
pub async fn last(tx: &mut Tx) -> Result<Checkup> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<(Option<i64>, Option<String>, Option<String>, Option<i64>)>,
        "SELECT at, report, test_call_id, test_called_at FROM checkups WHERE org_id = $1",
        &*org
    )?;
    let Some((at, report, call, called_at)) = found else {
        return Ok(Checkup::default());
    };
    let report = row::from_json_opt(TABLE, report.as_deref())?;
    Ok(Checkup {
        report: moment_opt(TABLE, at)?.zip(report),
        test_call: row::id_opt(TABLE, call)?.zip(moment_opt(TABLE, called_at)?),
    })
}

/// Keeps a report in the place of the one before.
pub async fn keep(tx: &mut Tx, report: &Value, now: Time) -> Result<()> {
    let org = tx.org();
    let report = row::json(TABLE, report)?;
    sql!(
        tx,
        execute,
        "
        INSERT INTO checkups (org_id, at, report) VALUES ($1, $2, $3)
        ON CONFLICT (org_id) DO UPDATE SET at = excluded.at, report = excluded.report",
        &*org,
        micros(now),
        &report
    )?;
    Ok(())
}

/// This call is the test from now on.
pub async fn test_called(tx: &mut Tx, call: &CallId, now: Time) -> Result<()> {
    let org = tx.org();
    sql!(tx, execute, "
        INSERT INTO checkups (org_id, test_call_id, test_called_at) VALUES ($1, $2, $3)
        ON CONFLICT (org_id) DO UPDATE SET test_call_id = excluded.test_call_id, test_called_at = excluded.test_called_at",
        &*org, call.as_str(), micros(now))?;
    Ok(())
}

/// What somebody's browser said about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct BrowserReport {
    /// Whose.
    pub user: UserId,
    /// When.
    pub at: Time,
    /// Which browser.
    pub browser: String,
    /// What it tried.
    pub checks: Value,
}

/// Keeps what a browser said in the place of what the same person's said before.
pub async fn browser_said(tx: &mut Tx, report: &BrowserReport) -> Result<()> {
    let org = tx.org();
    let checks = row::json(TABLE, &report.checks)?;
    sql!(tx, execute, "
        INSERT INTO browser_reports (org_id, user_id, at, browser, checks) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (org_id, user_id) DO UPDATE SET at = excluded.at, browser = excluded.browser, checks = excluded.checks",
        &*org, report.user.as_str(), micros(report.at), &report.browser, &checks)?;
    Ok(())
}

/// What browsers said since a moment, the newest first.
pub async fn browsers(tx: &mut Tx, since: Time) -> Result<Vec<BrowserReport>> {
    let org = tx.org();
    sql!(tx, fetch_all::<(String, i64, String, String)>, "
        SELECT user_id, at, browser, checks FROM browser_reports WHERE org_id = $1 AND at >= $2 ORDER BY at DESC, user_id",
        &*org, micros(since))?
        .into_iter()
        .map(|(user, at, browser, checks)| {
            Ok(BrowserReport {
                user: row::id(TABLE, user)?,
                at: moment(TABLE, at)?,
                browser,
                checks: row::from_json(TABLE, &checks)?,
            })
        })
        .collect()
}

/// A callback on its way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTrip {
    /// The carrier sends it; otherwise we do ourselves.
    pub by_carrier: bool,
    /// Since when it is on its way.
    pub sent_at: Time,
    /// When it came.
    pub back_at: Option<Time>,
}

/// A callback is about to be sent; those sent before `forget` are forgotten.
pub async fn send_round(
    tx: &mut Tx,
    id: &str,
    by_carrier: bool,
    now: Time,
    forget: Time,
) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM round_trips WHERE org_id = $1 AND by_carrier = $2 AND sent_at < $3",
        &*org,
        by_carrier,
        micros(forget)
    )?;
    sql!(
        tx,
        execute,
        "INSERT INTO round_trips (org_id, id, by_carrier, sent_at) VALUES ($1, $2, $3, $4)",
        &*org,
        id,
        by_carrier,
        micros(now)
    )?;
    Ok(())
}

/// A callback came round; `false` for one that nobody sent. Its first arrival counts.
pub async fn came_round(tx: &mut Tx, id: &str, now: Time) -> Result<bool> {
    let org = tx.org();
    let rows = sql!(
        tx,
        execute,
        "
        UPDATE round_trips SET back_at = COALESCE(back_at, $3) WHERE org_id = $1 AND id = $2",
        &*org,
        id,
        micros(now)
    )?;
    Ok(rows == 1)
}

/// A callback that was sent round.
pub async fn round_trip(tx: &mut Tx, id: &str) -> Result<Option<RoundTrip>> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<(bool, i64, Option<i64>)>,
        "SELECT by_carrier, sent_at, back_at FROM round_trips WHERE org_id = $1 AND id = $2",
        &*org,
        id
    )?;
    found.map(trip).transpose()
}

/// The last callback that the carrier was asked for.
pub async fn last_round_trip(tx: &mut Tx) -> Result<Option<RoundTrip>> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<(bool, i64, Option<i64>)>,
        "
        SELECT by_carrier, sent_at, back_at FROM round_trips WHERE org_id = $1 AND by_carrier
        ORDER BY sent_at DESC, id DESC LIMIT 1",
        &*org
    )?;
    found.map(trip).transpose()
}

fn trip((by_carrier, sent_at, back_at): (bool, i64, Option<i64>)) -> Result<RoundTrip> {
    Ok(RoundTrip {
        by_carrier,
        sent_at: moment(TABLE, sent_at)?,
        back_at: moment_opt(TABLE, back_at)?,
    })
}

/// What has happened here at least once.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and all of them may be so"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Happened {
    /// Somebody called one of our numbers.
    pub inbound: bool,
    /// Such a call was taken.
    pub inbound_answered: bool,
    /// An agent called somebody.
    pub outbound: bool,
    /// Such a call was answered.
    pub outbound_answered: bool,
    /// An answered outbound call has ended.
    pub outbound_ended: bool,
    /// A recording lies in our storage.
    pub recording_kept: bool,
}

/// Looks what has happened here.
pub async fn happened(tx: &mut Tx) -> Result<Happened> {
    let org = tx.org();
    let row = sql!(tx, fetch_one::<(bool, bool, bool, bool, bool, bool)>, "
        SELECT EXISTS (SELECT 1 FROM calls WHERE org_id = $1 AND direction = 'inbound'),
            EXISTS (SELECT 1 FROM calls WHERE org_id = $1 AND direction = 'inbound' AND answered_at IS NOT NULL),
            EXISTS (SELECT 1 FROM calls WHERE org_id = $1 AND direction = 'outbound'),
            EXISTS (SELECT 1 FROM calls WHERE org_id = $1 AND direction = 'outbound' AND answered_at IS NOT NULL),
            EXISTS (SELECT 1 FROM calls WHERE org_id = $1 AND direction = 'outbound' AND answered_at IS NOT NULL
                AND ended_at IS NOT NULL),
            EXISTS (SELECT 1 FROM recordings WHERE org_id = $1 AND status = 'ready')",
        &*org)?;
    Ok(Happened {
        inbound: row.0,
        inbound_answered: row.1,
        outbound: row.2,
        outbound_answered: row.3,
        outbound_ended: row.4,
        recording_kept: row.5,
    })
}

/// Recordings that should be here: those that never came, and those that were given up, of calls begun since a moment.
pub async fn missing_recordings(
    tx: &mut Tx,
    since: Time,
    ended_before: Time,
) -> Result<(u64, u64)> {
    let org = tx.org();
    let (overdue, failed) = sql!(
        tx,
        fetch_one::<(i64, i64)>,
        "
        SELECT COUNT(*) FILTER (WHERE r.status IN ('in-progress', 'waiting') AND c.ended_at < $3),
            COUNT(*) FILTER (WHERE r.status = 'failed')
        FROM recordings r JOIN calls c ON c.org_id = r.org_id AND c.id = r.call_id
        WHERE r.org_id = $1 AND c.started_at >= $2",
        &*org,
        micros(since),
        micros(ended_before)
    )?;
    Ok((row::small(TABLE, overdue)?, row::small(TABLE, failed)?))
}

/// Legs that seem alive in calls that ended before a moment: their agents would be busy with nothing.
pub async fn left_legs(tx: &mut Tx, ended_before: Time) -> Result<u64> {
    let org = tx.org();
    let (count,) = sql!(
        tx,
        fetch_one::<(i64,)>,
        "
        SELECT COUNT(*) FROM legs l JOIN calls c ON c.org_id = l.org_id AND c.id = l.call_id
        WHERE l.org_id = $1 AND l.live AND NOT c.live AND c.ended_at < $2",
        &*org,
        micros(ended_before)
    )?;
    row::small(TABLE, count)
}

/// Webhooks that came before a moment and are not decided.
pub async fn undecided(tx: &mut Tx, before: Time) -> Result<u64> {
    let org = tx.org();
    let (count,) = sql!(
        tx,
        fetch_one::<(i64,)>,
        "SELECT COUNT(*) FROM inbox WHERE org_id = $1 AND decided_at IS NULL AND received_at < $2",
        &*org,
        micros(before)
    )?;
    row::small(TABLE, count)
}

/// How an organization's jobs do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Should have been begun before a moment, or are worked on by a node that gave no sign of life since.
    pub late: u64,
    /// Given up since another.
    pub failed: u64,
    /// Nobody knows what became of them, since then.
    pub unknown: u64,
}

/// Counts jobs that wait too long, and those that ended badly.
pub async fn work(conn: &mut Conn, org: &OrgId, late: Time, since: Time) -> Result<Work> {
    let (waiting, failed, unknown) = sql!(conn, fetch_one::<(i64, i64, i64)>, "
        SELECT (SELECT COUNT(*) FROM jobs WHERE org_id = $1
                AND ((state = 'available' AND run_at < $2) OR (state = 'running' AND lease_until < $2))),
            (SELECT COUNT(*) FROM jobs WHERE org_id = $1 AND state = 'failed' AND finished_at >= $3),
            (SELECT COUNT(*) FROM jobs WHERE org_id = $1 AND state = 'unknown' AND finished_at >= $3)",
        org.as_str(), micros(late), micros(since))?;
    Ok(Work {
        late: row::small(TABLE, waiting)?,
        failed: row::small(TABLE, failed)?,
        unknown: row::small(TABLE, unknown)?,
    })
}
