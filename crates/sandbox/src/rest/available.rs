//! Numbers that can be bought, by country and kind.

use serde_json::{Map, Value, json};

use super::ask::{Answer, Ask, ok};
use super::params::Params;
use super::refusal::Refusal;
use super::{or_null, page, uri};
use crate::engine::account::formatted;
use crate::engine::stock::pattern::Pattern;
use crate::engine::stock::{self, AddressNeed, Country, Item, NumberKind};

/// The most numbers that one search finds.
const FOUND: usize = 1000;
/// Miles around a place, unless said otherwise.
const USUAL_DISTANCE: f64 = 25.0;

/// `GET /AvailablePhoneNumbers.json`.
pub(super) async fn countries(ask: Ask) -> Answer {
    let all = stock::countries().iter();
    let countries: Vec<Value> = all.map(|country| show_country(&ask, country)).collect();
    Ok(ok(json!({
        "countries": countries,
        "uri": uri(&ask.account, "AvailablePhoneNumbers"),
    })))
}

/// `GET /AvailablePhoneNumbers/{country}.json`.
pub(super) async fn country(ask: Ask) -> Answer {
    let country = ask.found(stock::country(ask.name("country")))?;
    Ok(ok(show_country(&ask, country)))
}

fn show_country(ask: &Ask, country: &Country) -> Value {
    let path = format!("AvailablePhoneNumbers/{}", country.iso);
    let below: Map<String, Value> = country
        .shelves
        .iter()
        .map(|shelf| {
            let below = uri(&ask.account, &format!("{path}/{}", shelf.kind.in_path()));
            (shelf.kind.in_answers().to_owned(), below.into())
        })
        .collect();
    json!({
        "country_code": country.iso,
        "country": country.name,
        "beta": false,
        "uri": uri(&ask.account, &path),
        "subresource_uris": below,
    })
}

/// `GET /AvailablePhoneNumbers/{country}/{kind}.json`.
pub(super) async fn search(ask: Ask) -> Answer {
    let country = ask.found(stock::country(ask.name("country")))?;
    let kind = NumberKind::ALL
        .into_iter()
        .find(|kind| kind.in_path() == ask.name("kind"));
    let shelf = ask.found(kind.and_then(|kind| country.shelf(kind)))?;
    let search = Search::of(&ask.params, country)?;
    let found: Vec<Item> = ask.engine(|engine, _, _| {
        stock::items(country, shelf)
            .filter(|item| search.finds(item) && engine.is_for_sale(&item.number))
            .take(FOUND)
            .collect()
    });
    Ok(ok(page::page(
        &ask,
        "available_phone_numbers",
        &found,
        |item| &item.number,
        show,
    )))
}

/// Latitude and longitude.
type Position = (f64, f64);
/// What a number says of its place.
type Word = fn(&Item) -> &str;

/// What is looked for.
struct Search {
    area_code: Option<String>,
    pattern: Option<Pattern>,
    voice: Option<bool>,
    sms: Option<bool>,
    mms: Option<bool>,
    no_address: bool,
    no_local_address: bool,
    impossible: bool,
    near: Option<(Position, f64)>,
    words: Vec<(Word, String)>,
}

impl Search {
    fn of(params: &Params, country: &Country) -> Result<Self, Refusal> {
        let only_north_america = [
            "AreaCode",
            "NearNumber",
            "NearLatLong",
            "InPostalCode",
            "InRegion",
            "InRateCenter",
            "InLata",
        ];
        if !country.is_north_american()
            && let Some(name) = only_north_america
                .iter()
                .find(|name| params.filled(name).is_some())
        {
            return Err(Refusal::invalid(
                20001,
                format!("{name} is only supported in the US and Canada"),
            ));
        }
        let area_code = params.filled("AreaCode");
        if area_code
            .as_ref()
            .is_some_and(|area| area.len() != 3 || !area.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(Refusal::invalid(21451, "AreaCode must have three digits"));
        }
        // A plus sign that was not encoded arrives as a space.
        let pattern = params.filled("Contains").map(|text| text.replace(' ', "+"));
        let pattern = pattern
            .map(|text| {
                Pattern::read(&text)
                    .map_err(|why| Refusal::invalid(20001, format!("Contains is not valid: {why}")))
            })
            .transpose()?;
        let asks = |name: &str| params.flag(name) == Some(true);
        let places: [(&str, Word); 5] = [
            ("InLocality", |item| item.place.locality),
            ("InRateCenter", |item| item.place.locality),
            ("InRegion", |item| item.place.region),
            ("InPostalCode", |item| item.place.postal_code),
            ("InLata", |item| item.place.lata),
        ];
        let words = places
            .into_iter()
            .filter_map(|(name, of)| Some((of, params.filled(name)?)))
            .collect();
        Ok(Self {
            area_code,
            pattern,
            voice: params.flag("VoiceEnabled"),
            sms: params.flag("SmsEnabled"),
            mms: params.flag("MmsEnabled"),
            no_address: asks("ExcludeAllAddressRequired"),
            no_local_address: asks("ExcludeLocalAddressRequired"),
            impossible: asks("FaxEnabled"),
            near: near(params)?,
            words,
        })
    }

