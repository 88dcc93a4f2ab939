//! Numbers that the account already has are taken over: what leads elsewhere is named before, and led here after.

use offhook_core::id::{NumberId, OrgId};
use offhook_core::phone::PhoneNumber;
use offhook_store::numbers::{self, Facts, Number, Route};
use offhook_store::{Reason, directory, jobs};
use offhook_twilio::rest::number;
use serde_json::json;
use uuid::Uuid;

use super::found::{facts, has_emergency_address};
use super::{Task, Who, account_in_use, all, route_of, said};
use crate::api::audit;
use crate::api::numbers::tell_added;
use crate::app::App;
use crate::carrier;
use crate::error::ApiError;
use crate::webhooks::urls::Doors;

/// A number of the account's, as the carrier has it.
pub(crate) struct Importable {
    /// The carrier's word.
    pub(crate) number: number::Number,
    /// Where its calls go now, if not here.
    pub(crate) points_to: Option<String>,
    /// Whose it is already.
    pub(crate) already: Option<&'static str>,
    /// What should be known before.
    pub(crate) warnings: Vec<String>,
}

/// Why a number was not taken over.
pub(crate) struct Refusal {
    /// `PN…`.
    pub(crate) sid: String,
    /// A stable word.
    pub(crate) code: &'static str,
    /// What to do.
    pub(crate) detail: String,
}

/// All numbers of the account in use.
pub(crate) async fn importable(app: &App, org: &OrgId) -> Result<Vec<Importable>, ApiError> {
    let account = account_in_use(app, org).await?;
    let listed = all(app, &account, number::list(&account.account_sid, None)).await;
    let listed = listed.map_err(|error| said(&error))?;
    let base = Doors::of(&app.config).base().to_owned();
    let mut seen = Vec::new();
    for number in listed {
        let key = number.phone_number.clone();
        let system = app.db.system(Reason::Directory);
        let owner = system
            .read(async |conn| directory::find(conn, &key).await)
            .await?;
        let already = match owner {
            Some(owner) if owner != *org => Some("another organization"),
            Some(_) => {
                let here = app
                    .db
                    .read(org, async |tx| numbers::by_e164(tx, &key).await);
                here.await?.map(|_| "here")
            }
            None => None,
        };
        seen.push(Importable {
            points_to: leads_to(&number, &base),
            warnings: warnings(&number, &base),
            number,
            already,
        });
    }
    Ok(seen)
}

/// Where a number's calls go, if not here: a trunk beats an App, an App beats the address.
fn leads_to(number: &number::Number, base: &str) -> Option<String> {
    let set = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(trunk) = set(&number.trunk_sid) {
        return Some(format!("the SIP trunk {trunk}"));
    }
    if let Some(app) = set(&number.voice_application_sid) {
        return Some(format!("the TwiML App {app}"));
    }
    set(&number.voice_url).filter(|url| !is_under(url, base))
}

/// Whether an address is one of this server's.
fn is_under(url: &str, base: &str) -> bool {
    let rest = url.strip_prefix(base.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

fn warnings(number: &number::Number, base: &str) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(to) = leads_to(number, base) {
        all.push(format!(
            "Its calls go to {to} now; once it is taken over, they come here."
        ));
    }
    if !number.capabilities.voice {
        all.push("It cannot take calls.".to_owned());
    }
    all
}

/// Takes numbers over: each for itself, so that one that cannot be taken does not keep the others.
pub(crate) async fn import(
    app: &App,
    who: &Who,
    sids: &[String],
    label: Option<&str>,
    route: Option<&Route>,
) -> Result<(Vec<Number>, Vec<Refusal>), ApiError> {
    let account = account_in_use(app, &who.org).await?;
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for sid in sids {
        let request = number::fetch(&account.account_sid, sid);
        let found = match app.carrier.send(&account, &request).await {
            Ok(found) => found,
            Err(error) if error.is_gone() => {
                refused.push(Refusal {
                    sid: sid.clone(),
                    code: "not_found",
                    detail: "The account has no such number.".to_owned(),
                });
                continue;
            }
            Err(error) => return Err(said(&error)),
        };
        match take(app, who, &account, &found, label, route).await {
            Ok(number) => taken.push(number),
            Err(ApiError::Conflict { code, detail, .. }) => refused.push(Refusal {
                sid: sid.clone(),
                code,
                detail,
            }),
            Err(error) => return Err(error),
        }
    }
    if !taken.is_empty() {
        carrier::changed(app, &who.org).await;
    }
    Ok((taken, refused))
}

async fn take(
    app: &App,
    who: &Who,
    account: &carrier::Account,
    found: &number::Number,
    label: Option<&str>,
    route: Option<&Route>,
) -> Result<Number, ApiError> {
    if !found.capabilities.voice {
        return Err(ApiError::conflict(
            "no_voice",
            "This number cannot take calls.",
        ));
    }
    let now = app.clock.now();
    let id = NumberId::new(Uuid::now_v7());
    let country = PhoneNumber::international_only(&found.phone_number)
        .ok()
        .and_then(|number| number.country());
    let known = Facts {
        country,
        ..Facts::default()
    };
    app.write(&who.org, async |tx| {
        let name = found.friendly_name.clone().filter(|name| is_a_name(name));
        let number = Number {
            id: id.clone(),
            e164: found.phone_number.clone(),
            label: label.map(str::to_owned).or(name),
            carrier: account.id.clone(),
            sid: Some(found.sid.clone()),
            agent: None,
            route: route_of(tx, route, None).await?,
            emergency_address: has_emergency_address(found),
            record: None,
            fallback_url: None,
            facts: facts(found, &known),
            created_at: now,
            updated_at: now,
        };
        numbers::insert(tx, &number)
            .await
            .map_err(crate::api::numbers::taken)?;
        let set_up = Task::SetUp { number: id.clone() };
        jobs::enqueue(tx, &set_up.job(now), now).await?;
        audit::note(tx, who, now, "number.import", id.as_str(), json!({})).await?;
        tell_added(tx, &number, now).await?;
        Ok(number)
    })
    .await
}

/// The carrier calls a number without a name by its digits.
fn is_a_name(name: &str) -> bool {
    name.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number() -> number::Number {
        serde_json::from_value(json!({
            "sid": "PN1", "phone_number": "+14155550100", "capabilities": { "voice": true },
        }))
        .expect("a number")
    }

    #[test]
    fn what_leads_elsewhere_is_named_and_what_leads_here_is_not() {
        let base = "https://calls.example.com";
        let mut ours = number();
        ours.voice_url = Some("https://calls.example.com/webhooks/twilio/voice#rc=2".to_owned());
        assert!(warnings(&ours, base).is_empty());
        ours.voice_url = Some("https://calls.example.com.evil.example/voice".to_owned());
        assert_eq!(warnings(&ours, base).len(), 1);
        ours.voice_application_sid = Some("AP1".to_owned());
        assert_eq!(leads_to(&ours, base).as_deref(), Some("the TwiML App AP1"));
        ours.trunk_sid = Some("TK1".to_owned());
        assert_eq!(leads_to(&ours, base).as_deref(), Some("the SIP trunk TK1"));
        assert!(warnings(&number(), base).is_empty(), "nowhere is nowhere");
    }

    #[test]
    fn digits_are_no_name() {
        assert!(!is_a_name("(415) 555-0100") && is_a_name("Front desk"));
    }
}
