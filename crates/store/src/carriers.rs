//! Carrier accounts: an organization's Twilio credentials, their secrets sealed; one per region, one of them in use.

use offhook_core::Time;
use offhook_core::id::CarrierId;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::seal::{Place, Sealed};
use crate::time::{micros, micros_opt, moment, moment_opt};
use crate::tx::{Conn, Tx, sql};
use crate::{directory, row};

const TABLE: &str = "carrier_accounts";

/// An organization's account at the carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierAccount {
    /// Its id.
    pub id: CarrierId,
    /// What people call it.
    pub name: String,
    /// `AC…`.
    pub account_sid: String,
    /// Sealed for [`auth_token_place`].
    pub auth_token: Sealed,
    /// `SK…`.
    pub api_key_sid: Option<String>,
    /// Sealed for [`api_key_secret_place`].
    pub api_key_secret: Option<Sealed>,
    /// `AP…`.
    pub twiml_app_sid: Option<String>,
    /// For example `ie1`; `None` is `us1`.
    pub region: Option<String>,
    /// `None` is Twilio itself.
    pub api_base_url: Option<String>,
    /// Where the softphone signals, only with the sandbox.
    pub signaling_url: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// How it stands; [`save`] leaves this alone, functions of their own change it.
    pub standing: Standing,
}

/// How an account stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Softphones register here, calls are made here.
    pub in_use: bool,
    /// The region that somebody set, where the credentials turned out to be another's.
    pub asked_region: Option<String>,
    /// The public address that was last written into the TwiML App and the numbers.
    pub wired_to: Option<String>,
    /// Since then the carrier takes the stored token no more.
    pub refused_since: Option<Time>,
    /// A second token, sealed for [`next_token_place`]: made, and perhaps promoted.
    pub next_token: Option<Sealed>,
    /// The token of before, sealed for [`old_token_place`], and until when webhooks signed with it are accepted.
    pub old_token: Option<(Sealed, Time)>,
    /// How far the last change of the token came.
    pub rotation: Option<Value>,
}

impl CarrierAccount {
    /// The region by its name, the first one too.
    pub fn region_name(&self) -> &str {
        self.region.as_deref().unwrap_or("us1")
    }
}

/// Where an account's auth token lies.
pub fn auth_token_place<'a>(org: &'a str, id: &'a CarrierId) -> Place<'a> {
    Place {
        org,
        table: TABLE,
        column: "auth_token_sealed",
        id: id.as_str(),
    }
}

/// Where an account's API key secret lies.
pub fn api_key_secret_place<'a>(org: &'a str, id: &'a CarrierId) -> Place<'a> {
    Place {
        org,
        table: TABLE,
        column: "api_key_secret_sealed",
        id: id.as_str(),
    }
}

/// Where a token lies that is to be the next.
pub fn next_token_place<'a>(org: &'a str, id: &'a CarrierId) -> Place<'a> {
    Place {
        org,
        table: TABLE,
        column: "next_token_sealed",
        id: id.as_str(),
    }
}

/// Where the token of before lies.
pub fn old_token_place<'a>(org: &'a str, id: &'a CarrierId) -> Place<'a> {
    Place {
        org,
        table: TABLE,
        column: "old_token_sealed",
        id: id.as_str(),
    }
}

#[derive(sqlx::FromRow)]
struct CarrierRow {
    id: String,
    name: String,
    account_sid: String,
    auth_token_sealed: String,
    api_key_sid: Option<String>,
    api_key_secret_sealed: Option<String>,
    twiml_app_sid: Option<String>,
    region: Option<String>,
    api_base_url: Option<String>,
    signaling_url: Option<String>,
    created_at: i64,
    updated_at: i64,
    in_use: bool,
    asked_region: Option<String>,
    wired_to: Option<String>,
    refused_since: Option<i64>,
    next_token_sealed: Option<String>,
    old_token_sealed: Option<String>,
    old_token_until: Option<i64>,
    rotation: Option<String>,
}

