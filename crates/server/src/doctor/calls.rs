//! What calls were like: the test call as Twilio saw it, failures with their codes, Twilio's alerts, recordings, nobody left behind.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use offhook_core::call::{Call, LegRole, LegStatus, State as CallState};
use offhook_store::calls::CallFilter;
use offhook_store::{Error, Page, Tx, calls, checkups};
use offhook_twilio::rest::{alert, call as rest_call};

use super::case::{Case, PATIENCE, counted, within};
use super::report::{Check, Group, Item};

const fn item(id: &'static str, title: &'static str, seeds: &'static [&'static str]) -> Item {
    Item {
        id,
        group: Group::Calls,
        title,
        seeds,
    }
}

const TEST: Item = item(
    "calls.test",
    "The last test call",
    &["000", "001", "003", "004"],
);
const FAILED: Item = item("calls.failed", "Calls that failed", &["000", "003", "004"]);
const RECORDINGS: Item = item(
    "calls.recordings",
    "Recordings arrive",
    &["000", "001", "004"],
);
const LEFT: Item = item(
    "calls.left",
    "Nobody is busy with a call that is over",
    &["003"],
);
const ALERTS: Item = Item {
    id: "webhooks.alerts",
    group: Group::Webhooks,
    title: "Twilio's alerts of the last day",
    seeds: &["001", "003", "004"],
};

const DAY: TimeDelta = TimeDelta::days(1);
/// A recording comes within minutes of its call's end.
const RECORDING_COMES: TimeDelta = TimeDelta::minutes(10);
/// The reconciler needs less.
const FOUND_BY_THEN: TimeDelta = TimeDelta::minutes(2);
/// So many failed calls are looked into.
const LOOKED_INTO: u32 = 20;
/// A voice webhook that takes longer keeps a caller waiting.
const SLOW: u32 = 1_500;

pub(super) async fn checks(case: &Case<'_>) -> Vec<Check> {
    let (test, failed, recordings, left, alerts) = tokio::join!(
        within(PATIENCE, TEST, test(case)),
        within(PATIENCE, FAILED, failed(case)),
        within(PATIENCE, RECORDINGS, recordings(case)),
        within(PATIENCE, LEFT, left(case)),
        within(PATIENCE, ALERTS, alerts(case)),
    );
    vec![test, failed, recordings, left, alerts]
}

async fn test(case: &Case<'_>) -> Check {
    let read = case.app.db.read(&case.org, async |tx: &mut Tx| {
        let Some((call, at)) = checkups::last(tx).await?.test_call else {
            return Ok(None);
        };
        Ok::<_, Error>(Some((calls::load(tx, &call).await?.call, at)))
    });
    let (call, at) = match read.await {
        Ok(Some(found)) => found,
        Ok(None) | Err(Error::NotFound) => {
            return TEST
                .skipped("No test call was made yet. Make one: it tries all of this at once.");
        }
        Err(_) => return TEST.skipped("The database could not be asked."),
    };
    let when = at.format("%-d %b %H:%M UTC");
    if !matches!(call.state, CallState::Ended { .. }) {
        return TEST.skipped("The test call still goes on.");
    }
    let codes: Vec<u32> = call.legs.iter().filter_map(|leg| leg.error_code).collect();
    if call.answered_at.is_none() {
        let finding = format!(
            "On {when} the test call was not answered: {}.",
            legs_in_words(&call)
        );
        let cure = "Take the call on the phone that rings. If it did not ring, read the codes below, and the call's page.";
        return TEST
            .failed(finding, cure)
            .codes(codes)
            .opens(&format!("/calls/{}", call.id));
    }
    match seen_by_twilio(case, &call).await {
        Seen::Badly(troubles) => TEST
            .failed(
                format!("On {when} it was answered, but Twilio did not get what it asked us for: {}.", troubles.join("; ")),
                "Read the server's log for that time; a proxy in between may have answered in our place.",
            )
            .codes(codes),
        Seen::Slowly(millis) => TEST.warning(
            format!("On {when} it was answered; a webhook took {millis} ms, which a caller notices."),
            "Look at the load of the server and its database.",
        ),
        Seen::Well(webhooks) => TEST.ok(format!(
            "On {when} it was answered; Twilio got a good answer to each of its {}.",
            counted(webhooks, "question", "questions")
        )),
        Seen::NotYet => TEST.ok(format!(
            "On {when} it was answered. Twilio lists its questions some minutes later."
        )),
    }
}

