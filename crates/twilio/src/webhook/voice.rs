//! The request for TwiML: the first of a call, and the fields that every later one has too.

use super::Form;
use crate::status::{CallStatus, Direction};

/// A request for TwiML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceRequest {
    /// The leg.
    pub call_sid: Option<String>,
    /// The account.
    pub account_sid: Option<String>,
    /// The caller: E.164, `client:…`, `anonymous` or other words.
    pub from: Option<String>,
    /// Who is called; missing when a Voice SDK device gave none.
    pub to: Option<String>,
    /// The leg's state.
    pub call_status: Option<CallStatus>,
    /// Which way the leg goes.
    pub direction: Option<Direction>,
    /// The leg that dialled this one.
    pub parent_call_sid: Option<String>,
    /// The number that forwarded the call.
    pub forwarded_from: Option<String>,
    /// The caller's name, where look-up is switched on.
    pub caller_name: Option<String>,
    /// The TwiML App that a Voice SDK device called.
    pub application_sid: Option<String>,
    /// How the caller's number was attested.
    pub stir_verstat: Option<String>,
    /// What allows showing this caller's number on a call made by REST; a secret of short life.
    pub call_token: Option<String>,
    /// Who or what answered, where detection was asked for.
    pub answered_by: Option<String>,
    /// On the fallback address: why the first failed.
    pub error_code: Option<u32>,
    /// On the fallback address: which address failed.
    pub error_url: Option<String>,
    /// Where the caller's number is registered.
    pub from_place: Place,
    /// Where the called number is registered.
    pub to_place: Place,
    /// Everything as it came, custom parameters of a device included.
    pub form: Form,
}

/// Where a number is registered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The city.
    pub city: Option<String>,
    /// The state or province.
    pub state: Option<String>,
    /// The postal code.
    pub zip: Option<String>,
    /// The country's two letters.
    pub country: Option<String>,
}

impl Place {
    fn of(form: &Form, who: &str) -> Self {
        let field = |name: &str| form.text(&format!("{who}{name}"));
        Self {
            city: field("City"),
            state: field("State"),
            zip: field("Zip"),
            country: field("Country"),
        }
    }
}

impl From<Form> for VoiceRequest {
    fn from(form: Form) -> Self {
        Self {
            call_sid: form.text("CallSid"),
            account_sid: form.text("AccountSid"),
            from: form.text("From"),
            to: form.text("To"),
            call_status: form.word("CallStatus"),
            direction: form.word("Direction"),
            parent_call_sid: form.text("ParentCallSid"),
            forwarded_from: form.text("ForwardedFrom"),
            caller_name: form.text("CallerName"),
            application_sid: form.text("ApplicationSid"),
            stir_verstat: form.text("StirVerstat"),
            call_token: form.text("CallToken"),
            answered_by: form.text("AnsweredBy"),
            error_code: form.number("ErrorCode"),
            error_url: form.text("ErrorUrl"),
            from_place: Place::of(&form, "From"),
            to_place: Place::of(&form, "To"),
            form,
        }
    }
}
