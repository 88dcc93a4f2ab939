//! Requests to Twilio's REST API and their answers. Nothing is sent here: a request is data, and reads its own answer.

pub mod account;
pub mod alert;
pub mod application;
pub mod available;
pub mod call;
pub mod caller_id;
pub mod conference;
pub mod number;
mod page;
pub mod paper;
mod params;
pub mod participant;
pub mod pricing;
pub mod queue;
pub mod recording;
pub mod route;
pub mod service;
mod wire;

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

pub use page::{Listed, Page};
use params::Params;

use crate::host::Product;
use crate::words::words;

words! {
    /// How a REST request is sent.
    HttpMethod {
        /// Parameters in the query.
        Get = "GET",
        /// Parameters in a form body.
        Post = "POST",
        /// No parameters.
        Delete = "DELETE",
    }
}

/// An answer whose content does not matter, such as that of a deletion.
pub type Nothing = IgnoredAny;

/// One REST request, whose good answer is an `A`.
pub struct Request<A> {
    /// How it is sent.
    pub method: HttpMethod,
    /// Which part of the API it is for; each has a host of its own.
    pub product: Product,
    /// The path below the API's base URL, query excluded.
    pub path: String,
    /// The parameters: in the query of a GET, in the form body of a POST.
    pub params: Vec<(String, String)>,
    /// Whether it may be sent again when it is not known whether it arrived.
    ///
    /// What is not idempotent may be repeated only after 429 and after a failed connection: it could make a second paid call.
    pub idempotent: bool,
    answer: PhantomData<fn() -> A>,
}

impl<A> Request<A> {
    fn new(method: HttpMethod, path: String, params: Params, idempotent: bool) -> Self {
        Self {
            method,
            product: Product::Api,
            path,
            params: params.into_pairs(),
            idempotent,
            answer: PhantomData,
        }
    }

    fn get(path: String, params: Params) -> Self {
        Self::new(HttpMethod::Get, path, params, true)
    }

    fn delete(path: String) -> Self {
        Self::new(HttpMethod::Delete, path, Params::default(), true)
    }

    /// Makes something new.
    fn create(path: String, params: Params) -> Self {
        Self::new(HttpMethod::Post, path, params, false)
    }

    /// Sets something to a value: twice is as good as once.
    fn set(path: String, params: Params) -> Self {
        Self::new(HttpMethod::Post, path, params, true)
    }

    /// The same, for another part of the API.
    fn at(self, product: Product) -> Self {
        Self { product, ..self }
    }

    /// The parameters as a query or a form body.
    pub fn encoded_params(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.params)
            .finish()
    }
}

impl<A: DeserializeOwned> Request<A> {
    /// Reads the answer to this request.
    pub fn read(&self, status: u16, body: &[u8]) -> Result<A, Failure> {
        if !(200..300).contains(&status) {
            return Err(Failure::Refused(RestError::read(status, body)));
        }
        let body = if body.is_empty() { b"null" } else { body };
        serde_json::from_slice(body).map_err(|error| Failure::Unreadable(error.to_string()))
    }
}

impl<A> Clone for Request<A> {
    fn clone(&self) -> Self {
        Self {
            method: self.method,
            product: self.product,
            path: self.path.clone(),
            params: self.params.clone(),
            idempotent: self.idempotent,
            answer: PhantomData,
        }
    }
}

/// Without the parameters, which hold phone numbers.
impl<A> std::fmt::Debug for Request<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("product", &self.product)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Why there is no good answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Twilio said no.
    #[error(transparent)]
    Refused(RestError),
    /// Twilio said yes, in words that we do not understand.
    #[error("Twilio's answer could not be read: {0}")]
    Unreadable(String),
}

/// Twilio's error body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Twilio answered {status}{}: {message}", self.code.map(|code| format!(" ({code})")).unwrap_or_default())]
pub struct RestError {
    /// The HTTP status.
    pub status: u16,
    /// Twilio's code; see [`crate::errors::explain`].
    pub code: Option<u32>,
    /// What Twilio says about it.
    pub message: String,
    /// Where Twilio says more.
    pub more_info: Option<String>,
}

impl RestError {
    /// Reads an error's body, whatever a proxy put in its place.
    pub fn read(status: u16, body: &[u8]) -> Self {
        #[derive(Default, Deserialize)]
        struct Body {
            code: Option<u32>,
            message: Option<String>,
            more_info: Option<String>,
        }
        let body: Body = serde_json::from_slice(body).unwrap_or_default();
        let message = body.message.unwrap_or_else(|| "no reason was given".into());
        Self {
            status,
            code: body.code,
            message,
            more_info: body.more_info,
        }
    }

    /// Whether the request was certainly not carried out, so that even a paid call may be tried again.
    pub fn was_not_carried_out(&self) -> bool {
        self.status == 429
    }
}

/// The path of an account's resource.
fn path(account_sid: &str, rest: &[&str]) -> String {
    let mut path = format!("/2010-04-01/Accounts/{}", segment(account_sid));
    for part in rest {
        path.push('/');
        path.push_str(&segment(part));
    }
    path + ".json"
}

/// One segment of a path: a label or name may hold anything.
fn segment(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~+".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
