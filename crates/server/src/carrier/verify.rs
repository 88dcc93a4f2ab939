//! Does an account's connection work: green, or red with the reason and the cure.

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_twilio::host::Region;
use offhook_twilio::rest::call::Filter;
use offhook_twilio::rest::{account, call, number};
use offhook_twilio::token::VoiceToken;

use super::twiml_app::{self, AppState};
pub use super::verdict::{Check, Reason, Verdict};
use super::{Account, Carrier, SendError, api_key};
use crate::app::App;

/// What came of the test of credentials, with the reason where they are not to be used.
pub struct Tested {
    /// For people.
    pub verdict: Verdict,
    /// For programs.
    pub reason: Option<Reason>,
}

/// Whether credentials can be used: before they are saved.
pub async fn credentials(carrier: &Carrier, tested: &Account) -> Tested {
    let mut checks = Vec::new();
    let reason = try_all(carrier, tested, &mut checks).await.err();
    Tested {
        verdict: Verdict::of(checks),
        reason,
    }
}

/// Tries a stored account: its token, its state, its key, its App and its numbers.
pub async fn run(app: &App, tested: &Account) -> Verdict {
    let Tested {
        mut verdict,
        reason,
    } = credentials(&app.carrier, tested).await;
    if !matches!(reason, None | Some(Reason::WrongKey)) {
        return verdict;
    }
    if tested.api_key.is_none() {
        verdict.push(Check::bad(
            "api_key",
            "There is no API key: softphones cannot register.",
            "Save the account again: a key is then made by itself.",
        ));
    }
    verdict.push(region(tested));
    verdict.push(app_of(app, tested).await);
    verdict.push(numbers(&app.carrier, tested).await);
    verdict
}

async fn try_all(
    carrier: &Carrier,
    tested: &Account,
    checks: &mut Vec<Check>,
) -> Result<(), Reason> {
    let found = open(carrier, tested, checks).await?;
    checks.push(Check::good(
        "credentials",
        "Account SID and auth token belong together.",
    ));
    match (found.status.as_deref(), found.kind.as_deref()) {
        (Some(status @ ("suspended" | "closed")), _) => {
            checks.push(Check::bad(
                "account",
                format!("The account is {status}."),
                "Settle what is open at Twilio or talk to its support; a suspended parent account counts too.",
            ));
            return Err(Reason::NotActive);
        }
        (_, Some("Trial")) => checks.push(Check::warning(
            "account",
            "This is a trial account: only verified numbers can be called, and calls end after 10 minutes.",
            "Upgrade the account in Twilio's console before customers call.",
        )),
        _ => checks.push(Check::good("account", "The account is active.")),
    }
    voice(carrier, tested, checks).await?;
    key(carrier, tested, checks).await
}

/// Fetches the account. Refused credentials are tried in the other regions: each has credentials of its own.
async fn open(
    carrier: &Carrier,
    tested: &Account,
    checks: &mut Vec<Check>,
) -> Result<account::Account, Reason> {
    if !(tested.account_sid.starts_with("AC") && tested.account_sid.len() == 34) {
        checks.push(Check::bad(
            "credentials",
            "The Account SID is not one: it has 34 characters and begins with AC.",
            "Copy it from the first page of Twilio's console.",
        ));
        return Err(Reason::WrongSid);
    }
    let error = match carrier
        .send(tested, &account::fetch(&tested.account_sid))
        .await
    {
        Ok(found) => return Ok(found),
        Err(error) => error,
    };
    let (check, reason) = match &error {
        SendError::Refused(refusal) if refusal.status == 401 => {
            match region_that_fits(carrier, tested).await {
                Some(fits) => (of_another_region(tested, fits), Reason::OtherRegion(fits)),
                None => (Check::failed("credentials", &error), Reason::WrongToken),
            }
        }
        SendError::Refused(refusal) if refusal.code == Some(20008) => (
            Check::bad(
                "credentials",
                "These are the account's test credentials, with which nobody can be called.",
                "Copy the live credentials from the first page of Twilio's console.",
            ),
            Reason::TestCredentials,
        ),
        SendError::Refused(refusal) if refusal.status == 404 => {
            (Check::failed("credentials", &error), Reason::WrongSid)
        }
        SendError::Refused(_) => (Check::failed("credentials", &error), Reason::Refused),
        SendError::NotSent(_) | SendError::Unknown(_) => {
            (Check::failed("credentials", &error), Reason::Unreachable)
        }
    };
    checks.push(check);
    Err(reason)
}

