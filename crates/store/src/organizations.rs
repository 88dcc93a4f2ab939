//! Organizations and their settings.

use offhook_core::Time;
use offhook_core::id::OrgId;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Conn, Tx, sql};

const TABLE: &str = "organizations";

/// The tenant boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    /// Its id.
    pub id: OrgId,
    /// The short name in addresses and headers.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// ISO 3166 alpha-2; how local phone numbers are read.
    pub country: String,
    /// ISO 4217.
    pub currency: String,
    /// What its owner can set.
    pub settings: Settings,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// What an owner can set; a field that an older row lacks has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Calls are recorded.
    pub record_calls: bool,
    /// The recording notice is spoken first where a call is recorded.
    pub recording_notice: bool,
    /// Its text; `None` is the bundled one.
    pub recording_notice_text: Option<String>,
    /// The greeting of routes without one of their own; `None` is the bundled one.
    pub greeting: Option<String>,
    /// Countries that may be called beside the organization's own, ISO 3166 alpha-2.
    pub allowed_countries: Vec<String>,
    /// Outbound calls at the same time.
    pub concurrent_limit: u32,
    /// Outbound calls that one agent may start in a minute.
    pub starts_per_minute: u32,
    /// Wrap-up after a call, seconds.
    pub wrap_up_seconds: u32,
    /// What an agent can say that a call meant.
    pub dispositions: Vec<String>,
    /// A forwarded call shows the caller's own number.
    pub forward_shows_caller: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            record_calls: true,
            recording_notice: true,
            recording_notice_text: None,
            greeting: None,
            allowed_countries: Vec::new(),
            concurrent_limit: 20,
            starts_per_minute: 10,
            wrap_up_seconds: 30,
            dispositions: [
                "Resolved",
                "Follow up",
                "Sale",
                "Not interested",
                "Wrong number",
            ]
            .map(String::from)
            .to_vec(),
            forward_shows_caller: true,
        }
    }
}

#[derive(sqlx::FromRow)]
struct OrganizationRow {
    id: String,
    slug: String,
    name: String,
    country: String,
    currency: String,
    settings: String,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<OrganizationRow> for Organization {
    type Error = Error;
    fn try_from(r: OrganizationRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            slug: r.slug,
            name: r.name,
            country: r.country,
            currency: r.currency,
            settings: row::from_json(TABLE, &r.settings)?,
            created_at: moment(TABLE, r.created_at)?,
            updated_at: moment(TABLE, r.updated_at)?,
        })
    }
}

/// Adds an organization; `organizations_slug` when the slug is taken.
pub async fn insert(conn: &mut Conn, org: &Organization) -> Result<()> {
    let settings = row::json(TABLE, &org.settings)?;
    sql!(conn, execute, "
        INSERT INTO organizations (id, slug, name, country, currency, settings, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        org.id.as_str(), &org.slug, &org.name, &org.country, &org.currency, &settings,
        micros(org.created_at), micros(org.updated_at))?;
    Ok(())
}

/// Changes name, country, currency and settings.
pub async fn update(conn: &mut Conn, org: &Organization) -> Result<()> {
    let settings = row::json(TABLE, &org.settings)?;
    let rows = sql!(conn, execute, "
        UPDATE organizations SET name = $2, country = $3, currency = $4, settings = $5, updated_at = $6 WHERE id = $1",
        org.id.as_str(), &org.name, &org.country, &org.currency, &settings, micros(org.updated_at))?;
    row::changed(rows)
}

/// Takes the organization's turn until the transaction ends: two that both count its calls before they add one follow each other.
pub async fn take_turn(tx: &mut Tx) -> Result<()> {
    let org = tx.org();
    let rows = sql!(
        tx,
        execute,
        "UPDATE organizations SET updated_at = updated_at WHERE id = $1",
        &*org
    )?;
    row::changed(rows)
}

/// The organization with this id.
pub async fn get(conn: &mut Conn, id: &OrgId) -> Result<Organization> {
    sql!(conn, fetch_optional::<OrganizationRow>, "
        SELECT id, slug, name, country, currency, settings, created_at, updated_at FROM organizations WHERE id = $1",
        id.as_str())?
        .ok_or(Error::NotFound)?
        .try_into()
}

/// The organization with this slug.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Organization>> {
    sql!(conn, fetch_optional::<OrganizationRow>, "
        SELECT id, slug, name, country, currency, settings, created_at, updated_at FROM organizations WHERE slug = $1",
        slug)?
        .map(Organization::try_from)
        .transpose()
}

/// All organizations' ids, for sweeps.
pub async fn ids(conn: &mut Conn) -> Result<Vec<OrgId>> {
    sql!(
        conn,
        fetch_all::<(String,)>,
        "SELECT id FROM organizations ORDER BY id"
    )?
    .into_iter()
    .map(|(id,)| row::id(TABLE, id))
    .collect()
}

/// Is there any organization: if not, this is the first run.
pub async fn any(conn: &mut Conn) -> Result<bool> {
    Ok(sql!(
        conn,
        fetch_optional::<(String,)>,
        "SELECT id FROM organizations LIMIT 1"
    )?
    .is_some())
}
