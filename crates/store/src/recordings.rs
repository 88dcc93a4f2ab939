//! Recordings: the audio of a call, from the carrier's first word about it until it lies in our storage.

use offhook_core::Time;
use offhook_core::id::{CallId, RecordingId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, micros_opt, moment, moment_opt};
use crate::tx::{Tx, sql};

const TABLE: &str = "recordings";

/// Where a recording stands; it only goes on, never back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordingStatus {
    /// The carrier records.
    InProgress,
    /// The carrier has it, we do not yet.
    Waiting,
    /// The carrier says that there is none.
    Absent,
    /// We could not fetch it.
    Failed,
    /// It lies in our storage.
    Ready,
}

/// The audio of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Its id.
    pub id: RecordingId,
    /// Whose.
    pub call: CallId,
    /// `RE…`.
    pub sid: String,
    /// Where it stands.
    pub status: RecordingStatus,
    /// 1 or 2; with 2 the first is the customer, the second what the customer hears.
    pub channels: Option<u32>,
    /// Its length.
    pub seconds: Option<u32>,
    /// When it began.
    pub started_at: Option<Time>,
    /// Where in our storage.
    pub path: Option<String>,
    /// For example `audio/wav`.
    pub media_type: Option<String>,
    /// Its size.
    pub bytes: Option<u64>,
    /// Why it could not be fetched.
    pub error: Option<String>,
    /// When we learnt of it.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// What the carrier says about a recording; what it leaves out erases nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// `RE…`.
    pub sid: String,
    /// Where it stands.
    pub status: RecordingStatus,
    /// 1 or 2.
    pub channels: Option<u32>,
    /// Its length.
    pub seconds: Option<u32>,
    /// When it began.
    pub started_at: Option<Time>,
}

/// A recording in our storage.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Where.
    pub path: String,
    /// For example `audio/wav`.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// 1 or 2.
    pub channels: u32,
    /// Its length.
    pub seconds: u32,
    /// The waveform, as the API gives it.
    pub peaks: Value,
}

#[derive(sqlx::FromRow)]
struct RecordingRow {
    id: String,
    call_id: String,
    sid: String,
    status: String,
    channels: Option<i64>,
    seconds: Option<i64>,
    started_at: Option<i64>,
    path: Option<String>,
    media_type: Option<String>,
    bytes: Option<i64>,
    error: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<RecordingRow> for Recording {
    type Error = Error;
    fn try_from(r: RecordingRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            call: row::id(TABLE, r.call_id)?,
            sid: r.sid,
            status: row::from_word(TABLE, r.status)?,
            channels: row::small_opt(TABLE, r.channels)?,
            seconds: row::small_opt(TABLE, r.seconds)?,
            started_at: moment_opt(TABLE, r.started_at)?,
            path: r.path,
            media_type: r.media_type,
            bytes: row::small_opt(TABLE, r.bytes)?,
            error: r.error,
            created_at: moment(TABLE, r.created_at)?,
            updated_at: moment(TABLE, r.updated_at)?,
        })
    }
}

