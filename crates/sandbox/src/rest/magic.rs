//! Test credentials: they check a request as Twilio would and do nothing, and magic numbers stand for what may go wrong.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

use super::ask::{Answer, Ask, created};
use super::refusal::Refusal;
use super::{date, numbers, sms, uri};
use crate::engine::account::formatted;
use crate::engine::sms::CreateSms;

/// A number's last four digits, where it is a magic one.
fn magic(number: &str) -> Option<&str> {
    number.strip_prefix("+1500555")
}

/// The routes that test credentials open.
pub(super) fn is_open(method: &axum::http::Method, matched: &str) -> bool {
    method == axum::http::Method::POST
        && [
            "/Calls.json",
            "/Messages.json",
            "/IncomingPhoneNumbers.json",
        ]
        .iter()
        .any(|list| matched.ends_with(&format!("/Accounts/{{account}}{list}")))
}

fn refuse(code: u32, text: String) -> Answer {
    Err(Refusal::invalid(code, text))
}

/// A call that is never made.
pub(super) fn call(ask: &Ask) -> Answer {
    let params = &ask.params;
    let (to, from) = (
        params.required("To", 21201)?,
        params.required("From", 21213)?,
    );
    let what = ["Url", "Twiml", "ApplicationSid"];
    if what.iter().all(|name| params.filled(name).is_none()) {
        return refuse(21205, "Url parameter is required".into());
    }
    match magic(&from) {
        Some("0006") => {}
        Some("0001") => return refuse(21212, format!("The 'From' number {from} is not valid")),
        _ => {
            return refuse(
                21210,
                format!("The source phone number provided, {from}, is not yet verified"),
            );
        }
    }
    match magic(&to) {
        Some("0001") => return refuse(21217, format!("{to} does not appear to be valid")),
        Some("0002") => return refuse(21214, format!("{to} cannot be reached")),
        Some("0003") => return refuse(21215, format!("Account not authorized to call {to}")),
        Some("0004") => return refuse(21216, format!("Account not allowed to call {to}")),
        _ => {}
    }
    let (sid, now) = ask.engine(|engine, now, _| (engine.made_up_sid("CA"), now));
    let own = format!("Calls/{sid}");
    let below = |name: &str| uri(&ask.account, &format!("{own}/{name}"));
    let body = json!({
        "sid": sid,
        "account_sid": ask.account,
        "to": to,
        "to_formatted": formatted(&to),
        "from": from,
        "from_formatted": formatted(&from),
        "status": "queued",
        "direction": "outbound-api",
        "date_created": date(now),
        "date_updated": date(now),
        "start_time": null,
        "end_time": null,
        "duration": null,
        "price": null,
        "price_unit": "USD",
        "queue_time": "0",
        "answered_by": null,
        "api_version": "2010-04-01",
        "caller_name": "",
        "forwarded_from": null,
        "group_sid": null,
        "trunk_sid": null,
        "parent_call_sid": null,
        "phone_number_sid": null,
        "uri": uri(&ask.account, &own),
        "subresource_uris": { "events": below("Events"), "notifications": below("Notifications"), "recordings": below("Recordings") },
    });
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

/// A message that is never sent.
pub(super) fn message(ask: &Ask, wanted: &CreateSms) -> Answer {
    let (from, to) = (&wanted.sender.from, &wanted.to);
    let made_up = ask.engine(|engine, now, account| engine.made_up_sms(now, account, wanted));
    let sender = match magic(from) {
        Some("0006") => None,
        Some("0001") => Some((21212, format!("The 'From' number {from} is not valid"))),
        Some("0008") => Some((21611, format!("{from} has too many messages waiting"))),
        _ => Some((
            21606,
            format!("{from} is not a number that can send messages"),
        )),
    };
    let recipient = match magic(to) {
        Some("0001") => Some((21211, format!("The 'To' number {to} is not valid"))),
        Some("0002") => Some((21612, format!("{to} cannot be reached from {from}"))),
        Some("0003") => Some((21408, format!("No permission to send messages to {to}"))),
        Some("0004") => Some((21610, "Attempt to send to unsubscribed recipient".into())),
        Some("0009") => Some((21614, format!("{to} is not a mobile number"))),
        _ => None,
    };
    if made_up.is_ok()
        && let Some((code, text)) = sender.or(recipient)
    {
        return refuse(code, text);
    }
    created(made_up, sms::show)
}

/// A number that is never bought.
pub(super) fn number(ask: &Ask) -> Answer {
    let params = &ask.params;
    let number = match (params.filled("PhoneNumber"), params.filled("AreaCode")) {
        (Some(number), _) => match magic(&number) {
            Some("0006") => number,
            Some("0000") => return refuse(21422, format!("{number} is not available.")),
            _ => return refuse(21421, format!("{number} is not a valid number")),
        },
        (None, Some(area)) if area == "500" => "+15005550006".to_owned(),
        (None, Some(area)) => {
            return refuse(21452, format!("No phone numbers found in area code {area}"));
        }
        (None, None) => {
            return refuse(
                21421,
                "No 'PhoneNumber' or 'AreaCode' parameter is specified".into(),
            );
        }
    };
    let change = numbers::change(params)?;
    let made_up =
        ask.engine(|engine, now, account| engine.made_up_number(now, account, &number, change));
    created(made_up, numbers::show)
}
