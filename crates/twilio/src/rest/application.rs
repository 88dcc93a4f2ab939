//! TwiML Apps: where the calls of Voice SDK devices go.

use serde::Deserialize;

use super::{Listed, Nothing, Page, Params, Request, path};
use crate::words::Method;

/// A TwiML App.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Application {
    /// `AP…`.
    pub sid: String,
    /// Its name, which is not unique.
    pub friendly_name: Option<String>,
    /// Where a call asks for TwiML.
    pub voice_url: Option<String>,
    /// How it is requested.
    pub voice_method: Option<String>,
    /// Where it asks when that fails.
    pub voice_fallback_url: Option<String>,
    /// Where the end of each call goes: the only sign that a device's own leg is over.
    pub status_callback: Option<String>,
    /// How it is sent.
    pub status_callback_method: Option<String>,
}

impl Listed for Application {
    const KEY: &'static str = "applications";
}

/// What changes about an App; what is absent stays, what is empty is cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub friendly_name: Option<String>,
    /// Where a call asks for TwiML.
    pub voice_url: Option<String>,
    /// How it is requested.
    pub voice_method: Option<Method>,
    /// Where it asks when that fails.
    pub voice_fallback_url: Option<String>,
    /// How it is requested.
    pub voice_fallback_method: Option<Method>,
    /// Where the end of each call goes.
    pub status_callback: Option<String>,
    /// How it is sent.
    pub status_callback_method: Option<Method>,
}

impl Change {
    fn params(&self) -> Params {
        Params::default()
            .maybe("FriendlyName", self.friendly_name.as_ref())
            .maybe("VoiceUrl", self.voice_url.as_ref())
            .maybe("VoiceMethod", self.voice_method)
            .maybe("VoiceFallbackUrl", self.voice_fallback_url.as_ref())
            .maybe("VoiceFallbackMethod", self.voice_fallback_method)
            .maybe("StatusCallback", self.status_callback.as_ref())
            .maybe("StatusCallbackMethod", self.status_callback_method)
    }
}

/// Makes an App.
pub fn create(account_sid: &str, settings: &Change) -> Request<Application> {
    Request::create(path(account_sid, &["Applications"]), settings.params())
}

/// Looks at an App.
pub fn fetch(account_sid: &str, sid: &str) -> Request<Application> {
    Request::get(path(account_sid, &["Applications", sid]), Params::default())
}

/// Lists the Apps, all or those of exactly this name.
pub fn list(account_sid: &str, friendly_name: Option<&str>) -> Request<Page<Application>> {
    Request::get(
        path(account_sid, &["Applications"]),
        Params::default().maybe("FriendlyName", friendly_name),
    )
}

/// Changes an App.
pub fn update(account_sid: &str, sid: &str, change: &Change) -> Request<Application> {
    Request::set(path(account_sid, &["Applications", sid]), change.params())
}

/// Deletes an App.
pub fn delete(account_sid: &str, sid: &str) -> Request<Nothing> {
    Request::delete(path(account_sid, &["Applications", sid]))
}
