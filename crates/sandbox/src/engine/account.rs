//! Accounts with their keys, numbers and applications: what exists before any call.

use std::collections::BTreeMap;

use super::Engine;
use super::error::RestError;
use crate::seam::{Sid, Time};

/// An account of the sandbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// `AC…`.
    pub sid: Sid,
    /// The secret that signs webhooks and opens the REST face.
    pub auth_token: String,
    /// Its name.
    pub friendly_name: String,
    /// When it was made.
    pub date_created: Time,
    /// Calls a second that REST may start.
    pub calls_per_second: u32,
    /// API keys by SID.
    pub keys: BTreeMap<Sid, ApiKey>,
    /// Numbers by SID.
    pub numbers: BTreeMap<Sid, Number>,
    /// TwiML applications by SID.
    pub applications: BTreeMap<Sid, Application>,
}

/// A standard API key.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// `SK…`.
    pub sid: Sid,
    /// Shown once by the REST face.
    pub secret: String,
    /// Its name.
    pub friendly_name: String,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

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

/// A phone number owned by an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// `PN…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// E.164.
    pub phone_number: String,
    /// Its name.
    pub friendly_name: String,
    /// Where its calls go.
    pub hooks: VoiceHooks,
    /// With this set, all voice URLs above are ignored; empty for none.
    pub voice_application_sid: Sid,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

/// A TwiML application.
#[derive(Debug, Clone, PartialEq)]
pub struct Application {
    /// `AP…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// Its name; not unique.
    pub friendly_name: String,
    /// Where its calls go.
    pub hooks: VoiceHooks,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
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

/// A change to a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberChange {
    /// Its name.
    pub friendly_name: Option<String>,
    /// Its hooks.
    pub hooks: HooksChange,
    /// Its application; an empty text takes it away.
    pub voice_application_sid: Option<String>,
}

/// A new application or a change to one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationChange {
    /// Its name.
    pub friendly_name: Option<String>,
    /// Its hooks.
    pub hooks: HooksChange,
}

impl HooksChange {
    fn apply(self, hooks: &mut VoiceHooks) -> Result<(), RestError> {
        let mut next = hooks.clone();
        let pairs = [
            (self.voice_url, &mut next.voice_url),
            (self.voice_method, &mut next.voice_method),
            (self.voice_fallback_url, &mut next.voice_fallback_url),
            (self.voice_fallback_method, &mut next.voice_fallback_method),
            (self.status_callback, &mut next.status_callback),
            (
                self.status_callback_method,
                &mut next.status_callback_method,
            ),
        ];
        for (change, place) in pairs {
            if let Some(value) = change {
                *place = value;
            }
        }
        check_hooks(&next)?;
        *hooks = next;
        Ok(())
    }
}

fn check_hooks(hooks: &VoiceHooks) -> Result<(), RestError> {
    for (name, url) in [
        ("VoiceUrl", &hooks.voice_url),
        ("VoiceFallbackUrl", &hooks.voice_fallback_url),
        ("StatusCallback", &hooks.status_callback),
    ] {
        if !url.is_empty() && !is_callback_url(url) {
            return Err(RestError::invalid(
                21402,
                format!("{name} is not a valid URL: {url}"),
            ));
        }
    }
    for (name, method) in [
        ("VoiceMethod", &hooks.voice_method),
        ("VoiceFallbackMethod", &hooks.voice_fallback_method),
        ("StatusCallbackMethod", &hooks.status_callback_method),
    ] {
        if method != "GET" && method != "POST" {
            return Err(RestError::invalid(
                21403,
                format!("{name} must be GET or POST"),
            ));
        }
    }
    if hooks.voice_url.is_empty() && !hooks.voice_fallback_url.is_empty() {
        return Err(RestError::invalid(
            21405,
            "VoiceFallbackUrl needs a VoiceUrl",
        ));
    }
    Ok(())
}

/// Whether Twilio would take this as an address to call: http or https, a host without underscores.
pub fn is_callback_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.contains('_'))
    })
}

impl Engine {
    /// All accounts, by SID.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// One account.
    pub fn account(&self, sid: &str) -> Option<&Account> {
        self.accounts.get(sid)
    }

    /// The account and number record of a phone number, whoever owns it.
    pub fn owner_of(&self, phone_number: &str) -> Option<&Number> {
        self.accounts
            .values()
            .flat_map(|account| account.numbers.values())
            .find(|n| n.phone_number == phone_number)
    }

