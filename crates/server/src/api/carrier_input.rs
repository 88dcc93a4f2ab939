//! What is entered for an account at the carrier, and the account that comes of it.

use chrono::{DateTime, Utc};
use offhook_core::id::CarrierId;
use offhook_store::Tx;
use offhook_store::carriers::{self, CarrierAccount};
use offhook_store::seal::{Place, Sealed, Secret};
use offhook_twilio::host::{self, Region};
use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;

use super::patch;
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::ApiError;

/// The account to use; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CarrierInput {
    /// `AC` and 32 more characters.
    pub(super) account_sid: Option<String>,
    pub(super) auth_token: Option<String>,
    /// `SK…`
    #[serde(default, deserialize_with = "patch::nullable")]
    api_key_sid: Option<Option<String>>,
    pub(super) api_key_secret: Option<String>,
    /// `AP…`
    #[serde(default, deserialize_with = "patch::nullable")]
    twiml_app_sid: Option<Option<String>>,
    /// `us1`, `ie1` or `au1`.
    #[serde(default, deserialize_with = "patch::nullable")]
    region: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    api_base_url: Option<Option<String>>,
}

/// Which account is meant: the one that is named, that of the region that is named, or the one in use.
pub(super) async fn meant(
    tx: &mut Tx,
    id: Option<&CarrierId>,
    input: &CarrierInput,
) -> Result<Meant, ApiError> {
    let all = carriers::list(tx).await?;
    let wanted = match &input.region {
        Some(given) => {
            Some(region(given.as_deref())?.unwrap_or_else(|| Region::Us1.as_str().to_owned()))
        }
        None => None,
    };
    let fits = |account: &&CarrierAccount| match (id, &wanted) {
        (Some(id), _) => account.id == *id,
        (None, Some(region)) => account.region_name() == region,
        (None, None) => account.standing.in_use,
    };
    let old = all.iter().find(fits).cloned();
    if id.is_some() && old.is_none() {
        return Err(ApiError::NotFound("carrier account"));
    }
    let taken = wanted.is_some_and(|region| {
        let mut others = all
            .iter()
            .filter(|account| old.as_ref().is_none_or(|old| old.id != account.id));
        others.any(|other| other.region_name() == region)
    });
    if taken {
        return Err(ApiError::conflict(
            "region_taken",
            "another account is in this region already; change that one",
        ));
    }
    Ok(Meant {
        old,
        model: all.into_iter().next(),
    })
}

/// The account to change, if there is one, and one that a new one takes after.
pub(super) struct Meant {
    pub(super) old: Option<CarrierAccount>,
    model: Option<CarrierAccount>,
}

pub(super) fn merged(
    tx: &Tx,
    caller: &Caller<may::ManageCarrier>,
    meant: &Meant,
    id: &CarrierId,
    input: &CarrierInput,
    now: DateTime<Utc>,
) -> Result<CarrierAccount, ApiError> {
    let (org, old) = (tx.org_id().as_str(), meant.old.as_ref());
    let model = old.or(meant.model.as_ref());
    let id = old.map_or(id, |account| &account.id).clone();
    let api_key_sid = sid(
        "api_key_sid",
        "SK",
        nullable(
            input.api_key_sid.as_ref(),
            old.and_then(|a| a.api_key_sid.clone()),
        )
        .as_deref(),
    )?;
    let given = given("api_key_secret", input.api_key_secret.as_deref())?;
    let api_key_secret = match (given, old) {
        (Some(secret), _) => Some(seal(
            caller.app(),
            carriers::api_key_secret_place(org, &id),
            &secret,
        )?),
        (None, Some(account)) => account.api_key_secret.clone(),
        (None, None) => None,
    }
    // A secret without its key is of use to nobody.
    .filter(|_| api_key_sid.is_some());
    let (api_base_url, by_host) = base(
        nullable(
            input.api_base_url.as_ref(),
            model.and_then(|a| a.api_base_url.clone()),
        )
        .as_deref(),
    )?;
    let named = nullable(input.region.as_ref(), old.and_then(|a| a.region.clone()));
    let account_sid = input
        .account_sid
        .as_deref()
        .or(model.map(|a| a.account_sid.as_str()));
    Ok(CarrierAccount {
        account_sid: sid("account_sid", "AC", account_sid)?.ok_or_else(|| {
            ApiError::invalid(
                "account_sid",
                "copy the Account SID from the carrier's console",
            )
        })?,
        auth_token: auth_token(caller.app(), org, &id, input, old)?,
        api_key_sid,
        api_key_secret,
        twiml_app_sid: sid(
            "twiml_app_sid",
            "AP",
            nullable(
                input.twiml_app_sid.as_ref(),
                old.and_then(|a| a.twiml_app_sid.clone()),
            )
            .as_deref(),
        )?,
        region: region(named.or(by_host).as_deref())?,
        // Softphones of an account that is not at Twilio itself connect where the server was told.
        signaling_url: model
            .and_then(|a| a.signaling_url.clone())
            .or_else(|| signaling(caller.app(), api_base_url.as_deref())),
        api_base_url,
        name: old.map_or_else(|| "Twilio".to_owned(), |a| a.name.clone()),
        created_at: old.map_or(now, |a| a.created_at),
        updated_at: now,
        // A token that was just entered is the one to be tried.
        standing: old
            .filter(|_| input.auth_token.is_none())
            .map(|a| a.standing.clone())
            .unwrap_or_default(),
        id,
    })
}

