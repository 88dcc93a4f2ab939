//! The addresses that numbers and applications are set to: where calls and messages ask what to do.

use super::error::RestError;

/// Where calls of a number or an application ask for TwiML, and where their end is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceHooks {
    /// The voice URL; empty for none.
    pub voice_url: String,
    /// `GET` or `POST`.
    pub voice_method: String,
    /// Asked when the voice URL fails; empty for none.
    pub voice_fallback_url: String,
    /// `GET` or `POST`.
    pub voice_fallback_method: String,
    /// Told once, at the end; empty for none.
    pub status_callback: String,
    /// `GET` or `POST`.
    pub status_callback_method: String,
}

impl Default for VoiceHooks {
    fn default() -> Self {
        Self {
            voice_url: String::new(),
            voice_method: "POST".into(),
            voice_fallback_url: String::new(),
            voice_fallback_method: "POST".into(),
            status_callback: String::new(),
            status_callback_method: "POST".into(),
        }
    }
}

/// Where messages of a number or an application ask for TwiML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsHooks {
    /// The SMS URL; empty for none.
    pub sms_url: String,
    /// `GET` or `POST`.
    pub sms_method: String,
    /// Asked when the SMS URL fails; empty for none.
    pub sms_fallback_url: String,
    /// `GET` or `POST`.
    pub sms_fallback_method: String,
}

impl Default for SmsHooks {
    fn default() -> Self {
        Self {
            sms_url: String::new(),
            sms_method: "POST".into(),
            sms_fallback_url: String::new(),
            sms_fallback_method: "POST".into(),
        }
    }
}

/// Changes to [`VoiceHooks`]; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HooksChange {
    /// See [`VoiceHooks::voice_url`].
    pub voice_url: Option<String>,
    /// See [`VoiceHooks::voice_method`].
    pub voice_method: Option<String>,
    /// See [`VoiceHooks::voice_fallback_url`].
    pub voice_fallback_url: Option<String>,
    /// See [`VoiceHooks::voice_fallback_method`].
    pub voice_fallback_method: Option<String>,
    /// See [`VoiceHooks::status_callback`].
    pub status_callback: Option<String>,
    /// See [`VoiceHooks::status_callback_method`].
    pub status_callback_method: Option<String>,
}

/// Changes to [`SmsHooks`]; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SmsHooksChange {
    /// See [`SmsHooks::sms_url`].
    pub sms_url: Option<String>,
    /// See [`SmsHooks::sms_method`].
    pub sms_method: Option<String>,
    /// See [`SmsHooks::sms_fallback_url`].
    pub sms_fallback_url: Option<String>,
    /// See [`SmsHooks::sms_fallback_method`].
    pub sms_fallback_method: Option<String>,
}

impl From<VoiceHooks> for HooksChange {
    fn from(hooks: VoiceHooks) -> Self {
        Self {
            voice_url: Some(hooks.voice_url),
            voice_method: Some(hooks.voice_method),
            voice_fallback_url: Some(hooks.voice_fallback_url),
            voice_fallback_method: Some(hooks.voice_fallback_method),
            status_callback: Some(hooks.status_callback),
            status_callback_method: Some(hooks.status_callback_method),
        }
    }
}

impl HooksChange {
    /// Whether an address or a method of voice is set to something.
    pub(super) fn sets_voice(&self) -> bool {
        [&self.voice_url, &self.voice_fallback_url]
            .into_iter()
            .any(|url| url.as_ref().is_some_and(|url| !url.is_empty()))
    }

    /// The hooks as they are after the change.
    pub(super) fn applied(self, hooks: &VoiceHooks) -> Result<VoiceHooks, RestError> {
        let mut next = hooks.clone();
        set(&mut next.voice_url, self.voice_url);
        set(&mut next.voice_method, self.voice_method);
        set(&mut next.voice_fallback_url, self.voice_fallback_url);
        set(&mut next.voice_fallback_method, self.voice_fallback_method);
        set(&mut next.status_callback, self.status_callback);
        set(
            &mut next.status_callback_method,
            self.status_callback_method,
        );
        for (name, url) in [
            ("VoiceUrl", &next.voice_url),
            ("VoiceFallbackUrl", &next.voice_fallback_url),
            ("StatusCallback", &next.status_callback),
        ] {
            check_url(name, url)?;
        }
        for (name, method) in [
            ("VoiceMethod", &next.voice_method),
            ("VoiceFallbackMethod", &next.voice_fallback_method),
            ("StatusCallbackMethod", &next.status_callback_method),
        ] {
            check_method(name, method)?;
        }
        check_fallback(21405, "Voice", &next.voice_url, &next.voice_fallback_url)?;
        Ok(next)
    }
}

impl SmsHooksChange {
    /// Whether an address of messages is set to something.
    pub(super) fn sets_sms(&self) -> bool {
        [&self.sms_url, &self.sms_fallback_url]
            .into_iter()
            .any(|url| url.as_ref().is_some_and(|url| !url.is_empty()))
    }

    /// The hooks as they are after the change.
    pub(super) fn applied(self, hooks: &SmsHooks) -> Result<SmsHooks, RestError> {
        let mut next = hooks.clone();
        set(&mut next.sms_url, self.sms_url);
        set(&mut next.sms_method, self.sms_method);
        set(&mut next.sms_fallback_url, self.sms_fallback_url);
        set(&mut next.sms_fallback_method, self.sms_fallback_method);
        check_url("SmsUrl", &next.sms_url)?;
        check_url("SmsFallbackUrl", &next.sms_fallback_url)?;
        check_method("SmsMethod", &next.sms_method)?;
        check_method("SmsFallbackMethod", &next.sms_fallback_method)?;
        check_fallback(21406, "Sms", &next.sms_url, &next.sms_fallback_url)?;
        Ok(next)
    }
}

/// Sets a place where something is said.
pub(super) fn set<T>(place: &mut T, change: Option<T>) {
    if let Some(value) = change {
        *place = value;
    }
}

/// Refuses what is no address to call; an empty one is fine.
pub(super) fn check_url(name: &str, url: &str) -> Result<(), RestError> {
    if url.is_empty() || is_callback_url(url) {
        return Ok(());
    }
    Err(RestError::invalid(
        21402,
        format!("{name} is not a valid URL: {url}"),
    ))
}

fn check_method(name: &str, method: &str) -> Result<(), RestError> {
    if method == "GET" || method == "POST" {
        return Ok(());
    }
    Err(RestError::invalid(
        21403,
        format!("{name} must be GET or POST"),
    ))
}

fn check_fallback(code: u32, kind: &str, url: &str, fallback: &str) -> Result<(), RestError> {
    if fallback.is_empty() || !url.is_empty() {
        return Ok(());
    }
    Err(RestError::invalid(
        code,
        format!("{kind}FallbackUrl cannot be set without {kind}Url"),
    ))
}

/// Whether Twilio would take this as an address to call: http or https, a host without underscores.
pub fn is_callback_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.contains('_'))
    })
}
