//! `lookups.twilio.com/v2/PhoneNumbers`: what a number itself tells, and what the stock knows of it.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, ok};
use super::refusal::Refusal;
use crate::engine::account::formatted;
use crate::engine::stock::{self, NumberKind};

/// Packages that an account has to be let into first.
const CLOSED: [&str; 8] = [
    "sim_swap",
    "call_forwarding",
    "line_status",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
];
/// Such a package is asked for.
const NOT_ENABLED: u32 = 60606;
/// Names are known in the US only.
const NO_NAME: u32 = 60600;

/// `GET /v2/PhoneNumbers/{number}`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let asked = ask.name("number").replace(' ', "+");
    let fields = ask.params.filled("Fields").unwrap_or_default();
    let fields: Vec<&str> = fields
        .split(',')
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .collect();
    let known = |field: &&&str| {
        CLOSED.contains(field)
            || matches!(
                **field,
                "validation" | "caller_name" | "line_type_intelligence"
            )
    };
    if let Some(unknown) = fields.iter().find(|field| !known(field)) {
        return Err(Refusal::invalid(
            60617,
            format!("{unknown} is not a field of Lookup"),
        ));
    }
    let number = international(&asked, ask.params.filled("CountryCode").as_deref());
    let errors = errors(&number);
    let country = crate::engine::country_of(&number);
    let calling = calling_code(&number);
    let valid = errors.is_empty();
    let mut body = json!({
        "phone_number": number,
        "valid": valid,
        "validation_errors": errors,
        "national_format": valid.then(|| national(&number)),
        "country_code": (!country.is_empty() && valid).then_some(country),
        "calling_country_code": calling,
        "url": format!("https://lookups.twilio.com/v2/PhoneNumbers/{number}"),
        "caller_name": null,
        "line_type_intelligence": null,
    });
    for field in CLOSED {
        body[field] = if fields.contains(&field) {
            json!({ "error_code": NOT_ENABLED })
        } else {
            Value::Null
        };
    }
    if fields.contains(&"caller_name") {
        body["caller_name"] = match country {
            "US" => {
                json!({ "caller_name": null, "caller_type": "UNDETERMINED", "error_code": null })
            }
            _ => json!({ "caller_name": null, "caller_type": null, "error_code": NO_NAME }),
        };
    }
    if fields.contains(&"line_type_intelligence") {
        body["line_type_intelligence"] = line(&number);
    }
    Ok(ok(body))
}

/// A number as the world dials it; a national one with its country's code.
fn international(asked: &str, iso: Option<&str>) -> String {
    let digits: String = asked.chars().filter(char::is_ascii_digit).collect();
    if asked.starts_with('+') {
        return format!("+{digits}");
    }
    match iso.and_then(stock::country) {
        Some(country) if country.is_north_american() => {
            format!("+1{}", digits.strip_prefix('1').unwrap_or(&digits))
        }
        Some(country) => format!(
            "+{}{}",
            country.calling_code,
            digits.trim_start_matches('0')
        ),
        None => format!("+{digits}"),
    }
}

fn errors(number: &str) -> Vec<&'static str> {
    let digits = number.len() - 1;
    let north_american = number.starts_with("+1");
    match digits {
        0 => vec!["NOT_A_NUMBER"],
        _ if crate::engine::country_of(number).is_empty() => vec!["INVALID_COUNTRY_CODE"],
        _ if digits < 8 || (north_american && digits < 11) => vec!["TOO_SHORT"],
        _ if digits > 15 || (north_american && digits > 11) => vec!["TOO_LONG"],
        _ => Vec::new(),
    }
}

fn calling_code(number: &str) -> Option<&'static str> {
    stock::countries()
        .iter()
        .map(|country| country.calling_code)
        .find(|code| number[1..].starts_with(code))
}

/// As people of the country write it, without its groups.
fn national(number: &str) -> String {
    if number.starts_with("+1") {
        return formatted(number);
    }
    match calling_code(number) {
        Some(code) => format!("0{}", &number[1 + code.len()..]),
        None => number.to_owned(),
    }
}

fn line(number: &str) -> Value {
    let kind = stock::item(number).map(|item| item.shelf.kind);
    let (kind, carrier) = match kind {
        Some(NumberKind::Mobile) => ("mobile", "Sandbox Mobile"),
        Some(NumberKind::TollFree) => ("tollFree", "Sandbox Toll Free"),
        Some(NumberKind::Local | NumberKind::National) => ("fixedVoip", "Sandbox Voice"),
        None => ("landline", "Sandbox Telephone"),
    };
    json!({
        "type": kind,
        "carrier_name": carrier,
        "mobile_country_code": null,
        "mobile_network_code": null,
        "error_code": null,
    })
}
