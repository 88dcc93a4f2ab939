//! The audit trail: who changed what.

use offhook_core::Time;
use offhook_core::id::{AuditId, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::dynamic::{Statement, run};
use crate::error::{Error, Result};
use crate::page::{Listed, Page};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};

const TABLE: &str = "audit";

/// A line of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditLine {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Time,
    /// Who; `None` is the system.
    pub actor: Option<UserId>,
    /// What was done, `user.deactivated`.
    pub action: String,
    /// To what, an id.
    pub subject: String,
    /// What else is worth knowing, never a secret.
    pub detail: Value,
}

#[derive(sqlx::FromRow)]
struct AuditRow {
    id: String,
    at: i64,
    actor_id: Option<String>,
    action: String,
    subject: String,
    detail: String,
}

impl TryFrom<AuditRow> for AuditLine {
    type Error = Error;
    fn try_from(r: AuditRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            at: moment(TABLE, r.at)?,
            actor: row::id_opt(TABLE, r.actor_id)?,
            action: r.action,
            subject: r.subject,
            detail: row::from_json(TABLE, &r.detail)?,
        })
    }
}

/// Adds a line.
pub async fn write(
    tx: &mut Tx,
    actor: Option<&UserId>,
    action: &str,
    subject: &str,
    detail: &Value,
    now: Time,
) -> Result<()> {
    let org = tx.org();
    let id = AuditId::new(Uuid::now_v7());
    let detail = row::json(TABLE, detail)?;
    sql!(tx, execute, "
        INSERT INTO audit (org_id, id, at, actor_id, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &*org, id.as_str(), micros(now), actor.map(UserId::as_str), action, subject, &detail)?;
    Ok(())
}

/// The trail, newest first.
pub async fn list(tx: &mut Tx, page: &Page) -> Result<Listed<AuditLine>> {
    let org = tx.org();
    let mut s = Statement::default();
    s.add(
        "SELECT id, at, actor_id, action, subject, detail FROM audit WHERE org_id = ?",
        [(&*org).into()],
    );
    if let Some(p) = page.position()? {
        s.add(
            " AND (at, id) < (?, ?)",
            [p.at.into(), p.id.as_str().into()],
        );
    }
    s.add(
        " ORDER BY at DESC, id DESC LIMIT ?",
        [(page.rows() + 1).into()],
    );
    let lines = run!(tx, fetch_all::<AuditRow>, s)?
        .into_iter()
        .map(AuditLine::try_from)
        .collect::<Result<Vec<_>>>()?;
    Ok(page.cut(lines, |l| (l.at, l.id.to_string())))
}
