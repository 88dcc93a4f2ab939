//! Hears what other nodes say on a connection of its own: events that they numbered, accounts that they changed.

use std::sync::Arc;
use std::time::Duration;

use offhook_core::id::OrgId;
use offhook_store::Listener;
use offhook_store::events::{self, After};

use super::Word;
use crate::app::App;
use crate::carrier::CHANGED;

/// How long after a lost connection it is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// How many events are read at once.
const AT_ONCE: u32 = 200;

/// Listens for as long as the server runs.
pub(super) async fn run(app: App) {
    loop {
        match app.db.listen().await {
            Ok(listener) => {
                missed(&app);
                hear(&app, listener).await;
            }
            Err(error) => tracing::warn!(%error, "cannot listen for other nodes' events"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn hear(app: &App, mut listener: Listener) {
    loop {
        match listener.next().await {
            Ok(Some(payload)) => take(app, &payload).await,
            Ok(None) => missed(app),
            Err(error) => {
                tracing::warn!(%error, "the connection for other nodes' events was lost");
                // Nobody will say what changes from now on.
                app.accounts.doubt_all();
                return;
            }
        }
    }
}

/// What was said while nobody listened is in the rows.
fn missed(app: &App) {
    app.live.tell_all_to_look();
    app.accounts.doubt_all();
}

/// `events ORG CURSOR` and `account ORG`.
async fn take(app: &App, payload: &str) {
    let mut words = payload.split(' ');
    let (kind, org) = (words.next(), words.next().map(OrgId::parse));
    match (kind, org, words.next().map(str::parse)) {
        (Some("events"), Some(Ok(org)), Some(Ok(cursor))) => pass_on(app, &org, cursor).await,
        (Some(CHANGED), Some(Ok(org)), None) => {
            app.accounts.forget(&org);
            app.queues.forget_all();
        }
        _ => tracing::debug!(payload, "a word of another version on the bus"),
    }
}

/// Sends the events that another node numbered to this node's sockets.
async fn pass_on(app: &App, org: &OrgId, cursor: i64) {
    if !app.live.is_heard(org) {
        return;
    }
    match app
        .db
        .read(org, async |tx| events::after(tx, cursor - 1, AT_ONCE).await)
        .await
    {
        Ok(After::Events(events)) => {
            for event in events {
                app.live.tell(org, Word::Event(Arc::new(event)));
            }
        }
        Ok(After::Reset) | Err(_) => app.live.tell(org, Word::Look),
    }
}
