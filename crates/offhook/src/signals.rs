//! Waits for the word to end: Ctrl-C, or SIGTERM from a supervisor.

use tokio::signal::unix::{SignalKind, signal};

/// Returns when this process is asked to end.
pub(crate) async fn asked_to_end() {
    let Ok(mut term) = signal(SignalKind::terminate()) else {
        // Without the handler the default applies and SIGTERM ends us at once; Ctrl-C still comes here.
        tokio::signal::ctrl_c().await.ok();
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => (),
        _ = term.recv() => (),
    }
}
