//! What numbers cost, by country and kind: the account's own prices.

use serde::Deserialize;

use super::available::NumberKind;
use super::{Params, Request, segment};
use crate::host::Product;

/// A country's prices for numbers, for a month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NumberPrices {
    /// ISO 3166 alpha-2.
    pub iso_country: String,
    /// ISO 4217.
    pub price_unit: Option<String>,
    /// A price for each kind.
    #[serde(default)]
    pub phone_number_prices: Vec<NumberPrice>,
}

/// What a number of a kind costs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NumberPrice {
    /// The kind, as price lists write it.
    pub number_type: String,
    /// The list price.
    #[serde(default, deserialize_with = "super::wire::text")]
    pub base_price: Option<String>,
    /// This account's price.
    #[serde(default, deserialize_with = "super::wire::text")]
    pub current_price: Option<String>,
}

impl NumberPrices {
    /// What a number of this kind costs: a decimal number and its currency.
    pub fn of(&self, kind: NumberKind) -> Option<(String, String)> {
        let is = |word: &str| word.replace(['_', '-'], " ") == kind.in_prices();
        let price = self
            .phone_number_prices
            .iter()
            .find(|price| is(&price.number_type))?;
        let amount = price.current_price.clone().or(price.base_price.clone())?;
        let unit = self.price_unit.clone().unwrap_or_else(|| "USD".into());
        Some((amount, unit.to_ascii_uppercase()))
    }
}

/// A country's prices for numbers.
pub fn numbers(iso: &str) -> Request<NumberPrices> {
    let path = format!("/v1/PhoneNumbers/Countries/{}", segment(iso));
    Request::get(path, Params::default()).at(Product::Pricing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_the_accounts_own_by_kind() {
        let body = br#"{"iso_country":"GB","price_unit":"usd","phone_number_prices":[
            {"number_type":"local","base_price":"1.15","current_price":"1.00"},
            {"number_type":"toll free","base_price":2.15,"current_price":null}]}"#;
        let request = numbers("GB");
        let prices = request.read(200, body).expect("prices");
        let of = |kind| {
            prices
                .of(kind)
                .map(|(amount, unit)| format!("{amount} {unit}"))
        };
        assert_eq!(of(NumberKind::Local).as_deref(), Some("1.00 USD"));
        assert_eq!(of(NumberKind::TollFree).as_deref(), Some("2.15 USD"));
        assert_eq!(of(NumberKind::Mobile), None);
        assert_eq!(request.product, Product::Pricing);
    }
}
