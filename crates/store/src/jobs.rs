//! Durable work: it commits with the change that causes it and is done by any node under a lease.
//!
//! Jobs of one `serial` key run one at a time, in order of insertion; a worker says [`sending`] before its request leaves,
//! so that nothing that may have left is sent twice ([`lost`]) and a hang-up stops what has not ([`cancel_unsent`]).

use offhook_core::Time;
use offhook_core::id::{CallId, JobId, OrgId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Conn, Tx, claim_sql, sql};

const TABLE: &str = "jobs";

/// Which workers do a job; call control never stands behind the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Control of calls at the carrier.
    CallControl,
    /// Recordings and other large things.
    Download,
    /// Everything else.
    Background,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for a worker.
    Available,
    /// A worker has it.
    Running,
    /// Done.
    Done,
    /// Given up.
    Failed,
    /// Its request may have left and nobody knows what became of it.
    Unknown,
    /// Called off before it was sent.
    Cancelled,
}

/// Work to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Which workers.
    pub class: Class,
    /// What kind of work.
    pub kind: String,
    /// The call that it is about.
    pub call: Option<CallId>,
    /// Jobs of the same key run one at a time, in order.
    pub serial: Option<String>,
    /// What the worker needs to know.
    pub payload: Value,
    /// May run again although its request may have left.
    pub repeatable: bool,
    /// Not before.
    pub run_at: Time,
    /// A second job of the same key is not added, ever.
    pub dedupe_key: Option<String>,
}

/// A job as its worker sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose it is.
    pub org: OrgId,
    /// Which workers.
    pub class: Class,
    /// What kind of work.
    pub kind: String,
    /// The call that it is about.
    pub call: Option<CallId>,
    /// What the worker needs to know.
    pub payload: Value,
    /// May run again although its request may have left.
    pub repeatable: bool,
    /// Where it stands.
    pub state: JobState,
    /// How often a worker has taken it.
    pub attempts: u32,
    /// Its request may have left in an earlier attempt.
    pub sent: bool,
    /// When it was added.
    pub created_at: Time,
    /// What came out.
    pub result: Option<Value>,
    /// What went wrong last.
    pub error: Option<String>,
    /// The node that has it.
    node: Option<String>,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    id: String,
    org_id: String,
    class: String,
    kind: String,
    call_id: Option<String>,
    payload: String,
    repeatable: bool,
    state: String,
    attempts: i64,
    sent_at: Option<i64>,
    created_at: i64,
    result: Option<String>,
    error: Option<String>,
    leased_by: Option<String>,
}

impl TryFrom<JobRow> for Job {
    type Error = Error;
    fn try_from(r: JobRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            org: row::id(TABLE, r.org_id)?,
            class: row::from_word(TABLE, r.class)?,
            kind: r.kind,
            call: row::id_opt(TABLE, r.call_id)?,
            payload: row::from_json(TABLE, &r.payload)?,
            repeatable: r.repeatable,
            state: row::from_word(TABLE, r.state)?,
            attempts: row::small(TABLE, r.attempts)?,
            sent: r.sent_at.is_some(),
            created_at: moment(TABLE, r.created_at)?,
            result: row::from_json_opt(TABLE, r.result.as_deref())?,
            error: r.error,
            node: r.leased_by,
        })
    }
}

/// Adds a job; `None` when one of the same `dedupe_key` was added before.
pub async fn enqueue(tx: &mut Tx, job: &NewJob, now: Time) -> Result<Option<JobId>> {
    let org = tx.org();
    let id = JobId::new(Uuid::now_v7());
    let payload = row::json(TABLE, &job.payload)?;
    let rows = sql!(tx, execute, "
        INSERT INTO jobs (id, org_id, class, kind, call_id, serial, payload, repeatable, state, run_at, attempts, dedupe_key, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'available', $9, 0, $10, $11)
        ON CONFLICT (org_id, dedupe_key) DO NOTHING",
        id.as_str(), &*org, row::word(&job.class), &job.kind, job.call.as_ref().map(CallId::as_str), job.serial.as_deref(),
        &payload, job.repeatable, micros(job.run_at), job.dedupe_key.as_deref(), micros(now))?;
    Ok((rows == 1).then_some(id))
}

