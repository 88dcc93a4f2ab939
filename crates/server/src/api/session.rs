//! Logging in and out, who one is, the own password.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use offhook_core::id::{OrgId, UserId};
use offhook_store::users::Member;
use offhook_store::{Conn, Reason, credentials, organizations, users};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Body;
use super::presence::Presence;
use crate::app::App;
use crate::auth::caller::{self, Caller, ClientIp, Credential, Identity};
use crate::auth::{Permission, Role, lockout, may, password, session, token};
use crate::error::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(log_in, log_out))
        .routes(routes!(me))
        .routes(routes!(change_password))
}

/// A log-in.
#[derive(Deserialize, ToSchema)]
pub(crate) struct LogIn {
    email: String,
    password: String,
}

/// The person of a session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionUser {
    id: String,
    email: String,
    name: String,
    role: Role,
}

/// The organization of a session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionOrganization {
    id: String,
    slug: String,
    name: String,
    /// ISO 3166 alpha-2: how numbers without a country's code are read.
    country: String,
    currency: String,
}

/// Who one is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    user: SessionUser,
    organization: SessionOrganization,
    /// What the role allows.
    permissions: Vec<Permission>,
    /// To be sent as `X-CSRF-Token` by a session that lives in a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
    /// The demo: log-ins belong to one tab each.
    demo: bool,
    presence: Presence,
}

/// A session that has just begun.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedIn {
    /// To be sent as `Authorization: Bearer …`; browsers have it in a cookie as well.
    token: String,
    expires_at: DateTime<Utc>,
    #[serde(flatten)]
    me: Me,
}

/// Log in.
#[utoipa::path(post, path = "/session", tag = "session", request_body = LogIn, responses(
    (status = 201, body = SignedIn, description = "A session; also as a cookie"),
    (status = 401, body = Problem, description = "`wrong_login`"),
    (status = 429, body = Problem, description = "`locked_out` or `rate_limited`")))]
async fn log_in(
    State(app): State<App>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    Body(log_in): Body<LogIn>,
) -> Result<Response, ApiError> {
    app.limits.log_in(ip)?;
    lockout::check(&app, &log_in.email).await?;
    let user = app
        .db
        .system(Reason::Credentials)
        .read(async |conn| users::by_email(conn, &log_in.email).await)
        .await?;
    let stored = user.as_ref().and_then(|u| u.password_hash.as_deref());
    if !app.passwords.check(&log_in.password, stored).await? {
        return Err(lockout::failed(&app, &log_in.email).await);
    }
    let Some(user) = user else {
        return Err(ApiError::WrongLogin);
    };
    lockout::succeeded(&app, &log_in.email).await?;
    let wanted = headers
        .get("x-organization-slug")
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned);
    let org = choose_organization(&app, &user.id, wanted.as_deref()).await?;
    signed_in(&app, &org, &user.id, &headers).await
}

async fn choose_organization(
    app: &App,
    user: &UserId,
    slug: Option<&str>,
) -> Result<OrgId, ApiError> {
    app.db
        .system(Reason::Credentials)
        .read(async |conn| {
            let places = users::memberships_of(conn, user).await?;
            let chosen = match slug {
                Some(slug) => organizations::by_slug(conn, slug).await?.map(|org| org.id),
                None => places.first().map(|place| place.membership.org.clone()),
            };
            chosen
                .filter(|org| places.iter().any(|p| p.membership.org == *org))
                .ok_or(ApiError::WrongLogin)
        })
        .await
}

/// Begins a session and answers with it.
pub(super) async fn signed_in(
    app: &App,
    org: &OrgId,
    user: &UserId,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned);
    let begun = session::begin(app, org, user, agent).await?;
    let me = who(app, org, user, Some(token::csrf(&begun.token))).await?;
    let body = SignedIn {
        token: begun.token,
        expires_at: begun.expires_at,
        me,
    };
    Ok((StatusCode::CREATED, begun.headers, Json(body)).into_response())
}

