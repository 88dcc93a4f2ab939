//! Queues and their members.

use offhook_core::Time;
use offhook_core::call::{Overflow, Ring};
use offhook_core::id::{QueueId, UserId};

use crate::dynamic::{Statement, run};
use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};

const TABLE: &str = "queues";

/// Where inbound callers wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// Its name at the carrier too (`support_queue`).
    pub name: String,
    /// What people read.
    pub label: String,
    /// How agents are rung.
    pub ring: Ring,
    /// How long an offer lives.
    pub offer_seconds: u32,
    /// How long a caller waits at most.
    pub max_wait_seconds: u32,
    /// What then.
    pub overflow: Overflow,
    /// Spoken first; `None` is the organization's or the bundled one.
    pub greeting: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

#[derive(sqlx::FromRow)]
struct QueueRow {
    id: String,
    name: String,
    label: String,
    ring: String,
    offer_seconds: i64,
    max_wait_seconds: i64,
    overflow: String,
    greeting: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<QueueRow> for Queue {
    type Error = Error;
    fn try_from(r: QueueRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            name: r.name,
            label: r.label,
            ring: row::from_word(TABLE, r.ring)?,
            offer_seconds: row::small(TABLE, r.offer_seconds)?,
            max_wait_seconds: row::small(TABLE, r.max_wait_seconds)?,
            overflow: row::from_json(TABLE, &r.overflow)?,
            greeting: r.greeting,
            created_at: moment(TABLE, r.created_at)?,
            updated_at: moment(TABLE, r.updated_at)?,
        })
    }
}

/// Adds or changes a queue; `queues_name` when the name is taken.
pub async fn save(tx: &mut Tx, queue: &Queue) -> Result<()> {
    let org = tx.org();
    let overflow = row::json(TABLE, &queue.overflow)?;
    sql!(tx, execute, "
        INSERT INTO queues (org_id, id, name, label, ring, offer_seconds, max_wait_seconds, overflow, greeting, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (org_id, id) DO UPDATE SET name = excluded.name, label = excluded.label, ring = excluded.ring,
            offer_seconds = excluded.offer_seconds, max_wait_seconds = excluded.max_wait_seconds,
            overflow = excluded.overflow, greeting = excluded.greeting, updated_at = excluded.updated_at",
        &*org, queue.id.as_str(), &queue.name, &queue.label, row::word(&queue.ring), i64::from(queue.offer_seconds),
        i64::from(queue.max_wait_seconds), &overflow, queue.greeting.as_deref(),
        micros(queue.created_at), micros(queue.updated_at))?;
    Ok(())
}

/// The queue with this id.
pub async fn get(tx: &mut Tx, id: &QueueId) -> Result<Queue> {
    let mut found = select(tx, " AND id = ?", Some(id.as_str())).await?;
    found.pop().ok_or(Error::NotFound)
}

/// The queue of this name at the carrier.
pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Queue>> {
    Ok(select(tx, " AND name = ?", Some(name)).await?.pop())
}

/// All queues, oldest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<Queue>> {
    select(tx, "", None).await
}

async fn select(tx: &mut Tx, which: &'static str, value: Option<&str>) -> Result<Vec<Queue>> {
    let org = tx.org();
    let mut s = Statement::default();
    s.add("SELECT id, name, label, ring, offer_seconds, max_wait_seconds, overflow, greeting, created_at, updated_at
        FROM queues WHERE org_id = ?", [(&*org).into()])
        .when(which, value)
        .add(" ORDER BY created_at, id", []);
    run!(tx, fetch_all::<QueueRow>, s)?
        .into_iter()
        .map(Queue::try_from)
        .collect()
}

/// Removes a queue with its memberships; whoever calls has seen to it that no number leads there.
pub async fn remove(tx: &mut Tx, id: &QueueId) -> Result<()> {
    let org = tx.org();
    let rows = sql!(
        tx,
        execute,
        "DELETE FROM queues WHERE org_id = $1 AND id = $2",
        &*org,
        id.as_str()
    )?;
    row::changed(rows)
}

/// Every membership: queue and agent.
pub async fn all_members(tx: &mut Tx) -> Result<Vec<(QueueId, UserId)>> {
    let org = tx.org();
    sql!(
        tx,
        fetch_all::<(String, String)>,
        "
        SELECT queue_id, user_id FROM queue_members WHERE org_id = $1 ORDER BY queue_id, user_id",
        &*org
    )?
    .into_iter()
    .map(|(queue, user)| Ok((row::id(TABLE, queue)?, row::id(TABLE, user)?)))
    .collect()
}

/// The agents of a queue.
pub async fn members(tx: &mut Tx, queue: &QueueId) -> Result<Vec<UserId>> {
    let org = tx.org();
    sql!(
        tx,
        fetch_all::<(String,)>,
        "
        SELECT user_id FROM queue_members WHERE org_id = $1 AND queue_id = $2 ORDER BY user_id",
        &*org,
        queue.as_str()
    )?
    .into_iter()
    .map(|(user,)| row::id(TABLE, user))
    .collect()
}

/// The queues of an agent.
pub async fn queues_of(tx: &mut Tx, user: &UserId) -> Result<Vec<QueueId>> {
    let org = tx.org();
    sql!(
        tx,
        fetch_all::<(String,)>,
        "
        SELECT queue_id FROM queue_members WHERE org_id = $1 AND user_id = $2 ORDER BY queue_id",
        &*org,
        user.as_str()
    )?
    .into_iter()
    .map(|(queue,)| row::id(TABLE, queue))
    .collect()
}

/// Puts an agent into a queue.
pub async fn add_member(tx: &mut Tx, queue: &QueueId, user: &UserId) -> Result<()> {
    let org = tx.org();
    sql!(tx, execute, "
        INSERT INTO queue_members (org_id, queue_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &*org, queue.as_str(), user.as_str())?;
    Ok(())
}

/// Takes an agent out of a queue.
pub async fn remove_member(tx: &mut Tx, queue: &QueueId, user: &UserId) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM queue_members WHERE org_id = $1 AND queue_id = $2 AND user_id = $3",
        &*org,
        queue.as_str(),
        user.as_str()
    )?;
    Ok(())
}

/// Sets an agent's queues to exactly these.
pub async fn set_queues_of(tx: &mut Tx, user: &UserId, queues: &[QueueId]) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM queue_members WHERE org_id = $1 AND user_id = $2",
        &*org,
        user.as_str()
    )?;
    for queue in queues {
        add_member(tx, queue, user).await?;
    }
    Ok(())
}
