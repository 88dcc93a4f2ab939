//! What keeps an account in order without being asked: at the start, every hour, when a softphone registers, and when
//! signatures fail. It makes what is missing, moves what is ours, and leaves alone what leads to somebody else.

use std::time::Duration;

use chrono::TimeDelta;
use offhook_core::id::OrgId;
use offhook_store::Error;
use offhook_store::carriers::{self, CarrierAccount, Standing};
use offhook_store::numbers as store;
use offhook_twilio::host::Region;
use offhook_twilio::rest::account as rest;

use super::twiml_app::{self, Asked};
use super::verify::{Check, region_that_fits};
use super::wiring::{Wiring, unreachable};
use super::{Account, SendError, SetUpError, accounts, all_of, api_key, numbers};
use crate::app::App;
use crate::webhooks;

/// How often everything is looked at.
const OFTEN: Duration = Duration::from_hours(1);
/// A softphone that registers makes us look, but not more often than this.
const SOON: TimeDelta = TimeDelta::minutes(10);
/// Whoever sends wrong signatures makes us ask the carrier this often at most.
const DOUBTS: TimeDelta = TimeDelta::minutes(1);

/// Keeps all accounts in order for as long as the server runs.
pub fn start(app: &App) {
    let node = app.clone();
    app.spawn(async move {
        loop {
            let working = node.work.enter();
            round(&node).await;
            drop(working);
            node.clock.sleep(OFTEN).await;
        }
    });
}

async fn round(app: &App) {
    let orgs = match webhooks::organizations(app).await {
        Ok(orgs) => orgs,
        Err(error) => {
            tracing::warn!(%error, "the carrier accounts could not be looked at; it is tried again in an hour");
            return;
        }
    };
    for org in orgs {
        look(app, &org).await;
    }
}

/// Looks at an organization's accounts in the background, unless that was done a short while ago.
pub fn look_soon(app: &App, org: &OrgId) {
    if !app.accounts.is_due("look", org, SOON, app.clock.now()) {
        return;
    }
    let (node, org, working) = (app.clone(), org.clone(), app.work.enter());
    app.spawn(async move {
        look(&node, &org).await;
        drop(working);
    });
}

async fn look(app: &App, org: &OrgId) {
    app.accounts.is_due("look", org, SOON, app.clock.now());
    let all = match all_of(&app.db, &app.keys, org).await {
        Ok(all) => all,
        Err(error) => {
            tracing::warn!(org.id = %org, %error, "the carrier accounts could not be read");
            return;
        }
    };
    for account in all {
        if let Err(error) = keep(app, account).await {
            tracing::warn!(org.id = %org, %error, "a carrier account could not be kept in order; it is tried again in an hour");
        }
    }
}

async fn keep(app: &App, account: Account) -> Result<(), SetUpError> {
    forget_old_token(app, &account).await?;
    let Some(account) = opened(app, account).await? else {
        return Ok(());
    };
    for check in set_up(app, &account, false)
        .await?
        .iter()
        .filter(|check| !check.ok)
    {
        tracing::info!(org.id = %account.org, what = check.name, detail = check.detail, "something at the carrier waits for somebody to say what shall become of it");
    }
    Ok(())
}

/// The account, if its token opens it; in another region where it turns out to belong to that one.
async fn opened(app: &App, account: Account) -> Result<Option<Account>, SetUpError> {
    match app
        .carrier
        .send(&account, &rest::fetch(&account.account_sid))
        .await
    {
        Ok(found) => {
            accepted(app, &account).await?;
            let works = !matches!(found.status.as_deref(), Some("suspended" | "closed"));
            Ok(works.then_some(account))
        }
        Err(SendError::Refused(refusal)) if refusal.status == 401 => {
            let Some(fits) = region_that_fits(&app.carrier, &account).await else {
                refused(app, &account).await?;
                return Ok(None);
            };
            move_to(app, &account, fits).await
        }
        Err(error) => {
            tracing::debug!(%error, org.id = %account.org, "the carrier could not be asked about an account");
            Ok(None)
        }
    }
}

