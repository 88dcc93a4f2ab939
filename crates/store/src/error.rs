//! What can go wrong in the store, and how a driver's error is read.

use sqlx::error::{DatabaseError, ErrorKind};

/// What every store function answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row in this organization.
    #[error("not found")]
    NotFound,
    /// The row cannot be so beside another one; `what` is stable, `table_column`.
    #[error("conflict: {what}")]
    Conflict {
        /// The rule that was hurt, for example `users_email`.
        what: String,
    },
    /// A stored row that cannot be.
    #[error("inconsistent row in {table}: {why}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// What is impossible about it; never personal data.
        why: String,
    },
    /// The database is away: what was asked may be asked again later.
    #[error("the database is away: {0}")]
    Unavailable(String),
    /// The database may not be used: by this role, or by a program as old as this.
    #[error("{0}")]
    Refused(String),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Seal(#[from] crate::seal::SealError),
    /// Migrations did not go through.
    #[error("migration failed: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// Anything else that the database said.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
}

impl Error {
    /// A conflict with a stable name.
    pub fn conflict(what: &str) -> Self {
        Self::Conflict {
            what: what.to_owned(),
        }
    }

    /// A row that cannot be.
    pub fn inconsistent(table: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Inconsistent {
            table,
            why: why.to_string(),
        }
    }

    /// Is it this conflict.
    pub fn is_conflict(&self, what: &str) -> bool {
        matches!(self, Self::Conflict { what: w } if w == what)
    }

    /// May the same be asked again later with hope.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if is_away(&error) {
            return Self::Unavailable(error.to_string());
        }
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(ref db) if db.kind() == ErrorKind::UniqueViolation => {
                Self::Conflict {
                    what: constraint(db.as_ref()),
                }
            }
            sqlx::Error::Database(ref db) if db.kind() == ErrorKind::ForeignKeyViolation => {
                Self::conflict("missing_reference")
            }
            other => Self::Database(other),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::Execute(e) if is_away(&e) => {
                Self::Unavailable(e.to_string())
            }
            // An older program must not write into tables whose meaning it does not know.
            sqlx::migrate::MigrateError::VersionMissing(version) => Self::Refused(format!(
                "the database was brought up to date by a newer Offhook (its migration {version} is not known here): \
                 start that version, or restore a backup from before it"
            )),
            other => Self::Migrate(other),
        }
    }
}

/// Could the same transaction go through if it simply ran again.
pub(crate) fn is_transient(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(db) = error else {
        return false;
    };
    // PostgreSQL: serialization failure, deadlock. SQLite: BUSY, BUSY_SNAPSHOT, LOCKED.
    db.code()
        .is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01" | "5" | "517" | "6"))
}

fn is_away(error: &sqlx::Error) -> bool {
    match error {
        // A server that goes away in the middle of a word has said something that is no protocol.
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(db) => db.code().is_some_and(|code| is_away_code(&code)),
        _ => false,
    }
}

/// PostgreSQL: connection gone, shutting down, starting up, too many connections, statement timed out.
/// SQLite: read-only, I/O error, disk full, cannot open (primary codes, extended codes by their low byte).
fn is_away_code(code: &str) -> bool {
    if code.len() == 5 {
        return code.starts_with("08")
            || matches!(code, "57P01" | "57P02" | "57P03" | "57014" | "53300");
    }
    code.parse::<u32>()
        .is_ok_and(|c| matches!(c & 0xff, 8 | 10 | 13 | 14))
}

/// One name for a hurt constraint on both engines: `table_column`, the organization left out.
fn constraint(db: &dyn DatabaseError) -> String {
    if let Some(name) = db.constraint() {
        return name.to_owned();
    }
    let columns = db.message().rsplit(": ").next().unwrap_or_default();
    let mut name = String::new();
    for column in columns.split(", ") {
        let (table, column) = column.split_once('.').unwrap_or(("", column));
        if column == "org_id" {
            continue;
        }
        if name.is_empty() {
            name.push_str(table);
        }
        name.push('_');
        name.push_str(column);
    }
    name
}
