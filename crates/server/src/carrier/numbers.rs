//! What the carrier knows of a number: it is told where calls to it, and the ends of those, are to be reported.

use offhook_store::numbers::{self as store, Number};
use offhook_twilio::rest::RestError;
use offhook_twilio::rest::number::{self, Change};
use offhook_twilio::words::Method;

use super::wiring::{Leads, Wiring};
use super::{Account, SendError, SetUpError};
use crate::app::App;
use crate::webhooks::urls::Door;

/// A number whose calls come to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured {
    /// As the carrier has it now.
    pub number: number::Number,
    /// Something had to be changed.
    pub changed: bool,
}

/// Tells the carrier where a number's calls go: voice, fallback and status addresses, each with what it shall do when it
/// cannot reach us; what would make them a dead letter (a TwiML App, a trunk, fax) is taken away. For a number that was just
/// bought or imported, and for repair: nobody is asked whether the number led elsewhere before.
pub async fn configure(
    app: &App,
    account: &Account,
    number: &Number,
) -> Result<Configured, SetUpError> {
    let found = find(app, account, number).await?;
    let wiring = Wiring::of(&app.config, account);
    let Some(change) = change(&wiring, number, &found) else {
        keep_sid(app, account, number, &found.sid).await?;
        return Ok(Configured {
            number: found,
            changed: false,
        });
    };
    let request = number::update(&account.account_sid, &found.sid, &change);
    let changed = app.carrier.send(account, &request).await?;
    keep_sid(app, account, number, &found.sid).await?;
    Ok(Configured {
        number: changed,
        changed: true,
    })
}

/// The same, unless the number leads to somebody else: `None` then. What leads here and lacks only the retries is left to
/// whoever wrote it there, unless the account is being saved.
pub async fn configure_unless_elsewhere(
    app: &App,
    account: &Account,
    number: &Number,
    saved: bool,
) -> Result<Option<Configured>, SetUpError> {
    let found = find(app, account, number).await?;
    let leads = Wiring::of(&app.config, account).leads(found.voice_url.as_deref(), Door::Voice);
    let taken = found
        .voice_application_sid
        .as_ref()
        .or(found.trunk_sid.as_ref());
    if !leads.is_ours() || taken.is_some_and(|sid| !sid.is_empty()) {
        return Ok(None);
    }
    if matches!(leads, Leads::Here(_)) && !saved {
        keep_sid(app, account, number, &found.sid).await?;
        return Ok(Some(Configured {
            number: found,
            changed: false,
        }));
    }
    configure(app, account, number).await.map(Some)
}

/// The number as the carrier has it; refused as not found when this account does not hold it.
pub async fn find(
    app: &App,
    account: &Account,
    number: &Number,
) -> Result<number::Number, SendError> {
    if let Some(sid) = &number.sid {
        match app
            .carrier
            .send(account, &number::fetch(&account.account_sid, sid))
            .await
        {
            Err(error) if error.is_gone() => {}
            other => return other,
        }
    }
    let list = number::list(&account.account_sid, Some(&number.e164));
    let page = app.carrier.send(account, &list).await?;
    let found = page
        .items
        .into_iter()
        .find(|known| known.phone_number == number.e164);
    found.ok_or_else(|| {
        SendError::Refused(RestError {
            status: 404,
            code: Some(20404),
            message: "the account does not hold this number".into(),
            more_info: None,
        })
    })
}

async fn keep_sid(
    app: &App,
    account: &Account,
    number: &Number,
    sid: &str,
) -> Result<(), SetUpError> {
    if number.sid.as_deref() == Some(sid) {
        return Ok(());
    }
    let kept = app
        .write(&account.org, async |tx| {
            store::set_sid(tx, &number.id, sid).await
        })
        .await;
    match kept {
        // Not stored yet, or gone meanwhile: whoever stores it knows the SID.
        Err(offhook_store::Error::NotFound) => Ok(()),
        other => Ok(other?),
    }
}

/// What a number needs so that its calls come to us; `None` where nothing is to be done.
pub(super) fn change(wiring: &Wiring, ours: &Number, found: &number::Number) -> Option<Change> {
    let wanted = Change {
        voice_url: Some(wiring.address(found.voice_url.as_deref(), Door::Voice)),
        voice_method: Some(Method::Post),
        // Only together: a fallback without its address is refused.
        voice_fallback_url: Some(fallback_of(wiring, ours)),
        voice_fallback_method: Some(Method::Post),
        status_callback: Some(wiring.address(found.status_callback.as_deref(), Door::Status)),
        status_callback_method: Some(Method::Post),
        voice_application_sid: is_set(found.voice_application_sid.as_ref()).then(String::new),
        trunk_sid: is_set(found.trunk_sid.as_ref()).then(String::new),
        voice_receive_mode: is_fax(found).then(|| "voice".to_owned()),
        ..Change::default()
    };
    let post = |method: &Option<String>| method.as_deref().is_none_or(|method| method == "POST");
    let fits = found.voice_url == wanted.voice_url
        && found.voice_fallback_url == wanted.voice_fallback_url
        && found.status_callback == wanted.status_callback
        && post(&found.voice_method)
        && post(&found.voice_fallback_method)
        && post(&found.status_callback_method)
        && wanted.voice_application_sid.is_none()
        && wanted.trunk_sid.is_none()
        && wanted.voice_receive_mode.is_none();
    (!fits).then_some(wanted)
}

/// Where the carrier asks when our doors fail: what somebody chose for the number, or our own door that needs nothing.
pub(super) fn fallback_of(wiring: &Wiring, ours: &Number) -> String {
    let chosen = ours.fallback_url.clone();
    chosen.unwrap_or_else(|| wiring.doors.bare(Door::Fallback))
}

pub(super) fn is_set(sid: Option<&String>) -> bool {
    sid.is_some_and(|sid| !sid.is_empty())
}

pub(super) fn is_fax(found: &number::Number) -> bool {
    found.voice_receive_mode.as_deref() == Some("fax")
}