/// Takes up to `most` jobs that may run now: new ones, and those whose node died before anything could have left.
pub async fn claim(
    conn: &mut Conn,
    class: Class,
    node: &str,
    now: Time,
    lease_until: Time,
    most: u32,
) -> Result<Vec<Job>> {
    let rows = claim_sql!(conn, JobRow, "
        UPDATE jobs SET state = 'running', leased_by = $2, lease_until = $4, attempts = attempts + 1
        WHERE id IN (
            SELECT j.id FROM jobs j
            WHERE j.class = $1 AND j.state IN ('available', 'running') AND j.run_at <= $3
              AND (j.state = 'available' OR (j.lease_until < $3 AND (j.repeatable OR j.sent_at IS NULL)))
              AND NOT EXISTS (SELECT 1 FROM jobs o
                  WHERE o.serial = j.serial AND o.seq < j.seq AND o.state IN ('available', 'running'))
            ORDER BY j.run_at, j.seq LIMIT $5", ")
        RETURNING id, org_id, class, kind, call_id, payload, repeatable, state, attempts, sent_at, created_at, result, error, leased_by",
        row::word(&class), node, micros(now), micros(lease_until), i64::from(most))?;
    let mut jobs = rows
        .into_iter()
        .map(Job::try_from)
        .collect::<Result<Vec<_>>>()?;
    // RETURNING promises no order.
    jobs.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(jobs)
}

/// Takes one job right after its commit, if it may run now.
pub async fn claim_one(
    conn: &mut Conn,
    id: &JobId,
    node: &str,
    now: Time,
    lease_until: Time,
) -> Result<Option<Job>> {
    sql!(conn, fetch_optional::<JobRow>, "
        UPDATE jobs SET state = 'running', leased_by = $2, lease_until = $4, attempts = attempts + 1
        WHERE id = $1 AND state = 'available' AND run_at <= $3
          AND NOT EXISTS (SELECT 1 FROM jobs o
              WHERE o.serial = jobs.serial AND o.seq < jobs.seq AND o.state IN ('available', 'running'))
        RETURNING id, org_id, class, kind, call_id, payload, repeatable, state, attempts, sent_at, created_at, result, error, leased_by",
        id.as_str(), node, micros(now), micros(lease_until))?
        .map(Job::try_from)
        .transpose()
}

/// The worker's request may leave from now on. `false`: the job was called off or given to another; nothing must be sent.
pub async fn sending(conn: &mut Conn, job: &Job, now: Time) -> Result<bool> {
    let rows = sql!(conn, execute, "
        UPDATE jobs SET sent_at = COALESCE(sent_at, $4) WHERE id = $1 AND state = 'running' AND leased_by = $2 AND attempts = $3",
        job.id.as_str(), job.node.as_deref(), i64::from(job.attempts), micros(now))?;
    Ok(rows == 1)
}

/// Keeps a job longer. `false`: it is not this worker's any more.
pub async fn renew_lease(conn: &mut Conn, job: &Job, lease_until: Time) -> Result<bool> {
    let rows = sql!(conn, execute, "
        UPDATE jobs SET lease_until = $4 WHERE id = $1 AND state = 'running' AND leased_by = $2 AND attempts = $3",
        job.id.as_str(), job.node.as_deref(), i64::from(job.attempts), micros(lease_until))?;
    Ok(rows == 1)
}

/// The job is done. `false`: it is not this worker's any more.
pub async fn finish(conn: &mut Conn, job: &Job, result: Option<&Value>, now: Time) -> Result<bool> {
    end(conn, job, JobState::Done, result, None, now).await
}

/// The job cannot be done.
pub async fn give_up(conn: &mut Conn, job: &Job, error: &str, now: Time) -> Result<bool> {
    end(conn, job, JobState::Failed, None, Some(error), now).await
}

/// The request may have left, and no answer came: a callback or the reconciler settles it.
pub async fn mark_unknown(conn: &mut Conn, job: &Job, error: &str, now: Time) -> Result<bool> {
    end(conn, job, JobState::Unknown, None, Some(error), now).await
}

async fn end(
    conn: &mut Conn,
    job: &Job,
    state: JobState,
    result: Option<&Value>,
    error: Option<&str>,
    now: Time,
) -> Result<bool> {
    let result = result.map(|r| row::json(TABLE, r)).transpose()?;
    let rows = sql!(
        conn,
        execute,
        "
        UPDATE jobs SET state = $4, result = $5, error = $6, finished_at = $7, lease_until = NULL
        WHERE id = $1 AND state = 'running' AND leased_by = $2 AND attempts = $3",
        job.id.as_str(),
        job.node.as_deref(),
        i64::from(job.attempts),
        row::word(&state),
        result.as_deref(),
        error,
        micros(now)
    )?;
    Ok(rows == 1)
}

