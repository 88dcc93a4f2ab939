//! Does an account's connection work: green, or red with the reason and the cure.

use axum::Json;
use chrono::TimeDelta;
use offhook_core::Time;
use offhook_twilio::errors::explain;
use offhook_twilio::rest::{account, application, number};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Account, Carrier, SendError};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};

/// Try the stored account: green, or red with the reason and the cure.
#[utoipa::path(post, path = "/carrier/test", tag = "carrier", responses(
    (status = 200, body = Verdict), (status = 409, body = Problem, description = "`no_carrier`")))]
async fn test(caller: Caller<may::ManageCarrier>) -> Result<Json<Verdict>, ApiError> {
    let app = caller.app();
    let account = super::of_org(&app.db, &app.keys, &caller.org)
        .await?
        .ok_or_else(|| ApiError::conflict("no_carrier", "enter the carrier account first"))?;
    Ok(Json(run(&app.carrier, &account, app.clock.now()).await))
}

/// The test's route.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(test))
}

/// What came of the test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// Everything that was tried went well.
    pub ok: bool,
    /// Each thing that was tried.
    pub checks: Vec<Check>,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// `credentials`, `account`, `api_key`, `twiml_app` or `numbers`.
    pub name: String,
    /// It went well.
    pub ok: bool,
    /// What was found, in words.
    pub detail: String,
    /// What helps, where something is wrong.
    pub cure: Option<String>,
}

impl Check {
    fn good(name: &str, detail: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ok: true,
            detail: detail.into(),
            cure: None,
        }
    }

    fn bad(name: &str, detail: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ok: false,
            detail: detail.into(),
            cure: Some(cure.into()),
        }
    }

    fn failed(name: &str, error: &SendError) -> Self {
        match (error, error.code().and_then(explain)) {
            (_, Some(known)) => Self::bad(name, known.meaning, known.cure),
            (SendError::Refused(refusal), None) => Self::bad(
                name,
                refusal.message.clone(),
                "See Twilio's console for this account.",
            ),
            (error, None) => Self::bad(
                name,
                error.to_string(),
                "Check the network and the API's address, then try again.",
            ),
        }
    }
}

/// Tries the account: its token, its state, its key and its App.
pub async fn run(carrier: &Carrier, tested: &Account, now: Time) -> Verdict {
    let mut checks = credentials(carrier, tested).await;
    if checks
        .iter()
        .all(|check| check.name != "credentials" || check.ok)
    {
        checks.push(api_key(carrier, tested, now).await);
        checks.push(twiml_app(carrier, tested).await);
        checks.push(numbers(carrier, tested).await);
    }
    Verdict {
        ok: checks.iter().all(|check| check.ok),
        checks,
    }
}

async fn credentials(carrier: &Carrier, tested: &Account) -> Vec<Check> {
    if !(tested.account_sid.starts_with("AC") && tested.account_sid.len() == 34) {
        return vec![Check::bad(
            "credentials",
            "The Account SID is not one: it has 34 characters and begins with AC.",
            "Copy it from the first page of Twilio's console.",
        )];
    }
    let found = match carrier
        .send(tested, &account::fetch(&tested.account_sid))
        .await
    {
        Ok(found) => found,
        Err(error) => return vec![Check::failed("credentials", &error)],
    };
    let credentials = Check::good("credentials", "Account SID and auth token belong together.");
    let state = match (found.status.as_deref(), found.kind.as_deref()) {
        (Some("suspended" | "closed"), _) => Check::bad(
            "account",
            format!("The account is {}.", found.status.unwrap_or_default()),
            "Settle what is open at Twilio or talk to its support; a suspended parent account counts too.",
        ),
        (_, Some("Trial")) => Check::good(
            "account",
            "This is a trial account: only verified numbers can be called, and calls end after 10 minutes.",
        ),
        _ => Check::good("account", "The account is active."),
    };
    vec![credentials, state]
}

/// A key can be looked up by the auth token; whether its secret fits is shown by the softphone's first registration.
async fn api_key(carrier: &Carrier, tested: &Account, now: Time) -> Check {
    let Some((sid, secret)) = &tested.api_key else {
        return Check::bad(
            "api_key",
            "There is no API key: softphones cannot register.",
            "Create a standard API key in Twilio's console, in the same region, and enter its SID and secret.",
        );
    };
    let probe = offhook_twilio::token::VoiceToken {
        account_sid: tested.account_sid.clone(),
        key_sid: sid.clone(),
        identity: "test".into(),
        incoming: false,
        application_sid: None,
        params: serde_json::Map::new(),
        region: None,
        issued_at: now,
        expires_at: now + TimeDelta::minutes(1),
    };
    if secret.expose().is_empty() || probe.mint(secret.expose()).is_err() {
        return Check::bad(
            "api_key",
            "The API key has no secret.",
            "Enter the secret that Twilio showed once; or make a new key.",
        );
    }
    match carrier
        .send(tested, &account::fetch_key(&tested.account_sid, sid))
        .await
    {
        Ok(_) => Check::good("api_key", "The API key exists in this account and region."),
        Err(SendError::Refused(error)) if error.status == 404 => Check::bad(
            "api_key",
            "The account has no such API key: it was deleted, or belongs to another region or account.",
            "Create a standard API key in this account and region.",
        ),
        Err(error) => Check::failed("api_key", &error),
    }
}

async fn twiml_app(carrier: &Carrier, tested: &Account) -> Check {
    let Some(sid) = &tested.twiml_app_sid else {
        return Check::bad(
            "twiml_app",
            "There is no TwiML App: softphones cannot join calls.",
            "Create a TwiML App in Twilio's console with our voice address, and enter its SID.",
        );
    };
    match carrier
        .send(tested, &application::fetch(&tested.account_sid, sid))
        .await
    {
        Ok(_) => Check::good(
            "twiml_app",
            "The TwiML App exists in this account and region.",
        ),
        Err(SendError::Refused(error)) if error.status == 404 => Check::bad(
            "twiml_app",
            "The account has no such TwiML App: it was deleted, or belongs to another region or account.",
            "Create a TwiML App in this account and region.",
        ),
        Err(error) => Check::failed("twiml_app", &error),
    }
}

async fn numbers(carrier: &Carrier, tested: &Account) -> Check {
    match carrier
        .send(tested, &number::list(&tested.account_sid, None))
        .await
    {
        Ok(page) if page.items.is_empty() => Check::bad(
            "numbers",
            "The account has no phone number.",
            "Buy one in Twilio's console.",
        ),
        Ok(page) => Check::good(
            "numbers",
            format!(
                "The account has {} phone numbers on the first page.",
                page.items.len()
            ),
        ),
        Err(error) => Check::failed("numbers", &error),
    }
}
