//! The organization's accounts at the carrier, one per region: secrets go in and never come out. What is entered is tried
//! before it is saved.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use offhook_core::id::CarrierId;
use offhook_store::carriers::{self, CarrierAccount, Standing};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::carrier_input::{CarrierInput, meant, merged};
use super::{Body, Params, audit};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::carrier::verify::{self, Check, Reason, Verdict};
use crate::carrier::{self, Account};
use crate::config::Config;
use crate::error::{ApiError, Problem};
use crate::webhooks::urls::{Door, Doors};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get, put))
        .routes(routes!(test))
        .routes(routes!(list))
        .routes(routes!(change, remove))
        .routes(routes!(put_to_use))
}

/// The account at the carrier.
#[derive(Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own to a page"
)]
pub(crate) struct CarrierView {
    /// Null while there is none.
    id: Option<String>,
    /// Whether there is one.
    connected: bool,
    /// Softphones register here, calls are made here.
    in_use: bool,
    account_sid: Option<String>,
    /// A token is stored, sealed.
    has_auth_token: bool,
    api_key_sid: Option<String>,
    /// A secret is stored, sealed.
    has_api_key_secret: bool,
    twiml_app_sid: Option<String>,
    /// Null is the US.
    region: Option<String>,
    /// The region that somebody set, where the credentials turned out to be those of another.
    asked_region: Option<String>,
    /// Since then the carrier takes the stored token no more: it was changed in its console.
    token_refused_since: Option<DateTime<Utc>>,
    /// Null is Twilio itself.
    api_base_url: Option<String>,
    /// Where softphones connect, only with the sandbox.
    signaling_url: Option<String>,
    updated_at: Option<DateTime<Utc>>,
    webhooks: Webhooks,
}

/// An account that was just saved.
#[derive(Serialize, ToSchema)]
pub(crate) struct SavedCarrier {
    #[serde(flatten)]
    account: CarrierView,
    /// What was tried and made; null where the carrier could not be asked.
    verdict: Option<Verdict>,
}

/// The accounts of an organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct CarrierAccounts {
    items: Vec<CarrierView>,
}

/// How to save.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct SaveQuery {
    /// Save although the carrier cannot be reached; what it refuses is not saved either way.
    #[serde(default)]
    unverified: bool,
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
            id: None,
            connected: false,
            in_use: false,
            asked_region: None,
            token_refused_since: None,
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
        id: Some(account.id.to_string()),
        connected: true,
        in_use: account.standing.in_use,
        asked_region: account.standing.asked_region,
        token_refused_since: account.standing.refused_since,
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

/// The account in use, without its secrets, and the addresses that the carrier is told.
#[utoipa::path(get, path = "/carrier", tag = "carrier", responses((status = 200, body = CarrierView)))]
async fn get(caller: Caller<may::ManageCarrier>) -> Result<Json<CarrierView>, ApiError> {
    let account = caller
        .read(async |tx| Ok(carriers::in_use(tx).await?))
        .await?;
    Ok(Json(view(account, &caller.app().config)))
}

/// All accounts, one per region, the one in use first.
#[utoipa::path(get, path = "/carrier/accounts", tag = "carrier", responses((status = 200, body = CarrierAccounts)))]
async fn list(caller: Caller<may::ManageCarrier>) -> Result<Json<CarrierAccounts>, ApiError> {
    let all = caller
        .read(async |tx| Ok(carriers::list(tx).await?))
        .await?;
    let config = &caller.app().config;
    let items = all
        .into_iter()
        .map(|account| view(Some(account), config))
        .collect();
    Ok(Json(CarrierAccounts { items }))
}

/// Try the account in use: green, or red with the reason and the cure.
#[utoipa::path(post, path = "/carrier/test", tag = "carrier", responses(
    (status = 200, body = Verdict), (status = 409, body = Problem, description = "`no_carrier`")))]
