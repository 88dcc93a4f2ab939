//! Carrier accounts with their secrets open: read anew for every request that we send, remembered shortly for those that come in.

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

/// So long a remembered account is believed; a signature that does not fit looks at once.
const FRESH: TimeDelta = TimeDelta::seconds(10);

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
pub struct Accounts {
    known: Mutex<BTreeMap<String, Known>>,
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
        let looking = tokio::time::timeout(PATIENCE, look_up(db, keys, names));
        match looking.await.unwrap_or_else(late) {
            Ok(Some((name, account))) => {
                let account = Arc::new(account);
                self.lock().insert(
                    name,
                    Known {
                        account: Arc::clone(&account),
                        read_at: now,
                    },
                );
                Sender::Known(account)
            }
            Ok(None) => {
                self.lock()
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

    /// Forgets what is remembered of an organization, whose account was changed.
    pub fn forget(&self, org: &OrgId) {
        self.lock().retain(|_, known| known.account.org != *org);
    }

    fn remembered(&self, names: &[&str]) -> Option<Known> {
        let all = self.lock();
        names.iter().find_map(|name| all.get(*name)).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
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
