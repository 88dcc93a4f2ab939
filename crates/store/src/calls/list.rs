//! Lists of calls: pages, who waits, open offers, what is live.

use std::collections::HashMap;

use offhook_core::Time;
use offhook_core::call::{Direction, LegStatus};
use offhook_core::id::{CallId, ContactId, NumberId, QueueId, UserId};

use super::TABLE;
use super::summary::{CallSummary, FROM, OpenOffer, SELECT, SummaryRow};
use crate::contacts::search_terms;
use crate::dynamic::{Statement, anywhere, run};
use crate::error::{Error, Result};
use crate::page::{Listed, Page};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};

/// Which calls; what is `None` or empty does not matter.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// Who called whom.
    pub direction: Option<Direction>,
    /// One of these.
    pub status: Vec<LegStatus>,
    /// Not ended, or ended.
    pub live: Option<bool>,
    /// The agent.
    pub agent: Option<UserId>,
    /// The contact.
    pub contact: Option<ContactId>,
    /// The outside party's number, exactly.
    pub party: Option<String>,
    /// Our number.
    pub number: Option<NumberId>,
    /// Parts of the contact's name, company or e-mail, or of the outside party's number.
    pub q: Option<String>,
    /// Began then or later.
    pub from: Option<Time>,
    /// Began before then.
    pub to: Option<Time>,
}

/// Calls, newest first.
pub async fn list(tx: &mut Tx, filter: &CallFilter, page: &Page) -> Result<Listed<CallSummary>> {
    let mut s = select(tx);
    s.when(
        " AND c.direction = ?",
        filter.direction.map(|d| row::word(&d)).as_deref(),
    )
    .when(
        " AND c.agent_id = ?",
        filter.agent.as_ref().map(UserId::as_str),
    )
    .when(
        " AND c.contact_id = ?",
        filter.contact.as_ref().map(ContactId::as_str),
    )
    .when(" AND c.party = ?", filter.party.as_deref())
    .when(
        " AND c.number_id = ?",
        filter.number.as_ref().map(NumberId::as_str),
    )
    .when(" AND c.started_at >= ?", filter.from.map(micros))
    .when(" AND c.started_at < ?", filter.to.map(micros));
    // Said literally, so that the small index of live calls serves: what has no final status is live.
    let only_live = !filter.status.is_empty() && !filter.status.iter().any(|s| s.is_final());
    match filter.live {
        Some(false) => s.add(" AND NOT c.live", []),
        None if !only_live => &mut s,
        Some(true) | None => s.add(" AND c.live", []),
    };
    if !filter.status.is_empty() {
        s.add(" AND c.status IN ", [])
            .list(filter.status.iter().map(|status| status.as_str().into()));
    }
    for term in search_terms(filter.q.as_deref().unwrap_or_default()) {
        let pattern = anywhere(&term);
        s.add(
            " AND (k.search LIKE ? ESCAPE '\\' OR c.party LIKE ? ESCAPE '\\')",
            [pattern.as_str().into(), pattern.as_str().into()],
        );
    }
    if let Some(p) = page.position()? {
        s.add(
            " AND (c.started_at, c.id) < (?, ?)",
            [p.at.into(), p.id.as_str().into()],
        );
    }
    s.add(
        " ORDER BY c.started_at DESC, c.id DESC LIMIT ?",
        [(page.rows() + 1).into()],
    );
    let calls = fetch(tx, s).await?;
    Ok(page.cut(calls, |c| (c.started_at, c.id.to_string())))
}

/// One call as lists show it.
pub async fn summary(tx: &mut Tx, id: &CallId) -> Result<CallSummary> {
    let mut s = select(tx);
    s.add(" AND c.id = ?", [id.as_str().into()]);
    fetch(tx, s).await?.pop().ok_or(Error::NotFound)
}

