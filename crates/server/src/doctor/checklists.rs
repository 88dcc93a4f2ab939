//! The five documents' set-up checklists, ticking themselves: each item is a check, a fact in the rows, or something only a person knows.

use offhook_store::checkups::{self, Happened};
use offhook_store::presence as store;
use offhook_store::{Error, Tx};

use super::case::Case;
use super::report::{Checklist, Report, State, Tick};
use crate::config::is_loopback;

/// By what an item is ticked.
#[derive(Clone, Copy)]
enum By {
    /// This check is well.
    Check(&'static str),
    /// This is so.
    Fact(Fact),
    /// This is so; the check tells more.
    FactOf(Fact, &'static str),
    /// The world reaches the public address.
    Public,
    /// Only a person can tell; why.
    Person(&'static str),
}

use By::{Check, Fact as Is, FactOf, Person, Public};

#[derive(Clone, Copy)]
enum Fact {
    Account,
    ApiKey,
    TwimlApp,
    Number,
    Answers,
    AgentHasNumber,
    AllAgentsHaveNumbers,
    Inbound,
    InboundAnswered,
    Outbound,
    OutboundAnswered,
    OutboundEnded,
    Recording,
}

const HEARD: &str = "Only the two people in the call know whether they heard each other.";
const SEEN: &str = "Only whoever looks at the screen can tell.";
const NO_TRANSCRIPTS: &str = "Offhook does not transcribe calls in this version.";
const BUILT_IN: &str =
    "There is nothing to deploy apart: the app is part of the server that shows you this.";

const NOBODY_ELSE: &str =
    "The carrier is on this very machine, so nobody else has to reach the address.";

type List = (&'static str, &'static str, &'static [(&'static str, By)]);

const LISTS: [List; 5] = [
    (
        "000",
        "Queue and conference",
        &[
            (
                "Twilio account created and verified",
                Check("carrier.account"),
            ),
            ("Account SID obtained", Is(Fact::Account)),
            (
                "Auth token obtained",
                FactOf(Fact::Account, "carrier.credentials"),
            ),
            (
                "API key and secret obtained",
                FactOf(Fact::ApiKey, "carrier.api_key"),
            ),
            (
                "Phone number obtained",
                FactOf(Fact::Number, "numbers.known"),
            ),
            ("Environment variables set", Check("settings")),
            (
                "Backend started with them",
                FactOf(Fact::Answers, "webhooks.address"),
            ),
            (
                "Twilio configuration entered",
                FactOf(Fact::Account, "carrier.credentials"),
            ),
            ("Test incoming call received", Is(Fact::Inbound)),
            (
                "Test outbound call made",
                FactOf(Fact::Outbound, "calls.test"),
            ),
            (
                "Recording was saved",
                FactOf(Fact::Recording, "calls.recordings"),
            ),
            ("Agent's microphone works", Check("browser.microphone")),
            ("Customer can hear the agent", Person(HEARD)),
        ],
    ),
    (
        "001",
        "Forwarding and event log",
        &[
            ("Twilio credentials are right", Check("carrier.credentials")),
            ("The app's URL is publicly reachable", Public),
            (
                "Database migrations have been run",
                Check("server.database"),
            ),
            ("Everybody belongs to an organization", Is(Fact::Answers)),
            ("Webhooks configured at Twilio", Check("numbers.webhooks")),
            ("Tunnel running, for local testing", Public),
        ],
    ),
    (
        "002",
        "Device SDK",
        &[
            (
                "TwiML App made",
                FactOf(Fact::TwimlApp, "webhooks.twiml_app"),
            ),
            ("TwiML App SID stored", Is(Fact::TwimlApp)),
            (
                "Backend deployed",
                FactOf(Fact::Answers, "webhooks.address"),
            ),
            ("Frontend deployed", Person(BUILT_IN)),
            (
                "Outgoing call tested",
                FactOf(Fact::OutboundAnswered, "calls.test"),
            ),
            ("Incoming call tested", Is(Fact::InboundAnswered)),
            ("Status follows without a reload", Check("server.websocket")),
        ],
    ),
    (
        "003",
        "Click-to-call and presence",
        &[
            (
                "Account SID and auth token",
                FactOf(Fact::Account, "carrier.credentials"),
            ),
            (
                "API key and secret",
                FactOf(Fact::ApiKey, "carrier.api_key"),
            ),
            ("Phone number", FactOf(Fact::Number, "numbers.known")),
            (
                "TwiML App, its voice URL leading here",
                Check("webhooks.twiml_app"),
            ),
            ("Database migrations", Check("server.database")),
            ("Environment variables", Check("settings")),
            ("The contact's phone rings", Is(Fact::Outbound)),
            (
                "The call connects",
                FactOf(Fact::OutboundAnswered, "calls.test"),
            ),
            ("Both sides hear each other", Person(HEARD)),
            ("The duration counts on the screen", Person(SEEN)),
            ("Others see the agent On Call", Person(SEEN)),
            (
                "The call is in the database as outbound",
                Is(Fact::Outbound),
            ),
            (
                "Afterwards its status is completed",
                Is(Fact::OutboundEnded),
            ),
            ("Afterwards the agent is Available", Check("calls.left")),
            ("History shows the duration", Is(Fact::OutboundEnded)),
        ],
    ),
    (
        "004",
        "Numbers per agent",
        &[
            ("Twilio account created", Check("carrier.account")),
            (
                "Credentials entered",
                FactOf(Fact::Account, "carrier.credentials"),
            ),
            (
                "Application started with them",
                FactOf(Fact::Answers, "webhooks.address"),
            ),
            (
                "Webhook URLs configured at Twilio",
                Check("numbers.webhooks"),
            ),
            (
                "At least one phone number",
                FactOf(Fact::Number, "numbers.known"),
            ),
            (
                "A number assigned to a test agent",
                Is(Fact::AgentHasNumber),
            ),
            ("Test call made", FactOf(Fact::Outbound, "calls.test")),
            (
                "Recording captured",
                FactOf(Fact::Recording, "calls.recordings"),
            ),
            ("Transcription completed", Person(NO_TRANSCRIPTS)),
            ("Sentiment analysis works", Person(NO_TRANSCRIPTS)),
            (
                "All agents have numbers",
                FactOf(Fact::AllAgentsHaveNumbers, "people.numbers"),
            ),
        ],
    ),
];

/// What the rows know.
struct Known {
    happened: Happened,
    agents_have_numbers: (bool, bool),
}

/// The checklists as they stand now.
pub(super) async fn of(case: &Case<'_>, report: &Report) -> Result<Vec<Checklist>, Error> {
    let now = case.now;
    let (happened, agents) = case
        .app
        .db
        .read(&case.org, async |tx: &mut Tx| {
            let happened = checkups::happened(tx).await?;
            Ok::<_, Error>((happened, store::facts(tx, None, now).await?))
        })
        .await?;
    let has = |agent: &store::AgentFacts| {
        case.numbers
            .iter()
            .any(|number| number.agent.as_ref() == Some(&agent.user))
    };
    let known = Known {
        happened,
        agents_have_numbers: (agents.iter().any(has), agents.iter().all(has)),
    };
    let tick = |(text, by): &(&str, By)| tick(case, report, &known, text, *by);
    Ok(LISTS
        .iter()
        .map(|(system, name, items)| Checklist {
            system: (*system).to_owned(),
            name: (*name).to_owned(),
            items: items.iter().map(tick).collect(),
        })
        .collect())
}

fn tick(case: &Case<'_>, report: &Report, known: &Known, text: &str, by: By) -> Tick {
    let (done, check_id, note) = match by {
        Check(id) => (well(report, id), Some(id), None),
        Public if is_loopback(&case.app.config.public_url) && !case.is_twilio() => {
            (None, Some("webhooks.address"), Some(NOBODY_ELSE))
        }
        Public => (
            well(report, "webhooks.address"),
            Some("webhooks.address"),
            None,
        ),
        Is(fact) => (Some(is_so(case, known, fact)), None, None),
        FactOf(fact, id) => (Some(is_so(case, known, fact)), Some(id), None),
        Person(why) => (None, None, Some(why)),
    };
    let unknown = "The doctor has not looked yet, or had nothing to try it with.";
    Tick {
        text: text.to_owned(),
        done,
        // `settings` is many checks for an operator, one for an organization.
        check_id: check_id.filter(|id| *id != "settings").map(str::to_owned),
        note: note
            .or(done.is_none().then_some(unknown))
            .map(str::to_owned),
    }
}

fn well(report: &Report, id: &str) -> Option<bool> {
    if id == "settings" {
        let mut settings = report
            .checks
            .iter()
            .filter(|check| check.group == super::Group::Settings)
            .peekable();
        settings.peek()?;
        return Some(settings.all(|check| check.state != State::Failed));
    }
    match report.state(id)? {
        State::Ok | State::Warning => Some(true),
        State::Failed => Some(false),
        State::Skipped => None,
    }
}

fn is_so(case: &Case<'_>, known: &Known, fact: Fact) -> bool {
    let row = case.row.as_ref();
    let Known {
        happened,
        agents_have_numbers: (some, all),
    } = known;
    match fact {
        // Whoever reads this got an answer.
        Fact::Answers => true,
        Fact::Account => row.is_some(),
        Fact::ApiKey => {
            row.is_some_and(|row| row.api_key_sid.is_some() && row.api_key_secret.is_some())
        }
        Fact::TwimlApp => row.is_some_and(|row| row.twiml_app_sid.is_some()),
        Fact::Number => !case.numbers.is_empty(),
        Fact::AgentHasNumber => *some,
        Fact::AllAgentsHaveNumbers => *all,
        Fact::Inbound => happened.inbound,
        Fact::InboundAnswered => happened.inbound_answered,
        Fact::Outbound => happened.outbound,
        Fact::OutboundAnswered => happened.outbound_answered,
        Fact::OutboundEnded => happened.outbound_ended,
        Fact::Recording => happened.recording_kept,
    }
}
