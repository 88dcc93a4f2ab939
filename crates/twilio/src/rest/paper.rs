//! What an account has shown to the authorities: regulations, bundles and addresses.

use serde::Deserialize;
use serde_json::Value;

use super::available::NumberKind;
use super::{Listed, Page, Params, Request, path, segment};
use crate::host::Product;

const ROOT: &str = "/v2/RegulatoryCompliance";

/// What a country demands of whoever wants a kind of its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Regulation {
    /// `RN…`.
    pub sid: String,
    /// Its name.
    pub friendly_name: Option<String>,
    /// `individual` or `business`.
    pub end_user_type: Option<String>,
}

impl Listed for Regulation {
    const KEY: &'static str = "results";
    const PRODUCT: Product = Product::Numbers;
}

/// Papers put together for one regulation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bundle {
    /// `BU…`.
    pub sid: String,
    /// The regulation that it was made for, `RN…`.
    pub regulation_sid: Option<String>,
    /// Its name.
    pub friendly_name: Option<String>,
    /// `draft`, `pending-review`, `in-review`, `twilio-approved`, `twilio-rejected` or `provisionally-approved`.
    pub status: String,
}

impl Bundle {
    /// Whether numbers can be bought with it.
    pub fn is_approved(&self) -> bool {
        matches!(
            self.status.as_str(),
            "twilio-approved" | "provisionally-approved"
        )
    }
}

impl Listed for Bundle {
    const KEY: &'static str = "results";
    const PRODUCT: Product = Product::Numbers;
}

/// A paper's place in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Assignment {
    /// The end user (`IT…`) or document (`RD…`).
    pub object_sid: String,
}

impl Listed for Assignment {
    const KEY: &'static str = "results";
    const PRODUCT: Product = Product::Numbers;
}

/// A document of a bundle.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Document {
    /// `RD…`.
    pub sid: String,
    /// What it says.
    #[serde(default)]
    pub attributes: Value,
}

impl Document {
    /// The addresses that it names, `AD…`.
    pub fn addresses(&self) -> Vec<String> {
        let named = self.attributes["address_sids"].as_array();
        let sids = named.into_iter().flatten().filter_map(Value::as_str);
        sids.map(str::to_owned).collect()
    }
}

/// An address of the account's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Address {
    /// `AD…`.
    pub sid: String,
    /// Its name.
    pub friendly_name: Option<String>,
    /// Who is there.
    pub customer_name: String,
    /// Street and house.
    pub street: String,
    /// The city.
    pub city: String,
    /// The state or province.
    #[serde(default)]
    pub region: String,
    /// The postal code.
    #[serde(default)]
    pub postal_code: String,
    /// ISO 3166 alpha-2.
    pub iso_country: String,
}

impl Listed for Address {
    const KEY: &'static str = "addresses";
}

/// The regulations for a kind of a country's numbers; none where numbers are sold without papers.
pub fn regulations(iso: &str, kind: NumberKind) -> Request<Page<Regulation>> {
    let params = Params::default()
        .put("IsoCountry", iso)
        .put("NumberType", kind.in_regulations());
    Request::get(format!("{ROOT}/Regulations"), params).at(Product::Numbers)
}

/// All bundles of the account.
pub fn bundles() -> Request<Page<Bundle>> {
    Request::get(format!("{ROOT}/Bundles"), Params::default()).at(Product::Numbers)
}

/// What is in a bundle.
pub fn assignments(bundle: &str) -> Request<Page<Assignment>> {
    let path = format!("{ROOT}/Bundles/{}/ItemAssignments", segment(bundle));
    Request::get(path, Params::default()).at(Product::Numbers)
}

/// A document of a bundle.
pub fn document(sid: &str) -> Request<Document> {
    let path = format!("{ROOT}/SupportingDocuments/{}", segment(sid));
    Request::get(path, Params::default()).at(Product::Numbers)
}

/// The account's addresses.
pub fn addresses(account_sid: &str) -> Request<Page<Address>> {
    Request::get(path(account_sid, &["Addresses"]), Params::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_asked_for_at_their_own_host_page_by_page() {
        let request = regulations("GB", NumberKind::TollFree);
        assert_eq!(request.product, Product::Numbers);
        assert_eq!(
            request.encoded_params(),
            "IsoCountry=GB&NumberType=toll-free"
        );
        let body = br#"{"results":[{"sid":"BU1","regulation_sid":"RN1","friendly_name":"London","status":"twilio-approved"}],
            "meta":{"key":"results","next_page_url":"https://numbers.twilio.com/v2/RegulatoryCompliance/Bundles?PageSize=50&Page=1"}}"#;
        let page = bundles().read(200, body).expect("a page");
        assert!(page.items[0].is_approved());
        let next = page.next().expect("another page");
        assert_eq!(
            (
                next.product,
                next.path.as_str(),
                next.encoded_params().as_str()
            ),
            (
                Product::Numbers,
                "/v2/RegulatoryCompliance/Bundles",
                "PageSize=50&Page=1"
            )
        );
    }

    #[test]
    fn a_document_tells_which_addresses_it_names() {
        let body = br#"{"sid":"RD1","attributes":{"address_sids":["AD1","AD2"]}}"#;
        let found = document("RD1").read(200, body).expect("a document");
        assert_eq!(found.addresses(), ["AD1", "AD2"]);
        let other = br#"{"sid":"RD2","attributes":{"business_name":"Bikes"}}"#;
        assert!(
            document("RD2")
                .read(200, other)
                .expect("one")
                .addresses()
                .is_empty()
        );
    }
}
