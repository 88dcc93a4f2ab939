//! Beginning a session and answering with it: the same after a log-in, a set-up and an invitation.

use axum::http::{HeaderMap, header};
use chrono::{DateTime, Utc};
use offhook_core::id::{OrgId, SessionId, UserId};
use offhook_store::credentials::{self, Session};
use offhook_store::{Conn, Reason};

use super::caller::SESSION_LIFE;
use super::{cookie, token};
use crate::app::App;
use crate::error::ApiError;

/// A session that has just begun.
pub(crate) struct Begun {
    /// The token, shown this once.
    pub token: String,
    /// When the session ends unless it is used.
    pub expires_at: DateTime<Utc>,
    /// The header that gives a browser the token.
    pub headers: HeaderMap,
}

/// Begins a session for somebody whose right to it was just proven.
pub(crate) async fn begin(
    app: &App,
    org: &OrgId,
    user: &UserId,
    agent: Option<String>,
) -> Result<Begun, ApiError> {
    app.db
        .system(Reason::Credentials)
        .write(async |conn| begin_in(app, conn, org, user, agent.clone()).await)
        .await
}

async fn begin_in(
    app: &App,
    conn: &mut Conn,
    org: &OrgId,
    user: &UserId,
    agent: Option<String>,
) -> Result<Begun, ApiError> {
    let now = app.clock.now();
    let token = token::mint(token::SESSION);
    let session = Session {
        id: SessionId::new(uuid::Uuid::now_v7()),
        org: org.clone(),
        user: user.clone(),
        user_agent: agent.map(|name| name.chars().take(200).collect()),
        created_at: now,
        last_seen_at: now,
        expires_at: now + SESSION_LIFE,
    };
    credentials::insert_session(conn, &session, &token::hash(&token)).await?;
    let headers =
        HeaderMap::from_iter([(header::SET_COOKIE, cookie::set(&app.config, Some(&token)))]);
    Ok(Begun {
        token,
        expires_at: session.expires_at,
        headers,
    })
}

/// The headers of an answer after which the browser has no session.
pub(crate) fn ended(app: &App) -> HeaderMap {
    HeaderMap::from_iter([(header::SET_COOKIE, cookie::set(&app.config, None))])
}
