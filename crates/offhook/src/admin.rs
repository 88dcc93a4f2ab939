//! What the operator of an installation does from its shell.

use clap::{Args, Subcommand};
use offhook_server::clock::Clock;
use offhook_server::config::{ServeArgs, StoreArgs};

/// `offhook admin …`.
#[derive(Args)]
pub(crate) struct AdminArgs {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Print a new one-time link to set up an installation that has no organization yet
    SetupLink(Box<ServeArgs>),
    /// Seal the stored secrets with `ENCRYPTION_KEY` that are sealed with `ENCRYPTION_KEY_PREVIOUS`
    Reseal(StoreArgs),
}

/// Runs one admin command.
pub(crate) async fn run(args: AdminArgs) -> anyhow::Result<()> {
    match args.command {
        AdminCommand::SetupLink(args) => {
            match offhook_server::setup_link(&args.config(Clock::real())?).await? {
                Some(link) => crate::say(&link),
                None => anyhow::bail!(
                    "this installation is set up already; its owner can add people and reset their log-ins under Users"
                ),
            }
        }
        AdminCommand::Reseal(args) => {
            let anew = offhook_server::reseal(&args).await?;
            crate::say(&format!(
                "{anew} secrets were sealed anew; all of them open with ENCRYPTION_KEY now."
            ))
        }
    }
}

/// `offhook migrate`.
pub(crate) async fn migrate(args: &StoreArgs) -> anyhow::Result<()> {
    offhook_server::migrate(args).await?;
    crate::say("The database is up to date.")
}

/// `offhook config`: every setting as a line of an environment file, with its meaning.
pub(crate) fn config() -> anyhow::Result<()> {
    let command = ServeArgs::augment_args(clap::Command::new("serve"));
    let lines: Vec<String> = command
        .get_arguments()
        .filter_map(|arg| {
            let name = arg.get_env()?.to_str()?;
            let about = arg.get_help().map(ToString::to_string).unwrap_or_default();
            let value = arg
                .get_default_values()
                .first()
                .and_then(|v| v.to_str())
                .unwrap_or_default();
            Some(format!("# {about}\n#{name}={value}\n"))
        })
        .collect();
    crate::say(&lines.join("\n"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        crate::Cli::command().debug_assert();
    }
    use clap::CommandFactory as _;
}
