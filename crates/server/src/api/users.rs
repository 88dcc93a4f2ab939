//! The people of an organization, for those who manage them.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use offhook_core::id::{NumberId, QueueId, UserId};
use offhook_store::credentials::{self, Link, LinkPurpose};
use offhook_store::users::{self, Member, Membership, User};
use offhook_store::{Tx, numbers, queues};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, Page, PageQuery, Params, audit, patch, phone};
use crate::app::App;
use crate::auth::{Caller, Identity, Role, may, token};
use crate::error::{ApiError, Problem};

/// How long an invitation or a reset link can be used.
const LINK_LIFE: TimeDelta = TimeDelta::days(7);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, change))
        .routes(routes!(reset))
}

/// A person of the organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserView {
    id: String,
    name: String,
    email: String,
    role: Role,
    /// May log in and take calls.
    active: bool,
    /// Has not used the one-time link yet.
    invited: bool,
    /// The ids of the queues whose calls this person is offered.
    queues: Vec<String>,
    /// E.164: takes calls on this phone instead of the softphone.
    own_phone: Option<String>,
    /// The id of the number shown by default.
    caller_number: Option<String>,
    created_at: DateTime<Utc>,
}

/// A new person.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewUser {
    email: String,
    name: String,
    role: Role,
    /// Ids of queues; every queue when left out.
    queues: Option<Vec<String>>,
}

/// A person with the one-time link to send to them; it is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserWithLink {
    #[serde(flatten)]
    user: UserView,
    link: String,
    link_expires_at: DateTime<Utc>,
}

/// What to change about a person.
#[derive(Deserialize, ToSchema)]
pub(crate) struct UserChange {
    name: Option<String>,
    email: Option<String>,
    role: Option<Role>,
    /// `false` ends the person's sessions at once.
    active: Option<bool>,
    queues: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    own_phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    caller_number: Option<Option<String>>,
}

/// A one-time link; it is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct OneTimeLink {
    link: String,
    expires_at: DateTime<Utc>,
}

fn view(member: Member, queues: Vec<QueueId>) -> UserView {
    UserView {
        id: member.user.id.into(),
        name: member.user.name,
        email: member.user.email,
        role: member.membership.role.into(),
        active: member.membership.active,
        invited: member.user.password_hash.is_none(),
        queues: queues.into_iter().map(String::from).collect(),
        own_phone: member.membership.own_phone,
        caller_number: member.membership.caller_number.map(String::from),
        created_at: member.membership.created_at,
    }
}

/// The person with this id, if they belong to the caller's organization.
async fn find(tx: &mut Tx, id: &str) -> Result<Member, ApiError> {
    let not_found = || ApiError::NotFound("user");
    let id = UserId::parse(id).map_err(|_| not_found())?;
    let org = tx.org_id().clone();
    users::member(tx, &org, &id).await?.ok_or_else(not_found)
}

/// The people of the organization, newest first.
#[utoipa::path(get, path = "/users", tag = "users", params(PageQuery), responses((status = 200, body = Page<UserView>)))]
async fn list(
    caller: Caller<may::ManageUsers>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<UserView>>, ApiError> {
    let (places, members) = caller
        .read(async |tx| {
            let places = queues::all_members(tx).await?;
            Ok((places, users::members(tx, &caller.org).await?))
        })
        .await?;
    let place = |member: &Member| (member.membership.created_at, member.user.id.to_string());
    let shown = |member: Member| {
        let theirs = places.iter().filter(|(_, user)| *user == member.user.id);
        let queues = theirs.map(|(queue, _)| queue.clone()).collect();
        view(member, queues)
    };
    Page::of_all(members, &query, place, shown).map(Json)
}

/// One person.
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = String, Path)), responses(
    (status = 200, body = UserView), (status = 404, body = Problem)))]
async fn get(
    caller: Caller<may::ManageUsers>,
    Path(id): Path<String>,
) -> Result<Json<UserView>, ApiError> {
    caller.read(async |tx| shown(tx, &id).await).await.map(Json)
}

async fn shown(tx: &mut Tx, id: &str) -> Result<UserView, ApiError> {
    let member = find(tx, id).await?;
    let queues = queues::queues_of(tx, &member.user.id).await?;
    Ok(view(member, queues))
}

