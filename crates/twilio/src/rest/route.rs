//! Which region handles a number's calls.

use serde::Deserialize;

use super::{Params, Request, segment};
use crate::host::{Product, Region};

/// Where a number's calls are handled.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Route {
    /// E.164.
    pub phone_number: Option<String>,
    /// For example `ie1`.
    pub voice_region: Option<String>,
}

/// Looks at a number's route; not found means the first region.
pub fn fetch(phone_number: &str) -> Request<Route> {
    Request::get(at(phone_number), Params::default()).at(Product::Routes)
}

/// Sends a number's calls to a region; it may take minutes.
pub fn update(phone_number: &str, region: Region) -> Request<Route> {
    Request::set(
        at(phone_number),
        Params::default().put("VoiceRegion", region),
    )
    .at(Product::Routes)
}

fn at(phone_number: &str) -> String {
    format!("/v2/PhoneNumbers/{}", segment(phone_number))
}