async fn test(caller: Caller<may::ManageCarrier>) -> Result<Json<Verdict>, ApiError> {
    let app = caller.app();
    let account = carrier::of_org(&app.db, &app.keys, &caller.org)
        .await?
        .ok_or_else(|| ApiError::conflict("no_carrier", "enter the carrier account first"))?;
    Ok(Json(verify::run(app, &account).await))
}

/// Save the account in use, or that of the region that is named. It is tried before; then its API key and TwiML App are made
/// and its numbers told our addresses, each shown in the verdict.
#[utoipa::path(put, path = "/carrier", tag = "carrier", params(SaveQuery), request_body = CarrierInput, responses(
    (status = 200, body = SavedCarrier), (status = 409, body = Problem, description = "`account_taken`"),
    (status = 422, body = Problem, description = "`carrier_refused` with `field`, `reason` and `verdict`; or a field that is not acceptable"),
    (status = 502, body = Problem, description = "`carrier_unreachable`: it can be saved unverified")))]
async fn put(
    caller: Caller<may::ManageCarrier>,
    Params(query): Params<SaveQuery>,
    Body(input): Body<CarrierInput>,
) -> Result<Json<SavedCarrier>, ApiError> {
    save(&caller, None, &query, &input).await
}

/// Save one of the accounts.
#[utoipa::path(put, path = "/carrier/accounts/{id}", tag = "carrier", params(("id" = String, Path), SaveQuery),
    request_body = CarrierInput, responses(
    (status = 200, body = SavedCarrier), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`account_taken` or `region_taken`"), (status = 422, body = Problem),
    (status = 502, body = Problem)))]
async fn change(
    caller: Caller<may::ManageCarrier>,
    Path(id): Path<String>,
    Params(query): Params<SaveQuery>,
    Body(input): Body<CarrierInput>,
) -> Result<Json<SavedCarrier>, ApiError> {
    let id = known(&id)?;
    save(&caller, Some(&id), &query, &input).await
}

/// Remove an account that is not in use and that no number hangs on.
#[utoipa::path(delete, path = "/carrier/accounts/{id}", tag = "carrier", params(("id" = String, Path)), responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem, description = "`in_use` or `has_numbers`")))]
async fn remove(
    caller: Caller<may::ManageCarrier>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let (app, id) = (caller.app(), known(&id)?);
    let now = app.clock.now();
    caller
        .write(async |tx| {
            carriers::remove(tx, &id).await.map_err(in_the_way)?;
            audit::note(tx, &caller, now, "carrier.remove", id.as_str(), json!({})).await
        })
        .await?;
    carrier::changed(app, &caller.org).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Use this account from now on: softphones register in its region at their next token.
#[utoipa::path(post, path = "/carrier/accounts/{id}/use", tag = "carrier", params(("id" = String, Path)), responses(
    (status = 200, body = CarrierView), (status = 404, body = Problem)))]
async fn put_to_use(
    caller: Caller<may::ManageCarrier>,
    Path(id): Path<String>,
) -> Result<Json<CarrierView>, ApiError> {
    let (app, id) = (caller.app(), known(&id)?);
    let now = app.clock.now();
    let row = caller
        .write(async |tx| {
            carriers::put_to_use(tx, &id)
                .await
                .map_err(|error| ApiError::missing(error, "carrier account"))?;
            audit::note(tx, &caller, now, "carrier.use", id.as_str(), json!({})).await?;
            Ok(carriers::in_use(tx).await?)
        })
        .await?;
    carrier::changed(app, &caller.org).await;
    Ok(Json(view(row, &app.config)))
}

fn known(id: &str) -> Result<CarrierId, ApiError> {
    CarrierId::parse(id).map_err(|_| ApiError::NotFound("carrier account"))
}

