//! Messaging Services: several numbers under one roof, one of which is chosen for each recipient.

use super::super::Engine;
use super::super::account::SmsHooks;
use super::super::applications::check_name;
use super::super::error::RestError;
use super::super::geo;
use super::super::regions::plain;
use super::super::voice_hooks::{check_url, set};
use super::{CreateSms, Sms, bare, is_whatsapp};
use crate::seam::{Sid, Time};

/// The most services of an account, and the most numbers of one.
const MOST: usize = 1000;
const NUMBERS: usize = 400;
/// Seconds for which a message is worth sending, at most.
const VALIDITY: u32 = 36_000;

/// A Messaging Service.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "its switches at Twilio")]
pub struct Service {
    /// `MG…`.
    pub sid: Sid,
    /// Whose.
    pub account_sid: Sid,
    /// Its name.
    pub friendly_name: String,
    /// Where messages to its numbers ask what to do; empty for nowhere: they are not even kept.
    pub inbound_request_url: String,
    /// `GET` or `POST`.
    pub inbound_method: String,
    /// Asked when the first fails; empty for none.
    pub fallback_url: String,
    /// `GET` or `POST`.
    pub fallback_method: String,
    /// Told how messages fare; empty for nobody.
    pub status_callback: String,
    /// A recipient hears from the same number again.
    pub sticky_sender: bool,
    /// A number of the recipient's area is preferred.
    pub area_code_geomatch: bool,
    /// Characters are replaced to save pieces.
    pub smart_encoding: bool,
    /// Files are made smaller.
    pub mms_converter: bool,
    /// Its numbers' own addresses are asked instead.
    pub use_inbound_webhook_on_number: bool,
    /// Seconds for which a message is worth sending.
    pub validity_period: u32,
    /// What it is for.
    pub usecase: String,
    /// Its numbers, in the order in which they were added.
    pub numbers: Vec<(Sid, Time)>,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

/// A new service or a change to one; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceChange {
    /// See [`Service::friendly_name`].
    pub friendly_name: Option<String>,
    /// See [`Service::inbound_request_url`].
    pub inbound_request_url: Option<String>,
    /// See [`Service::inbound_method`].
    pub inbound_method: Option<String>,
    /// See [`Service::fallback_url`].
    pub fallback_url: Option<String>,
    /// See [`Service::fallback_method`].
    pub fallback_method: Option<String>,
    /// See [`Service::status_callback`].
    pub status_callback: Option<String>,
    /// See [`Service::sticky_sender`].
    pub sticky_sender: Option<bool>,
    /// See [`Service::area_code_geomatch`].
    pub area_code_geomatch: Option<bool>,
    /// See [`Service::smart_encoding`].
    pub smart_encoding: Option<bool>,
    /// See [`Service::mms_converter`].
    pub mms_converter: Option<bool>,
    /// See [`Service::use_inbound_webhook_on_number`].
    pub use_inbound_webhook_on_number: Option<bool>,
    /// See [`Service::validity_period`].
    pub validity_period: Option<u32>,
    /// See [`Service::usecase`].
    pub usecase: Option<String>,
}

impl Service {
    /// Where messages to its numbers go.
    pub(super) fn hooks(&self) -> SmsHooks {
        SmsHooks {
            sms_url: self.inbound_request_url.clone(),
            sms_method: self.inbound_method.clone(),
            sms_fallback_url: self.fallback_url.clone(),
            sms_fallback_method: self.fallback_method.clone(),
        }
    }

    fn changed(mut self, now: Time, change: ServiceChange) -> Result<Self, RestError> {
        set(&mut self.friendly_name, change.friendly_name);
        set(&mut self.inbound_request_url, change.inbound_request_url);
        set(&mut self.inbound_method, change.inbound_method);
        set(&mut self.fallback_url, change.fallback_url);
        set(&mut self.fallback_method, change.fallback_method);
        set(&mut self.status_callback, change.status_callback);
        set(&mut self.sticky_sender, change.sticky_sender);
        set(&mut self.area_code_geomatch, change.area_code_geomatch);
        set(&mut self.smart_encoding, change.smart_encoding);
        set(&mut self.mms_converter, change.mms_converter);
        set(
            &mut self.use_inbound_webhook_on_number,
            change.use_inbound_webhook_on_number,
        );
        set(&mut self.validity_period, change.validity_period);
        set(&mut self.usecase, change.usecase);
        check_name(&self.friendly_name)?;
        check_url("InboundRequestUrl", &self.inbound_request_url)?;
        check_url("FallbackUrl", &self.fallback_url)?;
        check_url("StatusCallback", &self.status_callback)?;
        if !(1..=VALIDITY).contains(&self.validity_period) {
            return Err(RestError::invalid(
                20001,
                format!("ValidityPeriod is from 1 to {VALIDITY} seconds"),
            ));
        }
        self.date_updated = now;
        Ok(self)
    }
}

impl Engine {
    /// Makes a service.
    pub fn create_service(
        &mut self,
        now: Time,
        account: &str,
        change: ServiceChange,
    ) -> Result<Service, RestError> {
        if self.services(account).len() >= MOST {
            return Err(RestError::invalid(
                20001,
                format!("An account has at most {MOST} services"),
            ));
        }
        let blank = Service {
            sid: self.ids.sid("MG"),
            account_sid: account.to_owned(),
            friendly_name: String::new(),
            inbound_request_url: String::new(),
            inbound_method: "POST".into(),
            fallback_url: String::new(),
            fallback_method: "POST".into(),
            status_callback: String::new(),
            sticky_sender: true,
            area_code_geomatch: true,
            smart_encoding: true,
            mms_converter: true,
            use_inbound_webhook_on_number: false,
            validity_period: VALIDITY,
            usecase: "undeclared".into(),
            numbers: Vec::new(),
            date_created: now,
            date_updated: now,
        };
        let made = blank.changed(now, change)?;
        self.texting.services.insert(made.sid.clone(), made.clone());
        Ok(made)
    }

