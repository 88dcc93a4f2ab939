//! `offhook doctor`: everything that a troubleshooting page would have somebody look up, beside a server that runs or instead of one that does not.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use offhook_server::clock::Clock;
use offhook_server::config::{Secret, ServeArgs, loopback_url};
use offhook_server::doctor::{self, Check, Consultation, Examined, Group, State};

use crate::demo_identity::DemoIdentity;

/// `offhook doctor`.
#[derive(Args)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    serve: ServeArgs,
    /// Only the organization with this short name
    #[arg(long, value_name = "SLUG")]
    org: Option<String>,
    /// Repair at Twilio what can be repaired, then look
    #[arg(long)]
    repair: bool,
    /// Print JSON, for a program
    #[arg(long)]
    json: bool,
}

/// Looks, prints what was found, and ends with 1 when something has failed.
pub(crate) async fn run(args: DoctorArgs) -> anyhow::Result<ExitCode> {
    let DoctorArgs {
        serve,
        org,
        repair,
        json,
    } = args;
    let consultation = match of_the_demo(serve)?.config(Clock::real()) {
        Ok(config) => doctor::consult(config, org.as_deref(), repair).await,
        Err(errors) => doctor::unusable(&errors),
    };
    let text = if json {
        serde_json::to_string_pretty(&consultation)?
    } else {
        told(&consultation)
    };
    crate::say(text.trim_end())?;
    Ok(ExitCode::from(u8::from(!consultation.ok)))
}

/// A demo keeps its key in its folder and is reached on this machine; naming the folder is enough.
fn of_the_demo(mut serve: ServeArgs) -> anyhow::Result<ServeArgs> {
    let folder = &serve.store.data_dir;
    if DemoIdentity::lies_in(folder) && serve.store.encryption_key.is_none() {
        let identity = DemoIdentity::of(folder)?;
        serve.store.encryption_key = Some(Secret::new(identity.encryption_key));
        serve.public_url = serve.public_url.or(Some(loopback_url(serve.port)));
    }
    Ok(serve)
}

fn told(consultation: &Consultation) -> String {
    let mut text = String::new();
    for check in &consultation.trouble {
        line(&mut text, check);
    }
    for examined in &consultation.organizations {
        organization(&mut text, examined);
    }
    text
}

fn organization(text: &mut String, examined: &Examined) {
    let report = &examined.report;
    let at = report.at.map(|at| at.format("%-d %B %Y, %H:%M UTC"));
    let at = at.map(|at| at.to_string()).unwrap_or_default();
    put(
        text,
        format_args!("{} ({}), {at}\n", examined.name, examined.slug),
    );
    let mut group = None;
    for check in &report.checks {
        if group != Some(check.group) {
            group = Some(check.group);
            put(text, format_args!("\n{}\n", heading(check.group)));
        }
        line(text, check);
    }
    put(
        text,
        format_args!("\nSet-up checklists ([x] done, [ ] not yet, [?] only a person can tell)\n"),
    );
    for list in &report.checklists {
        let done = list
            .items
            .iter()
            .filter(|item| item.done == Some(true))
            .count();
        put(
            text,
            format_args!("\n  {}: {done} of {}\n", list.name, list.items.len()),
        );
        for item in &list.items {
            let mark = match item.done {
                Some(true) => 'x',
                Some(false) => ' ',
                None => '?',
            };
            put(text, format_args!("    [{mark}] {}\n", item.text));
        }
    }
    let counts = &report.counts;
    put(
        text,
        format_args!(
            "\n{} ok, {} to look at, {} failed, {} not tried\n\n",
            counts.ok, counts.warning, counts.failed, counts.skipped
        ),
    );
}

fn line(text: &mut String, check: &Check) {
    let state = match check.state {
        State::Ok => "ok",
        State::Warning => "LOOK",
        State::Failed => "FAILED",
        State::Skipped => "-",
    };
    put(
        text,
        format_args!("  {state:<7} {}: {}\n", check.title, check.finding),
    );
    for code in &check.codes {
        put(
            text,
            format_args!("          {}: {} {}\n", code.code, code.meaning, code.cure),
        );
    }
    if let Some(cure) = &check.cure {
        put(text, format_args!("          → {cure}\n"));
    }
    if check
        .repair
        .as_ref()
        .is_some_and(|repair| repair.action == "repair")
    {
        put(
            text,
            format_args!("          → offhook doctor --repair does it.\n"),
        );
    }
}

fn put(text: &mut String, words: std::fmt::Arguments<'_>) {
    text.write_fmt(words).expect("a string takes every word");
}

fn heading(group: Group) -> &'static str {
    match group {
        Group::Settings => "Settings of the server (values are never shown)",
        Group::Server => "Server",
        Group::Carrier => "Account at Twilio",
        Group::Webhooks => "Ways from Twilio to here",
        Group::Numbers => "Numbers",
        Group::Calls => "Calls",
        Group::People => "People",
        Group::Browser => "Browsers, as they said of themselves",
    }
}
