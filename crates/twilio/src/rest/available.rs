//! Numbers that can be bought, by country and kind.

use serde::Deserialize;

use super::number::Capabilities;
use super::{Listed, Page, Params, Request, path};
use crate::words::words;

words! {
    /// A kind of number, as Twilio's own fields call it.
    NumberKind {
        /// Of a place.
        Local = "local",
        /// Of mobile networks.
        Mobile = "mobile",
        /// Of a whole country.
        National = "national",
        /// Free for whoever calls.
        TollFree = "toll_free",
    }
}

impl NumberKind {
    /// As it stands in paths.
    pub const fn in_path(self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::Mobile => "Mobile",
            Self::National => "National",
            Self::TollFree => "TollFree",
        }
    }

    /// As regulations and bundles write it.
    pub const fn in_regulations(self) -> &'static str {
        match self {
            Self::TollFree => "toll-free",
            Self::Local => "local",
            Self::Mobile => "mobile",
            Self::National => "national",
        }
    }

    /// As price lists write it.
    pub const fn in_prices(self) -> &'static str {
        match self {
            Self::TollFree => "toll free",
            other => other.in_regulations(),
        }
    }
}

words! {
    /// Whose address a number needs.
    AddressRule {
        /// None.
        None = "none",
        /// One anywhere.
        Any = "any",
        /// One in the number's country.
        Local = "local",
        /// One outside of it.
        Foreign = "foreign",
    }
}

/// A country and the kinds of numbers that are sold there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Country {
    /// ISO 3166 alpha-2.
    pub country_code: String,
    /// Its name.
    #[serde(rename = "country")]
    pub name: String,
    /// Where each kind is listed.
    #[serde(default, rename = "subresource_uris")]
    kinds: std::collections::BTreeMap<String, String>,
}

impl Country {
    /// The kinds that are sold there, as far as we know of them.
    pub fn kinds(&self) -> Vec<NumberKind> {
        let sold = |kind: &NumberKind| self.kinds.contains_key(kind.as_str());
        NumberKind::ALL.iter().copied().filter(sold).collect()
    }
}

impl Listed for Country {
    const KEY: &'static str = "countries";
}

/// A number that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Available {
    /// E.164.
    pub phone_number: String,
    /// As people of its country write it.
    pub friendly_name: Option<String>,
    /// The city.
    pub locality: Option<String>,
    /// The state or province.
    pub region: Option<String>,
    /// Its country.
    pub iso_country: Option<String>,
    /// Whose address it needs: an [`AddressRule`].
    pub address_requirements: Option<String>,
    /// What it can do.
    #[serde(default)]
    pub capabilities: Capabilities,
}

impl Listed for Available {
    const KEY: &'static str = "available_phone_numbers";
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Three digits; the US and Canada only.
    pub area_code: Option<String>,
    /// 2 to 16 signs: digits and letters, `*` for one, `%` for many, `+` before the start, `$` after the end.
    pub contains: Option<String>,
    /// Only those that can do this.
    pub sms: bool,
    /// A number that they shall be near; the US and Canada only.
    pub near: Option<String>,
    /// The city.
    pub locality: Option<String>,
    /// How many at most.
    pub most: u32,
}

/// The countries whose numbers are sold.
pub fn countries(account_sid: &str) -> Request<Page<Country>> {
    Request::get(
        path(account_sid, &["AvailablePhoneNumbers"]),
        Params::default(),
    )
}

/// One of them.
pub fn country(account_sid: &str, iso: &str) -> Request<Country> {
    Request::get(
        path(account_sid, &["AvailablePhoneNumbers", iso]),
        Params::default(),
    )
}

/// Looks for numbers that can take calls.
pub fn search(
    account_sid: &str,
    iso: &str,
    kind: NumberKind,
    search: &Search,
) -> Request<Page<Available>> {
    Request::get(
        path(account_sid, &["AvailablePhoneNumbers", iso, kind.in_path()]),
        Params::default()
            .maybe("AreaCode", search.area_code.as_ref())
            .maybe("Contains", search.contains.as_ref())
            .put("VoiceEnabled", "true")
            .maybe("SmsEnabled", search.sms.then_some("true"))
            .maybe("NearNumber", search.near.as_ref())
            .maybe("InLocality", search.locality.as_ref())
            .put("PageSize", search.most),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_asks_for_what_was_wanted_and_for_voice() {
        let wanted = Search {
            contains: Some("+4420%".into()),
            sms: true,
            most: 20,
            ..Search::default()
        };
        let request = search("AC1", "GB", NumberKind::TollFree, &wanted);
        assert_eq!(
            request.path,
            "/2010-04-01/Accounts/AC1/AvailablePhoneNumbers/GB/TollFree.json"
        );
        assert_eq!(
            request.encoded_params(),
            "Contains=%2B4420%25&VoiceEnabled=true&SmsEnabled=true&PageSize=20"
        );
    }

    #[test]
    fn a_country_tells_which_kinds_are_sold_there() {
        let body =
            br#"{"country_code":"GB","country":"United Kingdom","beta":false,"uri":"/x.json",
            "subresource_uris":{"local":"/a","toll_free":"/b","shared_cost":"/c","mobile":"/d"}}"#;
        let found = country("AC1", "GB").read(200, body).expect("a country");
        assert_eq!(
            found.kinds(),
            [NumberKind::Local, NumberKind::Mobile, NumberKind::TollFree]
        );
    }

    #[test]
    fn a_number_is_read_with_what_it_needs_and_can() {
        let body = br#"{"available_phone_numbers":[{"friendly_name":"020 7946 0123","phone_number":"+442079460123",
            "locality":"London","region":null,"iso_country":"GB","address_requirements":"any","beta":false,
            "capabilities":{"voice":true,"SMS":false,"MMS":false,"fax":false}}],"next_page_uri":null}"#;
        let page = search("AC1", "GB", NumberKind::Local, &Search::default())
            .read(200, body)
            .expect("a page");
        let found = &page.items[0];
        assert_eq!(found.phone_number, "+442079460123");
        assert_eq!(found.address_requirements.as_deref(), Some("any"));
        assert!(found.capabilities.voice && !found.capabilities.sms);
    }
}
