//! The first run: an organization, its owner, its first queue, and the carrier account of the environment.

use chrono::{DateTime, Utc};
use offhook_core::call::{Overflow, Ring};
use offhook_core::id::{CarrierId, NumberId, QueueId, UserId};
use offhook_store::Tx;
use offhook_store::carriers::{self, CarrierAccount, Standing};
use offhook_store::numbers::{self, Destination, Number, Route};
use offhook_store::organizations::{self, Organization, Settings};
use offhook_store::queues::{self, Queue};
use offhook_store::seal::Keyring;
use offhook_store::users::{self, Membership, Role, User};
use offhook_twilio::host::{self, Region};

use crate::api::phone;
use crate::config::CarrierSeed;
use crate::error::ApiError;

/// What the first run is told.
#[derive(Debug, Clone)]
pub struct FirstRun {
    /// The organization's name.
    pub organization: String,
    /// Its short name in addresses.
    pub slug: String,
    /// ISO 3166 alpha-2.
    pub country: String,
    /// The owner's name.
    pub name: String,
    /// The owner's e-mail.
    pub email: String,
    /// The carrier account of the environment.
    pub carrier: Option<CarrierSeed>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Makes the organization of `tx` with its owner, whose id is the answer.
pub async fn first_run(
    tx: &mut Tx,
    keys: &Keyring,
    first: &FirstRun,
    password_hash: &str,
) -> Result<UserId, ApiError> {
    let at = first.at;
    let org = Organization {
        id: tx.org_id().clone(),
        slug: first.slug.clone(),
        name: first.organization.clone(),
        country: first.country.clone(),
        currency: currency_of(&first.country).to_owned(),
        settings: Settings::default(),
        created_at: at,
        updated_at: at,
    };
    organizations::insert(tx, &org).await.map_err(taken)?;
    let owner = add_person(
        tx,
        &first.name,
        &first.email,
        Role::Owner,
        Some(password_hash),
        at,
    )
    .await?;
    let queue = support_queue(tx, first.carrier.as_ref(), at).await?;
    queues::add_member(tx, &queue, &owner).await?;
    if let Some(carrier) = &first.carrier {
        let account = add_carrier(tx, keys, carrier, at).await?;
        if let Some(number) = &carrier.number {
            let e164 = phone::required(tx, "TWILIO_PHONE_NUMBER", number).await?;
            let route = Route {
                chosen: false,
                ..to_queue(&queue)
            };
            add_number(tx, &account, &e164, None, route, at).await?;
        }
    }
    Ok(owner)
}

fn taken(error: offhook_store::Error) -> ApiError {
    if error.is_conflict("organizations_slug") {
        return ApiError::Invalid {
            field: "slug".to_owned(),
            code: "taken",
            detail: "another organization has this short name; choose another".to_owned(),
        };
    }
    if error.is_conflict("users_email") {
        return ApiError::Invalid {
            field: "email".to_owned(),
            code: "taken",
            detail: "somebody uses this e-mail already".to_owned(),
        };
    }
    error.into()
}

/// Adds a person to the organization of `tx`.
pub(super) async fn add_person(
    tx: &mut Tx,
    name: &str,
    email: &str,
    role: Role,
    password_hash: Option<&str>,
    at: DateTime<Utc>,
) -> Result<UserId, ApiError> {
    let id = UserId::new(uuid::Uuid::now_v7());
    let user = User {
        id: id.clone(),
        email: email.to_owned(),
        name: name.to_owned(),
        password_hash: password_hash.map(str::to_owned),
        created_at: at,
        updated_at: at,
    };
    users::insert(tx, &user).await.map_err(taken)?;
    let membership = Membership {
        org: tx.org_id().clone(),
        user: id.clone(),
        role,
        active: true,
        own_phone: None,
        caller_number: None,
        created_at: at,
        updated_at: at,
    };
    users::save_membership(tx, &membership).await?;
    Ok(id)
}

/// Adds the queue that every organization begins with.
pub(super) async fn support_queue(
    tx: &mut Tx,
    carrier: Option<&CarrierSeed>,
    at: DateTime<Utc>,
) -> Result<QueueId, ApiError> {
    let forward = match carrier.and_then(|c| c.forward_to.as_deref()) {
        Some(number) => Some(phone::required(tx, "FORWARD_PHONE_NUMBER", number).await?),
        None => None,
    };
    let queue = Queue {
        id: QueueId::new(uuid::Uuid::now_v7()),
        name: "support_queue".to_owned(),
        label: "Support".to_owned(),
        ring: Ring::All,
        offer_seconds: 30,
        max_wait_seconds: 300,
        overflow: forward.map_or(Overflow::Voicemail, |to| Overflow::Forward { to }),
        greeting: None,
        created_at: at,
        updated_at: at,
    };
    queues::save(tx, &queue).await?;
    Ok(queue.id)
}

/// Adds a carrier account, its secrets sealed.
pub(super) async fn add_carrier(
    tx: &mut Tx,
    keys: &Keyring,
    seed: &CarrierSeed,
    at: DateTime<Utc>,
) -> Result<CarrierId, ApiError> {
    let id = CarrierId::new(uuid::Uuid::now_v7());
    let org = tx.org_id().clone();
    let auth_token = keys.seal(
        carriers::auth_token_place(org.as_str(), &id),
        &seed.auth_token,
    );
    let api_key_secret = match &seed.api_key_secret {
        Some(secret) => Some(
            keys.seal(carriers::api_key_secret_place(org.as_str(), &id), secret)
                .map_err(offhook_store::Error::from)?,
        ),
        None => None,
    };
    let account = CarrierAccount {
        id: id.clone(),
        name: "Twilio".to_owned(),
        account_sid: seed.account_sid.clone(),
        auth_token: auth_token.map_err(offhook_store::Error::from)?,
        api_key_sid: seed.api_key_sid.clone(),
        api_key_secret,
        twiml_app_sid: seed.twiml_app_sid.clone(),
        region: region(seed),
        // Twilio's own hosts follow from the region.
        api_base_url: seed
            .api_base_url
            .as_ref()
            .map(|url| url.as_str().trim_end_matches('/').to_owned())
            .filter(|url| !host::is_twilios(url)),
        signaling_url: seed
            .signaling_url
            .as_ref()
            .map(|url| url.as_str().to_owned()),
        created_at: at,
        updated_at: at,
        standing: Standing::default(),
    };
    carriers::save(tx, &account).await?;
    Ok(id)
}

/// The region that is named, by itself or by a host that names one; the first one is named by nothing.
fn region(seed: &CarrierSeed) -> Option<String> {
    let named = seed
        .region
        .as_deref()
        .and_then(|region| region.parse().ok());
    let by_host = || host::region_of(seed.api_base_url.as_ref()?.as_str());
    let region = named.or_else(by_host)?;
    (region != Region::Us1).then(|| region.as_str().to_owned())
}

/// Adds a number.
pub(super) async fn add_number(
    tx: &mut Tx,
    carrier: &CarrierId,
    e164: &str,
    label: Option<&str>,
    route: Route,
    at: DateTime<Utc>,
) -> Result<NumberId, ApiError> {
    let number = Number {
        id: NumberId::new(uuid::Uuid::now_v7()),
        e164: e164.to_owned(),
        label: label.map(str::to_owned),
        carrier: carrier.clone(),
        sid: None,
        agent: None,
        route,
        emergency_address: false,
        record: None,
        fallback_url: None,
        facts: numbers::Facts::default(),
        created_at: at,
        updated_at: at,
    };
    numbers::insert(tx, &number).await?;
    Ok(number.id)
}

/// A route into a queue.
pub(super) fn to_queue(queue: &QueueId) -> Route {
    Route {
        to: Destination::Queue {
            queue: queue.clone(),
        },
        overflow: None,
        greeting: None,
        chosen: true,
    }
}

/// A short name for addresses, made of a name.
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(50).collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        "organization".to_owned()
    } else {
        slug.to_owned()
    }
}

/// What prices in a country are usually written in.
fn currency_of(country: &str) -> &'static str {
    match country {
        "GB" => "GBP",
        "IE" | "DE" | "FR" | "ES" | "IT" | "NL" | "BE" | "AT" | "PT" | "FI" | "GR" => "EUR",
        "CA" => "CAD",
        "AU" => "AUD",
        "NZ" => "NZD",
        "JP" => "JPY",
        "IN" => "INR",
        "BR" => "BRL",
        "MX" => "MXN",
        "CH" => "CHF",
        "SE" => "SEK",
        "NO" => "NOK",
        "DK" => "DKK",
        "PL" => "PLN",
        "PK" => "PKR",
        _ => "USD",
    }
}

#[cfg(test)]
mod tests {
    use super::slug_of;

    #[test]
    fn a_slug_is_small_letters_digits_and_single_hyphens() {
        assert_eq!(slug_of("Ana's Bikes & Co."), "ana-s-bikes-co");
        assert_eq!(slug_of("  --  "), "organization");
        assert_eq!(slug_of("Überall"), "berall");
    }
}