fn in_the_way(error: offhook_store::Error) -> ApiError {
    if error.is_conflict("in_use") {
        return ApiError::conflict(
            "in_use",
            "softphones register at this account; use another one first",
        );
    }
    if error.is_conflict("has_numbers") {
        return ApiError::conflict(
            "has_numbers",
            "numbers hang on this account; remove them or move them to another region first",
        );
    }
    ApiError::missing(error, "carrier account")
}

async fn save(
    caller: &Caller<may::ManageCarrier>,
    id: Option<&CarrierId>,
    query: &SaveQuery,
    input: &CarrierInput,
) -> Result<Json<SavedCarrier>, ApiError> {
    let app = caller.app();
    let now = app.clock.now();
    let new = CarrierId::new(uuid::Uuid::now_v7());
    let draft = caller
        .read(async |tx| {
            let meant = meant(tx, id, input).await?;
            merged(tx, caller, &meant, &new, input, now)
        })
        .await?;
    let tried =
        verify::credentials(&app.carrier, &Account::open(&app.keys, &caller.org, draft)?).await;
    let mut verdict = match tried.reason {
        None => Some(tried.verdict),
        Some(Reason::Unreachable) if query.unverified => None,
        Some(reason) => return Err(refused(reason, &tried.verdict)),
    };
    let row = caller
        .write(async |tx| {
            let meant = meant(tx, id, input).await?;
            let account = merged(tx, caller, &meant, &new, input, now)?;
            carriers::save(tx, &account).await.map_err(taken)?;
            // What was entered by hand is the truth: a change that was under way, and what was known of the old token, end.
            if input.auth_token.is_some() || input.account_sid.is_some() {
                let before = meant.old.map(|old| old.standing).unwrap_or_default();
                let standing = Standing {
                    asked_region: None,
                    wired_to: before.wired_to,
                    ..Standing::default()
                };
                carriers::set_standing(tx, &account.id, &standing).await?;
            }
            let detail = json!({
                "account_sid": account.account_sid,
                "auth_token_changed": input.auth_token.is_some(),
                "api_key_secret_changed": input.api_key_secret.is_some(),
            });
            audit::note(
                tx,
                caller,
                now,
                "carrier.change",
                account.id.as_str(),
                detail,
            )
            .await?;
            Ok(account.id)
        })
        .await?;
    // What comes in with the old token is not believed any longer than this, here and on the other nodes.
    carrier::changed(app, &caller.org).await;
    if let Some(verdict) = &mut verdict {
        for check in made(app, caller, &row).await? {
            verdict.push(check);
        }
    }
    let stored = caller
        .read(async |tx| Ok(carriers::find(tx, &row).await?))
        .await?;
    Ok(Json(SavedCarrier {
        account: view(stored, &app.config),
        verdict,
    }))
}

/// What is made by itself once the account is saved; what fails is told and can be repaired.
async fn made(
    app: &App,
    caller: &Caller<may::ManageCarrier>,
    id: &CarrierId,
) -> Result<Vec<Check>, ApiError> {
    match carrier::of_id(&app.db, &app.keys, &caller.org, id).await? {
        Some(account) => Ok(carrier::set_up(app, &account, true).await?),
        None => Ok(Vec::new()),
    }
}

/// Red: nothing is saved, and the field that is to blame is named.
fn refused(reason: Reason, verdict: &Verdict) -> ApiError {
    let wrong = verdict.checks.iter().find(|check| !check.ok);
    let words = |check: &Check| match &check.cure {
        Some(cure) => format!("{} {cure}", check.detail),
        None => check.detail.clone(),
    };
    let detail = wrong.map(words).unwrap_or_default();
    if reason == Reason::Unreachable {
        return ApiError::Carrier {
            code: "carrier_unreachable",
            detail,
            carrier_code: None,
        };
    }
    let more = [
        ("reason", json!(reason.as_str())),
        ("verdict", json!(verdict)),
    ];
    ApiError::Verdict {
        field: reason.field(),
        detail,
        more: more
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<Map<_, _>>(),
    }
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