    /// Adds an account (a seed).
    pub fn add_account(&mut self, account: Account) {
        self.accounts.insert(account.sid.clone(), account);
    }

    fn account_mut(&mut self, sid: &str) -> Result<&mut Account, RestError> {
        self.accounts
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(&format!("/Accounts/{sid}")))
    }

    /// Makes an API key.
    pub fn create_key(
        &mut self,
        now: Time,
        account: &str,
        friendly_name: &str,
    ) -> Result<ApiKey, RestError> {
        let (sid, secret) = (self.ids.sid("SK"), self.ids.secret());
        let key = ApiKey {
            sid: sid.clone(),
            secret,
            friendly_name: friendly_name.to_owned(),
            date_created: now,
            date_updated: now,
        };
        self.account_mut(account)?.keys.insert(sid, key.clone());
        Ok(key)
    }

    /// Renames an API key.
    pub fn update_key(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        name: &str,
    ) -> Result<ApiKey, RestError> {
        let key = self
            .account_mut(account)?
            .keys
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        name.clone_into(&mut key.friendly_name);
        key.date_updated = now;
        Ok(key.clone())
    }

    /// Deletes an API key.
    pub fn delete_key(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        self.account_mut(account)?
            .keys
            .remove(sid)
            .map(|_| ())
            .ok_or_else(|| RestError::not_found(sid))
    }

    /// Gives an account a number that nobody owns yet.
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
                format!("{phone_number} is not available"),
            ));
        }
        let sid = self.ids.sid("PN");
        let number = Number {
            sid: sid.clone(),
            account_sid: account.to_owned(),
            phone_number: phone_number.to_owned(),
            friendly_name: phone_number.to_owned(),
            hooks: VoiceHooks::default(),
            voice_application_sid: String::new(),
            date_created: now,
            date_updated: now,
        };
        self.account_mut(account)?
            .numbers
            .insert(sid.clone(), number);
        self.update_number(now, account, &sid, change)
    }

    /// Changes a number.
    pub fn update_number(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: NumberChange,
    ) -> Result<Number, RestError> {
        let account = self.account_mut(account)?;
        if let Some(app) = change
            .voice_application_sid
            .as_deref()
            .filter(|app| !app.is_empty())
            && !account.applications.contains_key(app)
        {
            return Err(RestError::invalid(
                21218,
                format!("{app} is not an application of this account"),
            ));
        }
        let number = account
            .numbers
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        change.hooks.apply(&mut number.hooks)?;
        if let Some(name) = change.friendly_name {
            number.friendly_name = name;
        }
        if let Some(app) = change.voice_application_sid {
            number.voice_application_sid = app;
        }
        number.date_updated = now;
        Ok(number.clone())
    }

    /// Gives a number back.
    pub fn delete_number(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        self.account_mut(account)?
            .numbers
            .remove(sid)
            .map(|_| ())
            .ok_or_else(|| RestError::not_found(sid))
    }

    /// Makes a TwiML application.
    pub fn create_application(
        &mut self,
        now: Time,
        account: &str,
        change: ApplicationChange,
    ) -> Result<Application, RestError> {
        let sid = self.ids.sid("AP");
        let application = Application {
            sid: sid.clone(),
            account_sid: account.to_owned(),
            friendly_name: String::new(),
            hooks: VoiceHooks::default(),
            date_created: now,
            date_updated: now,
        };
        self.account_mut(account)?
            .applications
            .insert(sid.clone(), application);
        self.update_application(now, account, &sid, change)
            .inspect_err(|_| {
                if let Some(account) = self.accounts.get_mut(account) {
                    account.applications.remove(&sid);
                }
            })
    }

    /// Changes a TwiML application.
    pub fn update_application(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: ApplicationChange,
    ) -> Result<Application, RestError> {
        let application = self
            .account_mut(account)?
            .applications
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        change.hooks.apply(&mut application.hooks)?;
        if let Some(name) = change.friendly_name {
            application.friendly_name = name;
        }
        application.date_updated = now;
        Ok(application.clone())
    }

    /// Deletes a TwiML application.
    pub fn delete_application(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        self.account_mut(account)?
            .applications
            .remove(sid)
            .map(|_| ())
            .ok_or_else(|| RestError::not_found(sid))
    }
}