/// Notes what the carrier says, in whatever order it says it.
pub async fn heard(tx: &mut Tx, call: &CallId, heard: &Heard, now: Time) -> Result<Recording> {
    let org = tx.org();
    let id = RecordingId::new(Uuid::now_v7());
    // Either adds the row or locks the one that is there, so that two callbacks at once follow each other.
    let before: Recording = sql!(tx, fetch_one::<RecordingRow>, "
        INSERT INTO recordings (org_id, id, call_id, sid, status, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
        ON CONFLICT (org_id, sid) DO UPDATE SET updated_at = excluded.updated_at
        RETURNING id, call_id, sid, status, channels, seconds, started_at, path, media_type, bytes, error, created_at, updated_at",
        &*org, id.as_str(), call.as_str(), &heard.sid, row::word(&heard.status), micros(now))?
        .try_into()?;
    let after = Recording {
        status: before.status.max(heard.status),
        channels: before.channels.or(heard.channels),
        seconds: before.seconds.or(heard.seconds),
        started_at: before.started_at.or(heard.started_at),
        ..before
    };
    sql!(tx, execute, "
        UPDATE recordings SET status = $3, channels = $4, seconds = $5, started_at = $6 WHERE org_id = $1 AND id = $2",
        &*org, after.id.as_str(), row::word(&after.status), after.channels.map(i64::from), after.seconds.map(i64::from),
        micros_opt(after.started_at))?;
    Ok(after)
}

/// It lies in our storage now.
pub async fn kept(tx: &mut Tx, id: &RecordingId, kept: &Kept, now: Time) -> Result<()> {
    let org = tx.org();
    let peaks = row::json(TABLE, &kept.peaks)?;
    let bytes = i64::try_from(kept.bytes).map_err(|_| Error::conflict("recording_too_large"))?;
    let rows = sql!(tx, execute, "
        UPDATE recordings SET status = 'ready', path = $3, media_type = $4, bytes = $5, channels = $6, seconds = $7, peaks = $8,
            error = NULL, updated_at = $9
        WHERE org_id = $1 AND id = $2",
        &*org, id.as_str(), &kept.path, &kept.media_type, bytes, i64::from(kept.channels), i64::from(kept.seconds), &peaks,
        micros(now))?;
    row::changed(rows)
}

/// It could not be fetched.
pub async fn failed(tx: &mut Tx, id: &RecordingId, error: &str, now: Time) -> Result<()> {
    let org = tx.org();
    let rows = sql!(tx, execute, "
        UPDATE recordings SET status = 'failed', error = $3, updated_at = $4 WHERE org_id = $1 AND id = $2 AND status <> 'ready'",
        &*org, id.as_str(), error, micros(now))?;
    row::changed(rows)
}

/// The recording with this id.
pub async fn get(tx: &mut Tx, id: &RecordingId) -> Result<Recording> {
    let org = tx.org();
    sql!(tx, fetch_optional::<RecordingRow>, "
        SELECT id, call_id, sid, status, channels, seconds, started_at, path, media_type, bytes, error, created_at, updated_at
        FROM recordings WHERE org_id = $1 AND id = $2",
        &*org, id.as_str())?
        .ok_or(Error::NotFound)?
        .try_into()
}

/// The recording with this `RE…` SID.
pub async fn by_sid(tx: &mut Tx, sid: &str) -> Result<Option<Recording>> {
    let org = tx.org();
    sql!(tx, fetch_optional::<RecordingRow>, "
        SELECT id, call_id, sid, status, channels, seconds, started_at, path, media_type, bytes, error, created_at, updated_at
        FROM recordings WHERE org_id = $1 AND sid = $2",
        &*org, sid)?
        .map(Recording::try_from)
        .transpose()
}

/// The recordings of a call, oldest first.
pub async fn of_call(tx: &mut Tx, call: &CallId) -> Result<Vec<Recording>> {
    let org = tx.org();
    sql!(tx, fetch_all::<RecordingRow>, "
        SELECT id, call_id, sid, status, channels, seconds, started_at, path, media_type, bytes, error, created_at, updated_at
        FROM recordings WHERE org_id = $1 AND call_id = $2 ORDER BY created_at, id",
        &*org, call.as_str())?
        .into_iter()
        .map(Recording::try_from)
        .collect()
}

/// The waveform of a recording that is ready.
pub async fn peaks(tx: &mut Tx, id: &RecordingId) -> Result<Value> {
    let org = tx.org();
    let (peaks,) = sql!(
        tx,
        fetch_optional::<(String,)>,
        "
        SELECT peaks FROM recordings WHERE org_id = $1 AND id = $2 AND peaks IS NOT NULL",
        &*org,
        id.as_str()
    )?
    .ok_or(Error::NotFound)?;
    row::from_json(TABLE, &peaks)
}
