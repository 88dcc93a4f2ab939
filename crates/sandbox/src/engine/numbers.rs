//! An account's phone numbers: bought with the papers that each needs, set to addresses, given back.

use super::Engine;
use super::applications::check_name;
use super::error::RestError;
use super::papers::bundles::Bundle;
use super::regions::plain;
use super::stock::{self, AddressNeed, Item, NumberKind};
use super::voice_hooks::{HooksChange, SmsHooks, SmsHooksChange, VoiceHooks, set};
use crate::seam::{Sid, Time};

/// A phone number owned by an account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Number {
    /// `PN…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// E.164.
    pub phone_number: String,
    /// Its name.
    pub friendly_name: String,
    /// What kind it is.
    pub kind: NumberKind,
    /// Where its calls go.
    pub hooks: VoiceHooks,
    /// Where its messages go.
    pub sms: SmsHooks,
    /// With this set, all voice URLs above are ignored; empty for none.
    pub voice_application_sid: Sid,
    /// With this set, all SMS URLs above are ignored; empty for none.
    pub sms_application_sid: Sid,
    /// With this set, its calls go to a trunk, whatever else is set; empty for none.
    pub trunk_sid: Sid,
    /// Whether it takes faxes instead of calls.
    pub receives_fax: bool,
    /// Whether a caller's name is looked up.
    pub voice_caller_id_lookup: bool,
    /// The address of whoever uses it; empty for none.
    pub address_sid: Sid,
    /// The bundle that it was bought with; empty for none.
    pub bundle_sid: Sid,
    /// The identity of whoever uses it; empty for none.
    pub identity_sid: Sid,
    /// The address that emergency calls name; empty for none.
    pub emergency_address_sid: Sid,
    /// The region that handles its calls, where somebody chose one.
    pub voice_region: Option<(Sid, String, Time)>,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

/// A change to a number; what is `None` stays, an empty text takes away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberChange {
    /// Its name.
    pub friendly_name: Option<String>,
    /// Its hooks.
    pub hooks: HooksChange,
    /// Its hooks for messages.
    pub sms: SmsHooksChange,
    /// Its application; an empty text takes it away.
    pub voice_application_sid: Option<String>,
    /// Its application for messages.
    pub sms_application_sid: Option<String>,
    /// Its trunk.
    pub trunk_sid: Option<String>,
    /// Whether it takes faxes.
    pub receives_fax: Option<bool>,
    /// Whether names are looked up.
    pub voice_caller_id_lookup: Option<bool>,
    /// Its address.
    pub address_sid: Option<String>,
    /// Its bundle.
    pub bundle_sid: Option<String>,
    /// Its identity.
    pub identity_sid: Option<String>,
    /// Its emergency address.
    pub emergency_address_sid: Option<String>,
}

impl Engine {
    /// The account and number record of a phone number, whoever owns it.
    pub fn owner_of(&self, phone_number: &str) -> Option<&Number> {
        self.accounts
            .values()
            .filter(|account| !account.sid.contains('@'))
            .flat_map(|account| account.numbers.values())
            .find(|n| n.phone_number == phone_number)
    }

    /// Buys a number from the stock, with the papers that it needs.
    pub fn buy_number(
        &mut self,
        now: Time,
        account: &str,
        phone_number: &str,
        change: NumberChange,
    ) -> Result<Number, RestError> {
        if !self.is_for_sale(phone_number) {
            return Err(RestError::invalid(
                21422,
                format!("{phone_number} is not available."),
            ));
        }
        let item = stock::item(phone_number);
        if let Some(item) = &item {
            self.check_papers(account, item, &change)?;
        }
        let owned = self
            .account(account)
            .map_or(0, |account| account.numbers.len());
        if self
            .account(account)
            .is_some_and(|account| account.is_trial)
            && owned > 0
        {
            return Err(RestError::invalid(
                21404,
                "Trial accounts are allowed only one phone number",
            ));
        }
        let home = plain(account).to_owned();
        let number = if home == account {
            self.create_number(now, account, phone_number, change)?
        } else {
            // It belongs to all regions, and is set up in this one.
            let made = self.create_number(now, &home, phone_number, NumberChange::default())?;
            let set_up = self.update_number(now, account, &made.sid, change);
            if set_up.is_err() {
                self.delete_number(&home, &made.sid)?;
            }
            set_up?
        };
        self.account_mut(&home)?.spent += item.map_or(115, |item| i64::from(item.shelf.cents));
        self.resources.released.remove(phone_number);
        Ok(number)
    }

