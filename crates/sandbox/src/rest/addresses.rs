//! Addresses, and the numbers that depend on them.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::params::Params;
use super::{date, or_null, page, uri};
use crate::engine::account::Number;
use crate::engine::papers::addresses::{Address, AddressChange};
use crate::engine::papers::newest_first;

/// `GET /Addresses.json`.
pub(super) async fn list(ask: Ask) -> Answer {
    let params = &ask.params;
    let same = |name: &str, is: &str| {
        params
            .filled(name)
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(is))
    };
    let addresses: Vec<Address> = ask.look(|account| {
        newest_first(&account.papers.addresses, |address| address.date_created)
            .into_iter()
            .filter(|address| {
                same("CustomerName", &address.customer_name)
                    && same("FriendlyName", &address.friendly_name)
                    && same("IsoCountry", &address.iso_country)
                    && params
                        .flag("EmergencyEnabled")
                        .is_none_or(|wanted| wanted == address.emergency_enabled)
            })
            .cloned()
            .collect()
    })?;
    Ok(ok(page::page(
        &ask,
        "addresses",
        &addresses,
        |address| &address.sid,
        show,
    )))
}

/// `POST /Addresses.json`.
pub(super) async fn create(ask: Ask) -> Answer {
    for name in [
        "CustomerName",
        "Street",
        "City",
        "Region",
        "PostalCode",
        "IsoCountry",
    ] {
        ask.params.needed(name)?;
    }
    let change = change(&ask.params);
    created(
        ask.engine(|engine, now, account| engine.create_address(now, account, change)),
        show,
    )
}

/// `GET /Addresses/{sid}.json`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let address =
        ask.look(|account| account.papers.addresses.get(ask.name("address")).map(show))?;
    Ok(ok(ask.found(address)?))
}

/// `POST /Addresses/{sid}.json`.
pub(super) async fn update(ask: Ask) -> Answer {
    let change = change(&ask.params);
    answer(
        ask.engine(|engine, now, account| {
            engine.update_address(now, account, ask.name("address"), change)
        }),
        show,
    )
}

/// `DELETE /Addresses/{sid}.json`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_address(account, ask.name("address"))))
}

/// `GET /Addresses/{sid}/DependentPhoneNumbers.json`.
pub(super) async fn dependents(ask: Ask) -> Answer {
    let sid = ask.name("address");
    let numbers = ask.look(|account| {
        account.papers.addresses.contains_key(sid).then(|| {
            let all = account.numbers.values();
            all.filter(|number| number.address_sid == sid || number.emergency_address_sid == sid)
                .cloned()
                .collect::<Vec<Number>>()
        })
    })?;
    let numbers = ask.found(numbers)?;
    Ok(ok(page::page(
        &ask,
        "dependent_phone_numbers",
        &numbers,
        |number| &number.sid,
        show_dependent,
    )))
}

fn change(params: &Params) -> AddressChange {
    AddressChange {
        friendly_name: params.text("FriendlyName"),
        customer_name: params.text("CustomerName"),
        street: params.text("Street"),
        street_secondary: params.text("StreetSecondary"),
        city: params.text("City"),
        region: params.text("Region"),
        postal_code: params.text("PostalCode"),
        iso_country: params.text("IsoCountry"),
        emergency_enabled: params.flag("EmergencyEnabled"),
    }
}

fn show(address: &Address) -> Value {
    json!({
        "sid": address.sid,
        "account_sid": address.account_sid,
        "friendly_name": or_null(&address.friendly_name),
        "customer_name": address.customer_name,
        "street": address.street,
        "street_secondary": or_null(&address.street_secondary),
        "city": address.city,
        "region": address.region,
        "postal_code": address.postal_code,
        "iso_country": address.iso_country,
        "emergency_enabled": address.emergency_enabled,
        "validated": matches!(address.iso_country.as_str(), "US" | "CA" | "GB"),
        "verified": false,
        "date_created": date(address.date_created),
        "date_updated": date(address.date_updated),
        "uri": uri(&address.account_sid, &format!("Addresses/{}", address.sid)),
    })
}

fn show_dependent(number: &Number) -> Value {
    let (hooks, sms) = (&number.hooks, &number.sms);
    let item = crate::engine::stock::item(&number.phone_number);
    let can = item.as_ref().map(|item| item.shelf.capabilities);
    json!({
        "sid": number.sid,
        "account_sid": number.account_sid,
        "friendly_name": number.friendly_name,
        "phone_number": number.phone_number,
        "voice_url": or_null(&hooks.voice_url),
        "voice_method": hooks.voice_method,
        "voice_fallback_url": or_null(&hooks.voice_fallback_url),
        "voice_fallback_method": hooks.voice_fallback_method,
        "voice_caller_id_lookup": number.voice_caller_id_lookup,
        "voice_application_sid": or_null(&number.voice_application_sid),
        "sms_url": or_null(&sms.sms_url),
        "sms_method": sms.sms_method,
        "sms_fallback_url": or_null(&sms.sms_fallback_url),
        "sms_fallback_method": sms.sms_fallback_method,
        "sms_application_sid": or_null(&number.sms_application_sid),
        "address_requirements": item.map_or("none", |item| item.shelf.address.as_str()),
        "capabilities": { "Voice": true, "SMS": can.is_none_or(|can| can.sms), "MMS": can.is_none_or(|can| can.mms) },
        "status_callback": or_null(&hooks.status_callback),
        "status_callback_method": hooks.status_callback_method,
        "api_version": "2010-04-01",
        "trunk_sid": or_null(&number.trunk_sid),
        "emergency_status": if number.emergency_address_sid.is_empty() { "Inactive" } else { "Active" },
        "emergency_address_sid": or_null(&number.emergency_address_sid),
        "date_created": date(number.date_created),
        "date_updated": date(number.date_updated),
        "uri": uri(&number.account_sid, &format!("IncomingPhoneNumbers/{}", number.sid)),
    })
}
