//! The account itself, its auth tokens, and its API keys.

use serde::Deserialize;

use super::{Listed, Nothing, Page, Params, Request, path};
use crate::host::Product;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Account {
    /// `AC…`.
    pub sid: String,
    /// Its name.
    pub friendly_name: Option<String>,
    /// `active`, `suspended` or `closed`.
    pub status: Option<String>,
    /// `Trial` or `Full`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The parent of a sub-account.
    pub owner_account_sid: Option<String>,
}

/// Fetches the account; only its auth token or a main key may.
pub fn fetch(account_sid: &str) -> Request<Account> {
    Request::get(path(account_sid, &[]), Params::default())
}

/// A second auth token that was just made. It opens the API and signs nothing until it is promoted.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct SecondaryToken {
    /// The token.
    pub secondary_auth_token: String,
}

/// The token that a second one has become: the primary, which signs webhooks.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct PromotedToken {
    /// The token.
    pub auth_token: String,
}

/// Without the token.
impl std::fmt::Debug for SecondaryToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondaryToken").finish_non_exhaustive()
    }
}

/// Without the token.
impl std::fmt::Debug for PromotedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PromotedToken").finish_non_exhaustive()
    }
}

/// Makes a second auth token of the account whose credentials ask.
pub fn create_secondary_token() -> Request<SecondaryToken> {
    Request::create("/v1/AuthTokens/Secondary".into(), Params::default()).at(Product::Accounts)
}

/// Takes the second auth token back.
pub fn delete_secondary_token() -> Request<Nothing> {
    Request::delete("/v1/AuthTokens/Secondary".into()).at(Product::Accounts)
}

/// Makes the second auth token the primary one; the primary of before opens nothing from that moment on.
pub fn promote_token() -> Request<PromotedToken> {
    Request::create("/v1/AuthTokens/Promote".into(), Params::default()).at(Product::Accounts)
}

/// What is left of the account's money.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Balance {
    /// Decimal text.
    pub balance: String,
    /// Such as `USD`.
    pub currency: String,
}

/// Asks what is left; Twilio tells it of a parent account only.
pub fn balance(account_sid: &str) -> Request<Balance> {
    Request::get(path(account_sid, &["Balance"]), Params::default())
}

/// An API key without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Key {
    /// `SK…`.
    pub sid: String,
    /// Its name.
    pub friendly_name: Option<String>,
}

impl Listed for Key {
    const KEY: &'static str = "keys";
}

/// A key that was just made; its secret is told this once.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct NewKey {
    /// `SK…`.
    pub sid: String,
    /// Its name.
    pub friendly_name: Option<String>,
    /// The secret.
    pub secret: String,
}

/// Without the secret.
impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewKey")
            .field("sid", &self.sid)
            .finish_non_exhaustive()
    }
}

/// Makes a key.
pub fn create_key(account_sid: &str, friendly_name: &str) -> Request<NewKey> {
    Request::create(
        path(account_sid, &["Keys"]),
        Params::default().put("FriendlyName", friendly_name),
    )
}

/// Lists the keys.
pub fn list_keys(account_sid: &str) -> Request<Page<Key>> {
    Request::get(path(account_sid, &["Keys"]), Params::default())
}

/// Fetches a key.
pub fn fetch_key(account_sid: &str, sid: &str) -> Request<Key> {
    Request::get(path(account_sid, &["Keys", sid]), Params::default())
}

/// Deletes a key; tokens that it signed end at once.
pub fn delete_key(account_sid: &str, sid: &str) -> Request<Nothing> {
    Request::delete(path(account_sid, &["Keys", sid]))
}