fn of_another_region(tested: &Account, fits: Region) -> Check {
    Check::bad(
        "credentials",
        format!(
            "These credentials belong to {}, and the account is set to {}. Each region has credentials of its own.",
            fits.place(),
            tested.in_region().place()
        ),
        format!(
            "Choose the region {fits}, or copy the auth token of {} from Twilio's console.",
            tested.in_region()
        ),
    )
}

/// The other region in which these credentials open the account.
pub(super) async fn region_that_fits(carrier: &Carrier, tested: &Account) -> Option<Region> {
    for region in Region::ALL
        .iter()
        .copied()
        .filter(|region| *region != tested.in_region())
    {
        let there = tested.moved_to(region);
        if carrier
            .send(&there, &account::fetch(&tested.account_sid))
            .await
            .is_ok()
        {
            return Some(region);
        }
    }
    None
}

async fn voice(carrier: &Carrier, tested: &Account, checks: &mut Vec<Check>) -> Result<(), Reason> {
    let asked = carrier
        .send(tested, &call::list(&tested.account_sid, &Filter::default()))
        .await;
    match asked {
        Ok(_) => checks.push(Check::good("voice", "The account can make and take calls.")),
        Err(SendError::Refused(refusal)) => {
            checks.push(Check::bad(
                "voice",
                format!("The account has no Programmable Voice here: {}", refusal.message),
                "Switch Voice on for this account in Twilio's console, or choose a region that has it.",
            ));
            return Err(Reason::NoVoice);
        }
        Err(error) => {
            checks.push(Check::failed("voice", &error));
            return Err(Reason::Unreachable);
        }
    }
    Ok(())
}

/// The key is used: only so it is known whether its secret fits, too.
async fn key(carrier: &Carrier, tested: &Account, checks: &mut Vec<Check>) -> Result<(), Reason> {
    let Some(by_key) = tested.by_key() else {
        return Ok(());
    };
    let (sid, secret) = (&by_key.account_sid, &by_key.auth_token);
    if secret.expose().is_empty() || !mints(tested, sid, secret.expose()) {
        checks.push(Check::bad(
            "api_key",
            "The API key has no secret.",
            "Enter the secret that Twilio showed once; or leave the key empty, and one is made by itself.",
        ));
        return Err(Reason::WrongKey);
    }
    let asked = number::first(&tested.account_sid);
    let Err(error) = carrier.send(&by_key, &asked).await else {
        checks.push(Check::good(
            "api_key",
            "The API key opens this account in this region.",
        ));
        return Ok(());
    };
    let SendError::Refused(refusal) = &error else {
        checks.push(Check::failed("api_key", &error));
        return Err(Reason::Unreachable);
    };
    let elsewhere = match refusal.status {
        401 => key_region(carrier, tested, &by_key).await,
        _ => None,
    };
    let detail = match elsewhere {
        Some(region) => format!("The API key belongs to {}; each region has keys of its own.", region.place()),
        None => "The account has no such API key, or its secret is another: it was deleted, or belongs to another region or account.".to_owned(),
    };
    checks.push(Check::bad(
        "api_key",
        detail,
        "Leave the API key empty, and one is made by itself; or create a standard key in this account and region.",
    ));
    Err(Reason::WrongKey)
}

