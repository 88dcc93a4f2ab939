//! The organization's account at the carrier: secrets go in and never come out.

use axum::Json;
use chrono::{DateTime, Utc};
use offhook_core::id::CarrierId;
use offhook_store::Tx;
use offhook_store::carriers::{self, CarrierAccount};
use offhook_store::seal::Secret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, audit, patch};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::config::Config;
use crate::error::{ApiError, Problem};
use crate::webhooks::urls::{Door, Doors};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get, put))
}

/// The account at the carrier.
#[derive(Serialize, ToSchema)]
pub(crate) struct CarrierView {
    /// Whether there is one.
    connected: bool,
    account_sid: Option<String>,
    /// A token is stored, sealed.
    has_auth_token: bool,
    api_key_sid: Option<String>,
    /// A secret is stored, sealed.
    has_api_key_secret: bool,
    twiml_app_sid: Option<String>,
    /// Null is the US.
    region: Option<String>,
    /// Null is Twilio itself.
    api_base_url: Option<String>,
    /// Where softphones connect, only with the sandbox.
    signaling_url: Option<String>,
    updated_at: Option<DateTime<Utc>>,
    webhooks: Webhooks,
}

/// The addresses to paste at the carrier.
#[derive(Serialize, ToSchema)]
pub(crate) struct Webhooks {
    /// Each number: "A call comes in", by POST.
    number_voice: String,
    /// Each number: "Call status changes", by POST.
    number_status: String,
    /// The TwiML App: voice request URL, by POST.
    app_voice: String,
    /// The TwiML App: status callback URL, by POST.
    app_status: String,
}

/// The account to use; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CarrierInput {
    /// `AC` and 32 more characters.
    account_sid: Option<String>,
    auth_token: Option<String>,
    /// `SK…`
    #[serde(default, deserialize_with = "patch::nullable")]
    api_key_sid: Option<Option<String>>,
    api_key_secret: Option<String>,
    /// `AP…`
    #[serde(default, deserialize_with = "patch::nullable")]
    twiml_app_sid: Option<Option<String>>,
    /// `us1`, `ie1` or `au1`.
    #[serde(default, deserialize_with = "patch::nullable")]
    region: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    api_base_url: Option<Option<String>>,
}

fn webhooks(config: &Config) -> Webhooks {
    let doors = Doors::of(config);
    Webhooks {
        number_voice: doors.bare(Door::Voice),
        number_status: doors.bare(Door::Status),
        app_voice: doors.bare(Door::Voice),
        app_status: doors.bare(Door::Status),
    }
}

fn view(account: Option<CarrierAccount>, config: &Config) -> CarrierView {
    let webhooks = webhooks(config);
    let Some(account) = account else {
        return CarrierView {
            connected: false,
            account_sid: None,
            has_auth_token: false,
            api_key_sid: None,
            has_api_key_secret: false,
            twiml_app_sid: None,
            region: None,
            api_base_url: None,
            signaling_url: None,
            updated_at: None,
            webhooks,
        };
    };
    CarrierView {
        connected: true,
        account_sid: Some(account.account_sid),
        has_auth_token: true,
        api_key_sid: account.api_key_sid,
        has_api_key_secret: account.api_key_secret.is_some(),
        twiml_app_sid: account.twiml_app_sid,
        region: account.region,
        api_base_url: account.api_base_url,
        signaling_url: account.signaling_url,
        updated_at: Some(account.updated_at),
        webhooks,
    }
}

/// The account at the carrier, without its secrets, and the addresses to paste there.
#[utoipa::path(get, path = "/carrier", tag = "carrier", responses((status = 200, body = CarrierView)))]
async fn get(caller: Caller<may::ManageCarrier>) -> Result<Json<CarrierView>, ApiError> {
    let account = caller
        .read(async |tx| Ok(carriers::list(tx).await?.into_iter().next()))
        .await?;
    Ok(Json(view(account, &caller.app().config)))
}

/// Set the account at the carrier.
#[utoipa::path(put, path = "/carrier", tag = "carrier", request_body = CarrierInput, responses(
    (status = 200, body = CarrierView), (status = 409, body = Problem, description = "`account_taken`"), (status = 422, body = Problem)))]
