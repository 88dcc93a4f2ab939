//! Phone numbers of an organization, and what a call to them does.

use offhook_core::Time;
use offhook_core::call::Overflow;
use offhook_core::id::{CarrierId, NumberId, QueueId, UserId};
use serde::{Deserialize, Serialize};

use crate::dynamic::{Statement, run};
use crate::error::{Error, Result};
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};
use crate::{directory, row};

const TABLE: &str = "numbers";

/// A phone number that the organization owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Its id.
    pub id: NumberId,
    /// E.164.
    pub e164: String,
    /// What people call it.
    pub label: Option<String>,
    /// The account at the carrier that holds it.
    pub carrier: CarrierId,
    /// `PN…`, once known.
    pub sid: Option<String>,
    /// The agent whose own number it is.
    pub agent: Option<UserId>,
    /// What a call to it does.
    pub route: Route,
    /// An emergency address is registered for it at the carrier.
    pub emergency_address: bool,
    /// Whether its calls are recorded; `None`: as the organization says.
    pub record: Option<bool>,
    /// Where the carrier asks when this server does not answer; `None` is our own.
    pub fallback_url: Option<String>,
    /// What the carrier last said of it.
    pub facts: Facts,
    /// When it was added.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// What the carrier says of a number; nothing where it was never asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Its name there.
    pub friendly_name: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// `local`, `mobile`, `national` or `toll_free`.
    pub kind: Option<String>,
    /// What it can do.
    pub capabilities: Option<Capabilities>,
    /// What it costs in a month: a decimal number, and ISO 4217.
    pub monthly: Option<(String, String)>,
    /// The carrier's word for where its emergency address stands.
    pub emergency_status: Option<String>,
}

/// What a number can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Calls.
    pub voice: bool,
    /// Messages.
    pub sms: bool,
    /// Picture messages.
    pub mms: bool,
}

/// What a call to a number does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// First.
    pub to: Destination,
    /// Then, when nobody took it; `None` is the queue's own overflow, or voicemail.
    #[serde(default)]
    pub overflow: Option<Overflow>,
    /// Spoken first; `None` is the queue's, the organization's or the bundled one.
    #[serde(default)]
    pub greeting: Option<String>,
    /// Somebody chose it; otherwise it is a first guess, and the documented door at which a call comes in knows better.
    #[serde(default = "yes")]
    pub chosen: bool,
}

fn yes() -> bool {
    true
}

/// Where a call to a number goes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Destination {
    /// Into a queue.
    Queue {
        /// Which.
        queue: QueueId,
    },
    /// To named agents.
    RingAgents {
        /// Who is rung.
        agents: Vec<UserId>,
        /// Seconds until the overflow.
        #[serde(default = "ring_seconds")]
        seconds: u32,
    },
    /// On to a phone.
    Forward {
        /// E.164.
        to: String,
    },
    /// Straight to voicemail.
    Voicemail,
}

fn ring_seconds() -> u32 {
    60
}

#[derive(sqlx::FromRow)]
struct NumberRow {
    id: String,
    e164: String,
    label: Option<String>,
    carrier_id: String,
    sid: Option<String>,
    agent_id: Option<String>,
    route: String,
    emergency_address: bool,
    record: Option<bool>,
    fallback_url: Option<String>,
    at_carrier: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<NumberRow> for Number {
    type Error = Error;
    fn try_from(r: NumberRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            e164: r.e164,
            label: r.label,
            carrier: row::id(TABLE, r.carrier_id)?,
            sid: r.sid,
            agent: row::id_opt(TABLE, r.agent_id)?,
            route: row::from_json(TABLE, &r.route)?,
            emergency_address: r.emergency_address,
            record: r.record,
            fallback_url: r.fallback_url,
            facts: row::from_json_opt(TABLE, r.at_carrier.as_deref())?.unwrap_or_default(),
            created_at: moment(TABLE, r.created_at)?,
            updated_at: moment(TABLE, r.updated_at)?,
        })
    }
}

