//! The `offhook` binary: subcommands, and the wiring of server and sandbox.

mod admin;
mod demo;
mod demo_identity;
mod doctor;
mod folder_lock;
mod logs;
mod sandbox;
mod serve;
mod signals;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use offhook_server::StartError;
use offhook_server::config::{ConfigErrors, ServeArgs, StoreArgs};

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
    /// Look whether everything is connected, and say what helps where it is not
    Doctor(Box<doctor::DoctorArgs>),
    /// Show every setting with its environment name, its meaning and its default
    Config,
    /// Help for the operator of an installation
    Admin(admin::AdminArgs),
    /// Print the OpenAPI document of this build
    Openapi,
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    logs::start(matches!(command, Command::Demo(_) | Command::Doctor(_)));
    match start(command) {
        Ok(code) => code,
        Err(error) => refused(&error),
    }
}

fn start(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(command))
}

/// Says in one line what went wrong and why, or in one for each thing that is wrong with the settings; where in the code it was
/// noticed helps nobody at a terminal.
#[expect(
    clippy::print_stderr,
    reason = "the last word of a command that failed, whatever the log's level"
)]
fn refused(error: &anyhow::Error) -> ExitCode {
    let mut words = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // Many errors name their cause already.
        if !words.contains(&cause) {
            words = format!("{words}: {cause}");
        }
    }
    for line in words.lines() {
        eprintln!("Error: {line}");
    }
    let settings = error.is::<ConfigErrors>()
        || error
            .downcast_ref::<StartError>()
            .is_some_and(StartError::is_configuration);
    // As for a flag that does not exist.
    ExitCode::from(if settings { 2 } else { 1 })
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(args) => demo::run(args).await,
        Command::Serve(args) => serve::run(&args).await,
        Command::Sandbox(args) => sandbox::run(args).await,
        Command::Migrate(args) => admin::migrate(&args).await,
        // Its exit code is an answer too.
        Command::Doctor(args) => return doctor::run(*args).await,
        Command::Config => admin::config(),
        Command::Admin(args) => admin::run(args).await,
        Command::Openapi => say(&offhook_server::openapi_json()),
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Standard output is for what the user asked for; everything else is a log line on standard error.
/// A reader that has had enough, such as `head`, is no error.
fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        said => Ok(said?),
    }
}
