//! Sets right what differs, item by item; what cannot be repaired from here stays in the report.

use std::collections::BTreeSet;

use offhook_core::id::{NumberId, OrgId};
use offhook_store::Error;
use offhook_store::numbers as store;
use offhook_twilio::rest::route;

use super::{Item, Kind, Report, read};
use crate::app::App;
use crate::carrier::twiml_app::Asked;
use crate::carrier::{Account, SetUpError, all_of, api_key, changed, numbers, twiml_app};

/// Repairs the items with these ids, or all that can be; answers what is read afterwards. What failed says why.
///
/// # Errors
/// When our own rows cannot be read.
pub async fn repair(app: &App, org: &OrgId, only: Option<&[String]>) -> Result<Report, Error> {
    let before = read(app, org).await?;
    let chosen = |item: &&Item| item.repairable && only.is_none_or(|ids| ids.contains(&item.id));
    let accounts = all_of(&app.db, &app.keys, org).await?;
    let mut failed = Vec::new();
    let mut done = BTreeSet::new();
    for item in before.items.iter().filter(chosen) {
        // All that is wrong with a number's addresses is set right by one request.
        let what = what(item);
        if !done.insert(what.clone()) {
            continue;
        }
        if let Err(error) = one(app, org, &accounts, item).await {
            tracing::warn!(org.id = %org, %error, item = what, "something could not be repaired at the carrier");
            failed.push((item.id.clone(), error.to_string()));
        }
    }
    let mut after = read(app, org).await?;
    for item in after.items.iter_mut().filter(|item| !item.ok) {
        if let Some((_, why)) = failed.iter().find(|(id, _)| *id == item.id) {
            item.cure = Some(format!("The repair did not go through: {why}"));
        }
    }
    Ok(after)
}

fn what(item: &Item) -> String {
    match (&item.number_id, item.id.ends_with(":region")) {
        (Some(number), false) => format!("number:{number}"),
        _ => item.id.clone(),
    }
}

async fn one(app: &App, org: &OrgId, accounts: &[Account], item: &Item) -> Result<(), SetUpError> {
    match item.kind {
        Kind::Account => {
            let account = account_of(accounts, &item.id)?;
            if account.api_key.is_some() {
                api_key::replace(app, account).await?;
            } else {
                api_key::ensure(app, account).await?;
            }
        }
        Kind::TwimlApp => {
            twiml_app::ensure(app, account_of(accounts, &item.id)?, Asked::Yes).await?;
        }
        Kind::Number => number(app, org, accounts, item).await?,
    }
    Ok(())
}

async fn number(
    app: &App,
    org: &OrgId,
    accounts: &[Account],
    item: &Item,
) -> Result<(), SetUpError> {
    let id = item
        .number_id
        .as_deref()
        .and_then(|id| NumberId::parse(id).ok())
        .ok_or(Error::NotFound)?;
    let number = app
        .db
        .read(org, async |tx| store::get(tx, &id).await)
        .await?;
    let holder = accounts.iter().find(|account| account.id == number.carrier);
    let holder = holder.or(accounts.first()).ok_or(Error::NotFound)?;
    if !item.id.ends_with(":region") {
        numbers::configure(app, holder, &number).await?;
        return Ok(());
    }
    // Its calls go to where softphones are, and from now on it is an affair of that region's account.
    let in_use = accounts
        .iter()
        .find(|account| account.in_use && account.account_sid == holder.account_sid);
    let target = in_use.unwrap_or(holder);
    app.carrier
        .send(target, &route::update(&number.e164, target.in_region()))
        .await?;
    numbers::configure(app, target, &number).await?;
    if number.carrier != target.id {
        app.write(org, async |tx| {
            store::set_carrier(tx, &id, &target.id).await
        })
        .await?;
        changed(app, org).await;
    }
    Ok(())
}

/// `account:ID:what` and `app:ID`.
fn account_of<'a>(accounts: &'a [Account], item: &str) -> Result<&'a Account, Error> {
    let id = item.split(':').nth(1).unwrap_or_default();
    accounts
        .iter()
        .find(|account| account.id.as_str() == id)
        .ok_or(Error::NotFound)
}
