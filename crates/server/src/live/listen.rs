//! Hears of events that other nodes numbered, on a connection of its own.

use std::sync::Arc;
use std::time::Duration;

use offhook_core::id::OrgId;
use offhook_store::Listener;
use offhook_store::events::{self, After};

use super::Word;
use crate::app::App;

/// How long after a lost connection it is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// How many events are read at once.
const AT_ONCE: u32 = 200;

/// Listens for as long as the server runs.
pub(super) async fn run(app: App) {
    loop {
        match app.db.listen().await {
            Ok(listener) => {
                // What was said while nobody listened is in the rows.
                app.live.tell_all_to_look();
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
            Ok(None) => app.live.tell_all_to_look(),
            Err(error) => {
                tracing::warn!(%error, "the connection for other nodes' events was lost");
                return;
            }
        }
    }
}

/// `events ORG CURSOR`; other words are for others.
async fn take(app: &App, payload: &str) {
    let mut words = payload.split(' ');
    let (Some("events"), Some(org), Some(cursor)) = (words.next(), words.next(), words.next())
    else {
        return;
    };
    let (Ok(org), Ok(cursor)) = (OrgId::parse(org), cursor.parse::<i64>()) else {
        return;
    };
    if !app.live.is_heard(&org) {
        return;
    }
    match app
        .db
        .read(&org, async |tx| {
            events::after(tx, cursor - 1, AT_ONCE).await
        })
        .await
    {
        Ok(After::Events(events)) => {
            for event in events {
                app.live.tell(&org, Word::Event(Arc::new(event)));
            }
        }
        Ok(After::Reset) | Err(_) => app.live.tell(&org, Word::Look),
    }
}
