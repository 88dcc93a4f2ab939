//! Counts, always from the rows: a counter of its own would drift.

use offhook_core::Time;
use offhook_core::id::{NumberId, UserId};

use super::TABLE;
use crate::error::Result;
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};

/// What an agent did since a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgentCounts {
    /// Inbound calls taken.
    pub inbound: u64,
    /// Outbound calls placed.
    pub outbound: u64,
    /// Calls that stood on the agent's screen until the offer ran out, and that the agent did not take after all.
    pub missed: u64,
}

/// How many calls of a caller to a number are with somebody now, or on the way there: those who wait do not count.
pub async fn live_from(tx: &mut Tx, number: &NumberId, party: &str) -> Result<u64> {
    let org = tx.org();
    let (count,) = sql!(tx, fetch_one::<(i64,)>, "
        SELECT COUNT(*) FROM calls WHERE org_id = $1 AND live AND direction = 'inbound' AND number_id = $2 AND party = $3
          AND phase IN ('connecting', 'connected')",
        &*org, number.as_str(), party)?;
    row::small(TABLE, count)
}

/// The counts of every agent who has any since a moment.
pub async fn counts_by_agent(tx: &mut Tx, since: Time) -> Result<Vec<(UserId, AgentCounts)>> {
    let org = tx.org();
    // COALESCE keeps SQLite from going through all calls by agent instead of today's by time.
    let rows = sql!(tx, fetch_all::<(String, i64, i64, i64)>, "
        SELECT agent_id, CAST(SUM(inbound) AS BIGINT), CAST(SUM(outbound) AS BIGINT), CAST(SUM(missed) AS BIGINT) FROM (
            SELECT COALESCE(agent_id, '') AS agent_id, COUNT(*) FILTER (WHERE direction = 'inbound' AND answered_at IS NOT NULL) AS inbound,
                COUNT(*) FILTER (WHERE direction = 'outbound') AS outbound, 0 AS missed
            FROM calls WHERE org_id = $1 AND COALESCE(agent_id, '') <> '' AND started_at >= $2 GROUP BY COALESCE(agent_id, '')
            UNION ALL
            SELECT o.agent_id, 0, 0, COUNT(DISTINCT o.call_id)
            FROM calls c JOIN offers o ON o.org_id = c.org_id AND o.call_id = c.id
            WHERE c.org_id = $1 AND c.started_at >= $2 AND o.state = 'missed'
              AND (c.agent_id IS NULL OR c.agent_id <> o.agent_id)
            GROUP BY o.agent_id
        ) counted GROUP BY agent_id ORDER BY agent_id",
        &*org, micros(since))?;
    rows.into_iter()
        .map(|(agent, inbound, outbound, missed)| {
            let counts = AgentCounts {
                inbound: row::small(TABLE, inbound)?,
                outbound: row::small(TABLE, outbound)?,
                missed: row::small(TABLE, missed)?,
            };
            Ok((row::id(TABLE, agent)?, counts))
        })
        .collect()
}

/// How many outbound calls have not ended.
pub async fn live_outbound(tx: &mut Tx) -> Result<u64> {
    let org = tx.org();
    let (count,) = sql!(
        tx,
        fetch_one::<(i64,)>,
        "
        SELECT COUNT(*) FROM calls WHERE org_id = $1 AND live AND direction = 'outbound'",
        &*org
    )?;
    row::small(TABLE, count)
}

/// When an agent started outbound calls since a moment.
pub async fn starts_since(tx: &mut Tx, agent: &UserId, since: Time) -> Result<Vec<Time>> {
    let org = tx.org();
    sql!(tx, fetch_all::<(i64,)>, "
        SELECT started_at FROM calls WHERE org_id = $1 AND agent_id = $2 AND started_at > $3 AND direction = 'outbound'
        ORDER BY started_at",
        &*org, agent.as_str(), micros(since))?
        .into_iter()
        .map(|(at,)| moment(TABLE, at))
        .collect()
}

/// How many outbound calls an agent has started since a moment.
pub async fn started_since(tx: &mut Tx, agent: &UserId, since: Time) -> Result<u64> {
    let org = tx.org();
    let (count,) = sql!(tx, fetch_one::<(i64,)>, "
        SELECT COUNT(*) FROM calls WHERE org_id = $1 AND agent_id = $2 AND started_at > $3 AND direction = 'outbound'",
        &*org, agent.as_str(), micros(since))?;
    row::small(TABLE, count)
}
