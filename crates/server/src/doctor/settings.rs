//! What the server was told when it was started: each environment name of ours and of the five systems, set or not. Values are never shown.

use offhook_store::Reason;
use offhook_store::organizations;

use super::case::{Case, Eyes};
use super::report::{Check, Group, Item, State};
use crate::config::{CarrierSeed, ConfigErrors};

/// What an unset name means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unset {
    /// The server does not start without it.
    Fatal,
    /// What it is then.
    Default(&'static str),
    /// It does not matter; why.
    Unused(&'static str),
    /// The account in Settings has it, or must.
    Account(Part),
}

/// What of an account a name gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Account,
    ApiKey,
    TwimlApp,
    Number,
}

struct Name {
    word: &'static str,
    seeds: &'static [&'static str],
    unset: Unset,
}

const fn name(word: &'static str, seeds: &'static [&'static str], unset: Unset) -> Name {
    Name { word, seeds, unset }
}

const NAMES: [Name; 14] = [
    name("ENCRYPTION_KEY", &["001"], Unset::Fatal),
    name(
        "PUBLIC_URL",
        &["000", "001", "003"],
        Unset::Default(
            "the address is http://localhost and the port, which only this machine reaches",
        ),
    ),
    name(
        "NEXT_PUBLIC_APP_URL",
        &["001", "003"],
        Unset::Default("it is an older name of PUBLIC_URL"),
    ),
    name(
        "DATABASE_URL",
        &["003"],
        Unset::Default("the database is a file in the data folder"),
    ),
    name(
        "TWILIO_ACCOUNT_SID",
        &["000", "001", "003", "004"],
        Unset::Account(Part::Account),
    ),
    name(
        "TWILIO_AUTH_TOKEN",
        &["000", "001", "003", "004"],
        Unset::Account(Part::Account),
    ),
    name(
        "TWILIO_API_KEY",
        &["000", "003"],
        Unset::Account(Part::ApiKey),
    ),
    name(
        "TWILIO_API_SECRET",
        &["000", "003"],
        Unset::Account(Part::ApiKey),
    ),
    name(
        "TWILIO_TWIML_APP_SID",
        &["002", "003"],
        Unset::Account(Part::TwimlApp),
    ),
    name(
        "TWILIO_PHONE_NUMBER",
        &["000", "001", "003"],
        Unset::Account(Part::Number),
    ),
    name(
        "TWILIO_REGION",
        &["004"],
        Unset::Default("the region stands in Settings; without one it is the US"),
    ),
    name(
        "TWILIO_API_BASE_URL",
        &["004"],
        Unset::Default("the address stands in Settings; without one it is Twilio's own"),
    ),
    name(
        "FORWARD_PHONE_NUMBER",
        &["001"],
        Unset::Default(
            "nobody's phone takes the calls that nobody answered, unless a route says so",
        ),
    ),
    name(
        "OPENAI_API_KEY",
        &["004"],
        Unset::Unused("Not used: calls are not transcribed in this version."),
    ),
];

const ALL: Item = Item {
    id: "settings.environment",
    group: Group::Settings,
    title: "The server's settings",
    seeds: &["000", "001", "002", "003", "004"],
};

const SAME: Item = Item {
    id: "settings.account",
    group: Group::Settings,
    title: "The environment and Settings name the same account",
    seeds: &["004"],
};

/// Every name for the operator; for an organization only whether they are in order.
pub(super) async fn checks(case: &Case<'_>) -> Vec<Check> {
    let mut names: Vec<Check> = NAMES.iter().map(|name| look(case, name)).collect();
    names.extend(same_account(case).await);
    if case.eyes == Eyes::Operator {
        return names;
    }
    let bad = names.iter().any(|check| check.state == State::Failed);
    let summary = if bad {
        ALL.failed(
            "The server was started without something that this organization needs, and Settings does not have it either.",
            "Enter the carrier account in Settings; or let whoever runs this server read `offhook doctor` there.",
        )
        .opens("/settings")
    } else {
        ALL.ok("The server was told all that it needs.")
    };
    let others = names.into_iter().filter(|check| check.id == SAME.id);
    std::iter::once(summary).chain(others).collect()
}

fn look(case: &Case<'_>, name: &Name) -> Check {
    let item = Item {
        id: name.word,
        title: name.word,
        group: Group::Settings,
        seeds: name.seeds,
    };
    let given = &case.app.config.given;
    let alias = name.word == "TWILIO_TWIML_APP_SID" && given.contains(&"TWIML_APP_SID");
    if given.contains(&name.word) || alias {
        return item.ok("Set.");
    }
    match name.unset {
        // It runs, so there is one: the demo brings its own.
        Unset::Fatal => item.ok("Not set by name; this server brings its own."),
        Unset::Unused(why) => item.ok(why),
        Unset::Default(meaning) => item.ok(format!("Not set: {meaning}.")),
        Unset::Account(part) if has(case, part) => {
            item.ok("Not set, and not needed: Settings has it.")
        }
        Unset::Account(part) => item.failed(
            "Not set, and Settings does not have it either.",
            match part {
                Part::Account => "Enter Account SID and auth token in Settings, Carrier.",
                Part::ApiKey => "Save the carrier account in Settings once more: an API key is made by itself.",
                Part::TwimlApp => "Save the carrier account in Settings once more: the TwiML App is made by itself.",
                Part::Number => "Get or import a number on the page Numbers.",
            },
        ),
    }
}

fn has(case: &Case<'_>, part: Part) -> bool {
    let row = case.row.as_ref();
    match part {
        Part::Account => row.is_some(),
        Part::ApiKey => {
            row.is_some_and(|row| row.api_key_sid.is_some() && row.api_key_secret.is_some())
        }
        Part::TwimlApp => row.is_some_and(|row| row.twiml_app_sid.is_some()),
        Part::Number => !case.numbers.is_empty(),
    }
}

/// The environment fills in the first organization's account once; later changes there are not looked at any more, which surprises.
async fn same_account(case: &Case<'_>) -> Option<Check> {
    let seed = case.app.config.carrier.as_ref()?;
    let account = case.account.as_ref()?;
    let first = case
        .app
        .db
        .system(Reason::Sweep)
        .read(async |conn| organizations::ids(conn).await)
        .await
        .ok()?
        .into_iter()
        .next()?;
    if first != case.org {
        return None;
    }
    let differs = differing(seed, account);
    Some(if differs.is_empty() {
        SAME.ok("They do.")
    } else {
        SAME.warning(
            format!(
                "{} in the environment {} not what Settings has. Settings counts: the environment is read only when an installation is new.",
                differs.join(", "),
                if differs.len() == 1 { "is" } else { "are" }
            ),
            "If the environment is right, enter the same in Settings, Carrier; otherwise remove it there.",
        )
        .opens("/settings")
    })
}

fn differing(seed: &CarrierSeed, account: &crate::carrier::Account) -> Vec<&'static str> {
    let key = account.api_key.as_ref();
    let mut differs = Vec::new();
    if seed.account_sid != account.account_sid {
        differs.push("TWILIO_ACCOUNT_SID");
    } else if seed.auth_token.expose() != account.auth_token.expose() {
        differs.push("TWILIO_AUTH_TOKEN");
    }
    if seed.api_key_sid.is_some() && seed.api_key_sid.as_ref() != key.map(|(sid, _)| sid) {
        differs.push("TWILIO_API_KEY");
    }
    if seed.twiml_app_sid.is_some() && seed.twiml_app_sid != account.twiml_app_sid {
        differs.push("TWILIO_TWIML_APP_SID");
    }
    differs
}

/// What is wrong with the settings when the server could not even be started with them.
pub(super) fn broken(errors: &ConfigErrors) -> Vec<Check> {
    errors
        .0
        .iter()
        .map(|error| {
            ALL.failed(
                error.to_string(),
                "Set it in the environment of the server, and start it again.",
            )
        })
        .collect()
}
