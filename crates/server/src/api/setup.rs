//! One-time links: the first run, an invitation, a new password.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use offhook_core::id::{OrgId, UserId};
use offhook_store::credentials::{self, Link, LinkPurpose};
use offhook_store::{Reason, organizations, users};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::session::{SignedIn, signed_in};
use super::{Body, patch};
use crate::app::App;
use crate::auth::{ClientIp, password, token};
use crate::error::{ApiError, Problem};
use crate::seed::{self, FirstRun};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(look, use_link))
}

/// What a link is good for.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetupLink {
    valid: bool,
    /// `setup`, `invite` or `reset`.
    purpose: &'static str,
    /// Whose invitation or new password it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
}

/// The answers to a link's questions: all of them on the first run, only the password otherwise.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Answers {
    /// The organization's name.
    organization: Option<String>,
    /// Its short name in addresses; made from the name when left out.
    slug: Option<String>,
    /// ISO 3166 alpha-2.
    country: Option<String>,
    /// The owner's name.
    name: Option<String>,
    /// The owner's e-mail.
    email: Option<String>,
    /// The password to log in with.
    password: String,
}

fn spent() -> ApiError {
    ApiError::Gone(
        "this link was used or has run out; ask whoever gave it to you for a new one".to_owned(),
    )
}

async fn find(app: &App, link: &str) -> Result<Link, ApiError> {
    let (hash, now) = (token::hash(link), app.clock.now());
    let found = app
        .db
        .system(Reason::Credentials)
        .read(async |conn| credentials::link(conn, &hash, now).await)
        .await?;
    found.ok_or_else(spent)
}

/// See what a one-time link is for.
#[utoipa::path(get, path = "/setup/{link}", tag = "session", params(("link" = String, Path)), responses(
    (status = 200, body = SetupLink), (status = 410, body = Problem, description = "Used or run out")))]
async fn look(
    State(app): State<App>,
    ClientIp(ip): ClientIp,
    Path(link): Path<String>,
) -> Result<Json<SetupLink>, ApiError> {
    app.limits.log_in(ip)?;
    let link = find(&app, &link).await?;
    let purpose = match link.purpose {
        LinkPurpose::Setup => "setup",
        LinkPurpose::Invite => "invite",
        LinkPurpose::Reset => "reset",
    };
    let (Some(org), Some(user)) = (link.org, link.user) else {
        return Ok(Json(SetupLink {
            valid: true,
            purpose,
            name: None,
            email: None,
            organization: None,
        }));
    };
    let (user, org) = app
        .db
        .system(Reason::Credentials)
        .read(async |conn| {
            Ok::<_, ApiError>((
                users::get(conn, &user).await?,
                organizations::get(conn, &org).await?,
            ))
        })
        .await?;
    let (name, email, organization) = (Some(user.name), Some(user.email), Some(org.name));
    Ok(Json(SetupLink {
        valid: true,
        purpose,
        name,
        email,
        organization,
    }))
}

/// Use a one-time link; it logs in.
#[utoipa::path(post, path = "/setup/{link}", tag = "session", params(("link" = String, Path)), request_body = Answers, responses(
    (status = 201, body = SignedIn), (status = 410, body = Problem, description = "Used or run out"),
    (status = 422, body = Problem, description = "An answer is missing or not acceptable")))]
async fn use_link(
    State(app): State<App>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    Path(link): Path<String>,
    Body(answers): Body<Answers>,
) -> Result<Response, ApiError> {
    app.limits.log_in(ip)?;
    let found = find(&app, &link).await?;
    password::acceptable("password", &answers.password)?;
    let first_run = match found.purpose {
        LinkPurpose::Setup => Some(first_run(&app, &answers)?),
        LinkPurpose::Invite | LinkPurpose::Reset => None,
    };
    let password_hash = app.passwords.hash(&answers.password).await?;
    let (org, user) = match (first_run, found.org, found.user) {
        (Some(first), _, _) => make_organization(&app, &link, &first, &password_hash).await?,
        (None, Some(org), Some(user)) => {
            set_password(&app, &link, org, user, &password_hash).await?
        }
        _ => return Err(spent()),
    };
    signed_in(&app, &org, &user, &headers).await
}

fn first_run(app: &App, answers: &Answers) -> Result<FirstRun, ApiError> {
    let given = |field: &str, value: &Option<String>| {
        patch::text(field, value.as_deref().unwrap_or_default(), 100)
    };
    let organization = given("organization", &answers.organization)?;
    let slug = match patch::optional("slug", answers.slug.as_deref(), 60)? {
        Some(slug) if seed::slug_of(&slug) == slug => slug,
        Some(_) => {
            return Err(ApiError::invalid(
                "slug",
                "use small letters, digits and single hyphens",
            ));
        }
        None => seed::slug_of(&organization),
    };
    Ok(FirstRun {
        country: super::organization::country(
            "country",
            answers.country.as_deref().unwrap_or_default(),
        )?,
        slug,
        organization,
        name: given("name", &answers.name)?,
        email: patch::email("email", answers.email.as_deref().unwrap_or_default())?,
        carrier: app.config.carrier.clone(),
        at: app.clock.now(),
    })
}

async fn make_organization(
    app: &App,
    link: &str,
    first: &FirstRun,
    hash: &str,
) -> Result<(OrgId, UserId), ApiError> {
    let (token_hash, now) = (token::hash(link), app.clock.now());
    let org = OrgId::new(uuid::Uuid::now_v7());
    let user = app
        .write(&org, async |tx| {
            credentials::use_link(tx, &token_hash, now)
                .await?
                .ok_or_else(spent)?;
            seed::first_run(tx, &app.keys, first, hash).await
        })
        .await?;
    tracing::info!(org.id = %org, "an organization was set up");
    // The environment may have named a carrier account: what is missing there is made while nobody waits.
    crate::carrier::look_soon(app, &org);
    Ok((org, user))
}

async fn set_password(
    app: &App,
    link: &str,
    org: OrgId,
    user: UserId,
    hash: &str,
) -> Result<(OrgId, UserId), ApiError> {
    let (token_hash, now) = (token::hash(link), app.clock.now());
    app.write(&org, async |tx| {
        credentials::use_link(tx, &token_hash, now)
            .await?
            .ok_or_else(spent)?;
        let member = users::member(tx, &org, &user)
            .await?
            .filter(|m| m.membership.active)
            .ok_or_else(spent)?;
        users::set_password(tx, &member.user.id, hash, now).await?;
        credentials::end_sessions_of(tx, &member.user.id, None).await?;
        Ok::<_, ApiError>(())
    })
    .await?;
    Ok((org, user))
}
