//! Accounts: their credentials, their state, and what hangs below them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Engine;
pub use super::applications::{Application, ApplicationChange};
use super::error::RestError;
pub use super::keys::{ApiKey, KeyKind};
pub use super::numbers::{Number, NumberChange, formatted};
use super::papers::Papers;
pub use super::voice_hooks::{HooksChange, SmsHooks, SmsHooksChange, VoiceHooks, is_callback_url};
use crate::seam::{Sid, Time};

/// The most subaccounts of an account.
const SUBACCOUNTS: usize = 1000;

/// Whether an account works.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AccountStatus {
    /// It works.
    #[default]
    Active,
    /// It is there, and does nothing.
    Suspended,
    /// It is over for good.
    Closed,
}

impl AccountStatus {
    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    /// What Twilio's word means.
    pub fn read(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Closed]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

/// An account of the sandbox.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    /// `AC…`.
    pub sid: Sid,
    /// The secret that signs webhooks and opens the REST face.
    pub auth_token: String,
    /// A second secret that opens the REST face and signs nothing, until it is promoted.
    pub secondary_auth_token: Option<String>,
    /// Its name.
    pub friendly_name: String,
    /// The account that it belongs to; empty where it belongs to nobody.
    pub owner: Sid,
    /// Whether it works.
    pub status: AccountStatus,
    /// Whether it is a trial account.
    pub is_trial: bool,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
    /// When its secrets were last changed.
    pub tokens_updated: Time,
    /// Calls a second that REST may start.
    pub calls_per_second: u32,
    /// Cents paid for numbers.
    pub spent: i64,
    /// API keys by SID.
    pub keys: BTreeMap<Sid, ApiKey>,
    /// Numbers by SID.
    pub numbers: BTreeMap<Sid, Number>,
    /// TwiML applications by SID.
    pub applications: BTreeMap<Sid, Application>,
    /// Addresses, bundles, verified numbers.
    pub papers: Papers,
}

impl Account {
    /// Whether this is a secret of the account's own.
    pub fn opens(&self, token: &str) -> bool {
        self.auth_token == token || self.secondary_auth_token.as_deref() == Some(token)
    }

    /// SID and token that test a program without doing anything; they follow from the account's own.
    pub fn test_credentials(&self) -> (Sid, String) {
        let text = |what: &str| {
            let hash = Sha256::digest(format!("{what} {} {}", self.sid, self.auth_token));
            data_encoding::HEXLOWER.encode(&hash[..16])
        };
        (format!("AC{}", text("sid")), text("token"))
    }

    /// Whose account it is: itself, or its parent.
    pub fn owner_sid(&self) -> &str {
        if self.owner.is_empty() {
            &self.sid
        } else {
            &self.owner
        }
    }
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

    /// The account that an API key belongs to.
    pub fn account_of_key(&self, key: &str) -> Option<&Account> {
        self.accounts
            .values()
            .find(|account| account.keys.contains_key(key))
    }

    /// Whether an account works, and the one above it too.
    pub fn is_active(&self, sid: &str) -> bool {
        self.account(sid).is_some_and(|account| {
            account.status == AccountStatus::Active
                && (account.owner.is_empty() || self.is_active(&account.owner))
        })
    }

    /// Adds an account (a seed).
    pub fn add_account(&mut self, mut account: Account) {
        account.date_updated = account.date_updated.max(account.date_created);
        account.tokens_updated = account.tokens_updated.max(account.date_created);
        self.accounts.insert(account.sid.clone(), account);
    }