async fn key_region(carrier: &Carrier, tested: &Account, by_key: &Account) -> Option<Region> {
    for region in Region::ALL
        .iter()
        .copied()
        .filter(|region| *region != tested.in_region())
    {
        let there = by_key.moved_to(region);
        if carrier
            .send(&there, &number::first(&tested.account_sid))
            .await
            .is_ok()
        {
            return Some(region);
        }
    }
    None
}

fn mints(tested: &Account, sid: &str, secret: &str) -> bool {
    let issued_at = Time::UNIX_EPOCH;
    let probe = VoiceToken {
        account_sid: tested.account_sid.clone(),
        key_sid: sid.to_owned(),
        identity: "test".into(),
        incoming: false,
        application_sid: None,
        params: serde_json::Map::new(),
        region: None,
        issued_at,
        expires_at: issued_at + TimeDelta::minutes(1),
    };
    probe.mint(secret).is_ok()
}

fn region(tested: &Account) -> Check {
    let place = tested.in_region().place();
    match &tested.asked_region {
        Some(asked) => Check::warning(
            "region",
            format!(
                "The region was set to {asked}, but the credentials belong to {place}: calls are made there. The address api.{asked}.twilio.com always led there and has been switched off."
            ),
            format!(
                "Nothing has to be done. To have calls handled in {asked}, create credentials of that region in Twilio's console and add them as an account of their own."
            ),
        ),
        None => Check::good("region", format!("Calls are handled in {place}.")),
    }
}

async fn app_of(app: &App, tested: &Account) -> Check {
    match twiml_app::look(app, tested).await {
        Ok(state) => app_state(&state),
        Err(super::SetUpError::Send(error)) => Check::failed("twiml_app", &error),
        Err(super::SetUpError::Store(error)) => {
            Check::bad("twiml_app", error.to_string(), "Try again in a moment.")
        }
    }
}

/// What is to be said of an App.
pub(super) fn app_state(state: &AppState) -> Check {
    match state {
        AppState::Fits(_) => Check::good("twiml_app", "The TwiML App leads here."),
        AppState::Stale(_) => Check::warning(
            "twiml_app",
            "The TwiML App does not have today's addresses.",
            "Repair sets them.",
        ),
        AppState::Elsewhere(found) => Check::bad(
            "twiml_app",
            format!(
                "The TwiML App {} leads to {}: softphones would call there.",
                found.sid,
                found.voice_url.as_deref().unwrap_or("nowhere")
            ),
            "Repair makes an App for this installation and leaves that one alone.",
        ),
        AppState::Gone => Check::bad(
            "twiml_app",
            "The account has no such TwiML App: it was deleted, or belongs to another region or account.",
            "Repair makes a new one.",
        ),
        AppState::None => Check::warning(
            "twiml_app",
            "There is no TwiML App yet.",
            "It is made by itself when the first softphone needs it.",
        ),
    }
}

async fn numbers(carrier: &Carrier, tested: &Account) -> Check {
    match carrier
        .send(tested, &number::list(&tested.account_sid, None))
        .await
    {
        Ok(page) if page.items.is_empty() => Check::warning(
            "numbers",
            "The account has no phone number.",
            "Buy one on the page Numbers.",
        ),
        Ok(page) if page.next_page_uri.is_some() => Check::good(
            "numbers",
            format!(
                "The account has more than {} phone numbers.",
                page.items.len()
            ),
        ),
        Ok(page) => Check::good(
            "numbers",
            format!("The account has {} phone numbers.", page.items.len()),
        ),
        Err(error) => Check::failed("numbers", &error),
    }
}

/// Whether a stored key still opens the account; where nobody knows, it may well.
pub(super) async fn key_opens(app: &App, account: &Account) -> Option<bool> {
    let refused = match api_key::test(app, account).await? {
        Err(SendError::Refused(refusal)) => refusal.status == 401,
        _ => false,
    };
    Some(!refused)
}
