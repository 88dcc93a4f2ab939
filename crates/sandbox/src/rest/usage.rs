//! What an account used and what it cost, by kind and by time.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::{Value, json};

use super::ask::{Answer, Ask, ok};
use super::refusal::Refusal;
use super::{page, uri};
use crate::engine::Engine;
use crate::engine::records::Direction;
use crate::engine::regions::plain;
use crate::engine::requests::CallFilter;
use crate::seam::Time;

/// Kinds of usage, what they are called, and the units of their count and of their amount.
const CATEGORIES: &[(&str, &str, &str, &str)] = &[
    ("calls", "Voice Minutes", "calls", "minutes"),
    ("calls-inbound", "Inbound Voice Minutes", "calls", "minutes"),
    (
        "calls-outbound",
        "Outbound Voice Minutes",
        "calls",
        "minutes",
    ),
    ("calls-client", "Client Voice Minutes", "calls", "minutes"),
    ("recordings", "Recordings", "recordings", "minutes"),
    ("phonenumbers", "Phone Numbers", "numbers", "numbers"),
    ("totalprice", "Total Price", "", "usd"),
];

/// A piece of usage.
struct Use {
    category: &'static str,
    day: NaiveDate,
    amount: i64,
    price: f64,
}

#[derive(Default)]
struct Sum {
    count: i64,
    amount: i64,
    price: f64,
}

/// `GET /Usage/Records.json` and those of a span: `AllTime`, `Daily`, `Today` …
pub(super) async fn records(ask: Ask) -> Answer {
    let span = ask.names("span").unwrap_or_default().to_owned();
    let category = ask.params.filled("Category");
    if category
        .as_ref()
        .is_some_and(|wanted| !CATEGORIES.iter().any(|known| known.0 == wanted))
    {
        return Ok(ok(page::page(
            &ask,
            "usage_records",
            &[] as &[(String, Value)],
            |(name, _)| name,
            |(_, body)| body.clone(),
        )));
    }
    let below = ask.params.flag("IncludeSubaccounts") != Some(false);
    let (uses, now) = ask.engine(|engine, now, account| (gather(engine, account, now, below), now));
    let limits = limits(&ask, &span, now.date_naive())?;
    let mut sums: BTreeMap<(NaiveDate, usize), Sum> = BTreeMap::new();
    for one in uses
        .iter()
        .filter(|one| (limits.0..=limits.1).contains(&one.day))
    {
        let begin = begin(&span, one.day, limits.0);
        for (place, known) in CATEGORIES.iter().enumerate() {
            if known.0 == "totalprice"
                || one.category == known.0
                || (known.0 == "calls" && one.category.starts_with("calls-"))
            {
                // What belongs to two kinds is counted in each, and in the whole once.
                let sum = sums.entry((begin, place)).or_default();
                sum.count += 1;
                sum.amount += one.amount;
                sum.price += one.price;
            }
        }
    }
    // Where one line covers the whole span, kinds that were not used have one too.
    if !matches!(span.as_str(), "Daily" | "Monthly" | "Yearly") {
        for place in 0..CATEGORIES.len() {
            sums.entry((limits.0, place)).or_default();
        }
    }
    let lines: Vec<(String, Value)> = sums
        .into_iter()
        .rev()
        .filter(|((_, place), _)| {
            category
                .as_ref()
                .is_none_or(|wanted| CATEGORIES[*place].0 == wanted)
        })
        .map(|((begin, place), sum)| {
            let end = end(&span, begin, limits.1);
            (
                format!("{begin} {place}"),
                show(&ask, now, CATEGORIES[place], (begin, end), &sum),
            )
        })
        .collect();
    Ok(ok(page::page(
        &ask,
        "usage_records",
        &lines,
        |(name, _)| name,
        |(_, body)| body.clone(),
    )))
}

