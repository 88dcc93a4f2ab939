//! Log lines on standard error: plain for a person at a terminal, JSON for a machine.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Starts logging; `RUST_LOG` chooses what is shown, the demo shows only warnings unless told otherwise.
pub(crate) fn start(quiet: bool) {
    // PostgreSQL notes each start that the table of migrations is there already.
    let usual = if quiet {
        "warn"
    } else {
        "info,sqlx::postgres::notice=warn"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() || quiet {
        lines.with_target(false).init();
    } else {
        lines.json().flatten_event(true).init();
    }
}
