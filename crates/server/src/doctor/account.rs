//! The account at the carrier: whether it lets us in, may call, has credit; its pace, and whether the clocks agree.

use chrono::{DateTime, TimeDelta, Utc};
use offhook_twilio::rest::{account, call};

use super::case::{Case, LONG_PATIENCE, PATIENCE, within};
use super::report::{Check, Group, Item, Repair};
use crate::carrier::verify::{self, Verdict};

const fn item(id: &'static str, title: &'static str, seeds: &'static [&'static str]) -> Item {
    Item {
        id,
        group: Group::Carrier,
        title,
        seeds,
    }
}

const CREDENTIALS: Item = item(
    "carrier.credentials",
    "Account SID and auth token",
    &["000", "001", "003", "004"],
);
const CREDIT: Item = item("carrier.credit", "Credit", &["003", "004"]);
const PACE: Item = item("carrier.pace", "Calls per second", &["003"]);
const CLOCK: Item = item("carrier.clock", "Clock", &["000", "002"]);

/// What the account's own test tries, by its names.
const TESTED: [Item; 6] = [
    CREDENTIALS,
    item("carrier.account", "State of the account", &["000", "003"]),
    item("carrier.voice", "Voice", &["000"]),
    item(
        "carrier.api_key",
        "API key of the softphones",
        &["000", "002", "003"],
    ),
    item("carrier.numbers", "Numbers in the account", &["000", "003"]),
    item("carrier.region", "Region", &["003", "004"]),
];

pub(super) async fn checks(case: &Case<'_>) -> Vec<Check> {
    let Some(tested) = &case.account else {
        return vec![absent(case)];
    };
    let testing = tokio::time::timeout(LONG_PATIENCE, verify::run(case.app, tested));
    let (verdict, credit, pace, clock) = tokio::join!(
        testing,
        within(PATIENCE, CREDIT, credit(case)),
        within(PATIENCE, PACE, pace(case)),
        within(PATIENCE, CLOCK, clock(case)),
    );
    let Ok(verdict) = verdict else {
        return vec![CREDENTIALS.late(), clock];
    };
    let mut checks = told(&verdict);
    if lets_us_in(&verdict) {
        checks.extend([credit, pace]);
    } else {
        let closed = "Not tried: Twilio does not let us in.";
        checks.extend([CREDIT.skipped(closed), PACE.skipped(closed)]);
    }
    checks.push(clock);
    checks
}

fn absent(case: &Case<'_>) -> Check {
    if case.row.is_some() {
        return CREDENTIALS.skipped("The stored secrets do not open; see the encryption key.");
    }
    CREDENTIALS
        .failed(
            "No carrier account is connected: nobody can call or be called.",
            "Enter Account SID and auth token from the first page of Twilio's console in Settings, Carrier.",
        )
        .opens("/settings")
}

fn lets_us_in(verdict: &Verdict) -> bool {
    let shut = |check: &&verify::Check| check.name == "credentials" && !check.ok;
    !verdict.checks.iter().any(|check| shut(&check))
}

/// The account's own test in the doctor's words.
fn told(verdict: &Verdict) -> Vec<Check> {
    let one = |check: &verify::Check| {
        let known = TESTED
            .iter()
            .find(|item| item.id.strip_prefix("carrier.") == Some(&check.name));
        let item = *known?;
        let told = match (&check.cure, check.ok) {
            (_, false) => item.failed(
                &check.detail,
                check.cure.as_deref().unwrap_or("See Settings, Carrier."),
            ),
            (Some(cure), true) => item.warning(&check.detail, cure),
            (None, true) => item.ok(&check.detail),
        };
        let repair = (!check.ok).then(|| Repair {
            action: "open".to_owned(),
            target: "/settings".to_owned(),
        });
        Some(Check { repair, ..told })
    };
    verdict.checks.iter().filter_map(one).collect()
}

/// Below this, in whatever currency, it is time to pay.
const LITTLE: f64 = 5.0;

async fn credit(case: &Case<'_>) -> Check {
    let Some(tested) = &case.account else {
        return CREDIT.skipped("There is no account.");
    };
    let asked = account::balance(&tested.account_sid);
    let left = match case.app.carrier.try_once(tested, &asked).await {
        Ok(left) => left,
        // A subaccount has no money of its own.
        Err(error) if error.is_gone() || error.code() == Some(20403) => {
            return CREDIT.skipped(
                "Twilio tells the credit of a parent account only; this is a subaccount.",
            );
        }
        Err(error) => return CREDIT.refused(&error),
    };
    judge_credit(&left.balance, &left.currency)
}