/// Adds a number; `number_taken` when it belongs to another organization, `numbers_e164` when it is ours already.
pub async fn insert(tx: &mut Tx, number: &Number) -> Result<()> {
    let org = tx.org();
    let route = row::json(TABLE, &number.route)?;
    let facts = row::json(TABLE, &number.facts)?;
    directory::claim(tx, &number.e164, "number_taken").await?;
    sql!(tx, execute, "
        INSERT INTO numbers (org_id, id, e164, label, carrier_id, sid, agent_id, route, emergency_address,
            record, fallback_url, at_carrier, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &*org, number.id.as_str(), &number.e164, number.label.as_deref(), number.carrier.as_str(), number.sid.as_deref(),
        number.agent.as_ref().map(UserId::as_str), &route, number.emergency_address,
        number.record, number.fallback_url.as_deref(), &facts, micros(number.created_at), micros(number.updated_at))?;
    Ok(())
}

/// Changes everything but the number itself.
pub async fn update(tx: &mut Tx, number: &Number) -> Result<()> {
    let org = tx.org();
    let route = row::json(TABLE, &number.route)?;
    let facts = row::json(TABLE, &number.facts)?;
    let rows = sql!(tx, execute, "
        UPDATE numbers SET label = $3, carrier_id = $4, sid = $5, agent_id = $6, route = $7, emergency_address = $8,
            record = $9, fallback_url = $10, at_carrier = $11, updated_at = $12
        WHERE org_id = $1 AND id = $2",
        &*org, number.id.as_str(), number.label.as_deref(), number.carrier.as_str(), number.sid.as_deref(),
        number.agent.as_ref().map(UserId::as_str), &route, number.emergency_address,
        number.record, number.fallback_url.as_deref(), &facts, micros(number.updated_at))?;
    row::changed(rows)
}

/// Lets a number go; calls keep what they were.
pub async fn remove(tx: &mut Tx, id: &NumberId) -> Result<()> {
    let org = tx.org();
    let number = get(tx, id).await?;
    directory::release(tx, &number.e164).await?;
    sql!(
        tx,
        execute,
        "DELETE FROM numbers WHERE org_id = $1 AND id = $2",
        &*org,
        id.as_str()
    )?;
    Ok(())
}

/// The number with this id.
pub async fn get(tx: &mut Tx, id: &NumberId) -> Result<Number> {
    let mut found = select(tx, " AND id = ?", Some(id.as_str())).await?;
    found.pop().ok_or(Error::NotFound)
}

/// The number that is written so, E.164.
pub async fn by_e164(tx: &mut Tx, e164: &str) -> Result<Option<Number>> {
    Ok(select(tx, " AND e164 = ?", Some(e164)).await?.pop())
}

/// All numbers of the organization, oldest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<Number>> {
    select(tx, "", None).await
}

async fn select(tx: &mut Tx, which: &'static str, value: Option<&str>) -> Result<Vec<Number>> {
    let org = tx.org();
    let mut s = Statement::default();
    s.add("SELECT id, e164, label, carrier_id, sid, agent_id, route, emergency_address, record, fallback_url, at_carrier,
            created_at, updated_at
        FROM numbers WHERE org_id = ?", [(&*org).into()])
        .when(which, value)
        .add(" ORDER BY created_at, id", []);
    run!(tx, fetch_all::<NumberRow>, s)?
        .into_iter()
        .map(Number::try_from)
        .collect()
}

/// Notes the carrier's id of a number.
pub async fn set_sid(tx: &mut Tx, id: &NumberId, sid: &str) -> Result<()> {
    let org = tx.org();
    let rows = sql!(
        tx,
        execute,
        "UPDATE numbers SET sid = $3 WHERE org_id = $1 AND id = $2",
        &*org,
        id.as_str(),
        sid
    )?;
    row::changed(rows)
}

/// Hangs a number on another of the organization's accounts.
pub async fn set_carrier(tx: &mut Tx, id: &NumberId, carrier: &CarrierId) -> Result<()> {
    let org = tx.org();
    let rows = sql!(
        tx,
        execute,
        "UPDATE numbers SET carrier_id = $3 WHERE org_id = $1 AND id = $2",
        &*org,
        id.as_str(),
        carrier.as_str()
    )?;
    row::changed(rows)
}
