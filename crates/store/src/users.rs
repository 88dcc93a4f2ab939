//! People and their place in organizations.

use offhook_core::Time;
use offhook_core::id::{NumberId, OrgId, UserId};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Conn, sql};

const TABLE: &str = "users";
const MEMBERSHIPS: &str = "memberships";

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id, which is the agent's id everywhere.
    pub id: UserId,
    /// Lower case.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// argon2id; `None` until the one-time link was used.
    pub password_hash: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// What a member may do; each may what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes and makes calls.
    Agent,
    /// Sees the whole team's calls.
    Supervisor,
    /// Manages users, numbers and queues.
    Admin,
    /// Everything.
    Owner,
}

impl Role {
    /// The role in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// A user's place in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organization.
    pub org: OrgId,
    /// The user.
    pub user: UserId,
    /// The role.
    pub role: Role,
    /// May log in and take calls.
    pub active: bool,
    /// E.164: takes calls on this phone instead of the softphone.
    pub own_phone: Option<String>,
    /// The number shown by default.
    pub caller_number: Option<NumberId>,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// A member with name and e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user: User,
    /// The place in the organization.
    pub membership: Membership,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    email: String,
    name: String,
    password_hash: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<UserRow> for User {
    type Error = Error;
    fn try_from(r: UserRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            email: r.email,
            name: r.name,
            password_hash: r.password_hash,
            created_at: moment(TABLE, r.created_at)?,
            updated_at: moment(TABLE, r.updated_at)?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    #[sqlx(flatten)]
    user: UserRow,
    org_id: String,
    role: String,
    active: bool,
    own_phone: Option<String>,
    caller_number_id: Option<String>,
    member_since: i64,
    member_updated_at: i64,
}

impl TryFrom<MemberRow> for Member {
    type Error = Error;
    fn try_from(r: MemberRow) -> Result<Self> {
        let user = User::try_from(r.user)?;
        let membership = Membership {
            org: row::id(MEMBERSHIPS, r.org_id)?,
            user: user.id.clone(),
            role: row::from_word(MEMBERSHIPS, r.role)?,
            active: r.active,
            own_phone: r.own_phone,
            caller_number: row::id_opt(MEMBERSHIPS, r.caller_number_id)?,
            created_at: moment(MEMBERSHIPS, r.member_since)?,
            updated_at: moment(MEMBERSHIPS, r.member_updated_at)?,
        };
        Ok(Self { user, membership })
    }
}

/// Adds a person; `users_email` when the e-mail is taken.
pub async fn insert(conn: &mut Conn, user: &User) -> Result<()> {
    sql!(conn, execute, "
        INSERT INTO users (id, email, name, password_hash, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6)",
        user.id.as_str(), user.email.to_lowercase(), &user.name, user.password_hash.as_deref(),
        micros(user.created_at), micros(user.updated_at))?;
    Ok(())
}

/// The person with this id.
pub async fn get(conn: &mut Conn, id: &UserId) -> Result<User> {
    sql!(
        conn,
        fetch_optional::<UserRow>,
        "
        SELECT id, email, name, password_hash, created_at, updated_at FROM users WHERE id = $1",
        id.as_str()
    )?
    .ok_or(Error::NotFound)?
    .try_into()
}

/// The person with this e-mail, in any case of letters.
pub async fn by_email(conn: &mut Conn, email: &str) -> Result<Option<User>> {
    sql!(
        conn,
        fetch_optional::<UserRow>,
        "
        SELECT id, email, name, password_hash, created_at, updated_at FROM users WHERE email = $1",
        email.trim().to_lowercase()
    )?
    .map(User::try_from)
    .transpose()
}

/// Changes the name and the e-mail.
pub async fn rename(
    conn: &mut Conn,
    id: &UserId,
    name: &str,
    email: &str,
    now: Time,
) -> Result<()> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE users SET name = $2, email = $3, updated_at = $4 WHERE id = $1",
        id.as_str(),
        name,
        email.to_lowercase(),
        micros(now)
    )?;
    row::changed(rows)
}

/// Sets the password.
pub async fn set_password(conn: &mut Conn, id: &UserId, hash: &str, now: Time) -> Result<()> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1",
        id.as_str(),
        hash,
        micros(now)
    )?;
    row::changed(rows)
}

/// Gives a person a place in an organization, or changes it.
pub async fn save_membership(conn: &mut Conn, m: &Membership) -> Result<()> {
    sql!(conn, execute, "
        INSERT INTO memberships (org_id, user_id, role, active, own_phone, caller_number_id, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (org_id, user_id) DO UPDATE SET role = excluded.role, active = excluded.active,
            own_phone = excluded.own_phone, caller_number_id = excluded.caller_number_id, updated_at = excluded.updated_at",
        m.org.as_str(), m.user.as_str(), m.role.as_str(), m.active, m.own_phone.as_deref(),
        m.caller_number.as_ref().map(NumberId::as_str), micros(m.created_at), micros(m.updated_at))?;
    Ok(())
}

/// A member of an organization.
pub async fn member(conn: &mut Conn, org: &OrgId, user: &UserId) -> Result<Option<Member>> {
    sql!(
        conn,
        fetch_optional::<MemberRow>,
        "
        SELECT u.id, u.email, u.name, u.password_hash, u.created_at, u.updated_at,
               m.org_id, m.role, m.active, m.own_phone, m.caller_number_id,
               m.created_at AS member_since, m.updated_at AS member_updated_at
        FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = $1 AND m.user_id = $2",
        org.as_str(),
        user.as_str()
    )?
    .map(Member::try_from)
    .transpose()
}

/// All members of an organization by name, the inactive ones too.
pub async fn members(conn: &mut Conn, org: &OrgId) -> Result<Vec<Member>> {
    sql!(conn, fetch_all::<MemberRow>, "
        SELECT u.id, u.email, u.name, u.password_hash, u.created_at, u.updated_at,
               m.org_id, m.role, m.active, m.own_phone, m.caller_number_id,
               m.created_at AS member_since, m.updated_at AS member_updated_at
        FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = $1 ORDER BY u.name, u.id",
        org.as_str())?
        .into_iter()
        .map(Member::try_from)
        .collect()
}

/// The active memberships of a person, oldest first: which organizations a log-in may select.
pub async fn memberships_of(conn: &mut Conn, user: &UserId) -> Result<Vec<Member>> {
    sql!(
        conn,
        fetch_all::<MemberRow>,
        "
        SELECT u.id, u.email, u.name, u.password_hash, u.created_at, u.updated_at,
               m.org_id, m.role, m.active, m.own_phone, m.caller_number_id,
               m.created_at AS member_since, m.updated_at AS member_updated_at
        FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.user_id = $1 AND m.active ORDER BY m.created_at, m.org_id",
        user.as_str()
    )?
    .into_iter()
    .map(Member::try_from)
    .collect()
}
