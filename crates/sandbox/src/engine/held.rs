//! A phone in somebody's hand: a Voice SDK client of the account that owns the number, named after the number. While it is
//! registered, calls to the number ring there; once it is put down, the phone does again what it does by itself.

use super::Engine;
use super::account::{ApplicationChange, HooksChange};
use super::error::RestError;
use crate::seam::{Sid, Time};

/// Names the key and the application of held phones.
const NAME: &str = "Phones in hand";

/// What a client needs to be a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handset {
    /// The owner of the number.
    pub account_sid: Sid,
    /// The key that signs its token.
    pub key_sid: Sid,
    /// The key's secret.
    pub key_secret: String,
    /// Where its calls ask for TwiML.
    pub application_sid: Sid,
    /// Its name.
    pub identity: String,
}

/// The name of the client that is this number's phone.
pub fn identity_of(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    format!("phone_{digits}")
}

/// The number whose phone this client is.
pub fn number_of(identity: &str) -> Option<String> {
    let digits = identity.strip_prefix("phone_")?;
    Some(format!("+{digits}"))
}

impl Engine {
    /// Takes a number's phone into the hand: its account gets a key and an application for that, once.
    pub fn take_phone(
        &mut self,
        now: Time,
        number: &str,
        voice_url: &str,
    ) -> Result<Handset, RestError> {
        let account_sid = self
            .owner_of(number)
            .map(|owner| owner.account_sid.clone())
            .ok_or_else(|| RestError::not_found(number))?;
        let account = self.account(&account_sid);
        let key = account.and_then(|a| a.keys.values().find(|key| key.friendly_name == NAME));
        let key = match key.cloned() {
            Some(key) => key,
            None => self.create_key(now, &account_sid, NAME)?,
        };
        Ok(Handset {
            application_sid: self.handset_application(now, &account_sid, voice_url)?,
            account_sid,
            key_sid: key.sid,
            key_secret: key.secret,
            identity: identity_of(number),
        })
    }

    fn handset_application(
        &mut self,
        now: Time,
        account: &str,
        voice_url: &str,
    ) -> Result<Sid, RestError> {
        let known = self.account(account).and_then(|account| {
            let mut all = account.applications.values();
            all.find(|app| app.friendly_name == NAME && app.hooks.voice_url == voice_url)
        });
        if let Some(known) = known {
            return Ok(known.sid.clone());
        }
        let change = ApplicationChange {
            friendly_name: Some(NAME.to_owned()),
            hooks: HooksChange {
                voice_url: Some(voice_url.to_owned()),
                ..HooksChange::default()
            },
            ..ApplicationChange::default()
        };
        Ok(self.create_application(now, account, change)?.sid)
    }

    /// The account and the identity of the client that is this number's phone, while it is registered.
    pub fn held(&self, number: &str) -> Option<(Sid, String)> {
        let account = self.owner_of(number)?.account_sid.clone();
        let identity = identity_of(number);
        self.has_device(&account, &identity)
            .then_some((account, identity))
    }
}
