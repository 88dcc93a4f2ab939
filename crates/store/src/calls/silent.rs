//! Which calls are compared with the carrier: those of which nothing was heard for a while.

use offhook_core::Time;
use offhook_core::id::CallId;

use super::TABLE;
use crate::dynamic::{Statement, run};
use crate::error::Result;
use crate::row;
use crate::time::micros;
use crate::tx::{Tx, sql};

/// Calls that are not over, and those over with a leg that seems alive: begun before `begun`, nothing heard since `heard`.
/// In the order of their ids, beginning after `after`, so that one round goes on where the last one ended.
pub async fn silent(
    tx: &mut Tx,
    begun: Time,
    heard: Time,
    after: Option<&CallId>,
    most: u32,
) -> Result<Vec<CallId>> {
    let org = tx.org();
    let rows = sql!(
        tx,
        fetch_all::<(String,)>,
        "
        SELECT c.id FROM calls c
        WHERE c.org_id = $1 AND c.live AND c.started_at <= $2 AND c.heard_at <= $3 AND c.id > $4
        UNION
        SELECT c.id FROM legs l JOIN calls c ON c.org_id = l.org_id AND c.id = l.call_id
        WHERE l.org_id = $1 AND l.live AND NOT c.live AND c.started_at <= $2 AND c.heard_at <= $3 AND c.ended_at <= $3 AND c.id > $4
        ORDER BY id LIMIT $5",
        &*org,
        micros(begun),
        micros(heard),
        after.map_or("", CallId::as_str),
        i64::from(most)
    )?;
    ids(rows)
}

/// Of these calls, those that are over and of which nothing was heard since `heard`.
pub async fn over_among(tx: &mut Tx, calls: &[CallId], heard: Time) -> Result<Vec<CallId>> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let org = tx.org();
    let mut s = Statement::default();
    s.add(
        "SELECT id FROM calls WHERE org_id = ? AND NOT live AND ended_at <= ? AND heard_at <= ?",
        [(&*org).into(), micros(heard).into(), micros(heard).into()],
    )
    .add(" AND id IN ", [])
    .list(calls.iter().map(|call| call.as_str().into()));
    ids(run!(tx, fetch_all::<(String,)>, s)?)
}

/// Whether a call that began since `begun` has ended since `ended`: its room may still be open at the carrier.
pub async fn any_ended(tx: &mut Tx, begun: Time, ended: Time) -> Result<bool> {
    let org = tx.org();
    let (any,) = sql!(
        tx,
        fetch_one::<(bool,)>,
        "SELECT EXISTS (SELECT 1 FROM calls WHERE org_id = $1 AND started_at >= $2 AND ended_at >= $3)",
        &*org,
        micros(begun),
        micros(ended)
    )?;
    Ok(any)
}

fn ids(rows: Vec<(String,)>) -> Result<Vec<CallId>> {
    rows.into_iter().map(|(id,)| row::id(TABLE, id)).collect()
}
