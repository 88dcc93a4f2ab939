//! The `offhook` binary: subcommands, and the wiring of server and sandbox.

mod admin;
mod demo;
mod demo_identity;
mod logs;
mod sandbox;
mod serve;
mod signals;

use clap::{Parser, Subcommand};
use offhook_server::config::{ServeArgs, StoreArgs};

/// Calls for sales and support teams, on Twilio, on your own machine.
#[derive(Parser)]
#[command(version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything on this machine, with no Twilio account: app, sandbox, a lived-in organization
    Demo(demo::DemoArgs),
    /// The server, with your Twilio account
    Serve(Box<ServeArgs>),
    /// The Twilio look-alike alone, for any program that uses Twilio
    Sandbox(sandbox::SandboxArgs),
    /// Bring the database's tables up to date and end
    Migrate(StoreArgs),
    /// Show every setting with its environment name, its meaning and its default
    Config,
    /// Help for the operator of an installation
    Admin(admin::AdminArgs),
    /// Print the OpenAPI document of this build
    Openapi,
}

fn main() -> anyhow::Result<()> {
    let command = Cli::parse().command;
    logs::start(matches!(command, Command::Demo(_)));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(command))
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(args) => demo::run(args).await,
        Command::Serve(args) => serve::run(&args).await,
        Command::Sandbox(args) => sandbox::run(args).await,
        Command::Migrate(args) => admin::migrate(&args).await,
        Command::Config => admin::config(),
        Command::Admin(args) => admin::run(args).await,
        Command::Openapi => say(&offhook_server::openapi_json()),
    }
}

/// Standard output is for what the user asked for; everything else is a log line on standard error.
#[expect(
    clippy::print_stdout,
    reason = "the answer of a command goes to standard output"
)]
fn say(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    println!("{text}");
    Ok(std::io::stdout().flush()?)
}
