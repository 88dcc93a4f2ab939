//! A page of a list, and the request for the next.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use super::{Params, Request};
use crate::host::Product;

/// Something that is listed.
pub trait Listed: DeserializeOwned {
    /// The list's name in the answer.
    const KEY: &'static str;
    /// Which part of the API lists it.
    const PRODUCT: Product = Product::Api;
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The next page's path and query.
    pub next_page_uri: Option<String>,
}

impl<T: Listed> Page<T> {
    /// The request for the next page.
    pub fn next(&self) -> Option<Request<Self>> {
        let uri = self.next_page_uri.as_deref()?;
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let params = pairs.fold(Params::default(), |params, (name, value)| {
            params.put(&name, value)
        });
        Some(Request::get(path.to_owned(), params).at(T::PRODUCT))
    }
}

impl<'de, T: Listed> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut body: serde_json::Map<String, serde_json::Value> =
            Deserialize::deserialize(deserializer)?;
        let items = body
            .remove(T::KEY)
            .ok_or_else(|| D::Error::missing_field(T::KEY))?;
        let items = serde_json::from_value(items).map_err(D::Error::custom)?;
        let text = |value: Option<&serde_json::Value>| value?.as_str().map(str::to_owned);
        // The newer parts of the API say it in `meta`, with their host.
        let newer = || text(body.get("meta")?.get("next_page_url"));
        let next_page_uri = text(body.get("next_page_uri")).or_else(|| below_host(&newer()?));
        Ok(Self {
            items,
            next_page_uri,
        })
    }
}

/// The path and query of an address.
fn below_host(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let query = url.query().map(|query| format!("?{query}"));
    Some(format!("{}{}", url.path(), query.unwrap_or_default()))
}