/// The token that was given, sealed, or the stored one.
fn auth_token(
    app: &App,
    org: &str,
    id: &CarrierId,
    input: &CarrierInput,
    old: Option<&CarrierAccount>,
) -> Result<Sealed, ApiError> {
    match (given("auth_token", input.auth_token.as_deref())?, old) {
        (Some(token), _) => seal(app, carriers::auth_token_place(org, id), &token),
        (None, Some(account)) => Ok(account.auth_token.clone()),
        (None, None) => Err(ApiError::invalid(
            "auth_token",
            "copy the auth token of this region from the carrier's console",
        )),
    }
}

fn given(field: &str, value: Option<&str>) -> Result<Option<String>, ApiError> {
    patch::optional(field, value, 200)
}

fn seal(app: &App, place: Place<'_>, secret: &str) -> Result<Sealed, ApiError> {
    app.keys
        .seal(place, &Secret::new(secret))
        .map_err(|error| offhook_store::Error::from(error).into())
}

fn signaling(app: &App, api_base_url: Option<&str>) -> Option<String> {
    api_base_url?;
    app.config.signaling_url.as_ref().map(ToString::to_string)
}

fn nullable(given: Option<&Option<String>>, before: Option<String>) -> Option<String> {
    given.cloned().unwrap_or(before)
}

/// An id of the carrier's: two letters that say of what, and 32 more characters.
fn sid(field: &str, prefix: &str, value: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(value) = patch::optional(field, value, 34)? else {
        return Ok(None);
    };
    let fits = value.len() == 34
        && value.starts_with(prefix)
        && value.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits {
        Ok(Some(value))
    } else {
        Err(ApiError::invalid(
            field,
            format!("this begins with {prefix} and has 34 characters"),
        ))
    }
}

fn region(value: Option<&str>) -> Result<Option<String>, ApiError> {
    match patch::optional("region", value, 10)?.as_deref() {
        None | Some("us1") => Ok(None),
        Some(region @ ("ie1" | "au1")) => Ok(Some(region.to_owned())),
        Some(_) => Err(ApiError::invalid("region", "choose us1, ie1 or au1")),
    }
}

/// A base URL that is not Twilio's own; one of Twilio's only names a region.
fn base(value: Option<&str>) -> Result<(Option<String>, Option<String>), ApiError> {
    let Some(value) = patch::optional("api_base_url", value, 200)? else {
        return Ok((None, None));
    };
    let parsed = Url::parse(&value)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    let Some(url) = parsed else {
        return Err(ApiError::invalid(
            "api_base_url",
            "give an address such as https://api.twilio.com, or leave it empty",
        ));
    };
    let url = url.as_str().trim_end_matches('/').to_owned();
    if host::is_twilios(&url) {
        return Ok((
            None,
            host::region_of(&url).map(|region| region.as_str().to_owned()),
        ));
    }
    Ok((Some(url), None))
}
