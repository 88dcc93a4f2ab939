//! How an agent makes and takes calls: the number shown, recording, voicemail, and where calls go instead.

use offhook_core::Time;
use offhook_core::id::UserId;

use crate::dynamic::{Statement, run};
use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};

const TABLE: &str = "agent_calling";

/// An agent's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calling {
    /// Whose.
    pub user: UserId,
    /// A verified number that is shown, E.164; `None` is one of the organization's own.
    pub caller_id: Option<String>,
    /// Whether this agent's calls are recorded; `None`: as the number and the organization say.
    pub record: Option<bool>,
    /// Whoever is not answered may leave a message.
    pub voicemail: bool,
    /// Every call to this agent goes there, E.164.
    pub forward_always: Option<String>,
    /// Calls go there while the agent talks.
    pub forward_on_busy: Option<String>,
    /// Calls go there that the agent does not take in time.
    pub forward_on_no_answer: Option<String>,
    /// When it was last changed.
    pub updated_at: Time,
}

impl Calling {
    /// What holds for an agent who changed nothing.
    pub fn usual(user: &UserId, now: Time) -> Self {
        Self {
            user: user.clone(),
            caller_id: None,
            record: None,
            voicemail: true,
            forward_always: None,
            forward_on_busy: None,
            forward_on_no_answer: None,
            updated_at: now,
        }
    }
}

#[derive(sqlx::FromRow)]
struct CallingRow {
    user_id: String,
    caller_id: Option<String>,
    record: Option<bool>,
    voicemail: bool,
    forward_always: Option<String>,
    forward_on_busy: Option<String>,
    forward_on_no_answer: Option<String>,
    updated_at: i64,
}

impl TryFrom<CallingRow> for Calling {
    type Error = Error;
    fn try_from(r: CallingRow) -> Result<Self> {
        Ok(Self {
            user: row::id(TABLE, r.user_id)?,
            caller_id: r.caller_id,
            record: r.record,
            voicemail: r.voicemail,
            forward_always: r.forward_always,
            forward_on_busy: r.forward_on_busy,
            forward_on_no_answer: r.forward_on_no_answer,
            updated_at: moment(TABLE, r.updated_at)?,
        })
    }
}

/// Keeps an agent's settings.
pub async fn save(tx: &mut Tx, calling: &Calling) -> Result<()> {
    let org = tx.org();
    sql!(tx, execute, "
        INSERT INTO agent_calling (org_id, user_id, caller_id, record, voicemail, forward_always, forward_on_busy,
            forward_on_no_answer, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (org_id, user_id) DO UPDATE SET caller_id = excluded.caller_id, record = excluded.record,
            voicemail = excluded.voicemail, forward_always = excluded.forward_always,
            forward_on_busy = excluded.forward_on_busy, forward_on_no_answer = excluded.forward_on_no_answer,
            updated_at = excluded.updated_at",
        &*org, calling.user.as_str(), calling.caller_id.as_deref(), calling.record, calling.voicemail,
        calling.forward_always.as_deref(), calling.forward_on_busy.as_deref(), calling.forward_on_no_answer.as_deref(),
        micros(calling.updated_at))?;
    Ok(())
}

/// An agent's settings, where something was changed.
pub async fn find(tx: &mut Tx, user: &UserId) -> Result<Option<Calling>> {
    Ok(select(tx, Some(user)).await?.pop())
}

/// The settings of all who changed something.
pub async fn list(tx: &mut Tx) -> Result<Vec<Calling>> {
    select(tx, None).await
}

async fn select(tx: &mut Tx, user: Option<&UserId>) -> Result<Vec<Calling>> {
    let org = tx.org();
    let mut s = Statement::default();
    s.add("SELECT user_id, caller_id, record, voicemail, forward_always, forward_on_busy, forward_on_no_answer, updated_at
        FROM agent_calling WHERE org_id = ?", [(&*org).into()])
        .when(" AND user_id = ?", user.map(UserId::as_str))
        .add(" ORDER BY user_id", []);
    run!(tx, fetch_all::<CallingRow>, s)?
        .into_iter()
        .map(Calling::try_from)
        .collect()
}
