//! Addresses.

use super::super::Engine;
use super::super::applications::check_name;
use super::super::error::RestError;
use super::super::voice_hooks::set;
use crate::seam::{Sid, Time};

/// The longest line of an address.
const LONGEST_LINE: usize = 250;

/// An address.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Address {
    /// `AD…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// Its name.
    pub friendly_name: String,
    /// Who lives there.
    pub customer_name: String,
    /// Street and house.
    pub street: String,
    /// A second line.
    pub street_secondary: String,
    /// City.
    pub city: String,
    /// State, province or county.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// Two letters.
    pub iso_country: String,
    /// Whether emergency calls may name it.
    pub emergency_enabled: bool,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

/// A new address or a change to one; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct AddressChange {
    /// See [`Address::friendly_name`].
    pub friendly_name: Option<String>,
    /// See [`Address::customer_name`].
    pub customer_name: Option<String>,
    /// See [`Address::street`].
    pub street: Option<String>,
    /// See [`Address::street_secondary`].
    pub street_secondary: Option<String>,
    /// See [`Address::city`].
    pub city: Option<String>,
    /// See [`Address::region`].
    pub region: Option<String>,
    /// See [`Address::postal_code`].
    pub postal_code: Option<String>,
    /// See [`Address::iso_country`]; it cannot be changed later.
    pub iso_country: Option<String>,
    /// See [`Address::emergency_enabled`].
    pub emergency_enabled: Option<bool>,
}

impl AddressChange {
    fn applied(self, now: Time, address: &Address) -> Result<Address, RestError> {
        let mut next = address.clone();
        set(&mut next.friendly_name, self.friendly_name);
        set(&mut next.customer_name, self.customer_name);
        set(&mut next.street, self.street);
        set(&mut next.street_secondary, self.street_secondary);
        set(&mut next.city, self.city);
        set(&mut next.region, self.region);
        set(&mut next.postal_code, self.postal_code);
        set(
            &mut next.iso_country,
            self.iso_country.map(|iso| iso.to_ascii_uppercase()),
        );
        set(&mut next.emergency_enabled, self.emergency_enabled);
        next.date_updated = now;
        check(&next)?;
        Ok(next)
    }
}

fn check(address: &Address) -> Result<(), RestError> {
    check_name(&address.friendly_name)?;
    for (name, line) in [
        ("CustomerName", &address.customer_name),
        ("Street", &address.street),
        ("City", &address.city),
        ("Region", &address.region),
        ("PostalCode", &address.postal_code),
    ] {
        if line.trim().is_empty() {
            return Err(RestError::missing(name));
        }
        if line.chars().count() > LONGEST_LINE {
            return Err(RestError::invalid(
                20001,
                format!("{name} is longer than {LONGEST_LINE} characters"),
            ));
        }
    }
    if address.iso_country.len() != 2
        || !address.iso_country.bytes().all(|b| b.is_ascii_uppercase())
    {
        return Err(RestError::invalid(
            20001,
            "IsoCountry must be an ISO 3166 country code of two letters",
        ));
    }
    Ok(())
}

impl Engine {
    /// Makes an address.
    pub fn create_address(
        &mut self,
        now: Time,
        account: &str,
        change: AddressChange,
    ) -> Result<Address, RestError> {
        let sid = self.ids.sid("AD");
        let addresses = &mut self.account_mut(account)?.papers.addresses;
        super::room_for(addresses)?;
        let blank = Address {
            sid: sid.clone(),
            account_sid: account.to_owned(),
            date_created: now,
            ..Address::default()
        };
        let made = change.applied(now, &blank)?;
        addresses.insert(sid, made.clone());
        Ok(made)
    }

    /// Adds an address as it is (a seed).
    pub fn add_address(&mut self, address: Address) -> Result<(), RestError> {
        let papers = &mut self.account_mut(&address.account_sid.clone())?.papers;
        papers.addresses.insert(address.sid.clone(), address);
        Ok(())
    }

    /// Changes an address.
    pub fn update_address(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: AddressChange,
    ) -> Result<Address, RestError> {
        let address = self
            .account_mut(account)?
            .papers
            .addresses
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        *address = AddressChange {
            iso_country: None,
            ..change
        }
        .applied(now, address)?;
        Ok(address.clone())
    }

    /// Deletes an address that no number needs.
    pub fn delete_address(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        let account = self.account_mut(account)?;
        if !account.papers.addresses.contains_key(sid) {
            return Err(RestError::not_found(sid));
        }
        let needed = account
            .numbers
            .values()
            .any(|number| number.address_sid == sid || number.emergency_address_sid == sid);
        if needed {
            return Err(RestError::invalid(
                20001,
                "Phone numbers depend on this address; it cannot be deleted",
            ));
        }
        account.papers.addresses.remove(sid);
        Ok(())
    }
}
