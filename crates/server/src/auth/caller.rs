//! `Caller<Permission>`: who calls, proven by the credential, and the only door from a handler to an organization's rows.

use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use chrono::TimeDelta;
use offhook_core::id::{ApiKeyId, OrgId, SessionId, UserId};
use offhook_store::users::Member;
use offhook_store::{Reason, Tx, credentials, organizations, users};

use super::cookie;
use super::permission::{Permission, Permit, Role};
use super::token;
use crate::app::App;
use crate::error::ApiError;

/// How long a session lives after its last use.
pub const SESSION_LIFE: TimeDelta = TimeDelta::days(14);
/// How coarsely the last use is kept: not every request is worth a write.
const TOUCH_AFTER: TimeDelta = TimeDelta::minutes(5);

/// How somebody proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A log-in.
    Session(SessionId),
    /// An API key.
    ApiKey(ApiKeyId),
}

/// Somebody whose credential was found good.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The organization that the request is about.
    pub org: OrgId,
    /// The person.
    pub user: UserId,
    /// The person's name.
    pub name: String,
    /// What the person is in that organization.
    pub role: Role,
    /// By what it was proven.
    pub credential: Credential,
}

/// Somebody who may do `P`.
pub struct Caller<P> {
    /// Who.
    pub identity: Identity,
    app: App,
    permission: PhantomData<P>,
}

impl<P> std::ops::Deref for Caller<P> {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.identity
    }
}

impl Identity {
    /// Whether the role allows something.
    pub fn may(&self, permission: Permission) -> bool {
        permission.granted_to(self.role)
    }

    /// Refuses what the role does not allow.
    pub fn require(&self, permission: Permission) -> Result<(), ApiError> {
        if self.may(permission) {
            return Ok(());
        }
        let least = permission.least_role().as_str();
        Err(ApiError::Forbidden(format!(
            "this needs the role {least}; you are {}",
            self.role.as_str()
        )))
    }
}

impl<P> Caller<P> {
    /// Reads the organization's rows.
    pub async fn read<T>(
        &self,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.app.db.read(&self.identity.org, work).await
    }

    /// Changes the organization's rows, all or nothing, and sends on what the change caused.
    pub async fn write<T>(
        &self,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, ApiError> + Clone,
    ) -> Result<T, ApiError> {
        self.app.write(&self.identity.org, work).await
    }

    /// The server's shared parts.
    pub fn app(&self) -> &App {
        &self.app
    }
}

impl<P, S> FromRequestParts<S> for Caller<P>
where
    P: Permit,
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let app = App::from_ref(state);
        let identity = authenticate(&app, parts).await?;
        identity.require(P::PERMISSION)?;
        Ok(Self {
            identity,
            app,
            permission: PhantomData,
        })
    }
}

async fn authenticate(app: &App, parts: &Parts) -> Result<Identity, ApiError> {
    let Some(presented) = presented(app, &parts.headers) else {
        app.limits.stranger(client_ip(app, parts))?;
        return Err(ApiError::Unauthorized);
    };
    let slug = parts
        .headers
        .get("x-organization-slug")
        .and_then(|v| v.to_str().ok());
    let found = identify(app, &presented.token, slug).await;
    let identity = match found {
        Err(ApiError::Unauthorized) => {
            app.limits.stranger(client_ip(app, parts))?;
            return Err(ApiError::Unauthorized);
        }
        other => other?,
    };
    if presented.by_cookie && !is_safe(&parts.method) {
        check_csrf(&parts.headers, &presented.token)?;
    }
    app.limits.credential(&token::hash(&presented.token))?;
    Ok(identity)
}

/// A token that came with a request.
pub(crate) struct Presented {
    pub token: String,
    /// By a cookie, which browsers send without being asked.
    pub by_cookie: bool,
}

