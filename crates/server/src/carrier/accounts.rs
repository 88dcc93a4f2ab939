//! Carrier accounts with their secrets open: read anew for every request that we send, remembered shortly for those that come in,
//! and forgotten on every node when one of them changes it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::id::{CarrierId, OrgId};
use offhook_store::carriers::{self, CarrierAccount};
use offhook_store::seal::{Keyring, Secret};
use offhook_store::{Db, Error, Reason, directory};
use offhook_twilio::host::{Region, living};

use crate::app::App;

/// So long a remembered account is believed; a signature that does not fit looks at once.
const FRESH: TimeDelta = TimeDelta::seconds(10);

/// The word on the bus for a changed account.
pub(crate) const CHANGED: &str = "account";

/// How long a webhook waits for the database.
const PATIENCE: Duration = Duration::from_millis(1500);

/// An organization's account at the carrier, ready for use.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose it is.
    pub org: OrgId,
    /// Its id.
    pub id: CarrierId,
    /// `AC…`.
    pub account_sid: String,
    /// The token that signs webhooks and opens the API.
    pub auth_token: Secret,
    /// `SK…` and its secret, for softphones.
    pub api_key: Option<(String, Secret)>,
    /// `AP…`.
    pub twiml_app_sid: Option<String>,
    /// For example `ie1`; `None` is the US.
    pub region: Option<String>,
    /// The API's base, without a slash at its end.
    pub base_url: String,
    /// Where softphones signal, only with the sandbox.
    pub signaling_url: Option<String>,
}

impl Account {
    /// Opens a row's secrets.
    pub fn open(keys: &Keyring, org: &OrgId, row: CarrierAccount) -> Result<Self, Error> {
        let auth_token = keys.open(
            carriers::auth_token_place(org.as_str(), &row.id),
            &row.auth_token,
        )?;
        let place = carriers::api_key_secret_place(org.as_str(), &row.id);
        let secret = row
            .api_key_secret
            .as_ref()
            .map(|sealed| keys.open(place, sealed))
            .transpose()?;
        let base_url = match (&row.api_base_url, &row.region) {
            (Some(url), _) => living(url),
            (None, Some(region)) => region.parse().unwrap_or(Region::Us1).base_url().to_owned(),
            (None, None) => Region::Us1.base_url().to_owned(),
        };
        Ok(Self {
            org: org.clone(),
            account_sid: row.account_sid,
            auth_token,
            api_key: row.api_key_sid.zip(secret),
            twiml_app_sid: row.twiml_app_sid,
            region: row.region,
            base_url,
            signaling_url: row.signaling_url,
            id: row.id,
        })
    }
}

/// The accounts that webhooks came for, by `AccountSid` or number.
#[derive(Default)]
pub struct Accounts(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    known: BTreeMap<String, Known>,
    /// Counts changes: what was read before one is not remembered after it.
    changes: u64,
}

#[derive(Clone)]
struct Known {
    account: Arc<Account>,
    read_at: Time,
}

/// What is known about the sender of a webhook.
#[derive(Debug, Clone)]
pub enum Sender {
    /// The account, as the database has it or had it seconds ago.
    Known(Arc<Account>),
    /// No organization of ours.
    Nobody,
    /// The database is away and nothing is remembered.
    Unclear,
}

impl Accounts {
    /// The account under one of these names (`AccountSid` first, then the number that was called).
    pub async fn sender(&self, db: &Db, keys: &Keyring, names: &[&str], now: Time) -> Sender {
        if let Some(known) = self
            .remembered(names)
            .filter(|known| now - known.read_at < FRESH)
        {
            return Sender::Known(known.account);
        }
        self.sender_now(db, keys, names, now).await
    }

    /// The same, read anew; what is remembered serves only while the database is away.
    pub async fn sender_now(&self, db: &Db, keys: &Keyring, names: &[&str], now: Time) -> Sender {
        let late = |_| {
            Err(Error::Unavailable(
                "the database does not answer in time".into(),
            ))
        };
        let changes = self.lock().changes;
        let looking = tokio::time::timeout(PATIENCE, look_up(db, keys, names));
        match looking.await.unwrap_or_else(late) {
            Ok(Some((name, account))) => {
                let account = Arc::new(account);
                let known = Known {
                    account: Arc::clone(&account),
                    read_at: now,
                };
                let mut memory = self.lock();
                if memory.changes == changes {
                    memory.known.insert(name, known);
                }
                Sender::Known(account)
            }
            Ok(None) => {
                let mut memory = self.lock();
                memory
                    .known
                    .retain(|name, _| !names.contains(&name.as_str()));
                Sender::Nobody
            }
            Err(error) => {
                tracing::warn!(%error, "the sender of a webhook cannot be looked up");
                self.remembered(names)
                    .map_or(Sender::Unclear, |known| Sender::Known(known.account))
            }
        }
    }

    /// Forgets what is remembered of an organization whose account was changed.
    pub fn forget(&self, org: &OrgId) {
        let mut memory = self.lock();
        memory.changes += 1;
        memory.known.retain(|_, known| known.account.org != *org);
    }

    /// Changes may have been missed: all is read anew before it is believed, but still serves while the database is away.
    pub fn doubt_all(&self) {
        let mut memory = self.lock();
        memory.changes += 1;
        for known in memory.known.values_mut() {
            known.read_at = Time::MIN_UTC;
        }
    }

    fn remembered(&self, names: &[&str]) -> Option<Known> {
        let memory = self.lock();
        names
            .iter()
            .find_map(|name| memory.known.get(*name))
            .cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// After the commit of a change of an organization's account or numbers: no node believes what it remembers any longer.
pub async fn changed(app: &App, org: &OrgId) {
    app.accounts.forget(org);
    if let Err(error) = app.db.announce(&format!("{CHANGED} {org}")).await {
        tracing::warn!(org.id = %org, %error, "other nodes were not told of a changed account; they read it anew in seconds");
    }
}

/// The account with which an organization's calls are made: its first.
pub async fn of_org(db: &Db, keys: &Keyring, org: &OrgId) -> Result<Option<Account>, Error> {
    let rows = db.read(org, async |tx| carriers::list(tx).await).await?;
    rows.into_iter()
        .next()
        .map(|row| Account::open(keys, org, row))
        .transpose()
}

/// The account, and the name under which it was found.
async fn look_up(
    db: &Db,
    keys: &Keyring,
    names: &[&str],
) -> Result<Option<(String, Account)>, Error> {
    let system = db.system(Reason::Directory);
    let found = system.read(async |conn| {
        for name in names {
            if let Some(org) = directory::find(conn, name).await? {
                return Ok::<_, Error>(Some(((*name).to_owned(), org)));
            }
        }
        Ok(None)
    });
    let Some((name, org)) = found.await? else {
        return Ok(None);
    };
    let rows = db.read(&org, async |tx| carriers::list(tx).await).await?;
    // A number leads to the organization's first account, an AccountSid to its own.
    let row = rows
        .iter()
        .find(|row| names.contains(&row.account_sid.as_str()))
        .or(rows.first())
        .cloned();
    let account = row.map(|row| Account::open(keys, &org, row)).transpose()?;
    Ok(account.map(|account| (name, account)))
}