fn legs_in_words(call: &Call) -> String {
    let legs: Vec<String> = call
        .legs
        .iter()
        .map(|leg| format!("{}: {}", whose(leg.role), leg.status.as_str()))
        .collect();
    if legs.is_empty() {
        "nobody's phone or browser joined it".to_owned()
    } else {
        legs.join(", ")
    }
}

fn whose(role: LegRole) -> &'static str {
    match role {
        LegRole::Customer => "the phone that was called",
        LegRole::Agent => "the agent",
        LegRole::Supervisor => "a supervisor",
        LegRole::External => "another phone",
    }
}

/// How Twilio saw our answers during a call.
enum Seen {
    Well(u64),
    Slowly(u32),
    Badly(Vec<String>),
    NotYet,
}

async fn seen_by_twilio(case: &Case<'_>, call: &Call) -> Seen {
    let Some(account) = &case.account else {
        return Seen::NotYet;
    };
    let (mut troubles, mut slowest, mut count) = (Vec::new(), 0, 0_u64);
    for sid in call.legs.iter().filter_map(|leg| leg.sid.as_deref()) {
        let asked = rest_call::events(&account.account_sid, sid);
        let Ok(page) = case.app.carrier.try_once(account, &asked).await else {
            continue;
        };
        for event in page.items {
            count += 1;
            slowest = slowest.max(event.response.request_duration.unwrap_or(0));
            let path = event
                .request
                .url
                .as_deref()
                .map(path_of)
                .unwrap_or_default();
            match event.response.response_code {
                Some(code) if code < 400 => {}
                Some(code) => troubles.push(format!("{path} was answered {code}")),
                None => troubles.push(format!("{path} was not answered")),
            }
        }
    }
    troubles.truncate(5);
    match (troubles.is_empty(), count) {
        (_, 0) => Seen::NotYet,
        (false, _) => Seen::Badly(troubles),
        (true, _) if slowest > SLOW => Seen::Slowly(slowest),
        (true, _) => Seen::Well(count),
    }
}

/// The path alone: a query names calls.
fn path_of(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| "an address".to_owned(), |url| url.path().to_owned())
}

async fn failed(case: &Case<'_>) -> Check {
    let filter = CallFilter {
        status: vec![LegStatus::Failed],
        from: Some(case.now - DAY),
        ..CallFilter::default()
    };
    let page = Page {
        limit: LOOKED_INTO,
        cursor: None,
    };
    let read = case.app.db.read(&case.org, async |tx: &mut Tx| {
        let found = calls::list(tx, &filter, &page).await?.items;
        let mut codes: BTreeMap<u32, u64> = BTreeMap::new();
        for summary in &found {
            let call = calls::load(tx, &summary.id).await?.call;
            for code in call.legs.iter().filter_map(|leg| leg.error_code) {
                *codes.entry(code).or_default() += 1;
            }
        }
        Ok::<_, Error>((found.len() as u64, codes))
    });
    let Ok((count, codes)) = read.await else {
        return FAILED.skipped("The database could not be asked.");
    };
    if count == 0 {
        return FAILED.ok("No call of the last day failed.");
    }
    let more = if count == u64::from(LOOKED_INTO) {
        " or more"
    } else {
        ""
    };
    FAILED
        .warning(
            format!(
                "{}{more} of the last day failed.",
                counted(count, "call", "calls")
            ),
            if codes.is_empty() {
                "Twilio gave no code; each call's page shows its legs."
            } else {
                "Read what the codes mean, and what helps."
            },
        )
        .codes(codes.into_keys())
        .opens("/calls?status=failed")
}