    /// An account's services, newest first.
    pub fn services(&self, account: &str) -> Vec<&Service> {
        let all = self.texting.services.values();
        let mut own: Vec<&Service> = all
            .filter(|service| service.account_sid == account)
            .collect();
        own.sort_by_key(|service| std::cmp::Reverse(service.date_created));
        own
    }

    /// One service.
    pub fn service(&self, account: &str, sid: &str) -> Result<&Service, RestError> {
        let service = self.texting.services.get(sid);
        service
            .filter(|service| service.account_sid == account)
            .ok_or_else(|| RestError::not_found(&format!("/Services/{sid}")))
    }

    fn service_mut(&mut self, account: &str, sid: &str) -> Result<&mut Service, RestError> {
        let service = self.texting.services.get_mut(sid);
        service
            .filter(|service| service.account_sid == account)
            .ok_or_else(|| RestError::not_found(&format!("/Services/{sid}")))
    }

    /// Changes a service.
    pub fn update_service(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: ServiceChange,
    ) -> Result<Service, RestError> {
        let service = self.service_mut(account, sid)?;
        *service = service.clone().changed(now, change)?;
        Ok(service.clone())
    }

    /// Deletes a service; its numbers stay.
    pub fn delete_service(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        self.service(account, sid)?;
        self.texting.services.remove(sid);
        Ok(())
    }

    /// Puts a number into a service.
    pub fn add_to_service(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        number: &str,
    ) -> Result<(), RestError> {
        self.service(account, sid)?;
        let owned = self
            .account(plain(account))
            .is_some_and(|account| account.numbers.contains_key(number));
        if !owned {
            return Err(RestError {
                status: 404,
                code: 21404,
                message: format!("Phone Number {number} was not found"),
            });
        }
        match self.service_of(number) {
            Some(other) if other.sid == sid => {
                return Err(RestError {
                    status: 409,
                    code: 21710,
                    message: "Phone Number or Short Code is already in the Messaging Service"
                        .into(),
                });
            }
            Some(_) => {
                return Err(RestError {
                    status: 409,
                    code: 21712,
                    message:
                        "Phone Number or Short Code is associated with another Messaging Service"
                            .into(),
                });
            }
            None => {}
        }
        let service = self.service_mut(account, sid)?;
        if service.numbers.len() >= NUMBERS {
            return Err(RestError::invalid(21714, "Number Pool size limit reached"));
        }
        service.numbers.push((number.to_owned(), now));
        Ok(())
    }

    /// Takes a number out of a service.
    pub fn remove_from_service(
        &mut self,
        account: &str,
        sid: &str,
        number: &str,
    ) -> Result<(), RestError> {
        let service = self.service_mut(account, sid)?;
        let place = service.numbers.iter().position(|(own, _)| own == number);
        let place = place.ok_or_else(|| RestError::not_found(number))?;
        service.numbers.remove(place);
        Ok(())
    }

    /// The service that a number is in.
    pub(super) fn service_of(&self, number: &str) -> Option<&Service> {
        let mut all = self.texting.services.values();
        all.find(|service| service.numbers.iter().any(|(own, _)| own == number))
    }

    /// Refuses what a service cannot send.
    pub(super) fn check_service(
        &self,
        service: &Service,
        wanted: &CreateSms,
    ) -> Result<(), RestError> {
        if service.numbers.is_empty() && wanted.sender.from.is_empty() {
            return Err(RestError::invalid(
                21704,
                "The Messaging Service contains no Phone Numbers",
            ));
        }
        let from = &wanted.sender.from;
        let is_member = from.is_empty()
            || self
                .owner_of(bare(from))
                .is_some_and(|own| service.numbers.iter().any(|(sid, _)| *sid == own.sid));
        if !is_member {
            return Err(RestError::invalid(
                21712,
                format!("{from} is not in the Messaging Service {}", service.sid),
            ));
        }
        Ok(())
    }

    /// The number of a message's service that sends to its recipient: the one that it knows, else one of its area or country.
    pub(super) fn sender_for(&mut self, sms: &Sms) -> Option<String> {
        let service = self.texting.services.get(sms.service_sid.as_ref()?)?;
        let account = self.account(plain(&service.account_sid))?;
        let numbers: Vec<&str> = service
            .numbers
            .iter()
            .filter_map(|(sid, _)| account.numbers.get(sid))
            .map(|number| number.phone_number.as_str())
            .collect();
        let recipient = bare(&sms.to);
        let pair = (service.sid.clone(), recipient.to_owned());
        let sticky = self.texting.known.get(&pair);
        let sticky =
            sticky.filter(|known| service.sticky_sender && numbers.contains(&known.as_str()));
        let country = geo::country(recipient);
        let area = recipient.get(..5).unwrap_or_default();
        let near = numbers
            .iter()
            .filter(|number| service.area_code_geomatch && number.starts_with(area));
        let same = numbers
            .iter()
            .filter(|number| geo::country(number) == country);
        let chosen = sticky
            .map(String::as_str)
            .or_else(|| near.chain(same).chain(&numbers).next().copied())?
            .to_owned();
        self.texting.known.insert(pair, chosen.clone());
        Some(if is_whatsapp(&sms.to) {
            format!("whatsapp:{chosen}")
        } else {
            chosen
        })
    }
}
