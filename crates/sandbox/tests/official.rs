//! The official Python and Node packages, unmodified but for the host, work against the sandbox.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test that may be skipped says so, and CI decides whether it may"
)]

use std::process::Stdio;

use offhook_sandbox::config::{AccountSeed, Config, NumberSeed};
use offhook_sandbox::driver::Sandbox;
use tokio::process::Command;

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const NUMBER: &str = "+14155550199";
/// What a script says when its language or the package cannot be had.
const CANNOT_RUN: i32 = 77;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_python_package_places_and_controls_calls() {
    run("run-python", "calls.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_python_package_drives_every_other_resource() {
    run("run-python", "resources.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_python_package_sends_and_receives_messages() {
    run("run-python", "messages.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_node_package_drives_every_resource() {
    run("run-node", "resources.mjs").await;
}

/// Runs a script against a sandbox of its own.
async fn run(runner: &str, script: &str) {
    let sandbox = Sandbox::start(Config {
        accounts: vec![account()],
        price_delay: 1,
        ..Config::default()
    })
    .await
    .expect("free ports");
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/official");
    let output = Command::new(format!("{here}/{runner}"))
        .args([
            env!("CARGO_TARGET_TMPDIR"),
            script,
            sandbox.url(),
            ACCOUNT,
            TOKEN,
            NUMBER,
        ])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("a shell");
    sandbox.shutdown().await;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    eprintln!("{said}");
    let is = |name: &str, value: &str| std::env::var(name).as_deref() == Ok(value);
    let required = is("CI", "true") || is("OFFHOOK_TEST_OFFICIAL", "required");
    if output.status.code() == Some(CANNOT_RUN) && !required {
        eprintln!("SKIPPED: the official package was not tried");
        return;
    }
    assert!(output.status.success(), "{said}");
}

fn account() -> AccountSeed {
    AccountSeed {
        sid: ACCOUNT.into(),
        auth_token: TOKEN.into(),
        friendly_name: "Test".into(),
        calls_per_second: 1,
        keys: Vec::new(),
        applications: Vec::new(),
        numbers: vec![NumberSeed {
            phone_number: NUMBER.into(),
            ..NumberSeed::default()
        }],
    }
}
