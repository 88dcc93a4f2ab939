//! Where a webhook is written down while the database is away: a sealed file on this node, drained later in order of arrival.

mod file;

pub use file::{Batch, Left, Spool};

use offhook_core::Time;
use offhook_core::id::OrgId;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::webhooks;

/// A webhook as it came, before anything was decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it came.
    pub at: Time,
    /// The path and query it came to.
    pub url: String,
    /// Its signature.
    pub signature: String,
    /// Its body, verbatim.
    pub body: String,
    /// Whose it is, where the signature could be checked at once; `None` is checked when it is drained.
    pub org: Option<OrgId>,
}

/// How often this node looks whether its spool can be drained.
const LOOK: std::time::Duration = std::time::Duration::from_secs(2);

/// Drains the spool as soon as the database is back.
pub(crate) async fn keep_draining(app: &App) {
    loop {
        if app.spool.is_filled() {
            let working = app.work.enter();
            match webhooks::drain(app).await {
                Ok(()) => tracing::info!("the spool is drained"),
                Err(error) => tracing::debug!(%error, "the spool cannot be drained yet"),
            }
            drop(working);
        }
        app.clock.sleep(LOOK).await;
    }
}
