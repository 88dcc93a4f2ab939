//! Who is there: agents, who of them listens, and whether somebody answers where numbers lead.

use std::collections::BTreeSet;

use offhook_core::id::UserId;
use offhook_core::presence::Presence;
use offhook_store::numbers::Destination;
use offhook_store::presence::{self as store, AgentFacts};
use offhook_store::queues::{self, Queue};
use offhook_store::{Error, Tx};

use super::case::{Case, counted};
use super::numbers::some;
use super::report::{Check, Group, Item};
use crate::presence;

const fn item(id: &'static str, title: &'static str, seeds: &'static [&'static str]) -> Item {
    Item {
        id,
        group: Group::People,
        title,
        seeds,
    }
}

const LISTENING: Item = item(
    "people.listening",
    "Somebody listens",
    &["000", "002", "003"],
);
const QUEUES: Item = item("people.queues", "Queues have agents", &["000"]);
const NUMBERS: Item = item("people.numbers", "Agents have a number to show", &["004"]);

/// What is read about people.
struct People {
    agents: Vec<AgentFacts>,
    queues: Vec<Queue>,
    members: Vec<(offhook_core::id::QueueId, UserId)>,
}

pub(super) async fn checks(case: &Case<'_>) -> Vec<Check> {
    let now = case.now;
    let read = case.app.db.read(&case.org, async |tx: &mut Tx| {
        Ok::<_, Error>(People {
            agents: store::facts(tx, None, now).await?,
            queues: queues::list(tx).await?,
            members: queues::all_members(tx).await?,
        })
    });
    match read.await {
        Ok(people) => vec![
            listening(case, &people),
            queues_of(case, &people),
            numbers_of(case, &people),
        ],
        Err(_) => vec![LISTENING.skipped("The database could not be asked.")],
    }
}

fn listening(case: &Case<'_>, people: &People) -> Check {
    let (mut free, mut busy, mut away, mut unready) = (0_u64, 0_u64, 0_u64, 0_u64);
    for agent in &people.agents {
        match presence::of(agent, case.now) {
            Presence::Available => free += 1,
            Presence::Busy | Presence::WrapUp => busy += 1,
            // Here, but the softphone has no device: the microphone is blocked, or the carrier refused it.
            Presence::Away if agent.chosen == store::Chosen::Available => unready += 1,
            Presence::Away => away += 1,
            Presence::Offline => {}
        }
    }
    if free + busy > 0 {
        return LISTENING.ok(format!(
            "{} can take a call now, {busy} in a call or just after one.",
            counted(free, "agent", "agents")
        ));
    }
    let forwards = case.numbers.iter().any(|number| {
        matches!(
            number.route.to,
            Destination::Forward { .. } | Destination::Voicemail
        )
    });
    let finding = format!(
        "Nobody can take a call in the app now: of {}, {away} away, {unready} with a phone that is not ready, the others not logged in.",
        counted(people.agents.len() as u64, "person", "people")
    );
    let cure = if unready > 0 {
        "Let those whose phone is not ready open the app and click the phone's dot: it says what is missing."
    } else {
        "Log in, switch to Available, and keep the page open; or let an agent enter a phone of their own."
    };
    if forwards {
        LISTENING.ok(format!(
            "{finding} Numbers with a forward or a voicemail work all the same."
        ))
    } else {
        LISTENING.warning(finding, cure).opens("/team")
    }
}

fn queues_of(case: &Case<'_>, people: &People) -> Check {
    let active: BTreeSet<&UserId> = people.agents.iter().map(|agent| &agent.user).collect();
    let used: BTreeSet<_> = case
        .numbers
        .iter()
        .filter_map(|number| match &number.route.to {
            Destination::Queue { queue } => Some(queue),
            _ => None,
        })
        .collect();
    let empty: Vec<String> = people
        .queues
        .iter()
        .filter(|queue| used.contains(&queue.id))
        .filter(|queue| {
            !people
                .members
                .iter()
                .any(|(of, user)| *of == queue.id && active.contains(user))
        })
        .map(|queue| queue.label.clone())
        .collect();
    if empty.is_empty() {
        return QUEUES.ok("Every queue that a number leads to has agents.");
    }
    QUEUES
        .failed(
            format!(
                "Nobody belongs to {}: callers hear music until the overflow.",
                some(&empty)
            ),
            "Add agents to the queue under Users.",
        )
        .opens("/users")
}

fn numbers_of(case: &Case<'_>, people: &People) -> Check {
    let without = people
        .agents
        .iter()
        .filter(|agent| {
            !case
                .numbers
                .iter()
                .any(|number| number.agent.as_ref() == Some(&agent.user))
        })
        .count() as u64;
    if case.numbers.is_empty() {
        return NUMBERS
            .failed(
                "There is no number, so nobody has one to show.",
                "Get a number on the page Numbers.",
            )
            .opens("/numbers");
    }
    NUMBERS.ok(match without {
        0 => "Every person has a number of their own.".to_owned(),
        _ => format!(
            "{} without a number of their own: they show the organization's first.",
            counted(without, "person is", "people are")
        ),
    })
}
