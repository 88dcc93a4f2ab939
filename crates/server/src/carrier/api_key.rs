//! The API key that signs softphones' tokens: made by itself when only the auth token was given, never two for one.

use offhook_store::carriers::{self, CarrierAccount};
use offhook_store::seal::Secret;
use offhook_twilio::rest::{account as rest, number};

use super::alone::alone;
use super::{Account, SetUpError, accounts, wiring};
use crate::app::App;

/// Makes sure that the account has a key; answers its SID, and whether it was made just now.
pub async fn ensure(app: &App, account: &Account) -> Result<(String, bool), SetUpError> {
    make_unless(app, account, |known| known.api_key.is_some()).await
}

/// Makes a new key in the place of one that opens nothing any more.
pub async fn replace(app: &App, account: &Account) -> Result<(String, bool), SetUpError> {
    let dead = account.api_key.as_ref().map(|(sid, _)| sid.clone());
    make_unless(app, account, |known| {
        known
            .api_key
            .as_ref()
            .is_some_and(|(sid, _)| Some(sid) != dead.as_ref())
    })
    .await
}

/// Whether the carrier takes the key: it is used, since looking it up would not show whether its secret fits.
pub async fn test(app: &App, account: &Account) -> Option<Result<(), super::SendError>> {
    let by_key = account.by_key()?;
    let asked = app
        .carrier
        .send(&by_key, &number::first(&account.account_sid))
        .await;
    Some(asked.map(|_| ()))
}

async fn make_unless(
    app: &App,
    account: &Account,
    is_there: impl Fn(&Account) -> bool,
) -> Result<(String, bool), SetUpError> {
    alone(app, &account.org, async {
        let known = accounts::of_id(&app.db, &app.keys, &account.org, &account.id).await?;
        let account = known.ok_or(offhook_store::Error::NotFound)?;
        if let (true, Some((sid, _))) = (is_there(&account), &account.api_key) {
            return Ok((sid.clone(), false));
        }
        let name = wiring::name(app, &account.org).await?;
        clear_lost(app, &account, &name).await?;
        let made = app
            .carrier
            .send(&account, &rest::create_key(&account.account_sid, &name))
            .await?;
        store(app, &account, &made.sid, &Secret::new(made.secret)).await?;
        tracing::info!(org.id = %account.org, "an API key was made at the carrier");
        Ok((made.sid, true))
    })
    .await
}

/// A key whose secret never reached us is of use to nobody: it goes before the next one is made.
async fn clear_lost(app: &App, account: &Account, name: &str) -> Result<(), SetUpError> {
    let mut next = Some(rest::list_keys(&account.account_sid));
    while let Some(request) = next {
        let page = app.carrier.send(account, &request).await?;
        for key in page
            .items
            .iter()
            .filter(|key| key.friendly_name.as_deref() == Some(name))
        {
            let gone = app
                .carrier
                .send(account, &rest::delete_key(&account.account_sid, &key.sid))
                .await;
            if let Err(error) = gone
                && !error.is_gone()
            {
                return Err(error.into());
            }
        }
        next = page.next();
    }
    Ok(())
}

async fn store(app: &App, account: &Account, sid: &str, secret: &Secret) -> Result<(), SetUpError> {
    let place = carriers::api_key_secret_place(account.org.as_str(), &account.id);
    let sealed = app
        .keys
        .seal(place, secret)
        .map_err(offhook_store::Error::from)?;
    app.write(&account.org, async |tx| {
        let row = carriers::find(tx, &account.id)
            .await?
            .ok_or(offhook_store::Error::NotFound)?;
        let row = CarrierAccount {
            api_key_sid: Some(sid.to_owned()),
            api_key_secret: Some(sealed.clone()),
            ..row
        };
        carriers::save(tx, &row).await
    })
    .await?;
    accounts::changed(app, &account.org).await;
    Ok(())
}