impl TryFrom<CarrierRow> for CarrierAccount {
    type Error = Error;
    fn try_from(r: CarrierRow) -> Result<Self> {
        let old_token = r.old_token_sealed.map(Sealed::from_column);
        let standing = Standing {
            in_use: r.in_use,
            asked_region: r.asked_region,
            wired_to: r.wired_to,
            refused_since: moment_opt(TABLE, r.refused_since)?,
            next_token: r.next_token_sealed.map(Sealed::from_column),
            old_token: old_token.zip(moment_opt(TABLE, r.old_token_until)?),
            rotation: row::from_json_opt(TABLE, r.rotation.as_deref())?,
        };
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            name: r.name,
            account_sid: r.account_sid,
            auth_token: Sealed::from_column(r.auth_token_sealed),
            api_key_sid: r.api_key_sid,
            api_key_secret: r.api_key_secret_sealed.map(Sealed::from_column),
            twiml_app_sid: r.twiml_app_sid,
            region: r.region,
            api_base_url: r.api_base_url,
            signaling_url: r.signaling_url,
            created_at: moment(TABLE, r.created_at)?,
            updated_at: moment(TABLE, r.updated_at)?,
            standing,
        })
    }
}

/// Adds or changes an account, the organization's first one in use; `account_taken` when another organization has this
/// `AccountSid`.
pub async fn save(tx: &mut Tx, account: &CarrierAccount) -> Result<()> {
    let org = tx.org();
    if let Some(before) = find(tx, &account.id).await?
        && before.account_sid != account.account_sid
    {
        release(tx, &before).await?;
    }
    directory::claim(tx, &account.account_sid, "account_taken").await?;
    sql!(tx, execute, "
        INSERT INTO carrier_accounts (org_id, id, name, account_sid, auth_token_sealed, api_key_sid, api_key_secret_sealed,
            twiml_app_sid, region, api_base_url, signaling_url, created_at, updated_at, in_use)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
            NOT EXISTS (SELECT 1 FROM carrier_accounts WHERE org_id = $1 AND in_use))
        ON CONFLICT (org_id, id) DO UPDATE SET name = excluded.name, account_sid = excluded.account_sid,
            auth_token_sealed = excluded.auth_token_sealed, api_key_sid = excluded.api_key_sid,
            api_key_secret_sealed = excluded.api_key_secret_sealed, twiml_app_sid = excluded.twiml_app_sid,
            region = excluded.region, api_base_url = excluded.api_base_url, signaling_url = excluded.signaling_url,
            updated_at = excluded.updated_at",
        &*org, account.id.as_str(), &account.name, &account.account_sid, account.auth_token.as_column(),
        account.api_key_sid.as_deref(), account.api_key_secret.as_ref().map(Sealed::as_column),
        account.twiml_app_sid.as_deref(), account.region.as_deref(), account.api_base_url.as_deref(),
        account.signaling_url.as_deref(), micros(account.created_at), micros(account.updated_at))?;
    Ok(())
}

/// Changes how an account stands, but for which one is in use.
pub async fn set_standing(tx: &mut Tx, id: &CarrierId, standing: &Standing) -> Result<()> {
    let org = tx.org();
    let rotation = standing.rotation.as_ref();
    let rotation = rotation.map(|value| row::json(TABLE, value)).transpose()?;
    let (old, until) = standing
        .old_token
        .as_ref()
        .map_or((None, None), |(token, until)| (Some(token), Some(*until)));
    let rows = sql!(tx, execute, "
        UPDATE carrier_accounts SET asked_region = $3, wired_to = $4, refused_since = $5, next_token_sealed = $6,
            old_token_sealed = $7, old_token_until = $8, rotation = $9
        WHERE org_id = $1 AND id = $2",
        &*org, id.as_str(), standing.asked_region.as_deref(), standing.wired_to.as_deref(), micros_opt(standing.refused_since),
        standing.next_token.as_ref().map(Sealed::as_column), old.map(Sealed::as_column), micros_opt(until),
        rotation.as_deref())?;
    row::changed(rows)
}

/// Makes an account the one that softphones register at.
pub async fn put_to_use(tx: &mut Tx, id: &CarrierId) -> Result<()> {
    let org = tx.org();
    // One after the other: there is never a second one.
    sql!(
        tx,
        execute,
        "UPDATE carrier_accounts SET in_use = $2 WHERE org_id = $1 AND in_use",
        &*org,
        false
    )?;
    let rows = sql!(
        tx,
        execute,
        "UPDATE carrier_accounts SET in_use = $3 WHERE org_id = $1 AND id = $2",
        &*org,
        id.as_str(),
        true
    )?;
    row::changed(rows)
}

