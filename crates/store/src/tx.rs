//! A transaction, on either engine, and the one macro that runs SQL in it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use offhook_core::id::OrgId;
use sqlx::{Postgres, Sqlite, Transaction};

use crate::error::{Error, is_transient};

/// The engine under a transaction.
pub(crate) enum Engine {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction without an organization: it reaches only the tables that stand outside row level security.
pub struct Conn {
    pub(crate) engine: Engine,
    /// Something failed that goes through when the whole transaction runs again.
    again: bool,
}

impl Conn {
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            engine,
            again: false,
        }
    }

    /// Reads a driver's error, and notes whether running again would help.
    pub(crate) fn failed(&mut self, error: sqlx::Error) -> Error {
        self.again |= is_transient(&error);
        error.into()
    }

    /// Another transaction was quicker with this row: the closure of `write` runs again.
    pub(crate) fn lost_version(&mut self) -> Error {
        self.again = true;
        Error::conflict("version")
    }

    pub(crate) fn wants_another_run(&self) -> bool {
        self.again
    }

    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self.engine {
            Engine::Sqlite(t) => t.commit().await,
            Engine::Postgres(t) => t.commit().await,
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }
}

/// A transaction of one organization.
pub struct Tx {
    conn: Conn,
    org: OrgId,
    org_text: Arc<str>,
}

impl Tx {
    pub(crate) fn new(conn: Conn, org: &OrgId) -> Self {
        Self {
            conn,
            org: org.clone(),
            org_text: Arc::from(org.as_str()),
        }
    }

    /// The organization, as it stands in every query (a cheap clone).
    pub(crate) fn org(&self) -> Arc<str> {
        Arc::clone(&self.org_text)
    }

    /// The organization whose rows this transaction reaches.
    pub fn org_id(&self) -> &OrgId {
        &self.org
    }

    pub(crate) fn into_conn(self) -> Conn {
        self.conn
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// Runs one SQL text with `$n` places on whichever engine the transaction is on; the only match on the engine.
macro_rules! sql {
    ($conn:expr, execute, $text:expr $(, $arg:expr)* $(,)?) => {{
        let conn: &mut $crate::tx::Conn = &mut *$conn;
        let outcome = match &mut conn.engine {
            $crate::tx::Engine::Sqlite(t) => {
                sqlx::query::<sqlx::Sqlite>($text)$(.bind($arg))*.execute(&mut **t).await.map(|d| d.rows_affected())
            }
            $crate::tx::Engine::Postgres(t) => {
                sqlx::query::<sqlx::Postgres>($text)$(.bind($arg))*.execute(&mut **t).await.map(|d| d.rows_affected())
            }
        };
        outcome.map_err(|e| conn.failed(e))
    }};
    ($conn:expr, $fetch:ident::<$row:ty>, $text:expr $(, $arg:expr)* $(,)?) => {{
        let conn: &mut $crate::tx::Conn = &mut *$conn;
        let outcome = match &mut conn.engine {
            $crate::tx::Engine::Sqlite(t) => {
                sqlx::query_as::<sqlx::Sqlite, $row>($text)$(.bind($arg))*.$fetch(&mut **t).await
            }
            $crate::tx::Engine::Postgres(t) => {
                sqlx::query_as::<sqlx::Postgres, $row>($text)$(.bind($arg))*.$fetch(&mut **t).await
            }
        };
        outcome.map_err(|e| conn.failed(e))
    }};
}

/// Runs an `UPDATE … WHERE … IN (SELECT …` that hands rows to one of several nodes: `$head` ends inside the subselect, `$tail`
/// closes it. The one statement that differs: PostgreSQL skips what another node is just taking, SQLite has one writer.
macro_rules! claim_sql {
    ($conn:expr, $row:ty, $head:literal, $tail:literal $(, $arg:expr)* $(,)?) => {
        if $conn.is_postgres() {
            $crate::tx::sql!($conn, fetch_all::<$row>, concat!($head, " FOR UPDATE SKIP LOCKED", $tail) $(, $arg)*)
        } else {
            $crate::tx::sql!($conn, fetch_all::<$row>, concat!($head, $tail) $(, $arg)*)
        }
    };
}
pub(crate) use {claim_sql, sql};