/// The token of a request: the header's before the cookie's, since a header was sent on purpose.
pub(crate) fn presented(app: &App, headers: &HeaderMap) -> Option<Presented> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| Presented {
            token: token.trim().to_owned(),
            by_cookie: false,
        });
    }
    cookie::read(&app.config, headers).map(|token| Presented {
        token,
        by_cookie: true,
    })
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn check_csrf(headers: &HeaderMap, session: &str) -> Result<(), ApiError> {
    let sent = headers
        .get("x-csrf-token")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if token::same(sent, &token::csrf(session)) {
        Ok(())
    } else {
        Err(ApiError::Csrf)
    }
}

/// Finds out whose token this is, and in which of that person's organizations the request moves.
pub(crate) async fn identify(
    app: &App,
    presented: &str,
    slug: Option<&str>,
) -> Result<Identity, ApiError> {
    let now = app.clock.now();
    let hash = token::hash(presented);
    let by_key = presented.starts_with(token::API_KEY);
    let (identity, stale) = app
        .db
        .system(Reason::Credentials)
        .read(async |conn| {
            let (org, user, credential, last_used) = if by_key {
                let key = credentials::api_key(conn, &hash)
                    .await?
                    .ok_or(ApiError::Unauthorized)?;
                (
                    key.org,
                    key.user,
                    Credential::ApiKey(key.id),
                    key.last_used_at,
                )
            } else {
                let session = credentials::session(conn, &hash, now)
                    .await?
                    .ok_or(ApiError::Unauthorized)?;
                (
                    session.org,
                    session.user,
                    Credential::Session(session.id),
                    Some(session.last_seen_at),
                )
            };
            let org = match (slug, by_key) {
                (Some(slug), false) => {
                    let chosen = organizations::by_slug(conn, slug).await?;
                    chosen
                        .map(|o| o.id)
                        .ok_or(ApiError::NotFound("organization"))?
                }
                _ => org,
            };
            let member = users::member(conn, &org, &user)
                .await?
                .filter(|m| m.membership.active);
            let member = match (member, slug) {
                (Some(member), _) => member,
                (None, Some(_)) => return Err(ApiError::NotFound("organization")),
                (None, None) => return Err(ApiError::Unauthorized),
            };
            let stale = last_used.is_none_or(|at| now - at > TOUCH_AFTER);
            Ok((identity(&member, credential), stale))
        })
        .await?;
    if stale {
        touch(app, identity.credential.clone());
    }
    Ok(identity)
}

fn identity(member: &Member, credential: Credential) -> Identity {
    Identity {
        org: member.membership.org.clone(),
        user: member.user.id.clone(),
        name: member.user.name.clone(),
        role: member.membership.role.into(),
        credential,
    }
}

/// Notes the use of a credential; the request does not wait for it.
fn touch(app: &App, credential: Credential) {
    let parts = app.clone();
    app.spawn(async move {
        let now = parts.clock.now();
        let noted = parts
            .db
            .system(Reason::Credentials)
            .write(async |conn| match &credential {
                Credential::Session(id) => {
                    credentials::touch_session(conn, id, now, now + SESSION_LIFE).await
                }
                Credential::ApiKey(id) => credentials::touch_api_key(conn, id, now).await,
            })
            .await;
        if let Err(error) = noted {
            tracing::debug!(%error, "the last use of a credential was not noted");
        }
    });
}

/// The address a request came from; the proxy's word only where the configuration trusts it.
pub(crate) fn client_ip(app: &App, parts: &Parts) -> IpAddr {
    if app.config.trust_proxy {
        let forwarded = parts
            .headers
            .get("x-forwarded-for")
            .and_then(|v| v.to_str().ok());
        let nearest = forwarded
            .and_then(|list| list.rsplit(',').next())
            .and_then(|ip| ip.trim().parse().ok());
        if let Some(ip) = nearest {
            return ip;
        }
    }
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| {
            address.ip()
        })
}

/// The address of a client who has no credential yet.
pub struct ClientIp(pub IpAddr);

impl<S> FromRequestParts<S> for ClientIp
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(client_ip(&App::from_ref(state), parts)))
    }
}

/// The session's token itself, for the answers that are made from it (CSRF token, log-out).
pub(crate) fn session_token(app: &App, headers: &HeaderMap) -> Option<String> {
    presented(app, headers)
        .map(|p| p.token)
        .filter(|token| token.starts_with(token::SESSION))
}
