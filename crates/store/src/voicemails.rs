//! Voicemails: the messages that callers left.

use offhook_core::Time;
use offhook_core::id::{CallId, RecordingId, UserId, VoicemailId};
use uuid::Uuid;

use crate::calls::CallSummary;
use crate::dynamic::{Statement, run};
use crate::error::{Error, Result};
use crate::page::{Listed, Page};
use crate::row;
use crate::time::{micros, moment, moment_opt};
use crate::tx::{Tx, sql};

const TABLE: &str = "voicemails";

/// A message that a caller left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voicemail {
    /// Its id.
    pub id: VoicemailId,
    /// The call in which it was left.
    pub call: CallId,
    /// Its audio, once the carrier has told about it.
    pub recording: Option<RecordingId>,
    /// Its length.
    pub seconds: u32,
    /// When it was left.
    pub created_at: Time,
    /// When it was first heard.
    pub heard_at: Option<Time>,
    /// By whom.
    pub heard_by: Option<UserId>,
}

#[derive(sqlx::FromRow)]
struct VoicemailRow {
    id: String,
    call_id: String,
    recording_id: Option<String>,
    seconds: i64,
    created_at: i64,
    heard_at: Option<i64>,
    heard_by: Option<String>,
}

impl TryFrom<VoicemailRow> for Voicemail {
    type Error = Error;
    fn try_from(r: VoicemailRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            call: row::id(TABLE, r.call_id)?,
            recording: row::id_opt(TABLE, r.recording_id)?,
            seconds: row::small(TABLE, r.seconds)?,
            created_at: moment(TABLE, r.created_at)?,
            heard_at: moment_opt(TABLE, r.heard_at)?,
            heard_by: row::id_opt(TABLE, r.heard_by)?,
        })
    }
}

/// Stores the message of a call; told twice, the second adds what the first did not know.
pub async fn save(
    tx: &mut Tx,
    call: &CallId,
    recording: Option<&RecordingId>,
    seconds: u32,
    now: Time,
) -> Result<Voicemail> {
    let org = tx.org();
    let id = VoicemailId::new(Uuid::now_v7());
    sql!(tx, fetch_one::<VoicemailRow>, "
        INSERT INTO voicemails (org_id, id, call_id, recording_id, seconds, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (org_id, call_id) DO UPDATE SET
            recording_id = COALESCE(voicemails.recording_id, excluded.recording_id),
            seconds = CASE WHEN excluded.seconds > 0 THEN excluded.seconds ELSE voicemails.seconds END
        RETURNING id, call_id, recording_id, seconds, created_at, heard_at, heard_by",
        &*org, id.as_str(), call.as_str(), recording.map(RecordingId::as_str), i64::from(seconds), micros(now))?
        .try_into()
}

/// The voicemail with this id.
pub async fn get(tx: &mut Tx, id: &VoicemailId) -> Result<Voicemail> {
    let org = tx.org();
    sql!(tx, fetch_optional::<VoicemailRow>, "
        SELECT id, call_id, recording_id, seconds, created_at, heard_at, heard_by FROM voicemails WHERE org_id = $1 AND id = $2",
        &*org, id.as_str())?
        .ok_or(Error::NotFound)?
        .try_into()
}

/// The voicemail of a call.
pub async fn of_call(tx: &mut Tx, call: &CallId) -> Result<Option<Voicemail>> {
    let org = tx.org();
    sql!(tx, fetch_optional::<VoicemailRow>, "
        SELECT id, call_id, recording_id, seconds, created_at, heard_at, heard_by FROM voicemails WHERE org_id = $1 AND call_id = $2",
        &*org, call.as_str())?
        .map(Voicemail::try_from)
        .transpose()
}

/// Voicemails with their calls, newest first; `unheard` leaves out the others.
pub async fn list(
    tx: &mut Tx,
    unheard: bool,
    page: &Page,
) -> Result<Listed<(Voicemail, CallSummary)>> {
    let org = tx.org();
    let mut s = Statement::default();
    s.add("SELECT id, call_id, recording_id, seconds, created_at, heard_at, heard_by FROM voicemails WHERE org_id = ?",
        [(&*org).into()]);
    if unheard {
        s.add(" AND heard_at IS NULL", []);
    }
    if let Some(p) = page.position()? {
        s.add(
            " AND (created_at, id) < (?, ?)",
            [p.at.into(), p.id.as_str().into()],
        );
    }
    s.add(
        " ORDER BY created_at DESC, id DESC LIMIT ?",
        [(page.rows() + 1).into()],
    );
    let rows = run!(tx, fetch_all::<VoicemailRow>, s)?;
    let voicemails = rows
        .into_iter()
        .map(Voicemail::try_from)
        .collect::<Result<Vec<_>>>()?;
    let listed = page.cut(voicemails, |v| (v.created_at, v.id.to_string()));
    let mut calls = crate::calls::summaries(tx, listed.items.iter().map(|v| &v.call)).await?;
    let items = listed
        .items
        .into_iter()
        .filter_map(|v| calls.remove(&v.call).map(|call| (v, call)))
        .collect();
    Ok(Listed {
        items,
        next: listed.next,
    })
}

/// How many nobody has heard.
pub async fn unheard(tx: &mut Tx) -> Result<u64> {
    let org = tx.org();
    let (count,) = sql!(
        tx,
        fetch_one::<(i64,)>,
        "
        SELECT COUNT(*) FROM voicemails WHERE org_id = $1 AND heard_at IS NULL",
        &*org
    )?;
    row::small(TABLE, count)
}

/// Somebody has heard it; the first one stays noted.
pub async fn mark_heard(tx: &mut Tx, id: &VoicemailId, by: &UserId, now: Time) -> Result<()> {
    let org = tx.org();
    let rows = sql!(tx, execute, "
        UPDATE voicemails SET heard_by = COALESCE(heard_by, $3), heard_at = COALESCE(heard_at, $4) WHERE org_id = $1 AND id = $2",
        &*org, id.as_str(), by.as_str(), micros(now))?;
    row::changed(rows)
}