/// A region was set whose credentials these are not, as seed 004's `TWILIO_REGION=ie1` with those of the US: what answers is
/// kept, and what was set is remembered for whoever asks.
async fn move_to(
    app: &App,
    account: &Account,
    fits: Region,
) -> Result<Option<Account>, SetUpError> {
    let asked = account.in_region();
    let moved = app
        .write(&account.org, async |tx| {
            if carriers::in_region(tx, fits.as_str()).await?.is_some() {
                return Ok::<_, Error>(false);
            }
            let Some(row) = carriers::find(tx, &account.id).await? else {
                return Ok(false);
            };
            let standing = Standing {
                asked_region: Some(asked.as_str().to_owned()),
                refused_since: None,
                ..row.standing.clone()
            };
            let region = (fits != Region::Us1).then(|| fits.as_str().to_owned());
            carriers::save(tx, &CarrierAccount { region, ..row }).await?;
            carriers::set_standing(tx, &account.id, &standing).await?;
            Ok(true)
        })
        .await?;
    if !moved {
        refused(app, account).await?;
        return Ok(None);
    }
    tracing::warn!(
        org.id = %account.org, asked = %asked, fits = %fits,
        "the carrier account's credentials belong to another region than was set; that one is used"
    );
    accounts::changed(app, &account.org).await;
    Ok(accounts::of_id(&app.db, &app.keys, &account.org, &account.id).await?)
}

/// Makes what is missing at the carrier: the API key, the TwiML App, the numbers' addresses. What leads to somebody else is
/// told and left alone; where the account is being saved, what leads here gets its retries and fallback too.
///
/// # Errors
/// When our own rows cannot be read or written; what the carrier refuses is a check.
pub async fn set_up(app: &App, account: &Account, saved: bool) -> Result<Vec<Check>, SetUpError> {
    let mut checks = Vec::new();
    if account.api_key.is_none() {
        checks.push(match api_key::ensure(app, account).await {
            Ok(_) => Check::good(
                "api_key",
                "An API key was made for softphones, and its secret is sealed here.",
            ),
            Err(SetUpError::Send(error)) => Check::failed("api_key", &error),
            Err(error) => return Err(error),
        });
    }
    if let Some(nowhere) = unreachable(&app.config, account) {
        let cure = "Set PUBLIC_URL to the address under which Twilio reaches this server.";
        checks.push(Check::warning("numbers", nowhere, cure));
        return Ok(checks);
    }
    if account.in_use || account.twiml_app_sid.is_some() {
        checks.push(match twiml_app::ensure(app, account, Asked::No).await {
            Ok(Some(_)) => Check::good("twiml_app", "The TwiML App leads here."),
            Ok(None) => Check::bad(
                "twiml_app",
                "The TwiML App leads to somebody else, and was left as it is.",
                "Repair makes an App for this installation and leaves that one alone.",
            ),
            Err(SetUpError::Send(error)) => Check::failed("twiml_app", &error),
            Err(error) => return Err(error),
        });
    }
    checks.extend(wire_numbers(app, account, saved).await?);
    Ok(checks)
}

