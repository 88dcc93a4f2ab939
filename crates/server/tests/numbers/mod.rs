//! Numbers at the carrier: found, bought, taken over, given back; and what agents set for their calls.

mod buying;
mod calling;
mod keeping;

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::calls::carrier::{Asked, Carrier};

/// A number that the market sells.
const OAKLAND: &str = "+15105550188";
/// A British one, which needs papers.
const LONDON: &str = "+442079460188";

#[expect(
    clippy::unnecessary_wraps,
    reason = "a script answers, or leaves it to the usual answer"
)]
fn yes(body: Value) -> Option<Response> {
    Some(axum::Json(body).into_response())
}

/// A carrier that sells numbers: American ones to anybody, British ones with the bundle `BU1` and the address `AD1`.
fn sells(asked: &Asked, bundle: &'static str) -> Option<Response> {
    let offered = |number: &str, rule: &str| {
        json!({ "available_phone_numbers": [{
            "phone_number": number, "friendly_name": number, "locality": "Oakland", "region": "CA",
            "address_requirements": rule, "capabilities": { "voice": true, "SMS": true, "MMS": false },
        }] })
    };
    let path = asked.path.as_str();
    let american = path.contains("/US");
    let known = |ends: &str| path.ends_with(ends);
    match () {
        () if path.contains("/pricing.twilio.com/") => yes(json!({
            "iso_country": "US", "price_unit": "USD",
            "phone_number_prices": [{ "number_type": "local", "base_price": "1.15", "current_price": "1.15" }],
        })),
        () if known("/US.json") || known("/GB.json") => yes(json!({
            "country_code": "US", "country": "A country", "subresource_uris": { "local": "/x" },
        })),
        () if known("/Local.json") && american => yes(offered(OAKLAND, "none")),
        () if known("/Local.json") => yes(offered(LONDON, "any")),
        () if known("/Regulations") => {
            let rules = if asked.query.contains("GB") {
                json!([{ "sid": "RN1" }])
            } else {
                json!([])
            };
            yes(json!({ "results": rules, "meta": {} }))
        }
        () if known("/Bundles") => yes(json!({ "meta": {}, "results": [
            { "sid": "BU1", "regulation_sid": "RN1", "friendly_name": "Bikes", "status": bundle },
        ] })),
        () if known("/ItemAssignments") => {
            yes(json!({ "meta": {}, "results": [{ "object_sid": "RD1" }] }))
        }
        () if known("/SupportingDocuments/RD1") => {
            yes(json!({ "sid": "RD1", "attributes": { "address_sids": ["AD1"] } }))
        }
        () if known("/Addresses.json") => yes(json!({ "addresses": [
            { "sid": "AD1", "customer_name": "Bikes", "street": "1 Wharf Road", "city": "London", "iso_country": "GB" },
        ] })),
        () if path.contains("/IncomingPhoneNumbers") && asked.method == "POST" => {
            yes(number(asked.field("PhoneNumber")))
        }
        () if path.contains("/IncomingPhoneNumbers/PN") => yes(number(OAKLAND)),
        () => None,
    }
}

/// A number of the account's.
fn number(e164: &str) -> Value {
    let e164 = if e164.is_empty() { OAKLAND } else { e164 };
    json!({
        "sid": "PN00000000000000000000000000000abc", "phone_number": e164, "friendly_name": "At the carrier",
        "capabilities": { "voice": true, "sms": true, "mms": false }, "emergency_address_status": "unregistered", "type": "local",
    })
}

/// The account's list with these in it.
fn list(numbers: &Value) -> Option<Response> {
    yes(json!({ "incoming_phone_numbers": numbers, "next_page_uri": null }))
}

/// How often a number was asked to be bought.
fn bought(carrier: &Carrier) -> usize {
    carrier
        .asked("POST")
        .iter()
        .filter(|asked| asked.path.ends_with("/IncomingPhoneNumbers.json"))
        .count()
}
