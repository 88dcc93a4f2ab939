//! Carrier accounts with their secrets open: read anew for every request that we send, remembered shortly for those that come in,
//! and forgotten on every node when one of them changes it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::call::{Call, Direction};
use offhook_core::id::{CarrierId, OrgId};
use offhook_store::carriers::{self, CarrierAccount};
use offhook_store::seal::{Keyring, Sealed, Secret};
use offhook_store::{Db, Error, Reason, directory, numbers};
use offhook_twilio::host::Region;
use offhook_twilio::signature;

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
    /// The token that opens the API.
    pub auth_token: Secret,
    /// `SK…` and its secret, for softphones.
    pub api_key: Option<(String, Secret)>,
    /// `AP…`.
    pub twiml_app_sid: Option<String>,
    /// For example `ie1`; `None` is the US.
    pub region: Option<String>,
    /// The API's base, without a slash at its end.
    pub base_url: String,
    /// The base that somebody gave, where it is not Twilio's.
    given_base: Option<String>,
    /// Where softphones signal, only with the sandbox.
    pub signaling_url: Option<String>,
    /// Softphones register here.
    pub in_use: bool,
    /// The region that somebody set, where the credentials turned out to be another's.
    pub asked_region: Option<String>,
    /// The public address that was last written into the TwiML App and the numbers.
    pub wired_to: Option<String>,
    /// Since then the carrier takes the stored token no more.
    pub refused_since: Option<Time>,
    /// The tokens whose signatures are accepted on webhooks, and until when: the present one, while it is being changed the
    /// one before and the one after, and those of the same account in other regions.
    signing: Vec<(Secret, Option<Time>)>,
}

impl Account {
    /// Opens a row's secrets.
    pub fn open(keys: &Keyring, org: &OrgId, row: CarrierAccount) -> Result<Self, Error> {
        let (at, id) = (org.as_str(), &row.id);
        let open = |place, sealed: Option<&Sealed>| {
            sealed.map(|sealed| keys.open(place, sealed)).transpose()
        };
        let present = keys.open(carriers::auth_token_place(at, id), &row.auth_token)?;
        let next = open(
            carriers::next_token_place(at, id),
            row.standing.next_token.as_ref(),
        )?;
        let old = row.standing.old_token.as_ref();
        let old = open(
            carriers::old_token_place(at, id),
            old.map(|(sealed, _)| sealed),
        )?
        .zip(old.map(|(_, until)| *until));
        let secret = open(
            carriers::api_key_secret_place(at, id),
            row.api_key_secret.as_ref(),
        )?;
        let region: Region = row.region_name().parse().unwrap_or(Region::Us1);
        let mut signing = vec![(present.clone(), None)];
        signing.extend(next.clone().map(|token| (token, None)));
        signing.extend(old.map(|(token, until)| (token, Some(until))));
        Ok(Self {
            org: org.clone(),
            base_url: region.base_url_under(row.api_base_url.as_deref()),
            given_base: row.api_base_url,
            account_sid: row.account_sid,
            // A second token opens the API too, and is the only one that does once it is promoted.
            auth_token: next.unwrap_or(present),
            api_key: row.api_key_sid.zip(secret),
            twiml_app_sid: row.twiml_app_sid,
            region: row.region,
            signaling_url: row.signaling_url,
            in_use: row.standing.in_use,
            asked_region: row.standing.asked_region,
            wired_to: row.standing.wired_to,
            refused_since: row.standing.refused_since,
            signing,
            id: row.id,
        })
    }

    /// The region, the first one too.
    pub fn in_region(&self) -> Region {
        self.region
            .as_deref()
            .and_then(|region| region.parse().ok())
            .unwrap_or(Region::Us1)
    }

    /// Whether one of this account's tokens signed a webhook.
    pub fn signed(
        &self,
        now: Time,
        url: &str,
        pairs: &[(String, String)],
        signature: &str,
    ) -> bool {
        let live = self
            .signing
            .iter()
            .filter(|(_, until)| until.is_none_or(|until| now < until));
        live.map(|(token, _)| token.expose())
            .any(|token| signature::verify(token, url, pairs, signature))
    }

