//! What lets a person or a program in: sessions, API keys, one-time links, and the lock-out after failures.
//!
//! Tokens never lie here, only their hashes; whoever calls makes the token and its hash.

use offhook_core::Time;
use offhook_core::id::{ApiKeyId, OrgId, SessionId, UserId};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, micros_opt, moment, moment_opt};
use crate::tx::{Conn, sql};

/// A log-in session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The organization that was logged in to.
    pub org: OrgId,
    /// The person.
    pub user: UserId,
    /// The browser, as it named itself.
    pub user_agent: Option<String>,
    /// When the log-in was.
    pub created_at: Time,
    /// When it was last used (kept coarsely).
    pub last_seen_at: Time,
    /// When it ends by itself.
    pub expires_at: Time,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: String,
    org_id: String,
    user_id: String,
    user_agent: Option<String>,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
}

impl TryFrom<SessionRow> for Session {
    type Error = Error;
    fn try_from(r: SessionRow) -> Result<Self> {
        const T: &str = "sessions";
        Ok(Self {
            id: row::id(T, r.id)?,
            org: row::id(T, r.org_id)?,
            user: row::id(T, r.user_id)?,
            user_agent: r.user_agent,
            created_at: moment(T, r.created_at)?,
            last_seen_at: moment(T, r.last_seen_at)?,
            expires_at: moment(T, r.expires_at)?,
        })
    }
}

/// Begins a session.
pub async fn insert_session(conn: &mut Conn, session: &Session, token_hash: &str) -> Result<()> {
    sql!(conn, execute, "
        INSERT INTO sessions (id, token_hash, org_id, user_id, user_agent, created_at, last_seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        session.id.as_str(), token_hash, session.org.as_str(), session.user.as_str(), session.user_agent.as_deref(),
        micros(session.created_at), micros(session.last_seen_at), micros(session.expires_at))?;
    Ok(())
}

/// The session of a token, if it has not ended.
pub async fn session(conn: &mut Conn, token_hash: &str, now: Time) -> Result<Option<Session>> {
    sql!(
        conn,
        fetch_optional::<SessionRow>,
        "
        SELECT id, org_id, user_id, user_agent, created_at, last_seen_at, expires_at
        FROM sessions WHERE token_hash = $1 AND expires_at > $2",
        token_hash,
        micros(now)
    )?
    .map(Session::try_from)
    .transpose()
}

/// Notes that a session was used, and lets it live longer.
pub async fn touch_session(
    conn: &mut Conn,
    id: &SessionId,
    now: Time,
    expires_at: Time,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE sessions SET last_seen_at = $2, expires_at = $3 WHERE id = $1",
        id.as_str(),
        micros(now),
        micros(expires_at)
    )?;
    Ok(())
}

/// Ends a session.
pub async fn end_session(conn: &mut Conn, id: &SessionId) -> Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM sessions WHERE id = $1",
        id.as_str()
    )?;
    Ok(())
}

/// Ends a person's sessions, but for one that may stay (a change of the own password).
pub async fn end_sessions_of(
    conn: &mut Conn,
    user: &UserId,
    but: Option<&SessionId>,
) -> Result<u64> {
    sql!(
        conn,
        execute,
        "DELETE FROM sessions WHERE user_id = $1 AND id <> $2",
        user.as_str(),
        but.map_or("", SessionId::as_str)
    )
}

/// Clears away sessions that ended by themselves, and links long past.
pub async fn prune(conn: &mut Conn, now: Time) -> Result<u64> {
    let sessions = sql!(
        conn,
        execute,
        "DELETE FROM sessions WHERE expires_at < $1",
        micros(now)
    )?;
    let links = sql!(
        conn,
        execute,
        "DELETE FROM links WHERE expires_at < $1",
        micros(now - chrono::Duration::days(30))
    )?;
    Ok(sessions + links)
}

/// An API key; it acts as the person who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The first letters of the token, to know it by.
    pub hint: String,
    /// The organization.
    pub org: OrgId,
    /// As whom it acts.
    pub user: UserId,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: Time,
    /// When it was last used.
    pub last_used_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
}

#[derive(sqlx::FromRow)]
struct ApiKeyRow {
    id: String,
    hint: String,
    org_id: String,
    user_id: String,
    name: String,
    created_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = Error;
    fn try_from(r: ApiKeyRow) -> Result<Self> {
        const T: &str = "api_keys";
        Ok(Self {
            id: row::id(T, r.id)?,
            hint: r.hint,
            org: row::id(T, r.org_id)?,
            user: row::id(T, r.user_id)?,
            name: r.name,
            created_at: moment(T, r.created_at)?,
            last_used_at: moment_opt(T, r.last_used_at)?,
            revoked_at: moment_opt(T, r.revoked_at)?,
        })
    }
}

/// Adds an API key.
pub async fn insert_api_key(conn: &mut Conn, key: &ApiKey, token_hash: &str) -> Result<()> {
    sql!(conn, execute, "
        INSERT INTO api_keys (id, token_hash, hint, org_id, user_id, name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        key.id.as_str(), token_hash, &key.hint, key.org.as_str(), key.user.as_str(), &key.name, micros(key.created_at))?;
    Ok(())
}

/// The API key of a token, if it is not revoked.
pub async fn api_key(conn: &mut Conn, token_hash: &str) -> Result<Option<ApiKey>> {
    sql!(
        conn,
        fetch_optional::<ApiKeyRow>,
        "
        SELECT id, hint, org_id, user_id, name, created_at, last_used_at, revoked_at
        FROM api_keys WHERE token_hash = $1 AND revoked_at IS NULL",
        token_hash
    )?
    .map(ApiKey::try_from)
    .transpose()
}

/// The API keys of an organization, newest first, the revoked ones too.
pub async fn api_keys(conn: &mut Conn, org: &OrgId) -> Result<Vec<ApiKey>> {
    sql!(
        conn,
        fetch_all::<ApiKeyRow>,
        "
        SELECT id, hint, org_id, user_id, name, created_at, last_used_at, revoked_at
        FROM api_keys WHERE org_id = $1 ORDER BY created_at DESC, id DESC",
        org.as_str()
    )?
    .into_iter()
    .map(ApiKey::try_from)
    .collect()
}

/// Notes that an API key was used.
pub async fn touch_api_key(conn: &mut Conn, id: &ApiKeyId, now: Time) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE api_keys SET last_used_at = $2 WHERE id = $1",
        id.as_str(),
        micros(now)
    )?;
    Ok(())
}