    pub(super) fn account_mut(&mut self, sid: &str) -> Result<&mut Account, RestError> {
        self.accounts
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(&format!("/Accounts/{sid}")))
    }

    /// The account and those below it.
    pub fn family(&self, sid: &str) -> Vec<&Account> {
        self.accounts
            .values()
            .filter(|account| account.sid == sid || account.owner == sid)
            .collect()
    }

    /// Makes an account below another.
    pub fn create_subaccount(
        &mut self,
        now: Time,
        owner: &str,
        name: Option<String>,
    ) -> Result<Account, RestError> {
        let parent = self
            .account(owner)
            .ok_or_else(|| RestError::not_found(&format!("/Accounts/{owner}")))?;
        if !parent.owner.is_empty() {
            return Err(RestError {
                status: 403,
                code: 20403,
                message: "A subaccount cannot have accounts of its own".into(),
            });
        }
        let most = if parent.is_trial { 1 } else { SUBACCOUNTS };
        if self.family(owner).len() > most {
            return Err(RestError::invalid(
                21480,
                "You have reached the maximum number of subaccounts",
            ));
        }
        let (rate, is_trial) = self
            .account(owner)
            .map_or((1, false), |a| (a.calls_per_second, a.is_trial));
        let sid = self.ids.sid("AC");
        let account = Account {
            friendly_name: name.unwrap_or_else(|| {
                format!("SubAccount Created at {}", now.format("%Y-%m-%d %I:%M %P"))
            }),
            auth_token: self.ids.secret(),
            owner: owner.to_owned(),
            date_created: now,
            calls_per_second: rate,
            is_trial,
            sid: sid.clone(),
            ..Account::default()
        };
        self.add_account(account);
        self.account(&sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(&sid))
    }

    /// Renames an account, or changes whether it works.
    pub fn update_account(
        &mut self,
        now: Time,
        sid: &str,
        name: Option<String>,
        status: Option<AccountStatus>,
    ) -> Result<Account, RestError> {
        let account = self.account_mut(sid)?;
        if let Some(status) = status {
            if account.owner.is_empty() {
                return Err(RestError {
                    status: 403,
                    code: 20403,
                    message: "Only a subaccount can be suspended or closed".into(),
                });
            }
            if account.status == AccountStatus::Closed && status != AccountStatus::Closed {
                return Err(RestError::invalid(
                    20001,
                    "A closed account cannot be opened again",
                ));
            }
            account.status = status;
        }
        super::voice_hooks::set(&mut account.friendly_name, name);
        account.date_updated = now;
        Ok(account.clone())
    }

    /// Changes an account from outside.
    pub fn set_account(
        &mut self,
        now: Time,
        sid: &str,
        status: Option<AccountStatus>,
        is_trial: Option<bool>,
    ) -> Result<Account, RestError> {
        let account = self.account_mut(sid)?;
        super::voice_hooks::set(&mut account.status, status);
        super::voice_hooks::set(&mut account.is_trial, is_trial);
        account.date_updated = now;
        Ok(account.clone())
    }

    /// So many cents are spent from now on, whatever they were before.
    pub fn set_spent(&mut self, sid: &str, cents: i64) -> Result<(), RestError> {
        self.account_mut(sid)?.spent = cents;
        Ok(())
    }

    /// Makes the account's second secret, or a new one in its place.
    pub fn create_secondary_token(
        &mut self,
        now: Time,
        sid: &str,
    ) -> Result<(String, Time), RestError> {
        let token = self.ids.secret();
        let account = self.account_mut(sid)?;
        account.secondary_auth_token = Some(token.clone());
        account.tokens_updated = now;
        Ok((token, account.date_created))
    }

    /// Takes the second secret back.
    pub fn delete_secondary_token(&mut self, now: Time, sid: &str) -> Result<(), RestError> {
        let account = self.account_mut(sid)?;
        if account.secondary_auth_token.take().is_none() {
            return Err(RestError::not_found("/v1/AuthTokens/Secondary"));
        }
        account.tokens_updated = now;
        Ok(())
    }

    /// The second secret takes the first one's place: from now on it signs, and the first opens nothing any more.
    pub fn promote_token(&mut self, now: Time, sid: &str) -> Result<Account, RestError> {
        let account = self.account_mut(sid)?;
        let Some(token) = account.secondary_auth_token.take() else {
            return Err(RestError::not_found("/v1/AuthTokens/Secondary"));
        };
        account.auth_token = token;
        account.tokens_updated = now;
        Ok(account.clone())
    }
}