/// Nothing has left, or nothing came of it: again at `when`. `false`: it is not this worker's any more.
pub async fn retry_at(conn: &mut Conn, job: &Job, when: Time, error: &str) -> Result<bool> {
    let rows = sql!(conn, execute, "
        UPDATE jobs SET state = 'available', run_at = $4, error = $5, sent_at = NULL, leased_by = NULL, lease_until = NULL
        WHERE id = $1 AND state = 'running' AND leased_by = $2 AND attempts = $3",
        job.id.as_str(), job.node.as_deref(), i64::from(job.attempts), micros(when), error)?;
    Ok(rows == 1)
}

/// Jobs whose node died after their request may have left: they become `unknown` and are handed out once, to be settled.
pub async fn lost(conn: &mut Conn, now: Time) -> Result<Vec<Job>> {
    sql!(conn, fetch_all::<JobRow>, "
        UPDATE jobs SET state = 'unknown', error = 'the node died', finished_at = $1, lease_until = NULL
        WHERE state = 'running' AND lease_until < $1 AND NOT repeatable AND sent_at IS NOT NULL
        RETURNING id, org_id, class, kind, call_id, payload, repeatable, state, attempts, sent_at, created_at, result, error, leased_by",
        micros(now))?
        .into_iter()
        .map(Job::try_from)
        .collect()
}

/// Calls off the call's control jobs whose request has not left; answers how many.
pub async fn cancel_unsent(tx: &mut Tx, call: &CallId, now: Time) -> Result<u64> {
    let org = tx.org();
    sql!(tx, execute, "
        UPDATE jobs SET state = 'cancelled', finished_at = $3, lease_until = NULL
        WHERE org_id = $1 AND call_id = $2 AND class = 'call_control' AND state IN ('available', 'running') AND sent_at IS NULL",
        &*org, call.as_str(), micros(now))
}

/// A job, for whoever waits for its result.
pub async fn get(conn: &mut Conn, id: &JobId) -> Result<Job> {
    sql!(conn, fetch_optional::<JobRow>, "
        SELECT id, org_id, class, kind, call_id, payload, repeatable, state, attempts, sent_at, created_at, result, error, leased_by
        FROM jobs WHERE id = $1",
        id.as_str())?
        .ok_or(Error::NotFound)?
        .try_into()
}

/// The jobs of a call, in order.
pub async fn of_call(tx: &mut Tx, call: &CallId) -> Result<Vec<Job>> {
    let org = tx.org();
    sql!(tx, fetch_all::<JobRow>, "
        SELECT id, org_id, class, kind, call_id, payload, repeatable, state, attempts, sent_at, created_at, result, error, leased_by
        FROM jobs WHERE org_id = $1 AND call_id = $2 ORDER BY seq",
        &*org, call.as_str())?
        .into_iter()
        .map(Job::try_from)
        .collect()
}

/// When the next waiting job of a class may run, so that workers need not ask before.
pub async fn next_run_at(conn: &mut Conn, class: Class) -> Result<Option<Time>> {
    let (at,) = sql!(
        conn,
        fetch_one::<(Option<i64>,)>,
        "
        SELECT MIN(j.run_at) FROM jobs j
        WHERE j.class = $1 AND j.state IN ('available', 'running') AND j.state = 'available'
          AND NOT EXISTS (SELECT 1 FROM jobs o
              WHERE o.serial = j.serial AND o.seq < j.seq AND o.state IN ('available', 'running'))",
        row::word(&class)
    )?;
    crate::time::moment_opt(TABLE, at)
}

/// How many jobs of each class wait or run, for the metrics.
pub async fn backlog(conn: &mut Conn) -> Result<Vec<(Class, u64)>> {
    sql!(conn, fetch_all::<(String, i64)>, "
        SELECT class, COUNT(*) FROM jobs WHERE state IN ('available', 'running') GROUP BY class ORDER BY class")?
        .into_iter()
        .map(|(class, count)| Ok((row::from_word(TABLE, class)?, row::small(TABLE, count)?)))
        .collect()
}

/// Clears away what was finished before a moment.
pub async fn prune(conn: &mut Conn, before: Time) -> Result<u64> {
    sql!(
        conn,
        execute,
        "DELETE FROM jobs WHERE finished_at < $1",
        micros(before)
    )
}