/// Revokes an API key of an organization.
pub async fn revoke_api_key(conn: &mut Conn, org: &OrgId, id: &ApiKeyId, now: Time) -> Result<()> {
    let rows = sql!(
        conn,
        execute,
        "
        UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $3) WHERE org_id = $1 AND id = $2",
        org.as_str(),
        id.as_str(),
        micros(now)
    )?;
    row::changed(rows)
}

/// What a one-time link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// First run: make the organization and its owner.
    Setup,
    /// A new member sets the password.
    Invite,
    /// A member sets a new password.
    Reset,
}

/// A one-time link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What for.
    pub purpose: LinkPurpose,
    /// The organization; none on the first run.
    pub org: Option<OrgId>,
    /// The person; none on the first run.
    pub user: Option<UserId>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Time,
    /// Until when it can be used.
    pub expires_at: Time,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    purpose: String,
    org_id: Option<String>,
    user_id: Option<String>,
    created_by: Option<String>,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<LinkRow> for Link {
    type Error = Error;
    fn try_from(r: LinkRow) -> Result<Self> {
        const T: &str = "links";
        Ok(Self {
            purpose: row::from_word(T, r.purpose)?,
            org: row::id_opt(T, r.org_id)?,
            user: row::id_opt(T, r.user_id)?,
            created_by: row::id_opt(T, r.created_by)?,
            created_at: moment(T, r.created_at)?,
            expires_at: moment(T, r.expires_at)?,
        })
    }
}

/// Adds a link; earlier unused links of the same purpose for the same person (or the first run) end.
pub async fn insert_link(conn: &mut Conn, link: &Link, token_hash: &str) -> Result<()> {
    let purpose = row::word(&link.purpose);
    sql!(
        conn,
        execute,
        "
        DELETE FROM links WHERE purpose = $1 AND COALESCE(user_id, '') = $2 AND used_at IS NULL",
        &purpose,
        link.user.as_ref().map_or("", UserId::as_str)
    )?;
    sql!(
        conn,
        execute,
        "
        INSERT INTO links (token_hash, purpose, org_id, user_id, created_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)",
        token_hash,
        &purpose,
        link.org.as_ref().map(OrgId::as_str),
        link.user.as_ref().map(UserId::as_str),
        link.created_by.as_ref().map(UserId::as_str),
        micros(link.created_at),
        micros(link.expires_at)
    )?;
    Ok(())
}

/// The link of a token, if it can still be used.
pub async fn link(conn: &mut Conn, token_hash: &str, now: Time) -> Result<Option<Link>> {
    sql!(
        conn,
        fetch_optional::<LinkRow>,
        "
        SELECT purpose, org_id, user_id, created_by, created_at, expires_at
        FROM links WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        token_hash,
        micros(now)
    )?
    .map(Link::try_from)
    .transpose()
}

/// Uses a link: exactly one caller gets it.
pub async fn use_link(conn: &mut Conn, token_hash: &str, now: Time) -> Result<Option<Link>> {
    sql!(
        conn,
        fetch_optional::<LinkRow>,
        "
        UPDATE links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
        RETURNING purpose, org_id, user_id, created_by, created_at, expires_at",
        token_hash,
        micros(now)
    )?
    .map(Link::try_from)
    .transpose()
}

/// Until when a subject (a hash of the e-mail or of the address) may not try to log in.
pub async fn locked_until(conn: &mut Conn, subject: &str, now: Time) -> Result<Option<Time>> {
    let row = sql!(
        conn,
        fetch_optional::<(Option<i64>,)>,
        "
        SELECT locked_until FROM login_failures WHERE subject = $1 AND locked_until > $2",
        subject,
        micros(now)
    )?;
    moment_opt("login_failures", row.and_then(|(until,)| until))
}

/// Counts a failure; those before `window` are forgotten. Answers how many there are now.
pub async fn count_failure(conn: &mut Conn, subject: &str, now: Time, window: Time) -> Result<u32> {
    let (failures,) = sql!(conn, fetch_one::<(i64,)>, "
        INSERT INTO login_failures (subject, failures, last_at) VALUES ($1, 1, $2)
        ON CONFLICT (subject) DO UPDATE SET
            failures = CASE WHEN login_failures.last_at < $3 THEN 1 ELSE login_failures.failures + 1 END,
            last_at = excluded.last_at
        RETURNING failures",
        subject, micros(now), micros(window))?;
    row::small("login_failures", failures)
}

/// Locks a subject out.
pub async fn lock_out(conn: &mut Conn, subject: &str, until: Option<Time>) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE login_failures SET locked_until = $2 WHERE subject = $1",
        subject,
        micros_opt(until)
    )?;
    Ok(())
}

/// A log-in went well: forget the failures.
pub async fn forget_failures(conn: &mut Conn, subject: &str) -> Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM login_failures WHERE subject = $1",
        subject
    )?;
    Ok(())
}
