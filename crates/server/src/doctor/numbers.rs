//! Phone numbers: whether the organization has any, whether a call to them finds it, and what they can do.

use std::collections::BTreeMap;

use offhook_store::{Reason, directory};
use offhook_twilio::rest::number::{self, Number as Held};

use super::case::{Case, PATIENCE, counted, within};
use super::report::{Check, Group, Item};
use crate::carrier::SendError;

const fn item(id: &'static str, title: &'static str, seeds: &'static [&'static str]) -> Item {
    Item {
        id,
        group: Group::Numbers,
        title,
        seeds,
    }
}

const KNOWN: Item = item("numbers.known", "There is a number", &["000", "001", "004"]);
const FOUND: Item = item(
    "numbers.directory",
    "A call to a number finds this organization",
    &["000", "001"],
);
const ABILITIES: Item = item(
    "numbers.capabilities",
    "The numbers can take calls",
    &["003"],
);
const STRAYS: Item = item(
    "numbers.strays",
    "No number leads here that nobody knows here",
    &["000"],
);
const EMERGENCY: Item = item("numbers.emergency", "Emergency calls", &[]);

/// So many pages of the account's numbers are read.
const PAGES: usize = 4;
/// So many numbers are named in one finding.
const NAMED: usize = 5;

pub(super) async fn checks(case: &Case<'_>) -> Vec<Check> {
    if case.numbers.is_empty() {
        let none = KNOWN
            .failed(
                "The organization has no number yet: nobody can call it, and its agents have nothing to show.",
                "Get a number, or import one that the account has, on the page Numbers.",
            )
            .opens("/numbers");
        return vec![
            none,
            strays(case, held(case).await.as_deref().unwrap_or_default()),
        ];
    }
    let (found, held) = tokio::join!(
        within(PATIENCE, FOUND, found(case)),
        tokio::time::timeout(PATIENCE, held(case))
    );
    let mut checks = vec![known(case), found, emergency(case)];
    match held {
        Ok(Ok(held)) => checks.extend([abilities(case, &held), strays(case, &held)]),
        Ok(Err(_)) => checks.push(
            ABILITIES.skipped("Not tried: Twilio did not tell which numbers the account has."),
        ),
        Err(_) => checks.push(ABILITIES.late()),
    }
    checks
}

fn known(case: &Case<'_>) -> Check {
    let count = case.numbers.len() as u64;
    let own = case.numbers.iter().filter(|number| number.agent.is_some());
    KNOWN.ok(format!(
        "{}, {} of them an agent's own.",
        counted(count, "number", "numbers"),
        own.count()
    ))
}

/// By what a webhook finds its organization: the account and every number.
async fn found(case: &Case<'_>) -> Check {
    let account = case.row.iter().map(|row| row.account_sid.as_str());
    let keys: Vec<&str> = account
        .chain(case.numbers.iter().map(|number| number.e164.as_str()))
        .collect();
    let org = case.org.clone();
    let lost = case
        .app
        .db
        .system(Reason::Directory)
        .read(async |conn| {
            let mut lost = 0_u64;
            for key in keys {
                if directory::find(conn, key).await?.as_ref() != Some(&org) {
                    lost += 1;
                }
            }
            Ok::<_, offhook_store::Error>(lost)
        })
        .await;
    match lost {
        Ok(0) => FOUND.ok("The account and all its numbers lead to this organization."),
        Ok(lost) => FOUND.failed(
            format!("{} not lead to this organization.", counted(lost, "name does", "names do")),
            "Remove the number on the page Numbers and add it again; for the account, save it again in Settings.",
        ),
        Err(_) => FOUND.skipped("The database could not be asked."),
    }
}

/// The account's numbers, the first few pages of them.
async fn held(case: &Case<'_>) -> Result<Vec<Held>, SendError> {
    let Some(account) = &case.account else {
        return Ok(Vec::new());
    };
    let mut held = Vec::new();
    let mut asked = Some(number::list(&account.account_sid, None));
    for _ in 0..PAGES {
        let Some(request) = asked else { break };
        let page = case.app.carrier.try_once(account, &request).await?;
        asked = page.next();
        held.extend(page.items);
    }
    Ok(held)
}

fn abilities(case: &Case<'_>, held: &[Held]) -> Check {
    let Some(account) = &case.account else {
        return ABILITIES.skipped("There is no account.");
    };
    let by_number: BTreeMap<&str, &Held> = held
        .iter()
        .map(|held| (held.phone_number.as_str(), held))
        .collect();
    let ours = case
        .numbers
        .iter()
        .filter(|number| number.carrier == account.id);
    let (mut gone, mut mute) = (Vec::new(), Vec::new());
    for number in ours {
        match by_number.get(number.e164.as_str()) {
            None => gone.push(number.e164.clone()),
            Some(held) if !held.capabilities.voice => mute.push(number.e164.clone()),
            Some(_) => {}
        }
    }
    if !gone.is_empty() {
        return ABILITIES
            .failed(
                format!("The account at Twilio does not have {}.", some(&gone)),
                "Get the number back at Twilio, or remove it on the page Numbers; perhaps it belongs to another account or region.",
            )
            .opens("/numbers");
    }
    if !mute.is_empty() {
        return ABILITIES
            .failed(
                format!("{} cannot take or make calls.", some(&mute)),
                "Choose a number with the capability Voice.",
            )
            .opens("/numbers");
    }
    ABILITIES.ok("All of them are in the account and can take and make calls.")
}

/// The first few of a list, in words.
pub(super) fn some(all: &[String]) -> String {
    let named = all
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match all.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// Their callers would hear that the number is not known.
fn strays(case: &Case<'_>, held: &[Held]) -> Check {
    let here = case.app.config.public_url.host_str().unwrap_or_default();
    let leads_here = |held: &&Held| {
        let url = held
            .voice_url
            .as_deref()
            .and_then(|url| url::Url::parse(url).ok());
        url.and_then(|url| url.host_str().map(|host| host == here)) == Some(true)
    };
    let unknown = |held: &&Held| {
        !case
            .numbers
            .iter()
            .any(|number| number.e164 == held.phone_number)
    };
    let strays: Vec<String> = held
        .iter()
        .filter(leads_here)
        .filter(unknown)
        .map(|held| held.phone_number.clone())
        .collect();
    if strays.is_empty() {
        return STRAYS.ok("Every number of the account that leads here is known.");
    }
    STRAYS
        .warning(
            format!("{} of the account {} here, but nobody added {}: callers hear that the number is not known.",
                some(&strays),
                if strays.len() == 1 { "leads" } else { "lead" },
                if strays.len() == 1 { "it" } else { "them" }),
            "Import them on the page Numbers, or let them lead elsewhere at Twilio.",
        )
        .opens("/numbers")
}

fn emergency(case: &Case<'_>) -> Check {
    if case.numbers.iter().any(|number| number.emergency_address) {
        EMERGENCY.ok("They go out with a number that has a registered address.")
    } else {
        EMERGENCY
            .warning(
                "No number has an emergency address: agents who dial an emergency number are told to use another phone.",
                "Register an address for a number in Twilio's console; or tell your people.",
            )
            .opens("/numbers")
    }
}
