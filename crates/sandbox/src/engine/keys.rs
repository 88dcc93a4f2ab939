//! API keys: they open the REST face and sign access tokens, each within its limits.

use super::Engine;
use super::error::RestError;
use crate::seam::{Sid, Time};

/// The most keys of an account.
const KEYS: usize = 1000;
/// The most permissions of a restricted key.
const PERMISSIONS: usize = 100;

/// What a key may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KeyKind {
    /// All that the account's own secret may.
    Main,
    /// All but accounts and keys.
    #[default]
    Standard,
    /// What its permissions name, as `/twilio/voice/calls/read`; it signs no access tokens.
    Restricted(Vec<String>),
}

/// An API key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ApiKey {
    /// `SK…`.
    pub sid: Sid,
    /// Shown once by the REST face.
    pub secret: String,
    /// Its name.
    pub friendly_name: String,
    /// What it may do.
    pub kind: KeyKind,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

impl Engine {
    /// Makes a standard API key.
    pub fn create_key(
        &mut self,
        now: Time,
        account: &str,
        friendly_name: &str,
    ) -> Result<ApiKey, RestError> {
        self.create_key_of(now, account, friendly_name, KeyKind::Standard)
    }

    /// Makes an API key.
    pub fn create_key_of(
        &mut self,
        now: Time,
        account: &str,
        friendly_name: &str,
        kind: KeyKind,
    ) -> Result<ApiKey, RestError> {
        check(friendly_name, &kind)?;
        let (sid, secret) = (self.ids.sid("SK"), self.ids.secret());
        let keys = &mut self.account_mut(account)?.keys;
        if keys.len() >= KEYS {
            return Err(RestError::invalid(
                20001,
                format!("An account has at most {KEYS} keys"),
            ));
        }
        let key = ApiKey {
            sid: sid.clone(),
            secret,
            friendly_name: friendly_name.to_owned(),
            kind,
            date_created: now,
            date_updated: now,
        };
        keys.insert(sid, key.clone());
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
        self.change_key(now, account, sid, Some(name), None)
    }

    /// Renames an API key, or gives it other permissions.
    pub fn change_key(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        name: Option<&str>,
        permissions: Option<Vec<String>>,
    ) -> Result<ApiKey, RestError> {
        let key = self
            .account_mut(account)?
            .keys
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        let kind = match (permissions, &key.kind) {
            (Some(permissions), KeyKind::Restricted(_)) => KeyKind::Restricted(permissions),
            (Some(_), _) => {
                return Err(RestError::invalid(
                    20001,
                    "Only a restricted key has permissions",
                ));
            }
            (None, kind) => kind.clone(),
        };
        check(name.unwrap_or_default(), &kind)?;
        if let Some(name) = name {
            name.clone_into(&mut key.friendly_name);
        }
        key.kind = kind;
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
}

fn check(name: &str, kind: &KeyKind) -> Result<(), RestError> {
    super::applications::check_name(name)?;
    match kind {
        KeyKind::Restricted(permissions) if permissions.len() > PERMISSIONS => {
            Err(RestError::invalid(
                20001,
                format!("A key has at most {PERMISSIONS} permissions"),
            ))
        }
        _ => Ok(()),
    }
}