async fn put(
    caller: Caller<may::ManageCarrier>,
    Body(input): Body<CarrierInput>,
) -> Result<Json<CarrierView>, ApiError> {
    let app = caller.app();
    let now = app.clock.now();
    let id = CarrierId::new(uuid::Uuid::now_v7());
    let account = caller
        .write(async |tx| {
            let before = carriers::list(tx).await?.into_iter().next();
            let account = merged(tx, &caller, before.as_ref(), &id, &input, now)?;
            carriers::save(tx, &account).await.map_err(taken)?;
            let detail = json!({
                "account_sid": account.account_sid,
                "auth_token_changed": input.auth_token.is_some(),
                "api_key_secret_changed": input.api_key_secret.is_some(),
            });
            audit::note(
                tx,
                &caller,
                now,
                "carrier.change",
                account.id.as_str(),
                detail,
            )
            .await?;
            Ok(account)
        })
        .await?;
    // What comes in with the old token is not believed any longer than this, here and on the other nodes.
    crate::carrier::changed(app, &caller.org).await;
    Ok(Json(view(Some(account), &app.config)))
}

fn taken(error: offhook_store::Error) -> ApiError {
    if error.is_conflict("account_taken") {
        return ApiError::conflict(
            "account_taken",
            "another organization here uses this carrier account",
        );
    }
    error.into()
}

fn merged(
    tx: &Tx,
    caller: &Caller<may::ManageCarrier>,
    old: Option<&CarrierAccount>,
    id: &CarrierId,
    input: &CarrierInput,
    now: DateTime<Utc>,
) -> Result<CarrierAccount, ApiError> {
    let org = tx.org_id().as_str();
    let id = old.map_or(id, |account| &account.id).clone();
    let seal = |place, secret: &str| {
        caller
            .app()
            .keys
            .seal(place, &Secret::new(secret))
            .map_err(|error| ApiError::from(offhook_store::Error::from(error)))
    };
    let given = |field: &str, value: &Option<String>| patch::optional(field, value.as_deref(), 200);
    let auth_token = match (given("auth_token", &input.auth_token)?, old) {
        (Some(token), _) => seal(carriers::auth_token_place(org, &id), &token)?,
        (None, Some(account)) => account.auth_token.clone(),
        (None, None) => {
            return Err(ApiError::invalid(
                "auth_token",
                "copy the auth token from the carrier's console",
            ));
        }
    };
    let api_key_secret = match (given("api_key_secret", &input.api_key_secret)?, old) {
        (Some(secret), _) => Some(seal(carriers::api_key_secret_place(org, &id), &secret)?),
        (None, Some(account)) => account.api_key_secret.clone(),
        (None, None) => None,
    };
    let api_base_url = nullable(
        input.api_base_url.as_ref(),
        old.and_then(|a| a.api_base_url.clone()),
    );
    Ok(CarrierAccount {
        account_sid: sid(
            "account_sid",
            "AC",
            input
                .account_sid
                .as_deref()
                .or(old.map(|a| a.account_sid.as_str())),
        )?
        .ok_or_else(|| {
            ApiError::invalid(
                "account_sid",
                "copy the Account SID from the carrier's console",
            )
        })?,
        auth_token,
        api_key_sid: sid(
            "api_key_sid",
            "SK",
            nullable(
                input.api_key_sid.as_ref(),
                old.and_then(|a| a.api_key_sid.clone()),
            )
            .as_deref(),
        )?,
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
        region: region(
            nullable(input.region.as_ref(), old.and_then(|a| a.region.clone())).as_deref(),
        )?,
        api_base_url: base(api_base_url.as_deref())?,
        signaling_url: old.and_then(|a| a.signaling_url.clone()),
        name: old.map_or_else(|| "Twilio".to_owned(), |a| a.name.clone()),
        created_at: old.map_or(now, |a| a.created_at),
        updated_at: now,
        id,
    })
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

fn base(value: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(value) = patch::optional("api_base_url", value, 200)? else {
        return Ok(None);
    };
    let parsed = Url::parse(&value)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    match parsed {
        Some(url) => Ok(Some(url.as_str().trim_end_matches('/').to_owned())),
        None => Err(ApiError::invalid(
            "api_base_url",
            "give an address such as https://api.twilio.com, or leave it empty",
        )),
    }
}
