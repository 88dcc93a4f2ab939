//! The organization's own settings.

use axum::Json;
use offhook_store::organizations::{self, Organization, Settings};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, audit, patch};
use crate::app::App;
use crate::auth::{Caller, Permission, may};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get, change))
}

/// The organization and its settings.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizationView {
    id: String,
    slug: String,
    name: String,
    /// ISO 3166 alpha-2: how numbers without a country's code are read.
    country: String,
    /// ISO 4217.
    currency: String,
    /// Calls are recorded.
    record_calls: bool,
    /// The recording notice is spoken first where a call is recorded.
    recording_notice: bool,
    /// Its text; null is the bundled one.
    recording_notice_text: Option<String>,
    /// The greeting of routes without one of their own; null is the bundled one.
    greeting: Option<String>,
    /// Countries that may be called beside the organization's own.
    allowed_countries: Vec<String>,
    /// Outbound calls at the same time.
    concurrent_limit: u32,
    /// Outbound calls that one agent may start in a minute.
    starts_per_minute: u32,
    wrap_up_seconds: u32,
    /// What an agent can say that a call meant.
    dispositions: Vec<String>,
    /// A forwarded call shows the caller's own number.
    forward_shows_caller: bool,
}

/// What to change; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
pub(crate) struct OrganizationChange {
    name: Option<String>,
    country: Option<String>,
    currency: Option<String>,
    record_calls: Option<bool>,
    /// Only an owner switches the notice off.
    recording_notice: Option<bool>,
    #[serde(default, deserialize_with = "patch::nullable")]
    recording_notice_text: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    greeting: Option<Option<String>>,
    allowed_countries: Option<Vec<String>>,
    /// 1 to 1000.
    concurrent_limit: Option<u32>,
    /// 1 to 60.
    starts_per_minute: Option<u32>,
    /// 0 to 600.
    wrap_up_seconds: Option<u32>,
    dispositions: Option<Vec<String>>,
    forward_shows_caller: Option<bool>,
}

impl From<Organization> for OrganizationView {
    fn from(org: Organization) -> Self {
        let Settings {
            record_calls,
            recording_notice,
            recording_notice_text,
            greeting,
            allowed_countries,
            concurrent_limit,
            starts_per_minute,
            wrap_up_seconds,
            dispositions,
            forward_shows_caller,
        } = org.settings;
        Self {
            id: org.id.into(),
            slug: org.slug,
            name: org.name,
            country: org.country,
            currency: org.currency,
            record_calls,
            recording_notice,
            recording_notice_text,
            greeting,
            allowed_countries,
            concurrent_limit,
            starts_per_minute,
            wrap_up_seconds,
            dispositions,
            forward_shows_caller,
        }
    }
}

/// The organization's settings.
#[utoipa::path(get, path = "/organization", tag = "organization", responses((status = 200, body = OrganizationView)))]
async fn get(caller: Caller<may::Work>) -> Result<Json<OrganizationView>, ApiError> {
    let org = caller
        .read(async |tx| Ok(organizations::get(tx, &caller.org).await?))
        .await?;
    Ok(Json(org.into()))
}

/// Change the organization's settings; every change is written down.
#[utoipa::path(patch, path = "/organization", tag = "organization", request_body = OrganizationChange, responses(
    (status = 200, body = OrganizationView), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn change(
    caller: Caller<may::ManageOrganization>,
    Body(change): Body<OrganizationChange>,
) -> Result<Json<OrganizationView>, ApiError> {
    let now = caller.app().clock.now();
    caller
        .write(async |tx| {
            let before = organizations::get(tx, &caller.org).await?;
            let silenced =
                before.settings.recording_notice && change.recording_notice == Some(false);
            if silenced {
                caller.require(Permission::SilenceNotice)?;
            }
            let mut after = merged(before.clone(), &change)?;
            after.updated_at = now;
            organizations::update(tx, &after).await?;
            let action = if silenced {
                "organization.recording_notice_off"
            } else {
                "organization.change"
            };
            let detail = json!({"before": before.settings, "after": after.settings});
            audit::note(tx, &caller, now, action, caller.org.as_str(), detail).await?;
            Ok(after)
        })
        .await
        .map(|org| Json(org.into()))
}

fn merged(mut org: Organization, change: &OrganizationChange) -> Result<Organization, ApiError> {
    if let Some(name) = &change.name {
        org.name = patch::text("name", name, 100)?;
    }
    if let Some(code) = &change.country {
        org.country = country("country", code)?;
    }
    if let Some(code) = &change.currency {
        org.currency = letters("currency", code, 3)?;
    }
    let settings = &mut org.settings;
    if let Some(text) = &change.recording_notice_text {
        settings.recording_notice_text =
            patch::optional("recording_notice_text", text.as_deref(), 1000)?;
    }
    if let Some(text) = &change.greeting {
        settings.greeting = patch::optional("greeting", text.as_deref(), 1000)?;
    }
    if let Some(codes) = &change.allowed_countries {
        settings.allowed_countries = codes
            .iter()
            .map(|code| country("allowed_countries", code))
            .collect::<Result<_, _>>()?;
    }
    if let Some(limit) = change.concurrent_limit {
        settings.concurrent_limit = patch::within("concurrent_limit", limit, 1, 1000)?;
    }
    if let Some(limit) = change.starts_per_minute {
        settings.starts_per_minute = patch::within("starts_per_minute", limit, 1, 60)?;
    }
    if let Some(seconds) = change.wrap_up_seconds {
        settings.wrap_up_seconds = patch::within("wrap_up_seconds", seconds, 0, 600)?;
    }
    if let Some(words) = &change.dispositions {
        settings.dispositions = words
            .iter()
            .map(|word| patch::text("dispositions", word, 40))
            .collect::<Result<_, _>>()?;
    }
    settings.record_calls = change.record_calls.unwrap_or(settings.record_calls);
    settings.recording_notice = change.recording_notice.unwrap_or(settings.recording_notice);
    settings.forward_shows_caller = change
        .forward_shows_caller
        .unwrap_or(settings.forward_shows_caller);
    Ok(org)
}

/// The two letters of a country that has phone numbers.
pub(super) fn country(field: &str, code: &str) -> Result<String, ApiError> {
    let code = letters(field, code, 2)?;
    if offhook_core::phone::is_country(&code) {
        return Ok(code);
    }
    Err(ApiError::invalid(field, format!("{code} is no country")))
}

fn letters(field: &str, code: &str, count: usize) -> Result<String, ApiError> {
    let code = code.trim().to_ascii_uppercase();
    if code.len() == count && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(code);
    }
    let example = if count == 2 {
        "two letters, such as US"
    } else {
        "three letters, such as USD"
    };
    Err(ApiError::invalid(field, format!("give its {example}")))
}
