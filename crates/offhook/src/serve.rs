//! `offhook serve`.

use offhook_server::clock::Clock;
use offhook_server::config::ServeArgs;

use crate::folder_lock::FolderLock;
use crate::signals;

/// Runs the server until it is asked to end.
pub(crate) async fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let config = args.config(Clock::real())?;
    // Nodes that share a PostgreSQL may share a folder too; a file of SQLite has one server.
    let _held = if config.database.starts_with("postgres") {
        None
    } else {
        Some(FolderLock::take(&config.data_dir)?)
    };
    let running = offhook_server::serve(config).await?;
    if let Some(link) = running.setup_link().await? {
        crate::say(&format!(
            "This installation is new. Open this link to set it up; it works once, for an hour:\n\n    {link}\n"
        ))?;
    }
    signals::asked_to_end().await;
    running.stop().await;
    Ok(())
}
