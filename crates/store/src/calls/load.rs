//! Rows to the aggregate.

use offhook_core::call::{Call, Leg, Offer};
use offhook_core::id::CallId;

use super::TABLE;
use crate::error::{Error, Result};
use crate::row;
use crate::time::{moment, moment_opt};
use crate::tx::{Tx, sql};

/// A call as it lies in the store; `save` needs to know what it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The call.
    pub call: Call,
    /// Its version; another one in the store means that somebody was quicker.
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct CallRow {
    id: String,
    state: String,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct OfferRow {
    id: String,
    agent_id: String,
    state: String,
    offered_at: i64,
    expires_at: i64,
    closed_at: Option<i64>,
}

impl TryFrom<OfferRow> for Offer {
    type Error = Error;
    fn try_from(r: OfferRow) -> Result<Self> {
        const T: &str = "offers";
        Ok(Self {
            id: row::id(T, r.id)?,
            agent: row::id(T, r.agent_id)?,
            offered_at: moment(T, r.offered_at)?,
            expires_at: moment(T, r.expires_at)?,
            state: row::from_word(T, r.state)?,
            closed_at: moment_opt(T, r.closed_at)?,
        })
    }
}

/// The call with this id.
pub async fn load(tx: &mut Tx, id: &CallId) -> Result<Stored> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<CallRow>,
        "
        SELECT id, state, version FROM calls WHERE org_id = $1 AND id = $2",
        &*org,
        id.as_str()
    )?
    .ok_or(Error::NotFound)?;
    assemble(tx, found).await
}

/// The call that a Twilio `CallSid` is a leg of.
pub async fn by_leg_sid(tx: &mut Tx, sid: &str) -> Result<Option<Stored>> {
    let org = tx.org();
    let found = sql!(tx, fetch_optional::<CallRow>, "
        SELECT c.id, c.state, c.version FROM legs l JOIN calls c ON c.org_id = l.org_id AND c.id = l.call_id
        WHERE l.org_id = $1 AND l.sid = $2",
        &*org, sid)?;
    match found {
        Some(found) => assemble(tx, found).await.map(Some),
        None => Ok(None),
    }
}

/// The call that an agent's request with this `Idempotency-Key` made.
pub async fn by_request_key(tx: &mut Tx, key: &str) -> Result<Option<Stored>> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<CallRow>,
        "
        SELECT id, state, version FROM calls WHERE org_id = $1 AND request_key = $2",
        &*org,
        key
    )?;
    match found {
        Some(found) => assemble(tx, found).await.map(Some),
        None => Ok(None),
    }
}

async fn assemble(tx: &mut Tx, found: CallRow) -> Result<Stored> {
    let org = tx.org();
    let mut call: Call = row::from_json(TABLE, &found.state)?;
    if call.id.as_str() != found.id || call.org.as_str() != &*org {
        return Err(Error::inconsistent(TABLE, "its state is another call's"));
    }
    call.legs = sql!(
        tx,
        fetch_all::<(String,)>,
        "
        SELECT state FROM legs WHERE org_id = $1 AND call_id = $2 ORDER BY position",
        &*org,
        &found.id
    )?
    .into_iter()
    .map(|(state,)| row::from_json::<Leg>("legs", &state))
    .collect::<Result<_>>()?;
    call.offers = sql!(
        tx,
        fetch_all::<OfferRow>,
        "
        SELECT id, agent_id, state, offered_at, expires_at, closed_at
        FROM offers WHERE org_id = $1 AND call_id = $2 ORDER BY position",
        &*org,
        &found.id
    )?
    .into_iter()
    .map(Offer::try_from)
    .collect::<Result<_>>()?;
    Ok(Stored {
        call,
        version: found.version,
    })
}
