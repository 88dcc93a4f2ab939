//! API keys: programs that act as the person who made them.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use offhook_core::id::ApiKeyId;
use offhook_store::credentials::{self, ApiKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, Page, PageQuery, Params, audit, patch};
use crate::app::App;
use crate::auth::{Caller, may, token};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(revoke))
}

/// An API key, without the key.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeyView {
    id: String,
    name: String,
    /// Its first letters, to know it by.
    hint: String,
    /// The id of the person as whom it acts.
    user: String,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

/// A new API key.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewApiKey {
    /// What it is for.
    name: String,
}

/// A new API key with the key itself, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeyWithSecret {
    #[serde(flatten)]
    api_key: ApiKeyView,
    /// To be sent as `Authorization: Bearer …`.
    key: String,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.into(),
            name: key.name,
            hint: key.hint,
            user: key.user.into(),
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

/// The API keys, newest first, the revoked ones too.
#[utoipa::path(get, path = "/api-keys", tag = "api-keys", params(PageQuery), responses((status = 200, body = Page<ApiKeyView>)))]
async fn list(
    caller: Caller<may::ManageApiKeys>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<ApiKeyView>>, ApiError> {
    let all = caller
        .read(async |tx| Ok(credentials::api_keys(tx, &caller.org).await?))
        .await?;
    let place = |key: &ApiKey| (key.created_at, key.id.to_string());
    Page::of_all(all, &query, place, ApiKeyView::from).map(Json)
}

/// Make an API key that acts as oneself.
#[utoipa::path(post, path = "/api-keys", tag = "api-keys", request_body = NewApiKey, responses(
    (status = 201, body = ApiKeyWithSecret), (status = 422, body = Problem)))]
async fn add(
    caller: Caller<may::ManageApiKeys>,
    Body(new): Body<NewApiKey>,
) -> Result<(StatusCode, Json<ApiKeyWithSecret>), ApiError> {
    let now = caller.app().clock.now();
    let secret = token::mint(token::API_KEY);
    let key = ApiKey {
        id: ApiKeyId::new(uuid::Uuid::now_v7()),
        hint: format!("{}…", &secret[..token::API_KEY.len() + 4]),
        org: caller.org.clone(),
        user: caller.user.clone(),
        name: patch::text("name", &new.name, 100)?,
        created_at: now,
        last_used_at: None,
        revoked_at: None,
    };
    caller
        .write(async |tx| {
            credentials::insert_api_key(tx, &key, &token::hash(&secret)).await?;
            audit::note(
                tx,
                &caller,
                now,
                "api_key.add",
                key.id.as_str(),
                json!({"name": key.name}),
            )
            .await
        })
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(ApiKeyWithSecret {
            api_key: key.into(),
            key: secret,
        }),
    ))
}

/// Revoke an API key; it is refused from the next request on.
#[utoipa::path(delete, path = "/api-keys/{id}", tag = "api-keys", params(("id" = String, Path)), responses(
    (status = 204, description = "Revoked"), (status = 404, body = Problem)))]
async fn revoke(
    caller: Caller<may::ManageApiKeys>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let now = caller.app().clock.now();
    let id = ApiKeyId::parse(&id).map_err(|_| ApiError::NotFound("API key"))?;
    caller
        .write(async |tx| {
            let revoked = credentials::revoke_api_key(tx, &caller.org, &id, now).await;
            revoked.map_err(|error| ApiError::missing(error, "API key"))?;
            audit::note(tx, &caller, now, "api_key.revoke", id.as_str(), json!({})).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