    /// Refuses what cannot be had with these papers: first the bundle, then the address.
    fn check_papers(
        &self,
        account: &str,
        item: &Item,
        change: &NumberChange,
    ) -> Result<(), RestError> {
        let (iso, kind) = (item.country.iso, item.shelf.kind);
        let account = self
            .account(account)
            .ok_or_else(|| RestError::not_found(account))?;
        let named = |sid: &Option<String>| sid.clone().filter(|sid| !sid.is_empty());
        let words = format!(
            "for country: [{iso}] and numberType: [{}]",
            kind.in_answers().to_ascii_uppercase()
        );
        let bundle = named(&change.bundle_sid).map(|sid| account.papers.bundles.get(&sid));
        match bundle {
            None if item.shelf.needs_bundle => {
                return Err(RestError::invalid(
                    21649,
                    format!("Bundle required and not provided {words}"),
                ));
            }
            Some(None) => {
                return Err(RestError::invalid(
                    21649,
                    format!("Bundle not found {words}"),
                ));
            }
            Some(Some(bundle)) if !bundle.status.is_good() => {
                return Err(RestError::invalid(
                    21649,
                    format!(
                        "Bundle {} is {} and cannot be used {words}",
                        bundle.sid,
                        bundle.status.as_str()
                    ),
                ));
            }
            Some(Some(bundle)) if item.shelf.needs_bundle && !bundle.allows(iso, kind) => {
                return Err(RestError::invalid(
                    21649,
                    format!(
                        "Bundle {} does not fulfil the regulation {words}",
                        bundle.sid
                    ),
                ));
            }
            _ => {}
        }
        let sid = named(&change.address_sid);
        match &sid {
            None if item.shelf.address != AddressNeed::None => Err(RestError::invalid(
                21631,
                format!(
                    "Phone Number Requires an Address but the 'AddressSid' parameter was empty {words}"
                ),
            )),
            None => Ok(()),
            Some(sid) => {
                let address = account
                    .papers
                    .addresses
                    .get(sid)
                    .ok_or_else(|| no_address(sid))?;
                if item.shelf.address == AddressNeed::Local && address.iso_country != iso {
                    return Err(RestError::invalid(
                        21631,
                        format!("Address {sid} does not lie in {iso}, as demanded {words}"),
                    ));
                }
                self.check_address_in_bundle(
                    account.sid.as_str(),
                    sid,
                    bundle.flatten().filter(|_| item.shelf.needs_bundle),
                )
            }
        }
    }

    /// A bundle that names addresses has to name this one.
    fn check_address_in_bundle(
        &self,
        account: &str,
        address: &str,
        bundle: Option<&Bundle>,
    ) -> Result<(), RestError> {
        let Some((bundle, account)) = bundle.zip(self.account(account)) else {
            return Ok(());
        };
        let named: Vec<&str> = bundle
            .items
            .iter()
            .filter_map(|item| account.papers.documents.get(&item.object_sid))
            .filter_map(|document| document.attributes["address_sids"].as_array())
            .flatten()
            .filter_map(|sid| sid.as_str())
            .collect();
        if named.is_empty() || named.contains(&address) {
            return Ok(());
        }
        Err(RestError::invalid(
            21651,
            format!(
                "Address {address} is not contained in bundle {}",
                bundle.sid
            ),
        ))
    }

    /// Gives an account a number that nobody owns yet, whatever number it is (a seed).
    pub fn create_number(
        &mut self,
        now: Time,
        account: &str,
        phone_number: &str,
        change: NumberChange,
    ) -> Result<Number, RestError> {
        if self.owner_of(phone_number).is_some() {
            return Err(RestError::invalid(
                21422,
                format!("{phone_number} is not available."),
            ));
        }
        let blank = Number {
            sid: self.ids.sid("PN"),
            account_sid: account.to_owned(),
            phone_number: phone_number.to_owned(),
            friendly_name: formatted(phone_number),
            kind: stock::item(phone_number).map_or(NumberKind::Local, |item| item.shelf.kind),
            date_created: now,
            date_updated: now,
            ..Number::default()
        };
        let made = self.changed_number(now, blank, change)?;
        self.account_mut(account)?
            .numbers
            .insert(made.sid.clone(), made.clone());
        self.mirror_numbers(account);
        Ok(made)
    }

    /// Changes a number.
    pub fn update_number(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: NumberChange,
    ) -> Result<Number, RestError> {
        let number = self.number(account, sid)?.clone();
        let changed = self.changed_number(now, number, change)?;
        self.account_mut(account)?
            .numbers
            .insert(sid.to_owned(), changed.clone());
        Ok(changed)
    }

    fn number(&self, account: &str, sid: &str) -> Result<&Number, RestError> {
        self.account(account)
            .and_then(|account| account.numbers.get(sid))
            .ok_or_else(|| RestError::not_found(sid))
    }

