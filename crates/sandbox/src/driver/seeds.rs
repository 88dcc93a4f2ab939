//! The accounts, numbers and phones that a sandbox begins with.

use std::collections::BTreeMap;

use crate::config::{AccountSeed, Config};
use crate::engine::account::{Account, ApiKey, Application, NumberChange};
use crate::engine::{Engine, Settings};
use crate::seam::{Sid, Time};

/// The engine as it is before the first call.
pub(super) fn engine(config: &Config, url: &str, now: Time) -> Engine {
    let settings = Settings {
        seed: config.seed,
        base_url: url.to_owned(),
        price_delay: config.price_delay,
        read_lag: config.read_lag,
    };
    let mut engine = Engine::new(settings, now);
    for seed in &config.accounts {
        engine.add_account(account(seed, now));
        for number in &seed.numbers {
            let change = NumberChange {
                hooks: number.hooks.clone().into(),
                voice_application_sid: Some(number.voice_application_sid.clone()),
                ..NumberChange::default()
            };
            if let Err(error) = engine.create_number(now, &seed.sid, &number.phone_number, change) {
                tracing::warn!(%error, "a number of the sandbox could not be seeded");
            }
        }
    }
    for seed in &config.regions {
        let keys = keys(&seed.keys, now);
        let token = Some(seed.auth_token.clone());
        if let Err(error) = engine.open_region(now, &seed.account_sid, &seed.region, token, keys) {
            tracing::warn!(%error, "a region of the sandbox could not be seeded");
        }
    }
    for bundle in &config.bundles {
        if let Err(error) = engine.seed_bundle(now, bundle) {
            tracing::warn!(%error, "a bundle of the sandbox could not be seeded");
        }
    }
    for (number, behaviour) in &config.phones {
        engine.set_behaviour(number, Some(behaviour.clone()));
    }
    engine
}

fn keys(seeds: &[(Sid, String)], now: Time) -> BTreeMap<Sid, ApiKey> {
    let key = |(sid, secret): &(Sid, String)| {
        let key = ApiKey {
            sid: sid.clone(),
            secret: secret.clone(),
            date_created: now,
            date_updated: now,
            ..ApiKey::default()
        };
        (sid.clone(), key)
    };
    seeds.iter().map(key).collect()
}

fn account(seed: &AccountSeed, now: Time) -> Account {
    let applications = seed.applications.iter().map(|(sid, name, hooks)| {
        let application = Application {
            sid: sid.clone(),
            account_sid: seed.sid.clone(),
            friendly_name: name.clone(),
            hooks: hooks.clone(),
            date_created: now,
            date_updated: now,
            ..Application::default()
        };
        (sid.clone(), application)
    });
    Account {
        sid: seed.sid.clone(),
        auth_token: seed.auth_token.clone(),
        friendly_name: seed.friendly_name.clone(),
        date_created: now,
        calls_per_second: seed.calls_per_second,
        keys: keys(&seed.keys, now),
        applications: applications.collect(),
        ..Account::default()
    }
}
