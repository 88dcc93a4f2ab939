//! `voice.twilio.com/v1/DialingPermissions`: which countries an account may call.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, created, ok};
use super::page;
use super::refusal::Refusal;
use crate::engine::papers::dialing::{CountryPermission, Place, places};

const ROOT: &str = "https://voice.twilio.com/v1/DialingPermissions";

/// `GET /v1/DialingPermissions/Countries`.
pub(super) async fn countries(ask: Ask) -> Answer {
    let params = &ask.params;
    let same = |name: &str, is: &str| {
        params
            .filled(name)
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(is))
    };
    let asked = |name: &str, is: bool| params.flag(name).is_none_or(|asked| asked == is);
    let all: Vec<(&Place, CountryPermission)> = ask.look(|account| {
        places()
            .map(|place| (place, account.papers.dialing_to(place.iso)))
            .filter(|(place, may)| {
                same("IsoCode", place.iso)
                    && same("Continent", place.continent)
                    && same("CountryCode", place.code)
                    && asked("LowRiskNumbersEnabled", may.low_risk)
                    && asked("HighRiskSpecialNumbersEnabled", may.high_risk_special)
                    && asked("HighRiskTollfraudNumbersEnabled", may.high_risk_tollfraud)
            })
            .collect()
    })?;
    Ok(ok(page::with_meta(
        &ask,
        "content",
        &all,
        |(place, _)| place.iso,
        |(place, may)| show(place, *may),
    )))
}

fn find(ask: &Ask) -> Result<&'static Place, Refusal> {
    let wanted = ask.name("country");
    ask.found(places().find(|place| place.iso.eq_ignore_ascii_case(wanted)))
}

/// `GET /v1/DialingPermissions/Countries/{country}`.
pub(super) async fn country(ask: Ask) -> Answer {
    let place = find(&ask)?;
    let may = ask.look(|account| account.papers.dialing_to(place.iso))?;
    Ok(ok(show(place, may)))
}

/// `GET /v1/DialingPermissions/Countries/{country}/HighRiskSpecialPrefixes`: none are known here.
pub(super) async fn prefixes(ask: Ask) -> Answer {
    find(&ask)?;
    let none: Vec<String> = Vec::new();
    Ok(ok(page::with_meta(
        &ask,
        "content",
        &none,
        |prefix| prefix,
        |prefix| json!({ "prefix": prefix }),
    )))
}

/// `POST /v1/DialingPermissions/BulkCountryUpdates`.
pub(super) async fn update(ask: Ask) -> Answer {
    let text = ask.params.needed("UpdateRequest")?;
    let wrong = || {
        Refusal::invalid(
            20001,
            "UpdateRequest must be a JSON list of countries with their permissions",
        )
    };
    let wanted: Vec<Value> = serde_json::from_str(&text).map_err(|_| wrong())?;
    let mut changes = Vec::new();
    for one in &wanted {
        let iso = one["iso_code"].as_str().ok_or_else(wrong)?;
        let place = places().find(|place| place.iso == iso).ok_or_else(wrong)?;
        let flag = |name: &str| {
            one[name]
                .as_bool()
                .or_else(|| one[name].as_str()?.parse().ok())
        };
        changes.push((
            place.iso,
            [
                flag("low_risk_numbers_enabled"),
                flag("high_risk_special_numbers_enabled"),
                flag("high_risk_tollfraud_numbers_enabled"),
            ],
        ));
    }
    let done = ask.engine(|engine, _, account| engine.permit_dialing(account, &changes));
    created(
        done,
        |()| json!({ "update_count": wanted.len(), "update_request": text }),
    )
}

fn show(place: &Place, may: CountryPermission) -> Value {
    let url = format!("{ROOT}/Countries/{}", place.iso);
    json!({
        "iso_code": place.iso,
        "name": place.name,
        "continent": place.continent,
        "country_codes": [place.code],
        "low_risk_numbers_enabled": may.low_risk,
        "high_risk_special_numbers_enabled": may.high_risk_special,
        "high_risk_tollfraud_numbers_enabled": may.high_risk_tollfraud,
        "links": { "highrisk_special_prefixes": format!("{url}/HighRiskSpecialPrefixes") },
        "url": url,
    })
}