    /// A trunk beats an application, an application beats the addresses; setting one takes the others away.
    fn changed_number(
        &self,
        now: Time,
        number: Number,
        mut change: NumberChange,
    ) -> Result<Number, RestError> {
        let mut next = number;
        self.check_names(&next.account_sid, &change)?;
        let set_to = |sid: &Option<String>| sid.as_ref().is_some_and(|sid| !sid.is_empty());
        if set_to(&change.trunk_sid) {
            change.voice_application_sid = Some(String::new());
        } else if set_to(&change.voice_application_sid) {
            change.trunk_sid = Some(String::new());
        } else if change.hooks.sets_voice() && change.voice_application_sid.is_none() {
            change.voice_application_sid = Some(String::new());
        }
        if change.sms.sets_sms() && change.sms_application_sid.is_none() {
            change.sms_application_sid = Some(String::new());
        }
        next.hooks = change.hooks.applied(&next.hooks)?;
        next.sms = change.sms.applied(&next.sms)?;
        set(&mut next.friendly_name, change.friendly_name);
        check_name(&next.friendly_name)?;
        set(
            &mut next.voice_application_sid,
            change.voice_application_sid,
        );
        set(&mut next.sms_application_sid, change.sms_application_sid);
        set(&mut next.trunk_sid, change.trunk_sid);
        set(&mut next.receives_fax, change.receives_fax);
        set(
            &mut next.voice_caller_id_lookup,
            change.voice_caller_id_lookup,
        );
        set(&mut next.address_sid, change.address_sid);
        set(&mut next.bundle_sid, change.bundle_sid);
        set(&mut next.identity_sid, change.identity_sid);
        set(
            &mut next.emergency_address_sid,
            change.emergency_address_sid,
        );
        next.date_updated = now;
        Ok(next)
    }

    fn check_names(&self, account: &str, change: &NumberChange) -> Result<(), RestError> {
        let account = self
            .account(account)
            .ok_or_else(|| RestError::not_found(&format!("/Accounts/{account}")))?;
        for app in [&change.voice_application_sid, &change.sms_application_sid]
            .into_iter()
            .flatten()
        {
            if !app.is_empty() && !account.applications.contains_key(app) {
                return Err(RestError::invalid(
                    21218,
                    format!("{app} is not an application of this account"),
                ));
            }
        }
        for address in [&change.address_sid, &change.emergency_address_sid]
            .into_iter()
            .flatten()
        {
            if !address.is_empty() && !account.papers.addresses.contains_key(address) {
                return Err(no_address(address));
            }
        }
        if let Some(bundle) = change.bundle_sid.as_ref().filter(|sid| !sid.is_empty())
            && !account.papers.bundles.contains_key(bundle)
        {
            return Err(RestError::invalid(
                21649,
                format!("{bundle} is not a bundle of this account"),
            ));
        }
        Ok(())
    }

    /// Gives a number to another account of the family.
    pub fn move_number(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        target: &str,
    ) -> Result<Number, RestError> {
        let (account, target) = (plain(account), plain(target));
        let mut number = self.number(account, sid)?.clone();
        let family = self
            .account(account)
            .map(|account| account.owner_sid().to_owned());
        let target = self
            .account(target)
            .filter(|target| Some(target.owner_sid()) == family.as_deref())
            .ok_or_else(|| RestError::not_found(&format!("/Accounts/{target}")))?;
        if !number.address_sid.is_empty()
            && !target.papers.addresses.contains_key(&number.address_sid)
        {
            return Err(no_address(&number.address_sid));
        }
        let target = target.sid.clone();
        number.account_sid.clone_from(&target);
        number.voice_application_sid.clear();
        number.sms_application_sid.clear();
        number.date_updated = now;
        self.account_mut(account)?.numbers.remove(sid);
        self.account_mut(&target)?
            .numbers
            .insert(sid.to_owned(), number.clone());
        self.mirror_numbers(account);
        self.mirror_numbers(&target);
        Ok(number)
    }

    /// Chooses the region that handles a number's calls.
    pub fn route_number(
        &mut self,
        now: Time,
        account: &str,
        number: &str,
        region: &str,
    ) -> Result<Number, RestError> {
        let sid = self.ids.sid("QQ");
        let number = self
            .account_mut(plain(account))?
            .numbers
            .values_mut()
            .find(|known| known.phone_number == number)
            .ok_or_else(|| RestError::not_found(&format!("/v2/PhoneNumbers/{number}")))?;
        number.voice_region = Some(match number.voice_region.take() {
            Some((sid, _, made)) => (sid, region.to_owned(), made),
            None => (sid, region.to_owned(), now),
        });
        number.date_updated = now;
        Ok(number.clone())
    }

    /// Gives a number back; somebody else may buy it.
    pub fn delete_number(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        let account = plain(account);
        let number = self
            .account_mut(account)?
            .numbers
            .remove(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        self.mirror_numbers(account);
        self.resources.released.insert(number.phone_number);
        Ok(())
    }
}

fn no_address(sid: &str) -> RestError {
    RestError::invalid(21613, format!("{sid} is not an address of this account"))
}

/// A North American number as people write it.
pub fn formatted(number: &str) -> String {
    match number.strip_prefix("+1") {
        Some(local) if local.len() == 10 && local.is_ascii() => {
            format!("({}) {}-{}", &local[..3], &local[3..6], &local[6..])
        }
        _ => number.to_owned(),
    }
}
