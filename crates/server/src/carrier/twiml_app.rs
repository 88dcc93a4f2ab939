//! The TwiML App through which softphones call: made by itself, kept in step with our address, made anew when somebody
//! deleted it. An App that leads to somebody else is never taken without being asked.

use offhook_store::carriers::{self, Standing};
use offhook_twilio::rest::application::{self, Application, Change};
use offhook_twilio::words::Method;

use super::alone::alone;
use super::wiring::{self, Leads, Wiring};
use super::{Account, SetUpError, accounts};
use crate::app::App;
use crate::webhooks::urls::Door;

/// How an account's App stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppState {
    /// It leads here.
    Fits(Application),
    /// It is ours, and something in it is not as it should be.
    Stale(Application),
    /// It leads to somebody else.
    Elsewhere(Application),
    /// The account has no such App (any more).
    Gone,
    /// None was made yet.
    None,
}

/// What may be done with an App that leads elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Nothing: nobody said so.
    No,
    /// Somebody who may did: an App of ours is turned here, in the place of another's we make one of our own.
    Yes,
}

/// Looks at an account's App.
pub async fn look(app: &App, account: &Account) -> Result<AppState, SetUpError> {
    let Some(sid) = &account.twiml_app_sid else {
        return Ok(AppState::None);
    };
    let found = match app
        .carrier
        .send(account, &application::fetch(&account.account_sid, sid))
        .await
    {
        Ok(found) => Application {
            sid: sid.clone(),
            ..found
        },
        Err(error) if error.is_gone() => return Ok(AppState::Gone),
        Err(error) => return Err(error.into()),
    };
    let wiring = Wiring::of(&app.config, account);
    Ok(
        match wiring.leads(found.voice_url.as_deref(), Door::Voice) {
            Leads::Here(_) if change(&wiring, &found).is_none() => AppState::Fits(found),
            leads if leads.is_ours() => AppState::Stale(found),
            _ => AppState::Elsewhere(found),
        },
    )
}

/// Makes sure that the account has an App that leads here; `None` where the one it has leads elsewhere and nobody was asked.
pub async fn ensure(
    app: &App,
    account: &Account,
    asked: Asked,
) -> Result<Option<String>, SetUpError> {
    alone(app, &account.org, async {
        // Somebody else may just have made it.
        let Some(account) = accounts::of_id(&app.db, &app.keys, &account.org, &account.id).await?
        else {
            return Ok(None);
        };
        let name = wiring::name(app, &account.org).await?;
        let wiring = Wiring::of(&app.config, &account);
        match look(app, &account).await? {
            AppState::Fits(found) => keep(app, &account, found.sid).await,
            AppState::Stale(found) => turn_here(app, &account, &wiring, found).await,
            AppState::Elsewhere(found)
                if asked == Asked::Yes && found.friendly_name.as_deref() == Some(&name) =>
            {
                turn_here(app, &account, &wiring, found).await
            }
            AppState::Elsewhere(_) if asked == Asked::No => Ok(None),
            AppState::Elsewhere(_) | AppState::Gone | AppState::None => {
                make(app, &account, &wiring, &name).await
            }
        }
    })
    .await
}

/// Takes the App of this name that leads here or nowhere: an earlier answer may have been lost. Else makes one.
async fn make(
    app: &App,
    account: &Account,
    wiring: &Wiring,
    name: &str,
) -> Result<Option<String>, SetUpError> {
    let named = app
        .carrier
        .send(
            account,
            &application::list(&account.account_sid, Some(name)),
        )
        .await?;
    let ours = named.items.into_iter().find(|known| {
        known.friendly_name.as_deref() == Some(name)
            && wiring
                .leads(known.voice_url.as_deref(), Door::Voice)
                .is_ours()
    });
    if let Some(found) = ours {
        return turn_here(app, account, wiring, found).await;
    }
    let settings = Change {
        friendly_name: Some(name.to_owned()),
        ..all(wiring, None)
    };
    let made = app
        .carrier
        .send(
            account,
            &application::create(&account.account_sid, &settings),
        )
        .await?;
    tracing::info!(org.id = %account.org, "a TwiML App was made at the carrier");
    keep(app, account, made.sid).await
}

async fn turn_here(
    app: &App,
    account: &Account,
    wiring: &Wiring,
    found: Application,
) -> Result<Option<String>, SetUpError> {
    let settings = all(wiring, Some(&found));
    app.carrier
        .send(
            account,
            &application::update(&account.account_sid, &found.sid, &settings),
        )
        .await?;
    keep(app, account, found.sid).await
}

/// Writes down which App it is and what it was told, where that is news.
async fn keep(app: &App, account: &Account, sid: String) -> Result<Option<String>, SetUpError> {
    let base = Wiring::of(&app.config, account).doors.base().to_owned();
    if account.twiml_app_sid.as_ref() == Some(&sid) && account.wired_to.as_ref() == Some(&base) {
        return Ok(Some(sid));
    }
    app.write(&account.org, async |tx| {
        let Some(row) = carriers::find(tx, &account.id).await? else {
            return Ok::<_, offhook_store::Error>(());
        };
        // What numbers know of before is still to be found when only the App has been told of a new address.
        let standing = Standing {
            wired_to: row.standing.wired_to.clone().or_else(|| Some(base.clone())),
            ..row.standing.clone()
        };
        carriers::save(
            tx,
            &carriers::CarrierAccount {
                twiml_app_sid: Some(sid.clone()),
                ..row
            },
        )
        .await?;
        carriers::set_standing(tx, &account.id, &standing).await
    })
    .await?;
    accounts::changed(app, &account.org).await;
    Ok(Some(sid))
}

/// What is not in an App as it should be.
fn change(wiring: &Wiring, found: &Application) -> Option<Change> {
    let all = all(wiring, Some(found));
    let same = |found: &Option<String>, wanted: &Option<String>| {
        let bare = |url: &Option<String>| {
            url.as_deref()
                .and_then(|url| url.split('#').next())
                .map(str::to_owned)
        };
        bare(found).filter(|url| !url.is_empty()) == bare(wanted)
    };
    let by_post = |method: &Option<String>| method.as_deref().is_none_or(|method| method == "POST");
    let fits = same(&found.voice_url, &all.voice_url)
        && same(&found.status_callback, &all.status_callback)
        && by_post(&found.voice_method)
        && by_post(&found.status_callback_method);
    (!fits).then_some(all)
}

fn all(wiring: &Wiring, found: Option<&Application>) -> Change {
    let voice = found.and_then(|found| found.voice_url.as_deref());
    let status = found.and_then(|found| found.status_callback.as_deref());
    Change {
        friendly_name: None,
        voice_url: Some(wiring.address(voice, Door::Voice)),
        voice_method: Some(Method::Post),
        voice_fallback_url: Some(wiring.doors.bare(Door::Fallback)),
        voice_fallback_method: Some(Method::Post),
        status_callback: Some(wiring.address(status, Door::Status)),
        status_callback_method: Some(Method::Post),
    }
}
