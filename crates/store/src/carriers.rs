//! Carrier accounts: an organization's Twilio credentials, their secrets sealed.

use offhook_core::Time;
use offhook_core::id::CarrierId;

use crate::error::{Error, Result};
use crate::seal::{Place, Sealed};
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};
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
}

impl TryFrom<CarrierRow> for CarrierAccount {
    type Error = Error;
    fn try_from(r: CarrierRow) -> Result<Self> {
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
        })
    }
}

/// Adds or changes an account; `account_taken` when another organization has this `AccountSid`.
pub async fn save(tx: &mut Tx, account: &CarrierAccount) -> Result<()> {
    let org = tx.org();
    if let Some(before) = find(tx, &account.id).await?
        && before.account_sid != account.account_sid
    {
        directory::release(tx, &before.account_sid).await?;
    }
    directory::claim(tx, &account.account_sid, "account_taken").await?;
    sql!(tx, execute, "
        INSERT INTO carrier_accounts (org_id, id, name, account_sid, auth_token_sealed, api_key_sid, api_key_secret_sealed,
            twiml_app_sid, region, api_base_url, signaling_url, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
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
            api_key_secret_sealed = CASE WHEN api_key_secret_sealed = $3 THEN $4 ELSE api_key_secret_sealed END
        WHERE org_id = $1 AND id = $2 AND (auth_token_sealed = $3 OR api_key_secret_sealed = $3)",
        &*org, id.as_str(), before.as_column(), after.as_column())?;
    Ok(rows > 0)
}

/// The account with this id.
pub async fn find(tx: &mut Tx, id: &CarrierId) -> Result<Option<CarrierAccount>> {
    Ok(list(tx).await?.into_iter().find(|a| &a.id == id))
}

/// The account with this `AccountSid`.
pub async fn by_sid(tx: &mut Tx, account_sid: &str) -> Result<Option<CarrierAccount>> {
    Ok(list(tx)
        .await?
        .into_iter()
        .find(|a| a.account_sid == account_sid))
}

/// All accounts of the organization, oldest first; there are one or two.
pub async fn list(tx: &mut Tx) -> Result<Vec<CarrierAccount>> {
    let org = tx.org();
    sql!(tx, fetch_all::<CarrierRow>, "
        SELECT id, name, account_sid, auth_token_sealed, api_key_sid, api_key_secret_sealed, twiml_app_sid, region,
               api_base_url, signaling_url, created_at, updated_at
        FROM carrier_accounts WHERE org_id = $1 ORDER BY created_at, id",
        &*org)?
        .into_iter()
        .map(CarrierAccount::try_from)
        .collect()
}