fn judge_credit(balance: &str, currency: &str) -> Check {
    let cure = "Add credit in Twilio's console, Billing; auto recharge keeps it filled.";
    let Ok(amount) = balance.trim().parse::<f64>() else {
        return CREDIT.skipped("Twilio's answer names no amount.");
    };
    let shown = format!("{amount:.2} {currency}");
    if amount <= 0.0 {
        CREDIT.failed(
            format!("There is no credit left ({shown}): Twilio stops calls."),
            cure,
        )
    } else if amount < LITTLE {
        CREDIT.warning(format!("Only {shown} is left."), cure)
    } else {
        CREDIT.ok(format!("{shown} is left."))
    }
}

/// Twilio tells nobody an account's pace; what calls waited for it, it does.
const WAITED_TOO_LONG: u32 = 3_000;

async fn pace(case: &Case<'_>) -> Check {
    let Some(tested) = &case.account else {
        return PACE.skipped("There is no account.");
    };
    let filter = call::Filter {
        started_after: Some(case.now - TimeDelta::days(1)),
        page_size: Some(100),
        ..call::Filter::default()
    };
    let asked = call::list(&tested.account_sid, &filter);
    match case.app.carrier.try_once(tested, &asked).await {
        Ok(page) => judge_pace(page.items.iter().filter_map(|call| call.queue_time).max()),
        Err(error) => PACE.refused(&error),
    }
}

fn judge_pace(longest: Option<u32>) -> Check {
    let seconds = |millis: u32| f64::from(millis) / 1000.0;
    match longest {
        None => PACE.ok(
            "Twilio starts one call a second unless it was raised for the account. No call of the last day had to wait.",
        ),
        Some(millis) if millis > WAITED_TOO_LONG => PACE.warning(
            format!(
                "A call of the last day waited {:.1} s at Twilio before it was dialled: more calls are started than the account may in a second.",
                seconds(millis)
            ),
            "Have the calls per second raised in Twilio's console (Voice, Settings; needs an approved business profile), or call with mode direct, which does not wait.",
        ),
        Some(millis) => PACE.ok(format!(
            "No call of the last day waited longer than {:.1} s at Twilio.",
            seconds(millis)
        )),
    }
}

/// Tokens of softphones are refused when the clocks disagree by minutes.
const CLOCK_WARNS: TimeDelta = TimeDelta::seconds(30);
const CLOCK_FAILS: TimeDelta = TimeDelta::minutes(2);

async fn clock(case: &Case<'_>) -> Check {
    let Some(tested) = &case.account else {
        return CLOCK.skipped("There is no account.");
    };
    match case.app.carrier.clock_of(tested).await {
        Some(theirs) => judge_clock(case.app.clock.now(), theirs),
        None => CLOCK.skipped("Twilio did not tell the time."),
    }
}

fn judge_clock(ours: DateTime<Utc>, theirs: DateTime<Utc>) -> Check {
    let apart = (ours - theirs).abs();
    let side = if ours > theirs { "fast" } else { "slow" };
    let finding = format!("This server's clock is {} s {side}.", apart.num_seconds());
    let cure = "Let the machine take its time from the network (NTP).";
    if apart > CLOCK_FAILS {
        CLOCK.failed(
            format!("{finding} Twilio refuses the softphones' tokens."),
            cure,
        )
    } else if apart > CLOCK_WARNS {
        CLOCK.warning(finding, cure)
    } else {
        CLOCK.ok("This server and Twilio have the same time.")
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::State;
    use super::*;

    #[test]
    fn no_credit_fails_little_warns_and_enough_is_well() {
        for (balance, state) in [
            ("-0.5", State::Failed),
            ("0.0000", State::Failed),
            ("4.99", State::Warning),
            ("100.0000", State::Ok),
            ("much", State::Skipped),
        ] {
            assert_eq!(judge_credit(balance, "USD").state, state, "{balance}");
        }
    }

    #[test]
    fn a_clock_that_is_minutes_off_fails_either_way() {
        let noon: DateTime<Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
        for (seconds, state) in [
            (0, State::Ok),
            (30, State::Ok),
            (31, State::Warning),
            (-120, State::Warning),
            (121, State::Failed),
            (-9000, State::Failed),
        ] {
            let theirs = noon + TimeDelta::seconds(seconds);
            assert_eq!(judge_clock(noon, theirs).state, state, "{seconds}");
        }
    }

    #[test]
    fn calls_that_waited_long_say_that_the_pace_is_too_slow() {
        assert_eq!(judge_pace(None).state, State::Ok);
        assert_eq!(judge_pace(Some(3_000)).state, State::Ok);
        assert_eq!(judge_pace(Some(12_000)).state, State::Warning);
    }
}
