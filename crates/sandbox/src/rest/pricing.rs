//! `pricing.twilio.com`: what numbers, calls and messages cost by country. The amounts are made up.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, ok};
use super::page;
use crate::engine::stock::{self, Country, NumberKind};

const ROOT: &str = "https://pricing.twilio.com";

/// The three price lists by country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    PhoneNumbers,
    Messaging,
    VoiceOld,
    Voice,
}

impl Kind {
    fn path(self) -> &'static str {
        match self {
            Self::PhoneNumbers => "v1/PhoneNumbers",
            Self::Messaging => "v1/Messaging",
            Self::VoiceOld => "v1/Voice",
            Self::Voice => "v2/Voice",
        }
    }

    fn of(ask: &Ask) -> Self {
        let path = ask.uri.path();
        let all = [Self::PhoneNumbers, Self::Messaging, Self::VoiceOld];
        all.into_iter()
            .find(|kind| path.contains(kind.path()))
            .unwrap_or(Self::Voice)
    }

    fn url(self, country: &Country) -> String {
        format!("{ROOT}/{}/Countries/{}", self.path(), country.iso)
    }
}

/// `GET /v1/PhoneNumbers/Countries` and its likes.
pub(super) async fn countries(ask: Ask) -> Answer {
    let kind = Kind::of(&ask);
    let all: Vec<&Country> = stock::countries().iter().collect();
    Ok(ok(page::with_meta(
        &ask,
        "countries",
        &all,
        |country| country.iso,
        |country| json!({ "country": country.name, "iso_country": country.iso, "url": kind.url(country) }),
    )))
}

/// `GET /v1/PhoneNumbers/Countries/{country}` and its likes.
pub(super) async fn country(ask: Ask) -> Answer {
    let kind = Kind::of(&ask);
    let country = ask.found(stock::country(ask.name("country")))?;
    let mut body = json!({
        "country": country.name,
        "iso_country": country.iso,
        "price_unit": "USD",
        "url": kind.url(country),
    });
    match kind {
        Kind::PhoneNumbers => body["phone_number_prices"] = number_prices(country),
        Kind::Messaging => {
            body["inbound_sms_prices"] = json!([price(0.0079, "local"), price(0.0079, "mobile")]);
            body["outbound_sms_prices"] = json!([{
                "carrier": "Other", "mcc": "001", "mnc": "01",
                "prices": [price(0.0079, "local"), price(0.0079, "mobile")],
            }]);
        }
        Kind::VoiceOld | Kind::Voice => {
            body["inbound_call_prices"] = country
                .shelves
                .iter()
                .map(|shelf| price(inbound(shelf.kind), shelf.kind.in_prices()))
                .collect();
            body["outbound_prefix_prices"] = prefixes(kind, country);
        }
    }
    Ok(ok(body))
}

fn number_prices(country: &Country) -> Value {
    country
        .shelves
        .iter()
        .map(|shelf| {
            let text = format!("{}.{:02}", shelf.cents / 100, shelf.cents % 100);
            json!({ "number_type": shelf.kind.in_prices(), "base_price": text, "current_price": text })
        })
        .collect()
}

fn price(amount: f64, kind: &str) -> Value {
    json!({ "number_type": kind, "base_price": amount.to_string(), "current_price": amount.to_string() })
}

fn inbound(kind: NumberKind) -> f64 {
    if kind == NumberKind::TollFree {
        0.022
    } else {
        0.0085
    }
}

fn outbound(country: &Country) -> f64 {
    if country.is_north_american() {
        0.014
    } else {
        0.025
    }
}

fn prefixes(kind: Kind, country: &Country) -> Value {
    let amount = outbound(country).to_string();
    let mut line = json!({
        "friendly_name": format!("Programmable Outbound Minute - {}", country.name),
        "base_price": amount,
        "current_price": amount,
    });
    if kind == Kind::Voice {
        line["origination_prefixes"] = json!(["ALL"]);
        line["destination_prefixes"] = json!([country.calling_code]);
    } else {
        line["prefixes"] = json!([country.calling_code]);
    }
    json!([line])
}

/// The country whose calling code a number has; of two that share one, the one whose numbers these are.
fn of_number(number: &str) -> Option<&'static Country> {
    let digits = number.trim_start_matches(['+', ' ']);
    if let Some(item) = stock::item(&format!("+{digits}")) {
        return Some(item.country);
    }
    let mut fitting: Vec<_> = stock::countries()
        .iter()
        .filter(|country| digits.starts_with(country.calling_code))
        .collect();
    fitting.sort_by_key(|country| std::cmp::Reverse((country.calling_code.len(), country.iso)));
    fitting.first().copied()
}

/// `GET /v2/Voice/Numbers/{number}`: prices depend on where a call comes from.
pub(super) async fn number(ask: Ask) -> Answer {
    let number = ask.name("number");
    let country = ask.found(of_number(number))?;
    let amount = outbound(country).to_string();
    let from = ask
        .params
        .filled("OriginationNumber")
        .map(|from| from.replace(' ', "+"));
    Ok(ok(json!({
        "destination_number": number,
        "origination_number": from,
        "country": country.name,
        "iso_country": country.iso,
        "outbound_call_prices": [{ "base_price": amount, "current_price": amount, "origination_prefixes": ["ALL"] }],
        "inbound_call_price": inbound_of(&ask, number),
        "price_unit": "USD",
        "url": format!("{ROOT}/v2/Voice/Numbers/{number}"),
    })))
}

/// `GET /v1/Voice/Numbers/{number}`.
pub(super) async fn number_old(ask: Ask) -> Answer {
    let number = ask.name("number");
    let country = ask.found(of_number(number))?;
    let amount = outbound(country).to_string();
    Ok(ok(json!({
        "number": number,
        "country": country.name,
        "iso_country": country.iso,
        "outbound_call_price": { "base_price": amount, "current_price": amount },
        "inbound_call_price": inbound_of(&ask, number),
        "price_unit": "USD",
        "url": format!("{ROOT}/v1/Voice/Numbers/{number}"),
    })))
}

/// What a call to a number of the account's own costs.
fn inbound_of(ask: &Ask, number: &str) -> Value {
    let number = format!("+{}", number.trim_start_matches(['+', ' ']));
    let kind = ask.look(|account| {
        account
            .numbers
            .values()
            .find(|own| own.phone_number == number)
            .map(|own| own.kind)
    });
    match kind {
        Ok(Some(kind)) => price(inbound(kind), kind.in_prices()),
        _ => Value::Null,
    }
}
