//! The webhook inbox: what the carrier said, written down before anything is decided, and by which a repeat is known.

use offhook_core::Time;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};

const TABLE: &str = "inbox";

/// A webhook whose signature was right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWebhook {
    /// By which a repeat is known: door, SIDs, status or event, sequence number, our step.
    pub key: String,
    /// The door it came through.
    pub door: String,
    /// Path and query.
    pub url: String,
    /// The form's fields in their order.
    pub form: Vec<(String, String)>,
    /// When it arrived.
    pub received_at: Time,
}

/// A webhook that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id in the inbox.
    pub id: String,
    /// What came.
    pub received: NewWebhook,
    /// How often it was tried to decide it.
    pub attempts: u32,
}

/// What writing it down showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It is new: decide it.
    Fresh {
        /// Its id in the inbox.
        id: String,
    },
    /// It came before.
    Repeat {
        /// The first one's id.
        id: String,
        /// It was decided already.
        decided: bool,
        /// What was answered then.
        reply: Option<String>,
    },
}

#[derive(sqlx::FromRow)]
struct WebhookRow {
    id: String,
    key: String,
    door: String,
    url: String,
    form: String,
    received_at: i64,
    attempts: i64,
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = Error;
    fn try_from(r: WebhookRow) -> Result<Self> {
        Ok(Self {
            id: r.id,
            received: NewWebhook {
                key: r.key,
                door: r.door,
                url: r.url,
                form: row::from_json(TABLE, &r.form)?,
                received_at: moment(TABLE, r.received_at)?,
            },
            attempts: row::small(TABLE, r.attempts)?,
        })
    }
}

/// Writes a webhook down, unless it came before.
pub async fn write(tx: &mut Tx, webhook: &NewWebhook) -> Result<Written> {
    let org = tx.org();
    let id = format!("hook_{}", Uuid::now_v7().simple());
    let form = row::json(TABLE, &webhook.form)?;
    let rows = sql!(tx, execute, "
        INSERT INTO inbox (org_id, id, key, door, url, form, received_at, attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
        ON CONFLICT (org_id, key) DO NOTHING",
        &*org, &id, &webhook.key, &webhook.door, &webhook.url, &form, micros(webhook.received_at))?;
    if rows == 1 {
        return Ok(Written::Fresh { id });
    }
    let (id, decided_at, reply) = sql!(
        tx,
        fetch_one::<(String, Option<i64>, Option<String>)>,
        "
        SELECT id, decided_at, reply FROM inbox WHERE org_id = $1 AND key = $2",
        &*org,
        &webhook.key
    )?;
    Ok(Written::Repeat {
        id,
        decided: decided_at.is_some(),
        reply,
    })
}

/// It was decided, in this very transaction; `false` when another was quicker, whose decision stands.
pub async fn decided(tx: &mut Tx, id: &str, reply: Option<&str>, now: Time) -> Result<bool> {
    let org = tx.org();
    let rows = sql!(tx, execute, "
        UPDATE inbox SET decided_at = $3, reply = $4 WHERE org_id = $1 AND id = $2 AND decided_at IS NULL",
        &*org, id, micros(now), reply)?;
    Ok(rows == 1)
}

/// Deciding it failed; it is tried again later.
pub async fn failed(tx: &mut Tx, id: &str, error: &str) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "UPDATE inbox SET attempts = attempts + 1, error = $3 WHERE org_id = $1 AND id = $2",
        &*org,
        id,
        error
    )?;
    Ok(())
}

/// Webhooks that arrived before a moment and were never decided (a node died), in order of arrival.
pub async fn undecided(tx: &mut Tx, before: Time, most: u32) -> Result<Vec<Webhook>> {
    let org = tx.org();
    sql!(tx, fetch_all::<WebhookRow>, "
        SELECT id, key, door, url, form, received_at, attempts FROM inbox
        WHERE org_id = $1 AND decided_at IS NULL AND received_at < $2 ORDER BY received_at, id LIMIT $3",
        &*org, micros(before), i64::from(most))?
        .into_iter()
        .map(Webhook::try_from)
        .collect()
}

/// Clears away what was decided and arrived before a moment.
pub async fn prune(tx: &mut Tx, before: Time) -> Result<u64> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM inbox WHERE org_id = $1 AND received_at < $2 AND decided_at IS NOT NULL",
        &*org,
        micros(before)
    )
}
