//! The account's phone numbers and what they do when they are called.

use serde::Deserialize;

use super::{Listed, Nothing, Page, Params, Request, path};
use crate::words::Method;

/// A phone number of the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Number {
    /// `PN…`.
    pub sid: String,
    /// E.164.
    pub phone_number: String,
    /// Its name.
    pub friendly_name: Option<String>,
    /// Where a call asks for TwiML; ignored when there is a TwiML App.
    pub voice_url: Option<String>,
    /// How it is requested.
    pub voice_method: Option<String>,
    /// Where it asks when that fails.
    pub voice_fallback_url: Option<String>,
    /// How it is requested.
    pub voice_fallback_method: Option<String>,
    /// `voice` or `fax`.
    pub voice_receive_mode: Option<String>,
    /// The TwiML App that answers instead of all voice URLs.
    pub voice_application_sid: Option<String>,
    /// The trunk that beats both.
    pub trunk_sid: Option<String>,
    /// Where the end of each call goes.
    pub status_callback: Option<String>,
    /// How it is sent.
    pub status_callback_method: Option<String>,
    /// Where a message goes.
    pub sms_url: Option<String>,
    /// The TwiML App that answers messages instead of that.
    pub sms_application_sid: Option<String>,
    /// What the number can do.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// `registered` when emergency calls may go out with it.
    pub emergency_address_status: Option<String>,
    /// Its kind: a [`super::available::NumberKind`], as far as we know of it.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// What a number can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Capabilities {
    /// Calls.
    #[serde(default)]
    pub voice: bool,
    /// Messages.
    #[serde(default, alias = "SMS")]
    pub sms: bool,
    /// Picture messages.
    #[serde(default, alias = "MMS")]
    pub mms: bool,
}

impl Listed for Number {
    const KEY: &'static str = "incoming_phone_numbers";
}

/// What changes about a number; what is absent stays, what is empty is cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub friendly_name: Option<String>,
    /// Where a call asks for TwiML.
    pub voice_url: Option<String>,
    /// How it is requested.
    pub voice_method: Option<Method>,
    /// Where it asks when that fails; needs a `voice_url`.
    pub voice_fallback_url: Option<String>,
    /// How it is requested.
    pub voice_fallback_method: Option<Method>,
    /// The TwiML App that answers instead.
    pub voice_application_sid: Option<String>,
    /// The trunk that beats both.
    pub trunk_sid: Option<String>,
    /// `voice` or `fax`.
    pub voice_receive_mode: Option<String>,
    /// Where the end of each call goes.
    pub status_callback: Option<String>,
    /// How it is sent.
    pub status_callback_method: Option<Method>,
    /// Where a message goes.
    pub sms_url: Option<String>,
    /// How it is requested.
    pub sms_method: Option<Method>,
}

impl Change {
    fn params(&self) -> Params {
        Params::default()
            .maybe("FriendlyName", self.friendly_name.as_ref())
            .maybe("VoiceUrl", self.voice_url.as_ref())
            .maybe("VoiceMethod", self.voice_method)
            .maybe("VoiceFallbackUrl", self.voice_fallback_url.as_ref())
            .maybe("VoiceFallbackMethod", self.voice_fallback_method)
            .maybe("VoiceApplicationSid", self.voice_application_sid.as_ref())
            .maybe("TrunkSid", self.trunk_sid.as_ref())
            .maybe("VoiceReceiveMode", self.voice_receive_mode.as_ref())
            .maybe("StatusCallback", self.status_callback.as_ref())
            .maybe("StatusCallbackMethod", self.status_callback_method)
            .maybe("SmsUrl", self.sms_url.as_ref())
            .maybe("SmsMethod", self.sms_method)
    }
}

/// Lists the numbers; `phone_number` may be a part of one.
pub fn list(account_sid: &str, phone_number: Option<&str>) -> Request<Page<Number>> {
    Request::get(
        path(account_sid, &["IncomingPhoneNumbers"]),
        Params::default().maybe("PhoneNumber", phone_number),
    )
}

/// The least of the list: shows that whoever asks may.
pub fn first(account_sid: &str) -> Request<Page<Number>> {
    Request::get(
        path(account_sid, &["IncomingPhoneNumbers"]),
        Params::default().put("PageSize", 1),
    )
}

/// Looks at a number.
pub fn fetch(account_sid: &str, sid: &str) -> Request<Number> {
    Request::get(
        path(account_sid, &["IncomingPhoneNumbers", sid]),
        Params::default(),
    )
}

/// Changes a number.
pub fn update(account_sid: &str, sid: &str, change: &Change) -> Request<Number> {
    Request::set(
        path(account_sid, &["IncomingPhoneNumbers", sid]),
        change.params(),
    )
}

/// What a number is bought with, where its country wants papers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Papers {
    /// `BU…`.
    pub bundle_sid: Option<String>,
    /// `AD…`.
    pub address_sid: Option<String>,
}

/// Buys a number, which costs money.
pub fn create(
    account_sid: &str,
    phone_number: &str,
    settings: &Change,
    papers: &Papers,
) -> Request<Number> {
    Request::create(
        path(account_sid, &["IncomingPhoneNumbers"]),
        settings
            .params()
            .put("PhoneNumber", phone_number)
            .maybe("BundleSid", papers.bundle_sid.as_ref())
            .maybe("AddressSid", papers.address_sid.as_ref()),
    )
}

/// Gives a number back; somebody else may get it.
pub fn delete(account_sid: &str, sid: &str) -> Request<Nothing> {
    Request::delete(path(account_sid, &["IncomingPhoneNumbers", sid]))
}
