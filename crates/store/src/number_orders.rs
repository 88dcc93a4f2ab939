//! Purchases of numbers: each is written down before its request leaves, and its number is claimed with it.

use offhook_core::Time;
use offhook_core::id::{CarrierId, NumberId, OrderId, UserId};
use serde::{Deserialize, Serialize};

use crate::dynamic::{Statement, run};
use crate::error::{Error, Result};
use crate::numbers::Route;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};
use crate::{directory, numbers, row};

const TABLE: &str = "number_orders";

/// Where a purchase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// The request is about to leave, or on its way.
    Buying,
    /// It may have left and no answer came: the account is looked at.
    Unknown,
    /// The number is ours.
    Done,
    /// It was not bought.
    Failed,
}

/// What the number shall be once it is ours, and the papers that it is bought with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// `BU…`.
    pub bundle_sid: Option<String>,
    /// `AD…`.
    pub address_sid: Option<String>,
    /// Its name.
    pub label: Option<String>,
    /// What a call to it does.
    pub route: Route,
    /// The agent whose own it will be.
    pub agent: Option<UserId>,
    /// What is known of it beforehand.
    pub facts: numbers::Facts,
}

/// A purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The number, E.164.
    pub e164: String,
    /// The account that buys it.
    pub carrier: CarrierId,
    /// What it shall be.
    pub wanted: Wanted,
    /// Where the purchase stands.
    pub state: OrderState,
    /// Why it failed, in words.
    pub reason: Option<String>,
    /// The carrier's code of it.
    pub carrier_code: Option<u32>,
    /// The number that came of it.
    pub number: Option<NumberId>,
    /// The key of the request.
    pub request_key: Option<String>,
    /// When it was asked for.
    pub created_at: Time,
    /// When it last went on.
    pub updated_at: Time,
}

#[derive(sqlx::FromRow)]
struct OrderRow {
    id: String,
    e164: String,
    carrier_id: String,
    wanted: String,
    state: String,
    reason: Option<String>,
    carrier_code: Option<i64>,
    number_id: Option<String>,
    request_key: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<OrderRow> for Order {
    type Error = Error;
    fn try_from(r: OrderRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            e164: r.e164,
            carrier: row::id(TABLE, r.carrier_id)?,
            wanted: row::from_json(TABLE, &r.wanted)?,
            state: row::from_word(TABLE, r.state)?,
            reason: r.reason,
            carrier_code: row::small_opt(TABLE, r.carrier_code)?,
            number: row::id_opt(TABLE, r.number_id)?,
            request_key: r.request_key,
            created_at: moment(TABLE, r.created_at)?,
            updated_at: moment(TABLE, r.updated_at)?,
        })
    }
}

/// Writes a purchase down and claims its number; `number_taken` when it belongs to another organization.
pub async fn insert(tx: &mut Tx, order: &Order) -> Result<()> {
    let org = tx.org();
    let wanted = row::json(TABLE, &order.wanted)?;
    directory::claim(tx, &order.e164, "number_taken").await?;
    sql!(tx, execute, "
        INSERT INTO number_orders (org_id, id, e164, carrier_id, wanted, state, reason, carrier_code, number_id, request_key, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &*org, order.id.as_str(), &order.e164, order.carrier.as_str(), &wanted, row::word(&order.state),
        order.reason.as_deref(), order.carrier_code.map(i64::from), order.number.as_ref().map(NumberId::as_str),
        order.request_key.as_deref(), micros(order.created_at), micros(order.updated_at))?;
    Ok(())
}

/// Writes down how a purchase went on. One that failed gives its number back, unless the organization has it all the same.
pub async fn update(tx: &mut Tx, order: &Order) -> Result<()> {
    let org = tx.org();
    let rows = sql!(tx, execute, "
        UPDATE number_orders SET state = $3, reason = $4, carrier_code = $5, number_id = $6, updated_at = $7
        WHERE org_id = $1 AND id = $2",
        &*org, order.id.as_str(), row::word(&order.state), order.reason.as_deref(), order.carrier_code.map(i64::from),
        order.number.as_ref().map(NumberId::as_str), micros(order.updated_at))?;
    row::changed(rows)?;
    if order.state == OrderState::Failed && numbers::by_e164(tx, &order.e164).await?.is_none() {
        directory::release(tx, &order.e164).await?;
    }
    Ok(())
}

/// The purchase with this id.
pub async fn get(tx: &mut Tx, id: &OrderId) -> Result<Order> {
    let mut found = select(tx, " AND id = ?", Some(id.as_str())).await?;
    found.pop().ok_or(Error::NotFound)
}

/// The purchase that this key began.
pub async fn by_request_key(tx: &mut Tx, key: &str) -> Result<Option<Order>> {
    Ok(select(tx, " AND request_key = ?", Some(key)).await?.pop())
}

/// The purchase of this number that is under way.
pub async fn open_of(tx: &mut Tx, e164: &str) -> Result<Option<Order>> {
    let which = " AND state IN ('buying', 'unknown') AND e164 = ?";
    Ok(select(tx, which, Some(e164)).await?.pop())
}

/// The newest purchases.
pub async fn list(tx: &mut Tx) -> Result<Vec<Order>> {
    select(tx, "", None).await
}

async fn select(tx: &mut Tx, which: &'static str, value: Option<&str>) -> Result<Vec<Order>> {
    let org = tx.org();
    let mut s = Statement::default();
    s.add("SELECT id, e164, carrier_id, wanted, state, reason, carrier_code, number_id, request_key, created_at, updated_at
        FROM number_orders WHERE org_id = ?", [(&*org).into()])
        .when(which, value)
        .add(" ORDER BY created_at DESC, id DESC LIMIT 100", []);
    run!(tx, fetch_all::<OrderRow>, s)?
        .into_iter()
        .map(Order::try_from)
        .collect()
}
