//! Numbers that belong to the account's people: a call tells a code's owner to key it, then they may be shown as caller.

use super::super::Engine;
use super::super::applications::check_name;
use super::super::error::RestError;
use super::super::hooks::{param, voice_params};
use super::super::leg::{Far, Leg, Phone};
use super::super::phone::Behaviour;
use super::super::records::{CallStatus, Direction};
use super::super::requests::TwimlFrom;
use super::super::timers::Timer;
use crate::seam::{Sid, Time};

/// Who calls to verify a number.
const VERIFIER: &str = "+14157234000";
/// What the called person hears; the keys are taken while it lasts.
const WORDS: &str =
    "<Response><Say>Please enter the verification code.</Say><Pause length=\"45\"/></Response>";

/// A verified number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallerId {
    /// `PN…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// E.164.
    pub phone_number: String,
    /// Its name.
    pub friendly_name: String,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

/// What a number is verified with.
#[derive(Debug, Clone, Default)]
pub struct ValidationRequest {
    /// The number to be verified.
    pub phone_number: String,
    /// Its name; the number itself where there is none.
    pub friendly_name: Option<String>,
    /// Seconds until the call.
    pub delay: u32,
    /// Keys that are pressed when it is answered.
    pub extension: String,
    /// Told how it went; empty for nobody.
    pub callback: String,
    /// Its method.
    pub callback_method: String,
}

/// A verification under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// The account.
    pub account_sid: Sid,
    /// The call that asks for the code.
    pub call_sid: Sid,
    /// The number.
    pub phone_number: String,
    /// Its name.
    pub friendly_name: String,
    /// What has to be keyed.
    pub code: String,
    typed: String,
    callback: String,
    callback_method: String,
}

impl Engine {
    /// Calls a number and waits for the code.
    pub fn validate_number(
        &mut self,
        now: Time,
        account: &str,
        request: ValidationRequest,
    ) -> Result<Validation, RestError> {
        self.at(now);
        let to = request.phone_number.clone();
        check_name(request.friendly_name.as_deref().unwrap_or_default())?;
        if !super::super::calls::is_e164(&to) {
            return Err(RestError::invalid(
                21401,
                format!("Invalid phone number: {to}"),
            ));
        }
        if self.has_verified(account, &to) || self.owner_sid(&to).as_deref() == Some(account) {
            return Err(RestError::invalid(
                21450,
                "Phone number is already verified for your account.",
            ));
        }
        if self.owner_sid(&to).is_some() {
            return Err(RestError::invalid(
                21453,
                "Phone number already verified by another account.",
            ));
        }
        let leg = self.verifying_leg(account, &request);
        let validation = Validation {
            account_sid: account.to_owned(),
            call_sid: leg.record.sid.clone(),
            friendly_name: request.friendly_name.unwrap_or_else(|| to.clone()),
            phone_number: to,
            code: self.ids.code(),
            typed: String::new(),
            callback: request.callback,
            callback_method: request.callback_method,
        };
        self.resources.validations.push(validation.clone());
        let sid = leg.record.sid.clone();
        self.add_leg(leg);
        self.set_status(&sid, CallStatus::Queued);
        self.after(
            chrono::TimeDelta::seconds(i64::from(request.delay)),
            Timer::Launch { leg: sid },
        );
        self.settle();
        Ok(validation)
    }

    fn verifying_leg(&mut self, account: &str, request: &ValidationRequest) -> Leg {
        let record = self.new_record(
            account.to_owned(),
            VERIFIER,
            &request.phone_number,
            Direction::OutboundApi,
        );
        let mut leg = Leg::new(record, Far::Phone(Phone::new(Behaviour::NoAnswer)));
        leg.timeout = 60;
        leg.time_limit = 120;
        leg.send_digits.clone_from(&request.extension);
        leg.begin = Some(TwimlFrom::Inline(WORDS.into()));
        leg
    }

    /// A key of a called party that may be one of the code's.
    pub(in crate::engine) fn key_of_code(&mut self, call: &str, key: char) {
        let Some(found) = self
            .resources
            .validations
            .iter_mut()
            .find(|one| one.call_sid == call)
        else {
            return;
        };
        found.typed.push(key);
        if found.typed.len() < found.code.len() {
            return;
        }
        if found.typed == found.code {
            self.number_is_verified(call);
        } else {
            found.typed.clear();
        }
    }

    fn number_is_verified(&mut self, call: &str) {
        let Some(place) = self
            .resources
            .validations
            .iter()
            .position(|one| one.call_sid == call)
        else {
            return;
        };
        let validation = self.resources.validations.remove(place);
        let id = CallerId {
            sid: self.ids.sid("PN"),
            account_sid: validation.account_sid.clone(),
            phone_number: validation.phone_number.clone(),
            friendly_name: validation.friendly_name.clone(),
            date_created: self.now,
            date_updated: self.now,
        };
        self.tell_verification(&validation, Some(&id.sid));
        if let Ok(account) = self.account_mut(&validation.account_sid) {
            account.papers.caller_ids.insert(id.sid.clone(), id);
        }
        self.end(call, CallStatus::Completed, false);
    }

    /// A call is over: was it to verify a number, the number is not verified.
    pub(in crate::engine) fn verification_over(&mut self, call: &str) {
        if let Some(place) = self
            .resources
            .validations
            .iter()
            .position(|one| one.call_sid == call)
        {
            let validation = self.resources.validations.remove(place);
            self.tell_verification(&validation, None);
        }
    }

    fn tell_verification(&mut self, validation: &Validation, sid: Option<&str>) {
        if validation.callback.is_empty() {
            return;
        }
        let Some(leg) = self.leg(&validation.call_sid) else {
            return;
        };
        let mut params = voice_params(leg);
        params.push(param(
            "VerificationStatus",
            if sid.is_some() { "success" } else { "failed" },
        ));
        params.extend(sid.map(|sid| param("OutgoingCallerIdSid", sid)));
        let (lane, account) = (
            format!("verify {}", validation.call_sid),
            validation.account_sid.clone(),
        );
        self.tell(
            lane,
            account,
            &validation.callback,
            &validation.callback_method,
            params,
        );
    }

    /// Renames a verified number.
    pub fn update_caller_id(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        name: String,
    ) -> Result<CallerId, RestError> {
        check_name(&name)?;
        let id = self
            .account_mut(account)?
            .papers
            .caller_ids
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        id.friendly_name = name;
        id.date_updated = now;
        Ok(id.clone())
    }

    /// Forgets a verified number.
    pub fn delete_caller_id(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        self.account_mut(account)?
            .papers
            .caller_ids
            .remove(sid)
            .map(|_| ())
            .ok_or_else(|| RestError::not_found(sid))
    }
}
