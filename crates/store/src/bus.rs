//! Short words between nodes: ids only, never inside a business transaction, lost when nobody listens.

use sqlx::postgres::PgListener;
use tokio::sync::broadcast;

use crate::db::{Db, Pools};
use crate::error::{Error, Result};

/// The one channel; a payload says what it is about.
const CHANNEL: &str = "offhook";
/// PostgreSQL refuses payloads of 8000 bytes and more.
const LONGEST: usize = 7_900;

/// The bus of a node that is alone with its database.
pub(crate) struct Local(broadcast::Sender<String>);

impl Local {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(1024).0)
    }
}

/// What other nodes say, and this one too.
pub enum Listener {
    /// From this process.
    Local(broadcast::Receiver<String>),
    /// From all nodes on the same PostgreSQL.
    Postgres(Box<PgListener>),
}

impl Db {
    /// Tells every listening node; `payload` holds ids only.
    pub async fn announce(&self, payload: &str) -> Result<()> {
        if payload.len() > LONGEST {
            return Err(Error::conflict("bus_payload_too_long"));
        }
        match &self.pools {
            Pools::Sqlite { .. } => {
                // No listener is no failure: the rows hold everything.
                let _listeners = self.bus.0.send(payload.to_owned());
            }
            Pools::Postgres { pool } => {
                sqlx::query("SELECT pg_notify($1, $2)")
                    .bind(CHANNEL)
                    .bind(payload)
                    .execute(pool)
                    .await?;
            }
        }
        Ok(())
    }

    /// Begins to listen; what was said before is not heard.
    pub async fn listen(&self) -> Result<Listener> {
        match &self.pools {
            Pools::Sqlite { .. } => Ok(Listener::Local(self.bus.0.subscribe())),
            Pools::Postgres { pool } => {
                let mut listener = PgListener::connect_with(pool).await?;
                listener.listen(CHANNEL).await?;
                Ok(Listener::Postgres(Box::new(listener)))
            }
        }
    }
}

impl Listener {
    /// The next word. `None`: words may have been missed (the connection was lost, or this listener was slow): look into the rows.
    pub async fn next(&mut self) -> Result<Option<String>> {
        match self {
            Self::Local(receiver) => match receiver.recv().await {
                Ok(payload) => Ok(Some(payload)),
                Err(broadcast::error::RecvError::Lagged(_)) => Ok(None),
                Err(broadcast::error::RecvError::Closed) => {
                    Err(Error::Unavailable("the bus is closed".to_owned()))
                }
            },
            Self::Postgres(listener) => {
                Ok(listener.try_recv().await?.map(|n| n.payload().to_owned()))
            }
        }
    }
}