/// Add a person; the answer holds the one-time link by which they choose a password.
#[utoipa::path(post, path = "/users", tag = "users", request_body = NewUser, responses(
    (status = 201, body = UserWithLink), (status = 409, body = Problem, description = "`email_taken`"), (status = 422, body = Problem)))]
async fn add(
    caller: Caller<may::ManageUsers>,
    Body(new): Body<NewUser>,
) -> Result<(StatusCode, Json<UserWithLink>), ApiError> {
    let email = patch::email("email", &new.email)?;
    let name = patch::text("name", &new.name, 100)?;
    may_give(&caller, new.role)?;
    let app = caller.app();
    let (now, id) = (app.clock.now(), UserId::new(uuid::Uuid::now_v7()));
    let secret = token::mint(token::LINK);
    let user = caller
        .write(async |tx| {
            let user = User {
                id: id.clone(),
                email: email.clone(),
                name: name.clone(),
                password_hash: None,
                created_at: now,
                updated_at: now,
            };
            users::insert(tx, &user).await.map_err(email_taken)?;
            users::save_membership(tx, &place(caller.org.clone(), &id, new.role, now)).await?;
            let queues = match &new.queues {
                Some(chosen) => known_queues(tx, chosen).await?,
                None => queues::list(tx).await?.into_iter().map(|q| q.id).collect(),
            };
            queues::set_queues_of(tx, &id, &queues).await?;
            save_link(tx, &caller, &id, LinkPurpose::Invite, &secret, now).await?;
            audit::note(
                tx,
                &caller,
                now,
                "user.add",
                id.as_str(),
                json!({"role": new.role}),
            )
            .await?;
            shown(tx, id.as_str()).await
        })
        .await?;
    let answer = UserWithLink {
        user,
        link: link_url(app, &secret),
        link_expires_at: now + LINK_LIFE,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

fn place(
    org: offhook_core::id::OrgId,
    user: &UserId,
    role: Role,
    now: DateTime<Utc>,
) -> Membership {
    Membership {
        org,
        user: user.clone(),
        role: role.into(),
        active: true,
        own_phone: None,
        caller_number: None,
        created_at: now,
        updated_at: now,
    }
}

fn email_taken(error: offhook_store::Error) -> ApiError {
    if error.is_conflict("users_email") {
        return ApiError::conflict(
            "email_taken",
            "somebody uses this e-mail already; every person needs an own one",
        );
    }
    error.into()
}

/// Nobody gives more than they have.
fn may_give(giver: &Identity, role: Role) -> Result<(), ApiError> {
    if role <= giver.role {
        return Ok(());
    }
    Err(ApiError::Forbidden(format!(
        "only somebody with the role {} can give it",
        role.as_str()
    )))
}

async fn known_queues(tx: &mut Tx, ids: &[String]) -> Result<Vec<QueueId>, ApiError> {
    let known = queues::list(tx).await?;
    ids.iter()
        .map(|id| {
            let found = known.iter().find(|q| q.id.as_str() == id);
            found.map(|q| q.id.clone()).ok_or_else(|| {
                ApiError::invalid(
                    "queues",
                    "there is no such queue; GET /api/v1/queues lists them",
                )
            })
        })
        .collect()
}

fn link_url(app: &App, secret: &str) -> String {
    app.config.url(&format!("/setup/{secret}"))
}

async fn save_link(
    tx: &mut Tx,
    by: &Identity,
    user: &UserId,
    purpose: LinkPurpose,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    let link = Link {
        purpose,
        org: Some(by.org.clone()),
        user: Some(user.clone()),
        created_by: Some(by.user.clone()),
        created_at: now,
        expires_at: now + LINK_LIFE,
    };
    Ok(credentials::insert_link(tx, &link, &token::hash(secret)).await?)
}

/// Change a person.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = String, Path)), request_body = UserChange, responses(
    (status = 200, body = UserView), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`last_owner`, `yourself` or `email_taken`")))]
async fn change(
    caller: Caller<may::ManageUsers>,
    Path(id): Path<String>,
    Body(change): Body<UserChange>,
) -> Result<Json<UserView>, ApiError> {
    let now = caller.app().clock.now();
    let view = caller
        .write(async |tx| {
            let before = find(tx, &id).await?;
            may_give(&caller, before.membership.role.into())?;
            let mut membership = before.membership.clone();
            membership.updated_at = now;
            if let Some(role) = change.role {
                may_give(&caller, role)?;
                membership.role = role.into();
            }
            membership.active = change.active.unwrap_or(membership.active);
            if let Some(own) = &change.own_phone {
                membership.own_phone = phone::optional(tx, "own_phone", own.as_deref()).await?;
            }
            if let Some(number) = &change.caller_number {
                membership.caller_number = known_number(tx, number.as_deref()).await?;
            }
            keeps_an_owner(tx, &caller, &before, &membership).await?;
            users::save_membership(tx, &membership).await?;
            rename(tx, &before, &change, now).await?;
            if let Some(chosen) = &change.queues {
                let queues = known_queues(tx, chosen).await?;
                queues::set_queues_of(tx, &before.user.id, &queues).await?;
            }
            if !membership.active {
                credentials::end_sessions_of(tx, &before.user.id, None).await?;
            }
            let detail =
                json!({"role": change.role, "active": change.active, "queues": change.queues});
            audit::note(
                tx,
                &caller,
                now,
                "user.change",
                before.user.id.as_str(),
                detail,
            )
            .await?;
            shown(tx, &id).await
        })
        .await?;
    // An own phone, a queue or a place taken away changes what this person can be offered.
    if let Ok(user) = UserId::parse(&view.id) {
        caller.app().live.stir(&caller.org, &user);
    }
    Ok(Json(view))
}

async fn rename(
    tx: &mut Tx,
    before: &Member,
    change: &UserChange,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    if change.name.is_none() && change.email.is_none() {
        return Ok(());
    }
    let name = patch::text(
        "name",
        change.name.as_deref().unwrap_or(&before.user.name),
        100,
    )?;
    let email = patch::email(
        "email",
        change.email.as_deref().unwrap_or(&before.user.email),
    )?;
    users::rename(tx, &before.user.id, &name, &email, now)
        .await
        .map_err(email_taken)
}

async fn known_number(tx: &mut Tx, id: Option<&str>) -> Result<Option<NumberId>, ApiError> {
    let Some(id) = id else { return Ok(None) };
    let known = numbers::list(tx)
        .await?
        .into_iter()
        .find(|n| n.id.as_str() == id);
    known.map(|n| Some(n.id)).ok_or_else(|| {
        ApiError::invalid(
            "caller_number",
            "there is no such number; GET /api/v1/numbers lists them",
        )
    })
}

/// An organization never loses its last owner, and nobody shuts themselves out.
async fn keeps_an_owner(
    tx: &mut Tx,
    caller: &Identity,
    before: &Member,
    after: &Membership,
) -> Result<(), ApiError> {
    let is_owner = |m: &Membership| m.active && Role::from(m.role) == Role::Owner;
    if caller.user == after.user && !after.active {
        return Err(ApiError::conflict(
            "yourself",
            "you cannot deactivate yourself; ask another admin",
        ));
    }
    if !is_owner(&before.membership) || is_owner(after) {
        return Ok(());
    }
    let others = users::members(tx, &caller.org).await?;
    if others
        .iter()
        .any(|m| m.user.id != after.user && is_owner(&m.membership))
    {
        return Ok(());
    }
    Err(ApiError::conflict(
        "last_owner",
        "this is the last owner; make somebody else an owner first",
    ))
}

/// Make a one-time link by which a person chooses a new password.
#[utoipa::path(post, path = "/users/{id}/reset", tag = "users", params(("id" = String, Path)), responses(
    (status = 201, body = OneTimeLink), (status = 404, body = Problem)))]
async fn reset(
    caller: Caller<may::ManageUsers>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<OneTimeLink>), ApiError> {
    let app = caller.app();
    let now = app.clock.now();
    let secret = token::mint(token::LINK);
    caller
        .write(async |tx| {
            let member = find(tx, &id).await?;
            may_give(&caller, member.membership.role.into())?;
            let purpose = if member.user.password_hash.is_some() {
                LinkPurpose::Reset
            } else {
                LinkPurpose::Invite
            };
            save_link(tx, &caller, &member.user.id, purpose, &secret, now).await?;
            audit::note(
                tx,
                &caller,
                now,
                "user.reset",
                member.user.id.as_str(),
                json!({}),
            )
            .await
        })
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(OneTimeLink {
            link: link_url(app, &secret),
            expires_at: now + LINK_LIFE,
        }),
    ))
}
