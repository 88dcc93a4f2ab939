//! What the account at the carrier should know of us: the stored token, the TwiML App and every number's addresses; and their repair.

use offhook_core::id::OrgId;

use super::case::{Case, LONG_PATIENCE};
use super::report::{Check, Group, Item as Look};
use crate::app::App;
use crate::carrier::drift::{self, Item, Kind, Report};
use crate::error::ApiError;

const TOKEN: Look = Look {
    id: "carrier.stored",
    group: Group::Carrier,
    title: "Stored auth token and API key",
    seeds: &["000", "004"],
};
const TWIML_APP: Look = Look {
    id: "webhooks.twiml_app",
    group: Group::Webhooks,
    title: "The TwiML App leads here",
    seeds: &["002", "003"],
};
const NUMBERS: Look = Look {
    id: "numbers.webhooks",
    group: Group::Numbers,
    title: "The numbers lead here",
    seeds: &["000", "001", "004"],
};

/// The checks and the kinds of items that each tells of.
const ALL: [(Look, Kind); 3] = [
    (TOKEN, Kind::Account),
    (TWIML_APP, Kind::TwimlApp),
    (NUMBERS, Kind::Number),
];

/// So many findings are told in one check.
const TOLD: usize = 4;

pub(super) async fn checks(case: &Case<'_>) -> Vec<Check> {
    if case.account.is_none() {
        return Vec::new();
    }
    let reading = drift::read(case.app, &case.org);
    match tokio::time::timeout(LONG_PATIENCE, reading).await {
        Ok(Ok(report)) => ALL.map(|(look, kind)| told(look, kind, &report)).into(),
        Ok(Err(_)) => vec![TOKEN.skipped("The database could not be asked.")],
        Err(_) => ALL.map(|(look, _)| look.late()).into(),
    }
}

/// One check of all the items of a kind.
fn told(look: Look, kind: Kind, report: &Report) -> Check {
    let items: Vec<&Item> = report
        .items
        .iter()
        .filter(|item| item.kind == kind)
        .collect();
    let wrong: Vec<&Item> = items.iter().copied().filter(|item| !item.ok).collect();
    if items.is_empty() {
        return look.skipped(match kind {
            Kind::Number => "There is no number to look at, or Twilio does not let us in.",
            Kind::TwimlApp | Kind::Account => "Not tried: Twilio does not let us in.",
        });
    }
    let Some(first) = wrong.first() else {
        return look.ok(match kind {
            Kind::Account => "Auth token and API key open the account.",
            Kind::TwimlApp => "Softphones' calls come here.",
            Kind::Number => "Calls to every number come here, and their ends are told.",
        });
    };
    let problems: Vec<String> = wrong.iter().map(|item| problem(item)).collect();
    let check = look.failed(sentences(&problems), first.cure.clone().unwrap_or_default());
    if wrong.iter().any(|item| item.repairable) {
        check.repairs()
    } else {
        check.opens("/settings")
    }
}

/// The first few of a list of sentences.
fn sentences(all: &[String]) -> String {
    let told: Vec<&str> = all.iter().take(TOLD).map(String::as_str).collect();
    match all.len().saturating_sub(TOLD) {
        0 => told.join(" "),
        more => format!("{} And {more} more.", told.join(" ")),
    }
}

fn problem(item: &Item) -> String {
    let problem = item.problem.as_deref().unwrap_or("It differs.");
    match item.kind {
        Kind::Number => format!("{}: {problem}", item.subject),
        Kind::Account | Kind::TwimlApp => problem.to_owned(),
    }
}

/// Repairs what a check tells of, or all that can be.
pub(super) async fn repair(app: &App, org: &OrgId, check: Option<&str>) -> Result<(), ApiError> {
    let Some(check) = check else {
        drift::repair(app, org, None).await?;
        return Ok(());
    };
    let Some((_, kind)) = ALL.into_iter().find(|(look, _)| look.id == check) else {
        return Err(ApiError::invalid(
            "check",
            "this finding cannot be repaired with a click; do what its cure says",
        ));
    };
    let items = drift::read(app, org).await?.items.into_iter();
    let items: Vec<String> = items
        .filter(|item| item.kind == kind && item.repairable)
        .map(|item| item.id)
        .collect();
    if !items.is_empty() {
        drift::repair(app, org, Some(&items)).await?;
    }
    Ok(())
}