async fn wire_numbers(
    app: &App,
    account: &Account,
    saved: bool,
) -> Result<Option<Check>, SetUpError> {
    let all = app
        .db
        .read(&account.org, async |tx| store::list(tx).await)
        .await?;
    let own: Vec<_> = all
        .into_iter()
        .filter(|number| number.carrier == account.id)
        .collect();
    let (mut told, mut elsewhere, mut failed) = (0, Vec::new(), Vec::new());
    for number in &own {
        match numbers::configure_unless_elsewhere(app, account, number, saved).await {
            Ok(Some(_)) => told += 1,
            Ok(None) => elsewhere.push(number.e164.clone()),
            Err(SetUpError::Send(error)) => failed.push(format!("{}: {error}", number.e164)),
            Err(error) => return Err(error),
        }
    }
    if failed.is_empty() && elsewhere.is_empty() {
        wired(app, account).await?;
    }
    let cure = "The page Carrier shows each of them; Repair sets the addresses of this server.";
    Ok(
        match (own.is_empty(), failed.is_empty(), elsewhere.is_empty()) {
            (true, ..) => None,
            (_, false, _) => Some(Check::bad(
                "numbers",
                format!("Not all numbers could be told: {}", failed.join("; ")),
                cure,
            )),
            (_, _, false) => Some(Check::warning(
                "numbers",
                format!(
                    "These numbers lead to somebody else and were left as they are: {}.",
                    elsewhere.join(", ")
                ),
                cure,
            )),
            _ => Some(Check::good(
                "numbers",
                format!("{told} of {told} numbers lead here."),
            )),
        },
    )
}

/// Everything knows today's public address: the one of before need not be known any longer.
async fn wired(app: &App, account: &Account) -> Result<(), Error> {
    let base = Wiring::of(&app.config, account).doors.base().to_owned();
    if account.wired_to.as_ref() == Some(&base) {
        return Ok(());
    }
    change(app, account, |standing| Standing {
        wired_to: Some(base.clone()),
        ..standing
    })
    .await
}

/// Signatures fail that name an account of ours: it is asked whether its token still opens it.
pub(crate) fn doubt(app: &App, account: &Account) {
    if !app
        .accounts
        .is_due("doubt", &account.org, DOUBTS, app.clock.now())
    {
        return;
    }
    let (node, account, working) = (app.clone(), account.clone(), app.work.enter());
    app.spawn(async move {
        let asked = node.carrier.send(&account, &rest::fetch(&account.account_sid)).await;
        let noted = match asked {
            Ok(_) => accepted(&node, &account).await,
            Err(SendError::Refused(refusal)) if refusal.status == 401 => refused(&node, &account).await,
            Err(_) => Ok(()),
        };
        if let Err(error) = noted {
            tracing::warn!(%error, "it could not be noted whether the carrier takes the stored token");
        }
        drop(working);
    });
}

/// The carrier does not take the stored token: noted once, so that people are told what happened.
pub(super) async fn refused(app: &App, account: &Account) -> Result<(), Error> {
    if account.refused_since.is_some() {
        return Ok(());
    }
    tracing::error!(
        org.id = %account.org,
        "the carrier takes the stored auth token no more: it was changed in the console; enter the new one in Settings"
    );
    let now = app.clock.now();
    change(app, account, |standing| Standing {
        refused_since: standing.refused_since.or(Some(now)),
        ..standing
    })
    .await
}

/// The carrier takes the stored token (again).
pub(super) async fn accepted(app: &App, account: &Account) -> Result<(), Error> {
    if account.refused_since.is_none() {
        return Ok(());
    }
    change(app, account, |standing| Standing {
        refused_since: None,
        ..standing
    })
    .await
}

/// A token of before whose time is over need not lie about any longer.
async fn forget_old_token(app: &App, account: &Account) -> Result<(), Error> {
    if !account.has_stale_token(app.clock.now()) {
        return Ok(());
    }
    change(app, account, |standing| Standing {
        old_token: None,
        ..standing
    })
    .await
}

async fn change(
    app: &App,
    account: &Account,
    to: impl Fn(Standing) -> Standing + Clone,
) -> Result<(), Error> {
    app.write(&account.org, async |tx| {
        let Some(row) = carriers::find(tx, &account.id).await? else {
            return Ok::<_, Error>(());
        };
        carriers::set_standing(tx, &account.id, &to(row.standing)).await
    })
    .await?;
    accounts::changed(app, &account.org).await;
    Ok(())
}
