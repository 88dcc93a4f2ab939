//! Opening the database: addresses, pools, the role check, migrations.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, PgPool};

use crate::bus::Local;
use crate::db::{Db, Pools};
use crate::error::{Error, Result};

/// How long a request waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);
/// SQLite readers.
const READERS: u32 = 4;

impl Db {
    /// Opens `postgres://…`, `sqlite:PATH` or a plain path of a SQLite file (made if missing). Does not migrate.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(url, 16).await
    }

    /// As [`Db::open`], with at most so many PostgreSQL connections.
    pub async fn open_with(url: &str, most_connections: u32) -> Result<Self> {
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url, most_connections).await?
        } else {
            let path = url
                .strip_prefix("sqlite://")
                .or_else(|| url.strip_prefix("sqlite:"))
                .unwrap_or(url);
            open_sqlite(PathBuf::from(path)).await?
        };
        Ok(Self {
            pools,
            bus: Arc::new(Local::new()),
        })
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                sqlx::migrate!("./migrations/sqlite").run(writer).await?;
                // Fresh statistics where a table has grown much: every index begins with the organization, which alone says little.
                sqlx::raw_sql("PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002")
                    .execute(writer)
                    .await?;
            }
            Pools::Postgres { pool } => {
                // A connection of its own: what a request may not take, a migration of a large table may.
                let mut conn = pool.acquire().await?;
                sqlx::raw_sql("SET statement_timeout = 0; SET lock_timeout = 0")
                    .execute(&mut *conn)
                    .await?;
                let outcome = sqlx::migrate!("./migrations/postgres")
                    .run(&mut *conn)
                    .await;
                conn.close().await?;
                outcome?;
            }
        }
        Ok(())
    }
}

async fn open_sqlite(path: PathBuf) -> Result<Pools> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(ACQUIRE)
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging();
    // The writer comes first: it makes the file and turns WAL on, which a read-only connection cannot.
    let writer = sqlite_pool(1).connect_with(options.clone()).await?;
    let readers = sqlite_pool(READERS)
        .min_connections(1)
        .connect_with(options.read_only(true).create_if_missing(false))
        .await?;
    Ok(Pools::Sqlite { writer, readers })
}

fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

async fn open_postgres(url: &str, most_connections: u32) -> Result<Pools> {
    let options: PgConnectOptions = url
        .parse::<PgConnectOptions>()?
        .application_name("offhook")
        .options([
            ("statement_timeout", "8s"),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "30s"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(most_connections)
        .acquire_timeout(ACQUIRE)
        .connect_with(options.disable_statement_logging())
        .await?;
    refuse_mighty_role(&pool).await?;
    Ok(Pools::Postgres { pool })
}

/// Row level security does not bind a superuser, nor a role with BYPASSRLS: with one of them it would be decoration.
async fn refuse_mighty_role(pool: &PgPool) -> Result<()> {
    let (role, database, superuser, bypass) = sqlx::query_as::<_, (String, String, bool, bool)>(
        "SELECT rolname::text, current_database()::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user",
    )
    .fetch_one(pool)
    .await?;
    if !superuser && !bypass {
        return Ok(());
    }
    let what = if superuser {
        "is a superuser"
    } else {
        "has BYPASSRLS"
    };
    Err(Error::Refused(format!(
        "the PostgreSQL role `{role}` {what}, so row level security would not hold. Give Offhook a role of its own:\n\
         CREATE ROLE offhook LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD 'choose one';\n\
         ALTER DATABASE \"{database}\" OWNER TO offhook;"
    )))
}