    /// Whether there is a token of before whose time is over.
    pub(super) fn has_stale_token(&self, now: Time) -> bool {
        self.signing
            .iter()
            .any(|(_, until)| until.is_some_and(|until| until <= now))
    }

    /// The same credentials, tried in another region.
    #[must_use]
    pub fn moved_to(&self, region: Region) -> Self {
        Self {
            region: (region != Region::Us1).then(|| region.as_str().to_owned()),
            base_url: region.base_url_under(self.given_base.as_deref()),
            ..self.clone()
        }
    }

    /// Who asks with the API key instead of the account's own token.
    pub fn by_key(&self) -> Option<Self> {
        let (sid, secret) = self.api_key.clone()?;
        Some(Self {
            account_sid: sid,
            auth_token: secret,
            ..self.clone()
        })
    }

    /// Who asks with the stored token while a second one is waiting to take its place.
    pub(super) fn by_stored_token(&self) -> Self {
        let stored = self
            .signing
            .first()
            .map_or_else(|| self.auth_token.clone(), |(token, _)| token.clone());
        Self {
            auth_token: stored,
            ..self.clone()
        }
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
    /// When something was last done for an organization that is done now and then.
    done: BTreeMap<(&'static str, OrgId), Time>,
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

    /// Whether something is due that is done for an organization every so often; then it counts as done.
    pub(super) fn is_due(
        &self,
        what: &'static str,
        org: &OrgId,
        every: TimeDelta,
        now: Time,
    ) -> bool {
        let mut memory = self.lock();
        let key = (what, org.clone());
        let due = memory
            .done
            .get(&key)
            .is_none_or(|last| now - *last >= every);
        if due {
            memory.done.insert(key, now);
        }
        due
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
    app.queues.forget_all();
    if let Err(error) = app.db.announce(&format!("{CHANGED} {org}")).await {
        tracing::warn!(org.id = %org, %error, "other nodes were not told of a changed account; they read it anew in seconds");
    }
}

/// The account in use: where an organization's softphones are, and its calls are made.
pub async fn of_org(db: &Db, keys: &Keyring, org: &OrgId) -> Result<Option<Account>, Error> {
    Ok(all_of(db, keys, org).await?.into_iter().next())
}

/// All accounts of an organization, the one in use first.
pub async fn all_of(db: &Db, keys: &Keyring, org: &OrgId) -> Result<Vec<Account>, Error> {
    let rows = db.read(org, async |tx| carriers::list(tx).await).await?;
    rows.into_iter()
        .map(|row| Account::open(keys, org, row))
        .collect()
}

/// The account with this id.
pub async fn of_id(
    db: &Db,
    keys: &Keyring,
    org: &OrgId,
    id: &CarrierId,
) -> Result<Option<Account>, Error> {
    Ok(all_of(db, keys, org)
        .await?
        .into_iter()
        .find(|account| account.id == *id))
}

/// The account at which a call's legs are: one that came in is where its number is handled, one of ours where softphones are.
pub async fn of_call(db: &Db, keys: &Keyring, call: &Call) -> Result<Option<Account>, Error> {
    let mut all = all_of(db, keys, &call.org).await?;
    let number = call
        .number
        .as_ref()
        .filter(|_| all.len() > 1 && call.direction == Direction::Inbound);
    if let Some(number) = number {
        match db
            .read(&call.org, async |tx| numbers::get(tx, number).await)
            .await
        {
            Ok(number) => all.sort_by_key(|account| account.id != number.carrier),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all.into_iter().next())
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
    let mut all = all_of(db, keys, &org).await?;
    // A number leads to the account in use, an AccountSid to its own.
    all.sort_by_key(|account| !names.contains(&account.account_sid.as_str()));
    let mut all = all.into_iter();
    let Some(mut account) = all.next() else {
        return Ok(None);
    };
    // Another region's webhooks name the same account, and are signed with that region's token.
    for other in all.filter(|other| other.account_sid == account.account_sid) {
        account.signing.extend(other.signing);
    }
    Ok(Some((name, account)))
}