async fn who(app: &App, org: &OrgId, user: &UserId, csrf: Option<String>) -> Result<Me, ApiError> {
    let (member, organization) = app
        .db
        .system(Reason::Credentials)
        .read(async |conn| member_and_organization(conn, org, user).await)
        .await?;
    let now = app.clock.now();
    let presence = app
        .db
        .read(org, async |tx| {
            super::presence::of_agent(tx, user, now).await
        })
        .await?;
    let role = Role::from(member.membership.role);
    Ok(Me {
        user: SessionUser {
            id: member.user.id.into(),
            email: member.user.email,
            name: member.user.name,
            role,
        },
        organization: SessionOrganization {
            id: organization.id.into(),
            slug: organization.slug,
            name: organization.name,
            country: organization.country,
            currency: organization.currency,
        },
        permissions: Permission::ALL
            .iter()
            .copied()
            .filter(|p| p.granted_to(role))
            .collect(),
        csrf,
        demo: app.config.demo.is_some(),
        presence,
    })
}

async fn member_and_organization(
    conn: &mut Conn,
    org: &OrgId,
    user: &UserId,
) -> Result<(Member, organizations::Organization), ApiError> {
    let member = users::member(conn, org, user)
        .await?
        .ok_or(ApiError::Unauthorized)?;
    Ok((member, organizations::get(conn, org).await?))
}

/// Who one is.
#[utoipa::path(get, path = "/me", tag = "session", responses((status = 200, body = Me)))]
async fn me(caller: Caller<may::Work>, headers: HeaderMap) -> Result<Json<Me>, ApiError> {
    let csrf = caller::session_token(caller.app(), &headers).map(|token| token::csrf(&token));
    who(caller.app(), &caller.org, &caller.user, csrf)
        .await
        .map(Json)
}

/// Log out: the session ends everywhere.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "The session is over")))]
async fn log_out(caller: Caller<may::Work>) -> Result<Response, ApiError> {
    let Credential::Session(id) = &caller.credential else {
        return Err(ApiError::conflict(
            "not_a_session",
            "an API key does not log out; an admin can revoke it",
        ));
    };
    let app = caller.app();
    app.db
        .system(Reason::Credentials)
        .write(async |conn| credentials::end_session(conn, id).await)
        .await?;
    Ok((StatusCode::NO_CONTENT, session::ended(app)).into_response())
}

/// A new password for oneself.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewPassword {
    /// The password so far.
    current: String,
    /// The new one.
    new: String,
}

/// Change the own password; every other session of one's own ends.
#[utoipa::path(put, path = "/me/password", tag = "session", request_body = NewPassword, responses(
    (status = 204, description = "Changed"), (status = 422, body = Problem, description = "`current` is wrong or `new` is weak")))]
async fn change_password(
    caller: Caller<may::Work>,
    Body(change): Body<NewPassword>,
) -> Result<StatusCode, ApiError> {
    let app = caller.app();
    let user = app
        .db
        .system(Reason::Users)
        .read(async |conn| users::get(conn, &caller.user).await)
        .await?;
    lockout::check(app, &user.email).await?;
    if !app
        .passwords
        .check(&change.current, user.password_hash.as_deref())
        .await?
    {
        return Err(match lockout::failed(app, &user.email).await {
            ApiError::WrongLogin => ApiError::invalid("current", "this is not your password"),
            other => other,
        });
    }
    password::acceptable("new", &change.new)?;
    let hash = app.passwords.hash(&change.new).await?;
    replace_password(&caller.identity, app, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn replace_password(identity: &Identity, app: &App, hash: &str) -> Result<(), ApiError> {
    let now = app.clock.now();
    let stays = match &identity.credential {
        Credential::Session(id) => Some(id),
        Credential::ApiKey(_) => None,
    };
    app.write(&identity.org, async |tx| {
        users::set_password(tx, &identity.user, hash, now).await?;
        credentials::end_sessions_of(tx, &identity.user, stays).await?;
        super::audit::note(
            tx,
            identity,
            now,
            "password.change",
            identity.user.as_str(),
            serde_json::json!({}),
        )
        .await
    })
    .await
}