/// Removes an account; `in_use` where softphones register there, `has_numbers` while numbers hang on it.
pub async fn remove(tx: &mut Tx, id: &CarrierId) -> Result<()> {
    let org = tx.org();
    let account = find(tx, id).await?.ok_or(Error::NotFound)?;
    if account.standing.in_use {
        return Err(Error::conflict("in_use"));
    }
    let number = sql!(
        tx,
        fetch_optional::<(String,)>,
        "SELECT id FROM numbers WHERE org_id = $1 AND carrier_id = $2 LIMIT 1",
        &*org,
        id.as_str()
    )?;
    if number.is_some() {
        return Err(Error::conflict("has_numbers"));
    }
    release(tx, &account).await?;
    sql!(
        tx,
        execute,
        "DELETE FROM carrier_accounts WHERE org_id = $1 AND id = $2",
        &*org,
        id.as_str()
    )?;
    Ok(())
}

/// Gives an `AccountSid` back, unless the organization has it in another region too.
async fn release(tx: &mut Tx, account: &CarrierAccount) -> Result<()> {
    let others = list(tx).await?;
    if others
        .iter()
        .any(|other| other.id != account.id && other.account_sid == account.account_sid)
    {
        return Ok(());
    }
    directory::release(tx, &account.account_sid).await
}

/// Puts a secret sealed anew in the place of the same one, if nobody changed it meanwhile; answers whether it did.
pub async fn replace_sealed(
    tx: &mut Tx,
    id: &CarrierId,
    before: &Sealed,
    after: &Sealed,
) -> Result<bool> {
    let org = tx.org();
    let rows = sql!(tx, execute, "
        UPDATE carrier_accounts SET
            auth_token_sealed = CASE WHEN auth_token_sealed = $3 THEN $4 ELSE auth_token_sealed END,
            api_key_secret_sealed = CASE WHEN api_key_secret_sealed = $3 THEN $4 ELSE api_key_secret_sealed END,
            next_token_sealed = CASE WHEN next_token_sealed = $3 THEN $4 ELSE next_token_sealed END,
            old_token_sealed = CASE WHEN old_token_sealed = $3 THEN $4 ELSE old_token_sealed END
        WHERE org_id = $1 AND id = $2
          AND (auth_token_sealed = $3 OR api_key_secret_sealed = $3 OR next_token_sealed = $3 OR old_token_sealed = $3)",
        &*org, id.as_str(), before.as_column(), after.as_column())?;
    Ok(rows > 0)
}

/// The account with this id.
pub async fn find(tx: &mut Tx, id: &CarrierId) -> Result<Option<CarrierAccount>> {
    Ok(list(tx).await?.into_iter().find(|a| &a.id == id))
}

/// The account in use.
pub async fn in_use(tx: &mut Tx) -> Result<Option<CarrierAccount>> {
    Ok(list(tx).await?.into_iter().next())
}

/// The account in this region.
pub async fn in_region(tx: &mut Tx, region: &str) -> Result<Option<CarrierAccount>> {
    Ok(list(tx)
        .await?
        .into_iter()
        .find(|a| a.region_name() == region))
}

/// All accounts of the organization, the one in use first, then the oldest; there are one or two.
pub async fn list(tx: &mut Tx) -> Result<Vec<CarrierAccount>> {
    let org = tx.org();
    sql!(tx, fetch_all::<CarrierRow>, "
        SELECT id, name, account_sid, auth_token_sealed, api_key_sid, api_key_secret_sealed, twiml_app_sid, region,
               api_base_url, signaling_url, created_at, updated_at, in_use, asked_region, wired_to, refused_since,
               next_token_sealed, old_token_sealed, old_token_until, rotation
        FROM carrier_accounts WHERE org_id = $1 ORDER BY in_use DESC, created_at, id",
        &*org)?
        .into_iter()
        .map(CarrierAccount::try_from)
        .collect()
}

/// This installation's own short name, which tells what it made at the carrier from what others made there.
pub async fn installation(conn: &mut Conn) -> Result<String> {
    let (id,) = sql!(
        conn,
        fetch_one::<(String,)>,
        "SELECT id FROM installation ORDER BY id LIMIT 1",
    )?;
    Ok(id)
}