/// The first and the last day.
fn limits(ask: &Ask, span: &str, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Refusal> {
    let first_of = |day: NaiveDate| day.with_day(1).unwrap_or(day);
    let wrong = |name: &str| Refusal::invalid(20001, format!("{name} is not a date"));
    let named = |name: &str| match ask.params.filled(name) {
        Some(text) => text.parse::<NaiveDate>().map(Some).map_err(|_| wrong(name)),
        None => Ok(None),
    };
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let last_month = first_of(today)
        .checked_sub_months(Months::new(1))
        .unwrap_or(today);
    let usual = match span {
        "Today" => (today, today),
        "Yesterday" => (yesterday, yesterday),
        "ThisMonth" => (first_of(today), today),
        "LastMonth" => (last_month, first_of(today).pred_opt().unwrap_or(today)),
        _ => (
            first_of(today)
                .checked_sub_months(Months::new(12))
                .unwrap_or(today),
            today,
        ),
    };
    Ok((
        named("StartDate")?.unwrap_or(usual.0),
        named("EndDate")?.unwrap_or(usual.1),
    ))
}

/// The first day of the line that a day belongs to.
fn begin(span: &str, day: NaiveDate, first: NaiveDate) -> NaiveDate {
    match span {
        "Daily" => day,
        "Monthly" => day.with_day(1).unwrap_or(day),
        "Yearly" => NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day),
        _ => first,
    }
}

/// The last day of a line.
fn end(span: &str, begin: NaiveDate, last: NaiveDate) -> NaiveDate {
    let next = match span {
        "Daily" => return begin,
        "Monthly" => begin.checked_add_months(Months::new(1)),
        "Yearly" => begin.checked_add_months(Months::new(12)),
        _ => return last,
    };
    next.and_then(|next| next.pred_opt())
        .unwrap_or(last)
        .min(last)
}

fn gather(engine: &Engine, account: &str, now: Time, below: bool) -> Vec<Use> {
    let family = engine
        .family(account)
        .into_iter()
        .filter(|one| below || one.sid == account);
    let mut uses = Vec::new();
    for account in family {
        for call in engine.calls(&account.sid, &CallFilter::default()) {
            let category = match call.direction {
                _ if call.to.starts_with("client:") || call.from.starts_with("client:") => {
                    "calls-client"
                }
                Direction::Inbound => "calls-inbound",
                Direction::OutboundApi | Direction::OutboundDial => "calls-outbound",
            };
            let price = call
                .price
                .as_ref()
                .and_then(|price| price.parse::<f64>().ok())
                .unwrap_or(0.0);
            let amount = (call.duration().unwrap_or(0) + 59) / 60;
            uses.push(Use {
                category,
                day: call.date_created.date_naive(),
                amount,
                price: -price,
            });
        }
        for recording in engine.recordings(&account.sid, None) {
            let amount = (recording.duration.unwrap_or(0) + 59) / 60;
            let minutes = f64::from(i32::try_from(amount).unwrap_or(0));
            uses.push(Use {
                category: "recordings",
                day: recording.date_created.date_naive(),
                amount,
                price: minutes * 0.0025,
            });
        }
        for number in account.numbers.values() {
            let day = number.date_created.min(now).date_naive();
            uses.push(Use {
                category: "phonenumbers",
                day,
                amount: 1,
                price: 1.15,
            });
        }
    }
    uses
}

fn show(
    ask: &Ask,
    now: Time,
    kind: (&str, &str, &str, &str),
    (begin, end): (NaiveDate, NaiveDate),
    sum: &Sum,
) -> Value {
    let path = format!("/2010-04-01/Accounts/{}/Usage/Records", plain(&ask.account));
    let below: serde_json::Map<String, Value> = [
        "AllTime",
        "Daily",
        "LastMonth",
        "Monthly",
        "ThisMonth",
        "Today",
        "Yearly",
        "Yesterday",
    ]
    .into_iter()
    .map(|span| {
        (
            span.to_owned(),
            format!("{path}/{span}.json?Category={}", kind.0).into(),
        )
    })
    .collect();
    json!({
        "account_sid": ask.account,
        "api_version": "2010-04-01",
        "as_of": now.format("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
        "category": kind.0,
        "description": kind.1,
        "count": sum.count.to_string(),
        "count_unit": kind.2,
        "usage": if kind.0 == "totalprice" { format!("{:.5}", sum.price) } else { sum.amount.to_string() },
        "usage_unit": kind.3,
        "price": format!("{:.5}", sum.price),
        "price_unit": "usd",
        "start_date": begin.to_string(),
        "end_date": end.to_string(),
        "subresource_uris": below,
        "uri": format!("{}?Category={}", uri(&ask.account, "Usage/Records"), kind.0),
    })
}
