//! What agents' browsers said about themselves: no server can look into a microphone.

use chrono::TimeDelta;
use offhook_store::checkups::{self, BrowserReport};
use offhook_store::{Error, Reason, Tx, users};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::case::{Case, counted};
use super::numbers::some;
use super::report::{Check, Group, Item};
use crate::config::is_loopback;

const fn item(id: &'static str, title: &'static str, seeds: &'static [&'static str]) -> Item {
    Item {
        id,
        group: Group::Browser,
        title,
        seeds,
    }
}

const SECURE: Item = item(
    "browser.secure_context",
    "The page may use the microphone",
    &["000", "002", "003"],
);

/// What a browser can try, and what helps where it fails.
const TRIED: [(Item, &str); 6] = [
    (
        item("browser.microphone", "Microphone", &["000", "002", "003"]),
        "Allow the microphone at the padlock before the address, close other programs that use it, and choose the right one in the phone's audio settings.",
    ),
    (
        item("browser.support", "Browser", &["000", "003"]),
        "Use a current Chrome, Edge, Firefox or Safari.",
    ),
    (
        item("browser.events", "Live connection", &["002"]),
        "Check the network, and that its proxy lets WebSockets through.",
    ),
    (
        item("browser.device", "Softphone", &["000", "002", "003"]),
        "Reload the page; if it stays, see API key and TwiML App above.",
    ),
    (
        item(
            "browser.sound",
            "Sound gets through",
            &["000", "002", "003"],
        ),
        "Let the network pass UDP to 168.86.128.0/18, ports 10000 to 60000; try another network or without a VPN.",
    ),
    (
        item("browser.network", "Quality of the line", &["000"]),
        "Use a cable instead of Wi-Fi, close what loads the line, and try headphones.",
    ),
];

/// Older reports say nothing about now.
const FRESH: TimeDelta = TimeDelta::days(7);
/// The most that one report may hold.
const MOST: usize = 20;
const LONGEST: usize = 300;

/// One thing that a browser tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BrowserCheck)]
pub(crate) struct Tried {
    /// `microphone`, `support`, `events`, `device`, `sound` or `network`.
    pub(super) name: String,
    /// It went well; null: it could not be tried.
    pub(super) ok: Option<bool>,
    /// What was found, in words.
    pub(super) detail: Option<String>,
}

/// Takes what fits and makes the rest shorter.
pub(super) fn sound(mut tried: Vec<Tried>) -> Vec<Tried> {
    tried.truncate(MOST);
    for one in &mut tried {
        one.name = one.name.chars().take(40).collect();
        one.detail = one
            .detail
            .take()
            .map(|text| text.chars().take(LONGEST).collect());
    }
    tried
}

pub(super) async fn checks(case: &Case<'_>) -> Vec<Check> {
    let mut checks = vec![secure(case)];
    let Ok(said) = said(case).await else {
        return checks;
    };
    checks.extend(TRIED.map(|(item, cure)| judge(item, cure, &said)));
    checks
}

fn secure(case: &Case<'_>) -> Check {
    let config = &case.app.config;
    if config.is_https() || is_loopback(&config.public_url) {
        SECURE.ok("The app is opened by https, or on this very machine.")
    } else {
        SECURE.failed(
            "The app is not opened by https: browsers refuse the microphone.",
            "Put the server behind https and set PUBLIC_URL to that address.",
        )
    }
}

/// Whose browser said what.
struct Said {
    name: String,
    tried: Vec<Tried>,
}

async fn said(case: &Case<'_>) -> Result<Vec<Said>, Error> {
    let since = case.now - FRESH;
    let reports = case
        .app
        .db
        .read(&case.org, async |tx: &mut Tx| {
            checkups::browsers(tx, since).await
        })
        .await?;
    let org = case.org.clone();
    let members = case
        .app
        .db
        .system(Reason::Users)
        .read(async |conn| users::members(conn, &org).await)
        .await?;
    let name = |report: &BrowserReport| {
        let member = members
            .iter()
            .find(|member| member.user.id == report.user && member.membership.active)?;
        Some(member.user.name.clone())
    };
    Ok(reports
        .into_iter()
        .filter_map(|report| {
            Some(Said {
                name: name(&report)?,
                tried: serde_json::from_value(report.checks).unwrap_or_default(),
            })
        })
        .collect())
}

fn judge(item: Item, cure: &str, said: &[Said]) -> Check {
    let name = item.id.trim_start_matches("browser.");
    let of_this = |said: &Said| said.tried.iter().find(|tried| tried.name == name).cloned();
    let (mut good, mut bad) = (0_u64, Vec::new());
    for one in said {
        match of_this(one) {
            Some(Tried { ok: Some(true), .. }) => good += 1,
            Some(Tried {
                ok: Some(false),
                detail,
                ..
            }) => bad.push(match detail {
                Some(detail) => format!("{} ({})", one.name, detail.trim_end_matches('.')),
                None => one.name.clone(),
            }),
            _ => {}
        }
    }
    if good == 0 && bad.is_empty() {
        return item.skipped(
            "No browser has said anything in the last week: open this page in the app, or let an agent log in.",
        );
    }
    if bad.is_empty() {
        return item.ok(format!("Well in {}.", counted(good, "browser", "browsers")));
    }
    let finding = format!(
        "Not with {}; well in {}.",
        some(&bad),
        counted(good, "browser", "browsers")
    );
    if good == 0 {
        item.failed(finding, cure)
    } else {
        item.warning(finding, cure)
    }
}
