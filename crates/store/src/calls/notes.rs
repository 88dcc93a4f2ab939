//! What people say about a call.

use offhook_core::Time;
use offhook_core::id::{CallId, NoteId, UserId};
use uuid::Uuid;

use super::summary::AgentName;
use crate::error::Result;
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};

/// A note on a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// Who wrote it.
    pub author: AgentName,
    /// What it says.
    pub text: String,
    /// When.
    pub created_at: Time,
}

/// Sets the wrap-up note and the disposition; `None` leaves what is there, an empty text removes it.
pub async fn annotate(
    tx: &mut Tx,
    call: &CallId,
    note: Option<&str>,
    disposition: Option<&str>,
    now: Time,
) -> Result<()> {
    let org = tx.org();
    let rows = sql!(tx, execute, "
        UPDATE calls SET note = NULLIF(COALESCE($3, note), ''), disposition = NULLIF(COALESCE($4, disposition), ''), updated_at = $5
        WHERE org_id = $1 AND id = $2",
        &*org, call.as_str(), note, disposition, micros(now))?;
    row::changed(rows)
}

/// Keeps what an author says about a call, in place of what the same author said before; no text is no note.
pub async fn keep_note(
    tx: &mut Tx,
    call: &CallId,
    author: &UserId,
    text: &str,
    now: Time,
) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "
        DELETE FROM call_notes WHERE org_id = $1 AND call_id = $2 AND author_id = $3",
        &*org,
        call.as_str(),
        author.as_str()
    )?;
    if text.is_empty() {
        return Ok(());
    }
    let id = NoteId::new(Uuid::now_v7());
    sql!(tx, execute, "
        INSERT INTO call_notes (org_id, id, call_id, author_id, text, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &*org, id.as_str(), call.as_str(), author.as_str(), text, micros(now))?;
    Ok(())
}

/// The notes on a call, oldest first.
pub async fn notes(tx: &mut Tx, call: &CallId) -> Result<Vec<Note>> {
    const T: &str = "call_notes";
    let org = tx.org();
    sql!(tx, fetch_all::<(String, String, String, String, i64)>, "
        SELECT n.id, n.author_id, u.name, n.text, n.created_at FROM call_notes n JOIN users u ON u.id = n.author_id
        WHERE n.org_id = $1 AND n.call_id = $2 ORDER BY n.created_at, n.id",
        &*org, call.as_str())?
        .into_iter()
        .map(|(id, author, name, text, created_at)| {
            let author = AgentName { id: row::id(T, author)?, name };
            Ok(Note { id: row::id(T, id)?, author, text, created_at: moment(T, created_at)? })
        })
        .collect()
}
