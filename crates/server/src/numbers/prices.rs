//! What numbers cost by country and kind: asked for once in a while, since prices change seldom and each country is a request.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::StreamExt as _;
use futures_util::stream;
use offhook_core::Time;
use offhook_twilio::rest::available::{self, Country, NumberKind};
use offhook_twilio::rest::pricing::{self, NumberPrices};

use super::{all, said};
use crate::app::App;
use crate::carrier::{Account, SendError};
use crate::error::ApiError;

/// So long a price is believed.
const FRESH: TimeDelta = TimeDelta::hours(6);
/// So many countries are asked about at the same time,
const AT_ONCE: usize = 8;
/// and so long in all; the rest is known the next time.
const IN_ALL: Duration = Duration::from_secs(5);

/// A decimal number and its currency.
pub(crate) type Price = (String, String);

/// Prices of accounts, by country.
#[derive(Default)]
pub struct Prices(Mutex<BTreeMap<(String, String), (Time, NumberPrices)>>);

impl Prices {
    /// A country's prices for this account; `None` where the carrier does not tell.
    async fn of(&self, app: &App, account: &Account, iso: &str) -> Option<NumberPrices> {
        let key = (account.account_sid.clone(), iso.to_owned());
        let now = app.clock.now();
        if let Some((read_at, known)) = self.lock().get(&key)
            && now - *read_at < FRESH
        {
            return Some(known.clone());
        }
        match app.carrier.send(account, &pricing::numbers(iso)).await {
            Ok(prices) => {
                self.lock().insert(key, (now, prices.clone()));
                Some(prices)
            }
            Err(error) => {
                tracing::debug!(%error, country = iso, "prices could not be read");
                None
            }
        }
    }

    fn known(&self, account: &Account, iso: &str) -> Option<NumberPrices> {
        let key = (account.account_sid.clone(), iso.to_owned());
        self.lock().get(&key).map(|(_, prices)| prices.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(String, String), (Time, NumberPrices)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a number of this kind costs in a month.
pub(super) async fn monthly(
    app: &App,
    account: &Account,
    iso: &str,
    kind: NumberKind,
) -> Option<Price> {
    app.prices.of(app, account, iso).await?.of(kind)
}

/// A country whose numbers are sold, with the kinds and what each costs.
pub(crate) struct Sold {
    /// ISO 3166 alpha-2.
    pub(crate) country: String,
    /// Its name.
    pub(crate) name: String,
    /// Each kind; the price where it is known.
    pub(crate) kinds: Vec<(NumberKind, Option<Price>)>,
}

/// All countries whose numbers are sold, by name.
pub(crate) async fn sold(app: &App, account: &Account) -> Result<Vec<Sold>, ApiError> {
    let listed = all(app, account, available::countries(&account.account_sid)).await;
    let mut countries = listed.map_err(|error| said(&error))?;
    countries.retain(|country| !country.kinds().is_empty());
    countries.sort_by(|a, b| a.name.cmp(&b.name));
    let codes: Vec<String> = countries
        .iter()
        .map(|country| country.country_code.clone())
        .collect();
    let asking = stream::iter(codes)
        .map(async |iso| app.prices.of(app, account, &iso).await)
        .buffer_unordered(AT_ONCE)
        .for_each(async |_| ());
    app.clock.timeout(IN_ALL, asking).await;
    let with_prices = |country: Country| {
        let prices = app.prices.known(account, &country.country_code);
        let price = |kind| prices.as_ref().and_then(|prices| prices.of(kind));
        let kinds = country.kinds().into_iter();
        Sold {
            kinds: kinds.map(|kind| (kind, price(kind))).collect(),
            country: country.country_code,
            name: country.name,
        }
    };
    Ok(countries.into_iter().map(with_prices).collect())
}

/// The kinds of numbers that are sold in a country; none where nothing is.
pub(super) async fn kinds(
    app: &App,
    account: &Account,
    iso: &str,
) -> Result<Vec<NumberKind>, ApiError> {
    let request = available::country(&account.account_sid, iso);
    match app.carrier.send(account, &request).await {
        Ok(country) => Ok(country.kinds()),
        Err(SendError::Refused(refusal)) if refusal.status == 404 => Ok(Vec::new()),
        Err(error) => Err(said(&error)),
    }
}
