//! Messaging Services, and the numbers in them: a number there is answered at the service's address, not at its own.

use serde::Deserialize;

use super::{Listed, Page, Params, Request, segment};
use crate::host::Product;

/// A Messaging Service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Service {
    /// `MG…`.
    pub sid: String,
    /// Its name.
    pub friendly_name: Option<String>,
    /// Messages go to the number's own address all the same.
    #[serde(default)]
    pub use_inbound_webhook_on_number: bool,
}

impl Listed for Service {
    const KEY: &'static str = "services";
    const PRODUCT: Product = Product::Messaging;
}

/// A number in a service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Member {
    /// `PN…`.
    pub sid: String,
    /// E.164.
    pub phone_number: Option<String>,
}

impl Listed for Member {
    const KEY: &'static str = "phone_numbers";
    const PRODUCT: Product = Product::Messaging;
}

/// Lists the services.
pub fn list() -> Request<Page<Service>> {
    Request::get("/v1/Services".into(), Params::default()).at(Product::Messaging)
}

/// Lists the numbers in a service.
pub fn members(service: &str) -> Request<Page<Member>> {
    Request::get(
        format!("/v1/Services/{}/PhoneNumbers", segment(service)),
        Params::default(),
    )
    .at(Product::Messaging)
}
