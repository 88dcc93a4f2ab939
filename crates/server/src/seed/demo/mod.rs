//! The demo's organization: people, contacts, and two weeks of calls, some of which can be heard.

mod audio;
mod history;
mod past_call;
mod people;

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use offhook_core::id::{ContactId, NumberId, OrgId, QueueId, UserId};
use offhook_store::carriers::{self, CarrierAccount};
use offhook_store::organizations::{self, Organization, Settings};
use offhook_store::seal::Keyring;
use offhook_store::{Db, Reason, Tx, numbers, queues};

use super::first_run::{add_carrier, add_number, support_queue, to_queue};
use crate::config::{CarrierSeed, DemoLogin};
use crate::error::ApiError;

pub use past_call::PastCall;

/// The demo's short name in addresses.
const SLUG: &str = "demo";

/// What the demo is told.
#[derive(Debug, Clone)]
pub struct DemoSeed {
    /// Now; the history ends shortly before.
    pub at: DateTime<Utc>,
    /// The password of everybody, which is no secret here.
    pub password: String,
    /// Its hash.
    pub password_hash: String,
    /// The organization's account in the sandbox; its number is the main one.
    pub carrier: CarrierSeed,
    /// The organization's other numbers.
    pub more_numbers: Vec<String>,
    /// People of the sandbox whose phones answer.
    pub neighbours: Vec<Neighbour>,
    /// Where recordings lie.
    pub recordings: PathBuf,
}

/// Somebody outside, with a voice.
#[derive(Debug, Clone)]
pub struct Neighbour {
    /// The name.
    pub name: String,
    /// The number, where one is known.
    pub number: Option<String>,
    /// What this person says, line by line, at 8 kHz.
    pub lines: Vec<Vec<i16>>,
}

/// What was made, or was there already.
#[derive(Debug, Clone)]
pub struct DemoSeeded {
    /// The organization.
    pub org: OrgId,
    /// The one-click log-ins.
    pub users: Vec<DemoLogin>,
}

/// What the history is woven from.
struct Cast {
    people: Vec<UserId>,
    contacts: Vec<(ContactId, String)>,
    queue: QueueId,
    number: (NumberId, String),
}

/// Makes the demo's organization, or finds it and refreshes its account.
pub async fn demo(db: &Db, keys: &Keyring, seed: &DemoSeed) -> Result<DemoSeeded, ApiError> {
    let known = db
        .system(Reason::Seed)
        .read(async |conn| organizations::by_slug(conn, SLUG).await)
        .await?;
    let users = people::log_ins(&seed.password);
    if let Some(org) = known {
        db.write(&org.id, async |tx| refresh(tx, keys, seed).await)
            .await?;
        return Ok(DemoSeeded { org: org.id, users });
    }
    let org = OrgId::new(uuid::Uuid::now_v7());
    let cast = db
        .write(&org, async |tx| raise(tx, keys, seed).await)
        .await?;
    history::write(db, &org, &cast, seed).await?;
    Ok(DemoSeeded { org, users })
}

/// The organization with its people, contacts, queue and numbers.
async fn raise(tx: &mut Tx, keys: &Keyring, seed: &DemoSeed) -> Result<Cast, ApiError> {
    let since = seed.at - chrono::TimeDelta::days(30);
    let org = Organization {
        id: tx.org_id().clone(),
        slug: SLUG.to_owned(),
        name: "Harbor Bikes".to_owned(),
        country: "US".to_owned(),
        currency: "USD".to_owned(),
        settings: Settings::default(),
        created_at: since,
        updated_at: since,
    };
    organizations::insert(tx, &org).await?;
    let people = people::add(tx, &seed.password_hash, since).await?;
    let queue = support_queue(tx, Some(&seed.carrier), since).await?;
    for person in &people {
        queues::add_member(tx, &queue, person).await?;
    }
    let account = add_carrier(tx, keys, &seed.carrier, since).await?;
    let main = seed.carrier.number.clone().unwrap_or_default();
    let number = add_number(
        tx,
        &account,
        &main,
        Some("Support"),
        to_queue(&queue),
        since,
    )
    .await?;
    for (other, label) in seed
        .more_numbers
        .iter()
        .zip(["Sales", "Returns", "Workshop", "Office"])
    {
        add_number(tx, &account, other, Some(label), to_queue(&queue), since).await?;
    }
    let contacts = people::add_contacts(tx, &seed.neighbours, since).await?;
    Ok(Cast {
        people,
        contacts,
        queue,
        number: (number, main),
    })
}

/// A data folder of an earlier demo: the sandbox's address may be another one today.
async fn refresh(tx: &mut Tx, keys: &Keyring, seed: &DemoSeed) -> Result<(), ApiError> {
    let Some(before) = carriers::list(tx).await?.into_iter().next() else {
        add_carrier(tx, keys, &seed.carrier, seed.at).await?;
        return Ok(());
    };
    let org = tx.org_id().as_str().to_owned();
    let sealed = |place, secret| {
        keys.seal(place, secret)
            .map_err(|error| ApiError::from(offhook_store::Error::from(error)))
    };
    let carrier = &seed.carrier;
    let api_key_secret = match &carrier.api_key_secret {
        Some(secret) => Some(sealed(
            carriers::api_key_secret_place(&org, &before.id),
            secret,
        )?),
        None => None,
    };
    let account = CarrierAccount {
        account_sid: carrier.account_sid.clone(),
        auth_token: sealed(
            carriers::auth_token_place(&org, &before.id),
            &carrier.auth_token,
        )?,
        api_key_sid: carrier.api_key_sid.clone(),
        api_key_secret,
        twiml_app_sid: carrier.twiml_app_sid.clone(),
        api_base_url: carrier
            .api_base_url
            .as_ref()
            .map(|url| url.as_str().trim_end_matches('/').to_owned()),
        signaling_url: carrier
            .signaling_url
            .as_ref()
            .map(|url| url.as_str().to_owned()),
        updated_at: seed.at,
        ..before
    };
    carriers::save(tx, &account).await?;
    let wanted = carrier.number.iter().chain(&seed.more_numbers);
    let known: Vec<String> = numbers::list(tx)
        .await?
        .into_iter()
        .map(|number| number.e164)
        .collect();
    let queue = queues::list(tx)
        .await?
        .into_iter()
        .next()
        .map(|queue| queue.id);
    for number in wanted.filter(|number| !known.contains(number)) {
        if let Some(queue) = &queue {
            add_number(tx, &account.id, number, None, to_queue(queue), seed.at).await?;
        }
    }
    Ok(())
}