async fn recordings(case: &Case<'_>) -> Check {
    let (since, before) = (case.now - DAY * 2, case.now - RECORDING_COMES);
    let read = case.app.db.read(&case.org, async |tx: &mut Tx| {
        let missing = checkups::missing_recordings(tx, since, before).await?;
        Ok::<_, Error>((missing, checkups::happened(tx).await?))
    });
    let Ok(((overdue, failed), happened)) = read.await else {
        return RECORDINGS.skipped("The database could not be asked.");
    };
    if !case.organization.settings.record_calls && overdue + failed == 0 {
        return RECORDINGS.ok("Calls are not recorded: that is switched off in Settings.");
    }
    if failed > 0 {
        return RECORDINGS.failed(
            format!(
                "{} could not be fetched from Twilio.",
                counted(failed, "recording", "recordings")
            ),
            "Check credentials and storage above. Twilio keeps them: each call's page tries again.",
        );
    }
    if overdue > 0 {
        return RECORDINGS.warning(
            format!("{} been finished at Twilio for calls that ended more than ten minutes ago.", counted(overdue, "recording has not", "recordings have not")),
            "Wait, and look at Twilio's alerts: a recording callback may not reach us. It is looked for by itself, too.",
        );
    }
    if happened.recording_kept {
        RECORDINGS.ok("Every recording of the last two days is here.")
    } else {
        RECORDINGS
            .skipped("Nothing was recorded yet. A test call of more than a few seconds shows it.")
    }
}

async fn left(case: &Case<'_>) -> Check {
    let before = case.now - FOUND_BY_THEN;
    let read = case
        .app
        .db
        .read(&case.org, async |tx| checkups::left_legs(tx, before).await)
        .await;
    match read {
        Ok(0) => LEFT.ok("Every call that is over has let everybody go."),
        Ok(count) => LEFT.warning(
            format!("{} alive in calls that are over.", counted(count, "leg seems", "legs seem")),
            "This mends itself within a minute while the server runs and reaches Twilio; if it stays, check both above.",
        ),
        Err(_) => LEFT.skipped("The database could not be asked."),
    }
}

async fn alerts(case: &Case<'_>) -> Check {
    let Some(account) = &case.account else {
        return ALERTS.skipped("There is no account.");
    };
    let found = match case
        .app
        .carrier
        .try_once(account, &alert::list(case.now - DAY))
        .await
    {
        Ok(page) => page.items,
        Err(error) => return ALERTS.refused(&error),
    };
    if found.is_empty() {
        return ALERTS.ok("Twilio has nothing to complain about.");
    }
    let is_error = |alert: &&alert::Alert| alert.log_level.as_deref() == Some("error");
    let errors = found.iter().filter(is_error).count() as u64;
    let fresh = found.iter().filter(is_error).any(|alert| {
        alert
            .date_created
            .is_none_or(|at| at > case.now - TimeDelta::hours(1))
    });
    let mut codes: Vec<u32> = found.iter().filter_map(alert::Alert::code).collect();
    codes.sort_unstable();
    codes.dedup();
    let finding = format!(
        "Twilio noted {} and {} since yesterday.",
        counted(errors, "error", "errors"),
        counted(found.len() as u64 - errors, "warning", "warnings")
    );
    let cure = "Read what the codes mean. Twilio's console shows each under Monitor, Logs, Errors.";
    let check = if fresh {
        ALERTS.failed(
            format!("{finding} The newest error is less than an hour old."),
            cure,
        )
    } else {
        ALERTS.warning(finding, cure)
    };
    check.codes(codes)
}