/// Several calls as lists show them, by id, in one query.
pub async fn summaries<'a>(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = &'a CallId>,
) -> Result<HashMap<CallId, CallSummary>> {
    let ids: Vec<_> = ids.into_iter().map(|id| id.as_str().into()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut s = select(tx);
    s.add(" AND c.id IN ", []).list(ids);
    Ok(fetch(tx, s)
        .await?
        .into_iter()
        .map(|call| (call.id.clone(), call))
        .collect())
}

/// Who waits, in the order of the queue: those who had an agent before come first. `None` is all queues and waiting places.
pub async fn waiting(tx: &mut Tx, queue: Option<&QueueId>) -> Result<Vec<CallSummary>> {
    let mut s = select(tx);
    s.add(" AND c.live AND c.waiting_since IS NOT NULL", []);
    s.when(" AND c.queue_id = ?", queue.map(QueueId::as_str));
    s.add(" ORDER BY c.returned DESC, c.waiting_since, c.id", []);
    fetch(tx, s).await
}

/// [`next_for`] as SQL: the small index of those who wait gives the order, whatever else lies in the table.
pub const NEXT_FOR: &str = "
    SELECT c.id FROM calls c
    WHERE c.org_id = $1 AND c.waiting_since IS NOT NULL
      AND (c.queue_id IN (SELECT m.queue_id FROM queue_members m WHERE m.org_id = $1 AND m.user_id = $2)
        OR EXISTS (SELECT 1 FROM offers o WHERE o.org_id = $1 AND o.call_id = c.id AND o.agent_id = $2 AND o.state = 'offered'))
      AND NOT EXISTS (SELECT 1 FROM offers o
        WHERE o.org_id = $1 AND o.call_id = c.id AND o.agent_id = $2 AND o.state = 'declined' AND o.expires_at > $3)
    ORDER BY c.returned DESC, c.waiting_since, c.id LIMIT 1";

/// The caller who has waited longest where this agent may take calls: in one of the agent's queues, or on the agent's screen.
/// A call that the agent turned down stays away for as long as its offer would have lived.
pub async fn next_for(tx: &mut Tx, agent: &UserId, now: Time) -> Result<Option<CallId>> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<(String,)>,
        NEXT_FOR,
        &*org,
        agent.as_str(),
        micros(now)
    )?;
    found.map(|(id,)| row::id(TABLE, id)).transpose()
}

/// The calls of an agent that have not ended, oldest first.
pub async fn live_of_agent(tx: &mut Tx, agent: &UserId) -> Result<Vec<CallSummary>> {
    let mut s = select(tx);
    s.add(
        " AND c.live AND c.agent_id = ? ORDER BY c.started_at, c.id",
        [agent.as_str().into()],
    );
    fetch(tx, s).await
}

#[derive(sqlx::FromRow)]
struct OfferRow {
    offer_id: String,
    offered_to: String,
    offered_at: i64,
    expires_at: i64,
    #[sqlx(flatten)]
    call: SummaryRow,
}

/// The offers on agents' screens, oldest first; `None` is everybody's.
pub async fn open_offers(tx: &mut Tx, agent: Option<&UserId>) -> Result<Vec<OpenOffer>> {
    const T: &str = "offers";
    let org = tx.org();
    let mut s = Statement::default();
    s.add(SELECT, [])
        .add(", o.id AS offer_id, o.agent_id AS offered_to, o.offered_at, o.expires_at", [])
        .add(FROM, [])
        .add(" JOIN offers o ON o.org_id = c.org_id AND o.call_id = c.id WHERE c.org_id = ? AND o.org_id = ? AND o.state = 'offered'",
            [(&*org).into(), (&*org).into()])
        .when(" AND o.agent_id = ?", agent.map(UserId::as_str))
        .add(" ORDER BY o.offered_at, o.id", []);
    run!(tx, fetch_all::<OfferRow>, s)?
        .into_iter()
        .map(|r| {
            Ok(OpenOffer {
                id: row::id(T, r.offer_id)?,
                agent: row::id(T, r.offered_to)?,
                offered_at: moment(T, r.offered_at)?,
                expires_at: moment(T, r.expires_at)?,
                call: r.call.try_into()?,
            })
        })
        .collect()
}

fn select(tx: &Tx) -> Statement {
    let org = tx.org();
    let mut s = Statement::default();
    s.add(SELECT, [])
        .add(FROM, [])
        .add(" WHERE c.org_id = ?", [(&*org).into()]);
    s
}

async fn fetch(tx: &mut Tx, s: Statement) -> Result<Vec<CallSummary>> {
    run!(tx, fetch_all::<SummaryRow>, s)?
        .into_iter()
        .map(CallSummary::try_from)
        .collect()
}
