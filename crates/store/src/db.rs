//! The doors to the rows: `read` and `write` for one organization, `system` for the tables outside.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use offhook_core::id::OrgId;
use sqlx::{PgPool, SqlitePool};

use crate::error::{Error, Result, is_transient};
use crate::tx::{Conn, Engine, Tx, sql};

/// How often `write` runs its closure before it gives up.
const RUNS: u32 = 8;
/// A transaction that takes longer than this counts as the database being away.
const LIMIT: Duration = Duration::from_secs(10);

/// Why a transaction reaches the tables outside row level security; each use can be found by its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// First run: no organization yet.
    SetUp,
    /// Log-in, links, sessions and API keys: the organization comes from the credential.
    Credentials,
    /// A webhook looks for its organization.
    Directory,
    /// Workers claim and finish jobs of all organizations.
    Jobs,
    /// Timers of all organizations.
    Timers,
    /// Sweeps go through the organizations under a lease.
    Sweep,
    /// Users and memberships of the caller's organization.
    Users,
    /// The demo's seed.
    Seed,
    /// Health and readiness.
    Health,
}

#[derive(Clone)]
pub(crate) enum Pools {
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres {
        pool: PgPool,
    },
}

/// The database, SQLite or PostgreSQL; cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(crate) pools: Pools,
    pub(crate) bus: Arc<crate::bus::Local>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

impl Db {
    /// Reads rows of one organization in one consistent snapshot.
    pub async fn read<T, E>(
        &self,
        org: &OrgId,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        let run = async {
            let mut tx = self.begin_for(org, Access::Read).await?;
            work(&mut tx).await
            // The transaction ends with its connection's return: nothing was written.
        };
        limited(Box::pin(run)).await
    }

    /// Changes rows of one organization, all or nothing.
    ///
    /// The closure may run again when another transaction was quicker: it touches nothing but `tx`. That it is `Clone`
    /// sees to it (what it borrows mutably cannot be cloned), and keeps its future `Send`, which `AsyncFnMut` would not.
    pub async fn write<T, E>(
        &self,
        org: &OrgId,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E> + Clone,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        let mut attempt = 1;
        loop {
            match limited(Box::pin(self.write_once(org, work.clone(), attempt))).await? {
                End::Done(value) => return Ok(value),
                End::Again => pause(attempt).await,
            }
            attempt += 1;
        }
    }

    /// The tables outside row level security.
    pub fn system(&self, reason: Reason) -> System<'_> {
        System { db: self, reason }
    }

    /// Does the database answer.
    pub async fn ping(&self) -> Result<()> {
        self.system(Reason::Health)
            .read(async |conn| {
                sql!(conn, fetch_one::<(i64,)>, "SELECT CAST(1 AS BIGINT)").map(|_| ())
            })
            .await
    }

    /// The engine's name, for the log and the health page.
    pub fn engine(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres { .. } => "postgres",
        }
    }

    /// Waits for what is running and closes all connections.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { pool } => pool.close().await,
        }
    }

    async fn write_once<T, E, W>(&self, org: &OrgId, work: W, attempt: u32) -> Result<End<T>, E>
    where
        E: From<Error>,
        W: AsyncFnOnce(&mut Tx) -> Result<T, E>,
    {
        let mut tx = self.begin_for(org, Access::Write).await?;
        let outcome = work(&mut tx).await;
        finish(tx.into_conn(), outcome, attempt).await
    }

    async fn begin_for(&self, org: &OrgId, access: Access) -> Result<Tx> {
        let mut tx = Tx::new(self.begin(access).await?, org);
        if tx.is_postgres() {
            sql!(
                tx,
                execute,
                "SELECT set_config('offhook.org_id', $1, true)",
                org.as_str()
            )?;
        }
        Ok(tx)
    }

    async fn begin(&self, access: Access) -> Result<Conn> {
        let engine = match (&self.pools, access) {
            (Pools::Sqlite { readers, .. }, Access::Read) => Engine::Sqlite(readers.begin().await?),
            (Pools::Sqlite { writer, .. }, Access::Write) => {
                Engine::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            (Pools::Postgres { pool }, Access::Read) => Engine::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
            (Pools::Postgres { pool }, Access::Write) => Engine::Postgres(pool.begin().await?),
        };
        Ok(Conn::new(engine))
    }
}

/// A door to the tables outside row level security, with the reason for using it.
pub struct System<'a> {
    db: &'a Db,
    reason: Reason,
}

impl System<'_> {
    /// Reads in one consistent snapshot.
    pub async fn read<T, E>(
        &self,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        tracing::trace!(reason = ?self.reason, "system read");
        let run = async {
            let mut conn = self.db.begin(Access::Read).await?;
            work(&mut conn).await
        };
        limited(Box::pin(run)).await
    }

    /// Changes rows, all or nothing; the closure may run again, as in [`Db::write`].
    pub async fn write<T, E>(
        &self,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, E> + Clone,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        tracing::trace!(reason = ?self.reason, "system write");
        let mut attempt = 1;
        loop {
            match limited(Box::pin(self.write_once(work.clone(), attempt))).await? {
                End::Done(value) => return Ok(value),
                End::Again => pause(attempt).await,
            }
            attempt += 1;
        }
    }

    async fn write_once<T, E, W>(&self, work: W, attempt: u32) -> Result<End<T>, E>
    where
        E: From<Error>,
        W: AsyncFnOnce(&mut Conn) -> Result<T, E>,
    {
        let mut conn = self.db.begin(Access::Write).await?;
        let outcome = work(&mut conn).await;
        finish(conn, outcome, attempt).await
    }
}

/// How one run of a closure ended.
enum End<T> {
    Done(T),
    Again,
}

/// Commits what went well; what failed is rolled back as its connection returns to the pool.
async fn finish<T, E: From<Error>>(
    conn: Conn,
    outcome: Result<T, E>,
    attempt: u32,
) -> Result<End<T>, E> {
    let may_run_again = attempt < RUNS;
    match outcome {
        Ok(value) => match conn.commit().await {
            Ok(()) => Ok(End::Done(value)),
            Err(error) if may_run_again && is_transient(&error) => Ok(End::Again),
            Err(error) => Err(E::from(error.into())),
        },
        Err(_) if may_run_again && conn.wants_another_run() => Ok(End::Again),
        Err(error) => Err(error),
    }
}

/// A database that hangs is a database that is away.
///
/// The transaction lives in a box: a story that opens several would be a very large future otherwise.
async fn limited<T, E: From<Error>>(
    run: Pin<Box<impl Future<Output = Result<T, E>>>>,
) -> Result<T, E> {
    match tokio::time::timeout(LIMIT, run).await {
        Ok(outcome) => outcome,
        Err(_) => Err(E::from(Error::Unavailable("no answer in time".to_owned()))),
    }
}

/// Lets the quicker transaction pass; a little chance keeps two losers from meeting again.
async fn pause(attempt: u32) {
    let most = 1_u64 << attempt.min(6);
    tokio::time::sleep(Duration::from_millis(rand::random_range(0..=most))).await;
}
