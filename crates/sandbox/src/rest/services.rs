//! Messaging Services and their numbers.

use serde_json::{Value, json};

use super::ask::{Answer, Ask, answer, created, gone, ok};
use super::params::Params;
use super::refusal::Refusal;
use super::{iso, or_null, page};
use crate::engine::error::RestError;
use crate::engine::regions::plain;
use crate::engine::sms::{Service, ServiceChange};
use crate::engine::{country_of, stock};
use crate::seam::Time;

const ROOT: &str = "https://messaging.twilio.com/v1/Services";

/// `GET /v1/Services`.
pub(super) async fn list(ask: Ask) -> Answer {
    let all: Vec<Service> =
        ask.engine(|engine, _, account| engine.services(account).into_iter().cloned().collect());
    Ok(ok(page::with_meta(
        &ask,
        "services",
        &all,
        |service| &service.sid,
        show,
    )))
}

/// `POST /v1/Services`.
pub(super) async fn create(ask: Ask) -> Answer {
    ask.params.needed("FriendlyName")?;
    let change = change(&ask.params)?;
    created(
        ask.engine(|engine, now, account| engine.create_service(now, account, change)),
        show,
    )
}

/// `GET /v1/Services/{sid}`.
pub(super) async fn fetch(ask: Ask) -> Answer {
    let sid = ask.name("service");
    answer(
        ask.engine(|engine, _, account| engine.service(account, sid).cloned()),
        show,
    )
}

/// `POST /v1/Services/{sid}`.
pub(super) async fn update(ask: Ask) -> Answer {
    let (sid, change) = (ask.name("service"), change(&ask.params)?);
    answer(
        ask.engine(|engine, now, account| engine.update_service(now, account, sid, change)),
        show,
    )
}

/// `DELETE /v1/Services/{sid}`.
pub(super) async fn delete(ask: Ask) -> Answer {
    gone(ask.engine(|engine, _, account| engine.delete_service(account, ask.name("service"))))
}

fn change(params: &Params) -> Result<ServiceChange, Refusal> {
    Ok(ServiceChange {
        friendly_name: params.text("FriendlyName"),
        inbound_request_url: params.text("InboundRequestUrl"),
        inbound_method: params.one_of("InboundMethod", 20001, &["GET", "POST"])?,
        fallback_url: params.text("FallbackUrl"),
        fallback_method: params.one_of("FallbackMethod", 20001, &["GET", "POST"])?,
        status_callback: params.text("StatusCallback"),
        sticky_sender: params.flag("StickySender"),
        area_code_geomatch: params.flag("AreaCodeGeomatch"),
        smart_encoding: params.flag("SmartEncoding"),
        mms_converter: params.flag("MmsConverter"),
        use_inbound_webhook_on_number: params.flag("UseInboundWebhookOnNumber"),
        validity_period: params.number("ValidityPeriod", 20001, 1..=36_000)?,
        usecase: params.filled("Usecase"),
    })
}

fn show(service: &Service) -> Value {
    let url = format!("{ROOT}/{}", service.sid);
    json!({
        "sid": service.sid,
        "account_sid": plain(&service.account_sid),
        "friendly_name": service.friendly_name,
        "inbound_request_url": or_null(&service.inbound_request_url),
        "inbound_method": service.inbound_method,
        "fallback_url": or_null(&service.fallback_url),
        "fallback_method": service.fallback_method,
        "status_callback": or_null(&service.status_callback),
        "sticky_sender": service.sticky_sender,
        "mms_converter": service.mms_converter,
        "smart_encoding": service.smart_encoding,
        "scan_message_content": "inherit",
        "fallback_to_long_code": false,
        "area_code_geomatch": service.area_code_geomatch,
        "synchronous_validation": false,
        "validity_period": service.validity_period,
        "usecase": service.usecase,
        "us_app_to_person_registered": false,
        "use_inbound_webhook_on_number": service.use_inbound_webhook_on_number,
        "date_created": iso(service.date_created),
        "date_updated": iso(service.date_updated),
        "links": { "phone_numbers": format!("{url}/PhoneNumbers") },
        "url": url,
    })
}

/// A number in a service.
struct Member {
    sid: String,
    phone_number: String,
    account: String,
    service: String,
    added: Time,
}

fn members(ask: &Ask) -> Result<Vec<Member>, Refusal> {
    let sid = ask.name("service");
    let members = ask.engine(|engine, _, account| {
        let service = engine.service(account, sid)?;
        let owner = engine.account(plain(account));
        let member = |(number, added): &(String, Time)| {
            let own = owner.and_then(|owner| owner.numbers.get(number))?;
            Some(Member {
                sid: number.clone(),
                phone_number: own.phone_number.clone(),
                account: plain(account).to_owned(),
                service: sid.to_owned(),
                added: *added,
            })
        };
        Ok::<_, RestError>(service.numbers.iter().filter_map(member).collect())
    });
    Ok(members?)
}

/// `GET /v1/Services/{sid}/PhoneNumbers`.
pub(super) async fn numbers(ask: Ask) -> Answer {
    let all = members(&ask)?;
    Ok(ok(page::with_meta(
        &ask,
        "phone_numbers",
        &all,
        |member| &member.sid,
        show_member,
    )))
}

/// `POST /v1/Services/{sid}/PhoneNumbers`.
pub(super) async fn add(ask: Ask) -> Answer {
    let number = ask.params.needed("PhoneNumberSid")?;
    let sid = ask.name("service");
    ask.engine(|engine, now, account| engine.add_to_service(now, account, sid, &number))?;
    let all = members(&ask)?;
    let member = all.into_iter().find(|member| member.sid == number);
    created(
        member.ok_or_else(|| RestError::not_found(&number)),
        show_member,
    )
}

/// `GET /v1/Services/{sid}/PhoneNumbers/{sid}`.
pub(super) async fn number(ask: Ask) -> Answer {
    let wanted = ask.name("number");
    let member = members(&ask)?
        .into_iter()
        .find(|member| member.sid == wanted);
    Ok(ok(show_member(&ask.found(member)?)))
}

/// `DELETE /v1/Services/{sid}/PhoneNumbers/{sid}`.
pub(super) async fn remove(ask: Ask) -> Answer {
    let (sid, number) = (ask.name("service"), ask.name("number"));
    gone(ask.engine(|engine, _, account| engine.remove_from_service(account, sid, number)))
}

fn show_member(member: &Member) -> Value {
    let can = stock::item(&member.phone_number).map(|item| item.shelf.capabilities);
    let mut capabilities = vec!["Voice"];
    if can.is_none_or(|can| can.sms) {
        capabilities.push("SMS");
    }
    if can.is_none_or(|can| can.mms) {
        capabilities.push("MMS");
    }
    json!({
        "sid": member.sid,
        "account_sid": member.account,
        "service_sid": member.service,
        "phone_number": member.phone_number,
        "country_code": or_null(country_of(&member.phone_number)),
        "capabilities": capabilities,
        "date_created": iso(member.added),
        "date_updated": iso(member.added),
        "url": format!("{ROOT}/{}/PhoneNumbers/{}", member.service, member.sid),
    })
}
