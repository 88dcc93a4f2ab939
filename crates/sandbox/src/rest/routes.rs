//! `routes.twilio.com/v2/PhoneNumbers`: the region that handles a number's calls.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, ok};
use super::iso;
use crate::engine::account::Number;
use crate::engine::regions::plain;

/// `GET /v2/PhoneNumbers/{number}`, by number or SID; 404 where nobody chose a region.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let number = find(&ask);
    let body = number.and_then(|number| number.voice_region.is_some().then(|| show(&number)));
    Ok(ok(ask.found(body)?))
}

/// Where a number is routed is one thing for all regions, whichever of them asks.
fn find(ask: &Ask) -> Option<Number> {
    let wanted = ask.name("number").replace(' ', "+");
    ask.engine(|engine, _, account| {
        let mut numbers = engine.account(plain(account))?.numbers.values();
        numbers
            .find(|number| number.phone_number == wanted || number.sid == wanted)
            .cloned()
    })
}

/// `POST /v2/PhoneNumbers/{number}`.
pub(super) async fn update(ask: Ask) -> Answer {
    let number = ask.found(find(&ask))?.phone_number;
    let region = ask
        .params
        .one_of("VoiceRegion", 20001, &["us1", "ie1", "au1"])?;
    let region = match region {
        Some(region) => region,
        None => ask.params.needed("VoiceRegion")?,
    };
    answer(
        ask.engine(|engine, now, account| engine.route_number(now, account, &number, &region)),
        show,
    )
}

fn show(number: &Number) -> Value {
    let (sid, region, made) = match &number.voice_region {
        Some((sid, region, made)) => (Some(sid), region.as_str(), *made),
        None => (None, "us1", number.date_created),
    };
    json!({
        "sid": sid,
        "account_sid": number.account_sid,
        "phone_number": number.phone_number,
        "friendly_name": number.friendly_name,
        "voice_region": region,
        "date_created": iso(made),
        "date_updated": iso(number.date_updated),
        "url": format!("https://routes.twilio.com/v2/PhoneNumbers/{}", number.phone_number),
    })
}
