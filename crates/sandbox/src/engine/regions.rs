//! Twilio's regions. In each but the first an account has a record of its own, with secrets, keys, applications and settings of
//! numbers of its own; inside the engine its name has the region behind it (`AC…@ie1`), outside nobody sees that.

use std::collections::BTreeMap;

use super::Engine;
use super::account::{Account, ApiKey};
use super::error::RestError;
use super::numbers::Number;
use crate::seam::{Sid, Time};

/// The region that everything is in unless it says otherwise.
pub const HOME: &str = "us1";
/// The others.
pub const ABROAD: [&str; 2] = ["ie1", "au1"];

/// An account's name in a region.
pub fn regional(sid: &str, region: &str) -> Sid {
    if region == HOME {
        sid.to_owned()
    } else {
        format!("{sid}@{region}")
    }
}

/// An account's name as everybody knows it, and its region.
pub fn split(sid: &str) -> (&str, &str) {
    sid.split_once('@').unwrap_or((sid, HOME))
}

/// An account's name as everybody knows it.
pub fn plain(sid: &str) -> &str {
    split(sid).0
}

/// The host name of a region's plain API.
pub fn host(region: &str) -> &'static str {
    match region {
        "ie1" => "api.dublin.ie1.twilio.com",
        "au1" => "api.sydney.au1.twilio.com",
        _ => "api.twilio.com",
    }
}

impl Engine {
    /// Gives an account its record in a region; once it has one, that.
    pub fn open_region(
        &mut self,
        now: Time,
        sid: &str,
        region: &str,
        auth_token: Option<String>,
        keys: BTreeMap<Sid, ApiKey>,
    ) -> Result<Account, RestError> {
        if !ABROAD.contains(&region) {
            return Err(RestError::invalid(20001, format!("{region} is no region")));
        }
        let home = self
            .account(sid)
            .ok_or_else(|| RestError::not_found(&format!("/Accounts/{sid}")))?
            .clone();
        let name = regional(sid, region);
        if !self.accounts.contains_key(&name) {
            let token = auth_token.unwrap_or_else(|| self.ids.secret());
            self.add_account(Account {
                sid: name.clone(),
                auth_token: token,
                friendly_name: home.friendly_name,
                status: home.status,
                is_trial: home.is_trial,
                date_created: now,
                calls_per_second: home.calls_per_second,
                keys,
                ..Account::default()
            });
            self.mirror_numbers(sid);
        }
        self.account(&name)
            .cloned()
            .ok_or_else(|| RestError::not_found(&name))
    }

    /// Numbers belong to all regions, their settings to each: what came appears everywhere without any, what went is gone.
    pub(super) fn mirror_numbers(&mut self, sid: &str) {
        let Some(home) = self.account(sid) else {
            return;
        };
        let numbers: Vec<Number> = home.numbers.values().cloned().collect();
        for region in ABROAD {
            let name = regional(sid, region);
            let Some(abroad) = self.accounts.get_mut(&name) else {
                continue;
            };
            let known = |sid: &Sid| numbers.iter().any(|number| number.sid == *sid);
            abroad.numbers.retain(|sid, _| known(sid));
            for number in &numbers {
                let blank = || Number {
                    sid: number.sid.clone(),
                    account_sid: name.clone(),
                    phone_number: number.phone_number.clone(),
                    friendly_name: number.friendly_name.clone(),
                    kind: number.kind,
                    date_created: number.date_created,
                    date_updated: number.date_updated,
                    ..Number::default()
                };
                abroad
                    .numbers
                    .entry(number.sid.clone())
                    .or_insert_with(blank);
            }
        }
    }

    /// A number with the settings of the region that handles its calls.
    pub(super) fn answering(&self, phone_number: &str) -> Option<&Number> {
        let number = self.owner_of(phone_number)?;
        let region = number
            .voice_region
            .as_ref()
            .map_or(HOME, |(_, region, _)| region.as_str());
        if region == HOME {
            return Some(number);
        }
        let abroad = self.account(&regional(&number.account_sid, region));
        abroad.and_then(|account| account.numbers.get(&number.sid))
    }
}