    fn finds(&self, item: &Item) -> bool {
        let can = item.shelf.capabilities;
        let fits = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
        let address = item.shelf.address;
        !self.impossible
            && fits(self.voice, can.voice)
            && fits(self.sms, can.sms)
            && fits(self.mms, can.mms)
            && !(self.no_address && address != AddressNeed::None)
            && !(self.no_local_address && address == AddressNeed::Local)
            && self
                .area_code
                .as_ref()
                .is_none_or(|area| item.number[2..].starts_with(area.as_str()))
            && self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.fits(&item.number))
            && self
                .words
                .iter()
                .all(|(of, wanted)| of(item).eq_ignore_ascii_case(wanted))
            && self.near.is_none_or(|(place, most)| {
                item.place
                    .position
                    .is_some_and(|is| miles(place, is) <= most)
            })
    }
}

/// The place that numbers shall be near, and how near.
fn near(params: &Params) -> Result<Option<(Position, f64)>, Refusal> {
    let wrong = |name: &str| Refusal::invalid(20001, format!("{name} is not valid"));
    let most = match params.filled("Distance") {
        Some(text) => text
            .parse()
            .ok()
            .filter(|miles| (0.0..=500.0).contains(miles))
            .ok_or_else(|| wrong("Distance"))?,
        None => USUAL_DISTANCE,
    };
    if let Some(text) = params.filled("NearLatLong") {
        let parts = text
            .split_once(',')
            .and_then(|(lat, long)| Some((lat.trim().parse().ok()?, long.trim().parse().ok()?)));
        return Ok(Some((parts.ok_or_else(|| wrong("NearLatLong"))?, most)));
    }
    match params.filled("NearNumber") {
        Some(number) => {
            let number = number.replace(' ', "+");
            let area = number.get(..5).ok_or_else(|| wrong("NearNumber"))?;
            let same = stock::item(&format!("{area}5550100")).and_then(|item| item.place.position);
            Ok(Some((same.ok_or_else(|| wrong("NearNumber"))?, most)))
        }
        None => Ok(None),
    }
}

/// The distance of two places on the globe.
fn miles((lat_a, long_a): Position, (lat_b, long_b): Position) -> f64 {
    let (a, b) = (lat_a.to_radians(), lat_b.to_radians());
    let angle = a.sin() * b.sin() + a.cos() * b.cos() * (long_a - long_b).to_radians().cos();
    angle.clamp(-1.0, 1.0).acos() * 3958.8
}

fn show(item: &Item) -> Value {
    let (place, can) = (item.place, item.shelf.capabilities);
    let coordinate = |value: Option<f64>| value.map(|value| format!("{value:.6}"));
    json!({
        "friendly_name": formatted(&item.number),
        "phone_number": item.number,
        "lata": or_null(place.lata),
        "locality": or_null(place.locality),
        "rate_center": or_null(&if item.country.is_north_american() { place.locality.to_ascii_uppercase() } else { String::new() }),
        "latitude": coordinate(place.position.map(|at| at.0)),
        "longitude": coordinate(place.position.map(|at| at.1)),
        "region": or_null(place.region),
        "postal_code": or_null(place.postal_code),
        "iso_country": item.country.iso,
        "address_requirements": item.shelf.address.as_str(),
        "beta": false,
        "capabilities": { "voice": can.voice, "SMS": can.sms, "MMS": can.mms, "fax": false },
    })
}
