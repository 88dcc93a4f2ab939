//! `offhook serve`.

use offhook_server::clock::Clock;
use offhook_server::config::ServeArgs;

use crate::signals;

/// Runs the server until it is asked to end.
pub(crate) async fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let running = offhook_server::serve(args.config(Clock::real())?).await?;
    if let Some(link) = running.setup_link().await? {
        crate::say(&format!(
            "This installation is new. Open this link to set it up; it works once, for an hour:\n\n    {link}\n"
        ))?;
    }
    signals::asked_to_end().await;
    running.stop().await;
    Ok(())
}
